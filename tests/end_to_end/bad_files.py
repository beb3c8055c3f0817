"""Makes files that are broken in one way each."""
import struct
import zipfile

import numpy


def read_wav(path):
    """Samples of a 16-bit mono file, and its rate in Hz."""
    data = path.read_bytes()
    assert data[:4] == b"RIFF" and data[36:40] == b"data", "not the plain header of the demo"
    return numpy.frombuffer(data[44:], dtype="<i2"), struct.unpack("<I", data[24:28])[0]


def write_wav(path, samples, rate_hz, n_channels=1, format_tag=1):
    """samples: any array of numbers; interleaved when there are several channels."""
    data = samples.tobytes()
    width = samples.dtype.itemsize
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16,
                       format_tag, n_channels, rate_hz, rate_hz * n_channels * width,
                       n_channels * width, 8 * width, b"data", len(data))
    path.write_bytes(head + data)


def wav_truncated(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def wav_header_only(path):
    path.write_bytes(path.read_bytes()[:30])


def wav_rate_zero(path):
    samples, _ = read_wav(path)
    write_wav(path, samples, 0)


def wav_nan(path):
    samples, rate_hz = read_wav(path)
    values = (samples / 32768).astype("<f4")
    values[len(values) // 2:] = numpy.nan
    write_wav(path, values, rate_hz, format_tag=3)


def wav_silent(path):
    samples, rate_hz = read_wav(path)
    write_wav(path, numpy.zeros_like(samples), rate_hz)


def wav_8_channels(path):
    samples, rate_hz = read_wav(path)
    channels = numpy.zeros((len(samples), 8), dtype="<i2")
    channels[:, 0] = samples
    channels[:, 5] = samples // 2
    write_wav(path, channels, rate_hz, n_channels=8)


def wav_192_khz(path):
    samples, rate_hz = read_wav(path)
    times = numpy.arange(int(len(samples) * 192000 / rate_hz)) * (rate_hz / 192000)
    write_wav(path, numpy.interp(times, numpy.arange(len(samples)), samples).astype("<i2"), 192000)


def replace(old, new, count=1):
    """A function that replaces bytes in a file, and fails where there are none."""
    def change(path):
        content = path.read_bytes()
        assert old in content, f"{path}: no {old!r}"
        path.write_bytes(content.replace(old, new, count))
    return change


def write(content):
    return lambda path: path.write_bytes(content)


def xml_deep(path):
    path.write_bytes(b"<?xml version='1.0'?>\n" + b"<a>" * 100_000 + b"</a>" * 100_000)


def xml_laughs(depth):
    """Entities of which the last would grow to 10^depth copies of the first."""
    def change(path):
        entities = ['<!ENTITY a0 "ha">']
        for i in range(1, depth):
            entities.append(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">')
        path.write_text("<?xml version='1.0'?>\n<!DOCTYPE score-partwise [\n" +
                        "\n".join(entities) + f"\n]>\n<score-partwise><part>&a{depth - 1};</part>"
                        "</score-partwise>\n")
    return change


def xml_external(path):
    """The entity names a file with text that must not turn up anywhere."""
    secret = path.with_name("secret.dat")
    secret.write_text("GEHEIM")
    content = path.read_text(encoding="utf-8")
    head, body = content.split("<score-partwise", 1)
    head = head.split("<!DOCTYPE")[0]
    doctype = f'<!DOCTYPE score-partwise [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n'
    assert "<text>Es</text>" in body
    path.write_text(head + doctype + "<score-partwise" +
                    body.replace("<text>Es</text>", "<text>&x;</text>", 1), encoding="utf-8")


def mxl(path, broken=False):
    """Packs path (.xml) as .mxl beside it and removes path."""
    target = path.with_suffix(".mxl")
    container = ('<?xml version="1.0"?><container><rootfiles><rootfile full-path="score.xml"/>'
                 "</rootfiles></container>")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.write(path, "score.xml")
    if broken:
        content = bytearray(target.read_bytes())
        middle = len(content) // 2
        content[middle:middle + 100] = b"\xff" * 100
        target.write_bytes(content)
    path.unlink()
    return target

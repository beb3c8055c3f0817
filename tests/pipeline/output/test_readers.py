#!/usr/bin/python3
"""Reads the written formats with programs and modules that others made.

Usage: test_readers.py WRITE_ALL FORMAT     (exit status 77: the reader is not installed)
"""
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent


def skip(what):
    print(f"skipped: {what} is not installed")
    sys.exit(77)


def need_program(name):
    return shutil.which(name) or skip(name)


def close(got, want, tolerance):
    assert abs(got - want) <= tolerance, (got, want, tolerance)


def clean(text):
    """Control characters and line separators become blanks in every format."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)


def look_alike(text, pairs):
    for old, new in pairs:
        text = text.replace(old, new)
    return text


class Expected:
    def __init__(self, path):
        fields = iter(path.read_bytes().decode("utf-8").split("\0"))
        n_lines, n_words, n_syllables = (int(next(fields)) for _ in range(3))
        self.duration = float(next(fields))
        self.lines = [clean(next(fields)) for _ in range(n_lines)]
        self.words = []
        for _ in range(n_words):
            text = clean(next(fields))
            line, start, end, confidence, n = (float(next(fields)) for _ in range(5))
            self.words.append((text, int(line), start, end, confidence, int(n)))
        self.syllables = [clean(next(fields)) for _ in range(n_syllables)]

    def line_span(self, line):
        words = [w for w in self.words if w[1] == line]
        return words[0][2], min(words[-1][3], self.duration)


def check_tier(spans, duration, tick):
    """Intervals in order, none empty, none overlapping, all in the recording."""
    reached = 0
    for start, end in spans:
        assert start >= reached - tick * 1e-6, (start, reached)
        assert end > start, (start, end)
        reached = end
    assert reached <= duration + tick


def check_words(spans, expected, tick):
    """Moved off the nearest tick only where words would collide."""
    check_tier(spans, expected.duration, tick)
    assert len(spans) == len(expected.words)
    for (start, _), word in zip(spans, expected.words):
        close(start, word[2], 8 * tick)
    for k in (0, 1, 2, 3, 9, 10, 11, 12, 13):
        close(spans[k][0], expected.words[k][2], 0.5001 * tick)


def read_csv(folder, expected):
    data = (folder / "tricky.csv").read_bytes()
    assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\n")
    rows = list(csv.reader(data.decode("utf-8").split("\n")[:-1], delimiter=";", strict=True))
    assert rows[0] == ["start", "end", "word", "line", "confidence"], rows[0]
    assert len(rows) == 1 + len(expected.words)
    for row, (text, line, _, _, confidence, _) in zip(rows[1:], expected.words):
        assert row[2] == text and int(row[3]) == line + 1, row
        assert re.fullmatch(r"\d+\.\d{4}", row[0]) and re.fullmatch(r"[01]\.\d{3}", row[4]), row
        close(float(row[4]), min(confidence, 0.999), 0.0005001)
    check_words([(float(r[0]), float(r[1])) for r in rows[1:]], expected, 1e-4)
    sung = (folder / "sung.csv").read_text("utf-8").split("\n")[:-1]
    sung = list(csv.reader(sung, delimiter=";", strict=True))
    assert [row[:5] for row in sung] == rows and sung[0][5:] == ["sounding_start"]
    assert all(0 <= float(row[5]) <= float(row[0]) for row in sung[1:])


def check_phones(labels, spans, expected, tick):
    """Two to each word, both from its start on."""
    assert labels == ["a", "t^"] * len(expected.words)
    check_tier(spans, expected.duration, tick)
    for k in (0, 1, 2, 10, 12, 13):
        close(spans[2 * k][0], expected.words[k][2], 2 * tick)


def read_json(folder, expected):
    document = json.loads((folder / "tricky.json").read_text("utf-8"))
    assert [line["text"] for line in document["lines"]] == expected.lines
    words = [w for line in document["lines"] for w in line["words"]]
    assert [w["text"] for w in words] == [w[0] for w in expected.words]
    assert [len(w["syllables"]) for w in words] == [w[5] for w in expected.words]
    syllables = [s for w in words for s in w["syllables"]]
    assert [s["text"] for s in syllables] == expected.syllables
    check_words([(w["start_s"], w["end_s"]) for w in words], expected, 1e-4)
    check_tier([(s["start_s"], s["end_s"]) for s in syllables], expected.duration, 1e-4)
    for parents, part in ((document["lines"], "words"), (words, "syllables")):
        for parent in parents:
            assert parent["start_s"] == parent[part][0]["start_s"]
            assert parent["end_s"] == parent[part][-1]["end_s"]
    assert document["audio_file"] == "Werk 1 ü#.wav", "no folders in results"
    assert document["lines"][2]["words"][0]["syllables"][0]["onset_q"] is None
    assert document["lines"][0]["words"][1]["syllables"][0]["onset_q"] == 0.333333
    sung = json.loads((folder / "sung.json").read_text("utf-8"))
    phones = []
    for word in (w for line in sung["lines"] for w in line["words"]):
        phones += word.pop("phones")
        assert 0 <= word.pop("sounding_start_s") <= word["start_s"]
    check_phones([p["phone"] for p in phones], [(p["start_s"], p["end_s"]) for p in phones],
                 expected, 1e-4)
    assert sung == document, "the rest stays as it is"


def intervals_of(praat, path):
    """(tier, name, xmin, xmax, label) of each interval, as Praat reads the file."""
    run = subprocess.run([praat, "--utf8", "--run", str(HERE / "print_textgrid.praat"), str(path)],
                         capture_output=True, check=True)
    return [line.split("\t") for line in run.stdout.decode("utf-8").split("\n") if line]


def read_textgrid(folder, expected):
    praat = need_program("praat")
    sung = intervals_of(praat, folder / "sung.TextGrid")
    phones = [r for r in sung if r[0] == "4" and r[1] == "phones" and r[4] != ""]
    check_phones([r[4] for r in phones], [(float(r[2]), float(r[3])) for r in phones], expected,
                 1e-4)
    rows = intervals_of(praat, folder / "tricky.TextGrid")
    assert [r for r in sung if r[0] != "4"] == rows
    for tier, name, labels in (("1", "lines", expected.lines),
                               ("2", "words", [w[0] for w in expected.words]),
                               ("3", "syllables", expected.syllables)):
        intervals = [r for r in rows if r[0] == tier]
        assert intervals and all(r[1] == name and len(r) == 5 for r in intervals), intervals
        assert [r[4] for r in intervals if r[4] != ""] == labels, name
        spans = [(float(r[2]), float(r[3])) for r in intervals]
        assert spans[0][0] == 0
        close(spans[-1][1], expected.duration, 1e-9)
        for left, right in zip(spans, spans[1:]):
            assert left[1] == right[0], "intervals of a tier touch"
        check_tier(spans, expected.duration, 1e-4)
        if name == "words":
            check_words([s for s, r in zip(spans, intervals) if r[4] != ""], expected, 1e-4)


def read_lrc(folder, expected):
    lines = (folder / "tricky.lrc").read_text("utf-8").splitlines()
    lyrics = [line for line in lines if re.match(r"\[\d", line)]
    assert len(lyrics) == len(expected.lines)
    time = r"(\d{2,}):(\d{2}\.\d{2})"
    spans = []
    for number, line in enumerate(lyrics):
        head = re.match(rf"\[{time}\]", line)
        pieces = re.split(rf"<{time}>", line[head.end():])
        assert pieces[0] == "" and pieces[-1] == ""
        times = [60 * int(m) + float(s) for m, s in zip(pieces[1::3], pieces[2::3])]
        texts = [t[:-1] for t in pieces[3::3][:-1]]
        want = [look_alike(w[0], ["<‹", ">›", "[(", "])"]) for w in expected.words
                if w[1] == number]
        assert texts == want, (texts, want)
        assert times[0] == 60 * int(head[1]) + float(head[2])
        assert all(a < b for a, b in zip(times, times[1:])), times
        spans += list(zip(times, times[1:]))
    check_words(spans, expected, 1e-2)
    assert max(int(re.match(rf"\[{time}", line)[1]) for line in lyrics) >= 100
    if shutil.which("ffprobe"):
        # ffmpeg's reader takes two digits of minutes at most in some versions: it only has to
        # open the file and see lines.
        assert len(subtitle_packets(folder / "tricky.lrc")) >= 3


def subtitle_packets(path):
    run = subprocess.run(["ffprobe", "-v", "error", "-show_packets", "-of", "json", str(path)],
                         capture_output=True, check=True)
    assert run.stderr == b"", run.stderr
    return json.loads(run.stdout)["packets"]


def check_cue_times(spans, expected):
    assert len(spans) == len(expected.lines)
    check_tier(spans, expected.duration, 1e-3)
    for number, (start, end) in enumerate(spans):
        close(start, expected.line_span(number)[0], 1.001e-3)
        close(end, expected.line_span(number)[1], 1.001e-3)


def check_ffprobe(path, expected):
    if shutil.which("ffprobe"):
        packets = subtitle_packets(path)
        check_cue_times([(float(p["pts_time"]), float(p["pts_time"]) + float(p["duration_time"]))
                         for p in packets], expected)


def seconds(time):
    """Of "01:02:03.456". Not by the module itself, which gives whole seconds in some versions."""
    hours, minutes, rest = time.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def read_webvtt(folder, expected):
    try:
        import webvtt
    except ImportError:
        skip("python3-webvtt")
    path = folder / "tricky.vtt"
    captions = webvtt.read(str(path)).captions
    cues = [(seconds(c.start), seconds(c.end)) for c in captions]
    check_cue_times(cues, expected)
    spans = []
    for number, caption in enumerate(captions):
        raw = caption.raw_text
        assert "-->" not in raw and "\n" not in raw
        pieces = re.split(r"<(\d{2,}):(\d{2}):(\d{2}\.\d{3})>", raw)
        assert not any("<" in t or ">" in t for t in pieces[0::4]), raw
        times = [seconds(":".join(time)) for time in zip(pieces[1::4], pieces[2::4], pieces[3::4])]
        texts = [look_alike(t, [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")])
                 for t in pieces[0::4]]
        texts = [t[:-1] if i + 1 < len(texts) else t for i, t in enumerate(texts)]
        want = [w[0] for w in expected.words if w[1] == number]
        assert [t.strip() for t in texts] == [t.strip() for t in want], (texts, want)
        edges = [cues[number][0], *times, cues[number][1]]
        assert all(a < b for a, b in zip(edges, edges[1:])), edges
        spans += list(zip(edges, edges[1:]))
    check_words(spans, expected, 1e-3)
    check_ffprobe(path, expected)


def read_srt(folder, expected):
    try:
        import pysrt
    except ImportError:
        skip("python3-pysrt")
    path = folder / "tricky.srt"
    # Not pysrt.open: version 1.0.1 opens files in a mode that Python 3.11 no longer has.
    items = pysrt.from_string(path.read_text("utf-8"), error_handling=pysrt.ERROR_RAISE)
    assert [i.index for i in items] == list(range(1, len(expected.lines) + 1))
    want = [look_alike(t, ["<‹", ">›", "{(", "})"]) for t in expected.lines]
    assert [i.text.strip() for i in items] == [t.strip() for t in want], [i.text for i in items]
    check_cue_times([(i.start.ordinal / 1000, i.end.ordinal / 1000) for i in items], expected)
    check_ffprobe(path, expected)


def read_audacity(folder, expected):
    text = (folder / "tricky.txt").read_text("utf-8")
    rows = [line.split("\t") for line in text.split("\n")[:-1]]
    assert all(len(r) == 3 for r in rows)
    assert [r[2] for r in rows] == [w[0] for w in expected.words]
    check_words([(float(r[0]), float(r[1])) for r in rows], expected, 1e-4)


def read_elan(folder, expected):
    tiers, _ = read_eaf(folder / "sung.eaf", expected)
    assert list(tiers) == ["Lines", "Words", "Syllables", "Phones"]
    check_phones(tiers["Phones"][1], tiers["Phones"][0], expected, 1e-3)
    tiers, root = read_eaf(folder / "tricky.eaf", expected)
    assert list(tiers) == ["Lines", "Words", "Syllables"]
    assert tiers["Lines"][1] == expected.lines
    assert tiers["Words"][1] == [w[0] for w in expected.words]
    assert tiers["Syllables"][1] == expected.syllables
    check_words(tiers["Words"][0], expected, 1e-3)
    media = root.find("HEADER/MEDIA_DESCRIPTOR")
    assert media.get("RELATIVE_MEDIA_URL") == "./Werk%201%20%C3%BC%23.wav"
    assert media.get("MIME_TYPE") == "audio/x-wav"


def read_eaf(path, expected):
    """{tier: (spans, labels)} and the document."""
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", "--nonet", "--relaxng", str(HERE / "eaf.rng"),
                        str(path)], check=True)
    root = ET.parse(path).getroot()
    slots = {s.get("TIME_SLOT_ID"): int(s.get("TIME_VALUE")) for s in root.iter("TIME_SLOT")}
    assert list(slots.values()) == sorted(slots.values()), "time slots are in order"
    assert len(slots) == len(list(root.iter("TIME_SLOT"))), "their names differ"
    types = {t.get("LINGUISTIC_TYPE_ID"): t for t in root.iter("LINGUISTIC_TYPE")}
    stereotypes = {c.get("STEREOTYPE") for c in root.iter("CONSTRAINT")}
    tiers = {}
    for tier in root.iter("TIER"):
        annotations = list(tier.iter("ALIGNABLE_ANNOTATION"))
        spans = [(slots[a.get("TIME_SLOT_REF1")] / 1000, slots[a.get("TIME_SLOT_REF2")] / 1000)
                 for a in annotations]
        check_tier(spans, expected.duration, 1e-3)
        kind = types[tier.get("LINGUISTIC_TYPE_REF")]
        parent = tier.get("PARENT_REF")
        assert (parent is None) == (kind.get("CONSTRAINTS") is None)
        if parent is not None:
            assert kind.get("CONSTRAINTS") in stereotypes
            for start, end in spans:
                inside = [s for s in tiers[parent][0] if s[0] <= start and end <= s[1]]
                assert len(inside) == 1, "an annotation lies in one of its parent tier"
        tiers[tier.get("TIER_ID")] = (spans, [a.findtext("ANNOTATION_VALUE") for a in annotations])
    return tiers, root


READERS = {"csv": read_csv, "json": read_json, "textgrid": read_textgrid, "lrc": read_lrc,
           "webvtt": read_webvtt, "srt": read_srt, "audacity": read_audacity, "elan": read_elan}


def main():
    write_all, name = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix="readers-") as folder:
        first, second = pathlib.Path(folder, "1"), pathlib.Path(folder, "2")
        for target in (first, second):
            target.mkdir()
            subprocess.run([write_all, str(target)], check=True)
        for path in first.iterdir():
            assert path.read_bytes() == (second / path.name).read_bytes(), f"{path.name} differs"
        READERS[name](first, Expected(first / "expected.bin"))
    print(f"{name}: read back by an independent reader")


main()

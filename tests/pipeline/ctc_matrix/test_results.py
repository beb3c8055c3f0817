"""Word times from posteriorgrams, against a Viterbi and a forward-backward of its own.

Usage: test_results.py SILBE_ALIGN
"""

import json
import math
import os
import random
import struct

from common import check, enter, finish, read_csv, run, write, write_npy, write_vocab

TOKENS = ["<pad>", "<s>", "</s>", "<unk>", "|"] + list("abcdefghijklmnopqrstuvwxyzäöüß'")
TEXT = "Fremd bin ich eingezogen,\nfremd zieh' ich wieder aus.\n\nDer Mai war mir gewogen\n"
HOP = 0.02
NEVER = -math.inf


def labels_of(text):
    """Symbols with boundaries, and for each word its first and last label."""
    labels, words = [], []
    for word in text.lower().replace(",", "").replace(".", "").split():
        if labels:
            labels.append(TOKENS.index("|"))
        words.append((len(labels), len(labels) + len(word) - 1))
        labels += [TOKENS.index(c) for c in word]
    return labels, words


def log_softmax(row):
    top = max(row)
    total = top + math.log(sum(math.exp(x - top) for x in row))
    return [x - total for x in row]


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def sources(labels, s):
    """States from which state s (2 j + 1: label j; even: blank) can be entered or stayed in."""
    yield s
    if s >= 1:
        yield s - 1
    if s % 2 == 1 and s >= 3 and labels[s // 2] != labels[s // 2 - 1]:
        yield s - 2


def viterbi(logp, labels):
    """Graves et al. 2006, section 4.1: (score, state of each frame); ties to the highest state."""
    n = 2 * len(labels) + 1
    symbol = [0 if s % 2 == 0 else labels[s // 2] for s in range(n)]
    v = [logp[0][symbol[s]] if s < 2 else NEVER for s in range(n)]
    back = []
    for row in logp[1:]:
        best = [max(sources(labels, s), key=lambda r: (v[r], r)) for s in range(n)]
        v = [v[best[s]] + row[symbol[s]] for s in range(n)]
        back.append(best)
    s = max((n - 2, n - 1), key=lambda r: (v[r], r))
    score, path = v[s], [s]
    for best in reversed(back):
        path.append(best[path[-1]])
    return score, path[::-1]


def add(*values):
    top = max(values)
    return top if top == NEVER else top + math.log(sum(math.exp(x - top) for x in values))


def forward_backward(logp, labels):
    """ln P up to each frame, ending in each state; of what lies behind it; of everything."""
    n = 2 * len(labels) + 1
    symbol = [0 if s % 2 == 0 else labels[s // 2] for s in range(n)]
    alpha = [[logp[0][symbol[s]] if s < 2 else NEVER for s in range(n)]]
    for row in logp[1:]:
        alpha.append([add(*(alpha[-1][r] for r in sources(labels, s))) + row[symbol[s]]
                      for s in range(n)])
    beta = [[0.0 if s >= n - 2 else NEVER for s in range(n)]]
    for row in reversed(logp[1:]):
        into = [[] for _ in range(n)]
        for s in range(n):
            for r in sources(labels, s):
                into[r].append(beta[-1][s] + row[symbol[s]])
        beta.append([add(*values) for values in into])
    beta.reverse()
    return alpha, beta, add(alpha[-1][n - 1], alpha[-1][n - 2])


def onset_mass(logp, labels, sums, j, centre, radius):
    """P(label j begins within radius frames of centre)."""
    alpha, beta, total = sums
    s, mass = 2 * j + 1, 0.0
    for t in range(max(0, centre - radius), min(len(logp), centre + radius + 1)):
        before = [alpha[t - 1][r] for r in sources(labels, s) if r != s] if t > 0 else []
        before = add(*before) if t > 0 else 0.0 if s < 2 else NEVER
        mass += math.exp(before + logp[t][labels[j]] + beta[t][s] - total)
    return mass


def expected_words(logp, text, threshold=-5.0, radius=5):
    """(start, end, confidence) of each word and the path's score."""
    labels, words = labels_of(text)
    score, path = viterbi(logp, labels)
    sums = forward_backward(logp, labels)
    result = []
    for first, last in words:
        frames = [t for t, s in enumerate(path) if 2 * first + 1 <= s <= 2 * last + 1]
        own = [logp[t][labels[path[t] // 2]] for t in frames if path[t] % 2 == 1]
        mean = sum(own) / len(own)
        mass = onset_mass(logp, labels, sums, first, frames[0], radius)
        result.append((frames[0] * HOP, (frames[-1] + 1) * HOP,
                       mass / (1 + math.exp(threshold - mean))))
    return score, result


def make_logits(rng, text, strength, step=(1, 2), gap=(1, 5)):
    """Spikes of the labels in order with blanks between, in noise."""
    frames = [0] * 4
    for label in labels_of(text)[0]:
        frames += [label] * rng.randint(*step) + [0] * rng.randint(*gap)
    return [[f32(rng.gauss(0, 1) + (strength if k == f else 0)) for k in range(len(TOKENS))]
            for f in frames]


def compare(name, got, want, words):
    check(f"{name}: words", [g[2] for g in got] == words, got)
    for g, w in zip(got, want):
        check(f"{name}: {g[2]}", abs(g[0] - w[0]) < 1e-4 and abs(g[1] - w[1]) < 1e-4
              and abs(g[4] - min(w[2], 0.999)) <= 1e-3, f"{g} {w}")


PLAIN = ["--vocab", "vocab.json", "--text", "lyrics.txt", "--hop-ms", "20"]


def independent():
    """Clear and hopeless evidence alike come out as the reference says; all words are kept."""
    rng = random.Random(3)
    words = TEXT.split()
    for strength in (9, 4, 1, 0):
        logits = make_logits(rng, TEXT, strength)
        logp = [[f32(x) for x in log_softmax(row)] for row in logits]
        score, want = expected_words(logp, TEXT, threshold=-50.0)
        write_npy("x.npy", logits)
        log = run("--posteriors", "x.npy", *PLAIN, "--out", "a/x", "--verbose",
                  "--set", "posteriors.unmatched_logp=-50")
        check("score", abs(float(log.split("of the path ")[1].split()[0]) - score) < 2e-3, log)
        compare(f"strength {strength}", read_csv("a/x.csv"), want, words)
        # Lines that may be skipped at a price that is never paid: no plain chain any more.
        run("--posteriors", "x.npy", *PLAIN, "--out", "b/x", "--set",
            "posteriors.unmatched_logp=-50", "--set", "posteriors.optional_lines=true", "--set",
            "posteriors.skip_penalty=100000")
        check("no plain chain", read_csv("a/x.csv") == read_csv("b/x.csv"))


def kinds_and_exports():
    """The same model output in every form gives the same bytes; numpy.save is what people use."""
    rng = random.Random(4)
    logits = make_logits(rng, TEXT, 8)
    logp = [log_softmax(row) for row in logits]
    write_npy("x.npy", logits)
    run("--posteriors", "x.npy", *PLAIN)
    want = read_csv("work/posteriors/x.csv")
    check("default folder holds all formats", sorted(os.listdir("work/posteriors")) == [
        "x.TextGrid", "x.csv", "x.eaf", "x.json", "x.lrc", "x.srt", "x.txt", "x.vtt"])
    forms = {"logp": logp, "prob": [[math.exp(x) for x in row] for row in logp]}
    for name, rows in forms.items():
        for kind in ("<f4", "<f8"):
            write_npy("y.npy", rows, kind=kind)
            run("--posteriors", "y.npy", *PLAIN, "--out", "y")
            check(f"{name} {kind}", read_csv("y.csv") == want)
    try:
        import numpy
    except ImportError:
        print("numpy is not installed: its own files are not tried")
        return
    # logits = model(audio).logits[0]; numpy.save("x.npy", logits.detach().numpy())
    array = numpy.asarray([logits], dtype=numpy.float32)
    numpy.save("n.npy", array[0])
    numpy.save("n64.npy", array[0].astype(numpy.float64))
    for name in ("n", "n64"):
        run("--posteriors", f"{name}.npy", *PLAIN, "--out", name)
        check(name, read_csv(f"{name}.csv") == want)
    numpy.save("n3.npy", array)
    log = run("--posteriors", "n3.npy", *PLAIN, "--out", "n3", code=1)
    check("three dimensions", "n3.npy: the array has 3 dimensions" in log, log)


def vocabularies():
    """Other orders and forms of the vocabulary with the columns in the same order."""
    rng = random.Random(5)
    logits = make_logits(rng, TEXT, 8)
    write_npy("x.npy", logits)
    run("--posteriors", "x.npy", *PLAIN, "--out", "one")
    upper = [t.upper() if len(t) == 1 and t != "ß" else t for t in TOKENS]
    upper[TOKENS.index("ß")] = "\u1e9e"
    order = list(range(len(TOKENS)))
    rng.shuffle(order)
    write("list.json", json.dumps([upper[k] for k in order]))
    write_npy("z.npy", [[row[k] for k in order] for row in logits])
    run("--posteriors", "z.npy", "--vocab", "list.json", "--text", "lyrics.txt", "--hop-ms=20",
        "--out", "two")
    check("shuffled list, upper case", read_csv("one.csv") == read_csv("two.csv"))


def missing_words():
    """A verse that is not sung is reported and left out; line numbers stay those of the text."""
    rng = random.Random(6)
    write_npy("x.npy", make_logits(rng, TEXT, 9))
    write("long.txt", TEXT.replace("fremd zieh", "Niemals gesungene Verse\nfremd zieh"))
    log = run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "long.txt", "--hop-ms",
              "20", "--out", "m", "--set", "posteriors.wildcard=lines",
              "--set", "posteriors.optional_lines=true")
    run("--posteriors", "x.npy", *PLAIN, "--out", "full")
    check("reported", 'unmatched: line 2, "Niemals gesungene Verse"' in log, log)
    renumbered = [(*row[:3], row[3] + (row[3] > 1)) for row in read_csv("full.csv")]
    check("others as without", [row[:4] for row in read_csv("m.csv")] == renumbered)
    with open("m.json", encoding="utf-8") as stream:
        document = json.load(stream)
    words = [(line["line"], word) for line in document["lines"] for word in line["words"]]
    check("lines in JSON", [line["line"] for line in document["lines"]] == [1, 2, 3, 4])
    check("indices in JSON", [w["index"] for _, w in words] == list(range(1, len(words) + 1)))
    check("unmatched in JSON", [(line, w["text"], w["start_s"], w["end_s"])
                                for line, w in words if not w["matched"]]
          == [(2, text, None, None) for text in ("Niemals", "gesungene", "Verse")])
    check("matched in JSON", [w["text"] for _, w in words if w["matched"]]
          == [row[2] for row in read_csv("m.csv")])
    check("times of the line", document["lines"][1]["start_s"] is None)
    for extension in ("TextGrid", "lrc", "vtt", "srt", "txt", "eaf"):
        with open(f"m.{extension}", encoding="utf-8") as stream:
            check(f"not in {extension}", "Niemals" not in stream.read())


def anchored():
    """Noise alone is aligned somehow; with anchors, words begin where they say."""
    rng = random.Random(7)
    write_npy("noise.npy", [[rng.gauss(0, 1) for _ in TOKENS] for _ in range(400)])
    write("anchors.csv", "start;end;word;line\n2.0;2.2;ich;1\n6.5;6.7;gewogen;3\n")
    keep = ["--set", "posteriors.unmatched_logp=-100"]
    log = run("--posteriors", "noise.npy", *PLAIN, "--anchors", "anchors.csv", "--out", "c",
              "--set", "posteriors.anchor_tolerance_ms=40", "--verbose", *keep)
    check("anchors were read", "2 anchors" in log, log)
    rows = read_csv("c.csv")
    check("first anchor", abs(rows[2][0] - 2.0) <= 0.0401, rows[2])
    check("second anchor", abs(rows[13][0] - 6.5) <= 0.0401, rows[13])
    run("--posteriors", "noise.npy", *PLAIN, "--anchors", "c.csv", "--out", "d", *keep)
    run("--posteriors", "noise.npy", *PLAIN, "--out", "e", *keep)
    check("anchored by itself", abs(read_csv("d.csv")[0][0] - rows[0][0]) <= 0.5)
    check("anchors change something", read_csv("e.csv") != rows)


def folders():
    """NAME.npy with NAME.txt: in parallel, skipped when up to date, the rest goes on."""
    rng = random.Random(8)
    os.makedirs("in")
    for i in range(6):
        write_npy(f"in/lied {i}.npy", make_logits(rng, TEXT, 8))
        write(f"in/lied {i}.txt", TEXT)
    write("in/lied 2.anchors.csv", "start;end;word;line\n0.1;1;Fremd;1\n")
    base = ["--posteriors", "in", "--vocab", "vocab.json", "--hop-ms", "20"]
    for threads in ("1", "4"):
        log = run(*base, "--threads", threads, "--out", f"out{threads}")
        check("all done", "6 ok, 0 up to date, 0 failed" in log, log)
        places = [log.find(f"[{i + 1}/6] lied {i}") for i in range(6)]
        check("reported in order", -1 not in places and places == sorted(places), log)
    files = [name for name in sorted(os.listdir("out1"))
             if not name.endswith(".record.json") and not name.startswith(".")]
    check("8 files for each", len(files) == 48, files)
    for name in files:
        with open(f"out1/{name}", "rb") as one, open(f"out4/{name}", "rb") as four:
            check(f"1 and 4 threads: {name}", one.read() == four.read())
    run("--posteriors", "in/lied 0.npy", "--vocab", "vocab.json", "--text", "in/lied 0.txt",
        "--hop-ms", "20", "--out", "single/")
    with open("single/lied 0.csv", "rb") as one, open("out1/lied 0.csv", "rb") as two:
        check("alone and in a folder", one.read() == two.read())
    write("in/lied 3.txt", TEXT + "noch ein Vers\n")
    log = run(*base, "--out", "out1")
    check("one changed", "1 ok, 5 up to date, 0 failed" in log, log)
    os.remove("in/lied 4.txt")
    write_npy("in/lied 5.npy", [[math.nan] * len(TOKENS)] * 3)
    with open("out1/lied 5.csv", "rb") as stream:
        before = stream.read()
    log = run(*base, "--out", "out1", code=1)
    check("two fail", "0 ok, 4 up to date, 2 failed" in log and "in/lied 4.txt" in log
          and "in/lied 5.npy: frame 0, symbol 0 is NaN" in log, log)
    with open("out1/lied 5.csv", "rb") as stream:
        check("older results stay", stream.read() == before)
    log = run(*base, "--items", "lied [01]", "--set", "posteriors.offset_ms=12.5")
    check("some items", "2 ok, 0 up to date" in log, log)
    moved = read_csv("work/posteriors/lied 1.csv")
    check("moved by the offset", [round(row[0] + 0.0125, 4) for row in read_csv("out1/lied 1.csv")]
          == [row[0] for row in moved], moved)


enter("test_posteriors_results.dir")
write_vocab("vocab.json", TOKENS)
write("lyrics.txt", TEXT)
for part in (independent, kinds_and_exports, vocabularies, missing_words, anchored, folders):
    part()
finish()

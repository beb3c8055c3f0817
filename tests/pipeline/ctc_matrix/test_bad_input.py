"""Each kind of bad input: one clear message, the right exit code, nothing written.

Usage: test_bad_input.py SILBE_ALIGN
"""

import math
import os

from common import check, enter, finish, run, write, write_npy, write_vocab

TOKENS = ["<pad>", "|", "a", "b", "c"]
N = len(TOKENS)


def row_of(symbol):
    return [math.log(0.96 if k == symbol else 0.01) for k in range(N)]


GOOD = [row_of(k) for k in (0, 2, 0, 3, 1, 0, 4, 4, 0, 0)]  # "ab c"


def refused(part, *more, code=1, npy="x.npy", vocab="vocab.json", text="lyrics.txt", hop="20"):
    """The run fails with this code, says all of part, and leaves no file."""
    log = run("--posteriors", npy, "--vocab", vocab, "--text", text, "--hop-ms", hop, "--out",
              "out/o", *more, code=code)
    for words in [part] if isinstance(part, str) else part:
        check(f"says {words}", words in log, log)
    left = os.listdir("out") if os.path.isdir("out") else []
    check("nothing is written", left == [], left)


def usage():
    log = run("--vocab", "vocab.json", code=2)
    check("without posteriors", "go with --posteriors" in log, log)
    log = run("--posteriors", "x.npy", "--text", "lyrics.txt", code=2)
    check("no vocabulary", "needs --vocab" in log, log)
    log = run("--posteriors", "x.npy", "--vocab", "vocab.json", code=2)
    check("no text", "needs --text" in log, log)
    log = run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "lyrics.txt", code=2)
    check("no hop", "--hop-ms" in log, log)
    refused("--hop-ms: \"0x\" is not a number", hop="0x", code=2)
    refused("out of range", hop="-3", code=2)
    refused("--hop-ms", hop="0", code=2)
    refused("did you mean posteriors.kind", "--set", "posteriors.kinds=prob", code=2)
    refused("auto, logp, logits or prob", "--set", "posteriors.kind=log", code=2)
    os.makedirs("empty")
    log = run("--posteriors", "empty", "--vocab", "vocab.json", "--hop-ms", "20", code=4)
    check("empty folder", "empty: holds no NAME.npy" in log, log)
    for option in ("--text", "--anchors"):
        log = run("--posteriors", "empty", "--vocab", "vocab.json", "--hop-ms", "20", option,
                  "lyrics.txt", code=2)
        check(f"folder with {option}", f"{option} goes with one FILE.npy" in log, log)


def arrays():
    refused("none.npy: cannot be read: No such file", npy="none.npy")
    write("bad.npy", "hello")
    refused("bad.npy: is not a .npy file", npy="bad.npy")
    write_npy("bad.npy", GOOD, shape=(2, 5, N))
    refused("bad.npy: the array has 3 dimensions", npy="bad.npy")
    write_npy("bad.npy", GOOD, shape=(10 * N,))
    refused(["1 values a frame", "should have two dimensions"], npy="bad.npy")
    write_npy("bad.npy", GOOD, shape=(11, N))
    refused("it was cut off", npy="bad.npy")
    write_npy("bad.npy", [], n_cols=N)
    refused("bad.npy: is empty: 0 frames of 5 symbols", npy="bad.npy")
    write_npy("bad.npy", [row[:4] for row in GOOD])
    refused("bad.npy: has 4 values a frame (10 frames), but the vocabulary has 5", npy="bad.npy")
    write_npy("bad.npy", GOOD[:3] + [[0, math.nan, 0, 0, 0]])
    refused("bad.npy: frame 3, symbol 1 is NaN", npy="bad.npy")
    write_npy("bad.npy", [[math.inf] * N])
    refused("bad.npy: frame 0, symbol 0 is +infinity", npy="bad.npy")
    write_npy("bad.npy", GOOD + [[-math.inf] * N])
    refused("bad.npy: frame 10: all 5 symbols are -infinity", npy="bad.npy")
    write_npy("bad.npy", [[-math.inf] * N] * 10)
    refused("bad.npy: frame 0: all 5 symbols are -infinity", npy="bad.npy")
    write_npy("bad.npy", [[0.5] * N] * 10)
    refused("bad.npy: cannot tell what the numbers are", npy="bad.npy")
    write_npy("bad.npy", GOOD[:3])
    refused(["bad.npy: ", "3", "4"], npy="bad.npy")
    write_npy("bad.npy", GOOD[:1])
    refused(["bad.npy: ", "1", "4"], npy="bad.npy")
    write_npy("bad.npy", [[0.0, -math.inf, 0.0, 0.0, 0.0]] * 10)
    refused("infinity", "--set", "posteriors.kind=logits", npy="bad.npy")


def vocabularies():
    for text, part, code in (
            ("{\"a\": }", "bad.json:1:", 4),
            ("{\"a\": 0, \"b\": 0}", "have the same number, 0", 4),
            ("{\"-\": 0, \"b\": 2}", "has number 2, but with 2 tokens", 4),
            ("[\"a\", \"b\", \"c\", \"d\", \"e\"]", "has no blank", 4),
            ("[]", "has 0 tokens", 4)):
        write("bad.json", text)
        refused(part, vocab="bad.json", code=code)
    refused("none.json: cannot be read", vocab="none.json", code=4)
    refused("posteriors.blank \"x\" is no token", "--set", "posteriors.blank=x", code=2)


def texts():
    refused("none.txt: cannot be read", text="none.txt")
    write("bad.txt", "")
    refused("bad.txt: the lyrics hold no words", text="bad.txt")
    write("bad.txt", "\n - \n")
    refused("bad.txt: the lyrics hold no words", text="bad.txt")
    write("bad.txt", b"a b\nc\xe4\n")
    refused("bad.txt: line 2, byte 2: 0xe4 is not UTF-8", text="bad.txt")
    write("bad.txt", "a\n\nc abx\n")
    refused("bad.txt:3: word 2, \"abx\": \"x\" (U+0078) is not in vocab.json", text="bad.txt")
    write("bad.txt", "cab cab cab")
    refused("none of the 3 words", "--set", "posteriors.unmatched_logp=-0.001", text="bad.txt",
            npy="long.npy")


def anchors():
    def anchored(csv, *parts, tolerance="20"):
        write("anchors.csv", csv)
        refused(list(parts), "--anchors", "anchors.csv", "--set",
                f"posteriors.anchor_tolerance_ms={tolerance}")

    refused("none.csv", "--anchors", "none.csv")
    anchored("start;end\n", "anchors.csv:1")
    anchored("start;end;word;line\n0.1;0.2;x;1\n", "anchors.csv:2:9", "\"x\" is not")
    anchored("start;end;word;line\n5;6;ab;1\n", "no frame lies within")
    anchored("start;end;word\n0.16;0.2;ab\n0.02;0.1;c\n", "anchors.csv:3:1: \"c\" at 0.02 s",
             "contradicts \"ab\" at 0.16 s in line 2")
    anchored("start;end;word\n0.02;0.2;ab\n0.03;0.1;c\n", "x.npy: anchors.csv: ", "contradict",
             tolerance="10")


def outputs():
    write("file", "")
    log = run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "lyrics.txt", "--hop-ms",
              "20", "--out", "file/x", code=4)
    check("a file in the way", "file" in log, log)
    log = run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "lyrics.txt", "--hop-ms",
              "20", "--out", "lyrics", code=2)
    check("the lyrics stay", "lyrics.txt is read, and would be overwritten" in log, log)
    os.makedirs("in")
    write_npy("in/x.npy", GOOD)
    write("in/x.txt", "ab c")
    log = run("--posteriors", "in", "--vocab", "vocab.json", "--hop-ms", "20", "--out", "in",
              code=2)
    check("the lyrics of a folder stay", "in/./x.txt is read" in log or "x.txt is read" in log, log)
    with open("in/x.txt", encoding="utf-8") as stream:
        check("unchanged", stream.read() == "ab c")
    if os.geteuid() != 0:
        os.makedirs("locked", mode=0o500)
        log = run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "lyrics.txt",
                  "--hop-ms", "20", "--out", "locked/x", code=1)
        check("locked folder", "locked/x" in log and "Permission denied" in log, log)
    if os.path.exists("/dev/full"):
        os.makedirs("full/x.csv")  # a folder in the place of a file
        log = run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "lyrics.txt",
                  "--hop-ms", "20", "--out", "full/x", code=1)
        check("a folder in the way", "full/x.csv" in log, log)


enter("test_posteriors_bad_input.dir")
write_vocab("vocab.json", TOKENS)
write("lyrics.txt", "ab c\n")
write_npy("x.npy", GOOD)
write_npy("long.npy", GOOD * 4)
os.makedirs("out")
for part in (usage, arrays, vocabularies, texts, anchors, outputs):
    part()
run("--posteriors", "x.npy", "--vocab", "vocab.json", "--text", "lyrics.txt", "--hop-ms", "20",
    "--out", "out/o")
check("the good one is written", os.path.exists("out/o.csv"))
finish()

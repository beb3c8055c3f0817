"""What the tests of `silbe-align --posteriors` share: files, runs of the program, checks."""

import json
import os
import shutil
import struct
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv[1])
failures = []
n_checks = 0


def check(what, good, detail=""):
    global n_checks
    n_checks += 1
    if not good:
        failures.append(what)
        print(f"FAILED: {what}\n  {detail}")


def finish():
    print(f"{n_checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


def enter(folder):
    """An empty folder of the test's own."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.chdir(folder)


def write(path, text):
    with open(path, "wb") as stream:
        stream.write(text if isinstance(text, bytes) else text.encode())


def write_npy(path, rows, n_cols=None, kind="<f4", shape=None):
    """What numpy.save writes (https://numpy.org/neps/nep-0001-npy-format.html)."""
    n_cols = len(rows[0]) if n_cols is None else n_cols
    shape = (len(rows), n_cols) if shape is None else shape
    header = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    values = [x for row in rows for x in row]
    code = "f" if kind == "<f4" else "d"
    write(path, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
          + struct.pack(f"<{len(values)}{code}", *values))


def write_vocab(path, tokens):
    write(path, json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False))


def run(*arguments, code=0):
    result = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, check=False)
    check(f"exit {code}: {' '.join(arguments)}", result.returncode == code,
          f"exit {result.returncode}: {result.stderr[-600:]}")
    check("nothing on stdout", result.stdout == "", result.stdout[:200])
    return result.stderr


def read_csv(path):
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    assert lines[0] == "start;end;word;line;confidence"
    rows = [line.split(";") for line in lines[1:]]
    return [(float(a), float(b), word.strip('"'), int(line), float(c))
            for a, b, word, line, c in rows]

#!/usr/bin/env python3
"""make_man3.py VERSION OUT HEADER...: man pages of the alignment library, from its public headers.

A page for each header, silbe_<folder>_<name>.3.gz, and for each function one that leads there.
HEADER is as installed, .../include/silbe/ctc/ctc.h.
"""
import gzip
import re
import sys
from pathlib import Path

WIDTH_OF_COMMENT = re.compile(r"^ ?\*? ?")
FUNCTION = re.compile(r"\b(silbe_[a-z0-9_]+)\(")


def roff(text):
    """Text as it is, for a page without filling."""
    lines = []
    for line in text.split("\n"):
        line = line.replace("\\", "\\e").replace("-", "\\-")
        lines.append("\\&" + line if line[:1] in (".", "'") else line)
    return "\n".join(lines)


def comment_text(comment):
    """Of /* ... */ what is said."""
    body = comment[2:-2].strip("\n")
    return "\n".join(WIDTH_OF_COMMENT.sub("", line).rstrip() for line in body.split("\n")).strip()


def without_cplusplus(text):
    text = re.sub(r"#ifdef __cplusplus\n(extern \"C\" \{|\})\n#endif\n*", "", text)
    return re.sub(r"^#(ifndef|define) SILBE_\w+_H\n|^#endif\s*\Z", "", text, flags=re.M)


def declarations(text):
    """The prototypes, without comments, bodies and macros."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^#(?:.*\\\n)*.*$", "", text, flags=re.M)
    text = re.sub(r"static inline [^{]*\{.*?^\}", "", text, flags=re.S | re.M)
    text = re.sub(r"\{[^{}]*\}", "{}", text)
    found = []
    for statement in text.split(";"):
        statement = re.sub(r"\s+", " ", statement).strip()
        match = FUNCTION.search(statement)
        if match and not statement.startswith(("typedef", "enum", "struct")):
            found.append((match.group(1), statement.replace("SILBE_MUST_CHECK ", "") + ";"))
    return found


def write_page(out, name, text):
    (out / f"{name}.3.gz").write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def make_page(version, out, header):
    source = header.read_text(encoding="utf-8")
    include = str(header).rpartition("/include/")[2]
    stem = include.removeprefix("silbe/").removesuffix(".h")
    parts = stem.split("/")
    name = "silbe_" + "_".join(dict.fromkeys(parts))
    top = comment_text(re.match(r"/\*.*?\*/", source, re.S).group(0))
    rest = without_cplusplus(source.split("*/", 1)[1]).strip()
    rest = re.sub(r"^#include.*\n+", "", rest, flags=re.M)
    functions = declarations(without_cplusplus(source))
    names = [function for function, _ in functions] or [name]
    summary = re.split(r"(?<!al)[.:](?:\s|$)", " ".join(top.split()))[0]
    page = [f'.TH "{name.upper()}" 3 "" "Silbe {version}" "Alignment library"', ".SH NAME",
            ", ".join(names) + " \\- " + roff(summary), ".SH SYNOPSIS", ".nf",
            roff(f"#include <{include}>\n\n" + "\n".join(text for _, text in functions)), ".fi",
            ".SH DESCRIPTION", ".nf", roff(top), ".fi", ".SH TYPES AND FUNCTIONS", ".nf", roff(rest),
            ".fi", ".SH LINKING", roff("cc program.c $(pkg-config --cflags --libs silbe-align)"), ""]
    write_page(out, name, "\n".join(page))
    for function in names:
        if function != name:
            write_page(out, function, f".so man3/{name}.3\n")


def main():
    version, out = sys.argv[1], Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for header in sys.argv[3:]:
        make_page(version, out, Path(header))


main()

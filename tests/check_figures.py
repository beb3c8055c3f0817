#!/usr/bin/env python3
"""Whether the texts say what is: tests/check_figures.py [--bench FILE] SOURCE_FOLDER [WORK_FOLDER...]

Checks in every .md file below SOURCE_FOLDER
- that measured figures are those of the last report, where there is one: of silbe-evaluate, below
  a WORK_FOLDER (the first that has it), or of `make bench`, FILE; others are skipped, and counted;
- that no figure stands in two places;
- that relative links, headings that they name, and paths of sources exist;
and that README.md has at most 200 lines. Prints what is wrong, then the counts; exit code 1 if
anything is.

A table of figures follows a comment that says where each of its cells comes from:

    <!-- figures
    - | words | mean_abs_s | within/0.1
    swd/score Schubert_D911-18_HU33
    demo/score pooled
    -->
    | recordings | words | mean | within 0.1 s |
    |---|--:|--:|--:|
    | 18 HU33 | 64 | 17.0 ms | 100 % |
    | demo | 435 | 8.9 ms | 100 % |

The first line names the key of each column, / going into an object, and - a column that is not
checked; every further line is a row: the report (WORK_FOLDER/swd/score/report.json) and what is
looked up in it, "pooled" or an item, or - for a row that is not checked. "bench NAME" is the object
of that name in FILE; a key KEY@SUFFIX is that of the object NAMESUFFIX. In a text, the comment
stands behind the figure: 8.9 ms<!-- figure demo/score pooled mean_abs_s -->. A table with
milliseconds or percentages that is of no report says so: <!-- figures of no report: WHY -->.

A figure is compared as rounded to the decimals that it is written with, in the unit beside it; an
empty cell stands for null. 100 % and 0 % without decimals mean all and none. What time and memory
a run takes is compared within a factor (COSTS).
"""
import json
import os
import re
import sys
from pathlib import Path

MAX_README_LINES = 200
UNITS = {"": 1, "s": 1, "ms": 1e3, "%": 100, "M": 1e-6, "MB": 1e-6, "GB": 1e-9,
         "times": 1}
# These differ from run to run: by what factor at most.
COSTS = {"wall_s": 1.5, "reference_wall_s": 1.5, "cells_per_s": 1.5, "x_real_time": 1.5,
         "audio_s_per_s": 1.5, "peak_bytes": 1.25, "peak_extra_bytes": 1.25}
COST_SLACK = 0.02  # and, beyond that, in the unit that is written: short times differ more
# Of the last decimal, beyond rounding: other processors and libraries round otherwise.
SLACK = 0.1
# Folders of the sources that are made, not kept.
MADE = {"datasets/swd/data"}

FIGURE = re.compile(r"([+-]?)(\d[\d,]*(?:\.(\d+))?)(?: ?(ms|MB?|GB|times|s|%))?(?![\w.])")
TABLE_MARK = re.compile(r"<!-- figures\n(.*?)\n-->", re.S)
NO_REPORT = re.compile(r"<!-- figures of no report: \S.*?-->", re.S)
INLINE_MARK = re.compile(r"<!-- figure (\S+) (\S+) (\S+) -->")
LINK = re.compile(r"\]\(([^()\s]+)\)")
PATH = re.compile(r"`([A-Za-z_]+/[\w./-]*)`")


class Texts:
    """The .md files, what is wrong with them, and how many figures were compared."""

    def __init__(self, top, works, bench):
        self.top, self.works, self.bench = top, works, bench
        self.reports = {}
        self.wrong = []
        self.places = {}  # (report, what, key): where it stands
        self.n_equal = 0
        self.skipped = {}  # report: number of figures

    def say(self, place, text):
        self.wrong.append(f"{place}: {text}")

    # ---- reports ----

    def report(self, name):
        """{what: figures} of a report, or None if there is no such report."""
        if name not in self.reports:
            self.reports[name] = self.read_bench() if name == "bench" else self.read_report(name)
        return self.reports[name]

    def read_bench(self):
        if self.bench is None:
            return None
        return {row["name"]: row for row in json.loads(self.bench.read_text(encoding="utf-8"))}

    def read_report(self, name):
        for work in self.works:
            path = work / name / "report.json"
            if path.is_file():
                document = json.loads(path.read_text(encoding="utf-8"))
                items = {f"{item['work']}_{item['version']}".rstrip("_"): item
                         for item in document["items"]}
                return {**items, "pooled": document["pooled"]}
        return None

    # ---- figures ----

    def compare(self, place, text, name, what, key):
        """One figure as written, against the report's."""
        if (name, what, key) in self.places:
            self.say(place, f"{name} {what} {key} stands in {self.places[name, what, key]}, too")
        self.places[name, what, key] = place
        figures = self.report(name)
        if figures is None:
            self.skipped[name] = self.skipped.get(name, 0) + 1
            return
        key, _, suffix = key.partition("@")
        value = figures.get(what + suffix)
        for part in key.split("/"):
            if not isinstance(value, dict) or part not in value:
                self.say(place, f"the report {name} has no {what}{suffix} {key}")
                return
            value = value[part]
        problem = difference(text, value, COSTS.get(key))
        if problem:
            self.say(place, f"{name} {what}{suffix} {key}: {problem}")
        else:
            self.n_equal += 1

    def check_table(self, path, text, mark):
        """The table behind a mark."""
        columns, *rows = mark.group(1).splitlines()
        columns = [column.strip() for column in columns.split("|")]
        place = f"{path}:{text.count(chr(10), 0, mark.start()) + 1}"
        lines = text[mark.end():].lstrip("\n").split("\n\n")[0].splitlines()
        cells = [split_row(line) for line in lines[2:] if line.startswith("|")]
        if len(rows) != len(cells):
            self.say(place, f"{len(rows)} rows are marked, the table has {len(cells)}")
            return
        for row, found in zip(rows, cells):
            if row.strip() == "-":
                continue
            if len(row.split()) != 2:
                self.say(place, f'a row is "REPORT WHAT", not "{row}"')
            elif len(found) != len(columns):
                self.say(place, f"{len(columns)} columns are marked, a row has {len(found)}")
            else:
                for column, cell in zip(columns, found):
                    if column != "-":
                        self.compare(place, cell, *row.split(), column)

    def check_inline(self, path, text, mark):
        before = text[:mark.start()]
        place = f"{path}:{before.count(chr(10)) + 1}"
        figures = list(FIGURE.finditer(before[-40:]))
        if not figures or figures[-1].end() != len(before[-40:]):
            self.say(place, "a mark without a figure before it")
        else:
            self.compare(place, figures[-1].group(), *mark.groups())

    def check_marked(self, path, text):
        """Every comment that looks like a mark is one, and every table of figures has one."""
        known = {mark.start() for kind in (TABLE_MARK, NO_REPORT, INLINE_MARK)
                 for mark in kind.finditer(text)}
        for comment in re.finditer(r"<!--\s*figure", text):
            if comment.start() not in known:
                line = text.count("\n", 0, comment.start()) + 1
                self.say(f"{path}:{line}", "a mark that cannot be read")
        for table in re.finditer(r"(?:^\|.*\n)+", text, re.M):
            before = text[:table.start()].rstrip("\n").rsplit("<!--", 1)[-1]
            if has_figures(table.group()) and not (
                    before.startswith(" figures") and before.endswith("-->")
                    and before.count("-->") == 1):
                line = text.count("\n", 0, table.start()) + 1
                self.say(f"{path}:{line}", "a table of figures that does not say of which report")

    # ---- links ----

    def check_links(self, path, text):
        for found in LINK.finditer(text):
            target, _, heading = found.group(1).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            place = f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
            other = (self.top / path).parent / target if target else self.top / path
            inside = os.path.relpath(other, self.top).split(os.sep)[0] != os.pardir
            if not inside or not other.exists():
                self.say(place, f"{found.group(1)} does not exist")
            elif heading and heading not in headings(other):
                self.say(place, f"{target or path} has no heading #{heading}")
        folders = {entry.name for entry in self.top.iterdir() if entry.is_dir()}
        for found in PATH.finditer(text):
            name = found.group(1).rstrip("/")
            if name.split("/")[0] in folders - {"build", "work"} and name not in MADE \
                    and "NAME" not in name and not (self.top / name).exists():
                line = text.count("\n", 0, found.start()) + 1
                self.say(f"{path}:{line}", f"{name} does not exist")

    # ---- all of it ----

    def check(self):
        for path in markdown_files(self.top):
            text = blank_code((self.top / path).read_text(encoding="utf-8"))
            self.check_marked(path, text)
            for mark in TABLE_MARK.finditer(text):
                self.check_table(path, text, mark)
            for mark in INLINE_MARK.finditer(text):
                self.check_inline(path, text, mark)
            self.check_links(path, text)
        n_lines = len((self.top / "README.md").read_text(encoding="utf-8").splitlines())
        if n_lines > MAX_README_LINES:
            self.say("README.md", f"{n_lines} lines, at most {MAX_README_LINES}")

    def show(self):
        for line in self.wrong:
            print(line)
        for name, n_figures in sorted(self.skipped.items()):
            if self.bench if name == "bench" else self.works:
                print(f"skipped: {n_figures} figures of {name}: there is no report")
        print(f"figures: {self.n_equal} are those of the reports, "
              f"{sum(self.skipped.values())} skipped; {len(self.wrong)} mistakes in the texts")


def difference(text, value, factor=None):
    """What is wrong with a figure as written, or None."""
    if value is None or text == "":
        return None if value is None and text == "" else f'"{text}", the report says {value}'
    parsed = FIGURE.fullmatch(text.removesuffix("\\*"))
    if parsed is None:
        return f'"{text}" is not a figure'
    sign, digits, decimals, unit = parsed.groups()
    written = float(digits.replace(",", "")) * (-1 if sign == "-" else 1)
    exact = value * UNITS[unit or ""]
    says = f'"{text}", the report says {exact:.6g} {unit or ""}'.rstrip()
    if factor:
        low, high = sorted((abs(written), abs(exact)))
        return says if not high <= low * factor + COST_SLACK else None
    if unit == "%" and decimals is None and written in (0, 100):
        return None if exact == written else says
    half = 0.5 * 10.0 ** -len(decimals or "")
    return None if abs(written - exact) <= half * (1 + 2 * SLACK) else says


def has_figures(table):
    cells = [FIGURE.fullmatch(cell) for line in table.splitlines() for cell in split_row(line)]
    return any(cell and cell.group(4) in ("ms", "%") for cell in cells)


def split_row(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def blank_code(text):
    """Indented and fenced blocks emptied, line by line: what is in them is no figure and no link."""
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        is_code = fenced or fence or line.startswith("    ")
        fenced ^= fence
        lines.append("" if is_code else line)
    return "\n".join(lines)


def headings(path):
    """Names that #links have, as GitHub makes them."""
    if path.suffix != ".md":
        return set()
    found = re.findall(r"^#+ +(.*?) *$", blank_code(path.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def markdown_files(top):
    """Paths below top, but for what was built, fetched or aligned."""
    found = []
    for folder, folders, names in os.walk(top):
        below = os.path.relpath(folder, top)
        folders[:] = sorted(name for name in folders
                            if not name.startswith(".") and name != "node_modules"
                            and not (below == "." and re.match(r"(build(-.*)?|work)$", name))
                            and f"{below}/{name}" not in MADE)
        found += [Path(below, name) for name in sorted(names) if name.endswith(".md")]
    return found


def main():
    arguments = sys.argv[1:]
    bench = None
    if len(arguments) > 1 and arguments[0] == "--bench":
        bench, arguments = Path(arguments[1]), arguments[2:]
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    texts = Texts(Path(arguments[0]), [Path(work) for work in arguments[1:]], bench)
    texts.check()
    texts.show()
    sys.exit(1 if texts.wrong else 0)


if __name__ == "__main__":
    main()

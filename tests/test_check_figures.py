#!/usr/bin/env python3
"""check_figures.py on made-up texts and reports: that it fails where it should, and only there."""
import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().with_name("check_figures.py")
FIGURES = {"words": 435, "mean_abs_s": 0.008894, "bias_s": -0.00531, "auc": None,
           "within": {"0.1": 0.9965, "0.3": 1.0}}
REPORT = {"pooled": FIGURES,
          "items": [{"work": "Lied", "version": "A", **FIGURES, "words": 24},
                    {"work": "Allein", "version": "", **FIGURES, "words": 2322}]}
BENCH = [{"name": "long", "wall_s": 16.4, "peak_bytes": 446e6},
         {"name": "long-align", "wall_s": 6.9}]
TABLE = """
<!-- figures
- | words | mean_abs_s | bias_s | within/0.1 | within/0.3 | auc
demo/score pooled
demo/score Lied_A
-
-->

| | words | mean \\|e\\| | median e | 0.1 s | 0.3 s | AUC |
|---|--:|--:|--:|--:|--:|--:|
| all | 435 | 8.9 ms | -5.3 ms | 99.7 % | 100 % | |
| A | 24 | 9 ms | -5.31 ms | 99.65 % | 100.0 % | |
| never checked | 1 | 1 ms | 1 ms | 1 % | 1 % | 0.5 |

Behind it.
"""


class CheckFigures(unittest.TestCase):
    def setUp(self):
        self.top = Path.cwd() / "test_check_figures.dir"
        shutil.rmtree(self.top, ignore_errors=True)
        (self.top / "texts" / "align").mkdir(parents=True)
        self.write_report(REPORT)
        (self.top / "bench.json").write_text(json.dumps(BENCH))

    def write_report(self, report, name="demo/score"):
        folder = self.top / "work" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(json.dumps(report))

    def check(self, text, bench=False, work="work"):
        """Exit code and output for a README.md of this text."""
        (self.top / "texts" / "README.md").write_text(text, encoding="utf-8")
        options = ["--bench", self.top / "bench.json"] if bench else []
        run = subprocess.run([sys.executable, "-B", SCRIPT, *options, self.top / "texts",
                              self.top / work], capture_output=True, text=True, check=False)
        self.assertEqual(run.stderr, "")
        return run.returncode, run.stdout

    def passes(self, text, **more):
        code, out = self.check(text, **more)
        self.assertEqual(code, 0, out)
        return out

    def fails(self, text, says, **more):
        code, out = self.check(text, **more)
        self.assertEqual(code, 1, out)
        self.assertRegex(out, says)

    def test_table(self):
        self.assertIn("figures: 12 are those of the reports, 0 skipped; 0 mistakes",
                      self.passes(TABLE))

    def test_wrong_figures(self):
        for right, wrong in (("8.9 ms", "9.0 ms"), ("8.9 ms", "8.8 ms"), ("| 9 ms", "| 10 ms"),
                             ("435", "434"), ("-5.3 ms", "+5.3 ms"), ("-5.3 ms", "5.3 ms"),
                             ("99.7 %", "99.5 %"), ("99.7 %", "100 %"), ("99.7 %", "99.7 ms"),
                             ("99.7 %", ""), ("100 % | |", "100 % | 0.50 |"),
                             ("8.9 ms", "about 9 ms")):
            with self.subTest(wrong=wrong):
                self.assertIn(right, TABLE)
                self.fails(TABLE.replace(right, wrong, 1), "README.md:2: demo/score (pooled|Lied_A)")

    def test_changed_report(self):
        self.write_report({**REPORT, "pooled": {**FIGURES, "mean_abs_s": 0.0091}})
        self.fails(TABLE, 'pooled mean_abs_s: "8.9 ms", the report says 9.1 ms')

    def test_no_report(self):
        shutil.rmtree(self.top / "work")
        out = self.passes(TABLE)
        self.assertIn("skipped: 12 figures of demo/score: there is no report", out)
        self.assertIn("figures: 0 are those of the reports, 12 skipped; 0 mistakes", out)

    def test_rounding(self):
        """A half of the last decimal either way, and a little for other processors."""
        for value, fits in ((0.00885, True), (0.00895, True), (0.008955, True), (0.00897, False),
                            (0.00884, False)):
            with self.subTest(value=value):
                self.write_report({"pooled": {"mean_abs_s": value}, "items": []})
                text = "It is 8.9 ms<!-- figure demo/score pooled mean_abs_s -->.\n"
                if fits:
                    self.passes(text)
                else:
                    self.fails(text, "the report says")

    def test_unknown(self):
        self.fails(TABLE.replace("bias_s", "bias"), "has no pooled bias")
        self.fails(TABLE.replace("within/0.1", "within/0.7"), "has no pooled within/0.7")
        self.fails(TABLE.replace("Lied_A", "Lied_B"), "has no Lied_B words")

    def test_form(self):
        self.fails(TABLE.replace("demo/score Lied_A\n", ""), "2 rows are marked, the table has 3")
        self.fails(TABLE.replace(" | auc", ""), "6 columns are marked, a row has 7")
        self.fails(TABLE.replace("demo/score Lied_A", "Lied_A"), 'not "Lied_A"')
        self.fails(TABLE.replace("<!-- figures", "<!-- figures:"), "a mark that cannot be read")
        self.fails(TABLE.replace("<!-- figures", "<!-- "), "does not say of which report")
        no_mark = TABLE[TABLE.index("| | words"):]
        self.fails(no_mark, "README.md:1: a table of figures that does not say of which report")
        self.passes("<!-- figures of no report: made up -->\n\n" + no_mark)
        self.fails("<!-- figures of no report: made up -->\n\nText.\n\n" + no_mark,
                   "does not say of which report")
        self.passes("| a | b |\n|---|---|\n| 3 ms later | 100 percent |\n")

    def test_text(self):
        self.passes("2,322<!-- figure demo/score Allein words --> words,\n"
                    "8.9 ms<!-- figure demo/score pooled mean_abs_s --> in the mean.\n")
        self.fails("2,321<!-- figure demo/score Allein words --> words.\n", "README.md:1: .*2322")
        self.fails("Words<!-- figure demo/score pooled words -->.\n", "a mark without a figure")
        self.fails("435<!-- figure demo/score words -->.\n", "a mark that cannot be read")

    def test_twice(self):
        other = self.top / "texts" / "align" / "README.md"
        other.write_text("435<!-- figure demo/score pooled words --> words.\n")
        self.fails(TABLE, "demo/score pooled words stands in README.md:2, too|stands in align/")

    def test_bench(self):
        table = ("<!-- figures\n- | wall_s | peak_bytes | wall_s@-align\nbench long\n-->\n"
                 "| | wall | memory | align |\n|---|--:|--:|--:|\n"
                 "| long | 16.4 s | 446 MB | 6.9 s\\* |\n")
        self.assertIn("0 are those of the reports, 3 skipped", self.passes(table))
        self.passes(table, bench=True)
        self.passes(table.replace("16.4", "11.0").replace("446", "400"), bench=True)
        self.fails(table.replace("16.4", "10.0"), "bench long wall_s", bench=True)
        self.fails(table.replace("16.4", "25"), "bench long wall_s", bench=True)
        self.fails(table.replace("446", "600"), "bench long peak_bytes", bench=True)
        self.fails(table.replace("6.9", "69"), "bench long-align wall_s", bench=True)

    def test_code_is_no_text(self):
        self.passes("    | 3 ms |\n    [a](none.md)\n\n```\n[b](none.md)\n```\n")

    def test_links(self):
        other = self.top / "texts" / "align" / "README.md"
        other.write_text("# Some words: `x`\n\n[up](../README.md), [here](#some-words-x)\n")
        self.passes("[a](align/README.md) [b](align) [c](align/README.md#some-words-x) "
                    "[d](https://example.org/none) `align/README.md` `align/NAME.yaml`\n")
        for target, says in (("none.md", "none.md does not exist"),
                             ("align/README.md#other", "has no heading #other"),
                             ("#other", "README.md has no heading #other"),
                             ("../bench.json", "does not exist")):
            with self.subTest(target):
                self.fails(f"\n[a]({target})\n", f"README.md:2: .*{says}")
        self.fails("See `align/none.c`.\n", "README.md:1: align/none.c does not exist")

    def test_length(self):
        self.passes("a\n" * 200)
        self.fails("a\n" * 201, "README.md: 201 lines, at most 200")

    def test_which_files(self):
        """What was built, fetched or aligned is not looked at."""
        for folder in ("build", "build-asan", "work/demo", ".git", "align/node_modules",
                       "datasets/swd/data"):
            (self.top / "texts" / folder).mkdir(parents=True)
            (self.top / "texts" / folder / "x.md").write_text("[a](none.md)\n")
        self.passes("a\n")
        (self.top / "texts" / "align" / "x.md").write_text("[a](none.md)\n")
        self.fails("a\n", "align/x.md:1: none.md does not exist")


if __name__ == "__main__":
    program = unittest.main(exit=False)
    if program.result.wasSuccessful():
        shutil.rmtree(Path.cwd() / "test_check_figures.dir", ignore_errors=True)
    sys.exit(0 if program.result.wasSuccessful() and program.result.testsRun > 0 else 1)

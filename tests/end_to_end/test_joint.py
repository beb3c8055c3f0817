"""Mode joint from outside, with the model that ships: where the score is right its times are kept,
where bars of it are wrong the text puts them right; phones and first sounds; bad input."""
import csv
import json
import random
import re

import chain
from chain import BAD, FAILED, GOOD

JOINT = ["--set", "align.mode=joint"]
FORMATS = ["--set", "output.formats=csv,json"]
WRONG_MEASURES = range(4, 8)


def spoil(path):
    """Other notes in a few bars of a score."""
    rng = random.Random(3)
    measures = re.split(r"(?=<measure )", path.read_text(encoding="utf-8"))
    for i, measure in enumerate(measures):
        number = re.match(r'<measure[^>]* number="(\d+)"', measure)
        if number and int(number[1]) in WRONG_MEASURES:
            measures[i] = re.sub(r"<step>\w</step>",
                                 lambda _: f"<step>{rng.choice('CDEFGAB')}</step>", measure)
    path.write_text("".join(measures), encoding="utf-8")


def read_csv(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter=";"))


class Joint(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chain.add_song(cls.top / "lieder", GOOD)
        chain.add_song(cls.top / "lieder", BAD, "TE24")
        spoil(cls.top / "lieder" / f"{BAD}.xml")
        cls.runs = [cls.stage(name) for name in ("features", "labels", "posteriors")]
        cls.runs += [cls.stage(name, "--set", f"align.mode={mode}")
                     for mode in ("score", "joint") for name in ("align", "evaluate")]

    @classmethod
    def stage(cls, name, *options, work="work"):
        return chain.run(chain.command(name, "lieder", work, *FORMATS, *options), cwd=cls.top)

    def setUp(self):
        for run in self.runs:
            self.exits(run, 0)
        self.results = self.top / "work" / "lieder"

    def rows(self, mode, item):
        path = self.results / mode / "words" / f"{item}.csv"
        return read_csv(path)

    def errors(self, mode, item):
        wanted = read_csv(self.top / "lieder" / f"{item}.words.csv")
        rows = self.rows(mode, item)
        self.assertEqual(len(rows), len(wanted))
        return [abs(float(row["start"]) - float(want["start"]))
                for row, want in zip(rows, wanted)]

    def test_right_score_keeps_its_times(self):
        score, joint = self.rows("score", GOOD), self.rows("joint", GOOD)
        for before, after in zip(score, joint, strict=True):
            self.assertEqual([before[key] for key in ("start", "end", "word", "confidence")],
                             [after[key] for key in ("start", "end", "word", "confidence")])

    def test_text_puts_wrong_bars_right(self):
        score, joint = self.errors("score", BAD), self.errors("joint", BAD)
        print(f"mean error: score {sum(score) / len(score):.3f} s, "
              f"joint {sum(joint) / len(joint):.3f} s")
        self.assertGreater(sum(error > 0.1 for error in score), 0)
        self.assertLess(sum(joint), 0.5 * sum(score))
        self.assertLess(sum(error > 0.1 for error in joint), sum(error > 0.1 for error in score))

    def test_phones_and_first_sounds(self):
        document = json.loads((self.results / "joint" / "words" / f"{GOOD}.json").read_text(
            encoding="utf-8"))
        self.assertEqual(document["mode"], "joint")
        words = [word for line in document["lines"] for word in line["words"]]
        n_before = 0
        for word in words:
            self.assertEqual(word["sounding_start_s"], word["phones"][0]["start_s"])
            self.assertLessEqual(word["sounding_start_s"], word["start_s"])
            self.assertLess(word["start_s"] - word["sounding_start_s"], 0.6)
            n_before += word["sounding_start_s"] < word["start_s"]
        self.assertGreater(n_before, len(words) / 3)
        table = json.loads((self.results / "joint" / "phone_onsets.json").read_text(
            encoding="utf-8"))
        self.assertEqual(sum(row["n"] for row in table["phones"]), 2 * len(words))
        self.assertIn("phones", json.loads((self.results / "joint" / "report.json").read_text()))

    def test_threads_and_reruns(self):
        self.exits(self.stage("align", *JOINT), 0)
        before = chain.lasting(chain.files(self.results / "joint"))
        run = self.stage("align", *JOINT, "--force", "--threads", "4")
        self.exits(run, 0)
        self.same_files(chain.lasting(chain.files(self.results / "joint")), before)

    def test_without_score(self):
        folder = self.top / "text"
        chain.add_song(folder, GOOD)
        (folder / f"{GOOD}.xml").unlink()
        for name in ("features", "labels", "posteriors"):
            self.exits(chain.run(chain.command(name, "text", "work", *FORMATS), cwd=self.top), 0)
        run = chain.run(chain.command("align", "text", "work", *FORMATS, *JOINT), cwd=self.top)
        self.assertNotEqual(run.code, 0)
        self.assertRegex(run.log, "mode joint needs")

    def test_without_posteriors(self):
        folder = self.top / "stumm"
        chain.add_song(folder, GOOD)
        for name in ("features", "labels"):
            self.exits(chain.run(chain.command(name, "stumm", "work", *FORMATS), cwd=self.top), 0)
        run = chain.run(chain.command("align", "stumm", "work", *FORMATS, *JOINT), cwd=self.top)
        self.exits(run, FAILED)
        self.assertRegex(run.failures()[GOOD], r"posteriors/gut\.(npy|posteriors\.json)")


if __name__ == "__main__":
    chain.main()

"""silbe-evaluate in every mode and on all of them: the results of a mode are made up here from those
of mode score, with words that were not found."""
import json
import shutil

import chain
from chain import BAD, GOOD

ALL = ["--set", "align.mode=all"]
LYRICS = ["--set", "align.mode=lyrics"]


def make_mode(work, name, shift_s=0.25):
    """Results of another mode: every word later, the second one and the last line not found."""
    (results,) = work.iterdir()
    shutil.copytree(results / "score", results / name)
    shutil.rmtree(results / name / "path")
    for path in (results / name / "words").glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        document["mode"] = name
        words = [word for line in document["lines"] for word in line["words"]]
        lost = [word for word in words
                if word["index"] == 2 or word in document["lines"][-1]["words"]]
        for word in lost:
            word.update(matched=False, confidence=0.05)
        document["lines"][-1].update(start_s=None, end_s=None)
        for one in [*document["lines"][:-1], *words,
                    *(syllable for word in words for syllable in word["syllables"])]:
            one["start_s"] = round(one["start_s"] + shift_s, 4)
            one["end_s"] = round(one["end_s"] + shift_s, 4)
        path.write_text(json.dumps(document), encoding="utf-8")
    return results, len(lost)


class Modes(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chain.make_folder(cls.top / "lieder")
        cls.runs = chain.run_chain("lieder", "first", *chain.FAST, cwd=cls.top)

    def setUp(self):
        self.all_exit(self.runs, 0)
        self.work = self.top / self.id().split(".")[-1]
        shutil.copytree(self.top / "first", self.work)
        self.results, self.n_lost = make_mode(self.work, "lyrics")

    def evaluate(self, code, *options):
        run = chain.run(chain.command("evaluate", "lieder", self.work, *chain.FAST, *options),
                        cwd=self.top)
        self.exits(run, code)
        return run

    def read(self, *parts):
        return json.loads(self.results.joinpath(*parts).read_text(encoding="utf-8"))

    def test_one_form(self):
        """report.json has the same keys in every mode; lost words count, and are told."""
        run = self.evaluate(0, *LYRICS)
        score, lyrics = self.read("score", "report.json"), self.read("lyrics", "report.json")
        self.assertEqual(lyrics["mode"], "lyrics")

        def keys(value):
            if isinstance(value, dict):
                return {key: keys(inner) for key, inner in value.items()}
            return [keys(value[0])] if isinstance(value, list) and value else type(value).__name__ \
                if isinstance(value, (str, dict)) else "value"

        self.assertEqual(keys({**score, "notes": [], "failed": []}),
                         keys({**lyrics, "notes": [], "failed": []}))
        pooled, n = lyrics["pooled"], score["pooled"]["words"]
        self.assertEqual(pooled["words"], n)
        self.assertEqual(pooled["missing"], 2 * self.n_lost)
        self.assertEqual(pooled["placed"], n - pooled["missing"])
        self.assertEqual(pooled["measures"]["n"], 0)
        self.assertAlmostEqual(pooled["derailed"], pooled["missing"] / n, places=5)
        self.assertAlmostEqual(pooled["within"]["0.3"], 1 - pooled["missing"] / n, places=5)
        self.assertEqual(pooled["within"]["0.1"], 0)
        self.assertAlmostEqual(pooled["bias_s"], score["pooled"]["bias_s"] + 0.25, places=2)
        # Words without time have a confidence of 0.05: below all that were found.
        self.assertGreater(pooled["confidence_auc_0.3"], 0.999)
        bins = pooled["reliability"]["bins"]
        self.assertEqual(sum(one["words"] for one in bins), n)
        self.assertEqual(bins[0]["words"], pooled["missing"])
        self.assertEqual(bins[0]["within_0.3"], 0)
        self.assertIn(f"{pooled['missing']} words got no time", run.out)
        self.assertIn("## Words without a time",
                      (self.results / "lyrics" / "report.md").read_text(encoding="utf-8"))

    def test_all(self):
        """The same words in each mode, whatever was found; one file for the comparison."""
        run = self.evaluate(0, *ALL)
        both, lyrics = self.read("report.json"), self.read("lyrics", "report.json")
        n = self.read("score", "report.json")["pooled"]["words"]
        self.assertEqual([mode["mode"] for mode in both["modes"]], ["score", "lyrics"])
        self.assertEqual([mode["words"] for mode in both["modes"]], [n, n])
        self.assertEqual((both["words"], both["items"], both["left_out"]), (n, 2, []))
        for key in ("missing", "mean_abs_s", "derailed", "within", "confidence_auc_0.3"):
            self.assertEqual(both["modes"][1][key], lyrics["pooled"][key])
        self.assertRegex(run.out, rf"(?m)^score +{n} +0 ")
        self.assertRegex(run.out, rf"(?m)^lyrics +{n} +{2 * self.n_lost} ")
        self.assertIn("report.md", run.log)
        self.assertIn("| lyrics |", (self.results / "report.md").read_text(encoding="utf-8"))
        before = chain.lasting(chain.files(self.results))
        self.evaluate(0, *ALL, "--threads", "1")
        self.same_files(chain.lasting(chain.files(self.results)), before)
        # Each mode's report is the same alone, but for what says how it was called.
        self.evaluate(0, *LYRICS)
        self.same_files(chain.lasting(chain.files(self.results)), before)

    def test_left_out(self):
        """An item that one mode lacks takes no part, and is named; the others do."""
        (self.results / "lyrics" / f"{BAD}.record.json").unlink()
        run = self.evaluate(chain.FAILED, *ALL)
        both = self.read("report.json")
        self.assertEqual(both["items"], 1)
        self.assertEqual(both["left_out"], [{"work": BAD, "version": "", "without": ["lyrics"]}])
        self.assertEqual(both["modes"][0]["words"], both["modes"][1]["words"])
        self.assertEqual(both["modes"][1]["failed"], 1)
        self.assertIn(f"left out: {BAD}  (not in lyrics)", run.out)
        self.assertRegex(run.out, f"FAILED {BAD}  in mode lyrics, posteriors: not run yet")
        # A failure of the acoustic model is that of the mode.
        (self.results / "posteriors").mkdir()
        record = self.read("score", f"{GOOD}.record.json")
        record.update(status="failed", reason="x.wav: no voice", outputs=[])
        (self.results / "posteriors" / f"{GOOD}.record.json").write_text(json.dumps(record))
        run = self.evaluate(chain.FAILED, *LYRICS)
        self.assertIn(f"FAILED {GOOD}  in posteriors: x.wav: no voice", run.out)

    def test_no_reference(self):
        """Without annotations: how many words, and how sure; modes without any score are left out."""
        bare = self.top / "bare" / "lieder"
        shutil.copytree(self.top / "lieder", bare, ignore=shutil.ignore_patterns("*.words.csv"))
        words = self.read("lyrics", "words", f"{GOOD}.json")
        placed = [word["confidence"] for line in words["lines"] for word in line["words"]
                  if word["matched"]]
        for options in (LYRICS, ALL):
            run = chain.run(chain.command("evaluate", bare, self.work, *chain.FAST, *options))
            self.exits(run, 0)
            self.assertIn("No item has a reference", run.out)
            self.assertNotIn("nan", run.out)
        (item,) = [item for item in self.read("lyrics", "report.json")["items"]
                   if item["work"] == GOOD]
        self.assertEqual((item["words"], item["placed"]), (0, len(placed)))
        self.assertEqual(item["unmatched"], self.n_lost)
        self.assertAlmostEqual(item["mean_confidence"], sum(placed) / len(placed), places=5)
        self.assertEqual(item["unsure"], sum(one < 0.5 for one in placed))
        for path in bare.glob("*.xml"):
            path.unlink()
        run = chain.run(chain.command("evaluate", bare, self.work, *chain.FAST, *ALL))
        self.exits(run, 0)
        self.assertEqual([mode["mode"] for mode in self.read("report.json")["modes"]], ["lyrics"])
        shutil.rmtree(bare.parent)

    def test_estimates_are_no_reference(self):
        """What an alignment wrote, beside its recording; and with one word of it set by hand."""
        beside = self.top / "beside" / "lieder"
        shutil.copytree(self.top / "lieder", beside, ignore=shutil.ignore_patterns("*.words.csv"))
        estimate = (self.results / "score" / "words" / f"{GOOD}.csv").read_text()
        for confidence, n_words in (("0.999", 0), ("1.000", 1)):
            head, first, *rest = estimate.splitlines()
            first = ";".join([*first.split(";")[:4], confidence])
            (beside / f"{GOOD}.words.csv").write_text("\n".join([head, first, *rest]) + "\n")
            run = chain.run(chain.command("evaluate", beside, self.work, *chain.FAST))
            self.exits(run, 0)
            (item,) = [item for item in self.read("score", "report.json")["items"]
                       if item["work"] == GOOD]
            self.assertEqual(item["words"], n_words)
        shutil.rmtree(beside.parent)

    def test_page_folder(self):
        """silbe-report takes the built page from where it is told to."""
        page = self.work / "page"
        run = chain.run(chain.command("report", "lieder", self.work, "--page", page), cwd=self.top)
        self.exits(run, chain.UNABLE)
        self.assertRegex(run.log, f"{page}: the built page is missing")
        page.mkdir()
        (page / "index.html").write_text("page")
        run = chain.run(chain.command("report", "lieder", self.work, "--page", page), cwd=self.top)
        self.exits(run, 0)
        self.assertIn("2 items, 2 modes", run.log)
        self.assertEqual((self.results / "report" / "index.html").read_text(), "page")

    def test_nothing_there(self):
        for folder in ("score", "lyrics"):
            shutil.rmtree(self.results / folder)
        run = self.evaluate(chain.UNABLE, *ALL)
        self.assertRegex(run.log, "no results in any mode yet; `silbe align` makes them")
        run = self.evaluate(chain.FAILED, *LYRICS)
        self.assertEqual(run.out.count("in posteriors: not run yet"), 2)

    def test_another_text(self):
        """Results of a text that has changed are not judged by the wrong words."""
        path = self.results / "lyrics" / "words" / f"{GOOD}.json"
        text = path.read_text(encoding="utf-8")
        for change, says in (
                (lambda d: d["lines"].pop(), r'lacks ".*", word 1 of line \d+'),
                (lambda d: d["lines"][0]["words"][0].update(text="Nie"),
                 'word 1 of line 1 is "Nie" here, but ".*" in the text'),
                (lambda d: d["lines"][-1]["words"][0].update(text="Nie"),
                 r'word 1 of line \d+ is "Nie" here, but ".*" in the text')):
            document = json.loads(text)
            change(document)
            path.write_text(json.dumps(document), encoding="utf-8")
            run = self.evaluate(chain.FAILED, *LYRICS)
            self.assertRegex(run.out, f"FAILED {GOOD}  in evaluate: .*{says}.*; "
                                      "run the stage align again")

    def test_older_format(self):
        """Results of an older version are not read; the message says what to do."""
        path = self.results / "lyrics" / "words" / f"{GOOD}.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        document["format_version"] = 1
        path.write_text(json.dumps(document), encoding="utf-8")
        run = self.evaluate(chain.FAILED, *LYRICS)
        self.assertRegex(run.out, f"FAILED {GOOD}  in evaluate: .*format_version is 1, this program "
                                  "reads 2; run the alignment again")

    def test_phones(self):
        """The table of first phones is shown where it is there; a broken one is an error."""
        path = self.results / "lyrics" / "phone_onsets.json"
        path.write_text('{"format": "silbe-phone-onsets", "phones": '
                        '[{"phone": "S", "n": 3, "mean_s": 0.125, "median_s": 0.1}]}')
        self.evaluate(0, *LYRICS)
        self.assertEqual(self.read("lyrics", "report.json")["phones"][0]["mean_s"], 0.125)
        self.assertIn("| S | 3 | 125 | 100 |",
                      (self.results / "lyrics" / "report.md").read_text(encoding="utf-8"))
        path.write_text("{}")
        self.assertIn("phone_onsets.json: is not a table", self.evaluate(chain.UNABLE, *LYRICS).log)


if __name__ == "__main__":
    chain.main()

"""One bad file in a folder of two items. The good item comes through as if nothing were wrong; the
bad one fails in one stage, with one message that names the file, the place and what to do; what was
made of it before stays as it was; the report says what failed where."""
import re
import shutil
from pathlib import Path

import bad_files
import chain
from bad_files import replace, write
from chain import BAD, DEMO, FAILED, GOOD, OTHER_SONG, SONG, STAGES


def other(kind, version=None):
    """The file of another song."""
    return lambda path: shutil.copy(chain.demo(kind, OTHER_SONG, version), path)


def lines(change):
    """A function that changes the list of a file's lines."""
    return lambda path: path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")


def cell(row, column, value):
    def change(rows):
        cells = rows[row].split(";")
        cells[column] = value
        rows[row] = ";".join(cells)
        return rows
    return lines(change)


def to_latin_1(path):
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1", "replace"))


def dangling(path):
    path.unlink()
    path.symlink_to("nowhere.wav")


# What is done to which file of the bad item, the stage that must refuse it, and what the message
# must say after the file's name.
AUDIO = [
    ("missing", "wav", Path.unlink, "features", "there is no such file; put it there"),
    ("dangling link", "wav", dangling, "features", "there is no such file; put it there"),
    ("empty", "wav", write(b""), "features", r"empty \(0 bytes\); copy or download"),
    ("truncated", "wav", bad_files.wav_truncated, "features",
     r"header says 914878 samples .* 609911 \(27\.660 of 41\.491 s\); copy it again or set"),
    ("half a header", "wav", bad_files.wav_header_only, "features", "not a sound file .*convert"),
    ("text", "wav", write(b"Es war, als h\xc3\xa4tt' der Himmel\n" * 99), "features",
     "not a sound file .*convert"),
    ("0 Hz", "wav", bad_files.wav_rate_zero, "features", "no valid sample rate, such as 0 Hz"),
    ("NaN", "wav", bad_files.wav_nan, "features",
     r"sample 457439 \(20\.7455 s\), channel 1 is not a number; repair"),
    ("silent", "wav", bad_files.wav_silent, "features", "silent: .*; check that it is the right"),
    ("of another song", "wav", other("wav", "TE24"), "align",
     "does not fit the score .* another song"),
]

SCORE_AND_LYRICS = [
    ("missing", "xml", Path.unlink, "align", "mode lyrics needs none"),
    ("empty", "xml", write(b""), "labels", "the file is empty; export"),
    ("not closed", "xml", replace(b"</part>", b""), "labels", r":\d+:\d+: not well-formed .*export"),
    ("web page", "xml", write(b"<html><body/></html>"), "labels", ":1: <html>: this is no MusicXML"),
    ("no lyrics", "xml",
     lambda path: path.write_bytes(re.sub(rb"(?s)<lyric.*?</lyric>", b"", path.read_bytes())),
     "labels", "the score has no lyrics; write them"),
    ("100,000 deep", "xml", bad_files.xml_deep, "labels", r":2:\d+: .*nested too deeply"),
    ("billion laughs", "xml", bad_files.xml_laughs(20), "labels", r":\d+:\d+: .*entity"),
    ("million laughs", "xml", bad_files.xml_laughs(6), "labels", ":.*entity|entities"),
    ("two laughs", "xml", bad_files.xml_laughs(2), "labels", "defines entities; remove them"),
    ("external entity", "xml", bad_files.xml_external, "labels", "defines entities; remove them"),
    ("Latin-1 declared as UTF-8", "xml", to_latin_1, "labels", r":\d+:\d+: .*not proper UTF-8"),
    ("broken .mxl", "xml", lambda path: bad_files.mxl(path, broken=True), "labels",
     "cannot inflate .* copy it again"),
    ("no zip at all", "xml", lambda path: path.rename(path.with_suffix(".mxl")).write_bytes(b"PK"),
     "labels", "not well-formed|not a zip"),
    ("lyrics of another song", "txt", other("txt"), "labels", "only 16 % .* of another song"),
    ("lyrics empty", "txt", write(b"\n \n"), "labels", "hold no words; write them there"),
    ("lyrics not UTF-8", "txt", replace("ü".encode(), b"\xfc"), "labels",
     "line 2, byte 19: 0xfc is not UTF-8 .*save"),
]

# The bad item's words.csv, then the annotations in SWD's layout.
WORDS = [
    ("columns", lines(lambda rows: ["start;stop;what"] + rows[1:]), r":1:1: header is .*expected"),
    ("order", lines(lambda rows: rows[:4] + [rows[5], rows[4]] + rows[6:]), r":6:1: .*not before"),
    ("NaN", cell(3, 0, "nan"), r":4:1: start is \"nan\", expected a number"),
    ("infinite", cell(3, 0, "inf"), r":4:1: start is \"inf\", expected a number"),
    ("negative", cell(3, 0, "-1.5"), r":4:1: start is \"-1\.5\", expected a number >= 0"),
    ("end before start", cell(3, 1, "0.5"), r":4:\d+: end is .*not before the start"),
    ("field missing", lines(lambda rows: rows[:3] + ["7.1"] + rows[4:]), ":4:1: 1 field, expected 3"),
    ("not UTF-8", replace("ü".encode(), b"\xfc"), r":\d+:\d+: byte 0xFC is not UTF-8; convert"),
    ("empty", write(b""), "the file is empty, expected the header"),
    ("of another song", other("words", "TE24"), "only .* of different texts"),
    ("after the end", lambda path: (cell(-1, 1, "9001")(path), cell(-1, 0, "9000")(path)),
     r"reaches to 9000\.000 s, but the recording ends at 41\.491 s"),
]
NOTES = [
    ("columns", lines(lambda rows: ["start;x"] + rows[1:]), r":1:1: header is .*expected"),
    ("order", lines(lambda rows: rows[:4] + [rows[5], rows[4]] + rows[6:]), r":6:1: .*not before"),
    ("NaN", cell(4, 0, "nan"), r":5:1: start is \"nan\""),
    ("negative", cell(4, 0, "-1.5"), r":5:1: start is \"-1\.5\", expected a number >= 0"),
    ("decreasing", cell(6, 0, "0.1"), r":7:1: start is \"0\.1\", expected a time not before"),
    ("not UTF-8", replace(b'"voice"', b'"v\xf6ice"'), r":\d+:\d+: byte 0xF6 is not UTF-8; convert"),
    ("empty", write(b""), "the file is empty, expected the header"),
    ("no rows", lines(lambda rows: rows[:1]), r":2:1: no rows"),
]
MEASURES = [
    ("columns", lines(lambda rows: ["start;x"] + rows[1:]), r":1:1: header is .*expected"),
    ("order", lines(lambda rows: rows[:4] + [rows[5], rows[4]] + rows[6:]), r":6:1: .*after"),
    ("NaN", cell(4, 0, "nan"), r":5:1: start is \"nan\""),
    ("negative", cell(4, 0, "-1.5"), r":5:1: start is \"-1\.5\", expected a number >= 0"),
    ("decreasing", cell(6, 0, "0.1"), r":7:1: start is \"0\.1\", expected a time after"),
    ("not UTF-8", replace(b"start", b"st\xe4rt"), r":1:\d+: byte 0xE4 is not UTF-8; convert"),
    ("empty", write(b""), "the file is empty, expected the header"),
    ("after the end", lambda path: (cell(-1, 0, "9001")(path), cell(-2, 0, "9000")(path)),
     r"reaches to 9000\.000 s, but the recording ends at 41\.491 s"),
]


class PlainFolder(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chain.make_folder(cls.top / "lieder")
        cls.runs = chain.run_chain(cls.top / "lieder", cls.top / "done", *chain.FAST)
        cls.done = chain.files(cls.top / "done")

    def test_both_are_good_at_first(self):
        self.all_exit(self.runs, 0)
        self.assertEqual(chain.report_of(self.top / "done")["failed"], [])

    def prepare(self):
        """A folder of the dataset, and results of which those of the good item are gone."""
        dataset, work = self.top / "case" / "lieder", self.top / "case" / "work"
        shutil.rmtree(self.top / "case", ignore_errors=True)
        shutil.copytree(self.top / "lieder", dataset)
        shutil.copytree(self.top / "done", work)
        for path in work.rglob(GOOD + ".*"):
            path.unlink()
        return dataset, work

    def check(self, kind, change, stage, says):
        dataset, work = self.prepare()
        change(dataset / f"{BAD}.{kind}")
        bad_before = chain.of_item(chain.files(work, with_mtime=True), BAD)
        runs = chain.run_chain(dataset, work, *chain.FAST)
        for each in STAGES:
            self.exits(runs[each], self.expected_code(each, stage))
        if stage == "evaluate":
            failures = dict(re.findall(r"(?m)^FAILED (\S+) +in evaluate: (.*)$", runs[stage].out))
        else:
            failures = runs[stage].failures()
        self.assertEqual(list(failures), [BAD], str(runs[stage]))
        message = failures[BAD]
        self.assertIn(str(dataset / BAD), message)
        if says is not None:
            self.assertRegex(message, re.escape(str(dataset / BAD)) + r"\.\S+ .*" + says
                             if not says.startswith(":") else says)
        self.assertNotRegex(message, r"\(null\)|GEHEIM|%[sdz]")
        if stage in ("features", "labels"):
            self.assertEqual(runs["align"].failures(), {BAD: f"the stage {stage} failed: {message}"})
        self.assertEqual(chain.report_of(work)["failed"],
                         [{"work": BAD, "version": "", "stage": stage, "reason": message}])
        self.check_files(work, stage, bad_before)

    def expected_code(self, each, stage):
        """Stages that need what the failed one did not make fail, too."""
        first = STAGES.index(stage)
        fails = each == stage or each == "evaluate" or (each == "align" and first <= 2)
        return FAILED if fails else 0

    def check_files(self, work, stage, bad_before):
        """Bytes of the good item; bytes and times of what the bad one had from the failed stage."""
        after = chain.files(work, with_mtime=True)
        content = {name: both[0] for name, both in after.items()}
        good = chain.lasting(chain.of_item(content, GOOD))
        self.same_files(good, chain.lasting(chain.of_item(self.done, GOOD)))
        self.assertTrue(any("/words/" in name for name in good))
        not_made = ["features", "labels", "score", "score"][STAGES.index(stage):]
        kept = {name: both for name, both in bad_before.items()
                if not name.endswith(".record.json") and name.split("/")[1] in not_made}
        self.same_files({name: after.get(name) for name in kept}, kept)
        self.assertEqual(chain.temporary_files(work), [])
        for name, text in content.items():
            self.assertFalse(b"GEHEIM" in text, name)

    def test_audio(self):
        for name, kind, change, stage, says in AUDIO:
            with self.subTest(name):
                self.check(kind, change, stage, says)

    def test_score_and_lyrics(self):
        for name, kind, change, stage, says in SCORE_AND_LYRICS:
            with self.subTest(name):
                self.check(kind, change, stage, says)

    def test_words(self):
        for name, change, says in WORDS:
            with self.subTest(name):
                self.check("words.csv", change, "evaluate", says)

    def test_repaired(self):
        """What failed is done again once the file is good, with the same result."""
        dataset, work = self.prepare()
        audio = dataset / f"{BAD}.wav"
        content = audio.read_bytes()
        audio.write_bytes(content[:1000])
        self.exits(chain.run_chain(dataset, work, *chain.FAST)["evaluate"], FAILED)
        audio.write_bytes(content)
        self.all_exit(chain.run_chain(dataset, work, *chain.FAST), 0)
        self.same_files(chain.lasting(chain.files(work)), chain.lasting(self.done))

    def test_nothing_but_bad_files(self):
        """Without a good item there is still a report."""
        dataset, work = self.top / "bad", self.top / "bad-work"
        chain.add_song(dataset, BAD)
        (dataset / f"{BAD}.wav").write_bytes(b"")
        runs = chain.run_chain(dataset, work)
        self.exits(runs["evaluate"], FAILED)
        self.assertEqual([f["stage"] for f in chain.report_of(work)["failed"]], ["features"])
        (dataset / f"{BAD}.wav").unlink()
        runs = chain.run_chain(dataset, work)
        self.exits(runs["features"], chain.UNABLE)
        self.assertRegex(runs["features"].log, r"bad: no audio files; expected NAME\.wav")


class StrangeButGood(chain.ChainTest):
    """Recordings and scores of unusual form, which must work."""

    CASES = [("8 channels", bad_files.wav_8_channels, "wav"),
             ("192 kHz", bad_files.wav_192_khz, "wav"),
             ("compressed score", bad_files.mxl, "xml")]

    @staticmethod
    def starts(work):
        (path,) = work.glob("*/score/words/gut.csv")
        return [float(row.split(";")[0]) for row in path.read_text().splitlines()[1:]]

    def test_all(self):
        chain.add_song(self.top / "lieder", GOOD)
        self.all_exit(chain.run_chain(self.top / "lieder", self.top / "plain", *chain.FAST), 0)
        plain = self.starts(self.top / "plain")
        for name, change, kind in self.CASES:
            with self.subTest(name):
                shutil.rmtree(self.top / "lieder")
                chain.add_song(self.top / "lieder", GOOD)
                change(self.top / "lieder" / f"{GOOD}.{kind}")
                work = self.top / name
                self.all_exit(chain.run_chain(self.top / "lieder", work, *chain.FAST), 0)
                starts = self.starts(work)
                self.assertEqual(len(starts), len(plain))
                self.assertLess(max(abs(a - b) for a, b in zip(starts, plain)), 0.03)
                self.assertLess(chain.report_of(work)["pooled"]["mean_abs_s"], 0.025)


class SwdLayout(chain.ChainTest):
    """Annotations as the Schubert Winterreise Dataset has them."""

    OPTIONS = ["--set", "dataset.kind=swd", "--set", "dataset.name=s"]
    BAD_ITEM = {"work": SONG, "version": "TE24", "stage": "evaluate"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.swd, cls.work = cls.top / "swd", cls.top / "work"
        cls.dataset = cls.OPTIONS + ["--set", f"dataset.root={cls.swd}"]
        chain.make_swd(cls.swd)
        cls.runs = chain.run_chain(cls.dataset, cls.work, *chain.FAST)

    def check(self, kind, change, says):
        path = self.swd / chain.demo(kind, SONG, "TE24").relative_to(DEMO)
        original = path.read_bytes()
        before = chain.files(self.work, with_mtime=True)
        try:
            change(path)
            run = chain.run(chain.command("evaluate", self.dataset, self.work))
        finally:
            path.unlink(missing_ok=True)
            path.write_bytes(original)
        self.exits(run, FAILED if says is not None else 0)
        report = chain.report_of(self.work)
        self.assertEqual([{key: f[key] for key in self.BAD_ITEM} for f in report["failed"]],
                         [self.BAD_ITEM] if says is not None else [])
        if says is not None:
            self.assertRegex(report["failed"][0]["reason"], re.escape(str(path)) + ".*" + says)
        self.assertEqual(report["items"][0], self.good)
        after = chain.files(self.work, with_mtime=True)
        self.same_files({name: both for name, both in after.items() if "/report." not in name},
                        {name: both for name, both in before.items() if "/report." not in name})

    def test_annotations(self):
        self.all_exit(self.runs, 0)
        self.good = chain.report_of(self.work)["items"][0]
        self.assertEqual(self.good["version"], "SC33")
        for kind, cases in (("notes", NOTES), ("measures", MEASURES)):
            for name, change, says in cases:
                with self.subTest(f"{kind}: {name}"):
                    self.check(kind, change, says)
            with self.subTest(f"{kind}: missing"):
                self.check(kind, Path.unlink, None)


if __name__ == "__main__":
    chain.main()

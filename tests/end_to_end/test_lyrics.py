"""Mode lyrics from outside: text alone, the weights file, and what is wrong with either.

The acoustic model is a tiny one with random weights; where it must have heard something, the test
writes the posteriorgram itself."""
import csv
import json
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

import numpy

import chain
from chain import BIN, FAILED, GOOD, UNABLE

WRITE_WEIGHTS = BIN.parent / "tests" / "write_weights"
# Our own pronunciations, so that the test knows the phones.
WORDS = {"ein": "a I^ n", "Lied": "l i t", "von": "f O n", "mir": "m i 6", "Nacht": "n a x t"}
TEXT = "ein Lied von mir\nNacht, ein Lied\n\nvon mir Nacht\n"
VOWELS, HOP_S, MODE = set("aiO6"), 0.02, ["--set", "align.mode=lyrics"]


def only_text(folder, name, text):
    chain.add_song(folder, name)
    (folder / f"{name}.xml").unlink()
    (folder / f"{name}.words.csv").unlink()
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def sing(path, symbols, text, n_frames, left_out=(), strength=0.9):
    """Writes a posteriorgram in which the text is sung, from 1 s on; lines in left_out are hummed.
    Returns [word, first sound, first vowel] in seconds of those that are sung."""
    rest = (1 - strength) / (len(symbols) - 1)
    rows = numpy.full((n_frames, len(symbols)), rest)
    rows[:, 0] = strength
    times, t = [], round(1 / HOP_S)
    for number, line in enumerate(line for line in text.splitlines() if line):
        for word in line.replace(",", "").split():
            first = vowel = None
            for phone in WORDS[word].split():
                length = 20 if phone in VOWELS else 5
                first = t if first is None else first
                vowel = t if vowel is None and phone in VOWELS else vowel
                heard = "z" if number in left_out else phone
                rows[t:t + length] = rest
                rows[t:t + length, symbols.index(heard)] = strength
                t += length
            if number not in left_out:
                times.append((word, first * HOP_S, vowel * HOP_S))
            t += 10
    numpy.save(path, numpy.log(rows).astype("<f4"))
    return times


class Lyrics(chain.ChainTest):
    def setUp(self):
        self.here = self.top / self.id().split(".")[-1]
        self.here.mkdir()
        self.weights()

    def weights(self, *more):
        subprocess.run([WRITE_WEIGHTS, self.here / "w.weights", *more], check=True,
                       stdout=subprocess.DEVNULL)

    def run_stage(self, stage, *more):
        (self.here / "list.tsv").write_text(
            "".join(f"{word}\t{phones}\n" for word, phones in WORDS.items()), encoding="utf-8")
        return chain.run(chain.command(
            stage, "lieder", "work", "--set", "acoustic.weights=w.weights",
            "--set", "acoustic.pronunciations=list.tsv", *MODE, *more), cwd=self.here)

    def prepare(self, text=TEXT):
        """To the posteriorgram; returns symbols and frames."""
        only_text(self.here / "lieder", GOOD, text)
        for stage in ("features", "labels", "posteriors"):
            self.exits(self.run_stage(stage), 0)
        facts = json.loads((self.posteriors / f"{GOOD}.posteriors.json").read_text())
        self.assertEqual(len(facts["symbols"]), 40)
        array = numpy.load(self.posteriors / f"{GOOD}.npy")
        self.assertEqual(list(array.shape), facts["shape"])
        self.assertLess(abs(numpy.exp(array).sum(axis=1) - 1).max(), 1e-3)
        return facts["symbols"], len(array)

    @property
    def posteriors(self):
        return self.here / "work" / "lieder" / "posteriors"

    def sing(self, symbols, text, n_frames, **more):
        times = sing(self.posteriors / f"{GOOD}.npy", symbols, text, n_frames, **more)
        path = self.posteriors / f"{GOOD}.posteriors.json"
        facts = json.loads(path.read_text())
        facts.update(clear_share=0.2, voice_share=0.3, log_prior=[-3.7] * 40)
        path.write_text(json.dumps(facts))
        return times

    def words(self):
        path = self.here / "work" / "lieder" / "lyrics" / "words" / f"{GOOD}.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        return document, [word for line in document["lines"] for word in line["words"]]

    def fails(self, run, says):
        self.exits(run, FAILED)
        self.assertRegex(run.failures()[GOOD], says)

    # ---- what it does ----

    def test_text_alone(self):
        symbols, n_frames = self.prepare()
        times = self.sing(symbols, TEXT, n_frames)
        self.exits(self.run_stage("align"), 0)
        document, words = self.words()
        self.assertEqual(document["mode"], "lyrics")
        self.assertTrue(all(word["matched"] for word in words))
        self.assertEqual([(word["index"], word["voice"]) for word in words],
                         [(k, "") for k in range(1, len(times) + 1)])
        self.assertEqual([word["text"].strip(",") for word in words], [t[0] for t in times])
        for word, (_, first_s, vowel_s) in zip(words, times):
            self.assertAlmostEqual(word["start_s"], vowel_s, delta=0.0201)
            self.assertAlmostEqual(word["sounding_start_s"], first_s, delta=0.0201)
            self.assertGreater(word["confidence"], 0.9)
            self.assertIsNone(word["syllables"][0]["onset_q"])
            self.assertEqual(" ".join(phone["phone"] for phone in word["phones"]),
                             WORDS[word["text"].strip(",")])
        table = self.here / "work" / "lieder" / "lyrics" / "words" / f"{GOOD}.csv"
        rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines(), delimiter=";"))
        self.assertEqual(rows[0][-1], "sounding_start")
        self.assertIn('name = "phones"', table.with_suffix(".TextGrid").read_text("utf-8"))
        # Another convention of what a start is.
        self.exits(self.run_stage("align", "--set", "lyrics.start=first_phone"), 0)
        for word, (_, first_s, _) in zip(self.words()[1], times):
            self.assertAlmostEqual(word["start_s"], first_s, delta=0.0201)
        # The report comes of itself, without reference.
        self.assertIn(self.run_stage("evaluate").code, (0, FAILED))

    def test_threads(self):
        """The same bytes with any number of threads; nothing to do the second time."""
        only_text(self.here / "lieder", GOOD, TEXT)
        only_text(self.here / "lieder", chain.BAD, TEXT)
        found = []
        for threads in ("1", "4"):
            for stage in ("features", "labels", "posteriors"):
                self.exits(self.run_stage(stage, "--threads", threads, "--force"), 0)
            self.exits(self.run_stage("align", "--threads", threads, "--force", "--set",
                                      "lyrics.min_voice_share=0", "--set",
                                      "lyrics.unmatched_llr=-1000"), 0)
            found.append(chain.lasting(chain.files(self.here / "work")))
        self.same_files(*found)
        run = self.run_stage("posteriors")
        self.assertIn("0 ok, 2 up to date, 0 failed", run.log)
        self.weights("other")  # another file of the same name
        self.weights()
        self.assertIn("0 ok, 2 up to date, 0 failed", self.run_stage("posteriors").log)

    def test_corrections(self):
        symbols, n_frames = self.prepare()
        times = self.sing(symbols, TEXT, n_frames)
        rows = [f"{vowel_s + (0.037 if i == 5 else 0)};;{word};;{int(i == 5)}"
                for i, (word, _, vowel_s) in enumerate(times)]
        (self.here / "mine").mkdir()
        (self.here / "mine" / f"{GOOD}.words.csv").write_text(
            "\n".join(["start;end;word;line;confidence", *rows]) + "\n")
        run = self.run_stage("align", "--verbose", "--set", "dataset.corrections=mine")
        self.exits(run, 0)
        self.assertIn("1 words set by hand", run.log)
        words = self.words()[1]
        self.assertAlmostEqual(words[5]["start_s"], times[5][2] + 0.037, delta=1e-4)
        self.assertEqual(words[5]["confidence"], 1)
        self.assertAlmostEqual(words[4]["start_s"], times[4][2], delta=0.0201)

    def test_modes(self):
        """Mode score says that it lacks a score; the others do what they can."""
        symbols, n_frames = self.prepare()
        self.sing(symbols, TEXT, n_frames)
        run = self.run_stage("align", "--set", "align.mode=score")
        self.fails(run, f"has no score: mode score needs {GOOD}.musicxml")
        run = self.run_stage("align", "--set", "align.mode=all")
        self.exits(run, 0)
        self.assertIn("mode score: left out, no item has a score", run.log)
        self.assertEqual(self.words()[0]["mode"], "lyrics")

    def test_demo(self):
        """With the weights that ship, on synthetic voices that they have never heard."""
        if not (chain.SOURCE / "features" / "model" / "shipped" / "singing.weights").exists():
            self.skipTest("no weights ship yet")
        dataset = ["--set", "dataset.kind=swd", "--set", "dataset.name=demo",
                   "--set", f"dataset.root={chain.DEMO}"]
        for stage in ("features", "labels", "posteriors", "align"):
            self.exits(chain.run(chain.command(stage, dataset, "work", *MODE), cwd=self.here), 0)
        errors = []
        for path in sorted((self.here / "work" / "demo" / "lyrics" / "words").glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            reference = chain.demo("words", *path.stem.rsplit("_", 1))
            rows = list(csv.reader(reference.read_text(encoding="utf-8").splitlines(),
                                   delimiter=";"))[1:]
            words = [word for line in document["lines"] for word in line["words"]]
            self.assertTrue(all(word["matched"] for word in words))
            self.assertEqual(len(words), len(rows))
            errors += [abs(word["start_s"] - float(row[0])) for word, row in zip(words, rows)]
        within = sum(error <= 0.3 for error in errors) / len(errors)
        self.assertGreaterEqual(within, 0.9, "share of words within 0.3 s")

    # ---- texts ----

    def test_unmatched(self):
        symbols, n_frames = self.prepare()
        times = self.sing(symbols, TEXT, n_frames, left_out=[1], strength=0.99)
        run = self.run_stage("align")
        self.exits(run, 0)
        self.assertRegex(run.log, 'warning: unmatched: line 2, "Nacht, ein Lied"')
        document, words = self.words()
        self.assertEqual([line["line"] for line in document["lines"]], [1, 2, 3])
        self.assertIsNone(document["lines"][1]["start_s"])
        lost = document["lines"][1]["words"]
        self.assertEqual([word["text"] for word in lost], ["Nacht,", "ein", "Lied"])
        self.assertEqual([word for word in words if not word["matched"]], lost)
        for word in lost:  # where it would be at best; it is not heard
            self.assertGreater(word["end_s"], word["start_s"])
            self.assertEqual((word["sounding_start_s"], word["phones"]), (None, []))
        table = self.here / "work" / "lieder" / "lyrics" / "words" / f"{GOOD}.csv"
        self.assertNotIn(';2;', table.read_text(encoding="utf-8"), "the second line")
        for word, (_, _, vowel_s) in zip([word for word in words if word["matched"]], times):
            self.assertAlmostEqual(word["start_s"], vowel_s, delta=0.1)

    def test_other_text(self):
        symbols, n_frames = self.prepare()
        self.sing(symbols, TEXT.replace("Nacht", "mir").replace("ein", "von"), n_frames,
                  left_out=[0, 1, 2], strength=0.99)
        self.fails(self.run_stage("align"), "none of the 3 lines is in this recording; is it the "
                                            "right text")

    def test_length(self):
        symbols, n_frames = self.prepare(TEXT * 60)
        self.sing(symbols, TEXT, n_frames)
        self.fails(self.run_stage("align"),
                   r"gut\.wav: the text of 600 words takes \d+\.\d s at least, the recording lasts "
                   r"\d+\.\d s; is it the text of this recording")
        (self.here / "lieder" / f"{GOOD}.txt").write_text("mir\n", encoding="utf-8")
        self.exits(self.run_stage("labels"), 0)
        run = self.run_stage("align", "--set", "lyrics.unmatched_llr=-1000")
        self.exits(run, 0)
        self.assertRegex(run.log, r"warning: a text of 2 syllables for 1\d s of singing, [56]\.\d s "
                                  "each: is it the whole text")

    def test_bad_texts(self):
        self.prepare()
        for text, stage, says in (
                ("", "labels", "gut.txt"), (" \n\n", "labels", "gut.txt: .*no words"),
                ("ein Lied\nпесня 歌\n", "align", "gut.wav: line 2.*песня"),
                ("ein\n\x01\n* - *\n!!!\n", "align", None)):
            with self.subTest(text):
                (self.here / "lieder" / f"{GOOD}.txt").write_text(text, encoding="utf-8")
                run = self.run_stage("labels")
                if stage == "align":
                    self.exits(run, 0)
                    run = self.run_stage("align", "--set", "lyrics.min_voice_share=0", "--set",
                                         "lyrics.unmatched_llr=-1000")
                if says is None:
                    self.exits(run, 0)
                else:
                    self.fails(run, says)

    def test_voices(self):
        symbols, n_frames = self.prepare()
        self.sing(symbols, TEXT, n_frames)
        run = self.run_stage("align", "--set", "acoustic.voice=klingonisch")
        self.fails(run, 'no voice "klingonisch"; there are: .*\\bde\\b')
        (self.here / "list.tsv").unlink()
        run = chain.run(chain.command("align", "lieder", "work", *MODE, "--set",
                                      "acoustic.pronunciations=list.tsv"), cwd=self.here)
        self.fails(run, "list.tsv: there is no such file")

    # ---- sounds ----

    def test_no_voice(self):
        """A model with random weights hears nothing clearly."""
        self.prepare()
        self.fails(self.run_stage("align"), r"gut\.wav: nobody seems to sing: a phone is heard "
                                            r"clearly in 0\.00 % of the time")

    def test_bad_posteriorgrams(self):
        symbols, n_frames = self.prepare()
        self.sing(symbols, TEXT, n_frames)
        path = self.posteriors / f"{GOOD}.npy"
        good = numpy.load(path)
        for change, says in ((lambda a: a[:-5], "run the stage posteriors again"),
                             (lambda a: a[:, :-1], "39"),
                             (lambda a: a * numpy.nan, "frame 0, phone 0: nan is not")):
            numpy.save(path, change(good))
            self.fails(self.run_stage("align"), f"{GOOD}.npy.*{says}")
        path.unlink()
        self.fails(self.run_stage("align"), "npy is missing; run the stage posteriors first")

    # ---- weights ----

    def refused(self, says, *more, code=UNABLE):
        run = self.run_stage("posteriors", *more)
        self.exits(run, code)
        self.assertRegex(run.log, f"silbe-posteriors: error: .*{says}")

    def test_weights(self):
        only_text(self.here / "lieder", GOOD, TEXT)
        path = self.here / "w.weights"
        good = path.read_bytes()
        version = good[:8] + struct.pack("<I", 2) + good[12:]
        for content, says in ((version, "version 2, this program reads version 1"),
                              (good[:-100], r"says that it has \d+ bytes, it has \d+"),
                              (good + b"\0", r"says that it has \d+ bytes, it has \d+"),
                              (good[:500] + bytes([good[500] ^ 1]) + good[501:], "checksum"),
                              (b"", "byte 0"), (b"RIFF" + good[4:], "not a file of weights")):
            path.write_bytes(content)
            with self.subTest(says):
                self.refused(f"w.weights: .*{says}")
        self.weights("other")
        self.refused("w.weights: .*class 7 is .seven.")
        path.unlink()
        self.refused("w.weights: ")
        self.assertFalse((self.here / "work" / "lieder" / "posteriors").exists())

    def test_lists_of_weights(self):
        """Two networks are averaged; a list with one that does not fit is refused as a whole."""
        only_text(self.here / "lieder", GOOD, TEXT)
        self.exits(self.run_stage("features"), 0)
        path = self.posteriors / f"{GOOD}.npy"

        def posteriors(weights):
            self.exits(self.run_stage("posteriors", "--set", f"acoustic.weights={weights}"), 0)
            return numpy.load(path)

        shipped = chain.SOURCE / "features" / "model" / "shipped"
        first, second = shipped / "singing.weights", shipped / "singing_long.weights"
        one, other = posteriors(first), posteriors(second)
        both = posteriors(f"{first}, {second}")
        mean = (one + other) / 2
        mean -= numpy.log(numpy.exp(mean).sum(axis=1, keepdims=True))
        self.assertLess(abs(both - mean).max(), 1e-4)
        self.assertGreater(abs(both - one).max(), 0.1)
        self.assertTrue((posteriors("") == both).all())
        (self.here / "list.yaml").write_text(
            f'acoustic:\n  weights:\n  - "{first}"\n  - "{second}"\n', encoding="utf-8")
        run = self.run_stage("posteriors", "--set", "acoustic.weights=", "--config", "list.yaml")
        self.exits(run, 0)

        subprocess.run([WRITE_WEIGHTS, self.here / "other.weights", "other"], check=True)
        data = first.read_bytes()
        (self.here / "cut.weights").write_bytes(data[:-100])
        (self.here / "changed.weights").write_bytes(data[:5000] + b"?" + data[5001:])
        (self.here / "huge.weights").touch()
        os.truncate(self.here / "huge.weights", 1 << 40)
        for name, says in (("none.weights", "none.weights: "),
                           ("other.weights", "other.weights: .*seven"),
                           ("cut.weights", "cut.weights: "),
                           ("changed.weights", "changed.weights: "),
                           ("huge.weights", "huge.weights: "),
                           ("folds.json", "folds.json: ")):
            for weights in (f"{first},{name}", f"{name},{first}"):
                self.refused(says, "--set", f"acoustic.weights={weights}")
        self.refused("has an empty path", "--set", "acoustic.weights=a,,b",
                     code=chain.MISUSE)

    def test_features(self):
        only_text(self.here / "lieder", GOOD, TEXT)
        self.exits(self.run_stage("features", "--set", "features.logmel_bands=40"), 0)
        self.refused(r"set features.logmel_bands=80 \(it is 40\)",
                     "--set", "features.logmel_bands=40")
        self.refused("features.logmel is false; set", "--set", "features.logmel=false")
        self.fails(self.run_stage("posteriors"), "run the stage features again")

    def test_without_weights(self):
        """The ones that ship, or a word about where to get some."""
        only_text(self.here / "lieder", GOOD, TEXT)
        self.exits(self.run_stage("features"), 0)
        run = self.run_stage("posteriors", "--set", "acoustic.weights=")
        if (chain.SOURCE / "features" / "model" / "shipped" / "singing.weights").exists():
            self.exits(run, 0)
        else:
            self.assertRegex(run.log, "built without an acoustic model; name a weights file")


if __name__ == "__main__":
    chain.main()

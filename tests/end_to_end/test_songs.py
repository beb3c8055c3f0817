"""Songs without a dataset: the bytes are those of the chain of stages, the mode is what is there,
and what is said is true."""
import os
import pty
import re
import shutil
import subprocess
import time

import numpy

import chain
import songs
from bad_files import read_wav, write_wav
from chain import BAD, GOOD
from songs import ENDINGS, MODES

TWO = [f"{name}.{kind}" for name in (GOOD, BAD) for kind in ("wav", "txt", "xml")]
N_MANY = 300
LIMIT_S = 1.5  # for three minutes of audio
IS_SANITIZED = b"__asan_init" in (chain.BIN / "silbe").read_bytes()
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class SameAsChain(chain.ChainTest):
    """Two songs as a folder, by the programs of the stages, are what all else is compared with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wanted = cls.chain("lieder", ("wav", "txt", "xml"), MODES)
        cls.alone = {**cls.chain("texts", ("wav", "txt"), ["lyrics"]),
                     **cls.chain("scores", ("wav", "xml"), ["score"])}

    @classmethod
    def chain(cls, name, kinds, modes):
        """{mode: word times}, named as those of songs are, of a folder with files of these kinds."""
        folder, work = cls.top / name, cls.top / f"{name}.work"
        songs.put(folder, GOOD, kinds=kinds)
        songs.put(folder, BAD, "TE24", kinds=kinds)
        stages = ["features", "labels"] + ["posteriors"] * (modes != ["score"])
        for stage in stages:
            assert chain.run(chain.command(stage, folder, work)).code == 0
        found = {}
        for mode in modes:
            one = chain.run(chain.command("align", folder, work, "--set", f"align.mode={mode}"))
            assert one.code == 0, str(one)
            words = work / name / mode / "words"
            found[mode] = {f"{song}.words.{ending}": (words / f"{song}.{ending}").read_bytes()
                           for song in (GOOD, BAD) for ending in ENDINGS}
        return found

    def test_same_bytes(self):
        for mode in MODES:
            for threads in ("1", "8"):
                cache = self.top / f"cache-{mode}-{threads}"
                for state in ("cold", "warm"):
                    with self.subTest(mode, threads=threads, state=state):
                        out = self.top / f"{mode}-{threads}-{state}"
                        one = songs.align(self.top / "lieder", cache, *TWO, "-m", mode, "-o", out,
                                          "--threads", threads, "--verbose")
                        self.exits(one, 0)
                        self.same_files(songs.results(out), self.wanted[mode])
                        self.assertEqual(one.log.count("was in the cache"),
                                         2 if state == "warm" else 0, str(one))

    def test_other_mode_uses_the_cache(self):
        """Of joint, what score and lyrics have left there is enough."""
        cache, out = self.top / "shared", self.top / "shared.out"
        for mode, n_cached in (("score", 0), ("lyrics", 0), ("joint", 2), ("joint", 2)):
            one = songs.align(self.top / "lieder", cache, *TWO, "-m", mode, "-o", out, "--verbose")
            self.exits(one, 0)
            self.assertEqual(one.log.count("was in the cache"), n_cached, str(one))
            self.same_files(songs.results(out), self.wanted[mode])

    def test_mode_is_what_is_there(self):
        for files, mode in ((["txt"], "lyrics"), (["xml"], "score"), (["txt", "xml"], "joint"),
                            ([], "joint")):
            with self.subTest(files):
                out = self.top / "auto"
                shutil.rmtree(out, ignore_errors=True)
                one = songs.align(self.top / "lieder", self.top / "cache", f"{GOOD}.wav",
                                  *[f"{GOOD}.{kind}" for kind in files], "-o", out)
                self.exits(one, 0)
                placed, unsure, missing = songs.counts(out / f"{GOOD}.words.json")
                self.assertIn(f"{GOOD}.wav: {placed} words placed, {unsure} of them unsure, "
                              f"{missing} not found; mode {mode}, language de", one.log)
                self.assertIn(f"{out}/{GOOD}.words.csv, .json, .TextGrid, .lrc, .vtt, .srt, .txt, "
                              ".eaf", one.log)
                self.assertEqual(one.out, "")
                self.assertIsNone(CONTROLS.search(one.log), str(one))
                wanted = (self.wanted if mode == "joint" else self.alone)[mode]
                self.same_files(songs.results(out), {
                    f"{GOOD}.words.{ending}": wanted[f"{GOOD}.words.{ending}"]
                    for ending in ENDINGS})

    def test_sum_of_songs(self):
        out = self.top / "sum"
        one = songs.align(self.top / "lieder", self.top / "cache", *TWO, "-m", "lyrics", "-o", out)
        self.exits(one, 0)
        each = [songs.counts(out / f"{name}.words.json") for name in (GOOD, BAD)]
        placed, unsure, missing = map(sum, zip(*each))
        self.assertIn(f"2 songs, 0 failed: {placed} words placed, {unsure} of them unsure, "
                      f"{missing} not found", one.log)
        quiet = songs.align(self.top / "lieder", self.top / "cache", *TWO, "-m", "lyrics", "-o",
                            out, "--quiet")
        self.exits(quiet, 0)
        self.assertEqual(quiet.out + quiet.log, "")

    def test_text_from_standard_input(self):
        text = (self.top / "lieder" / f"{GOOD}.txt").read_bytes()
        for name, ending in (("lrc", "lrc"), ("csv", "csv"), ("textgrid", "TextGrid")):
            one = songs.align(self.top / "lieder", self.top / "cache", f"{GOOD}.wav", "-", "-o",
                              "-", "--format", name, text=text)
            self.exits(one, 0)
            self.assertEqual(one.out.encode(),
                             self.alone["lyrics"][f"{GOOD}.words.{ending}"], str(one))
        default = songs.align(self.top / "lieder", self.top / "cache", f"{GOOD}.wav", "-", "-o",
                              "-", text=text)
        self.assertEqual(default.out.encode(), self.alone["lyrics"][f"{GOOD}.words.csv"])

    def test_formats(self):
        out = self.top / "formats"
        for names, endings in (("lrc", ["lrc"]), ("csv,elan", ["csv", "eaf"])):
            shutil.rmtree(out, ignore_errors=True)
            self.exits(songs.align(self.top / "lieder", self.top / "cache", f"{GOOD}.wav",
                                   f"{GOOD}.txt", "-o", out, "-f", names), 0)
            self.same_files(songs.results(out),
                            {f"{GOOD}.words.{ending}":
                             self.alone["lyrics"][f"{GOOD}.words.{ending}"]
                             for ending in endings})

    def test_on_a_terminal(self):
        """Several songs: a bar, which is gone at the end."""
        out = self.top / "terminal"
        master, slave = pty.openpty()
        with subprocess.Popen(songs.command(*TWO, "-o", out, "--threads", "1"), stderr=slave,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              cwd=self.top / "lieder",
                              env=songs.environment(self.top / "cache")) as process:
            os.close(slave)
            shown = b""
            try:
                while piece := os.read(master, 4096):
                    shown += piece
            except OSError:  # Linux says so at the end
                pass
            self.assertEqual(process.stdout.read(), b"")
        os.close(master)
        self.assertEqual(process.returncode, 0, shown)
        self.assertRegex(shown.decode(), r"\r\[#+-+\] 1/2")
        self.assertRegex(shown.decode(), r"2 songs, 0 failed: [^\r]*\r\n\Z")


class Folders(chain.ChainTest):
    """silbe align FOLDER, as a dataset."""

    def align(self, kinds):
        folder, work = self.top / "lieder", self.top / "work"
        for place in (folder, work):
            shutil.rmtree(place, ignore_errors=True)
        for name, (version, which) in kinds.items():
            songs.put(folder, name, version, kinds=which)
        one = songs.align(self.top, self.top / "cache", folder, "--work", work)
        return one, {path.parent.parent.name + "/" + path.name
                     for path in work.glob("lieder/*/words/*.csv")}

    def test_texts(self):
        one, found = self.align({GOOD: ("SC33", ["wav", "txt"]), BAD: ("TE24", ["wav", "txt"])})
        self.exits(one, 0)
        self.assertEqual(found, {f"lyrics/{GOOD}.csv", f"lyrics/{BAD}.csv"}, str(one))

    def test_scores(self):
        one, found = self.align({GOOD: ("SC33", ["wav", "xml"]), BAD: ("TE24", ["wav", "xml"])})
        self.exits(one, 0)
        self.assertEqual(found, {f"score/{GOOD}.csv", f"score/{BAD}.csv"}, str(one))

    def test_mixed(self):
        """Where one has a score the mode is score; what has none is named, with what to do."""
        one, found = self.align({GOOD: ("SC33", ["wav", "txt", "xml"]),
                                 BAD: ("TE24", ["wav", "txt"])})
        self.exits(one, chain.FAILED)
        self.assertEqual(found, {f"score/{GOOD}.csv"}, str(one))
        self.assertRegex(one.log, rf"{BAD} +FAILED: .*needs {BAD}\.musicxml.*mode lyrics")


class Many(chain.ChainTest):
    def test_many(self):
        """Songs of two seconds and one word; one of them is no recording."""
        folder, cache = self.top / "many", self.top / "cache"
        folder.mkdir()
        samples, rate_hz = read_wav(chain.demo("wav", version="SC33"))
        files = []
        for n in range(N_MANY):
            start = 6 * rate_hz + n % 7 * 100  # seven recordings
            write_wav(folder / f"{n:03}_x.wav", samples[start:start + 2 * rate_hz], rate_hz)
            (folder / f"{n:03}.txt").write_text("Es\n")
            files += [f"{n:03}.txt", f"{n:03}_x.wav"]
        (folder / "150_x.wav").write_bytes(b"RIFF")
        # What is sung there is another word.
        one = songs.align(folder, cache, *files, "-f", "csv", "-m", "lyrics",
                          "--set", "lyrics.unmatched_llr=-100")
        self.exits(one, chain.FAILED)
        self.assertEqual(set(one.failures()), {"150_x.wav"})
        self.assertIn(f"{N_MANY} songs, 1 failed: ", one.log)
        found = songs.results(folder)
        self.assertEqual(len(found), N_MANY - 1)
        self.assertEqual(len(set(found.values())), len({found[f"{n:03}_x.words.csv"]
                                                        for n in range(7)}))


class Stereo(chain.ChainTest):
    """A voice in the middle, other noise in each channel."""

    def test_middle(self):
        folder = self.top / "lieder"
        folder.mkdir()
        samples, rate_hz = read_wav(chain.demo("wav", version="SC33"))
        loud = 0.1 * numpy.abs(samples).max()
        noise = numpy.random.default_rng(9).normal(0, loud, (len(samples), 2))
        channels = (samples[:, None] / 2 + noise).round().astype("<i2")
        write_wav(folder / "a.wav", channels, rate_hz, n_channels=2)
        shutil.copy(chain.demo("txt"), folder / "a.txt")

        def words(name, *more):
            """By the programs of the stages, and by silbe align."""
            work = self.top / f"{name}.work"
            for stage in ("features", "labels", "posteriors", "align"):
                self.exits(chain.run(chain.command(stage, folder, work, "--set",
                                                   "align.mode=lyrics", *more)), 0)
            one = songs.align(folder, self.top / f"{name}.cache", "a.wav", "a.txt", "-o",
                              self.top / name, "-m", "lyrics", *more)
            self.exits(one, 0)
            found = songs.results(self.top / name)
            result = found["a.words.csv"]
            self.assertEqual(result, (work / "lieder/lyrics/words/a.csv").read_bytes())
            return result, work / "lieder" / "features"

        middle, features = words("middle")
        mean, without = words("mean", "--set", "features.middle=false")
        self.assertNotEqual(middle, mean)
        bands = numpy.load(features / "a.logmel.npy"), numpy.load(features / "a.middle.npy")
        self.assertEqual(bands[0].shape, bands[1].shape)
        self.assertFalse((without / "a.middle.npy").exists())


class Speed(chain.ChainTest):
    def test_three_minutes(self):
        """Printed beside the programs of the stages; it fails where it is far too slow alone."""
        folder = self.top / "lieder"
        folder.mkdir()
        text = chain.demo("txt").read_text(encoding="utf-8")
        samples, rate_hz = read_wav(chain.demo("wav", version="SC33"))
        write_wav(folder / "lang.wav", numpy.tile(samples, 5), rate_hz)
        (folder / "lang.txt").write_text("\n".join([text] * 5), encoding="utf-8")
        begin = time.monotonic()
        one = songs.align(folder, self.top / "cache", "lang.wav", "lang.txt", "-o", self.top)
        alone = time.monotonic() - begin
        self.exits(one, 0)
        begin = time.monotonic()
        for stage in ("features", "labels", "posteriors", "align", "evaluate"):
            self.exits(chain.run(chain.command(stage, folder, self.top / "work", "--set",
                                               "align.mode=lyrics")), 0)
        print(f"{len(samples) * 5 / rate_hz:.0f} s of audio: silbe align SONG TEXT {alone:.2f} s, "
              f"the five programs {time.monotonic() - begin:.2f} s")
        self.assertLess(alone, 3 * LIMIT_S * (20 if IS_SANITIZED else 1))


if __name__ == "__main__":
    chain.main()

"""--adapt on a dataset and on songs: what it makes, that it goes on where it was stopped with the same
bytes, and what it leaves unadapted."""
import json
import random
import shutil
import signal
import struct
import subprocess
import time
import wave

import chain
import songs

SONG = "Silbe_Demo-04"
N_WORDS = 12  # of its first two lines, which so much sound holds:
SECONDS = {"SC33": 10, "TE24": 12}
# Little is learnt, and whatever comes out is taken: these tests are about the way, not the words.
FAST = ["--set", "adapt.rounds=2", "--set", "adapt.epochs=1", "--set", "train.batch=4",
        "--set", "train.checkpoint_every=1", "--set", "output.formats=csv,json"]
TAKEN = ["--set", "adapt.min_agreement=0.5"]


def sound(path, samples):
    with wave.open(str(path), "w") as out:
        out.setparams((1, 2, 22050, 0, "NONE", "not compressed"))
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def put(folder, name, version):
    """The beginning of a performance, its first two lines: little to learn, and soon learnt."""
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(chain.demo("wav", SONG, version))) as source, \
            wave.open(str(folder / f"{name}.wav"), "w") as out:
        out.setparams(source.getparams())
        out.writeframes(source.readframes(SECONDS[version] * source.getframerate()))
    lines = chain.demo("txt", SONG).read_text(encoding="utf-8").splitlines()[:2]
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = chain.demo("words", SONG, version).read_text(encoding="utf-8").splitlines()
    (folder / f"{name}.words.csv").write_text("\n".join(rows[:N_WORDS + 1]) + "\n", encoding="utf-8")


class Adapt(chain.ChainTest):
    def verdicts(self, path):
        """{item: its part of adapted.json}."""
        made = json.loads(path.read_text(encoding="utf-8"))
        return {item["item"]: item for item in made["items"]}

    def stop(self, process, sent, delay_s):
        """Whether it was stopped in the middle."""
        try:
            process.wait(timeout=delay_s)
        except subprocess.TimeoutExpired:
            process.send_signal(sent)
        process.communicate()
        return process.returncode in (-sent, chain.INTERRUPTED)


class Dataset(Adapt):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dataset = cls.top / "lieder"
        for name, version in (("a", "SC33"), ("b", "TE24")):
            put(cls.dataset, name, version)
        start = time.monotonic()
        cls.first = cls.run_in("done")
        cls.wall_s = time.monotonic() - start
        assert cls.first.code == 0, str(cls.first)

    @classmethod
    def command(cls, work, *options):
        return [str(part) for part in (chain.BIN / "silbe", "align", cls.dataset, "--mode", "lyrics",
                                       "--adapt", "--work", cls.top / work, *FAST, *TAKEN, *options)]

    @classmethod
    def run_in(cls, work, *options):
        return chain.run(cls.command(work, *options))

    def results(self, work):
        found = chain.lasting(chain.files(self.top / work / "lieder"))
        return {name: content for name, content in found.items()
                if name.startswith(("adapt/adapted.", "posteriors/", "lyrics/words/"))
                and not name.endswith("settings.txt")}

    def test_result(self):
        folder = self.top / "done/lieder"
        self.assertIn("2 of 2 recordings are learnt from", self.first.log)
        self.assertIn("0:00:0", self.first.log)  # time left
        verdicts = self.verdicts(folder / "adapt/adapted.json")
        self.assertTrue(any(item["adapted"] for item in verdicts.values()), verdicts)
        for name, item in verdicts.items():
            if item["adapted"]:
                self.assertGreater(item["confidence_after"], item["confidence_before"])
            self.assertIn(f"{name}: adapted (confidence " if item["adapted"] else
                          f"{name}: kept unadapted: {item['reason']}", self.first.log)
            record = json.loads((folder / f"posteriors/{name}.record.json").read_text())
            self.assertEqual(any(file["path"].endswith("adapt/adapted.weights")
                                 for file in record["inputs"]), item["adapted"], record)
        self.assertTrue((folder / "lyrics/report.json").exists())
        self.assertIn("all words pooled", self.first.out)

    def test_again(self):
        files = chain.files(self.top / "done/lieder/adapt", with_mtime=True)
        words = chain.files(self.top / "done/lieder/lyrics/words", with_mtime=True)
        again = self.run_in("done")
        self.exits(again, 0)
        self.assertNotIn("round 1", again.log)
        self.assertRegex(again.log, "[12] of 2 recordings adapted")
        self.same_files(chain.files(self.top / "done/lieder/adapt", with_mtime=True), files)
        self.same_files(chain.files(self.top / "done/lieder/lyrics/words", with_mtime=True), words)

    def test_threads_and_unadapted_before(self):
        plain = [part for part in self.command("threads", "--threads", "4") if part != "--adapt"]
        self.exits(chain.run(plain), 0)
        unadapted = self.results("threads")
        self.exits(self.run_in("threads", "--threads", "1"), 0)
        self.same_files(self.results("threads"), self.results("done"))
        self.exits(self.run_in("threads", "--threads", "4", "--force"), 0)
        self.same_files(self.results("threads"), self.results("done"))
        # And back.
        self.exits(chain.run(plain), 0)
        now = self.results("threads")
        self.same_files({name: now[name] for name in unadapted}, unadapted)

    def test_stopped(self):
        n_hit = 0
        draw = random.Random(4)
        for sent in (signal.SIGKILL, signal.SIGINT):
            with self.subTest(sent.name):
                work = f"stopped_{sent.name}"
                for part in (0.2, 0.4, 0.6):
                    process = subprocess.Popen(self.command(work), stdin=subprocess.DEVNULL,
                                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                               env=chain.environment())
                    n_hit += self.stop(process, sent, part * draw.uniform(0.5, 1) * self.wall_s)
                self.exits(self.run_in(work), 0)
                self.same_files(self.results(work), self.results("done"))
                self.assertEqual(chain.temporary_files(self.top / work), [])
        self.assertGreater(n_hit, 1, "was never stopped in the middle")

    def test_another_recording(self):
        """What has changed begins anew, without a word about it."""
        work = self.top / "changed"
        shutil.copytree(self.top / "done", work)
        self.exits(self.run_in("changed", "--items", "a"), 0)
        self.assertEqual(list(self.verdicts(work / "lieder/adapt/adapted.json")), ["a"])

    def test_mode_score(self):
        run = self.run_in("score", "--set", "align.mode=score")
        self.exits(run, chain.MISUSE)
        self.assertIn("--adapt is for modes that hear phones", run.log)


class WrongText(Adapt):
    def test_swapped(self):
        """Two songs with each other's text, and one with its own."""
        dataset = self.top / "lieder"
        for name, song, text in (("right", SONG, SONG), ("x", "Silbe_Demo-02", "Silbe_Demo-03"),
                                 ("y", "Silbe_Demo-03", "Silbe_Demo-02")):
            dataset.mkdir(exist_ok=True)
            shutil.copy(chain.demo("wav", song, "SC33"), dataset / f"{name}.wav")
            shutil.copy(chain.demo("txt", text), dataset / f"{name}.txt")
        command = [chain.BIN / "silbe", "align", dataset, "--mode", "lyrics", "--set",
                   "output.formats=csv,json"]
        adapted = chain.run([*command, "--adapt", "--work", self.top / "adapted"])
        self.exits(adapted, 0)
        self.assertIn("1 of 3 recordings are learnt from", adapted.log)
        verdicts = self.verdicts(self.top / "adapted/lieder/adapt/adapted.json")
        self.assertEqual([name for name, item in verdicts.items() if item["adapted"]], ["right"])
        self.exits(chain.run([*command, "--work", self.top / "plain"]), 0)
        words = "lieder/lyrics/words"
        found, plain = (chain.files(self.top / work / words) for work in ("adapted", "plain"))
        for name in "xy":
            self.assertIn(f"{name}: kept unadapted: the text is too unsure", adapted.log)
            for ending in ("csv", "json"):
                self.assertEqual(found[f"{name}.{ending}"], plain[f"{name}.{ending}"])
        self.assertNotEqual(found["right.csv"], plain["right.csv"])


class Songs(Adapt):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.prepare("done")
        start = time.monotonic()
        cls.first = cls.align(cls.folder)
        cls.wall_s = time.monotonic() - start
        assert cls.first.code == 0, str(cls.first)
        cls.done = songs.results(cls.folder)

    @classmethod
    def prepare(cls, name):
        folder = cls.top / name
        for song, version in (("a", "SC33"), ("b", "TE24")):
            put(folder, song, version)
            (folder / f"{song}.words.csv").unlink()
        return folder

    @classmethod
    def align(cls, folder, *options, cache=None, names=("a.wav", "b.wav"), **more):
        return songs.align(folder, cache or folder / "cache", *names, "--adapt", *FAST, *TAKEN,
                           *options, **more)

    def test_result(self):
        self.assertIn("adapting to 2 songs", self.first.log)
        for name in ("a", "b"):
            self.assertRegex(self.first.log, rf"(?m)^{name}\.wav: {N_WORDS} words placed, .*, "
                             "(adapted|kept unadapted: .+)$")
        self.assertRegex(self.first.log, "[12] of 2 recordings adapted")
        beside = {path.name for path in self.folder.iterdir()}
        self.assertEqual(beside, {"a.wav", "a.txt", "b.wav", "b.txt", "cache", *self.done})
        self.assertEqual(list(self.folder.glob("cache/silbe/*/*.tmp.*")), [])
        plain = songs.align(self.folder, self.folder / "cache", "a.wav", "b.wav", "-o", "plain",
                            *FAST)
        self.exits(plain, 0)
        self.assertNotEqual(songs.results(self.folder / "plain"), self.done)

    def test_again(self):
        """From the cache, also where the songs lie elsewhere now."""
        folder = self.prepare("elsewhere")
        again = self.align(folder, cache=self.folder / "cache")
        self.exits(again, 0)
        self.assertNotIn("adapting", again.log)
        self.assertRegex(again.log, "(?m), adapted$")
        self.assertEqual(songs.results(folder), self.done)

    def test_without_cache(self):
        folder = self.prepare("uncached")
        blocked = self.top / "blocked"
        blocked.write_text("")
        (self.top / "temporary").mkdir()
        run = subprocess.run([*songs.command("a.wav", "b.wav"), "--adapt", *FAST, *TAKEN], cwd=folder,
                             env={**songs.environment(blocked), "TMPDIR": str(self.top / "temporary")},
                             capture_output=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.same_files(songs.results(folder), self.done)
        self.assertEqual(list((self.top / "temporary").iterdir()), [])

    def test_threads(self):
        for n in ("1", "4"):
            folder = self.prepare(f"threads_{n}")
            self.exits(self.align(folder, "--threads", n), 0)
            self.same_files(songs.results(folder), self.done)

    def test_stopped(self):
        n_hit = 0
        draw = random.Random(5)
        for sent in (signal.SIGKILL, signal.SIGINT):
            with self.subTest(sent.name):
                folder = self.prepare(f"stopped_{sent.name}")
                for part in (0.2, 0.4, 0.6):
                    process = songs.start(folder, folder / "cache", "a.wav", "b.wav", "--adapt",
                                          *FAST, *TAKEN)
                    n_hit += self.stop(process, sent, part * draw.uniform(0.5, 1) * self.wall_s)
                self.exits(self.align(folder), 0)
                self.same_files(songs.results(folder), self.done)
        self.assertGreater(n_hit, 1, "was never stopped in the middle")

    def test_two_at_once(self):
        folder = self.prepare("shared")
        both = [songs.start(folder, folder / "cache", "a.wav", "b.wav", "--adapt", *FAST, *TAKEN)
                for _ in range(2)]
        for process in both:
            log = process.communicate()[1].decode("utf-8")
            self.assertEqual(process.returncode, 0, log)
        self.same_files(songs.results(folder), self.done)

    def test_standard_input(self):
        folder = self.prepare("piped")
        run = self.align(folder, "-", "-o", "-", "-f", "csv", names=("a.wav",),
                         text=(folder / "b.txt").read_bytes())
        self.exits(run, 0)
        self.assertIn("a.wav: 12 words placed", run.log)
        self.assertTrue(run.out.startswith("start;end;word"))

    def test_score_alone(self):
        folder = self.top / "score"
        songs.put(folder, "a", kinds=("wav", "xml"))
        run = self.align(folder, names=("a.wav", "a.xml"))
        self.exits(run, chain.MISUSE)
        self.assertIn("--adapt is for modes that hear phones", run.log)

    def test_odd_songs(self):
        """All at once: what can be aligned is, and the others are named, each with its reason."""
        folder = self.prepare("odd")
        text = chain.demo("txt", SONG).read_text(encoding="utf-8").splitlines()
        texts = {"short": "\n".join(text[:2]) + "\n", "word": "Ich\n", "same": (text[0] + "\n") * 500,
                 "noise": "\n".join(text) + "\n", "silence": "\n".join(text) + "\n", "empty": "\n"}
        draw = random.Random(1)
        put(folder, "short", "SC33")
        (folder / "short.words.csv").unlink()
        sound(folder / "noise.wav", [draw.randint(-8000, 8000) for _ in range(10 * 22050)])
        sound(folder / "silence.wav", [0] * (10 * 22050))
        for name in ("word", "same", "empty"):
            (folder / f"{name}.wav").symlink_to(chain.demo("wav", SONG, "SC33"))
        for name, content in texts.items():
            (folder / f"{name}.txt").write_text(content, encoding="utf-8")
        run = self.align(folder, names=[f"{name}.wav" for name in ("a", "b", *texts)])
        self.exits(run, chain.FAILED)
        self.assertEqual(set(run.failures()),
                         {f"{name}.wav" for name in texts if name != "short"}, str(run))
        for name in ("word", "same", "noise", "silence", "empty"):
            self.assertIn(f"{name}: kept unadapted: ", run.log)
        self.assertIn(f"a.wav: {N_WORDS} words placed, ", run.log)
        # Each by itself: the same reasons, and nothing to learn from is no failure of its own.
        for name in ("word", "same", "noise", "silence", "empty", "short"):
            with self.subTest(name):
                run = self.align(folder, names=[f"{name}.wav"])
                self.exits(run, 0 if name == "short" else chain.FAILED)


if __name__ == "__main__":
    chain.main()

"""Songs whose run is killed or interrupted, runs out of space, or shares its cache with others: the
word times are whole or not there, and the next run completes them as if nothing had happened."""
import shutil
import signal
import subprocess
import time

import chain
import songs

N_SONGS = 3
FILES = [f"{n}.{kind}" for n in range(N_SONGS) for kind in ("wav", "txt")]


class Interruptions(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.top / "songs"
        for n, version in enumerate(["SC33", "TE24", "BA07"]):
            songs.put(cls.source, str(n), version, kinds=("wav", "txt"))
        start = time.monotonic()
        one = songs.align(cls.source, cls.top / "done-cache", *FILES, "-o", cls.top / "done",
                          "--threads", "1")
        cls.seconds = time.monotonic() - start
        assert one.code == 0, str(one)
        cls.done = songs.results(cls.top / "done")
        assert len(cls.done) == N_SONGS * len(songs.ENDINGS)

    def setUp(self):
        self.folder, self.cache = self.top / "case", self.top / "cache"
        for folder in (self.folder, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.source, self.folder)

    def completes(self, *options):
        one = songs.align(self.folder, self.cache, *FILES, *options)
        self.exits(one, 0)
        self.same_files(songs.results(self.folder), self.done)
        return one

    def test_kill(self):
        """At moments over the whole run; and always the next one ends well."""
        n_unfinished = 0
        for attempt in range(8):
            if attempt % 4 == 0:
                self.setUp()
            process = songs.start(self.folder, self.cache, *FILES, "--threads", "1")
            time.sleep(self.seconds * (attempt % 4 + 1) / 5)
            process.kill()
            process.communicate()
            n_unfinished += len(songs.results(self.folder)) < len(self.done)
            found = songs.results(self.folder)
            self.same_files(found, {name: self.done[name] for name in found})
        self.assertGreater(n_unfinished, 0, "never killed in the middle")
        self.completes()

    def test_what_the_killed_left(self):
        """Unfinished files stay, and are not taken for texts."""
        self.completes()
        (self.folder / "0.words.csv.tmp.999999999").write_text("half")
        everything = sorted(path.name for path in self.folder.iterdir())
        one = songs.align(self.folder, self.cache, *everything)
        self.exits(one, 0)
        self.same_files(songs.results(self.folder), self.done)

    def test_interrupt(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            self.setUp()
            process = songs.start(self.folder, self.cache, *FILES, "--threads", "1")
            deadline = time.monotonic() + 20
            while not songs.results(self.folder) and time.monotonic() < deadline:
                time.sleep(0.001)
            process.send_signal(sent)
            log = process.communicate()[1].decode("utf-8")
            self.assertEqual(process.returncode, chain.INTERRUPTED, log)
            self.assertRegex(log, r"stopped with [1-9] songs left; the same command goes on")
            self.assertEqual(chain.temporary_files(self.folder), [])
            self.assertEqual(chain.temporary_files(self.cache), [])
            found = songs.results(self.folder)
            self.same_files(found, {name: self.done[name] for name in found})
            one = self.completes("--verbose")
            self.assertIn("was in the cache", one.log)

    def test_runs_at_once(self):
        """Three runs on the same songs, files and cache, which is taken away meanwhile."""
        for takes_away in (False, True):
            self.setUp()
            runs = [songs.start(self.folder, self.cache, *FILES, "--overwrite") for _ in range(3)]
            while any(process.poll() is None for process in runs):
                if takes_away:
                    shutil.rmtree(self.cache, ignore_errors=True)
                time.sleep(0.005)
            for process in runs:
                log = process.communicate()[1].decode("utf-8")
                self.assertEqual(process.returncode, 0, log)
            self.same_files(songs.results(self.folder), self.done)
            self.assertEqual(chain.temporary_files(self.folder), [])
            if not takes_away:
                self.assertEqual(chain.temporary_files(self.cache), [])

    def test_damaged_cache(self):
        """Each file of it cut off, emptied, changed, filled with what is none, or gone."""
        def align():
            one = songs.align(self.folder, self.cache, "0.wav", "0.xml", "-m", "joint", "--verbose")
            self.exits(one, 0)
            self.same_files(songs.results(self.folder), wanted)
            return "was in the cache" in one.log

        songs.put(self.folder, "0", kinds=("xml",))
        self.exits(songs.align(self.folder, self.top / "other-cache", "0.wav", "0.xml", "-m",
                               "joint", "-o", self.top / "joint"), 0)
        wanted = songs.results(self.top / "joint")
        self.assertFalse(align())
        paths = [path for path in self.cache.glob("silbe/*/*/*")
                 if path.parent.parent.name != "written"]
        self.assertEqual({path.name for path in paths},
                         {"digest", "features.json", "chroma.npy", "onset.npy", "pitch_onset.npy",
                          "posteriors.json", "posteriors.npy"})
        damages = [lambda b: b[:len(b) // 2], lambda b: b"", lambda b: b[::-1],
                   lambda b: b[:-9] + bytes([b[-9] ^ 1]) + b[-8:], lambda b: None]
        for number, path in enumerate(sorted(paths)):
            content = damages[number % len(damages)](path.read_bytes())
            path.unlink()
            if content is not None:
                path.write_bytes(content)
            self.assertFalse(align(), f"{path}: {content}")
            self.assertTrue(align())

    def test_limited_files(self):
        """Files that may not grow, as a quota would have it."""
        run = subprocess.run(["bash", "-c", 'trap "" XFSZ; ulimit -f 4; exec "$@"', "-",
                              *songs.command(*FILES)], cwd=self.folder, capture_output=True,
                             env=songs.environment(self.cache), check=False)
        log = run.stderr.decode("utf-8")
        self.assertEqual(run.returncode, chain.FAILED, log)
        self.assertRegex(log, r"0\.wav +FAILED: \./?.*words\..*failed: File too large|"
                              r"0\.wav +FAILED: .*words\..*failed: File too large")
        self.assertEqual(chain.temporary_files(self.folder), [])
        self.completes()

    def test_full_disk(self):
        """No room for the word times, then for the cache alone."""
        script = """
            mount -t tmpfs -o size=8m silbe-test "$1" || exit 77
            cp "$2"/0.* "$1" && cd "$1" || exit 77
            head -c 100m /dev/zero > filler 2> /dev/null
            "$3" align 0.wav 0.txt >&2
            echo "full $?"
            find . -name '*.tmp.*'
            XDG_CACHE_HOME=$1/cache "$3" align 0.wav 0.txt -o - --verbose > "$4"
            echo "cache $?"
            find . -name '*.tmp.*'
            rm filler
            "$3" align 0.wav 0.txt >&2
            echo "room $?"
            cp 0.words.* "$5"
        """
        mounted, out = self.top / "filled", self.top / "from-full"
        for folder in (mounted, out):
            folder.mkdir(exist_ok=True)
        run = subprocess.run(["unshare", "-m", "bash", "-c", script, "-", str(mounted),
                              str(self.source), str(chain.BIN / "silbe"), str(self.top / "stdout"),
                              str(out)], capture_output=True, env=songs.environment(self.cache),
                             check=False)
        log = run.stdout.decode() + run.stderr.decode()
        if run.returncode == 77 or "unshare" in log:
            self.skipTest("may not mount a file system here")
        self.assertEqual(run.stdout.decode().splitlines(), ["full 1", "cache 0", "room 0"], log)
        self.assertRegex(log, r"words\.csv: .*No space left on device; make room")
        self.assertIn("not kept in the cache: ", log)
        self.assertEqual((self.top / "stdout").read_bytes(), self.done["0.words.csv"])
        self.same_files(songs.results(out), {f"0.words.{ending}": self.done[f"0.words.{ending}"]
                                             for ending in songs.ENDINGS})


if __name__ == "__main__":
    chain.main()

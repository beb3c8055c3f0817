"""Songs whose run shares its cache with others, or finds it damaged: the word times are those of an
undisturbed run."""
import shutil
import time

import chain
import songs

N_SONGS = 3
FILES = [f"{n}.{kind}" for n in range(N_SONGS) for kind in ("wav", "txt")]


class Cache(chain.ChainTest):
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

    def test_what_the_killed_left(self):
        """Unfinished files stay, and are not taken for texts."""
        self.completes()
        (self.folder / "0.words.csv.tmp.999999999").write_text("half")
        everything = sorted(path.name for path in self.folder.iterdir())
        one = songs.align(self.folder, self.cache, *everything)
        self.exits(one, 0)
        self.same_files(songs.results(self.folder), self.done)

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


if __name__ == "__main__":
    chain.main()

"""What a second run does: nothing where nothing changed, and no more than what depends on a change;
and the same bytes with any number of threads."""
import shutil

import chain
from chain import BAD, GOOD, STAGES
from bad_files import replace

# A changed setting, and the stages that do something again. align reads the facts that features
# writes, so it follows even where only its log-mel bands change.
SETTINGS = [
    (["features.hop_ms=20"], ["features", "align"]),
    (["features.logmel_bands=40", "features.logmel=true"], ["features", "align"]),
    (["output.formats=csv,json,srt"], ["align"]),
    (["evaluate.reference_note=fine"], []),
    (["run.threads=1"], []),
]

# A changed file of one item, and the stages that do that item again. The comment changes the score's
# bytes, but no label.
FILES = [
    ("wav", lambda path: path.write_bytes(path.read_bytes()[:-2] + b"\x10\x00"),
     ["features", "align"]),
    ("txt", replace(b"Es war,", b"Es war!"), ["labels", "align"]),
    ("xml", replace(b"<score-partwise", b"<!-- again --><score-partwise"), ["labels"]),
    ("words.csv", replace(b'"Es"', b'"ES"'), []),
]


class Reruns(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chain.make_folder(cls.top / "lieder")
        cls.runs = chain.run_chain(cls.top / "lieder", cls.top / "done", *chain.FAST)

    def prepare(self):
        dataset, work = self.top / "case" / "lieder", self.top / "case" / "work"
        shutil.rmtree(self.top / "case", ignore_errors=True)
        shutil.copytree(self.top / "lieder", dataset)
        shutil.copytree(self.top / "done", work)
        return dataset, work

    def check(self, runs, again, n_again):
        self.all_exit(runs, 0)
        for stage in STAGES[:3]:
            n = n_again if stage in again else 0
            self.assertIn(f"silbe-{stage}: {n} ok, {2 - n} up to date, 0 failed", runs[stage].log)

    def test_nothing_changed(self):
        self.all_exit(self.runs, 0)
        before = chain.files(self.top / "done", with_mtime=True)
        for path in (self.top / "lieder").iterdir():
            path.touch()
        self.check(chain.run_chain(self.top / "lieder", self.top / "done", *chain.FAST), [], 0)
        self.same_files(chain.files(self.top / "done", with_mtime=True), before)

    def test_settings(self):
        for assignments, again in SETTINGS:
            with self.subTest(assignments[0]):
                dataset, work = self.prepare()
                options = [word for text in assignments for word in ("--set", text)]
                self.check(chain.run_chain(dataset, work, *chain.FAST, *options), again, 2)
                # And back: done again, with the bytes of the first time.
                shutil.rmtree(work / "lieder" / "score" / "words")
                chain.run_chain(dataset, work, *chain.FAST)
                found, wanted = (chain.lasting(chain.files(folder))
                                 for folder in (work, self.top / "done"))
                self.same_files({name: found.get(name) for name in wanted}, wanted)

    def test_files(self):
        for kind, change, again in FILES:
            with self.subTest(kind):
                dataset, work = self.prepare()
                change(dataset / f"{BAD}.{kind}")
                before = chain.files(work, with_mtime=True)
                self.check(chain.run_chain(dataset, work, *chain.FAST), again, 1)
                self.same_files(chain.of_item(chain.files(work, with_mtime=True), GOOD),
                                chain.of_item(before, GOOD))

    def test_threads(self):
        for threads in ("1", "4"):
            self.all_exit(chain.run_chain(self.top / "lieder", self.top / f"threads-{threads}",
                                          "--threads", threads), 0)
        self.same_files(chain.lasting(chain.files(self.top / "threads-1")),
                        chain.lasting(chain.files(self.top / "threads-4")))

    def test_moved(self):
        """A folder that moved with its results is still up to date."""
        dataset, work = self.prepare()
        shutil.move(self.top / "case", self.top / "moved")
        self.check(chain.run_chain(self.top / "moved" / "lieder", self.top / "moved" / "work",
                                   *chain.FAST), [], 0)
        self.assertFalse(dataset.exists() or work.exists())


if __name__ == "__main__":
    chain.main()

"""`make align` and its friends from outside: what the variables become, exit codes, where results go.
The Makefile runs in a folder that has the programs built already."""
import os
import shutil

import chain
from chain import BIN, DEMO, GOOD, SOURCE, STAGES


class Make(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.copy(SOURCE / "Makefile", cls.top)
        shutil.copytree(SOURCE / "configs", cls.top / "configs")
        (cls.top / "datasets").mkdir()
        shutil.copy(SOURCE / "datasets" / "fetch.sh", cls.top / "datasets")
        (cls.top / "build").mkdir()
        (cls.top / "build" / "bin").symlink_to(BIN)
        shutil.copytree(DEMO, cls.top / "build" / "demo-data")

    def make(self, *arguments):
        # -o: the programs are what is tested, not how they are built.
        return chain.run(["make", "-o", "build", "-o", "deps", *arguments], cwd=self.top)

    def test_strange_folder(self):
        folder = "Lieder & Gesänge, 1. 'Teil'"
        chain.add_song(self.top / folder, GOOD)
        arguments = ["align", f"DATASET={folder}", "WORK=meine Ergebnisse",
                     "SET=features.logmel=false output.formats=csv,json"]
        run = self.make(*arguments)
        self.exits(run, 0)
        for stage in STAGES:
            self.assertIn(f"--- silbe-{stage}", run.log)
        self.assertIn("mean over songs", run.out)
        self.assertIn(f"meine Ergebnisse/{folder}/score/report.md", run.log)
        results = self.top / "meine Ergebnisse" / folder
        self.assertEqual({path.name for path in (results / "score" / "words").iterdir()},
                         {f"{GOOD}.csv", f"{GOOD}.json"})
        self.assertEqual(list(results.rglob("*.logmel.npy")), [])
        run = self.make(*arguments)
        self.exits(run, 0)
        self.assertEqual(run.log.count(" 0 ok, 1 up to date, 0 failed"), 3)

    def test_failing_item(self):
        """The chain goes on, the report is made, and make fails."""
        chain.make_folder(self.top / "lieder")
        (self.top / "lieder" / f"{chain.BAD}.wav").write_bytes(b"")
        run = self.make("align", "DATASET=lieder", "SET=features.logmel=false")
        self.exits(run, 2)  # make's own code
        self.assertIn("FAILED schlecht  in features: lieder/schlecht.wav: the file is empty", run.out)
        self.assertIn("Error 1", run.log)
        run = self.make("align", "DATASET=lieder", "ITEMS=gut", "SET=features.logmel=false")
        self.exits(run, 0)

    def test_one_stage(self):
        run = self.make("features", "ITEMS=*-01_SC33", "THREADS=1", "WORK=w1")
        self.exits(run, 0)
        self.assertIn("silbe-features: 1 ok, 0 up to date, 0 failed", run.log)
        run = self.make("evaluate", "ITEMS=*-01_SC33", "WORK=w1")
        self.exits(run, 2)
        self.assertIn("not run yet; `silbe align` runs it", run.out)

    def test_wrong_datasets(self):
        for dataset, says in (("winterreisse", "no such folder, and no configs/winterreisse.yaml"),
                              (os.path.join(os.sep, "nonexistent"), "no such folder"),
                              ("swd", "datasets/swd/data: no such folder.*make fetch DATASET=swd")):
            with self.subTest(dataset):
                run = self.make("align", f"DATASET={dataset}")
                self.exits(run, 2)
                self.assertRegex(run.log, says)
                self.assertEqual(run.log.count("--- silbe-"), 0, "goes on after a wrong dataset")
        self.assertFalse((self.top / "work" / "swd").exists())

    def test_wrong_settings(self):
        for argument, says in (("SET=features.hop_mz=1", "did you mean features.hop_ms"),
                               ("MODE=dance", '"dance" is not known'),
                               ("THREADS=many", '"many" is not a whole number'),
                               ("CONFIG=none.yaml", "none.yaml: cannot be read")):
            with self.subTest(argument):
                run = self.make("align", argument)
                self.exits(run, 2)
                self.assertIn(says, run.log)


if __name__ == "__main__":
    chain.main()

"""silbe demo: the same dataset as silbe-demo makes, with the manners of the other commands.

Started by ctest as test_demo.py PROGRAM_FOLDER; works in a folder of its own below the current one.
"""
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BIN = Path(sys.argv[1]).resolve()
OK, MISUSE = 0, 2


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Demo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="demo_command.", dir=".")
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name).resolve()

    def call(self, *command):
        """Exit code, stdout, stderr."""
        done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=self.top,
                              capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout, done.stderr

    def test_dataset(self):
        code, out, err = self.call("silbe", "demo", "--threads", "1")
        self.assertEqual((code, out), (OK, ""), err)
        self.assertRegex(err, r"\Asilbe-demo: made in [0-9.]+ s\nto align it: silbe align --set ")
        self.assertEqual([path.name for path in self.top.iterdir()], ["silbe-demo"])
        self.assertEqual(self.call("silbe-demo", "--out", "other")[0], OK)
        made = contents(self.top / "silbe-demo")
        self.assertEqual(made, contents(self.top / "other"))
        self.assertIn("demo.stamp", made)
        code, _, err = self.call("silbe", "demo", "--out", "other")
        self.assertEqual(code, OK)
        self.assertTrue(err.startswith("other: up to date\n"), err)
        self.assertEqual(self.call("silbe", "demo", "--quiet"), (OK, "", ""))
        self.assertEqual(contents(self.top / "silbe-demo"), made)

    def test_advice_is_right(self):
        """What it says to call next finds the dataset; a folder's name may hold blanks."""
        code, _, err = self.call("silbe", "demo", "--out", "two words")
        self.assertEqual(code, OK, err)
        advice = err.splitlines()[-1].removeprefix("to align it: silbe ")
        program = shlex.quote(str(BIN / "silbe"))
        done = subprocess.run(f"{program} {advice} --items '*-01_SC33' --set align.mode=score",
                              shell=True, cwd=self.top, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertTrue(list((self.top / "work" / "demo" / "score" / "words").glob("*.csv")))

    def test_what_is_in_the_way_stays(self):
        (self.top / "mine").mkdir()
        (self.top / "mine" / "letter.txt").write_text("text")
        code, _, err = self.call("silbe", "demo", "--out", "mine")
        self.assertEqual(code, MISUSE)
        self.assertIn("silbe demo: error: mine: exists and is not a demo dataset", err)
        self.assertEqual(contents(self.top), {"mine/letter.txt": b"text"})

    def test_misuse(self):
        for arguments, message in ((["folder"], '"folder" is not an option'),
                                   (["--out"], "--out needs a value: --out FOLDER"),
                                   (["--out", ""], "--out needs the name of a folder"),
                                   (["--threads", "x"], "run.threads")):
            code, _, err = self.call("silbe", "demo", *arguments)
            self.assertEqual(code, MISUSE, err)
            self.assertIn(message, err)
            self.assertEqual(list(self.top.iterdir()), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)

"""silbe doctor: what it says of this machine, and of one where something is missing.

Started by ctest as test_doctor.py PROGRAM; works in a folder of its own below the current one.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SILBE = str(Path(sys.argv[1]).resolve())
OK, FAILED, MISUSE, UNABLE = 0, 1, 2, 4
GROUPS = ["silbe", "processor", "libraries", "audio", "speech", "programs", "here"]


class Doctor(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="doctor.", dir=".")
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name).resolve()

    def run_doctor(self, *arguments, **environment):
        """Exit code, stdout, stderr; a variable that is None is not set."""
        variables = {**os.environ, "XDG_CACHE_HOME": str(self.top / "cache"), **environment}
        variables = {name: value for name, value in variables.items() if value is not None}
        done = subprocess.run([SILBE, "doctor", *arguments], cwd=self.top, env=variables,
                              capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def examine(self, *arguments, **environment):
        """Exit code and the findings of --json: {(group, name): [(state, text), ...]}."""
        code, out, _ = self.run_doctor("--json", *arguments, **environment)
        document = json.loads(out)
        self.assertEqual((document["format"], document["version"]), ("silbe doctor", 1))
        findings = {}
        for item in document["findings"]:
            self.assertEqual(set(item), {"group", "name", "state", "text"})
            self.assertIn(item["state"], ("good", "absent", "broken"))
            findings.setdefault((item["group"], item["name"]), []).append(
                (item["state"], item["text"]))
        self.assertEqual(list(dict.fromkeys(group for group, _ in findings)), GROUPS)
        is_broken = any(state == "broken" for list_ in findings.values() for state, _ in list_)
        self.assertEqual(document["works"], not is_broken)
        self.assertEqual(code, FAILED if is_broken else OK)
        return code, findings

    def test_this_machine_works(self):
        code, findings = self.examine()
        self.assertEqual(code, OK)
        for name in (("silbe", "version"), ("libraries", "OpenBLAS"), ("libraries", "FFTW"),
                     ("audio", "wav"), ("audio", "flac"), ("speech", "eSpeak NG"),
                     ("speech", "voice"), ("speech", "model")):
            self.assertEqual(findings[name][0][0], "good", name)
        executable = Path(findings["silbe", "executable"][0][1])
        self.assertEqual(executable, Path(SILBE).resolve())
        self.assertEqual(findings["speech", "voice"][0][1],
                         "de (acoustic.voice) says 7 as z i b @ n")

    def test_table_says_the_same(self):
        code, out, err = self.run_doctor()
        self.assertEqual((code, err), (OK, ""))
        lines = out.splitlines()
        self.assertEqual([line for line in lines if line in GROUPS], GROUPS)
        self.assertEqual(lines[-1], "All that is needed works.")
        _, findings = self.examine()
        for (_, name), list_ in findings.items():
            for state, text in list_:
                self.assertIn(f"  {state:6s}  {name:12s} {text}", lines)

    def test_no_voices(self):
        (self.top / "empty").mkdir()
        folder = str(self.top / "empty")
        code, findings = self.examine(ESPEAK_DATA_PATH=folder)
        self.assertEqual(code, FAILED)
        self.assertEqual(findings["speech", "voice"][0][0], "broken")
        state, text = findings["speech", "eSpeak NG"][0]
        self.assertEqual(state, "broken")
        self.assertIn("install espeak-ng-data", text)
        self.assertEqual(findings["speech", "model"][0][0], "good")
        code, out, _ = self.run_doctor(ESPEAK_DATA_PATH=folder)
        self.assertEqual(code, FAILED)
        self.assertIn("\n  BROKEN  eSpeak NG", out)
        self.assertTrue(out.endswith("\n2 of these are broken.\n"), out)

    def test_settings_that_cannot_work(self):
        for setting, name, message in (
                ("acoustic.voice=nosuch", "voice", 'no voice "nosuch"'),
                ("acoustic.weights=missing.weights", "model", "missing.weights: cannot be read"),
                ("acoustic.weights=missing.json", "model", "missing.json: cannot be read"),
                ("features.logmel=false", "model", "set features.logmel=true")):
            with self.subTest(setting):
                code, findings = self.examine("--set", setting)
                self.assertEqual(code, FAILED)
                state, text = findings["speech", name][0]
                self.assertEqual(state, "broken")
                self.assertIn(message, text)

    def test_other_voices_speak(self):
        for voice in ("it", "ru", "ja", "romaji"):
            _, findings = self.examine("--set", f"acoustic.voice={voice}")
            self.assertEqual(findings["speech", "voice"][0][0], "good", voice)

    def test_what_is_absent_does_no_harm(self):
        code, findings = self.examine(PATH=str(self.top), XDG_CACHE_HOME=None, HOME="", LC_ALL="C")
        self.assertEqual(code, OK)
        for name in (("programs", "fluidsynth"), ("programs", "node"), ("here", "page"),
                     ("here", "locale"), ("here", "cache"), ("here", "configs")):
            self.assertEqual(findings[name][0][0], "absent", name)

    def test_programs_are_those_of_path(self):
        (self.top / "fluidsynth").write_text("#!/bin/sh\n")
        (self.top / "fluidsynth").chmod(0o755)
        (self.top / "node").mkdir()  # a folder is no program
        _, findings = self.examine(PATH=f"nowhere:{self.top}")
        state, text = findings["programs", "fluidsynth"][0]
        self.assertEqual(state, "good")
        self.assertTrue(text.startswith(f"{self.top}/fluidsynth: "), text)
        self.assertEqual(findings["programs", "node"][0][0], "absent")

    def test_page_where_it_was_built(self):
        page = self.top / "build" / "page" / "dist"
        page.mkdir(parents=True)
        for name in ("index.html", "app.js"):
            (page / name).write_text("")
        self.assertEqual(self.examine()[1]["here", "page"][0][0], "absent")
        (page / "app.css").write_text("")
        self.assertEqual(self.examine()[1]["here", "page"][0][0], "good")

    def test_configs_of_the_current_folder(self):
        (self.top / "configs").mkdir()
        (self.top / "configs" / "mine.yaml").write_text("dataset:\n  kind: folder\n")
        (self.top / "configs" / "README.md").write_text("no settings\n")
        code, findings = self.examine()
        self.assertEqual((code, findings["here", "config"]), (OK, [("good", "configs/mine.yaml")]))
        (self.top / "configs" / "yours.yaml").write_text("dataset:\n  kindd: folder\n")
        code, findings = self.examine()
        self.assertEqual(code, FAILED)
        state, text = findings["here", "config"][1]
        self.assertEqual(state, "broken")
        self.assertTrue(text.startswith("configs/yours.yaml:2:3: "), text)

    def test_names_that_are_not_utf8(self):
        _, findings = self.examine(XDG_CACHE_HOME=os.fsencode(self.top) + b"/\xff")
        self.assertEqual(len(findings["here", "cache"]), 1)

    def test_misuse_and_full_disk(self):
        self.assertEqual(self.run_doctor("x")[0], MISUSE)
        if Path("/dev/full").exists():
            for arguments in ([], ["--json"]):
                with open("/dev/full", "wb") as full:
                    done = subprocess.run([SILBE, "doctor", *arguments], cwd=self.top, stdout=full,
                                          stderr=subprocess.PIPE, timeout=60)
                self.assertEqual(done.returncode, UNABLE)
                self.assertIn(b"could not be written", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)

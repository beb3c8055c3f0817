"""Runs the programs of the whole chain from outside, on a folder made of the demo dataset.

Every test program here is started by ctest as TEST.py BIN_FOLDER DEMO_FOLDER SOURCE_FOLDER, works
in a folder of its own below the current one, and leaves nothing behind when it passes.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

STAGES = ["features", "labels", "align", "evaluate"]
FAILED, MISUSE, BUSY, UNABLE, INTERRUPTED = 1, 2, 3, 4, 130

BIN, DEMO, SOURCE = (Path(path).resolve() for path in (sys.argv[1:4] + [""] * 3)[:3])
SONG = "Silbe_Demo-01"  # the shortest
OTHER_SONG = "Silbe_Demo-04"
GOOD, BAD = "gut", "schlecht"  # the two items of the folder
# Cheap, where the test is not about these.
FAST = ["--set", "features.logmel=false", "--set", "output.formats=csv,json"]


def demo(kind, song=SONG, version=None):
    """A file of the demo dataset: "wav", "xml", "txt", "words", "notes" or "measures"."""
    folder, suffix = {
        "wav": ("01_RawData/audio_wav", "wav"),
        "xml": ("01_RawData/score_musicxml", "xml"),
        "txt": ("01_RawData/lyrics_txt", "txt"),
        "words": ("03_ExtraMaterial/ann_audio_word", "csv"),
        "notes": ("02_Annotations/ann_audio_note", "csv"),
        "measures": ("02_Annotations/ann_audio_measure", "csv"),
    }[kind]
    return DEMO / folder / f"{song}{'_' + version if version else ''}.{suffix}"


def add_song(folder, name, version="SC33", song=SONG):
    """Copies one performance into a plain folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(demo("wav", song, version), folder / f"{name}.wav")
    shutil.copy(demo("xml", song), folder / f"{name}.xml")
    shutil.copy(demo("txt", song), folder / f"{name}.txt")
    shutil.copy(demo("words", song, version), folder / f"{name}.words.csv")


def make_folder(folder):
    """The plain folder that most tests use: two performances, as two works."""
    add_song(folder, GOOD)
    add_song(folder, BAD, "TE24")


def make_swd(folder):
    """The same two performances in the layout of the Schubert Winterreise Dataset."""
    for version in ("SC33", "TE24"):
        for kind in ("wav", "notes", "measures"):
            path = folder / demo(kind, SONG, version).relative_to(DEMO)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(demo(kind, SONG, version), path)
    for kind in ("xml", "txt"):
        path = folder / demo(kind).relative_to(DEMO)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(demo(kind), path)


class Run:
    """One program that has ended."""

    def __init__(self, command, code, out, log):
        self.command, self.code = command, code
        # Not being UTF-8 would be an error of the program.
        self.out, self.log = out.decode("utf-8"), log.decode("utf-8")

    def failures(self):
        """{item: message} of the items that failed."""
        lines = re.findall(r"^\[ *\d+/\d+\] (.+?) +FAILED: (.*)$", self.log, re.M)
        assert len(lines) == len(dict(lines)), f"an item failed twice:\n{self.log}"
        return dict(lines)

    def __str__(self):
        return (f"$ {' '.join(map(str, self.command))}\nexit {self.code}\n"
                f"stdout: {self.out[-2000:]}\nstderr: {self.log[-3000:]}")


def environment():
    values = {key: os.environ[key] for key in os.environ if key not in ("SWD_ROOT", "MAKEFLAGS")}
    return {**values, "LC_ALL": "C.UTF-8"}


def command(stage, dataset, work, *options):
    """The command line of a stage. dataset is a plain folder, or a list of options."""
    which = dataset if isinstance(dataset, list) else ["--dataset", dataset]
    return [BIN / f"silbe-{stage}", *which, "--work", work, *options]


def run(arguments, **more):
    process = subprocess.run(arguments, capture_output=True, stdin=subprocess.DEVNULL,
                             env=environment(), check=False, **more)
    if process.returncode in (-signal.SIGSEGV, -signal.SIGABRT) or b"Sanitizer" in process.stderr:
        raise AssertionError(f"crashed: {Run(arguments, process.returncode, process.stdout, process.stderr)}")
    return Run(arguments, process.returncode, process.stdout, process.stderr)


def run_chain(dataset, work, *options, **more):
    """Every stage, as `make align` runs them: {stage: Run}."""
    runs = {}
    for stage in STAGES:
        runs[stage] = run(command(stage, dataset, work, *options), **more)
        left = temporary_files(Path(work))
        assert not left, f"temporary files are left: {left}\n{runs[stage]}"
        if runs[stage].code not in (0, FAILED):
            break
    return runs


def files(folder, pattern="*", with_mtime=False):
    """{path below folder: bytes (and time of change)} of the results."""
    found = {}
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.name != ".lock":
            content = path.read_bytes()
            found[str(path.relative_to(folder))] = \
                (content, path.stat().st_mtime_ns) if with_mtime else content
    return found


def lasting(found):
    """Without what differs between equal runs: records, and the report's times and command."""
    kept = {}
    for name, content in found.items():
        if name.endswith("record.json"):
            continue
        if name.endswith("report.json"):
            content = re.sub(rb'(?m)^ *"(wall_s|command)": .*\n', b"", content)
        if name.endswith("report.md"):
            content = re.sub(rb"(?m)^- Command: .*\n", b"", content)
        kept[name] = content
    return kept


def of_item(found, item):
    """Only the result files of one item."""
    return {name: value for name, value in found.items()
            if Path(name).name.split(".")[0].split("_")[0] == item or
            Path(name).name.startswith(item + ".")}


def temporary_files(folder):
    return [str(path) for path in folder.rglob("*.tmp.*")]


def report_of(work):
    (path,) = work.glob("*/score/report.json")
    return json.loads(path.read_text(encoding="utf-8"))


class ChainTest(unittest.TestCase):
    """Works in a folder of its own."""

    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.top = Path.cwd() / f"{Path(sys.argv[0]).stem}.dir" / cls.__name__
        shutil.rmtree(cls.top, ignore_errors=True)
        cls.top.mkdir(parents=True)

    def same_files(self, found, wanted):
        """unittest's own comparison would show a difference of megabytes, after minutes."""
        differing = [name for name in sorted({*found, *wanted})
                     if found.get(name) != wanted.get(name)]
        self.assertEqual(differing, [], "files that differ or are not in both")

    def exits(self, one, code):
        self.assertEqual(one.code, code, str(one))

    def all_exit(self, runs, code):
        for one in runs.values():
            self.exits(one, code)


def main():
    top = Path.cwd() / f"{Path(sys.argv[0]).stem}.dir"
    program = unittest.main(argv=sys.argv[:1] + sys.argv[4:], exit=False)
    for test, reason in program.result.skipped:
        print(f"skipped: {test.id().removeprefix('__main__.')}: {reason}")
    if program.result.wasSuccessful():
        shutil.rmtree(top, ignore_errors=True)
    sys.exit(0 if program.result.wasSuccessful() and program.result.testsRun > 0 else 1)

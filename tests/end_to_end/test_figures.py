"""The figures that the texts quote are those of reports made here: of the demo dataset and, where it
is, of the Schubert Winterreise Dataset, with the settings of configs/. See tests/check_figures.py."""
import ctypes
import ctypes.util
import os
import re
import subprocess
import sys
from pathlib import Path

import chain
from chain import BIN, DEMO, SOURCE

# The texts quote the figures of these songs, even where there are recordings of others.
SWD_SONGS = ("D911-18_", "D911-22_")
# Pronunciations differ from version to version, and with them the figures of modes that hear phones;
# these versions agree.
ESPEAK = ("1.51", "1.52")


def espeak_version():
    """Of the library that the programs use, or "" where it cannot be asked."""
    try:
        library = ctypes.CDLL(ctypes.util.find_library("espeak-ng"))
        library.espeak_Info.restype = ctypes.c_char_p
        return library.espeak_Info(None).decode()
    except (OSError, AttributeError, TypeError):
        return ""


def swd_root():
    """Folder that holds 01_RawData, or None."""
    root = Path(os.environ.get("SWD_ROOT") or SOURCE / "datasets" / "swd" / "data").resolve()
    for folder in (root, *sorted(root.glob("*"))):
        if (folder / "01_RawData" / "audio_wav").is_dir():
            return folder
    return None


def link_songs(root, target):
    """The dataset with the recordings of SWD_SONGS alone. Number of recordings."""
    audio = Path("01_RawData", "audio_wav")
    (target / audio).mkdir(parents=True)
    for path in root.iterdir():
        if path.name != audio.parts[0]:
            (target / path.name).symlink_to(path)
    for path in (root / audio.parts[0]).iterdir():
        if path.name != audio.name:
            (target / audio.parts[0] / path.name).symlink_to(path)
    wanted = [path for path in (root / audio).iterdir()
              if any(song in path.name for song in SWD_SONGS)]
    for path in wanted:
        (target / audio / path.name).symlink_to(path)
    return len(wanted)


class Figures(chain.ChainTest):
    def align(self, dataset, root):
        """Every stage, with configs/<dataset>.yaml but for the folder."""
        version = espeak_version()
        all_modes = ".".join(version.split(".")[:2]) in ESPEAK
        if not all_modes:
            print(f"skipped: figures of modes that hear phones, on {dataset}: "
                  f"eSpeak NG is \"{version}\", not {' or '.join(ESPEAK)}")
        for stage in ("features", "labels", "posteriors", "align", "evaluate"):
            if stage == "posteriors" and not all_modes:
                continue
            self.exits(chain.run(
                [BIN / f"silbe-{stage}", "--dataset", dataset, "--work", self.top / "work",
                 "--set", f"dataset.root={root}",
                 "--set", f"align.mode={'all' if all_modes else 'score'}"], cwd=SOURCE), 0)

    def test_figures(self):
        self.align("demo", DEMO)
        root = swd_root()
        if root is None:
            print("skipped: figures of the Schubert Winterreise Dataset: not found (SWD_ROOT)")
        elif link_songs(root, self.top / "swd") != 4:
            print("skipped: figures of the Schubert Winterreise Dataset: not four recordings of "
                  "songs 18 and 22")
        else:
            self.align("swd", self.top / "swd")
        run = subprocess.run([sys.executable, "-B", SOURCE / "tests" / "check_figures.py", SOURCE,
                              self.top / "work"], capture_output=True, text=True, check=False)
        print(run.stdout)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        # The demo's figures were there to be compared.
        self.assertNotIn("figures of demo/score", run.stdout)
        self.assertGreater(int(re.search(r"figures: (\d+) are", run.stdout).group(1)), 0)


if __name__ == "__main__":
    chain.main()

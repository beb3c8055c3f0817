"""Runs `silbe align SONG TEXT` in a folder of songs, with a cache of the test's own."""
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import chain

MODES = ["score", "lyrics", "joint"]
ENDINGS = ["csv", "json", "TextGrid", "eaf", "lrc", "srt", "txt", "vtt"]


def environment(cache):
    """HOME, where the cache would lie else, is a folder of the test's own, too."""
    home = Path.cwd() / f"{Path(sys.argv[0]).stem}.dir" / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {**chain.environment(), "HOME": str(home), "XDG_CACHE_HOME": str(cache)}


def put(folder, name, version="SC33", song=chain.SONG, kinds=("wav", "txt", "xml")):
    """Copies recording, text and score of a performance."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        shutil.copy(chain.demo(kind, song, version if kind == "wav" else None),
                    folder / f"{name}.{kind}")


def command(*arguments):
    return [str(chain.BIN / "silbe"), "align", *map(str, arguments)]


def align(folder, cache, *arguments, text=None, **more):
    """Run within folder; text is piped in."""
    line = command(*arguments)
    given = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
    done = subprocess.run(line, env=environment(cache), cwd=folder, check=False, **{
        "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given, **more})
    one = chain.Run(line, done.returncode, done.stdout or b"", done.stderr or b"")
    if done.returncode in (-signal.SIGSEGV, -signal.SIGABRT) or "Sanitizer" in one.log:
        raise AssertionError(f"crashed: {one}")
    return one


def start(folder, cache, *arguments):
    return subprocess.Popen(command(*arguments), stdin=subprocess.DEVNULL, cwd=folder,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            env=environment(cache))


def results(folder):
    """{file name: bytes} of word times, without those that are being written."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())
            if ".words." in path.name and ".tmp." not in path.name}


def counts(path):
    """Words placed, unsure and not found, as the JSON file has them."""
    song = json.loads(path.read_text(encoding="utf-8"))
    words = [word for line in song["lines"] for word in line["words"]]
    placed = [word for word in words if word["matched"]]
    unsure = [word for word in placed if word["confidence"] < 0.5]
    return len(placed), len(unsure), len(words) - len(placed)

"""What can be wrong with songs: each is named with what to do, nothing half-done is left, and the
other songs are done."""
import os
import shutil
import subprocess

import bad_files
import chain
import songs

S, T = "song.wav", "song.txt"


def copy(source, target, change=None):
    """What makes a file of another, and changes it."""
    def make(folder):
        shutil.copy(folder / source, folder / target)
        if change is not None:
            change(folder / target)
    return make


def encode(encoding):
    return lambda path: path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))


# Arguments, exit code, what is said (each a regular expression), and what makes the files.
MISUSES = [
    (["none.wav", T], 2, r"error: none\.wav: there is no such file", None),
    ([S, "none.txt"], 2, r"error: none\.txt: there is no such file", None),
    (["none", T], 2, r"error: none: there is no such file", None),
    ([T], 2, r"error: song\.txt: a text or score, but no recording is named", None),
    (["alone.wav"], 2, r"error: alone\.wav: there is no text .*name one behind it, or put "
     r"alone\.txt or alone\.musicxml beside it", copy(S, "alone.wav")),
    ([S, "sound.txt"], 2, r"error: sound\.txt is a recording by its content .*rename it",
     copy(S, "sound.txt")),
    (["text.wav", T], 2, r"error: text\.wav: a text or score, but no recording is named",
     copy(T, "text.wav")),
    ([S, T, "two.txt"], 2, r"error: two texts for song\.wav: song\.txt and two\.txt; name one",
     copy(T, "two.txt")),
    ([S, T, "."], 2, r"error: \. is a folder; a folder of songs goes alone: silbe align \.", None),
    ([S, "pipe"], 2, r"error: pipe is no regular file; .*name - ",
     lambda folder: os.mkfifo(folder / "pipe")),
    ([S, "/dev/null"], 2, r"error: /dev/null is no regular file", None),
    (["x.words.csv"], 2, r"error: x\.words\.csv: by its name word times",
     copy(T, "x.words.csv")),
    ([S, "two.wav", "-"], 2, r"error: - reads the text of one song", copy(S, "two.wav")),
    ([S, "-", "-o", "-"], 4, r"error: standard input: there is no text in it", None),
    ([S, T, "-o", "-", "-f", "csv,lrc"], 2, r"error: -o - writes one format", None),
    ([S, "two.wav", T, "two.txt", "-o", "-"], 2, r"error: -o - is for one song; here are 2", None),
    ([S, "-song.txt"], 2, r"error: there is no option -song\.txt", copy(T, "-song.txt")),
    ([S, T, "-m", "all"], 2, r"error: mode all compares modes on a dataset", None),
    ([S, T, "-m", "none"], 2, r'error: "none" ', None),
    ([S, T, "-f", "doc"], 2, r'error: "doc" is not known', None),
    ([S, T, "-o", f"{T}/out"], 4, r"error: song\.txt: folder cannot be made", None),
    ([S, T, "-o", T], 4, r"error: song\.txt: folder cannot be made", None),
    ([S, T, "-o", "/proc/out"], 4, r"error: /proc/out: folder cannot be made", None),
    (["empty"], 4, r"error: empty: no audio files; expected NAME\.wav",
     lambda folder: (folder / "empty").mkdir()),
    (["texts"], 4, r"error: texts: no audio files; expected NAME\.wav",
     lambda folder: songs.put(folder / "texts", "song", kinds=("txt",))),
]

# The same of one song among good ones.
FAILURES = [
    ("bad.txt", [S], r"bad\.txt: the lyrics hold no words", bad_files.write(b"")),
    ("bad.txt", [S], r"bad\.txt: the lyrics hold no words", bad_files.write(b" \n\n \n")),
    ("bad.txt", [S], r"bad\.txt: line 1, byte 14: 0xe4 is not UTF-8 .*save the lyrics as UTF-8",
     encode("latin-1")),
    ("bad.txt", [S], r"bad\.txt: line 1, byte 1: .* is not UTF-8", encode("utf-16")),
    ("bad.wav", [T], r"bad\.wav: the file is empty \(0 bytes\); copy or download it again",
     bad_files.write(b"")),
    ("bad.wav", [T], r"bad\.wav: not a sound file .*convert it to WAV or FLAC",
     bad_files.wav_header_only),
    ("bad.wav", [T], r"bad\.wav: truncated: the header says .*copy it again",
     bad_files.wav_truncated),
    ("bad.wav", [T], r"bad\.wav: silent: .*check that it is the right recording",
     bad_files.wav_silent),
    ("bad.wav", [T], r"bad\.wav: .*(NaN|not a number|not finite)", bad_files.wav_nan),
    ("bad.xml", [S], r"bad\.xml:1:1: not well-formed XML: .*export the score again",
     bad_files.write(b"no score")),
]


class BadInput(chain.ChainTest):
    def setUp(self):
        self.folder = self.top / "case"
        shutil.rmtree(self.folder, ignore_errors=True)
        songs.put(self.folder, "song")
        (self.folder / "song.xml").unlink()
        self.cache = self.top / "cache"

    def names(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def test_misuse(self):
        for arguments, code, message, make in MISUSES:
            with self.subTest(arguments):
                self.setUp()
                if make is not None:
                    make(self.folder)
                for name in arguments:  # what is there beside, where it is not the case itself
                    if name in ("two.wav", "two.txt") and not (self.folder / name).exists():
                        copy(S if name.endswith("wav") else T, name)(self.folder)
                before = self.names()
                one = songs.align(self.folder, self.cache, *arguments, timeout=60)
                self.exits(one, code)
                self.assertRegex(one.log, message)
                self.assertEqual(one.out, "")
                self.assertEqual(self.names(), before)

    def test_one_fails_among_good_ones(self):
        songs.align(self.folder, self.cache, S, T, "-o", self.top / "wanted")
        wanted = songs.results(self.top / "wanted")
        self.assertEqual(len(wanted), len(songs.ENDINGS))
        for name, others, message, change in FAILURES:
            with self.subTest(message, name=name):
                self.setUp()
                kind = name.rsplit(".", 1)[1]
                copy(others[0], f"bad.{others[0].rsplit('.', 1)[1]}")(self.folder)
                songs.put(self.folder, "bad", kinds=(kind,))
                change(self.folder / name)
                files = [f"bad.{ending}" for ending in ("wav", "txt", "xml")
                         if (self.folder / f"bad.{ending}").exists()]
                one = songs.align(self.folder, self.cache, *files, S, T)
                self.exits(one, chain.FAILED)
                self.assertRegex(one.failures()["bad.wav"], message)
                self.assertIn("2 songs, 1 failed", one.log)
                self.same_files(songs.results(self.folder), wanted)
                self.assertEqual(chain.temporary_files(self.folder), [])

    def test_of_another_song(self):
        """A text of another song is aligned as far as it goes, and it is said that it hardly does;
        a score of another song is refused."""
        songs.put(self.folder, "other", song=chain.OTHER_SONG, kinds=("txt", "xml"))
        one = songs.align(self.folder, self.cache, S, "other.txt")
        self.exits(one, 0)
        placed, unsure, missing = songs.counts(self.folder / "song.words.json")
        self.assertGreater(unsure + missing, (placed + missing) / 2)
        self.assertRegex(one.log, r'warning: unmatched: line \d+, "')
        self.assertIn(f"{placed} words placed, {unsure} of them unsure, {missing} not found",
                      one.log)
        one = songs.align(self.folder, self.cache, S, "other.xml", "-o", "out")
        self.exits(one, chain.FAILED)
        self.assertRegex(one.log, r"song\.wav: the recording does not fit the score .*another song")
        one = songs.align(self.folder, self.cache, S, T, "other.xml", "-o", "out")
        self.exits(one, chain.FAILED)
        self.assertRegex(one.log, r"song\.txt: only \d+ % .*these are the lyrics of another song")
        self.assertEqual(songs.results(self.folder / "out"), {})

    def test_names(self):
        names = ["with blanks", "\"quoted\" 'it's", "two\nlines", "Müßt' ihr €", "-leading",
                 "a.b.c", ".hidden", "100 %s %n", "\x1b[31mred", "x" * 200]
        songs.align(self.folder, self.cache, S, T)
        wanted = (self.folder / "song.words.srt").read_bytes()
        for name in names:
            for kind in ("wav", "txt"):
                copy(f"song.{kind}", f"{name}.{kind}")(self.folder)
        files = [f"{name}.{kind}" for name in names for kind in ("wav", "txt")]
        one = songs.align(self.folder, self.cache, "--", *files)
        self.exits(one, 0)
        for name in names:
            self.assertEqual((self.folder / f"{name}.words.srt").read_bytes(), wanted, name)
        self.assertNotRegex(one.log, r"[\x00-\x09\x0b-\x1f\x7f]")
        self.assertIn("two?lines.wav", one.log)
        # Beside the recording, and with a path before a dash.
        self.exits(songs.align(self.folder, self.cache, "./-leading.wav"), 0)
        self.exits(songs.align(self.folder, self.cache, f"{self.folder}/two\nlines.wav"), 0)
        (self.folder / S).rename(self.folder / os.fsdecode(b"\xff.wav"))
        quiet = subprocess.run(songs.command(os.fsdecode(b"\xff.wav"), T), cwd=self.folder,
                               env=songs.environment(self.cache), capture_output=True, check=False)
        self.assertEqual(quiet.returncode, chain.FAILED)
        self.assertIn(b"the file's name is not UTF-8; rename it", quiet.stderr)

    def test_files_of_the_user_are_kept(self):
        mine = self.folder / "song.words.lrc"
        mine.write_text("mine")
        one = songs.align(self.folder, self.cache, S, T)
        self.exits(one, chain.FAILED)
        self.assertRegex(one.log, r"song\.words\.lrc is there .*--overwrite .*-o FOLDER")
        self.assertEqual(songs.results(self.folder), {"song.words.lrc": b"mine"})
        self.exits(songs.align(self.folder, self.cache, S, T, "--overwrite"), 0)
        self.exits(songs.align(self.folder, self.cache, S, T), 0)  # it is ours now
        mine.write_text("changed")
        self.exits(songs.align(self.folder, self.cache, S, T), chain.FAILED)
        self.assertEqual(mine.read_text(), "changed")
        self.exits(songs.align(self.folder, self.cache, S, T, "-f", "csv"), 0)

    def test_stdout_is_full(self):
        with open("/dev/full", "wb") as full:
            one = songs.align(self.folder, self.cache, S, T, "-o", "-", stdout=full)
        self.exits(one, chain.FAILED)
        self.assertEqual(one.log.count("standard output could not be written: No space left"), 1)
        self.assertEqual(one.log.count("standard output"), 1)

    def test_the_cache_cannot_be_written(self):
        wanted = self.wanted()
        (self.top / "file").write_text("x")
        for place in (self.top / "file", self.top / "file" / "below", "/proc", "relative", ""):
            with self.subTest(place):
                self.setUp()
                one = songs.align(self.folder, place, S, T)
                self.exits(one, 0)
                self.same_files(songs.results(self.folder), wanted)
        self.assertEqual((self.top / "file").read_text(), "x")

    def wanted(self):
        self.exits(songs.align(self.folder, self.cache, S, T), 0)
        return songs.results(self.folder)


if __name__ == "__main__":
    chain.main()

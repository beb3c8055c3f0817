"""The language of a text: recognised, set, or said line by line in the text itself."""
import json

import chain
import songs
from chain import GOOD

ITALIAN = "La donna è mobile qual piuma al vento"


def phones(path):
    """[[phones of a line]] of a JSON file of word times."""
    song = json.loads(path.read_text(encoding="utf-8"))
    return [[phone["phone"] for word in line["words"] for phone in word.get("phones", [])]
            for line in song["lines"]]


class Songs(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        songs.put(cls.top, GOOD)
        cls.lines = (cls.top / f"{GOOD}.txt").read_text(encoding="utf-8").splitlines()

    def align(self, name, lines, *options, kinds=("txt",)):
        """The run, and the folder of its results."""
        out = self.top / f"{name}.out"
        (self.top / f"{GOOD}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        one = songs.align(self.top, self.top / "cache", f"{GOOD}.wav",
                          *[f"{GOOD}.{kind}" for kind in kinds], "-o", out, *options)
        return one, out

    def test_recognised(self):
        for kinds in (["txt"], ["txt", "xml"]):
            one, _ = self.align("recognised", self.lines, "--overwrite", kinds=kinds)
            self.exits(one, 0)
            self.assertIn("language de (recognised)\n", one.log)
            self.assertNotIn("warning", one.log)

    def test_same_as_set(self):
        _, recognised = self.align("auto", self.lines, "-f", "csv")
        _, chosen = self.align("set", self.lines, "-f", "csv", "-l", "de")
        self.same_files(songs.results(recognised), songs.results(chosen))

    def test_other_than_set(self):
        one, _ = self.align("other", self.lines, "-l", "fr")
        self.exits(one, 0)
        self.assertRegex(one.log, rf"warning: {GOOD}\.txt: the text is German \(de\) by its words, "
                                  r"but is read as French \(fr\), as acoustic\.voice says")
        self.assertIn("language fr\n", one.log)

    def test_unsure(self):
        one, _ = self.align("unsure", ["Es"])
        self.exits(one, 0)
        self.assertRegex(one.log, rf"warning: {GOOD}\.txt: the language of the text could not be "
                                  r"told, .*--set acoustic\.voice=")
        self.assertIn("language de (assumed)\n", one.log)
        one, _ = self.align("sure", ["Es"], "-l", "de")
        self.exits(one, 0)
        self.assertNotIn("could not be told", one.log)

    def test_tags(self):
        """They change the phones of their lines, and are nowhere in the results."""
        _, plain = self.align("plain", self.lines)
        wanted = phones(plain / f"{GOOD}.words.json")
        self.assertTrue(all(wanted))
        for kinds in (["txt"], ["txt", "xml"]):
            for name, tagged in (
                    ("line", [f"[lang=it] {self.lines[0]}", *self.lines[1:]]),
                    ("block", ["[lang=it]", self.lines[0], "[lang=]", *self.lines[1:]])):
                with self.subTest(name, kinds=kinds):
                    one, out = self.align(f"{name}-{len(kinds)}", tagged, kinds=kinds)
                    self.exits(one, 0)
                    self.assertIn("language de (recognised), 1 line in another language\n", one.log)
                    for path, content in songs.results(out).items():
                        self.assertNotIn(b"lang=", content, path)
                    found = phones(out / f"{GOOD}.words.json")
                    self.assertNotEqual(found[0], wanted[0])
                    if kinds == ["txt"]:
                        self.assertEqual(found[1:], wanted[1:])

    def test_bad_tags(self):
        for tag, message in (("[lang=qqq]", r"\[lang=qqq\]: libespeak-ng has no voice \"qqq\"; "
                                            r"there are: .* it "),
                             ("[lang:it]", r"is no tag of a language; write it as \[lang=it\]")):
            for kinds in (["txt"], ["txt", "xml"]):
                one, _ = self.align("bad", [self.lines[0], f"{tag} {self.lines[1]}"], kinds=kinds)
                self.exits(one, chain.FAILED)
                self.assertRegex(one.log, rf"{GOOD}\.txt: line 2: .*{message}")

    def test_recognised_line(self):
        lines = [*self.lines, ITALIAN]
        one, _ = self.align("mixed", lines, "--verbose")
        self.exits(one, 0)
        self.assertIn("language de (recognised), 1 line in another language\n", one.log)
        self.assertIn("1 lines recognised as in another language", one.log)
        one, _ = self.align("mixed-set", lines, "-l", "de")
        self.exits(one, 0)
        self.assertIn("language de\n", one.log)


class Folders(chain.ChainTest):
    """The labels say what was recognised, whatever is set; the setting is the mode's."""

    def test_labels(self):
        folder, work = self.top / "lieder", self.top / "work"
        songs.put(folder, GOOD, kinds=("wav", "txt"))
        text = folder / f"{GOOD}.txt"
        text.write_text(f"[lang=it]\n{ITALIAN}\n[lang=]\n" + text.read_text(encoding="utf-8"),
                        encoding="utf-8")

        def align(*options):
            one = songs.align(self.top, self.top / "cache", folder, "--work", work, *options)
            self.exits(one, 0)
            return one

        align()
        labels = json.loads((work / f"lieder/labels/{GOOD}.json").read_text(encoding="utf-8"))
        self.assertEqual(labels["language"], "de")
        self.assertEqual([(line["language"], line["tagged"]) for line in labels["lines"]],
                         [("it", True)] + [(None, False)] * (len(labels["lines"]) - 1))
        self.assertEqual(labels["lines"][0]["text"], ITALIAN)
        other = align("--set", "acoustic.voice=fr")
        self.assertIn("silbe-labels: 0 ok, 1 up to date", other.log)
        self.assertIn("silbe-align: 1 ok, 0 up to date", other.log)
        self.assertIn("the text is German (de) by its words", other.log)


if __name__ == "__main__":
    chain.main()

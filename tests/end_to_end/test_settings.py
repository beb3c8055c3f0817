"""Wrong settings: exit code 2, one message that says where and what is allowed, nothing touched."""
import chain

HEAD = b"dataset:\n  kind: folder\n  name: lieder\n  root: lieder\n"  # 4 lines

FILES = [
    ("unknown key", b"features:\n  hopp_ms: 10\n",
     r"c\.yaml:6:3: .*features\.hopp_ms; did you mean features\.hop_ms\?"),
    ("unknown section", b"feature:\n  hop_ms: 10\n", r"c\.yaml:5:1: there is no section feature"),
    ("key given twice", b"features:\n  hop_ms: 10\n  hop_ms: 20\n",
     r"c\.yaml:7:3: features\.hop_ms is given twice; remove one"),
    ("section given twice", b"labels:\n  voice_part: a\nlabels:\n  voice_part: b\n",
     r"c\.yaml:7:\d+: .*twice"),
    ("no number", b"features:\n  hop_ms: often\n", r'c\.yaml:6:11: "often" is not a number; .*1000 ms'),
    ("no truth", b"features:\n  logmel: 3\n", r'c\.yaml:6:11: "3" is neither true nor false'),
    ("list for number", b"features:\n  hop_ms: [1, 2]\n", r"c\.yaml:6:11: "),
    ("number for section", b"features: 3\n", r"c\.yaml:5:11: section features: settings are expected"),
    ("out of range", b"features:\n  hop_ms: 0\n", r'c\.yaml:6:11: "0" is out of range; .*1 to 1000 ms'),
    ("infinite", b"features:\n  hop_ms: .inf\n", r"c\.yaml:6:11: "),
    ("contradiction", b"features:\n  logmel_low_hz: 8000\n",
     r"features\.logmel_high_hz 7600 must lie above"),
    ("alias", b"features: &a\n  hop_ms: 10\nlabels: *a\n", r"c\.yaml:5:11: .*aliases .*not supported"),
    ("tab", b"features:\n\thop_ms: 10\n", r"c\.yaml:6:1: not valid YAML"),
    ("not UTF-8", b"labels:\n  voice_part: \xff\n", r"c\.yaml: byte 77: not valid YAML: .*UTF-8"),
    ("two documents", b"---\nlabels:\n  voice_part: a\n", r"c\.yaml:5:1: a second document"),
    ("unknown format", b"output:\n  formats: [csv, doc]\n", r'c\.yaml:6:\d+: "doc" is not known; .*srt'),
    ("cut off", b"output:\n  formats: [csv", r"c\.yaml:\d+:\d+: not valid YAML"),
]

ASSIGNMENTS = [
    ("features.hopp_ms=1", "did you mean features.hop_ms"),
    ("hop_ms=1", "did you mean features.hop_ms"),
    ("features.hop_ms", "write it as key=value"),
    ("features.hop_ms=", '"" is not a number; features.hop_ms takes'),
    ("features.hop_ms=often", '"often" is not a number; features.hop_ms takes'),
    ("features.hop_ms=0", '"0" is out of range; features.hop_ms takes'),
    ("features.rate_hz=22050.5", "is not a whole number"),
    ("features.logmel=2", "is neither true nor false"),
    ("output.formats=doc", '"doc" is not known'),
    ("align.mode=dance", '"dance" is not known'),
    (b"labels.voice_part=\xff", "not valid UTF-8"),
]


class Settings(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chain.add_song(cls.top / "lieder", chain.GOOD)
        cls.runs = chain.run_chain("lieder", "work", *chain.FAST, cwd=cls.top)
        cls.before = chain.files(cls.top / "work", with_mtime=True)

    def refused(self, dataset, options, says):
        """By every program alike, with one line and the way to the help."""
        messages = set()
        for stage in chain.STAGES:
            run = chain.run(chain.command(stage, dataset, "work", *options), cwd=self.top)
            self.exits(run, chain.MISUSE)
            self.assertEqual(run.out, "")
            message, where = run.log.splitlines()
            self.assertRegex(message, f"^silbe-{stage}: error: .*{says}")
            self.assertIn("--help", where)
            messages.add(message.replace(f"silbe-{stage}", ""))
        self.assertEqual(len(messages), 1)
        self.same_files(chain.files(self.top / "work", with_mtime=True), self.before)

    def test_files(self):
        self.all_exit(self.runs, 0)
        for name, content, says in FILES:
            with self.subTest(name):
                (self.top / "c.yaml").write_bytes(HEAD + content)
                self.refused(["--config", "c.yaml"], [], says)

    def test_assignments(self):
        for assignment, says in ASSIGNMENTS:
            with self.subTest(str(assignment)):
                self.refused(["--dataset", "lieder"], ["--set", assignment],
                             chain.re.escape(says))


if __name__ == "__main__":
    chain.main()

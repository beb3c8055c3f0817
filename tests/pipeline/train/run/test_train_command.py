"""silbe-train from outside, on a corpus of made-up voices: it trains, goes on where it was killed or
stopped with the same bytes, and says what is wrong with its input."""
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
import wave
from pathlib import Path

import numpy

SOURCE = Path(sys.argv[3]).resolve()
sys.path.insert(0, str(SOURCE / "tests" / "end_to_end"))
import chain  # noqa: E402

RATE_HZ = 22050
TEXTS = ["Mond", "Liebe", "der Baum", "gute Nacht", "am Wasser", "ich gehe", "so schön", "ein Traum"]
STEPS = 36
SMALL = ["train.sets=de_kerstin de_gcompris",
         "train.bootstrap_sets=de_kerstin", "train.bootstrap_rounds=2", "train.realign_rounds=1",
         "train.bootstrap_steps=10", "train.channels=16", "train.hidden=16", "train.dilations=1 2",
         f"train.steps={STEPS}", "train.batch=4", "train.made_up_pieces=1",
         "train.checkpoint_every=5", "train.measure_every=20", "train.held_out=0.1",
         "train.sound_fonts="]
FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")


def say(text, path, seed):
    """Each letter a chord of its own for a tenth of a second, silence around."""
    random = numpy.random.default_rng(seed)
    t = numpy.arange(int(0.12 * RATE_HZ)) / RATE_HZ
    parts = [numpy.zeros(int(0.2 * RATE_HZ))]
    for letter in text.lower():
        tones = [200 + 37 * (ord(letter) * k % 61) for k in (1, 3, 7)]
        parts.append(0 * t if letter == " " else sum(numpy.sin(2 * numpy.pi * f * t) for f in tones))
    parts.append(parts[0])
    sound = numpy.concatenate(parts) * 0.1 + 0.001 * random.standard_normal(sum(map(len, parts)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes((numpy.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return len(sound) / RATE_HZ


class Made(chain.ChainTest):
    """A corpus, and weights that were trained on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speech = cls.top / "speech"
        rows = ["dataset\tlang\tkind\tfile\tseconds\ttext"]
        for i in range(20):
            name, text = ("de_kerstin", "de_gcompris")[i % 2], TEXTS[i // 2 % len(TEXTS)]
            seconds = say(text, cls.speech / name / f"{i}.wav", i)
            rows.append(f"{name}\tde\tspeech\t{name}/{i}.wav\t{seconds:.3f}\t{text}")
        rows.append("de_emodb\tde\tspeech\tde_emodb/1.wav\t1.0\tja")
        (cls.speech / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        cls.done = cls.top / "done"
        cls.first = cls.train_speech(cls.done)

    @classmethod
    def speech_command(cls, work, *settings, speech=None, options=()):
        command = [chain.BIN / "silbe-train", "--work", work, *options]
        for setting in [f"train.speech_root={speech or cls.speech}", *SMALL, *settings]:
            command += ["--set", setting]
        return [str(part) for part in command]

    @classmethod
    def train_speech(cls, work, *settings, **more):
        return chain.run(cls.speech_command(work, *settings, **more))

    def fails(self, run, code, *wanted):
        self.exits(run, code)
        for text in wanted:
            self.assertIn(text, run.log, str(run))


class Train(Made):
    @classmethod
    def command(cls, work, *settings, **more):
        return cls.speech_command(work, *settings, **more)

    @classmethod
    def train(cls, work, *settings, **more):
        return cls.train_speech(work, *settings, **more)

    def same_results(self, work):
        self.same_files(*(chain.files(folder / "train", "*.[wctr]*") for folder in (work, self.done)))

    def test_trains(self):
        self.exits(self.first, 0)
        self.assertRegex(self.first.log, r"training: step 20/36  loss \d.*held-out .*real time")
        self.assertRegex(self.first.log, r"bootstrap: round 2: ")
        rows = (self.done / "train/singing.csv").read_text().splitlines()
        self.assertEqual(len(rows), STEPS + 1)
        losses = [float(row.split(",")[1]) for row in rows[1:]]
        self.assertLess(sum(losses[-5:]) / 5, 0.8 * losses[0])
        weights = (self.done / "train/singing.weights").read_bytes()
        self.assertIn(b"de_kerstin (de, licence CC0, ", weights)
        again = self.train(self.done)
        self.exits(again, 0)
        self.assertEqual((self.done / "train/singing.weights").read_bytes(), weights)

    def test_threads(self):
        work = self.top / "one_thread"
        self.exits(self.train(work, options=["--threads", "1"]), 0)
        self.same_results(work)

    def stopped(self, work, sent, wanted):
        """Starts, waits for a file, sends the signal."""
        shutil.rmtree(work, ignore_errors=True)
        process = subprocess.Popen(self.command(work), stdin=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env=chain.environment())
        deadline = time.monotonic() + 60
        while not (work / "train" / wanted).exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        process.send_signal(sent)
        return process, process.communicate()[1].decode("utf-8")

    def test_kill(self):
        work = self.top / "killed"
        for wanted in ("bootstrap/round_01.weights", "realign/round_00.tsv", "singing.checkpoint"):
            with self.subTest(wanted):
                process, _ = self.stopped(work, signal.SIGKILL, wanted)
                self.assertEqual(process.returncode, -signal.SIGKILL)
                self.assertFalse((work / "train/singing.weights").exists())
                self.exits(self.train(work), 0)
                self.same_results(work)

    def test_interrupt(self):
        work = self.top / "interrupted"
        process, log = self.stopped(work, signal.SIGINT, "singing.checkpoint")
        self.assertEqual(process.returncode, chain.INTERRUPTED, log)
        self.assertRegex(log, r"stopped after step \d+ of 36; run the same command again")
        again = self.train(work)
        self.exits(again, 0)
        self.assertIn("going on from", again.log)
        self.same_results(work)

    def test_two_at_once(self):
        work = self.top / "shared"
        process = subprocess.Popen(self.command(work), stdin=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=chain.environment())
        while not (work / "train/.lock").exists():
            time.sleep(0.001)
        self.fails(self.train(work), chain.BUSY, "another run is at work here (silbe-train")
        self.assertEqual(process.wait(), 0)

    def test_losses(self):
        for loss in ("ctc", "softdtw"):
            with self.subTest(loss):
                out = self.done / "train" / f"{loss}.weights"
                self.exits(self.train(self.done, f"train.loss={loss}", f"train.out={out}"), 0)
                rows = out.with_suffix(".csv").read_text().splitlines()[1:]
                self.assertLess(float(rows[-1].split(",")[1]), float(rows[0].split(",")[1]))
                out.unlink()
                for ending in (".csv", ".checkpoint", ".settings.txt"):
                    out.with_suffix(ending).unlink()

    def test_initial(self):
        work = self.top / "tuned"
        shutil.copytree(self.done, work)
        initial, out = self.done / "train/singing.weights", work / "tuned.weights"
        self.exits(self.train(work, f"train.initial={initial}", f"train.out={out}"), 0)
        first = [float((folder / name).read_text().splitlines()[1].split(",")[1])
                 for folder, name in ((self.done / "train", "singing.csv"), (work, "tuned.csv"))]
        self.assertLess(first[1], first[0])
        self.fails(self.train(work, f"train.initial={initial}", "train.channels=24"),
                   chain.UNABLE, "singing.weights: a network of 16 channels", "train.channels")
        other = self.top / "other.weights"
        content = initial.read_bytes()
        other.write_bytes(content[:5000] + b"x" + content[5001:])
        self.fails(self.train(work, f"train.initial={other}"), chain.UNABLE, "other.weights", "check")

    def test_wrong_settings(self):
        work = self.top / "wrong"
        self.fails(self.train(work, "train.speech_root="), chain.MISUSE,
                   "train.speech_root is needed")
        self.fails(self.train(work, "train.sets=de_kerstin nobody"), chain.MISUSE,
                   'speech set "nobody" is not known: there are de_kerstin, ')
        self.fails(self.train(work, "train.sets=de_emodb"), chain.MISUSE,
                   'speech set "de_emodb" (licence: research) may not be used')
        self.fails(self.train(work, "train.dilations=1 x"), chain.MISUSE, "train.dilations")
        self.fails(self.train(work, "features.rate_hz=44100"), chain.MISUSE, "features.rate_hz")
        self.fails(self.train(work, "train.steps=0"), chain.MISUSE, "train.steps")
        self.fails(self.train(work, "train.loss=squares"), chain.MISUSE, "frames, ctc")
        self.fails(self.train(self.done, "train.seed=8"), chain.UNABLE,
                   'begun otherwise: "seed 7" there, "seed 8" now', "--force")

    def test_bad_corpus(self):
        work, bad = self.top / "bad", self.top / "bad_speech"
        self.fails(self.train(work, speech=bad), chain.UNABLE, "bad_speech/manifest.tsv")
        bad.mkdir()
        header = "dataset\tlang\tkind\tfile\tseconds\ttext\n"
        (bad / "manifest.tsv").write_text(header)
        self.fails(self.train(work, speech=bad), chain.UNABLE, "manifest.tsv", "de_kerstin")
        (bad / "manifest.tsv").write_text(header + "de_kerstin\tde\tspeech\ta.wav\t1.0\tja\n")
        self.fails(self.train(work, speech=bad), chain.UNABLE, "a.wav")
        (bad / "manifest.tsv").write_text(header + "de_kerstin\tde\tspeech\n")
        self.fails(self.train(work, speech=bad), chain.UNABLE, "manifest.tsv:2")

    def test_damaged_files(self):
        work = self.top / "damaged"
        shutil.copytree(self.done, work)
        checkpoint = work / "train/singing.checkpoint"
        content = checkpoint.read_bytes()
        checkpoint.write_bytes(content[:len(content) // 2])
        self.fails(self.train(work), chain.UNABLE, "singing.checkpoint", "--force")
        self.assertEqual(checkpoint.stat().st_size, len(content) // 2)
        self.exits(self.train(work, options=["--force"]), 0)
        self.same_results(work)

    @unittest.skipUnless(shutil.which("fluidsynth") and FONT.exists(),
                         "fluidsynth or timgm6mb-soundfont is not installed")
    def test_sound_font(self):
        work = self.top / "font"
        run = self.train(work, f"train.sound_fonts={FONT}", "train.steps=5", "train.made_up_pieces=2")
        self.exits(run, 0)
        self.assertRegex(run.log, "accompaniment: [1-9][0-9]* pieces")

    def test_no_sound_font(self):
        run = self.train(self.top / "no_font", "train.sound_fonts=nowhere/FluidR3_GM.sf2")
        self.fails(run, chain.UNABLE, "nowhere/FluidR3_GM.sf2: the sound font is not there",
                   "fluid-soundfont-gm", "train.sound_fonts")

    def test_help(self):
        run = chain.run([chain.BIN / "silbe", "help", "settings", "train"])
        self.exits(run, 0)
        for text in ("train.peak_rate: 0.0012", "train.loss: frames", "SILBE_SPEECH_ROOT"):
            self.assertIn(text, run.out)



class Dataset(Made):
    """Learning from a dataset's own recordings: two works, one of them in two versions."""

    SETTINGS = ["adapt.rounds=2", "adapt.epochs=3", "adapt.min_confidence=0", "adapt.piece_s=2",
                "adapt.min_text_confidence=0", "adapt.min_agreement=0",
                "train.batch=4", "dataset.kind=swd", "dataset.name=lieder", "align.mode=lyrics",
                "lyrics.min_voice_share=0", "lyrics.unmatched_llr=-1000", "lyrics.mismatch_llr=-1000"]
    LINES = [["Mond", "gute Nacht", "Liebe"], ["der Baum", "ein Traum", "am Wasser"]]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dataset = cls.top / "lieder"
        for number, version, pause in ((1, "A", 0), (1, "B", 3), (2, "A", 0)):
            lines = cls.LINES[number - 1]
            texts = cls.dataset / "01_RawData/lyrics_txt"
            texts.mkdir(parents=True, exist_ok=True)
            (texts / f"Lied-0{number}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            say((" " * pause + "    ").join(lines),
                cls.dataset / f"01_RawData/audio_wav/Lied-0{number}_{version}.wav", number)
        cls.work = cls.top / "work"
        for stage in ("features", "labels", "posteriors", "align"):
            run = chain.run(cls.command(stage, cls.work))
            assert run.code == 0, run

    @classmethod
    def command(cls, stage, work, *settings, options=()):
        command = [chain.BIN / f"silbe-{stage}", "--work", work, *options]
        for setting in [f"dataset.root={cls.dataset}",
                        f"acoustic.weights={cls.done}/train/singing.weights", *cls.SETTINGS,
                        *settings]:
            command += ["--set", setting]
        return [str(part) for part in command]

    @classmethod
    def train(cls, work, *settings, options=()):
        return chain.run(cls.command("train", work, *settings, options=options))

    def copy(self, name):
        work = self.top / name
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.work, work)
        return work

    def adapt(self, work, *settings, options=()):
        return self.train(work, *settings, options=["--adapt", *options])

    def test_adapt(self):
        work = self.copy("adapted")
        first = self.adapt(work)
        self.exits(first, 0)
        self.assertRegex(first.log, r"round 2 of 2: 3 recordings, \d+ pieces, confidence 0\.")
        out = work / "lieder/adapt"
        weights = (out / "adapted.weights").read_bytes()
        self.assertIn(b"3 recordings of the dataset lieder and their lyrics alone", weights)
        self.assertIn(b"de_kerstin", weights)  # what the weights were before
        self.exits(self.adapt(work), 0)
        self.assertEqual((out / "adapted.weights").read_bytes(), weights)
        again = self.copy("adapted_again")
        self.exits(self.adapt(again, options=["--threads", "1"]), 0)
        self.same_files(chain.lasting(chain.files(again / "lieder/adapt")),
                        chain.lasting(chain.files(out)))
        # They can be used.
        self.exits(chain.run(self.command("posteriors", work,
                                          f"acoustic.weights={out}/adapted.weights")), 0)
        # Other settings begin anew.
        self.exits(self.adapt(work, "adapt.peak_rate=0.002"), 0)
        self.assertNotEqual((out / "adapted.weights").read_bytes(), weights)
        self.exits(self.adapt(work, options=["--force"]), 0)
        self.assertEqual((out / "adapted.weights").read_bytes(), weights)

    def test_adapt_killed(self):
        wanted = self.copy("adapt_whole")
        self.exits(self.adapt(wanted), 0)
        work = self.copy("adapt_killed")
        for file in ("round_01.checkpoint", "round_01.weights"):
            process = subprocess.Popen(self.command("train", work, options=["--adapt"]),
                                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=chain.environment())
            while not (work / "lieder/adapt" / file).exists() and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            process.wait()
        self.exits(self.adapt(work), 0)
        self.same_files(chain.lasting(chain.files(work / "lieder/adapt")),
                        chain.lasting(chain.files(wanted / "lieder/adapt")))

    def test_each_by_itself(self):
        work = self.copy("alone")
        run = self.adapt(work, "adapt.versions_weight=0", options=["--verbose"])
        self.exits(run, 0)
        self.assertNotIn("follows", run.log)
        run = self.adapt(work, options=["--verbose", "--force"])
        self.assertIn("Lied-01_A follows Lied-01_B at a cost of ", run.log)

    def make_scores(self, work):
        """Results of mode lyrics in the place of those of mode score: they have the same form."""
        (work / "lieder/score").mkdir()
        shutil.copytree(work / "lieder/lyrics/words", work / "lieder/score/words")

    def test_scores(self):
        work = self.copy("scores")
        self.make_scores(work)
        run = self.train(work)
        self.exits(run, 0)
        weights = (work / "lieder/train/singing.weights").read_bytes()
        self.assertIn(b"word times by their scores", weights)
        self.exits(self.train(work, f"train.speech_root={self.speech}", *SMALL, *self.SETTINGS,
                              options=["--force"]), 0)
        self.assertIn(b"with speech in each batch",
                      (work / "lieder/train/singing.weights").read_bytes())

    def test_folds(self):
        work = self.copy("folds")
        self.make_scores(work)
        self.exits(self.train(work, "train.folds=2"), 0)
        folds = json.loads((work / "lieder/train/folds.json").read_text())["folds"]
        self.assertEqual(folds, [{"weights": "fold_1.weights", "works": ["Lied-01"]},
                                 {"weights": "fold_2.weights", "works": ["Lied-02"]}])
        self.assertIn(b"1 recordings of", (work / "lieder/train/fold_1.weights").read_bytes())
        self.assertIn(b"2 recordings of", (work / "lieder/train/fold_2.weights").read_bytes())
        # Each item is heard by the weights of its fold.
        path = f"acoustic.weights={work}/lieder/train/folds.json"
        self.exits(chain.run(self.command("posteriors", work, path)), 0)
        found = chain.files(work / "lieder/posteriors", "*.npy")
        for fold, item in ((1, "Lied-01_B"), (2, "Lied-02_A")):
            path = f"acoustic.weights={work}/lieder/train/fold_{fold}.weights"
            self.exits(chain.run(self.command("posteriors", work, path)), 0)
            again = chain.files(work / "lieder/posteriors", "*.npy")
            self.assertEqual(found[f"{item}.npy"], again[f"{item}.npy"])
        self.fails(self.train(work, "train.folds=3"), chain.MISUSE, "train.folds should be 2 to 2")

    def test_missing_stages(self):
        self.fails(self.train(self.copy("no_scores")), chain.UNABLE, "score/words/",
                   "silbe align DATASET --mode score")
        work = self.copy("one_is_made_again")
        (work / "lieder/features/Lied-02_A.logmel.npy").unlink()
        self.fails(self.adapt(work), 0, "3 of 3 recordings are learnt from")

    def test_bad_input(self):
        work = self.copy("bad")
        self.fails(self.adapt(work, "adapt.min_confidence=1", "adapt.versions_weight=0"),
                   0, "Lied-01_A: kept unadapted: no part", "sure enough", "adapt.min_confidence")
        self.fails(self.adapt(work, "features.logmel_high_hz=5000"), chain.UNABLE,
                   "logmel_high_hz")
        self.fails(self.adapt(work, "acoustic.weights=nowhere.weights"), chain.UNABLE,
                   "nowhere.weights")
        self.fails(chain.run([chain.BIN / "silbe-train", "--adapt", "--work", work]), chain.MISUSE,
                   "dataset.name")


if __name__ == "__main__":
    chain.main()

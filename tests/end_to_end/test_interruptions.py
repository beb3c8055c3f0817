"""Runs that are killed, interrupted, locked out, or run out of space: results are whole or not there,
and the next run completes them as if nothing had happened."""
import os
import shutil
import signal
import subprocess
import time

import chain
from chain import GOOD, STAGES

ITEMS = 4  # copies of one song


class Interruptions(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dataset = cls.top / "lieder"
        for i in range(ITEMS):
            chain.add_song(cls.dataset, f"{GOOD}{i}")
        cls.runs = chain.run_chain(cls.dataset, cls.top / "done", *chain.FAST)
        cls.done = chain.lasting(chain.files(cls.top / "done"))

    def upto(self, stage, work):
        """Results of the stages before that one."""
        shutil.rmtree(work, ignore_errors=True)
        for earlier in STAGES[:STAGES.index(stage)]:
            self.exits(chain.run(self.command(earlier, work)), 0)

    def command(self, stage, work, *options):
        return chain.command(stage, self.dataset, work, *chain.FAST, *options)

    def start(self, stage, work, *options):
        return subprocess.Popen(self.command(stage, work, *options), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                env=chain.environment())

    def at_work(self, process, work):
        """Waits until it is in the middle of an item; False if it was too quick."""
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            if chain.temporary_files(work):
                return True
        return False

    def completes(self, work):
        """The next run ends as an undisturbed one would have."""
        self.all_exit(chain.run_chain(self.dataset, work, *chain.FAST), 0)
        self.same_files(chain.lasting(chain.files(work)), self.done)
        self.assertEqual(chain.temporary_files(work), [])

    def only_whole_files(self, work):
        found = {name: content for name, content in chain.lasting(chain.files(work)).items()
                 if ".tmp." not in name}
        self.same_files(found, {name: self.done.get(name) for name in found})

    def test_kill(self):
        self.all_exit(self.runs, 0)
        work = self.top / "killed"
        for stage in STAGES:
            n_hit = 0
            for attempt in range(3):
                with self.subTest(stage, attempt=attempt):
                    self.upto(stage, work)
                    process = self.start(stage, work)
                    n_hit += self.at_work(process, work)
                    time.sleep(0.02 * attempt)
                    process.kill()
                    process.communicate()
                    self.only_whole_files(work)
                    self.completes(work)
            if stage in ("features", "align"):  # the others take milliseconds
                self.assertGreater(n_hit, 0, f"{stage} was never killed in the middle")

    def test_interrupt(self):
        work = self.top / "interrupted"
        for stage, sent in (("features", signal.SIGINT), ("align", signal.SIGTERM)):
            with self.subTest(stage):
                # On a busy machine it may be through, or at its last item, before the signal comes.
                for _ in range(10):
                    self.upto(stage, work)
                    process = self.start(stage, work, "--threads", "1")
                    hit = self.at_work(process, work)
                    process.send_signal(sent)
                    log = process.communicate()[1].decode("utf-8")
                    if hit and process.returncode != 0 and "stopped with 0 items" not in log:
                        break
                self.assertEqual(process.returncode, chain.INTERRUPTED, log)
                self.assertRegex(log, r"stopped with [1-9] items left; run the same command again")
                self.assertRegex(log, r": [1-9] ok, 0 up to date, 0 failed")
                self.assertEqual(chain.temporary_files(work), [])
                self.only_whole_files(work)
                again = chain.run(self.command(stage, work))
                self.exits(again, 0)
                self.assertRegex(again.log, r": [1-9] ok, [1-9] up to date, 0 failed")
                self.completes(work)

    def test_two_at_once(self):
        work = self.top / "shared"
        shutil.rmtree(work, ignore_errors=True)
        first = self.start("features", work)
        self.assertTrue(self.at_work(first, work))
        first.send_signal(signal.SIGSTOP)  # stays in the middle until the others have tried
        try:
            for stage in STAGES:
                run = chain.run(self.command(stage, work))
                self.exits(run, chain.BUSY)
                self.assertIn(f"another run is at work here (silbe-features, process {first.pid})",
                              run.log)
                self.assertIn("--work FOLDER", run.log)
            self.exits(chain.run(self.command("features", self.top / "elsewhere")), 0)
        finally:
            first.send_signal(signal.SIGCONT)
        log = first.communicate()[1].decode("utf-8")
        self.assertEqual(first.returncode, 0, log)
        self.assertIn(f"{ITEMS} ok, 0 up to date, 0 failed", log)
        self.completes(work)

    def test_limited_files(self):
        """Files that may not grow, as a quota would have it."""
        work = self.top / "limited"
        shutil.rmtree(work, ignore_errors=True)
        run = chain.run(["bash", "-c", 'trap "" XFSZ; ulimit -f 60; exec "$@"', "-",
                         *map(str, self.command("features", work))])
        self.exits(run, chain.FAILED)
        self.assertEqual(len(run.failures()), ITEMS)
        for message in run.failures().values():
            self.assertRegex(message, r"npy: .*failed: File too large")
        self.assertEqual(list(work.rglob("*.npy")), [])
        self.assertEqual(chain.temporary_files(work), [])
        self.completes(work)

    def test_full_disk(self):
        """Each stage on a full disk, then with space: it fails cleanly, then completes."""
        work = self.top / "filled"
        work.mkdir()
        # A small file system, in a mount namespace that goes when the shell ends.
        script = """
            mount -t tmpfs -o size=8m silbe-test "$1" || exit 77
            cd "$1" || exit 77
            for stage in features labels align evaluate; do
                head -c 100m /dev/zero > filler 2> /dev/null
                "$2/silbe-$stage" --dataset "$3" --work . "${@:4}" >&2
                echo "$stage $?"
                find . -name '*.tmp.*'
                rm filler
                "$2/silbe-$stage" --dataset "$3" --work . "${@:4}" >&2
                echo "$stage $?"
            done
            cp -r lieder "$3/../copied" && echo copied
        """
        run = chain.run(["unshare", "-m", "bash", "-c", script, "-", str(work), str(chain.BIN),
                         str(self.dataset), *chain.FAST])
        if run.code == 77 or "unshare" in run.log:
            self.skipTest("may not mount a file system here")
        lines = run.out.splitlines()
        for stage in STAGES:
            first, second = [line.split()[1] for line in lines if line.startswith(stage)]
            self.assertIn(first, ("1", "4"), str(run))
            self.assertEqual(second, "0", str(run))
        self.assertEqual(lines[-1], "copied", str(run))
        self.assertEqual(len(lines), 2 * len(STAGES) + 1, f"temporary files were left:\n{run}")
        self.assertIn("No space left on device", run.log)
        found = chain.lasting(chain.files(self.top / "copied"))
        self.same_files(found, {name.split("/", 1)[1]: content
                                for name, content in self.done.items()})

    def test_unwritable(self):
        """Folders that cannot be: below a file, as rights do not bind root."""
        work = self.top / "unwritable"
        (self.top / "file").write_text("x")
        run = chain.run(self.command("features", self.top / "file" / "work"))
        self.exits(run, chain.UNABLE)
        self.assertRegex(run.log, r"error: /.+/file: folder cannot be made: ")
        for stage, folder in (("features", "features"), ("labels", "labels"), ("align", "score"),
                              ("evaluate", "score/report.json")):
            with self.subTest(stage):
                self.upto(stage, work)
                blocked = work / "lieder" / folder
                blocked.parent.mkdir(parents=True, exist_ok=True)
                if stage == "evaluate":
                    blocked.mkdir()
                else:
                    blocked.write_text("x")
                run = chain.run(self.command(stage, work))
                self.exits(run, chain.UNABLE)
                self.assertRegex(run.log, rf"error: /.+/{folder}: ")
                self.assertEqual(chain.temporary_files(work), [])
                if stage == "evaluate":
                    blocked.rmdir()
                else:
                    blocked.unlink()
                self.completes(work)
        if os.geteuid() != 0:
            work = self.top / "readonly"
            work.mkdir(mode=0o555)
            run = chain.run(self.command("features", work))
            self.exits(run, chain.UNABLE)
            self.assertIn("Permission denied", run.log)


if __name__ == "__main__":
    chain.main()

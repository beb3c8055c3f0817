"""Songs whose run is killed, interrupted, or out of space, or is not alone: results are whole or not
there, and the next run completes them as if nothing had happened."""
import shutil
import signal
import subprocess
import time

import chain

VERSIONS = ("SC33", "TE24", "BA07")
N_FORMATS = 8


class Stopped(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.songs = [chain.demo("wav", version=version) for version in VERSIONS]
        run, cls.done = cls.undisturbed("done")
        assert run.code == 0 and len(cls.done) == N_FORMATS * len(VERSIONS), str(run)

    @classmethod
    def prepare(cls, name):
        """An empty folder for the songs, another one for the cache below it."""
        folder = cls.top / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path in (*cls.songs, chain.demo("txt")):
            (folder / path.name).symlink_to(path)
        return folder

    @classmethod
    def command(cls, folder, *options, cache=None):
        # env is replaced by the program: a signal reaches that.
        return ["env", f"XDG_CACHE_HOME={cache or folder / 'cache'}", chain.BIN / "silbe", "align",
                *(folder / path.name for path in cls.songs), folder / chain.demo("txt").name,
                *options]

    @classmethod
    def undisturbed(cls, name):
        folder = cls.prepare(name)
        return chain.run(cls.command(folder)), cls.words(folder)

    @staticmethod
    def words(folder):
        return {name: content for name, content in chain.files(folder, "*.words.*").items()
                if "cache/" not in name and ".tmp." not in name}

    @staticmethod
    def left_over(folder):
        return [path.name for path in folder.glob("*.tmp.*")]

    def start(self, folder, *options):
        return subprocess.Popen(self.command(folder, *options), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                env=chain.environment())

    def wait_for(self, process, happens):
        """Until something happens or the process has ended; whether it happened."""
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            if happens():
                return True
        return False

    def completes(self, folder, *options):
        """The same command ends as an undisturbed one would have."""
        run = chain.run(self.command(folder, *options))
        self.exits(run, 0)
        self.same_files(self.words(folder), self.done)

    def only_whole_files(self, folder):
        found = self.words(folder)
        self.same_files(found, {name: self.done.get(name) for name in found})

    # ---- signals ----

    def kill_when(self, happens, delay_s=0.0):
        """Whether the run was killed in the middle, which the next one does not mind."""
        folder = self.prepare("killed")
        process = self.start(folder)
        self.wait_for(process, lambda: happens(folder))
        time.sleep(delay_s)
        process.kill()
        process.communicate()
        self.only_whole_files(folder)
        # What a killed process left lies in one place, which its number tells.
        left = self.left_over(folder)
        self.assertTrue(all(name.endswith(f".tmp.{process.pid}") for name in left), left)
        self.completes(folder)
        self.assertEqual(sorted(self.left_over(folder)), sorted(left))
        return process.returncode == -signal.SIGKILL

    def test_kill(self):
        n_hit = 0
        for delay_s in (0, 0.05, 0.1, 0.2, 0.4):
            with self.subTest("after some time", delay_s=delay_s):
                n_hit += self.kill_when(lambda folder: True, delay_s)
        for name, pattern in (("cache", "cache/silbe/posteriors/*"), ("writing", "*.words.*"),
                              ("notes", "cache/silbe/written/*")):
            for n in (1, 3, N_FORMATS - 1, N_FORMATS + 1):
                with self.subTest(name, n=n):
                    n_hit += self.kill_when(lambda folder, p=pattern, k=n:
                                            len(list(folder.glob(p))) >= k)
        self.assertGreater(n_hit, 4, "was never killed in the middle")

    def test_interrupt(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(sent.name):
                folder = self.prepare("interrupted")
                process = self.start(folder, "--threads", "1")
                self.assertTrue(self.wait_for(process, (folder / "cache").exists))
                process.send_signal(sent)
                log = process.communicate()[1].decode("utf-8")
                self.assertEqual(process.returncode, chain.INTERRUPTED, log)
                self.assertRegex(log, "stopped with [12] songs left; the same command goes on")
                self.assertEqual(self.left_over(folder), [])
                self.only_whole_files(folder)
                self.assertIn(len(self.words(folder)), (N_FORMATS, 2 * N_FORMATS))
                self.completes(folder)
                self.assertEqual(self.left_over(folder), [])

    # ---- others at work ----

    def test_two_at_once(self):
        for attempt in range(3):
            with self.subTest(attempt=attempt):
                folder = self.prepare("shared")
                both = [self.start(folder), self.start(folder)]
                for process in both:
                    log = process.communicate()[1].decode("utf-8")
                    self.assertEqual(process.returncode, 0, log)
                    self.assertIn("3 songs, 0 failed", log)
                self.same_files(self.words(folder), self.done)
                self.assertEqual(self.left_over(folder), [])
                self.assertEqual(list((folder / "cache").rglob("*.tmp.*")), [])
                self.completes(folder)

    def test_cache_is_removed_meanwhile(self):
        folder = self.prepare("removed")
        process = self.start(folder)
        n_removed = 0
        while process.poll() is None:
            n_removed += (folder / "cache" / "silbe").exists()
            shutil.rmtree(folder / "cache", ignore_errors=True)
            time.sleep(0.002)
        log = process.communicate()[1].decode("utf-8")
        self.assertEqual(process.returncode, 0, log)
        self.assertGreater(n_removed, 0)
        self.same_files(self.words(folder), self.done)
        self.assertEqual(self.left_over(folder), [])

    # ---- no room ----

    def test_limited_files(self):
        """Files that may not grow, as a quota would have it: some formats fit, others do not."""
        folder = self.prepare("limited")
        run = chain.run(["bash", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "-",
                         *map(str, self.command(folder))])
        self.exits(run, chain.FAILED)
        self.assertEqual(len(run.failures()), len(VERSIONS), str(run))
        for path, message in run.failures().items():
            self.assertTrue(message.startswith(path.removesuffix(".wav") + ".words."), message)
            self.assertRegex(message, r"words\.\w+: writing failed: File too large")
        self.assertIn("3 songs, 3 failed", run.log)
        self.assertEqual(self.words(folder), {})
        self.assertEqual(self.left_over(folder), [])
        self.completes(folder)

    def on_full_disk(self, folder, script):
        """Runs the script where "$1" is an empty file system of 2 MB, which goes when it ends."""
        disk = self.top / "disk"
        disk.mkdir(exist_ok=True)
        head = """mount -t tmpfs -o size=2m silbe-test "$1" || exit 77
                  head -c 100m /dev/zero > "$1/filler" 2> /dev/null
                  disk=$1; shift
                  """
        run = chain.run(["unshare", "-m", "bash", "-c", head + script, "-", str(disk),
                         *map(str, self.command(folder))])
        if run.code == 77 or "unshare" in run.log:
            self.skipTest("may not mount a file system here")
        return run

    def test_full_disk(self):
        folder = self.prepare("full")
        run = self.on_full_disk(folder, """
            "$@" -o "$disk" >&2; echo "full $?"; ls "$disk"
            rm "$disk/filler"
            "$@" -o "$disk" >&2; echo "again $?"; cp "$disk"/* "$PWD"
            """.replace('"$PWD"', f'"{folder}"'))
        self.assertEqual(run.out.split(), ["full", "1", "filler", "again", "0"], str(run))
        self.assertEqual(len(run.failures()), len(VERSIONS), str(run))
        for message in run.failures().values():
            self.assertRegex(message, r"/disk/[^/]+\.words\.csv: .*No space left on device; make room "
                                      "and run the same command again")
        self.same_files(self.words(folder), self.done)

    def test_cache_on_a_full_disk(self):
        folder = self.prepare("uncached")
        run = self.on_full_disk(folder, 'export XDG_CACHE_HOME=$disk; shift 2; exec "$@" --verbose')
        self.exits(run, 0)
        self.assertIn("not kept in the cache: ", run.log)
        self.assertIn("No space left on device", run.log)
        self.same_files(self.words(folder), self.done)


if __name__ == "__main__":
    chain.main()

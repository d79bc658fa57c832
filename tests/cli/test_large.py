"""test_large.py: objects that are larger than memory should hold. Slow."""

import os
import resource

import harness

with open(harness.BIN, "rb") as program:
    IS_SANITIZED = b"__asan_init" in program.read()


class LargeTest(harness.Case):
    """What is larger than memory should hold."""

    def commit_large(self, repo, name, size, at):
        """A blob of `size` bytes that compresses well, with a secret."""
        text = b"\n" + harness.expand("ghp_{base62:30}{crc32}", 5).encode()
        path = os.path.join(repo.path, name)
        with open(path, "wb") as file:
            block = (b"x" * 63 + b"\n") * (1 << 14)
            for _ in range(size // len(block)):
                file.write(block)
            file.seek(at)
            file.write(text + b"\n")
        repo.git("-c", "core.compression=1", "-c",
                 "core.bigFileThreshold=1m", "add", name)
        repo.commit("large")
        os.remove(path)

    def assertMemory(self, most):
        """No process of this test has held more megabytes, git's included."""
        if not IS_SANITIZED:
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            self.assertLess(used, most << 10)

    def test_large__deltas_of_100_megabytes(self):
        """Built whole, in so much memory."""
        repo = self.repo()
        for at in (10 << 20, 90 << 20):
            self.commit_large(repo, "large", 100 << 20, at)
        repo.git("-c", "core.bigFileThreshold=1g", "-c", "pack.threads=1",
                 "repack", "-adfq", "--depth=5", "--window=5")
        run = self.secscan("--history", "--format", "jsonl", repo.path)
        self.assertRun(run, 1)
        self.assertTrue(run.summary()["complete"], repr(run))
        self.assertEqual(len(run.findings()[0]["commits"]), 1)
        self.assertEqual(len(run.findings()[0]["places"]), 2)

    def test_large__700_megabytes_are_scanned_in_pieces(self):
        repo = self.repo()
        self.commit_large(repo, "large", 700 << 20, 699 << 20)
        repo.git("-c", "core.bigFileThreshold=1m", "repack", "-adq")
        run = self.secscan("--history", "--format", "jsonl", repo.path)
        self.assertRun(run, 1)
        self.assertMemory(100)
        self.assertTrue(run.summary()["complete"], repr(run))
        self.assertEqual([f["path"] for f in run.findings()], ["large"])
        self.assertEqual(run.findings()[0]["offset"], (699 << 20) + 1)


if __name__ == "__main__":
    harness.main()

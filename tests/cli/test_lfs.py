"""test_lfs.py: Git LFS: what is on disk is scanned where its pointers stand."""

import hashlib
import json
import os
import signal
import subprocess
import time

import harness
from git_case import GitCase, token


class LfsTest(GitCase):
    def setUp(self):
        super().setUp()
        self.repo1 = self.repo()

    def lfs(self, content, on_disk=True):
        """The pointer of an LFS object, and its id."""
        oid = hashlib.sha256(content).hexdigest()
        if on_disk:
            self.repo1.write(".git/lfs/objects/%s/%s/%s" % (
                oid[:2], oid[2:4], oid), content)
        return ("version https://git-lfs.github.com/spec/v1\noid sha256:%s\n"
                "size %d\n" % (oid, len(content))), oid

    def test_lfs__found_where_the_pointer_stands(self):
        repo = self.repo1
        pointer, oid = self.lfs(b"one\nk %s\n" % token(1).encode())
        repo.commit("first", {"x": "1\n"})
        c = repo.commit("add", {"d/big.bin": pointer})
        repo.commit("gone", {"d/big.bin": None})
        run = self.history(repo)
        self.assertRun(run, 1)
        f, = run.findings()
        self.assertEqual((f["path"], f["commit"], f["source"], f["object"]),
                         ("d/big.bin", c, "lfs", oid))
        self.assertEqual((f["line_start"], f["column_start"], f["reach"],
                          f["in_head"], f["n_commits"], f["n_paths"]),
                         (2, 3, "ref", False, 1, 1))
        self.assertTrue(run.summary()["complete"])
        repo.git("gc", "-q")
        self.assertEqual(self.history(repo).findings(), [f])

    def test_lfs__many_pointers_one_secret(self):
        repo = self.repo1
        pointer, oid = self.lfs(b"k %s\n" % token(1).encode())
        c = repo.commit("text", {"b": "k %s\n" % token(1)})
        repo.commit("add", {"a": pointer, "c": pointer})
        f, = self.history(repo).findings()
        self.assertEqual((f["path"], f["commit"], f["n_paths"]), ("b", c, 3))
        self.assertEqual({p["path"]: p["source"] for p in f["places"]},
                         {"a": "lfs", "b": "blob", "c": "lfs"})

    def test_lfs__allowlisted_path_of_a_pointer(self):
        pointer, _ = self.lfs(b"k %s\n" % token(1).encode())
        self.repo1.commit("add", {"allowed/a": pointer})
        self.assertRun(self.history(self.repo1), 0)

    def test_lfs__without_a_pointer_is_unreachable(self):
        self.repo1.commit("first", {"x": "1\n"})
        _, oid = self.lfs(b"k %s\n" % token(1).encode())
        run = self.history(self.repo1)
        self.assertRun(run, 0)
        f, = run.findings()
        self.assertEqual((f["path"], f["object"], f["source"], f["reach"],
                          f["gates"]), (None, oid, "lfs", "unreachable", False))
        self.assertRun(self.history(self.repo1, "--gate-unreachable"), 1)

    def test_lfs__dangling_pointer(self):
        pointer, oid = self.lfs(b"k %s\n" % token(1).encode())
        self.repo1.git("hash-object", "-w", "--stdin", stdin=pointer.encode())
        f, = self.history(self.repo1).findings()
        self.assertEqual((f["path"], f["object"], f["reach"]),
                         (None, oid, "unreachable"))

    def test_lfs__absent_object_is_noted(self):
        pointer, oid = self.lfs(b"absent", on_disk=False)
        self.repo1.commit("add", {"a": pointer, "b": pointer})
        run = self.history(self.repo1)
        self.assertRun(run, 0)
        skips = [o for o in run.jsonl() if o["type"] == "skip"]
        self.assertEqual([(s["reason"], s["object"], s["incomplete"])
                          for s in skips], [("lfs", oid, False)])
        self.assertTrue(run.summary()["complete"])

    def test_lfs__object_that_is_no_file_is_said(self):
        pointer, oid = self.lfs(b"x")
        path = os.path.join(self.repo1.path, ".git/lfs/objects", oid[:2],
                            oid[2:4], oid)
        self.repo1.commit("add", {"a": pointer})
        os.unlink(path)
        os.mkdir(path)
        run = self.history(self.repo1)
        self.assertRun(run, 3)
        self.assertEqual(self.reasons(run), ["unreadable"])

    def test_lfs__large_objects_are_streamed(self):
        content = b"line of nothing\n" * 200000 + token(1).encode()
        pointer, _ = self.lfs(content)
        self.repo1.commit("add", {"big": pointer})
        f, = self.history(self.repo1).findings()
        self.assertEqual((f["path"], f["line_start"]), ("big", 200001))
        run = self.history(self.repo1, "--max-file-size", "1M")
        self.assertEqual(self.reasons(run), ["too-large"])
        self.assertEqual(run.findings(), [])

    def test_lfs__an_interrupt_says_how_far_it_got(self):
        self.repo1.commit("first", {"x": "k %s\n" % token(1)})
        _, oid = self.lfs(b"large")
        os.truncate(os.path.join(self.repo1.path, ".git/lfs/objects", oid[:2],
                                 oid[2:4], oid), 1 << 40)
        process = subprocess.Popen(
            [harness.BIN, "--rules", self.rules, "--history", "-f", "json",
             self.repo1.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment())
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"interrupted while scanning, after 2 of 2 objects", err)
        report = json.loads(out)
        self.assertEqual(report["coverage"]["blobs"], 0)
        self.assertFalse(report["complete"])

    def test_lfs__what_is_no_pointer(self):
        pointer, _ = self.lfs(b"k %s\n" % token(1).encode())
        self.repo1.commit("add", {"a": "x" + pointer,
                                  "b": pointer + "#" * 1024})
        self.assertEqual([f["reach"] for f in self.history(
            self.repo1).findings()], ["unreachable"])

    def test_lfs__ranges_and_the_index_note_pointers(self):
        pointer, _ = self.lfs(b"k %s\n" % token(1).encode())
        base = self.repo1.commit("first", {"x": "1\n"})
        self.repo1.add("a", pointer)
        self.assertEqual(self.reasons(self.scan(self.repo1, "--staged")),
                         ["lfs"])
        self.repo1.commit("add")
        run = self.scan(self.repo1, "--range", base + "..")
        self.assertRun(run, 0)
        self.assertEqual(self.reasons(run), ["lfs"])


if __name__ == "__main__":
    harness.main()

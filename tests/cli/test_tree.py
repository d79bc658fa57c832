"""Scans of files and trees: what is read, in which order, and what is said of
what is not. The marks are of a rule of the tests' own."""

import os
import shutil
import subprocess
import threading

import harness

RULE = r"""
[[rules]]
id = "mark"
description = "a mark"
category = "token"
severity = "high"
regex = '''MARK_[a-z]{8}'''
placeholders = "keep"
"""
MARK = "MARK_" + "abcdefgh"
NOBODY = 65534


class TreeCase(harness.Case):
    def setUp(self):
        super().setUp()
        self.rule = self.write("rule.toml", RULE)
        self.tree = self.path("tree")
        os.mkdir(self.tree)

    def put(self, name, content=MARK + "\n"):
        """A file in the tree; its name may be bytes."""
        if isinstance(name, str):
            name = os.fsencode(name)
        path = os.path.join(os.fsencode(self.tree), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes)
                       else content.encode())

    def scan(self, *args, **kwargs):
        kwargs.setdefault("cwd", self.tree)
        return self.secscan("--rules", self.rule, "--format", "jsonl", *args,
                            **kwargs)

    def paths(self, run):
        return [f["path"] for f in run.findings()]

    def skips(self, run):
        return [(o["reason"], o["path"]) for o in run.jsonl()
                if o["type"] == "skip"]


class OrderTest(TreeCase):
    def test_tree__findings_come_in_bytewise_path_order(self):
        names = ["b", "a/b", "a.c", "a-b", "a0", "B", "z/y/x", "z.y", "\u00e9"]
        for name in names:
            self.put(name)
        run = self.scan(".")
        self.assertRun(run, 1)
        self.assertEqual(self.paths(run), sorted(names, key=str.encode))

    def test_tree__any_number_of_threads_gives_the_same_bytes(self):
        for i in range(600):
            self.put("d%02d/e%d/f%d" % (i % 37, i % 5, i),
                     (MARK + "\n" if i % 3 == 0 else "none\n") * (i % 50))
        self.put("d10/large", "x" * 700000 + MARK + "\n" + "y" * 300000)
        os.mkfifo(os.path.join(self.tree, "d11", "pipe"))
        runs = [self.scan("--threads", n, ".") for n in ("1", "2", "8")]
        self.assertRun(runs[0], 1)
        self.assertGreater(len(runs[0].findings()), 1000)
        self.assertEqual(runs[0].raw, runs[1].raw)
        self.assertEqual(runs[0].raw, runs[2].raw)

    def test_tree__paths_are_joined_as_they_were_given(self):
        self.put("a/x")
        for given, want in ((".", "a/x"), ("a", "a/x"), ("a/", "a/x"),
                            ("./a", "./a/x"), ("a/x", "a/x"),
                            (self.tree, self.tree + "/a/x")):
            self.assertEqual(self.paths(self.scan(given)), [want])

    def test_tree__several_paths_keep_their_order_and_nothing_is_twice(self):
        for name in ("a/x", "a/y", "b/z"):
            self.put(name)
        run = self.scan("b", "a/y", "a", "./b/z")
        self.assertEqual(self.paths(run), ["b/z", "a/y", "a/x"])
        self.assertEqual(run.summary()["coverage"]["files"], 3)


class NamesTest(TreeCase):
    def test_tree__names_may_hold_any_byte(self):
        for name in (b"new\nline", b"not\xffutf8", b" ", b"-q", b"a\tb"):
            self.put(name)
        run = self.scan(".")
        self.assertRun(run, 1)
        self.assertEqual(len(run.findings()), 5)
        for path in ("new\nline", " ", "-q", "a\tb"):
            self.assertIn(path, self.paths(run))

    def test_tree__a_tree_may_be_deeper_than_any_path(self):
        depth = 2000
        at = os.open(self.tree, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir("deep", dir_fd=at)
            below = os.open("deep", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = below
        file = os.open("x", os.O_CREAT | os.O_WRONLY, dir_fd=at)
        os.write(file, MARK.encode())
        os.close(file)
        os.close(at)
        run = self.scan(".")
        self.assertRun(run, 1)
        self.assertEqual(self.paths(run), ["deep/" * depth + "x"])
        subprocess.run(["rm", "-rf", os.path.join(self.tree, "deep")],
                       check=True)


class LinksTest(TreeCase):
    def link(self, target, name):
        os.symlink(target, os.path.join(self.tree, name))

    def test_tree__links_are_noted_and_the_scan_is_complete(self):
        self.put("a/x")
        self.link("a", "to-dir")
        self.link("a/x", "to-file")
        self.link("nowhere", "broken")
        run = self.scan(".")
        self.assertRun(run, 1)
        self.assertEqual(self.paths(run), ["a/x"])
        self.assertEqual(self.skips(run), [
            ("symlink", "broken"), ("symlink", "to-dir"),
            ("symlink", "to-file")])
        self.assertTrue(run.summary()["complete"])

    def test_tree__a_link_that_is_asked_for_is_scanned(self):
        self.put("a/x")
        self.link("a", "to-dir")
        self.link("a/x", "to-file")
        self.assertEqual(self.paths(self.scan("to-dir")), ["to-dir/x"])
        self.assertEqual(self.paths(self.scan("to-file")), ["to-file"])

    def test_tree__loops_of_links_end_and_files_come_once(self):
        self.put("in/a/x")
        self.put("out/y")
        self.link("..", "in/up")
        self.link("../../out", "in/a/out")
        self.link(".", "in/a/self")
        self.link("../../out/y", "in/a/again")
        run = self.scan("--follow-symlinks", "in")
        self.assertRun(run, 1)
        self.assertEqual(len(run.findings()), 2)
        real = [os.path.realpath(os.path.join(self.tree, p))
                for p in self.paths(run)]
        self.assertEqual(len(set(real)), 2)


class SkipsTest(TreeCase):
    def test_tree__what_is_no_file_is_noted_and_does_not_block(self):
        os.mkfifo(os.path.join(self.tree, "pipe"))
        self.put("x", "nothing\n")
        run = self.scan(".", timeout=20)
        self.assertRun(run, 0)
        self.assertEqual(self.skips(run), [("not-a-file", "pipe")])

    def test_tree__a_path_that_is_no_file_is_an_error(self):
        os.mkfifo(os.path.join(self.tree, "pipe"))
        self.assertIn(self.scan("pipe", timeout=20).code, (2, 3))
        self.assertRun(self.scan("missing"), 2)
        self.put("x")
        run = self.scan("x", "missing")
        self.assertRun(run, 2)
        self.assertEqual(run.out, "")

    def test_tree__a_file_over_the_maximum_is_said(self):
        self.put("large", MARK + " " * 2000)
        self.put("small", "nothing\n")
        run = self.scan("--max-file-size", "1k", ".")
        self.assertRun(run, 0)
        self.assertEqual(self.skips(run), [("too-large", "large")])

    def scan_as_nobody(self):
        """Root may read everything: be someone else."""
        os.chmod(self.dir, 0o755)
        command = [harness.BIN, "--rules", self.rule, "--format", "jsonl", "."]
        user = {} if os.getuid() else {"user": NOBODY, "group": NOBODY,
                                       "extra_groups": []}
        try:
            done = subprocess.run(command, cwd=self.tree, stdout=-1, stderr=-1,
                                  env=self.environment(), timeout=60, **user)
        except PermissionError:
            self.skipTest("the program cannot be run by another user here")
        return harness.Run(done)

    def test_tree__an_unreadable_file_makes_it_incomplete(self):
        self.put("a", "nothing\n")
        self.put("b")
        self.put("c", "nothing\n")
        os.chmod(os.path.join(self.tree, "b"), 0)
        run = self.scan_as_nobody()
        self.assertRun(run, 3)
        self.assertEqual(self.skips(run), [("unreadable", "b")])
        self.assertEqual(run.summary()["coverage"]["files"], 2)

    def test_tree__an_unreadable_directory_makes_it_incomplete(self):
        self.put("a/x", "nothing\n")
        self.put("b/x")
        self.put("c/x", "nothing\n")
        path = os.path.join(self.tree, "b")
        os.chmod(path, 0)
        self.addCleanup(os.chmod, path, 0o755)
        run = self.scan_as_nobody()
        self.assertRun(run, 3)
        self.assertEqual(self.skips(run), [("unreadable", "b")])
        self.assertEqual(run.summary()["coverage"]["files"], 2)


class ChangesTest(TreeCase):
    """What happens to the tree meanwhile must not hurt."""

    def while_it_changes(self, change, *args):
        stop = threading.Event()

        def keep_changing():
            while not stop.is_set():
                change()
        thread = threading.Thread(target=keep_changing)
        thread.start()
        try:
            return [self.scan(*args, ".") for _ in range(5)]
        finally:
            stop.set()
            thread.join()

    def test_tree__directories_may_come_and_go(self):
        for i in range(300):
            self.put("d%03d/x" % i, "nothing\n")

        def change():
            for i in range(0, 300, 7):
                shutil.rmtree(os.path.join(self.tree, "d%03d" % i))
                self.put("d%03d" % i, "a file now\n")
                os.remove(os.path.join(self.tree, "d%03d" % i))
                self.put("d%03d/x" % i, "nothing\n")
        for run in self.while_it_changes(change, "--threads", "4"):
            # 3: what was a file when it was listed is a directory by now.
            self.assertIn(run.code, (0, 3), repr(run))

    def test_tree__files_may_shrink_and_grow(self):
        path = os.path.join(self.tree, "x")
        self.put("x", "a" * 3000000)

        def change():
            os.truncate(path, 100)
            os.truncate(path, 5000000)
        for run in self.while_it_changes(change):
            self.assertRun(run, 0)


class RepositoryTest(TreeCase):
    def test_tree__tracked_files_and_those_not_ignored_are_scanned(self):
        repo = harness.Repo(self.tree, self.environment())
        for name in ("tracked", "untracked", "out/dropped", "out/kept"):
            self.put(name)
        self.put(".gitignore", "out/\n")
        repo.git("add", "-f", "tracked", "out/kept")
        run = self.scan(".")
        self.assertEqual(self.paths(run), ["out/kept", "tracked", "untracked"])
        run = self.scan("--no-gitignore", ".")
        self.assertEqual(self.paths(run), ["out/dropped", "out/kept",
                                           "tracked", "untracked"])

    def test_tree__an_ignored_path_that_is_asked_for_is_scanned(self):
        harness.Repo(self.tree, self.environment())
        self.put(".gitignore", "*\n")
        self.put("out/x")
        self.assertEqual(self.paths(self.scan("out/x")), ["out/x"])
        self.assertEqual(self.paths(self.scan("out")), ["out/x"])

    def test_tree__a_scan_of_nothing_is_said(self):
        harness.Repo(self.tree, self.environment())
        self.put(".gitignore", "*\n")
        self.put("x")
        run = self.scan(".")
        self.assertRun(run, 0)
        self.assertEqual(run.summary()["coverage"]["warning"],
                         "no file was scanned")
        self.put(".gitignore", "y\n")
        self.assertIsNone(self.scan(".").summary()["coverage"]["warning"])

    def test_tree__git_itself_is_left_out(self):
        repo = harness.Repo(self.tree, self.environment())
        with open(os.path.join(repo.path, ".git", "note"), "w",
                  encoding="ascii") as file:
            file.write(MARK)
        self.assertRun(self.scan("--no-gitignore", "."), 0)

    def test_tree__a_damaged_index_is_said_and_all_is_scanned(self):
        harness.Repo(self.tree, self.environment())
        self.put(".gitignore", "x\n")
        self.put("x")
        self.put(".git/index", "damaged in a way that nobody can read\n")
        run = self.scan(".")
        self.assertRun(run, 1)
        self.assertEqual(self.paths(run), ["x"])
        self.assertEqual(self.skips(run), [("git-index", ".")])

    def env_files(self):
        done = self.secscan("--format", "jsonl", ".", cwd=self.tree)
        return [f["path"] for f in done.findings() if f["rule"] == "env-file"]

    def test_tree__an_env_file_is_said_unless_it_is_ignored(self):
        repo = harness.Repo(self.tree, self.environment())
        self.put("app/.env", "PORT=80\n")
        self.assertEqual(self.env_files(), ["app/.env"])
        self.put(".gitignore", ".env\n")
        self.assertEqual(self.env_files(), [])
        repo.git("add", "-f", "app/.env")
        self.assertEqual(self.env_files(), ["app/.env"])


if __name__ == "__main__":
    harness.main()

"""test_staged.py: secscan --staged: what the index adds to HEAD."""

import os

import harness
from git_case import GitCase, token


class StagedTest(GitCase):
    def staged(self, repo, *args):
        return self.scan(repo, "--staged", *args)

    def started(self):
        repo = self.repo()
        repo.commit("base", {"a": "x\n", "d/b": "y\n", "d/e/c": "z\n",
                             "old": "k %s\n" % token(1)})
        return repo

    def test_staged__new_secret_with_its_place(self):
        repo = self.started()
        repo.add("d/n", "1\nk %s\n" % token(2))
        run = self.staged(repo)
        self.assertRun(run, 1)
        f = run.findings()[0]
        self.assertEqual((f["path"], f["line_start"]), ("d/n", 2))
        self.assertEqual(run.summary()["coverage"]["mode"], "staged")

    def test_staged__work_tree_is_not_looked_at(self):
        repo = self.started()
        repo.write("a", "k %s\n" % token(2))
        run = self.staged(repo)
        self.assertRun(run, 0)
        self.assertEqual(run.summary()["coverage"]["blobs"], 0)

    def test_staged__edited_and_moved_files_are_not_new(self):
        repo = self.started()
        repo.add("old", "more\nk %s\n" % token(1))
        self.assertRun(self.staged(repo), 0)
        repo.git("mv", "old", "d/moved")
        repo.add("d/moved", "again\nk %s\n" % token(1))
        self.assertRun(self.staged(repo), 0)

    def test_staged__directory_moved(self):
        repo = self.started()
        repo.commit("dir", {"p/q/r": "k %s\n" % token(2)})
        repo.git("mv", "p", "s")
        self.assertRun(self.staged(repo), 0)

    def test_staged__first_commit(self):
        repo = self.repo()
        repo.add("a", "k %s\n" % token(1))
        run = self.staged(repo)
        self.assertRun(run, 1)
        self.assertEqual(self.paths(run), ["a"])

    def test_staged__nothing_staged(self):
        repo = self.started()
        run = self.staged(repo)
        self.assertRun(run, 0)
        self.assertTrue(run.summary()["complete"])

    def test_staged__intent_to_add_is_not_content(self):
        repo = self.started()
        repo.write("n", "k %s\n" % token(2))
        repo.git("add", "-N", "n")
        self.assertRun(self.staged(repo), 0)
        repo.git("add", "n")
        self.assertRun(self.staged(repo), 1)

    def test_staged__type_change_to_symlink(self):
        repo = self.started()
        os.remove(os.path.join(repo.path, "a"))
        os.symlink("x=" + token(2), os.path.join(repo.path, "a"))
        repo.git("add", "a")
        self.assertEqual(self.paths(self.staged(repo)), ["a"])

    def test_staged__file_in_place_of_a_directory(self):
        repo = self.started()
        repo.git("rm", "-qr", "d")
        repo.add("d", "k %s\n" % token(2))
        self.assertEqual(self.paths(self.staged(repo)), ["d"])

    def test_staged__directory_in_place_of_a_file(self):
        repo = self.started()
        repo.git("rm", "-q", "a")
        repo.add("a/b/c", "k %s\n" % token(2))
        self.assertEqual(self.paths(self.staged(repo)), ["a/b/c"])

    def test_staged__submodule_is_noted(self):
        repo = self.started()
        head = repo.git("rev-parse", "HEAD")
        repo.git("update-index", "--add", "--cacheinfo",
                 "160000,%s,sub" % head)
        run = self.staged(repo)
        self.assertRun(run, 0)
        self.assertEqual(self.reasons(run), ["submodule"])

    def test_staged__conflict_scans_both_sides(self):
        repo = self.started()
        repo.git("checkout", "-q", "-b", "side")
        repo.commit("side", {"a": "theirs %s\n" % token(2)})
        repo.git("checkout", "-q", "main")
        repo.commit("main", {"a": "ours\n"})
        try:
            repo.git("merge", "-q", "side")
            self.fail("no conflict")
        except AssertionError:
            pass
        run = self.staged(repo)
        # It stands in MERGE_HEAD already: the merge does not introduce it.
        self.assertRun(run, 0)
        self.assertGreater(run.summary()["coverage"]["blobs"], 0)

    def test_staged__merge_is_compared_with_both_parents(self):
        repo = self.started()
        repo.git("checkout", "-q", "-b", "side")
        repo.commit("side", {"s/t": "k %s\n" % token(2)})
        repo.git("checkout", "-q", "main")
        repo.commit("main", {"m": "x\n"})
        repo.git("merge", "-q", "--no-commit", "--no-ff", "side")
        run = self.staged(repo)
        self.assertRun(run, 0)
        self.assertEqual(run.summary()["coverage"]["blobs"], 0)
        repo.add("evil", "k %s\n" % token(3))
        self.assertEqual(self.paths(self.staged(repo)), ["evil"])

    def test_staged__new_path_of_a_path_rule(self):
        repo = self.started()
        repo.add("srv/.env", "A=1\n")
        run = self.staged(repo)
        self.assertRun(run, 0)
        self.assertEqual(self.paths(run), ["srv/.env"])
        repo.commit("env")
        repo.add("srv/.env", "A=2\n")
        self.assertEqual(self.paths(self.staged(repo)), [])

    def test_staged__every_kind_of_index(self):
        repo = self.started()
        for i in range(40):
            repo.write("t%d/u/f%d" % (i % 5, i), "%d\n" % i)
        repo.git("add", "-A")
        repo.commit("many")
        repo.add("t3/u/new", "k %s\n" % token(2))
        kinds = [["update-index", "--index-version", "4"],
                 ["update-index", "--index-version", "3"],
                 ["update-index", "--index-version", "2"],
                 ["update-index", "--split-index"],
                 ["update-index", "--no-split-index"],
                 ["-c", "index.skipHash=true", "update-index",
                  "--force-write-index"]]
        for kind in kinds:
            repo.git(*kind)
            self.assertEqual(self.paths(self.staged(repo)), ["t3/u/new"],
                             kind)

    def test_staged__split_index_after_changes(self):
        repo = self.started()
        repo.git("update-index", "--split-index")
        repo.add("a", "k %s\n" % token(2))
        repo.add("0", "k %s\n" % token(3))
        repo.git("rm", "-q", "--cached", "d/b")
        self.assertEqual(self.paths(self.staged(repo)), ["0", "a"])

    def test_staged__sparse_index(self):
        repo = self.started()
        repo.commit("more", {"in/x": "1\n", "out/y": "2\n"})
        repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
        repo.add("in/new", "k %s\n" % token(2))
        self.assertIn("out/", repo.git("ls-files", "--sparse"))
        self.assertEqual(self.paths(self.staged(repo)), ["in/new"])

    def test_staged__damaged_index_is_not_green(self):
        repo = self.started()
        path = os.path.join(repo.path, ".git", "index")
        with open(path, "rb") as file:
            content = bytearray(file.read())
        content[9] = 0xff
        repo.write(".git/index", bytes(content))
        run = self.staged(repo)
        self.assertRun(run, 3)
        self.assertIn("index", run.err)

    def test_staged__missing_blob_is_incomplete(self):
        repo = self.started()
        repo.add("n", "something\n")
        blob = repo.git("rev-parse", ":n")
        os.remove(os.path.join(repo.path, ".git", "objects", blob[:2],
                               blob[2:]))
        run = self.staged(repo)
        self.assertRun(run, 3)
        self.assertEqual(self.reasons(run), ["missing"])

    def test_staged__as_a_hook_of_commit_a(self):
        """`git commit -a` and `git commit FILE` prepare an index of their own."""
        repo = self.started()
        hook = repo.write(".git/hooks/pre-commit",
                          "#!/bin/sh\nexec '%s' --rules '%s' --staged .\n"
                          % (harness.BIN, self.rules))
        os.chmod(hook, 0o755)
        for args in (["-a"], ["a"]):
            repo.write("a", "k %s\n" % token(2))
            with self.assertRaises(AssertionError):
                repo.git("commit", "-q", "-m", "x", *args)
            repo.write("a", "harmless\n")
            repo.git("commit", "-q", "--allow-empty", "-m", "x", *args)

    def test_staged__linked_worktree_has_its_own_index(self):
        repo = self.started()
        repo.git("worktree", "add", "-q", self.path("linked"), "-b", "linked")
        linked = harness.Repo(self.path("linked"), repo.env)
        linked.add("n", "k %s\n" % token(2))
        self.assertRun(self.staged(repo), 0)
        self.assertEqual(self.paths(self.staged(linked)), ["n"])


if __name__ == "__main__":
    harness.main()

"""test_range.py: secscan --range: what the commits of a range introduce."""

import harness
from git_case import GitCase, token


class RangeTest(GitCase):
    def setUp(self):
        super().setUp()
        self.repo1 = repo = self.repo()
        self.base = repo.commit("base", {"a": "k %s\n" % token(1),
                                         "d/x": "x\n"})

    def range(self, text, repo=None):
        return self.scan(repo or self.repo1, "--range", text)

    def test_range__new_and_removed_again_is_reported(self):
        added = self.repo1.commit("new", {"d/n": "k %s\n" % token(2)})
        self.repo1.commit("gone", {"d/n": None})
        run = self.range("%s..HEAD" % self.base)
        self.assertRun(run, 1)
        self.assertEqual(self.found(run), [("test-token", "d/n", added)])
        self.assertFalse(run.findings()[0]["in_head"])

    def known(self, run):
        """Known secrets: (path before, path, commits that put it there)."""
        return [(f["known_path"], f["path"], f["commits"])
                for f in run.findings() if f["known"]]

    def test_range__edits_around_a_known_secret_say_nothing(self):
        self.repo1.commit("edit", {"a": "more\nk %s\n" % token(1)})
        self.repo1.commit("twice", {"a": "k %s\nk %s\n" % (token(1),
                                                           token(1))})
        self.repo1.commit("other", {"b": "x\n"})
        run = self.range("%s..HEAD" % self.base)
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])
        self.assertTrue(run.summary()["complete"])

    def test_range__known_secret_at_a_new_path_is_a_warning(self):
        repo = self.repo1
        copy = repo.commit("copy", {"b": "copy %s\n" % token(1)})
        repo.git("mv", "a", "a2")
        move = repo.commit("move")
        run = self.range("%s..HEAD" % self.base)
        self.assertRun(run, 0)
        self.assertEqual(self.known(run), [("a", "b", [copy, move])])
        f = run.findings()[0]
        self.assertEqual((f["gates"], f["severity"], f["commit"]),
                         (False, "high", copy))
        self.assertTrue(run.summary()["complete"])
        run = self.range("%s..HEAD" % copy)
        self.assertEqual(self.known(run), [("a", "a2", [move])])

    def test_range__known_secret_in_a_message_is_a_warning(self):
        said = self.repo1.commit("remove %s soon" % token(1))
        run = self.range("%s..HEAD" % self.base)
        self.assertRun(run, 0)
        self.assertEqual(self.known(run), [("a", None, [said])])

    def test_range__known_secret_is_said_in_words(self):
        self.repo1.commit("copy", {"b": "copy %s\n" % token(1)})
        run = self.secscan("--rules", self.rules, "--range",
                           "%s..HEAD" % self.base, self.repo1.path)
        self.assertIn("was there before, at a", run.out)
        self.assertIn("report only", run.out)
        self.assertNotIn(token(1), run.out)
        run = self.secscan("--rules", self.rules, "-f", "sarif", "--range",
                           "%s..HEAD" % self.base, self.repo1.path)
        result = run.json()["runs"][0]["results"][0]
        self.assertEqual(result["level"], "warning")
        self.assertTrue(result["properties"]["known"])

    def test_range__new_secret_is_not_known(self):
        repo = self.repo1
        added = repo.commit("new", {"n": "k %s\n" % token(2)})
        repo.commit("copy", {"n2": "k %s\n" % token(2)})
        run = self.range("%s..HEAD" % self.base)
        self.assertRun(run, 1)
        self.assertEqual(self.found(run), [("test-token", "n", added)])
        self.assertEqual(self.known(run), [])

    def test_range__merging_main_repeats_nothing(self):
        repo = self.repo1
        repo.git("checkout", "-q", "-b", "feature")
        repo.commit("feature", {"f": "x\n"})
        repo.git("checkout", "-q", "main")
        repo.commit("main", {"copy": "k %s\n" % token(1)})
        repo.git("checkout", "-q", "feature")
        repo.git("merge", "-q", "--no-ff", "-m", "merge main", "main")
        self.assertEqual(self.range("main..feature").findings(), [])
        self.assertEqual(self.known(self.range("%s..feature" % self.base)),
                         [("a", "copy", [repo.git("rev-parse", "main")])])

    def test_range__known_at_an_allowlisted_path_says_nothing(self):
        self.repo1.commit("copy", {"allowed/b": "copy %s\n" % token(1)})
        run = self.range("%s..HEAD" % self.base)
        self.assertEqual(run.findings(), [])

    def test_range__readding_is_an_introduction(self):
        gone = self.repo1.commit("gone", {"a": None})
        again = self.repo1.commit("again", {"z": "k %s\n" % token(1)})
        self.assertEqual(self.found(self.range("%s..HEAD" % gone)),
                         [("test-token", "z", again)])
        self.assertEqual(self.found(self.range("%s..HEAD" % self.base)),
                         [("test-token", "z", again)])

    def test_range__two_and_three_dots_and_one_end(self):
        repo = self.repo1
        repo.git("checkout", "-q", "-b", "side")
        side = repo.commit("side", {"s": "k %s\n" % token(2)})
        repo.git("checkout", "-q", "main")
        main = repo.commit("main", {"m": "k %s\n" % token(3)})

        def commits(text):
            return {f["commit"] for f in self.range(text).findings()}

        self.assertEqual(commits("side..main"), {main})
        self.assertEqual(commits("main..side"), {side})
        self.assertEqual(commits("main...side"), {main, side})
        self.assertEqual(commits("side.."), {main})
        self.assertEqual(commits("main"), {self.base, main})
        self.assertEqual(commits("HEAD..HEAD"), set())

    def test_range__messages_of_its_commits_only(self):
        self.repo1.commit("before %s" % token(2))
        start = self.repo1.commit("start")
        inside = self.repo1.commit("inside %s" % token(3))
        run = self.range("%s..HEAD" % start)
        self.assertEqual(self.found(run), [("test-token", None, inside)])
        self.assertEqual(run.findings()[0]["source"], "commit-message")

    def test_range__merge_of_main_brings_nothing_new(self):
        repo = self.repo1
        repo.git("checkout", "-q", "-b", "feature")
        repo.commit("feature", {"f": "x\n"})
        repo.git("checkout", "-q", "main")
        repo.commit("main", {"m": "k %s\n" % token(2)})
        repo.git("checkout", "-q", "feature")
        repo.git("merge", "-q", "--no-ff", "-m", "merge main", "main")
        run = self.range("main..feature")
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])

    def test_range__new_path_of_a_path_rule(self):
        added = self.repo1.commit("env", {".env": "A=1\n"})
        self.repo1.commit("env", {".env": "A=2\n"})
        self.assertEqual(self.found(self.range("%s..HEAD" % self.base)),
                         [("test-env", ".env", added)])
        self.assertEqual(self.found(self.range("%s..HEAD" % added)), [])

    def test_range__mistaken_name_is_a_usage_error(self):
        for text in ("nosuch..HEAD", "HEAD..nosuch", "nosuch", "HEAD~9..HEAD"):
            run = self.range(text)
            self.assertRun(run, 2)
            self.assertEqual(run.out, "")
            self.assertIn("names no commit", run.err)
        run = self.range("origin/main..HEAD")
        self.assertRun(run, 2)
        self.assertIn("git fetch origin +refs/heads/main:refs/remotes/origin/"
                      "main", run.err)

    def test_range__missing_commit_is_not_green(self):
        gone = "12345678" * 5
        run = self.range(gone + "..HEAD")
        self.assertRun(run, 3)
        self.assertIn("git fetch origin " + gone, run.err)
        self.repo1.write(".git/refs/heads/broken", gone + "\n")
        self.assertRun(self.range("broken..HEAD"), 3)

    def test_range__empty_repository_has_no_head(self):
        self.assertRun(self.range("HEAD", self.repo("empty")), 3)

    def test_range__since_commit_and_branch(self):
        repo = self.repo1
        repo.git("checkout", "-q", "-b", "side")
        side = repo.commit("side", {"s": "k %s\n" % token(2)})
        repo.git("checkout", "-q", "main")
        main = repo.commit("main", {"m": "k %s\n" % token(3)})

        def commits(*args):
            run = self.scan(repo, *args)
            return {f["commit"] for f in run.findings()}, run.summary()[
                "coverage"]["range"]

        self.assertEqual(commits("--since-commit", self.base),
                         ({main}, self.base + "..HEAD"))
        self.assertEqual(commits("--branch", "side"),
                         ({self.base, side}, "side"))
        self.assertEqual(commits("--since-commit", "main", "--branch", "side"),
                         ({side}, "main..side"))

    def test_range__branch_leaves_out_everything_else(self):
        repo = self.repo1
        repo.git("checkout", "-q", "-b", "other")
        repo.commit("other", {"o": "k %s\n" % token(2)})
        repo.git("checkout", "-q", "main")
        repo.write("a", "k %s\n" % token(3))
        repo.git("stash")
        repo.git("hash-object", "-w", "--stdin", stdin=token(4).encode())
        run = self.scan(repo, "--branch", "main")
        self.assertEqual(self.found(run), [("test-token", "a", self.base)])
        run = self.secscan("--rules", self.rules, "--branch", "main",
                           repo.path)
        self.assertIn("main: what it reaches, no other ref", run.out)

    def test_range__contradictions_are_usage_errors(self):
        for args in (["--range", "a..b", "--since-commit", "c"],
                     ["--branch", "b", "--range", "a"],
                     ["--history", "--branch", "b"],
                     ["--staged", "--since-commit", "c"],
                     ["--since-commit", "a..b"], ["--branch", "a..b"],
                     ["--since-commit", ""], ["--branch", ""],
                     ["--range", ""]):
            run = self.scan(self.repo1, *args)
            self.assertRun(run, 2)

    def test_range__zero_id_is_a_new_branch(self):
        repo = self.repo1
        zero = "0" * 40
        repo.git("checkout", "-q", "-b", "new")
        new = repo.commit("new", {"n": "k %s\n" % token(2)})
        repo.git("update-ref", "refs/remotes/origin/new", new)
        for left in (zero + "..", zero + "...", "0" * 64 + ".."):
            run = self.range(left + new)
            self.assertRun(run, 1)
            self.assertEqual(self.found(run), [("test-token", "n", new)])
        self.assertRun(self.range(new + ".." + zero), 2)
        # A branch that starts where the default one stands brings nothing.
        repo.git("update-ref", "refs/remotes/origin/main", new)
        self.assertEqual(len(self.range(zero + ".." + new).findings()), 1)
        repo.git("branch", "-q", "-D", "main")
        self.assertEqual(len(self.range(zero + ".." + new).findings()), 2)
        repo.git("symbolic-ref", "refs/remotes/origin/HEAD",
                 "refs/remotes/origin/main")
        run = self.range(zero + ".." + new)
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])

    def test_range__zero_id_in_a_shallow_clone_is_not_green(self):
        self.repo1.commit("two", {"t": "x\n"})
        clone = self.repo1.clone(self.path("shallow"), "--depth", "1")
        run = self.range("0" * 40 + "..HEAD", clone)
        self.assertRun(run, 0)  # nothing that the default branch has not
        clone.git("remote", "set-head", "origin", "--delete")
        run = self.range("0" * 40 + "..HEAD", clone)
        self.assertRun(run, 3)
        self.assertIn("git fetch --unshallow", run.err)

    def test_range__shallow_without_the_base_is_not_green(self):
        self.repo1.commit("two", {"t": "x\n"})
        self.repo1.commit("three", {"t": "y\n"})
        clone = self.repo1.clone(self.path("shallow"), "--depth", "2")
        run = self.range("%s..HEAD" % self.base, clone)
        self.assertRun(run, 3)
        self.assertIn("unshallow", run.err)
        self.assertRun(self.range("HEAD~1..HEAD", clone), 0)

    def test_range__shallow_border_inside_is_not_green(self):
        repo = self.repo1
        repo.commit("two", {"t": "x\n"})
        repo.git("branch", "old", self.base)
        repo.commit("three", {"t": "y\n"})
        clone = repo.clone(self.path("shallow"), "--depth", "1",
                           "--no-single-branch")
        run = self.range("origin/old..HEAD", clone)
        self.assertRun(run, 3)
        self.assertIn("unshallow", run.err)

    def test_range__root_commit_is_all_new(self):
        self.assertEqual(self.found(self.range("HEAD")),
                         [("test-token", "a", self.base)])


if __name__ == "__main__":
    harness.main()

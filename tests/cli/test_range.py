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

    def test_range__what_the_base_holds_is_not_new(self):
        self.repo1.commit("copy", {"b": "copy %s\n" % token(1)})
        self.repo1.git("mv", "a", "a2")
        self.repo1.commit("move")
        self.repo1.commit("edit", {"a2": "more\nk %s\n" % token(1)})
        run = self.range("%s..HEAD" % self.base)
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])
        self.assertTrue(run.summary()["complete"])

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

    def test_range__bad_revision_is_not_green(self):
        run = self.range("nosuch..HEAD")
        self.assertRun(run, 3)
        self.assertIn("nosuch", run.err)

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

"""test_pre_push.py: git push with the pre-push hook, to a real bare repository:
what the push would publish decides."""

import json
import os

import harness
from push_case import PushCase, secret, value


class PrePushTest(PushCase):
    def setUp(self):
        super().setUp()
        self.work.commit("one", {"a": "x\n"})
        self.install("pre-push")

    def test_push__goes_by_the_configuration_that_it_sends(self):
        """Who pushes may adopt: the server judges by what it has."""
        self.work.commit("both", {".secscan.toml":
                                  "[settings]\nexit-zero = true\n",
                                  "s.py": secret(1)})
        head = self.work.git("rev-parse", "HEAD")
        lines = "refs/heads/main %s refs/heads/main %s\n" % (head, "0" * 40)
        args = ("--pre-push", "origin", "x")
        options = {"cwd": self.work.path, "stdin": lines, "env": self.work.env}
        self.assertRun(self.secscan(*args, **options), 0)
        self.assertRun(self.secscan(*args, "--no-repo-config", **options), 1)
        # What is only in the work tree is not sent.
        self.work.commit("strict", {".secscan.toml": "[settings]\n"})
        options["stdin"] = lines.replace(
            head, self.work.git("rev-parse", "HEAD"))
        self.work.write(".secscan.toml", "[settings]\nexit-zero = true\n")
        self.assertRun(self.secscan(*args, **options), 1)

    def test_push__clean_is_one_line(self):
        run = self.push("origin", "main")
        self.assertRun(run, 0)
        self.assertRegex(run.err, r"^secscan: 1 commit, 1 file, \d+ bytes to "
                                  r"origin: no secrets( \(\d+ ms\))?\n$")
        self.assertEqual(run.out, "")
        self.assertIn("refs/heads/main", self.refs())

    def test_push__quiet_says_nothing_of_a_clean_one(self):
        run = self.secscan("--pre-push", "-q", "origin", "url", stdin="",
                           cwd=self.work.path)
        self.assertRun(run, 0)
        self.assertEqual(run.err + run.out, "")

    def test_push__a_secret_stops_it(self):
        added = self.work.commit("two", {"conf/s.py": secret(1)})
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertEqual(self.refs(), {})
        self.assertIn("secscan: push to origin BLOCKED: 1 secret would be "
                      "published\n", run.err)
        self.assertIn("  conf/s.py:1:10\n", run.err)
        self.assertIn("  added    %s  2026-11-21  on main\n" % added[:7],
                      run.err)
        self.assertIn("  1. take it out of %s (git commit --amend)"
                      % added[:7], run.err)
        self.assertIn("secscan rules show github-", run.err)
        self.assertIn('Urgent?        SECSCAN_SKIP="reason" git push', run.err)
        self.assertIn("2 commits, 2 files, ", run.err)
        self.assertIn("all of the push", run.err)
        self.assertNotIn(value(secret(1)), run.err + run.out)

    def test_push__added_and_removed_again_is_published_all_the_same(self):
        added = self.work.commit("two", {"s.py": secret(1)})
        removed = self.work.commit("three", {"s.py": None})
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("  removed  %s  does not help: this push still publishes "
                      "%s\n" % (removed[:7], added[:7]), run.err)
        self.assertIn("(git rebase -i %s^)" % added[:7], run.err)

    def test_push__added_again_is_not_called_removed(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.commit("three", {"s.py": None})
        self.work.commit("four", {"t.py": secret(1)})
        self.assertNotIn("does not help", self.push("origin", "main").err)

    def test_push__what_the_remote_has_does_not_stop_the_next_one(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("push", "-q", "--no-verify", "origin", "main")
        self.work.commit("three", {"b": "y\n"})
        run = self.push("origin", "main")
        self.assertRun(run, 0)
        self.assertIn("1 commit, 1 file", run.err)

    def test_push__new_branch_reads_only_what_the_remote_lacks(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("push", "-q", "--no-verify", "origin", "main")
        self.work.git("checkout", "-q", "-b", "feature")
        self.work.commit("three", {"b": "y\n"})
        run = self.push("origin", "feature")
        self.assertRun(run, 0)
        self.assertIn("1 commit, 1 file", run.err)

    def test_push__remote_never_fetched_is_given_all_of_the_history(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("push", "-q", "--no-verify", "origin", "main")
        other = self.repo("other.git", bare=True)
        self.work.commit("three", {"b": "y\n"})
        run = self.push("file://" + other.path, "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 1 secret", run.err)
        self.assertIn("3 commits", run.err)

    def test_push__url_of_a_remote_is_that_remote(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("push", "-q", "--no-verify", "origin", "main")
        self.work.git("checkout", "-q", "-b", "feature")
        self.work.commit("three", {"b": "y\n"})
        run = self.push("file://" + self.bare.path, "feature")
        self.assertRun(run, 0)
        self.assertIn("1 commit, 1 file", run.err)

    def test_push__password_of_a_url_is_not_shown(self):
        run = self.secscan("--pre-push", "https://me:hunter22@host/x",
                           "https://me:hunter22@host/x", cwd=self.work.path)
        self.assertRun(run, 0)
        self.assertIn("nothing new to https://host/x", run.err)

    def test_push__forced_over_something_never_seen(self):
        self.push("origin", "main")
        clone = self.bare.clone(self.path("clone"))
        clone.commit("theirs", {"theirs": "z\n"})
        clone.git("push", "-q", "origin", "main")
        self.work.commit("ours", {"b": "y\n"})
        run = self.push("--force", "origin", "main")
        self.assertRun(run, 0)
        self.assertIn("1 commit, 1 file", run.err)
        self.assertIn("note: What the remote has of a ref is not here", run.err)

    def test_push__amended_commit_is_forced_through_when_clean(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("push", "-q", "--no-verify", "origin", "main")
        self.work.write("s.py", "TOKEN = environ\n")
        self.work.git("commit", "-q", "-a", "--amend", "--no-verify", "-m", "x")
        self.assertRun(self.push("--force", "origin", "main"), 0)

    def test_push__deleting_a_branch_reads_nothing(self):
        self.push("origin", "main", "main:other")
        run = self.push("origin", ":other")
        self.assertRun(run, 0)
        self.assertIn("secscan: nothing new to origin: no secrets", run.err)
        self.assertEqual(list(self.refs()), ["refs/heads/main"])

    def test_push__nothing_to_push_says_so(self):
        self.push("origin", "main")
        run = self.push("origin", "main")
        self.assertRun(run, 0)
        self.assertIn("secscan: nothing new to origin", run.err)

    def test_push__several_refs_are_one_answer(self):
        self.work.git("checkout", "-q", "-b", "one")
        self.work.commit("1", {"s1.py": secret(1)})
        self.work.git("checkout", "-q", "-b", "two", "main")
        self.work.commit("2", {"s2.py": secret(2)})
        run = self.push("origin", "main", "one", "two")
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 2 secrets would be published", run.err)
        self.assertIn("on one\n", run.err)
        self.assertIn("on two\n", run.err)
        self.assertEqual(self.refs(), {})

    def test_push__message_of_an_annotated_tag_is_read(self):
        self.push("origin", "main")
        self.work.git("tag", "-a", "-m", secret(1), "v1")
        run = self.push("origin", "v1")
        self.assertNotEqual(run.code, 0)
        self.assertIn("tag message of ", run.err)
        self.assertIn("make the tag anew without it", run.err)
        self.assertNotIn("refs/tags/v1", self.refs())

    def test_push__clean_tag_passes(self):
        self.push("origin", "main")
        self.work.git("tag", "-a", "-m", "first", "v1")
        run = self.push("origin", "v1")
        self.assertRun(run, 0)
        self.assertIn("1 tag, 0 files", run.err)

    def test_push__tag_of_a_tag_is_read(self):
        self.push("origin", "main")
        self.work.git("tag", "-a", "-m", secret(1), "inner")
        self.work.git("tag", "-a", "-m", "outer", "outer", "inner")
        self.work.git("tag", "-d", "inner")
        self.assertNotEqual(self.push("origin", "outer").code, 0)

    def test_push__tag_brings_its_commits(self):
        self.push("origin", "main")
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("tag", "light")
        self.assertNotEqual(self.push("origin", "light").code, 0)

    def test_push__ref_of_a_blob_or_a_tree_is_read(self):
        self.push("origin", "main")
        blob = self.work.git("hash-object", "-w", "--stdin",
                             stdin=secret(1).encode())
        tree = self.work.git("mktree", stdin=(
            "100644 blob %s\tin.py\n" % blob).encode())
        run = self.push("origin", blob + ":refs/tags/blob")
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 1 secret", run.err)
        run = self.push("origin", tree + ":refs/tags/tree")
        self.assertNotEqual(run.code, 0)
        self.assertIn("in.py:1:10", run.err)
        self.assertEqual(list(self.refs()), ["refs/heads/main"])

    def test_push__commit_message_is_read(self):
        added = self.work.commit("use %s" % secret(1))
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("commit message of %s" % added[:7], run.err)

    def test_push__what_is_pushed_may_be_named_by_words(self):
        self.work.commit("mend the fence", {"s.py": secret(1)})
        run = self.push("origin", ":/mend the:refs/heads/x")
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 1 secret", run.err)

    def test_push__of_sha256_ids(self):
        for path in ("new", "new.git"):
            bare = ["--bare"] if path.endswith(".git") else []
            self.run_git(self.work, "init", "-q", "-b", "main", *bare,
                         "--object-format=sha256", self.path(path))
        work = harness.Repo(self.path("new"), self.work.env)
        self.install("pre-push", repo=work)
        work.commit("one", {"a": "x\n"})
        url = "file://" + self.path("new.git")
        self.assertRun(self.push(url, "main", repo=work), 0)
        work.commit("two", {"s.py": secret(1)})
        work.git("tag", "-a", "-m", secret(2), "v1")
        run = self.push(url, "main", "v1", repo=work)
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 2 secrets", run.err)

    def test_push__many_tags(self):
        self.work.git("fast-import", "--quiet", stdin="".join(
            "tag t%d\nfrom refs/heads/main\ntagger A <a@b> 1795251600 +0000\n"
            "data 2\nm\n" % i for i in range(3000)).encode())
        run = self.push("origin", "main", "--tags")
        self.assertRun(run, 0)
        self.assertIn("1 commit, 3000 tags, 1 file", run.err)

    def test_push__from_a_linked_work_tree(self):
        self.push("origin", "main")
        self.work.git("worktree", "add", "-q", self.path("linked"))
        linked = harness.Repo(self.path("linked"), self.work.env)
        linked.commit("two", {"s.py": secret(1)})
        run = self.push("origin", "HEAD:refs/heads/x", repo=linked)
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 1 secret", run.err)

    def test_push__with_git_dir_and_work_tree_apart(self):
        self.work.commit("two", {"s.py": secret(1)})
        os.rename(os.path.join(self.work.path, ".git"), self.path("apart.git"))
        run = self.run_git(self.work, "--git-dir", self.path("apart.git"),
                           "--work-tree", self.work.path, "push", "-q",
                           "origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("BLOCKED: 1 secret", run.err)

    def test_push__from_a_shallow_clone(self):
        self.work.commit("two", {"b": "y\n"})
        self.push("origin", "main")
        clone = self.bare.clone(self.path("shallow"), "--depth", "1")
        self.install("pre-push", repo=clone)
        clone.commit("three", {"c": "z\n"})
        run = self.push("origin", "main", repo=clone)
        self.assertRun(run, 0)
        self.assertIn("1 commit, 1 file", run.err)

    def test_push__border_of_a_shallow_clone_is_not_passed_over(self):
        self.work.commit("two", {"b": "y\n"})
        self.push("origin", "main")
        clone = self.bare.clone(self.path("shallow"), "--depth", "1")
        self.install("pre-push", repo=clone)
        other = self.repo("other.git", bare=True)
        run = self.push("file://" + other.path, "main", repo=clone)
        self.assertNotEqual(run.code, 0)
        self.assertIn("shallow clone", run.err)
        self.assertIn("push BLOCKED: nothing was checked", run.err)

    def test_push__packed_and_loose_tracking_branches(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.work.git("push", "-q", "--no-verify", "origin", "main")
        self.work.git("pack-refs", "--all")
        self.work.git("checkout", "-q", "-b", "feature")
        self.work.commit("three", {"b": "y\n"})
        self.assertIn("1 commit, 1 file", self.push("origin", "feature").err)

    def test_push__stale_packed_branch_hides_nothing(self):
        """The loose one counts: what was there and is gone is published again.
        """
        self.push("origin", "main")
        bad = self.work.commit("two", {"s.py": secret(1)})
        self.work.git("update-ref", "refs/remotes/origin/main", bad)
        self.work.git("pack-refs", "--all")
        self.work.git("update-ref", "refs/remotes/origin/main", bad + "^")
        self.assertNotEqual(self.push("origin", "main:other").code, 0)

    # ---- standard input ----

    def pre_push(self, text, *args):
        return self.secscan("--pre-push", *(args or ("origin", "url")),
                            cwd=self.work.path, stdin=text)

    def test_input__that_is_not_gits_is_wrong_usage(self):
        for text in ("x\n", "a b c d\n", "refs/heads/main %s\n" % ("1" * 40),
                     "refs/heads/main %s refs/heads/main %s\n"
                     % ("1" * 39, "0" * 40), "\n", "a\0b\n"):
            run = self.pre_push(text)
            self.assertRun(run, 2)
            self.assertIn("line 1 of standard input", run.err)

    def test_input__second_line_is_named(self):
        good = "refs/heads/main %s refs/heads/main %s\n" % (
            self.work.git("rev-parse", "main"), "0" * 40)
        self.assertIn("line 2 of", self.pre_push(good + "bad\n").err)

    def test_input__last_line_may_lack_its_end(self):
        run = self.pre_push("refs/heads/main %s refs/heads/main %s" % (
            self.work.git("rev-parse", "main"), "0" * 40))
        self.assertRun(run, 0)

    def test_input__object_that_is_not_here_is_incomplete(self):
        run = self.pre_push("refs/heads/main %s refs/heads/main %s\n"
                            % ("1" * 40, "0" * 40))
        self.assertRun(run, 3)
        self.assertIn("is missing", run.err)
        self.assertIn("push BLOCKED: nothing was checked", run.err)

    def test_input__ids_of_another_length_are_wrong(self):
        run = self.pre_push("refs/heads/main %s refs/heads/main %s\n"
                            % ("1" * 64, "0" * 64))
        self.assertRun(run, 2)

    def test_input__outside_a_repository(self):
        run = self.secscan("--pre-push", "origin", "url", stdin="",
                           cwd=self.dir)
        self.assertRun(run, 3)

    def test_options__report_for_programs_goes_to_standard_output(self):
        added = self.work.commit("two", {"s.py": secret(1)})
        run = self.secscan("--pre-push", "--format", "jsonl", "origin", "url",
                           cwd=self.work.path,
                           stdin="refs/heads/main %s refs/heads/main %s\n"
                           % (added, "0" * 40))
        self.assertRun(run, 1)
        self.assertEqual(run.findings()[0]["commit"], added)
        self.assertEqual(run.summary()["coverage"]["mode"], "push")

    # ---- a way through ----

    def audit(self, repo=None):
        path = os.path.join((repo or self.work).path, ".git", "secscan",
                            "audit.jsonl")
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_skip__lets_it_through_on_the_record(self):
        added = self.work.commit("two", {"s.py": secret(1)})
        run = self.push("origin", "main",
                        env={"SECSCAN_SKIP": "revoked already"})
        self.assertRun(run, 0)
        self.assertIn("LET THROUGH", run.err)
        self.assertIn("skipped, recorded in", run.err)
        self.assertEqual(self.refs()["refs/heads/main"], added)
        entry = self.audit()[0]
        self.assertEqual(entry["reason"], "revoked already")
        self.assertEqual(entry["event"], "pre-push")
        self.assertEqual(entry["remote"], "origin")
        self.assertEqual(entry["refs"], [
            {"ref": "refs/heads/main", "old": "0" * 40, "new": added}])
        self.assertEqual([(f["path"], f["commit"])
                          for f in entry["findings"]], [("s.py", added)])
        self.assertTrue(entry["who"])
        mode = os.stat(os.path.join(self.work.path, ".git/secscan/"
                                    "audit.jsonl")).st_mode
        self.assertEqual(mode & 0o777, 0o600)

    def test_skip__secret_is_not_recorded(self):
        name = "%s.py" % value(secret(1))
        self.work.commit("two", {name: secret(1)})
        reason = "it is \"%s\"\n\x1b[1m" % value(secret(1))
        run = self.push("origin", "main", env={"SECSCAN_SKIP": reason})
        self.assertRun(run, 0)
        with open(os.path.join(self.work.path, ".git/secscan/audit.jsonl"),
                  encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn(value(secret(1)), text)
        self.assertEqual(text.count("\n"), 1)
        self.assertTrue(self.audit()[0]["reason"].startswith('it is "***'))

    def test_skip__without_a_reason_is_none(self):
        self.work.commit("two", {"s.py": secret(1)})
        run = self.push("origin", "main", env={"SECSCAN_SKIP": " "})
        self.assertNotEqual(run.code, 0)
        self.assertIn("SECSCAN_SKIP is empty", run.err)

    def test_skip__of_a_clean_push_records_nothing(self):
        self.assertRun(self.push("origin", "main",
                                 env={"SECSCAN_SKIP": "x"}), 0)
        self.assertFalse(os.path.exists(
            os.path.join(self.work.path, ".git/secscan")))

    def test_skip__that_cannot_be_recorded_is_none(self):
        self.work.commit("two", {"s.py": secret(1)})
        os.makedirs(os.path.join(self.work.path, ".git/secscan/audit.jsonl"))
        run = self.push("origin", "main", env={"SECSCAN_SKIP": "x"})
        self.assertNotEqual(run.code, 0)
        self.assertIn("what cannot be recorded is not let through", run.err)
        self.assertEqual(self.refs(), {})

    def test_skip__entries_are_appended(self):
        for i in (1, 2):
            self.work.commit("more", {"s.py": secret(i)})
            self.push("origin", "main", env={"SECSCAN_SKIP": "no %d" % i})
        self.assertEqual([e["reason"] for e in self.audit()],
                         ["no 1", "no 2"])


if __name__ == "__main__":
    harness.main()

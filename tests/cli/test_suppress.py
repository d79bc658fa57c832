"""test_suppress.py: what hides findings: marks in lines, .secscanignore,
.gitleaksignore; in every mode, and never what a change brings in itself."""

import json
import os
import shutil
import subprocess
import time
import unittest

import git_case
import harness
from git_case import token

GITLEAKS = shutil.which(os.path.join(os.environ.get("SECSCAN_TEST_VENV", ""),
                                     "bin", "gitleaks")) or \
    shutil.which("gitleaks")
MARK = "x = %s  # secscan:allow %s\n"


class SuppressCase(git_case.GitCase):
    def id_of(self, secret):
        run = self.secscan("--rules", self.rules, "--format", "jsonl",
                           "--no-suppress", "--stdin", stdin=secret + "\n")
        return run.findings()[0]["fingerprint"]

    def entry(self, seed, rest):
        return "%s %s\n" % (self.id_of(token(seed)), rest)

    def hidden(self, run):
        return {c["by"]: c["count"]
                for c in run.summary()["coverage"]["suppressed_by"]}

    def notes(self, run):
        return [(n["kind"], n["file"], n["line"])
                for n in run.summary()["coverage"]["notes"]]

    def tree(self, repo, *args):
        return self.secscan("--rules", self.rules, "--format", "jsonl", *args,
                            ".", cwd=repo.path)

    def assertHidden(self, run, by, n=1):
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])
        self.assertEqual(self.hidden(run), {by: n})
        self.assertEqual(run.summary()["coverage"]["suppressed"], n)
        self.assertEqual(run.summary()["coverage"]["gating"], 0)


class MarkTest(SuppressCase):
    def every_mode(self, text, *args):
        """The runs of every mode over one file with this text."""
        repo = self.repo()
        repo.commit("base", {"x": "x\n"})
        repo.add("src/a", text)
        staged = self.scan(repo, "--staged", *args)
        repo.commit("more")
        return [staged, self.history(repo, *args),
                self.scan(repo, "--range", "HEAD~1..HEAD", *args),
                self.tree(repo, *args),
                self.secscan("--rules", self.rules, "--format", "jsonl",
                             "--stdin", *args, stdin=text)]

    def test_mark__hides_in_every_mode(self):
        for run in self.every_mode(MARK % (token(1), "made up")):
            self.assertHidden(run, "inline")

    def test_mark__without_a_reason_is_said_and_does_not_count(self):
        for run in self.every_mode(MARK % (token(1), "test-token")):
            self.assertRun(run, 1)
            self.assertEqual(self.hidden(run), {})
            note = run.summary()["coverage"]["notes"][0]
            self.assertEqual((note["kind"], note["line"]), ("idle", 1))
            self.assertIn("no reason", note["text"])

    def test_mark__no_inline(self):
        for run in self.every_mode(MARK % (token(1), "made up"),
                                   "--no-inline"):
            self.assertRun(run, 1)

    def test_mark__of_gitleaks(self):
        text = "x = %s # gitleaks:allow\n" % token(1)
        self.write("a", text)
        self.assertHidden(self.scan("a"), "inline")
        self.assertRun(self.scan("a", "--ignore-gitleaks-allow"), 1)

    def test_mark__does_not_hide_a_right_checksum(self):
        text = harness.expand('T = "ghp_{base62:30}{crc32}"  # secscan:allow no\n')
        self.write("a.py", text)
        run = self.secscan("--format", "jsonl", "a.py")
        self.assertRun(run, 1)
        self.assertIn("checksum", run.summary()["coverage"]["notes"][0]["text"])

    def test_mark__is_about_its_own_line(self):
        self.write("a", "# secscan:allow made up\nx = %s\n" % token(1))
        self.assertRun(self.scan("a"), 1)

    def test_mark__a_place_of_the_history_without_one_shows_the_secret(self):
        repo = self.repo()
        repo.commit("bare", {"a": "x = %s\n" % token(1)})
        repo.commit("marked", {"a": MARK % (token(1), "made up")})
        self.assertRun(self.history(repo), 1)
        self.assertHidden(self.tree(repo), "inline")

    def test_mark__that_goes_shows_the_secret_again(self):
        repo = self.repo()
        repo.commit("marked", {"a": MARK % (token(1), "made up")})
        self.assertHidden(self.history(repo), "inline")
        repo.commit("bare", {"a": "x = %s\n" % token(1)})
        self.assertRun(self.history(repo), 1)

    def test_mark__comes_and_goes_in_packed_versions(self):
        """Deltas: a match is inherited only where its whole line is."""
        filler = "".join("line %d of a long file\n" % i for i in range(400))
        repo = self.repo()
        for i in range(6):
            mark = "  # secscan:allow made up" if i % 2 else ""
            repo.commit("v%d" % i, {"a": "%sx = %s%s\n%s" % (
                filler, token(1), mark, "more %d\n" % i)})
        loose = self.history(repo, "--no-suppress").findings()
        repo.git("gc", "-q")
        packed = self.history(repo, "--no-suppress").findings()
        self.assertEqual(loose, packed)
        self.assertRun(self.history(repo), 1)

    def test_mark__elsewhere_does_not_hide_another_path(self):
        repo = self.repo()
        repo.commit("one", {"a": MARK % (token(1), "made up"),
                            "b": "x = %s\n" % token(1)})
        run = self.history(repo)
        self.assertRun(run, 1)
        self.assertEqual(self.paths(self.tree(repo)), ["b"])


class ReportTest(SuppressCase):
    def test_report__no_suppress_lists_and_gates(self):
        self.write("a", MARK % (token(1), "made up"))
        run = self.scan("a", "--no-suppress")
        self.assertRun(run, 1)
        finding = run.findings()[0]
        self.assertEqual((finding["suppressed_by"],
                          finding["suppressed_reason"], finding["gates"]),
                         ("inline", "made up", True))
        self.assertEqual(self.hidden(run), {})

    def test_report__the_text_counts_what_is_hidden(self):
        self.write("a", MARK % (token(1), "made up"))
        run = self.secscan("--rules", self.rules, "a")
        self.assertRun(run, 0)
        self.assertIn("hidden    1 by marks in lines", run.out)
        run = self.secscan("--rules", self.rules, "--no-suppress", "a")
        self.assertIn("hidden by inline: made up", run.out)

    def test_report__sarif_has_suppressions(self):
        self.write("a", MARK % (token(1), "made up"))
        run = self.secscan("--rules", self.rules, "--no-suppress", "--format",
                           "sarif", "a")
        result = run.json()["runs"][0]["results"][0]
        self.assertEqual(result["suppressions"],
                         [{"kind": "inSource", "status": "rejected",
                           "justification": "inline: made up"}])

    def test_report__a_secret_in_a_reason_is_masked(self):
        repo = self.repo()
        repo.write("a", "x = %s\n" % token(1))
        repo.write(".secscanignore",
                   self.entry(1, "everywhere # it was " + token(1)))
        run = self.tree(repo, "--no-suppress")
        self.assertNotIn(token(1), run.out)
        self.assertIn("it was tok_", run.out.replace("********", "tok_"))


class IgnoreTest(SuppressCase):
    def test_ignore__hides_at_its_path_in_files_and_history(self):
        repo = self.repo()
        repo.commit("one", {"src/a": "x = %s\n" % token(1)})
        repo.commit("ignore", {".secscanignore":
                               self.entry(1, "path:src/a # made up")})
        self.assertHidden(self.tree(repo), "ignore")
        self.assertHidden(self.history(repo), "ignore")
        repo.commit("two", {"src/b": "x = %s\n" % token(1)})
        self.assertEqual(self.paths(self.tree(repo)), ["src/b"])
        self.assertRun(self.history(repo), 1)

    def test_ignore__paths_are_those_of_the_root(self):
        repo = self.repo()
        repo.commit("one", {"src/a": "x = %s\n" % token(1),
                            ".secscanignore": self.entry(1, "path:src/a")})
        for cwd, path in ((repo.path, "src"), (repo.path, "./src/a"),
                          (self.dir, "repo"), (repo.path + "/src", "."),
                          (repo.path + "/src", "a"),
                          ("/", repo.path + "/src")):
            run = self.secscan("--rules", self.rules, "--format", "jsonl",
                               path, cwd=cwd)
            self.assertHidden(run, "ignore")

    def test_ignore__a_root_is_no_beginning_of_a_name(self):
        repo = self.repo()
        repo.write(".secscanignore", self.entry(1, "path:/a"))
        repo.write("a", token(1))
        self.repo("repo2").write("a", token(1))
        run = self.secscan("--rules", self.rules, "--format", "jsonl", "repo",
                           "repo2")
        self.assertEqual(self.paths(run), ["repo2/a"])

    def test_ignore__everywhere_a_message_and_a_rule(self):
        repo = self.repo()
        repo.commit("say " + token(1), {"a": token(2), "b": token(3)})
        repo.write(".secscanignore",
                   self.entry(1, "in:commit-message") +
                   self.entry(2, "everywhere rule:test-token") +
                   self.entry(3, "everywhere rule:other"))
        run = self.history(repo)
        self.assertEqual(self.paths(run), ["b"])
        self.assertEqual(self.hidden(run), {"ignore": 2})

    def test_ignore__ends_after_its_day(self):
        repo = self.repo()
        repo.write("a", "x = %s\n" % token(1))
        repo.write(".secscanignore", self.entry(1, "path:a until:2999-12-31"))
        self.assertHidden(self.tree(repo), "ignore")
        repo.write(".secscanignore", self.entry(1, "path:a until:2020-12-31"))
        run = self.tree(repo)
        self.assertRun(run, 1)
        self.assertEqual(self.notes(run), [("ended", ".secscanignore", 1)])
        # It is told once: not as one that hides nothing, too.
        repo.commit("x")
        self.assertEqual(self.notes(self.history(repo)),
                         [("ended", ".secscanignore", 1)])

    def test_ignore__a_line_that_is_none_is_said(self):
        repo = self.repo()
        repo.write("a", "x = %s\n" % token(1))
        repo.write(".secscanignore", "# fine\n" + token(2) + "\n")
        run = self.tree(repo)
        self.assertRun(run, 1)
        self.assertEqual(self.notes(run), [("unread", ".secscanignore", 2)])
        self.assertNotIn(token(2), run.out.replace('"secret"', ""))

    def test_ignore__stale_entries_are_told_when_all_was_read(self):
        repo = self.repo()
        repo.commit("one", {"a": "x = %s\n" % token(1), "b": token(3)})
        repo.commit("gone", {"b": None})
        repo.commit("ignore", {".secscanignore":
                               self.entry(1, "path:a") +
                               self.entry(2, "path:a") +
                               self.entry(3, "path:b")})
        self.assertEqual(self.notes(self.history(repo)),
                         [("stale", ".secscanignore", 2)])
        # A history may hold what its files do not, or a shallow one.
        self.assertEqual(self.notes(self.tree(repo)), [])
        shallow = repo.clone(self.path("shallow"), "--depth", "1")
        run = self.history(shallow)
        self.assertRun(run, 3)
        self.assertEqual(self.notes(run), [])

    def test_ignore__outside_of_git_the_root_is_what_is_scanned(self):
        self.write("dir/a", "x = %s\n" % token(1))
        self.write("dir/.secscanignore", self.entry(1, "path:a") +
                   self.entry(2, "path:a"))
        run = self.scan("dir")
        self.assertHidden(run, "ignore")
        self.assertEqual(self.notes(run), [("stale", ".secscanignore", 2)])
        self.assertHidden(self.scan("dir/a"), "ignore")

    def test_ignore__a_link_is_not_followed(self):
        repo = self.repo()
        repo.write("a", "x = %s\n" % token(1))
        self.write("elsewhere", self.entry(1, "path:a"))
        os.symlink("../elsewhere", os.path.join(repo.path, ".secscanignore"))
        run = self.tree(repo)
        self.assertRun(run, 1)
        self.assertIn(("unread", ".secscanignore", None), self.notes(run))
        repo.git("add", ".")
        repo.commit("link")
        repo.add("b", token(1))
        self.assertIn(("unread", ".secscanignore", None),
                      self.notes(self.scan(repo, "--staged")))

    def test_ignore__a_directory_of_its_name_is_said(self):
        repo = self.repo()
        repo.write(".secscanignore/x", "x")
        repo.write("a", token(1))
        run = self.tree(repo)
        self.assertRun(run, 1)
        self.assertIn(("unread", ".secscanignore", None), self.notes(run))

    def test_ignore__a_bare_repository_goes_by_its_head(self):
        repo = self.repo()
        repo.commit("one", {"a": "x = %s\n" % token(1),
                            ".secscanignore": self.entry(1, "path:a")})
        repo.git("clone", "-q", "--bare", ".", self.path("bare.git"))
        self.assertHidden(self.history(self.path("bare.git")), "ignore")

    def test_ignore__a_submodule_is_below_its_path(self):
        below = self.repo("below")
        below.commit("one", {"a": "x = %s\n" % token(1)})
        repo = self.repo()
        repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q",
                 below.path, "lib")
        repo.commit("add")
        repo.write(".secscanignore", self.entry(1, "path:a"))
        self.assertRun(self.history(repo), 1)
        repo.write(".secscanignore", self.entry(1, "path:lib/a"))
        self.assertHidden(self.history(repo), "ignore")

    def test_ignore__what_only_unreachable_objects_hold_need_not_be_named(self):
        repo = self.repo()
        repo.commit("one", {"a": "x = %s\n" % token(1)})
        repo.write("b", "y = %s\n" % token(1))
        repo.git("hash-object", "-w", "b")
        repo.write(".secscanignore", self.entry(1, "path:a"))
        self.assertHidden(self.history(repo), "ignore")

    def test_ignore__its_own_files_are_no_findings(self):
        repo = self.repo()
        repo.write(".secscanignore", "".join(
            self.entry(i, "path:a # password of a test key") for i in range(3)))
        run = self.secscan("--format", "jsonl", ".", cwd=repo.path)
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])

    def test_ignore__ten_thousand_entries_and_findings_are_quick(self):
        n = 10000
        self.write("d/a", "".join("x = %s\n" % token(i) for i in range(n)))
        start = time.monotonic()
        run = self.secscan("baseline", "create", "--rules", self.rules, "d")
        self.assertRun(run, 0)
        with open(self.path("d/.secscan-baseline")) as file:
            lines = [x for x in file if x.startswith("s1:")]
        self.assertGreater(len(lines), n * 0.9)
        self.assertEqual(lines, sorted(lines))
        run = self.scan("d")
        self.assertHidden(run, "baseline", len(lines))
        self.assertLess(time.monotonic() - start, 20)


class BaseTest(SuppressCase):
    """A change cannot hide itself."""

    def setUp(self):
        super().setUp()
        self.repository = self.repo()
        self.repository.commit("base", {"x": "x\n"})

    def change(self):
        self.repository.add("a", "x = %s\n" % token(1))
        self.repository.add(".secscanignore", self.entry(1, "path:a"))

    def test_base__what_is_staged_goes_by_head(self):
        self.change()
        run = self.scan(self.repository, "--staged")
        self.assertRun(run, 1)
        self.assertEqual(self.notes(run), [("changed", ".secscanignore", None)])
        run = self.scan(self.repository, "--staged", "--adopt")
        self.assertHidden(run, "ignore")
        self.assertEqual(self.notes(run), [("changed", ".secscanignore", None)])

    def test_base__an_entry_that_is_in_counts(self):
        self.repository.commit("ignore", {".secscanignore":
                                          self.entry(1, "path:a")})
        self.repository.add("a", "x = %s\n" % token(1))
        self.assertHidden(self.scan(self.repository, "--staged"), "ignore")
        self.repository.commit("more")
        self.assertHidden(
            self.scan(self.repository, "--range", "HEAD~1..HEAD"), "ignore")

    def test_base__the_work_tree_does_not_count(self):
        self.repository.add("a", "x = %s\n" % token(1))
        self.repository.write(".secscanignore", self.entry(1, "path:a"))
        self.assertRun(self.scan(self.repository, "--staged"), 1)

    def test_base__a_range_goes_by_its_left_end(self):
        self.change()
        self.repository.commit("both")
        run = self.scan(self.repository, "--range", "HEAD~1..HEAD")
        self.assertRun(run, 1)
        self.assertEqual(self.notes(run), [("changed", ".secscanignore", None)])
        self.assertHidden(self.scan(self.repository, "--range",
                                    "HEAD~1..HEAD", "--adopt"), "ignore")
        # All that HEAD reaches is no change of anything.
        self.assertHidden(self.scan(self.repository, "--range", "HEAD"),
                          "ignore")

    def test_base__a_new_branch_goes_by_what_it_grew_from(self):
        zero = "0" * 40
        self.repository.commit("ignore", {".secscanignore":
                                          self.entry(1, "path:a")})
        self.repository.git("checkout", "-q", "-b", "topic")
        self.repository.commit("more", {"a": "x = %s\n" % token(1)})
        self.assertHidden(self.scan(self.repository, "--range",
                                    zero + "..topic"), "ignore")
        self.repository.commit("two", {"b": "x = %s\n" % token(2),
                                       ".secscanignore":
                                       self.entry(2, "path:b")})
        run = self.scan(self.repository, "--range", zero + "..topic")
        self.assertEqual(self.paths(run), ["b"])

    def test_base__of_several_bases_the_newest_counts(self):
        repo = self.repository
        repo.git("branch", "a-old")
        repo.commit("ignore", {".secscanignore": self.entry(1, "path:a")})
        repo.git("checkout", "-q", "a-old")
        repo.time -= 120
        repo.commit("old", {"old": "x\n"})
        repo.time += 240
        repo.git("checkout", "-q", "-b", "topic", "main")
        repo.git("merge", "-q", "--no-edit", "a-old")
        repo.commit("more", {"a": "x = %s\n" % token(1)})
        self.assertHidden(self.scan(repo, "--range", "0" * 40 + "..topic"),
                          "ignore")

    def test_base__a_change_in_two_commits_is_noted_once(self):
        repo = self.repository
        for seed in (1, 2):
            repo.commit("ignore", {".secscanignore":
                                   self.entry(seed, "path:a")})
        self.assertEqual(
            self.notes(self.scan(repo, "--range", "HEAD~2..HEAD")),
            [("changed", ".secscanignore", None)])

    def test_base__a_first_commit_has_none(self):
        repo = self.repo("first")
        repo.add("a", "x = %s\n" % token(1))
        repo.add(".secscanignore", self.entry(1, "path:a"))
        self.assertRun(self.scan(repo, "--staged"), 1)
        self.assertHidden(self.scan(repo, "--staged", "--adopt"), "ignore")

    def test_base__a_baseline_and_gitleaks_file_are_no_way_round(self):
        self.repository.add("a", "x = %s\n" % token(1))
        self.repository.add(".secscan-baseline", self.entry(1, "path:a"))
        self.repository.add(".gitleaksignore", "a:test-token:1\n")
        run = self.scan(self.repository, "--staged")
        self.assertRun(run, 1)
        self.assertEqual([n[1] for n in self.notes(run)],
                         [".gitleaksignore", ".secscan-baseline"])

    def test_base__a_file_that_is_not_here_hides_nothing(self):
        repo = self.repository
        repo.commit("ignore", {".secscanignore": self.entry(1, "path:a")})
        blob = repo.git("rev-parse", "HEAD:.secscanignore")
        os.remove(os.path.join(repo.path, ".git", "objects", blob[:2],
                               blob[2:]))
        repo.add("a", "x = %s\n" % token(1))
        run = self.scan(repo, "--staged")
        self.assertRun(run, 1)
        self.assertEqual(self.notes(run), [("unread", ".secscanignore", None)])

    def test_base__sha256_and_linked_work_trees(self):
        path = self.path("sha256")
        os.makedirs(path)
        subprocess.run(["git", "init", "-q", "-b", "main",
                        "--object-format=sha256", path], check=True,
                       env=self.repository.env)
        repo = harness.Repo(path, self.environment())
        first = repo.commit("one", {"a": "x = %s\n" % token(1),
                                    ".secscanignore":
                                    self.entry(1, "path:a") +
                                    self.entry(3, "path:c"),
                                    "b": "y = %s\n" % token(2),
                                    ".gitleaksignore": ""})
        repo.write(".gitleaksignore", first + ":b:test-token:1\n")
        run = self.history(repo)
        self.assertEqual(self.hidden(run), {"ignore": 1, "gitleaks-ignore": 1})
        repo.git("worktree", "add", "-q", self.path("linked"), "-b", "other")
        linked = harness.Repo(self.path("linked"), self.environment())
        self.assertEqual(self.paths(self.tree(linked)), ["b"])
        linked.commit("more", {"c": "x = %s\n" % token(3)})
        self.assertHidden(self.scan(linked, "--range", "main..other"), "ignore")

    def test_base__adopt_is_for_changes(self):
        self.assertRun(self.scan(self.repository, "--history", "--adopt"), 2)
        self.assertRun(self.scan(self.repository, "--adopt"), 2)


class GitleaksTest(SuppressCase):
    def test_gitleaks__ignore_by_file_rule_and_line(self):
        repo = self.repo()
        repo.commit("one", {"src/a": "\nx = %s\n" % token(1)})
        repo.write(".gitleaksignore", "src/a:test-token:2\n")
        self.assertHidden(self.tree(repo), "gitleaks-ignore")
        self.assertHidden(self.history(repo), "gitleaks-ignore")
        repo.write(".gitleaksignore", "src/a:test-token:3\n")
        self.assertRun(self.history(repo), 1)

    def test_gitleaks__ignore_by_commit(self):
        repo = self.repo()
        first = repo.commit("one", {"a": "x = %s\n" % token(1)})
        other = repo.commit("two", {"a": "x = %s\n" % token(2)})
        repo.write(".gitleaksignore", first + ":a:test-token:1\n")
        run = self.history(repo)
        self.assertEqual([f["commit"] for f in run.findings()], [other])
        self.assertEqual(self.hidden(run), {"gitleaks-ignore": 1})
        # It names a commit: files are none.
        repo.write("a", "x = %s\n" % token(1))
        self.assertRun(self.tree(repo), 1)

    def test_gitleaks__a_line_that_moves_stays_hidden(self):
        repo = self.repo()
        first = repo.commit("one", {"a": "x = %s\n" % token(1)})
        repo.commit("two", {"a": "\n\nx = %s\n" % token(1)})
        repo.write(".gitleaksignore", first + ":a:test-token:1\n")
        self.assertHidden(self.history(repo), "gitleaks-ignore")
        repo.commit("three", {"b": "x = %s\n" % token(1)})
        self.assertRun(self.history(repo), 1)

    def test_gitleaks__a_commit_that_brings_it_in_again_is_another(self):
        repo = self.repo()
        repo.commit("one", {"a": "x = %s\n" % token(1)})
        repo.commit("two", {"a": "\n"})
        third = repo.commit("three", {"a": "\nx = %s\n" % token(1)})
        repo.write(".gitleaksignore", third + ":a:test-token:2\n")
        self.assertRun(self.history(repo), 1)

    def test_gitleaks__names_the_line_where_the_match_starts(self):
        rules = self.write("lines.toml", """
[[rules]]
id = "below"
description = "a token below its name"
regex = 'name:\\n(tok_[A-Za-z0-9]{24})'
""")
        self.write("d/a", "x\nname:\n%s\n" % token(1))
        for line, code in ((1, 1), (2, 0), (3, 0), (4, 1)):
            self.write("d/.gitleaksignore", "a:below:%d\n" % line)
            self.assertRun(self.secscan("--rules", rules, "d"), code)

    def test_gitleaks__ignore_path(self):
        self.write("d/a", "x = %s\n" % token(1))
        ignore = self.write("else/.gitleaksignore", "a:test-token:1\n")
        for path in (ignore, self.path("else")):
            self.assertHidden(self.scan("d", "-i", path), "gitleaks-ignore")
        self.assertRun(self.scan("d", "-i", self.path("d")), 1)
        self.assertRun(self.scan("d", "-i", self.path("none")), 2)

    def test_gitleaks__a_json_report_is_a_baseline(self):
        repo = self.repo()
        commit = repo.commit("one", {"a": "x = %s\n" % token(1),
                                     "b": "y = %s\n" % token(2)})
        known = [{"RuleID": "any", "File": "a", "StartLine": 1,
                  "Secret": token(1), "Commit": commit}]
        path = self.write("report.json", json.dumps(known, indent=1))
        for option in ("--baseline", "--baseline-path", "-b"):
            run = self.history(repo, option, path)
            self.assertEqual(self.paths(run), ["b"])
            self.assertEqual(self.hidden(run), {"baseline": 1})
        known[0].update(RuleID="test-token", Secret="REDACTED")
        self.write("report.json", json.dumps(known))
        self.assertEqual(self.paths(self.history(repo, "-b", path)), ["b"])

    @unittest.skipUnless(GITLEAKS, "no gitleaks")
    def test_gitleaks__what_it_writes_hides_what_it_found(self):
        repo = self.repo()
        config = self.write("gitleaks.toml", git_case.RULES.replace(
            "(?<![A-Za-z0-9])", r"\b").replace("(?![A-Za-z0-9])", r"\b"))
        repo.commit("one", {"a": "x = %s\n" % token(1),
                            "b": "y = %s\n" % token(2)})
        repo.commit("move", {"a": "\n\nx = %s\n" % token(1)})
        repo.commit("gone", {"b": None})
        report = self.path("report.json")
        subprocess.run([GITLEAKS, "git", "-c", config, "-f", "json", "-r",
                        report, repo.path], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=repo.env)
        self.assertEqual(len(self.history(repo).findings()), 2)
        self.assertHidden(self.history(repo, "-b", report), "baseline", 2)
        with open(report) as file:
            found = json.load(file)
        repo.write(".gitleaksignore",
                   "".join(f["Fingerprint"] + "\n" for f in found))
        self.assertHidden(self.history(repo), "gitleaks-ignore", 2)

    def test_gitleaks__json_that_is_none_is_wrong_usage(self):
        path = self.write("report.json", "[{")
        run = self.scan(".", "-b", path)
        self.assertRun(run, 2)
        self.assertIn("report.json:1", run.err)
        self.assertRun(self.scan(".", "-b", self.path("none")), 2)


if __name__ == "__main__":
    unittest.main()

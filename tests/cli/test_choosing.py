"""test_choosing.py: which findings are listed, and which of them gate."""

import unittest

import harness
from git_case import token

RULES = r"""
[[rules]]
id = "sure"
description = "a token"
category = "token"
severity = "high"
regex = '''(?<![A-Za-z0-9])tok_[A-Za-z0-9]{24}(?![A-Za-z0-9])'''

[[rules]]
id = "guess"
description = "a password"
category = "password"
severity = "medium"
evidence = "context"
regex = '''pin=([a-z]{6})'''

[[rules]]
id = "weak"
description = "a weak thing"
category = "hygiene"
severity = "low"
confidence = 40
regex = '''weak=([a-z]{6})'''
"""
TEXT = "a %s\npin=qvzkmw\nweak=kqrwvx\n" % token(1)


class ChoosingTest(harness.Case):
    def setUp(self):
        super().setUp()
        self.rules = self.write("rules.toml", RULES)

    def scan(self, *args, **options):
        return self.secscan("--rules", self.rules, "--format", "jsonl", *args,
                            **options)

    def choose(self, *args):
        """Rules that are listed in src/a, how many are not, the exit code."""
        self.write("src/a", TEXT)
        run = self.scan(*args, "src")
        return ([f["rule"] for f in run.findings()],
                run.summary()["coverage"]["unlisted"], run.code)

    def test_choosing__everything_is_listed_by_default(self):
        self.assertEqual(self.choose(), (["sure", "guess", "weak"], 0, 1))

    def test_choosing__what_is_below_is_counted_and_does_not_gate(self):
        self.assertEqual(self.choose("--min-severity", "medium"),
                         (["sure", "guess"], 1, 1))
        self.assertEqual(self.choose("--min-evidence", "pattern"),
                         (["sure", "weak"], 1, 1))
        self.assertEqual(self.choose("--min-confidence", "75"),
                         (["sure", "guess"], 1, 1))
        self.assertEqual(self.choose("--min-severity", "critical"), ([], 3, 0))
        self.assertEqual(self.choose("--min-evidence=pattern",
                                     "--min-confidence=41"), (["sure"], 2, 1))

    def test_choosing__categories(self):
        self.assertEqual(self.choose("--category", "hygiene"), (["weak"], 2, 0))
        self.assertEqual(self.choose("--category", "hygiene", "--category",
                                     "token"), (["sure", "weak"], 1, 1))
        self.assertEqual(self.choose("--not-category", "token"),
                         (["guess", "weak"], 1, 1))

    def test_choosing__wrong_words_are_usage(self):
        for args in (["--min-severity", "bad"], ["--min-evidence", "proof"],
                     ["--min-confidence", "101"], ["--min-confidence", "x"],
                     ["--category", "tokens"], ["--not-category", ""],
                     ["--profile", "careful"],
                     ["--min-password-length", "129"]):
            run = self.scan(*args, ".")
            self.assertRun(run, 2)
            self.assertEqual(run.out, "")
        self.assertIn("info, low, medium, high, critical",
                      self.scan("--min-severity", "bad", ".").err)

    def test_choosing__the_text_says_what_it_does_not_list(self):
        self.write("src/a", TEXT)
        run = self.secscan("--rules", self.rules, "--min-severity", "medium",
                           "--profile", "block", "src")
        self.assertIn("  unlisted  1 finding below --min-severity", run.out)
        self.assertIn("  profile   block: ", run.out)

    def every_mode(self, text, path, *args):
        """Exit code, listed rules and gating ones, the same in each mode."""
        self.n_repos = getattr(self, "n_repos", 0) + 1
        repo = self.repo("repo%d" % self.n_repos)
        repo.commit("base", {"x": "x\n"})
        repo.add(path, text)
        staged = self.scan("--staged", *args, repo.path)
        repo.commit("more")
        runs = [staged, self.scan("--history", *args, repo.path),
                self.scan("--range", "HEAD~1..HEAD", *args, repo.path),
                self.scan(*args, ".", cwd=repo.path),
                self.scan("--stdin", "--name", path, *args,
                          stdin=text.encode())]
        found = {(run.code, tuple(sorted((f["rule"], f["gates"])
                                         for f in run.findings())))
                 for run in runs}
        self.assertEqual(len(found), 1, [run.out for run in runs])
        return found.pop()

    def test_choosing__every_mode_chooses_alike(self):
        self.assertEqual(
            self.every_mode(TEXT, "src/a", "--min-confidence", "80"),
            (1, (("sure", True),)))
        self.assertEqual(
            self.every_mode(TEXT, "src/a", "--profile", "block"),
            (1, (("guess", True), ("sure", True), ("weak", False))))

    def short_passwords(self, *args):
        run = self.secscan("--format", "jsonl", *args, "--stdin", "--name",
                           "deploy.env",
                           stdin=b"DB_PASSWORD=shop\nDB_PASSWORD=barrel\n")
        return (run.code, [(f["rule"], f["gates"]) for f in run.findings()
                           if f["rule"].startswith("short-")])

    def test_choosing__short_passwords_of_databases_are_hygiene(self):
        self.assertEqual(self.short_passwords(), (0, []))
        short = "short-database-password"
        self.assertEqual(self.short_passwords("--min-password-length", "6"),
                         (0, [(short, False)]))
        self.assertEqual(self.short_passwords("--profile", "strict"),
                         (1, [(short, True), (short, True)]))

    def test_choosing__strict_gates_hygiene(self):
        text = "weak=kqrwvx\n"
        self.assertEqual(self.every_mode(text, "src/a"),
                         (0, (("weak", False),)))
        self.assertEqual(self.every_mode(text, "src/a", "--profile", "strict"),
                         (1, (("weak", True),)))

    def test_choosing__block_lists_what_it_passes_over(self):
        text = "pin=qvzkmw\n"
        self.assertEqual(self.every_mode(text, "tests/a", "--profile", "block"),
                         (0, (("guess", False),)))
        self.assertEqual(self.every_mode(text, "tests/a"),
                         (1, (("guess", True),)))

    def test_choosing__a_history_gates_where_one_place_does(self):
        repo = self.repo()
        repo.commit("test", {"tests/a": "pin=qvzkmw\n"})
        run = self.scan("--history", "--profile", "block", repo.path)
        self.assertRun(run, 0)
        repo.commit("real", {"src/a": "x\npin=qvzkmw\n"})
        run = self.scan("--history", "--profile", "block", repo.path)
        self.assertRun(run, 1)
        self.assertEqual(run.summary()["coverage"]["profile"], "block")


if __name__ == "__main__":
    unittest.main()

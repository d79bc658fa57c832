"""Configuration: who is asked first, and what an operator's policy holds."""

import os
import unittest

import harness

RULE = """[[rules]]
id = "acme"
regex = '''acme_[a-z0-9]{12}'''
"""
OTHER = RULE.replace("acme", "other")
TEXT = "acme_%s\nother_%s\n" % ("r7kq2xv9w4pz", "z3hm8ty5jd6c")


class ConfigTest(harness.Case):
    def rules_found(self, *args, **kwargs):
        run = self.secscan("--format", "jsonl", *args, **kwargs)
        self.assertIn(run.code, (0, 1), repr(run))
        return sorted(f["rule"] for f in run.findings())

    def setting(self, name, *args, **kwargs):
        """Value and origin of a line of config show."""
        run = self.secscan("config", "show", *args, **kwargs)
        self.assertRun(run, 0)
        for line in run.out.splitlines():
            words = line.split(None, 2)
            if words[0] == name:
                return words[1], words[2]
        raise AssertionError(run.out)

    def tree(self):
        repo = self.repo("r")
        repo.write("deep/a.txt", TEXT)
        return repo

    # ---- looking for one

    def test_config__own_file_is_looked_for_upwards_to_the_root(self):
        repo = self.tree()
        self.write(".secscan.toml", OTHER)
        self.assertEqual(self.rules_found(repo.path), [])
        repo.write(".secscan.toml", RULE)
        self.assertEqual(self.rules_found(os.path.join(repo.path, "deep")),
                         ["acme"])
        self.assertEqual(
            self.rules_found(os.path.join(repo.path, "deep", "a.txt")),
            ["acme"])
        self.assertEqual(self.rules_found("--no-repo-config", repo.path), [])

    def test_config__gitleaks_file_is_looked_for_at_the_target(self):
        repo = self.tree()
        repo.write(".gitleaks.toml", RULE.replace("{12}", "+"))
        self.assertEqual(self.rules_found(repo.path), ["acme"])
        self.assertEqual(self.rules_found(os.path.join(repo.path, "deep")), [])
        repo.write(".secscan.toml", OTHER)
        self.assertEqual(self.rules_found(repo.path), ["other"])

    def test_config__environment_comes_before_files_and_after_flags(self):
        repo = self.tree()
        repo.write(".secscan.toml", OTHER)
        own = self.write("c.toml", RULE)
        open_ended = self.write("open.toml", RULE.replace("{12}", "{12,}"))
        env = {"GITLEAKS_CONFIG": open_ended}
        self.assertEqual(self.rules_found(repo.path, env=env), ["acme"])
        env = {"GITLEAKS_CONFIG_TOML": RULE.replace("{12}", "+")}
        self.assertEqual(self.rules_found(repo.path, env=env), ["acme"])
        env = {"SECSCAN_CONFIG": own, "GITLEAKS_CONFIG_TOML": OTHER}
        self.assertEqual(self.rules_found(repo.path, env=env), ["acme"])
        other = self.write("o.toml", OTHER)
        self.assertEqual(self.rules_found("-c", other, repo.path, env=env),
                         ["other"])

    def test_config__settings_alone_keep_the_builtin_rules(self):
        repo = self.repo("r")
        repo.write("a.txt", harness.expand('t = "ghp_{base62:30}{crc32}"\n'))
        repo.write(".secscan.toml", '[settings]\nprofile = "block"\n')
        run = self.secscan("--format", "jsonl", repo.path)
        self.assertRun(run, 1)
        self.assertEqual(run.summary()["coverage"]["profile"], "block")

    # ---- settings

    def test_config__the_stronger_speaks_first(self):
        repo = self.tree()
        repo.write(".secscan.toml",
                   '[settings]\nmin-severity = "low"\nmin-confidence = 20\n'
                   'category = ["key", "token"]\ngate-unreachable = true\n')
        policy = self.write("p.toml", '[settings]\nmin-severity = "high"\n'
                            'max-file-size = "5M"\n')
        env = {"SECSCAN_MIN_CONFIDENCE": "30", "SECSCAN_POLICY": policy}
        args = ("--profile", "block", repo.path)
        for name, wanted in (
                ("profile", ("block", "--profile")),
                ("min-confidence", ("30", "the environment")),
                ("min-severity", ("low", repo.path + "/.secscan.toml")),
                ("category", ("key,token", repo.path + "/.secscan.toml")),
                ("gate-unreachable", ("true", repo.path + "/.secscan.toml")),
                ("max-file-size", ("5242880", policy)),
                ("min-evidence", ("-", "default"))):
            self.assertEqual(self.setting(name, *args, env=env), wanted, name)

    def test_config__wrong_settings_name_their_place(self):
        repo = self.tree()
        for text, wanted in (
                ("[settings]\nprofil = 1\n", ":2:1: 'profil' is no setting"),
                ("[settings]\noutput = 'x'\n",
                 ":2:1: 'output' is not for a repository's file"),
                ("[settings]\nmin-confidence = 400\n",
                 ":2:1: 'min-confidence' has a value that it cannot have"),
                ("[settings]\nprofile = ['a', 'b']\n",
                 ":2:1: 'profile' takes one value"),
                ("[settings]\nprofile = 1.5\n", ":2:11: 'profile' takes text")):
            repo.write(".secscan.toml", text)
            run = self.secscan(repo.path)
            self.assertRun(run, 2)
            self.assertIn("/.secscan.toml" + wanted, run.err)

    # ---- the policy

    def policy(self, text):
        return self.write("policy.toml", text)

    def test_config__what_is_locked_can_only_be_stricter(self):
        repo = self.tree()
        policy = self.policy('locked = ["min-severity"]\n'
                             '[settings]\nmin-severity = "medium"\n')
        repo.write(".secscan.toml", '[settings]\nmin-severity = "critical"\n')
        self.assertEqual(self.setting("min-severity", "--policy", policy,
                                      repo.path),
                         ("medium", policy + ", locked"))
        run = self.secscan("--policy", policy, repo.path)
        self.assertIn("'min-severity' is locked by the policy: passed over",
                      run.err)
        repo.write(".secscan.toml", '[settings]\nmin-severity = "low"\n')
        self.assertEqual(self.setting("min-severity", "--policy", policy,
                                      repo.path)[0], "low")
        run = self.secscan("--policy", policy, "--min-severity", "high",
                           repo.path)
        self.assertRun(run, 2)
        self.assertIn("--min-severity would loosen it", run.err)

    def test_config__locked_rules_are_not_the_repositorys(self):
        repo = self.tree()
        repo.write(".secscan.toml", OTHER)
        policy = self.policy('locked = ["rules"]\n' + RULE)
        self.assertEqual(self.rules_found("--policy", policy, repo.path),
                         ["acme"])
        policy = self.policy(RULE)
        self.assertEqual(self.rules_found("--policy", policy, repo.path),
                         ["acme", "other"])

    def test_config__the_digest_is_in_the_report(self):
        repo = self.tree()
        policy = self.policy(RULE)
        run = self.secscan("policy", "check", policy)
        self.assertRun(run, 0)
        digest = [line.split()[1] for line in run.out.splitlines()
                  if line.startswith("digest")][0]
        run = self.secscan("--policy", policy, "--format", "jsonl", repo.path)
        self.assertEqual(run.summary()["coverage"]["policy_digest"], digest)
        run = self.secscan("--format", "jsonl", repo.path)
        self.assertIsNone(run.summary()["coverage"]["policy_digest"])

    def test_config__report_only_ends_with_its_day(self):
        repo = self.tree()
        repo.write(".secscan.toml", RULE)
        run = self.secscan("--report-only-until", "2999-01-01", repo.path)
        self.assertRun(run, 0)
        self.assertIn("report-only until 2999-01-01", run.err)
        self.assertRun(self.secscan("--report-only-until", "2001-01-01",
                                    repo.path), 1)
        self.assertRun(self.secscan("--report-only-until", "soon",
                                    repo.path), 2)

    def test_config__policy_check_knows_empty_locks(self):
        run = self.secscan("policy", "check",
                           self.policy('locked = ["profile"]\n'))
        self.assertRun(run, 2)
        self.assertIn("'locked' names profile", run.err)

    # ---- files that are not trusted

    def test_config__extend_stays_in_the_repository(self):
        repo = self.tree()
        outside = self.write("outside.toml", RULE)
        repo.write("inside.toml", RULE)
        os.symlink(outside, os.path.join(repo.path, "link.toml"))
        for path, code in ((outside, 2), ("r/link.toml", 2),
                           ("r/../outside.toml", 2), ("r/inside.toml", 1)):
            repo.write(".secscan.toml", '[extend]\npath = "%s"\n' % path)
            run = self.secscan(repo.path)
            self.assertRun(run, code)
            if code == 2:
                self.assertIn("leads out of the repository", run.err)
        repo.write(".secscan.toml", '[extend]\npath = "%s"\n' % outside)
        self.assertRun(self.secscan(
            "-c", os.path.join(repo.path, ".secscan.toml"), repo.path), 1)

    def test_config__evil_patterns_end_soon(self):
        repo = self.tree()
        for regex in ("(?:(?:a{0,30}b{0,30}){0,30}c){0,30}x",
                      "x(?:(a|b|c|d|e)(f|g|h)){0,500}y",
                      "(?:a?){400}a{400}", "(a+)+b", "(?:.{0,200}a){0,100}b",
                      "(?:%s)zz" % "|".join("w%dq.{0,400}" % i
                                            for i in range(400)),
                      "(?:%s)" % "|".join("[a-z]{%d}.{0,%d}[0-9]{3}" % (
                          i % 20 + 1, i) for i in range(300)),
                      "[ab]{0,500}" * 60 + "q"):
            repo.write(".gitleaks.toml",
                       "[[rules]]\nid = 'e'\nregex = '''%s'''\n" % regex)
            run = self.secscan(repo.path, timeout=30)
            self.assertIn(run.code, (0, 1, 2), repr(run))

    def test_config__too_many_wide_patterns_are_refused(self):
        repo = self.tree()
        rules = "".join("[[rules]]\nid = 'e%d'\nregex = '[a-z]{%d}.{0,300}"
                        "[0-9]{3}'\n" % (i, i % 20 + 1) for i in range(100))
        repo.write(".gitleaks.toml", rules)
        run = self.secscan(repo.path)
        self.assertRun(run, 2)
        self.assertIn("the expressions of the repository's file are too large",
                      run.err)

    # ---- config check

    def test_config__check_explains_a_file(self):
        path = self.write(".gitleaks.toml",
                          RULE + "match = ['acme_{hex:12}']\ncolour = 1\n")
        run = self.secscan("config", "check", path)
        self.assertRun(run, 0)
        self.assertIn("rules      1: 1 of the file", run.out)
        self.assertIn("unknown key 'colour' in a rule is passed over", run.out)
        self.assertIn("examples   1, failed: 0", run.out)
        path = self.write("bad.toml", RULE + "match = ['acme']\n")
        self.assertRun(self.secscan("config", "check", path), 1)

    def test_config__check_refuses_allowlists_that_do_nothing_or_all(self):
        own = RULE + "[[rules.allowlists]]\n"
        for text, wanted in (
                (own + "regexes = ['''^x{40}''']", ":1:1: an allowlist is dead:"),
                (own + "stopwords = ['%s']" % ("x" * 40), "dead:"),
                (own + "commits = ['abc123']", "is no commit"),
                (own + "regexes = ['''.*''']", "too wide:"),
                (RULE + "[allowlist]\npaths = ['''(?:test)?''']",
                 ":4:1: an allowlist is too wide:"),
                (RULE + "[allowlist]\npaths = ['''.''']\ncondition = 'AND'\n"
                 "stopwords = ['x']", None),
                (own + "regexes = ['''^acme_test''', '''^$''']", None)):
            path = self.write("a.toml", text)
            run = self.secscan("config", "check", path)
            self.assertRun(run, 2 if wanted else 0)
            self.assertIn(wanted or "no", run.err + "no")
            self.assertIn(self.secscan("-c", path, path).code, (0, 1))

    def test_config__check_refuses_no_rules(self):
        path = self.write("empty.toml", 'title = "x"\n')
        run = self.secscan("config", "check", path)
        self.assertRun(run, 2)
        self.assertIn("no rules are left", run.err)


if __name__ == "__main__":
    harness.main()

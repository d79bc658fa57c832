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

    def test_config__text_of_the_environment_joins_the_policys_rules(self):
        policy = self.write("p.toml", OTHER)
        env = {"GITLEAKS_CONFIG_TOML": RULE.replace("{12}", "+")}
        self.assertEqual(self.rules_found("--policy", policy, self.tree().path,
                                          env=env), ["acme", "other"])

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


ACME = "acme_%s\n"
FIRST, SECOND = ACME % "r7kq2xv9w4pz", ACME % "h3nd8ty5jb6c"
LOOSE = {
    "allowlist": RULE + "[[allowlists]]\npaths = ['''txt$''']\n",
    "exit": RULE + "[settings]\nexit-zero = true\n",
    "severity": RULE + '[settings]\nmin-severity = "critical"\n',
    "profile": RULE + '[settings]\nprofile = "block"\n'
                      'gate-evidence = "checksum"\n',
    "rules": OTHER,
    "gone": None,
}


class ChangeTest(harness.Case):
    """A change is judged by the configuration of what it was made from."""

    def setUp(self):
        super().setUp()
        self.repository = self.repo("r")
        self.base = self.repository.commit("base", {".secscan.toml": RULE})

    def scan(self, *args, repo=None, **kwargs):
        return self.secscan("--format", "jsonl", *args,
                            (repo or self.repository).path, **kwargs)

    def notes(self, run):
        return [(n["kind"], n["file"])
                for n in run.summary()["coverage"]["notes"]]

    def change(self, config):
        """On a branch of its own: a secret, and what would hide it."""
        self.repository.git("checkout", "-q", "-B", "change", self.base)
        return self.repository.commit("change", {".secscan.toml": config,
                                                 "a.txt": FIRST})

    def test_change__in_a_range_does_not_hide_itself(self):
        for name, config in LOOSE.items():
            with self.subTest(name):
                self.change(config)
                run = self.scan("--range", "main..change")
                self.assertRun(run, 1)
                self.assertEqual([f["rule"] for f in run.findings()], ["acme"])
                self.assertEqual(self.notes(run), [("changed", ".secscan.toml")]
                                 if config else [])
                self.assertRun(self.scan("--since-commit", "main"), 1)
                zero = "0" * 40
                self.assertRun(self.scan("--range", zero + "..change"), 1)

    def test_change__is_adopted_when_that_is_asked_for(self):
        for name, config in LOOSE.items():
            with self.subTest(name):
                self.change(config)
                run = self.scan("--range", "main..change", "--adopt")
                self.assertRun(run, 0)

    def test_change__counts_when_it_is_in(self):
        for name, config in LOOSE.items():
            with self.subTest(name):
                self.change(config)
                self.repository.commit("more", {"b.txt": SECOND})
                self.assertRun(self.scan("--range", "HEAD~1..HEAD"), 0)
                # All that a branch reaches is no change of anything.
                self.assertRun(self.scan("--range", "HEAD"), 0)

    def test_change__that_is_staged_does_not_hide_itself(self):
        for name, config in LOOSE.items():
            if not config:
                continue
            with self.subTest(name):
                repo = self.repo(name)
                repo.commit("base", {".secscan.toml": RULE})
                repo.write(".secscan.toml", config)
                repo.add("a.txt", FIRST)
                self.assertRun(self.scan("--staged", repo=repo), 1)
                # The work tree does not count, either way.
                self.assertRun(self.scan("--staged", "--adopt", repo=repo), 1)
                repo.add(".secscan.toml", config)
                self.assertRun(self.scan("--staged", repo=repo), 1)
                self.assertRun(self.scan("--staged", "--adopt", repo=repo), 0)
                run = self.secscan("--pre-commit", cwd=repo.path, env=repo.env)
                self.assertRun(run, 0)

    def test_change__a_first_configuration_waits_for_the_next_change(self):
        repo = self.repo("first")
        repo.commit("base", {"x": "x\n"})
        secret = harness.expand('t = "ghp_{base62:30}{crc32}"\n')
        repo.commit("both", {"a.txt": secret, ".secscan.toml":
                             "[settings]\nexit-zero = true\n"})
        self.assertRun(self.scan("--range", "HEAD~1..HEAD", repo=repo), 1)
        self.assertRun(self.scan("--range", "HEAD~1..HEAD", "--adopt",
                                 repo=repo), 0)

    def test_change__listed_commits_go_by_head(self):
        commit = self.change(LOOSE["exit"])
        work = self.write("list", commit + "\n")
        self.assertRun(self.scan("--work-list", work), 0)
        self.repository.git("checkout", "-q", "main")
        self.assertRun(self.scan("--work-list", work), 1)

    def test_change__named_files_are_read_as_they_are(self):
        self.change(RULE)
        loose = self.write("loose.toml", LOOSE["exit"])
        args = ("--range", "main..change")
        self.assertRun(self.scan(*args, "--config", loose), 0)
        self.assertRun(self.scan(*args, env={"SECSCAN_CONFIG": loose}), 0)
        self.assertRun(self.scan(*args, "--no-repo-config"), 0)

    def test_change__history_that_gates_a_range_goes_by_its_left_end(self):
        self.change(LOOSE["exit"])
        self.assertRun(self.scan("--history"), 0)
        gate = ("--history", "--gate-ref", "main..change")
        self.assertRun(self.scan(*gate), 1)
        self.assertRun(self.scan(*gate, "--adopt"), 0)

    def test_change__does_not_say_what_gates(self):
        self.repository.write(".secscan.toml",
                              RULE + '[settings]\ngate-ref = "HEAD..HEAD"\n')
        run = self.scan("--history")
        self.assertRun(run, 2)
        self.assertIn("'gate-ref' is not for a repository's file", run.err)

    def test_change__of_a_gitleaks_file(self):
        repo = self.repo("gitleaks")
        repo.commit("base", {".gitleaks.toml": RULE.replace("{12}", "+")})
        repo.commit("both", {"a.txt": FIRST, ".gitleaks.toml": OTHER})
        args = ("--range", "HEAD~1..HEAD")
        run = self.scan(*args, repo=repo)
        self.assertRun(run, 1)
        self.assertEqual(self.notes(run), [("changed", ".gitleaks.toml")])
        self.assertRun(self.scan(*args, "--adopt", repo=repo), 0)

    def test_change__in_a_bare_repository(self):
        self.change(LOOSE["exit"])
        bare = self.path("bare.git")
        self.repository.git("clone", "-q", "--bare", ".", bare)
        args = ("--format", "jsonl", "--range")
        self.assertRun(self.secscan(*args, "main..change", bare), 1)
        self.assertRun(self.secscan(*args, "change", bare), 0)
        self.assertRun(self.secscan("--history", bare), 0)
        self.repository.git("--git-dir", bare, "symbolic-ref", "HEAD",
                            "refs/heads/main")
        self.assertRun(self.secscan("--history", bare), 1)

    def test_change__joins_the_policys_rules(self):
        self.change(LOOSE["exit"])
        self.repository.commit("more", {"b.txt": TEXT.split("\n")[1]})
        policy = self.write("p.toml", OTHER)
        run = self.scan("--range", "main..change", "--policy", policy)
        self.assertRun(run, 1)
        self.assertEqual(sorted(f["rule"] for f in run.findings()),
                         ["acme", "other"])

    # ---- what cannot be read

    def range_of_base(self, config, link=False):
        """What a range says whose base has this configuration."""
        repo = self.repo("base-%d" % len(os.listdir(self.path("."))))
        if link:
            os.symlink("elsewhere", os.path.join(repo.path, ".secscan.toml"))
            repo.git("add", ".secscan.toml")
            repo.commit("base", {"x": "x\n"})
        else:
            repo.commit("base", {".secscan.toml": config})
        repo.commit("more", {"a.txt": FIRST, "rules.toml": RULE})
        self.read_from = repo
        return self.scan("--range", "HEAD~1..HEAD", repo=repo)

    def test_change__errors_name_the_commit_and_the_line(self):
        run = self.range_of_base(RULE + "[settings]\nprofil = 1\n")
        self.assertRun(run, 2)
        commit = self.read_from.git("rev-parse", "HEAD~1")
        self.assertIn("%s:.secscan.toml:5:1: 'profil' is no setting"
                      % commit[:10], run.err)

    def test_change__a_path_to_extend_is_an_error(self):
        run = self.range_of_base('[extend]\npath = "rules.toml"\n')
        self.assertRun(run, 2)
        self.assertIn(":.secscan.toml:1:1: [extend] path is not for a "
                      "configuration that is read from a commit", run.err)

    def test_change__settings_alone_keep_the_builtin_rules(self):
        run = self.range_of_base('[settings]\nprofile = "block"\n')
        self.assertRun(run, 0)
        self.assertEqual(run.summary()["coverage"]["profile"], "block")
        self.assertEqual(self.range_of_base("[extend]\nuseDefault = true\n")
                         .code, 0)

    def test_change__a_link_is_not_followed(self):
        run = self.range_of_base(None, link=True)
        self.assertRun(run, 2)
        self.assertIn("cannot be read: it is not a file", run.err)

    def test_change__what_is_large_or_missing_stops_the_scan(self):
        run = self.range_of_base(RULE + "#" * (1 << 20))
        self.assertRun(run, 2)
        self.assertIn("cannot be read: it is too large", run.err)
        self.range_of_base(RULE)
        blob = self.read_from.git("rev-parse", "HEAD~1:.secscan.toml")
        os.remove(os.path.join(self.read_from.path, ".git", "objects",
                               blob[:2], blob[2:]))
        run = self.scan("--range", "HEAD~1..HEAD", repo=self.read_from)
        self.assertRun(run, 2)
        self.assertIn("cannot be read: the repository has its name", run.err)


if __name__ == "__main__":
    harness.main()

"""The command line: options, exit codes, streams, signals, terminals."""

import os
import pty
import select
import signal
import subprocess
import time

import harness

TOKEN = 'GITHUB_TOKEN="ghp_{base62:30}{crc32}"\n'
RULE = "github-pat-classic"


def own_rule(word):
    """A rule file that finds `word` and eight digits."""
    return ('[[rules]]\nid = "own-%s"\ndescription = "Own %s"\n'
            'category = "token"\nseverity = "high"\nevidence = "pattern"\n'
            'regex = \'\'\'%s-[0-9]{8}\'\'\'\n'
            'match = ["%s-{digits:8}"]\nreject = ["%s-1"]\n'
            % (word, word, word, word, word))


class CommandLineTest(harness.Case):
    def token(self):
        return harness.expand(TOKEN)

    # ---- options

    def test_cli__version_and_help(self):
        run = self.secscan("--version")
        self.assertRun(run, 0)
        self.assertRegex(run.out, r"^secscan \d+\.\d+\.\d+\n"
                         r"\d+ rules, version [0-9a-f]{16}\n$")
        run = self.secscan("--help")
        self.assertRun(run, 0)
        self.assertIn("--show-secrets", run.out)
        self.assertLessEqual(max(map(len, run.out.splitlines())), 80)

    def test_cli__a_wrong_option_names_the_nearest(self):
        for wrong, right in [("--histroy", "--history"), ("--stage", "--staged"),
                             ("--show-secret", "--show-secrets"),
                             ("--formt=json", "--format")]:
            run = self.secscan(wrong)
            self.assertRun(run, 2)
            self.assertIn("did you mean %s?" % right, run.err)
            self.assertEqual(run.out, "")

    def test_cli__an_option_that_is_near_nothing_is_only_unknown(self):
        run = self.secscan("--frobnicate-everything")
        self.assertRun(run, 2)
        self.assertNotIn("did you mean", run.err)

    def test_cli__wrong_usage_is_exit_2(self):
        for args in (["--format"], ["--format", "xml"], ["--threads", "many"],
                     ["--max-file-size", "10X"], ["--quiet=1"], ["-z"],
                     ["--history", "--staged"], ["--history", "a", "b"],
                     ["--stdin", "a"], ["no-such-file"], ["rules"],
                     ["rules", "shw", "x"], ["rules", "show", "no-such-rule"],
                     ["--rules", "no-such-file"], ["--threads", "257"],
                     ["--output", "", "."], ["--name", "x", "."],
                     ["--no-gitignore", "--history"],
                     ["--follow-symlinks", "--stdin"],
                     ["--gate-unreachable", "."]):
            run = self.secscan(*args)
            self.assertRun(run, 2)
            self.assertTrue(run.err.startswith(("secscan: ", "usage: ")),
                            repr(run))

    def test_cli__what_cannot_be_printed_is_said(self):
        for args in (["--help"], ["--version"], ["rules", "list"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([harness.BIN, *args], stdout=full,
                                      stderr=subprocess.PIPE, timeout=60,
                                      env=self.environment())
            self.assertEqual(done.returncode, 4)
            self.assertIn(b"standard output cannot be written", done.stderr)

    def test_cli__bench_scripts_take_no_option_for_a_path(self):
        for name in ("history", "history-all", "history-table",
                     "make-history", "oracle", "same-findings", "staged",
                     "tree"):
            script = os.path.join(harness.ROOT, "bench", name)
            done = subprocess.run([script, "--help"], cwd=self.dir, timeout=60,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(name.encode(), done.stderr.split(b":")[0])
            self.assertEqual(os.listdir(self.dir), [], name)

    def test_cli__two_dashes_end_the_options(self):
        self.write("--version", self.token())
        run = self.secscan("--format", "jsonl", "--", "--version")
        self.assertRun(run, 1)

    def test_cli__letters_and_equals_signs(self):
        self.write("a", self.token())
        for args in (["-fjsonl", "-j1", "-q"], ["-qf", "jsonl"],
                     ["--format=jsonl"]):
            run = self.secscan(*args, ".")
            self.assertRun(run, 1)
            self.assertEqual(run.findings()[0]["rule"], RULE)

    # ---- what is scanned

    def test_cli__a_clean_tree_is_0(self):
        self.write("a.py", "print('hello')\n")
        run = self.secscan(".")
        self.assertRun(run, 0)
        self.assertIn("PASSED: no secrets, complete, exit 0", run.out)
        self.assertEqual(run.err, "")

    def test_cli__quiet_and_clean_says_nothing(self):
        self.write("a.py", "print('hello')\n")
        run = self.secscan("--quiet", ".")
        self.assertRun(run, 0)
        self.assertEqual((run.out, run.err), ("", ""))

    def test_cli__a_secret_is_1(self):
        self.write("src/a.env", "x\n" + self.token())
        run = self.secscan()
        self.assertRun(run, 1)
        self.assertIn("src/a.env:2:15\n", run.out)
        self.assertIn('    GITHUB_TOKEN="ghp_********"\n', run.out)
        self.assertIn("^^^^^^^^^^^^ 40 chars\n", run.out)

    def test_cli__exit_zero(self):
        self.write("a", self.token())
        self.assertRun(self.secscan("--exit-zero", "."), 0)

    def test_cli__stdin(self):
        for args in (["--stdin"], ["-"]):
            run = self.secscan("--format", "jsonl", *args, stdin=self.token())
            self.assertRun(run, 1)
            self.assertIsNone(run.findings()[0]["path"])

    def test_cli__stdin_has_a_name(self):
        run = self.secscan("--stdin", "--name", "a/b.env", stdin=self.token())
        self.assertRun(run, 1)
        self.assertIn("a/b.env:1:15\n", run.out)

    def test_cli__max_file_size_is_noted(self):
        self.write("a", self.token() + "x" * 3000)
        run = self.secscan("--max-file-size", "2k", ".")
        self.assertRun(run, 0)
        self.assertIn("1 too-large", run.out)

    def test_cli__what_cannot_be_read_is_3(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        os.chmod(self.write("a", self.token()), 0)
        run = self.secscan(".")
        self.assertRun(run, 3)
        self.assertIn("INCOMPLETE", run.out)

    def test_cli__max_file_size_is_for_histories_too(self):
        repo = self.repo()
        repo.commit("x", {"a": self.token() + "x" * 3000})
        self.assertRun(self.secscan("--history", repo.path), 1)
        run = self.secscan("--history", "--max-file-size", "2k", repo.path)
        self.assertIn(" too-large", run.out)

    def test_cli__a_repository_that_is_none_is_3(self):
        run = self.secscan("--history", ".")
        self.assertRun(run, 3)
        self.assertEqual(run.out, "")
        self.assertIn("no git repository", run.err)
        run = self.secscan("--history", "-f", "json", ".")
        self.assertRun(run, 3)
        self.assertIs(run.json()["complete"], False)

    # ---- rules

    def test_cli__rules_list_and_show(self):
        run = self.secscan("rules", "list")
        self.assertRun(run, 0)
        self.assertRegex(run.out, r"(?m)^%s +critical +token +\S" % RULE)
        run = self.secscan("rules", "show", RULE)
        self.assertRun(run, 0)
        self.assertIn("severity    critical\n", run.out)

    def test_cli__rule_files_stand_alone_and_are_joined(self):
        first = self.write("rules/first.toml", own_rule("first"))
        second = self.write("rules/second.toml", own_rule("second"))
        self.write("x/a", self.token() + "first-%d\nsecond-%d\n"
                   % (90417263, 81650234))
        run = self.secscan("-f", "jsonl", "--rules", first, "x")
        self.assertEqual([f["rule"] for f in run.findings()], ["own-first"])
        run = self.secscan("-f", "jsonl", "--rules", first, "--config", second,
                           "x")
        self.assertEqual([f["rule"] for f in run.findings()],
                         ["own-first", "own-second"])

    def test_cli__a_rule_file_is_checked(self):
        good = self.write("good.toml", own_rule("good"))
        run = self.secscan("rules", "check", good)
        self.assertRun(run, 0)
        self.assertIn("1 rule, no mistakes", run.out)
        bad = self.write("bad.toml", own_rule("good").replace(
            "severity", "severty"))
        run = self.secscan("rules", "check", bad)
        self.assertRun(run, 2)
        self.assertIn("bad.toml:5:", run.err)

    def test_cli__the_examples_of_rules_are_run(self):
        good = self.write("good.toml", own_rule("good"))
        self.assertRun(self.secscan("rules", "test", good), 0)
        bad = self.write("bad.toml", own_rule("good").replace(
            '"good-1"', '"good-{digits:8}"'))
        run = self.secscan("rules", "test", bad)
        self.assertRun(run, 1)
        self.assertIn("found, but should not be", run.out)

    # ---- output

    def test_cli__output_is_whole_or_not_at_all(self):
        self.write("x/a", self.token())
        run = self.secscan("--output", "r.json", "-f", "json", "x")
        self.assertRun(run, 1)
        self.assertEqual(run.out, "")
        with open(self.path("r.json"), encoding="utf-8") as file:
            self.assertIn('"exit_code":1', file.read())
        self.assertEqual(sorted(os.listdir(self.dir)), ["r.json", "x"])

    def test_cli__a_failed_run_leaves_the_old_report(self):
        path = self.write("r.json", "old")
        run = self.secscan("--output", "r.json", "--rules", "none.toml")
        self.assertRun(run, 2)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.assertEqual(os.listdir(self.dir), ["r.json"])

    def test_cli__an_output_that_cannot_be_written_is_2(self):
        self.assertRun(self.secscan("--output", "no/such/dir/x", "."), 2)

    def test_cli__shown_secrets_are_for_their_owner(self):
        self.write("x/a", self.token())
        self.secscan("--output", "r", "--show-secrets", "x")
        self.assertEqual(os.stat(self.path("r")).st_mode & 0o777, 0o600)

    def test_cli__a_full_disk_is_4(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        self.write("a", self.token())
        run = self.secscan("--output", "/dev/full", ".")
        self.assertRun(run, 4)
        self.assertIn("cannot be written", run.err)

    def test_cli__a_reader_that_goes_away_is_no_crash(self):
        self.write("a", self.token() * 2000)
        for form in ("text", "json", "jsonl", "sarif"):
            process = subprocess.Popen([harness.BIN, "-f", form, "."],
                                       cwd=self.dir, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE,
                                       env=self.environment())
            process.stdout.read(1)
            process.stdout.close()
            err = process.stderr.read()
            process.stderr.close()
            self.assertEqual((process.wait(harness.TIMEOUT), err), (1, b""))

    # ---- signals

    def test_cli__an_interrupt_reports_what_was_found(self):
        token = self.token().encode()
        process = subprocess.Popen([harness.BIN, "--stdin"],
                                   stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE,
                                   env=self.environment())
        process.stdin.write(token + b"x\n" * 4000000)
        process.stdin.flush()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"ghp_********", out)
        self.assertIn(b"INTERRUPTED", out)
        self.assertIn(b"secscan: interrupted", err)

    # ---- terminals

    def on_terminal(self, *args, env=None):
        """What a terminal gets to see."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [harness.BIN, *args], cwd=self.dir, stdin=slave, stdout=slave,
            stderr=slave, env=self.environment(dict({"TERM": "xterm"},
                                                    **(env or {}))))
        os.close(slave)
        shown = b""
        while select.select([master], [], [], harness.TIMEOUT)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(master)
        process.wait(harness.TIMEOUT)
        return shown.decode()

    def test_cli__colours_are_for_terminals(self):
        self.write("a", self.token())
        self.assertIn("\x1b[1;31mghp_********\x1b[0m", self.on_terminal("."))
        for args, env in ((["--no-color"], {}), ([], {"NO_COLOR": "1"}),
                          ([], {"TERM": "dumb"})):
            self.assertNotIn("\x1b", self.on_terminal(*args, ".", env=env))
        self.assertNotIn("\x1b", self.secscan(".").out)

    def test_cli__a_narrow_terminal_is_not_overrun(self):
        self.write("a", "x" * 200 + " " + self.token().rstrip() + "y" * 200)
        shown = self.on_terminal("--no-color", ".", env={"COLUMNS": "60"})
        self.assertLessEqual(max(map(len, shown.splitlines())), 60, shown)

    def test_cli__prose_fits_30_columns(self):
        self.write("a", self.token())
        shown = self.on_terminal("--no-color", ".", env={"COLUMNS": "30"})
        prose = shown[shown.index("  next "):].splitlines()
        self.assertGreater(len(prose), 3)
        self.assertLessEqual(max(map(len, prose[:-1])), 30, shown)

    def test_cli__without_utf8_the_report_is_ascii(self):
        self.write("caf\u00e9", self.token())
        run = self.secscan(".", env={"LC_ALL": "C"})
        self.assertTrue(run.out.isascii(), run.out)
        self.assertIn("caf\\u{e9}:1:15", run.out)
        self.assertIn("caf\u00e9:1:15", self.secscan(".").out)


if __name__ == "__main__":
    harness.main()

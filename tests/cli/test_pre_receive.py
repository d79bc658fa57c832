"""test_pre_receive.py: a push arrives: git's quarantine, over a file URL and over
a loopback daemon; push options; what a deadline leaves."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import unittest

import harness
from push_case import PushCase, secret, value

FOUND = "remote: secscan: push BLOCKED: 1 secret would be published"


class PreReceiveTest(PushCase):
    def setUp(self):
        super().setUp()
        self.install("pre-receive", repo=self.bare)
        self.work.commit("one", {"a": "x\n"})
        self.bare.git("config", "receive.advertisePushOptions", "true")

    def wrap(self, options, env=""):
        """The hook again, with options of the operator's."""
        path = os.path.join(self.bare.path, "hooks", "pre-receive")
        os.unlink(path)
        self.script(path, "%s exec '%s' --pre-receive --profile block %s\n"
                    % (env, harness.BIN, options))

    def fingerprint(self, run):
        return re.search(r"secscan allow (s1:[0-9a-f]{24})", run.err).group(1)

    def audit(self):
        path = os.path.join(self.bare.path, "secscan", "audit.jsonl")
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_receive__clean_push_is_one_line(self):
        run = self.push("origin", "main")
        self.assertRun(run, 0)
        self.assertRegex(run.err, r"^remote: secscan: 1 commit, 1 file, \d+ "
                                  r"bytes: no secrets")
        self.assertEqual(len(run.err.strip().splitlines()), 1)

    def test_receive__secret_is_turned_away_and_the_pusher_sees_why(self):
        self.push("origin", "main")
        before = self.refs()
        added = self.work.commit("two", {"s.py": secret(1)})
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn(FOUND, run.err)
        self.assertIn("remote:   s.py:1:10", run.err)
        self.assertIn("added    %s" % added[:7], run.err)
        self.assertIn("pre-receive hook declined", run.err)
        self.assertNotIn(value(secret(1)), run.err)
        self.assertEqual(self.refs(), before)
        done = self.run_git(self.bare, "cat-file", "-e", added)
        self.assertNotEqual(done.code, 0)

    def test_receive__configuration_counts_when_it_is_in(self):
        loose = '[settings]\nprofile = "report"\nexit-zero = true\n'
        self.wrap("")
        path = os.path.join(self.bare.path, "hooks", "pre-receive")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("--profile block", "")
        self.script(path, text.split("\n", 1)[1])
        self.assertRun(self.push("origin", "main"), 0)
        self.work.commit("both", {".secscan.toml": loose, "s.py": secret(1)})
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn(FOUND, run.err)
        self.work.git("reset", "-q", "--hard", "HEAD~1")
        self.work.commit("loose", {".secscan.toml": loose})
        self.assertRun(self.push("origin", "main"), 0)
        self.work.commit("secret", {"s.py": secret(1)})
        self.assertRun(self.push("origin", "main"), 0)

    def test_receive__large_push_comes_as_a_pack(self):
        """Over receive.unpackLimit: a pack in the quarantine, not loose."""
        files = {"f%d" % i: "%d\n" % i for i in range(150)}
        self.work.commit("many", dict(files, **{"s.py": secret(1)}))
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn(FOUND, run.err)

    def test_receive__thin_pack_is_built_on_what_is_there(self):
        self.bare.git("config", "receive.unpackLimit", "1")
        text = "".join("line %d of a long file\n" % i for i in range(500))
        self.work.commit("long", {"long": text})
        self.assertRun(self.push("origin", "main"), 0)
        self.work.commit("longer", {"long": text + secret(1)})
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("long:501:10", run.err)

    def test_receive__what_is_there_already_does_not_stop_another_branch(self):
        self.work.commit("two", {"s.py": secret(1)})
        os.rename(os.path.join(self.bare.path, "hooks/pre-receive"),
                  self.path("aside"))
        self.push("origin", "main")
        os.rename(self.path("aside"),
                  os.path.join(self.bare.path, "hooks/pre-receive"))
        self.work.git("checkout", "-q", "-b", "feature")
        self.work.commit("three", {"b": "y\n"})
        run = self.push("origin", "feature")
        self.assertRun(run, 0)
        self.assertIn("1 commit, 1 file", run.err)

    def test_receive__added_and_removed_again_is_turned_away(self):
        added = self.work.commit("two", {"s.py": secret(1)})
        removed = self.work.commit("three", {"s.py": None})
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("removed  %s  does not help: this push still publishes %s"
                      % (removed[:7], added[:7]), run.err)

    def test_receive__tags_blobs_and_trees(self):
        self.push("origin", "main")
        blob = self.work.git("hash-object", "-w", "--stdin",
                             stdin=secret(1).encode())
        tree = self.work.git("mktree", stdin=(
            "100644 blob %s\tin.py\n" % blob).encode())
        self.work.git("tag", "-a", "-m", secret(2), "v1")
        for what in (blob + ":refs/tags/b", tree + ":refs/tags/t", "v1"):
            run = self.push("origin", what)
            self.assertNotEqual(run.code, 0)
            self.assertIn(FOUND, run.err)

    def test_receive__forced_and_deleted(self):
        self.push("origin", "main", "main:other")
        self.work.write("a", "other\n")
        self.work.git("commit", "-q", "-a", "--amend", "--no-verify", "-m", "x")
        self.assertRun(self.push("--force", "origin", "main", ":other"), 0)
        self.assertEqual(list(self.refs()), ["refs/heads/main"])
        self.work.write("a", secret(1))
        self.work.git("commit", "-q", "-a", "--amend", "--no-verify", "-m", "x")
        self.assertNotEqual(self.push("--force", "origin", "main").code, 0)

    def test_receive__several_pushers(self):
        self.push("origin", "main")
        clones = []
        for i in range(3):
            clone = self.bare.clone(self.path("clone%d" % i))
            clone.git("checkout", "-q", "-b", "b%d" % i)
            clone.commit("mine", {"f%d" % i: secret(i) if i == 1 else "x\n"})
            clones.append(clone)
        running = [subprocess.Popen(
            ["git", "push", "-q", "origin", "HEAD"], cwd=c.path, env=c.env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for c in clones]
        codes = [p.wait(harness.TIMEOUT) for p in running]
        self.assertEqual([code == 0 for code in codes], [True, False, True])
        self.assertEqual(sorted(self.refs()),
                         ["refs/heads/b0", "refs/heads/b2", "refs/heads/main"])

    def test_receive__into_a_repository_with_alternates(self):
        self.push("origin", "main")
        fork = self.path("fork.git")
        self.bare.git("clone", "-q", "--bare", "--shared", self.bare.path, fork)
        fork = harness.Repo(fork, self.bare.env, bare=True)
        self.install("pre-receive", repo=fork)
        self.work.commit("two", {"s.py": secret(1)})
        run = self.push("file://" + fork.path, "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn(FOUND, run.err)

    def test_receive__objects_of_several_directories(self):
        """As git names them; a path with a colon is quoted."""
        added = self.work.commit("two", {"s.py": secret(1)})
        apart = self.path("a:b \\")
        shutil.move(os.path.join(self.work.path, ".git/objects"), apart)
        line = "%s %s refs/heads/main\n" % ("0" * 40, added)
        quoted = '/nowhere:"%s":' % apart.replace("\\", "\\\\")
        run = self.secscan("--pre-receive", cwd=self.bare.path, stdin=line,
                           env={"GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted})
        self.assertRun(run, 1)
        run = self.secscan("--pre-receive", cwd=self.bare.path, stdin=line,
                           env={"GIT_OBJECT_DIRECTORY": apart})
        self.assertRun(run, 1)
        run = self.secscan("--pre-receive", cwd=self.bare.path, stdin=line)
        self.assertRun(run, 3)

    def test_receive__no_lines_is_wrong_usage(self):
        run = self.secscan("--pre-receive", cwd=self.bare.path)
        self.assertRun(run, 2)
        self.assertIn("no refs on standard input", run.err)

    def test_receive__old_value_that_is_lost_is_incomplete(self):
        self.push("origin", "main")
        run = self.secscan("--pre-receive", cwd=self.bare.path,
                           stdin="%s %s refs/heads/main\n" % (
                               "1" * 40, self.refs()["refs/heads/main"]))
        self.assertRun(run, 3)
        self.assertIn("refs/heads/main is at 1111", run.err)

    def test_receive__damaged_store_turns_away(self):
        self.push("origin", "main")
        blob = self.bare.git("rev-parse", "main:a")
        path = os.path.join(self.bare.path, "objects", blob[:2], blob[2:])
        os.chmod(path, 0o644)
        with open(path, "wb") as file:
            file.write(b"damage")
        tree = self.bare.git("rev-parse", "main^{tree}")
        os.unlink(os.path.join(self.bare.path, "objects", tree[:2], tree[2:]))
        run = self.secscan("--pre-receive", cwd=self.bare.path,
                           stdin="%s %s refs/heads/other\n" % (
                               "0" * 40, self.work.commit("x")))
        self.assertRun(run, 3)

    @unittest.skipUnless(os.path.exists(os.path.join(
        subprocess.run(["git", "--exec-path"], stdout=subprocess.PIPE,
                       text=True, check=False).stdout.strip(), "git-daemon")),
        "no git daemon")
    def test_receive__over_a_daemon(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        daemon = subprocess.Popen(
            ["git", "daemon", "--reuseaddr", "--export-all",
             "--enable=receive-pack", "--listen=127.0.0.1", "--port=%d" % port,
             "--base-path=" + self.dir, self.bare.path],
            env=self.bare.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(daemon.wait, harness.TIMEOUT)
        self.addCleanup(os.killpg, daemon.pid, 15)
        url = "git://127.0.0.1:%d/remote.git" % port
        for _ in range(100):
            if self.run_git(self.work, "ls-remote", url).code == 0:
                break
            time.sleep(0.05)
        self.work.git("remote", "add", "net", url)
        self.assertRun(self.push("net", "main"), 0)
        self.work.commit("two", {"s.py": secret(1)})
        run = self.push("net", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn(FOUND, run.err)
        run = self.push("-o", "secscan.skip=%s:known, revoked"
                        % self.fingerprint(run), "net", "main")
        self.assertRun(run, 0)
        self.assertEqual(self.refs()["refs/heads/main"],
                         self.work.git("rev-parse", "main"))

    # ---- push options ----

    def test_option__lets_one_finding_through_on_the_record(self):
        added = self.work.commit("two", {"s.py": secret(1)})
        run = self.push("origin", "main")
        id = self.fingerprint(run)
        self.assertIn('git push -o "secscan.skip=%s:reason"' % id, run.err)
        run = self.push("-o", "secscan.skip=%s:a test value" % id, "origin",
                        "main", env={"GL_USERNAME": "ada"})
        self.assertRun(run, 0)
        self.assertIn("skipped, and recorded", run.err)
        self.assertIn("1 suppressed", run.err)
        entry = self.audit()[0]
        self.assertEqual(entry["event"], "pre-receive")
        self.assertEqual(entry["who"], "ada")
        self.assertEqual(entry["findings"][0]["reason"], "a test value")
        self.assertEqual(entry["findings"][0]["fingerprint"], id)
        self.assertEqual(entry["refs"][0]["new"], added)

    def test_option__for_one_leaves_the_other(self):
        self.work.commit("two", {"s.py": secret(1)})
        id = self.fingerprint(self.push("origin", "main"))
        self.work.commit("three", {"t.py": secret(2)})
        run = self.push("-o", "secscan.skip=%s:x" % id[:15], "origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn(FOUND, run.err)
        self.assertIn("t.py:1:10", run.err)
        self.assertNotIn("remote:   s.py:1:10", run.err)

    def test_option__without_a_reason_is_turned_away(self):
        for option in ("secscan.skip=s1:0123456789ab", "secscan.skip=all:x",
                       "secscan.skip=s1:0123456789ab: ", "secscan.skip=",
                       "secscan.skip=s1:0123:short"):
            run = self.push("-o", option, "origin", "main")
            self.assertNotEqual(run.code, 0)
            self.assertIn("takes ID:reason", run.err)

    def test_option__that_meets_nothing_is_told(self):
        run = self.push("-o", "secscan.skip=s1:0123456789ab:x", "origin",
                        "main")
        self.assertRun(run, 0)
        self.assertIn("nothing that would stop this push has that id", run.err)

    def test_option__of_others_is_not_ours(self):
        self.assertRun(self.push("-o", "ci.skip", "origin", "main"), 0)

    def test_option__category_may_be_closed(self):
        self.wrap("--skippable-categories generic,password")
        self.work.commit("two", {"s.py": secret(1)})
        run = self.push("origin", "main")
        option = "secscan.skip=%s:x" % self.fingerprint(run)
        run = self.push("-o", option, "origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("of the category token, which may not be skipped here",
                      run.err)
        self.wrap("--skippable-categories none")
        self.assertNotEqual(self.push("-o", option, "origin", "main").code, 0)
        self.wrap("--skippable-categories generic,token")
        self.assertRun(self.push("-o", option, "origin", "main"), 0)

    def test_option__unknown_category_is_wrong_usage(self):
        self.wrap("--skippable-categories generic,tokens")
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("not tokens", run.err)

    def test_option__reason_of_the_pushers_shell_does_not_count(self):
        self.wrap("", env="SECSCAN_SKIP=please")
        self.work.commit("two", {"s.py": secret(1)})
        self.assertNotEqual(self.push("origin", "main").code, 0)

    def test_option__is_recorded_where_the_operator_says(self):
        self.wrap("--audit '%s'" % self.path("audit"))
        self.work.commit("two", {"s.py": secret(1)})
        id = self.fingerprint(self.push("origin", "main"))
        self.assertRun(self.push("-o", "secscan.skip=%s:x" % id, "origin",
                                 "main"), 0)
        with open(self.path("audit"), encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 1)

    # ---- a deadline ----

    def many(self, n):
        for i in range(n):
            self.work.commit("c%d" % i, {"f%d" % j: "%d of %d\n" % (i, j)
                                         for j in range(40)})

    def test_deadline__closed_turns_away(self):
        self.many(4)
        self.wrap("--deadline 1ms")
        run = self.push("origin", "main")
        if run.code == 0:
            self.skipTest("all was read within a millisecond")
        self.assertIn("push BLOCKED: not everything could be read", run.err)
        self.assertIn("deadline", run.err)
        self.assertEqual(self.refs(), {})

    def test_deadline__open_lets_through_and_lists_the_rest(self):
        self.work.commit("old", {"s.py": secret(1)})
        self.many(4)
        self.wrap("--deadline 1ms --deadline-open --deadline-list '%s'"
                  % self.path("list"))
        run = self.push("origin", "main")
        if not os.path.exists(self.path("list")):
            self.skipTest("all was read within a millisecond")
        self.assertRun(run, 0)
        self.assertIn("left by the deadline", run.err)
        self.assertIn("no secrets in what was read", run.err)
        run = self.secscan("--work-list", self.path("list"), "--format",
                           "jsonl", self.bare.path)
        self.assertRun(run, 1)
        self.assertEqual([f["path"] for f in run.findings()], ["s.py"])

    def test_deadline__long_enough_changes_nothing(self):
        self.work.commit("two", {"s.py": secret(1)})
        self.wrap("--deadline 60s --deadline-open")
        self.assertIn(FOUND, self.push("origin", "main").err)


class WorkListTest(PushCase):
    def setUp(self):
        super().setUp()
        self.one = self.work.commit("one", {"a": secret(1)})
        self.two = self.work.commit("two", {"b": secret(2)})
        self.three = self.work.commit("three", {"c": secret(3)})

    def scan(self, text):
        return self.secscan("--work-list", self.write("list", text),
                            "--format", "jsonl", self.work.path)

    def test_list__scans_those_commits_and_no_others(self):
        run = self.scan("# comment\n%s\n\n%s\n" % (self.three, self.one))
        self.assertRun(run, 1)
        self.assertEqual(sorted(f["commit"] for f in run.findings()),
                         sorted([self.one, self.three]))

    def test_list__what_is_no_list_is_wrong_usage(self):
        for text in ("", "# none\n", "main\n", self.one[:39] + "\n"):
            self.assertRun(self.scan(text), 2)
        run = self.secscan("--work-list", self.path("none"), self.work.path)
        self.assertRun(run, 2)

    def test_list__commit_that_is_not_here_is_incomplete(self):
        self.assertRun(self.scan("1" * 40 + "\n"), 3)

    def test_deadline__of_a_range_writes_one(self):
        for i in range(6):
            self.work.commit("c", {"f%d" % j: "%d %d\n" % (i, j)
                                   for j in range(40)})
        run = self.secscan("--range", "HEAD", "--deadline", "1ms",
                           "--deadline-list", self.path("left"), "--format",
                           "jsonl", self.work.path)
        if not os.path.exists(self.path("left")):
            self.skipTest("all was read within a millisecond")
        with open(self.path("left"), encoding="utf-8") as file:
            left = [line.strip() for line in file][1:]
        log = self.work.git("log", "--format=%H").splitlines()
        self.assertEqual(left, log[-len(left):])
        self.assertIn("deadline", {o["reason"] for o in run.jsonl()
                                   if o["type"] == "skip"})
        self.assertFalse(run.summary()["complete"])

    def test_timeout__ends_and_says_what_was_covered(self):
        for i in range(4):
            self.work.commit("c", {"f%d" % j: ("%d %d\n" % (i, j)) * 20000
                                   for j in range(30)})
        for mode in (["--history"], ["--range", "HEAD"], []):
            run = self.secscan(*mode, "--timeout", "1ms", self.work.path)
            if "timed out" not in run.err:
                continue
            self.assertIn(run.code, (1, 3))
            self.assertIn("not everything was read", run.out)
            break
        else:
            self.skipTest("all was read within a millisecond")

    def test_timeout__of_standard_input_that_does_not_come(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        done = subprocess.run([harness.BIN, "--stdin", "--timeout", "200ms"],
                              stdin=reader, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=harness.TIMEOUT,
                              env=self.environment())
        os.close(reader)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"timed out after 200 ms", done.stderr)

    def test_time__is_read_strictly(self):
        for text in ("", "0", "5x", "-1", "1h", "s", "99999999999s"):
            run = self.secscan("--timeout", text, self.work.path)
            self.assertRun(run, 2)
            self.assertIn("--timeout takes a time", run.err)

    def test_options__that_would_do_nothing_are_refused(self):
        for args in (["--deadline", "5s"], ["--history", "--deadline", "5s"],
                     ["--deadline-open"], ["--audit", "x"], ["--force"],
                     ["--range", "HEAD", "--deadline", "1s", "--deadline-open",
                      "--deadline-closed"],
                     ["--pre-push", "--skippable-categories", "none"],
                     ["--history", "--format", "hook"],
                     ["--pre-push", "a", "b", "c"], ["--pre-receive", "a"]):
            run = self.secscan(*args, cwd=self.work.path)
            self.assertRun(run, 2)


if __name__ == "__main__":
    harness.main()

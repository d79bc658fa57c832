"""What decides the exit code: --gate-*, --new-only, --exit-code, acknowledged skips,
and a signal in every mode."""

import os
import signal
import subprocess
import time
import unittest

import git_case
import harness
from git_case import token


def line(seed):
    return "key = %s\n" % token(seed)


class GateOptionsTest(git_case.GitCase):
    def setUp(self):
        super().setUp()
        self.write("tree/a.txt", line(1))

    def tree(self, *args):
        return self.secscan("--rules", self.rules, "--format", "jsonl", *args,
                            "tree")

    def test_gates__severity_below_only_reports(self):
        run = self.tree("--gate-severity", "critical")
        self.assertRun(run, 0)
        self.assertEqual([f["gates"] for f in run.findings()], [False])
        self.assertRun(self.tree("--gate-severity", "high"), 1)

    def test_gates__evidence_below_only_reports(self):
        run = self.tree("--gate-evidence", "checksum")
        self.assertRun(run, 0)
        self.assertEqual(len(run.findings()), 1)
        self.assertRun(self.tree("--gate-evidence", "pattern"), 1)

    def test_gates__a_word_that_there_is_not_names_those_there_are(self):
        run = self.tree("--gate-severity", "huge")
        self.assertRun(run, 2)
        self.assertIn("--gate-severity takes one of: info, low, medium, high, "
                      "critical", run.err)

    def test_gates__exit_code_is_that_of_findings_alone(self):
        run = self.tree("--exit-code", "17")
        self.assertRun(run, 17)
        self.assertEqual(run.summary()["exit_code"], 17)
        self.write("tree/a.txt", "nothing\n")
        self.assertRun(self.tree("--exit-code", "17"), 0)

    def test_gates__exit_code_zero_is_exit_zero(self):
        self.assertRun(self.tree("--exit-code", "0"), 0)

    def test_gates__exit_code_may_not_say_something_else(self):
        for code in ("2", "3", "4", "130", "256", "x"):
            self.assertRun(self.tree("--exit-code", code), 2)
        self.assertRun(self.tree("--exit-code", "9", "--exit-zero"), 2)

    def test_gates__options_that_a_mode_would_ignore_are_refused(self):
        for args in (["--gate-ref", "main"], ["--new-only"],
                     ["--history", "--new-only"]):
            self.assertRun(self.tree(*args), 2)


class GateRefTest(git_case.GitCase):
    """main has 1; side, from there, adds 2; other adds 3."""

    def setUp(self):
        super().setUp()
        self.repo_ = self.repo()
        self.first = self.repo_.commit("one", {"a.txt": line(1)})
        self.repo_.git("checkout", "-q", "-b", "side")
        self.repo_.commit("two", {"b.txt": line(2)})
        self.repo_.git("checkout", "-q", "-b", "other", "main")
        self.repo_.commit("three", {"c.txt": line(3)})

    def gating(self, *args):
        run = self.history(self.repo_, *args)
        self.all = sorted(str(f["path"]) for f in run.findings())
        self.code = run.code
        self.last = run
        return sorted(str(f["path"]) for f in run.findings() if f["gates"])

    def test_gate_ref__only_what_it_reaches_gates(self):
        self.assertEqual(self.gating("--gate-ref", "side"), ["a.txt", "b.txt"])
        self.assertEqual(self.all, ["a.txt", "b.txt", "c.txt"])
        self.assertEqual(self.code, 1)

    def test_gate_ref__a_range_gates_what_it_introduces(self):
        self.assertEqual(self.gating("--gate-ref", "main..side"), ["b.txt"])

    def test_gate_ref__nothing_gates_is_exit_0(self):
        self.assertEqual(self.gating("--gate-ref", "side..main"), [])
        self.assertEqual(self.code, 0)
        self.assertEqual(len(self.all), 3)

    def test_gate_ref__new_only_leaves_the_rest_out_and_counts_it(self):
        self.gating("--gate-ref", "main..side", "--new-only")
        self.assertEqual(self.all, ["b.txt"])
        self.assertEqual(self.last.summary()["coverage"]["unlisted"], 2)

    def test_gate_ref__a_tag_reaches_its_own_message(self):
        self.repo_.git("tag", "-a", "-m", "release " + token(4), "v1", "main")
        self.gating("--gate-ref", "v1")
        sources = {f["source"] for f in self.last.findings() if f["gates"]}
        self.assertEqual(sources, {"blob", "tag-message"})
        self.gating("--gate-ref", "main")
        sources = {f["source"] for f in self.last.findings() if f["gates"]}
        self.assertEqual(sources, {"blob"})

    def test_gate_ref__a_name_that_does_not_exist_is_wrong_usage(self):
        self.gating("--gate-ref", "nowhere")
        self.assertEqual(self.code, 2)

    def test_gate_ref__a_submodule_is_another_repositorys(self):
        inner = self.repo("inner")
        inner.commit("inner", {"deep.txt": line(5)})
        self.repo_.git("-c", "protocol.file.allow=always", "submodule", "add",
                       "-q", inner.path, "sub")
        self.repo_.commit("with a submodule")
        gating = self.gating("--gate-ref", "other")
        self.assertIn("sub/deep.txt", self.all)
        self.assertEqual(gating, ["a.txt", "c.txt"])

    def test_new_only__a_range_does_not_list_what_was_known(self):
        self.repo_.commit("copy", {"d.txt": line(1)})
        run = self.scan(self.repo_, "--range", "HEAD~1..HEAD")
        self.assertEqual([f["known"] for f in run.findings()], [True])
        run = self.scan(self.repo_, "--range", "HEAD~1..HEAD", "--new-only")
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])
        self.assertEqual(run.summary()["coverage"]["unlisted"], 1)


class AcknowledgeTest(git_case.GitCase):
    def setUp(self):
        super().setUp()
        self.repo_ = self.repo()
        self.repo_.commit("one", {"a.txt": "text\n", "b.txt": "other\n"})
        self.object = self.repo_.git("rev-parse", "HEAD:a.txt")
        path = os.path.join(self.repo_.path, ".git", "objects",
                            self.object[:2], self.object[2:])
        os.chmod(path, 0o644)
        with open(path, "wb") as file:
            file.write(b"broken")

    def acknowledge(self, text):
        return self.history(self.repo_, "--acknowledge",
                            self.write("ack", text))

    def test_acknowledge__a_broken_object_no_longer_is_incomplete(self):
        self.assertRun(self.history(self.repo_), 3)
        run = self.acknowledge("%s until:2999-12-31 # fixture of the parser\n"
                               % self.object)
        self.assertRun(run, 0)
        skip = [o for o in run.jsonl() if o["type"] == "skip"][0]
        self.assertEqual(skip["object"], self.object)
        self.assertFalse(skip["incomplete"])
        self.assertEqual(skip["detail"], "acknowledged until 2999-12-31: "
                                         "fixture of the parser")
        self.assertIn({"reason": "acknowledged", "count": 1,
                       "incomplete": False},
                      run.summary()["coverage"]["skips"])

    def test_acknowledge__the_text_report_counts_it(self):
        ack = self.write("ack", "%s until:2999-12-31 # why\n" % self.object)
        run = self.secscan("--rules", self.rules, "--history", "--acknowledge",
                           ack, self.repo_.path)
        self.assertRun(run, 0)
        self.assertIn("left out  1 acknowledged", run.out)

    def test_acknowledge__ends_on_its_day(self):
        run = self.acknowledge("%s until:2020-01-01 # why\n" % self.object)
        self.assertRun(run, 3)
        self.assertIn("was acknowledged until 2020-01-01, which is over: why",
                      run.out)

    def test_acknowledge__another_object_does_not_help(self):
        run = self.acknowledge("%s until:2999-12-31 # why\n" % ("0" * 39 + "1"))
        self.assertRun(run, 3)

    def test_acknowledge__a_wrong_line_scans_nothing(self):
        run = self.acknowledge("# fine\n%s forever\n" % self.object)
        self.assertRun(run, 2)
        self.assertIn("ack:2:42: the id is followed by until:YYYY-MM-DD",
                      run.err)
        self.assertEqual(run.out, "")

    def test_acknowledge__a_file_that_is_not_there_is_wrong_usage(self):
        run = self.history(self.repo_, "--acknowledge", "nowhere")
        self.assertRun(run, 2)
        self.assertIn("nowhere", run.err)


def catches_interrupts(pid):
    """Whether a process has a handler for SIGINT by now."""
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for row in file:
            if row.startswith("SigCgt:"):
                return int(row.split()[1], 16) >> (signal.SIGINT - 1) & 1
    return 0


@unittest.skipUnless(os.path.exists("/proc/self/status"), "no /proc")
class InterruptTest(git_case.GitCase):
    """SIGINT ends every mode with 130 and a report that says so; what stdin had
    found by then is in test_cli.py."""

    def setUp(self):
        super().setUp()
        self.repo_ = self.repo()
        body = b"".join(b"%d %x\n" % (i, i * 2654435761)
                        for i in range(200000))
        for i in range(6):
            self.repo_.write("f%d.txt" % i, b"%d\n" % i + body)
        self.repo_.git("add", ".")

    def check_interrupted(self, *args):
        process = subprocess.Popen(
            [harness.BIN, "--rules", self.rules, "-j1", *args,
             self.repo_.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment())
        end = time.monotonic() + harness.TIMEOUT
        while not catches_interrupts(process.pid):
            self.assertLess(time.monotonic(), end)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"secscan: interrupted", err)
        self.assertIn(b"INTERRUPTED", out)
        self.assertIn(b"exit 130", out)

    def test_interrupt__trees(self):
        self.check_interrupted()

    def test_interrupt__the_index(self):
        self.check_interrupted("--staged")

    def test_interrupt__ranges_and_histories(self):
        self.repo_.commit("big")
        self.check_interrupted("--branch", "main")
        self.check_interrupted("--history")


if __name__ == "__main__":
    harness.main()

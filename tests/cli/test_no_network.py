"""test_no_network.py: no scan ever talks to anybody. The program runs where there
is no network, and asks the kernel for none: strace sees no call about sockets."""

import io
import shutil
import subprocess
import zipfile

import harness

TOKEN = "TOKEN=ghp_{base62:30}{crc32}\n"
# Of repositories: places that a less careful program would go and look at.
ELSEWHERE = "https://git.example.com/ada/shop.git"


class NoNetworkTest(harness.Case):
    def setUp(self):
        super().setUp()
        for program in ("strace", "unshare"):
            if not shutil.which(program):
                self.fail("%s is missing; script/bootstrap --test installs it"
                          % program)
        self.repository = self.repo()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.env", harness.expand(TOKEN, 2))
        self.repository.add("a.env", harness.expand(TOKEN, 1))
        self.repository.add("packed.zip", packed.getvalue())
        self.repository.add(".gitmodules", '[submodule "lib"]\n\tpath = lib\n'
                              "\turl = %s\n" % ELSEWHERE)
        self.repository.commit("x")
        self.repository.git("remote", "add", "origin", ELSEWHERE)
        self.repository.git("config", "remote.origin.promisor", "true")

    def commands(self):
        repo = self.repository.path
        return {
            "tree": [repo],
            "history": ["--history", repo],
            "range": ["--range", "HEAD", repo],
            "staged": ["--staged", repo],
            "push": ["--pre-push", "origin", ELSEWHERE],
        }

    def run_under(self, wrapper, arguments):
        head = self.repository.git("rev-parse", "HEAD").strip()
        push = "refs/heads/main %s refs/heads/main %s\n" % (head, "0" * 40)
        return subprocess.run(
            wrapper + [harness.BIN, "--format", "jsonl"] + arguments,
            cwd=self.repository.path, env=self.environment(),
            input=push.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=harness.TIMEOUT)

    def test_no_network__gives_the_same_findings(self):
        for name, arguments in self.commands().items():
            with self.subTest(name):
                here = self.run_under([], arguments)
                away = self.run_under(["unshare", "--map-root-user", "--net"],
                                      arguments)
                self.assertEqual(away.stderr, here.stderr)
                self.assertEqual(away.stdout, here.stdout)
                self.assertEqual(away.returncode, here.returncode)
                self.assertIn(b'"finding"' if name != "staged" else b"",
                              here.stdout)

    def test_no_network__no_call_about_sockets_is_made(self):
        log = self.path("calls")
        watch = ["strace", "-f", "-qq", "-e", "trace=%network", "-e",
                 "signal=none", "-o", log]
        for name, arguments in self.commands().items():
            with self.subTest(name):
                done = self.run_under(watch, arguments)
                self.assertEqual(done.returncode, int(name != "staged"))
                with open(log) as file:
                    self.assertEqual(file.read(), "")

    def test_no_network__strace_would_see_a_call(self):
        log = self.path("calls")
        subprocess.run(["strace", "-f", "-qq", "-e", "trace=%network", "-o",
                        log, "python3", "-c",
                        "import socket; socket.socket()"], check=True)
        with open(log) as file:
            self.assertIn("socket(", file.read())


if __name__ == "__main__":
    harness.main()

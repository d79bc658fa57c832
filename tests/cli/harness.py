"""harness.py: what every CLI test stands on: real processes, real repositories.

    class SomethingTest(harness.Case):
        def test_something__is_said(self):
            self.write("a.env", harness.expand('TOKEN="ghp_{base62:30}{crc32}"'))
            run = self.secscan("--format", "jsonl", ".")
            self.assertEqual(run.code, 1)
            self.assertEqual(run.findings()[0]["rule"], "github-pat-classic")

Each test has a directory of its own (self.dir), which is also its HOME. Programs are
found through the environment, which tests/cli/CMakeLists.txt sets: SECSCAN_BIN,
and SECSCAN_EXPAND, which turns the templates of patterns/ into credentials, so that
none has to stand in the tests.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.environ.get("SECSCAN_BIN",
                     os.path.join(ROOT, "build", "dev", "cli", "secscan"))
EXPAND = os.environ.get("SECSCAN_EXPAND",
                        os.path.join(ROOT, "build", "dev", "tests", "tools",
                                     "secscan-expand"))
SCHEMAS = os.path.join(ROOT, "..", "shared", "schemas")
TIMEOUT = 120  # seconds; a test that hangs fails

# 2026-11-21T10:00:00+01:00; each commit of a repository is a minute later.
FIRST_TIME = 1795251600


def expand(template, seed=1):
    """The text of a template (docs/rules.md), the same in every run."""
    return subprocess.run([EXPAND, str(seed)], input=template.encode(),
                          stdout=subprocess.PIPE, check=True,
                          timeout=TIMEOUT).stdout.decode()


class Run:
    """What a program did: its exit code and its two outputs, as text."""

    def __init__(self, done):
        self.code = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    def json(self):
        return json.loads(self.out)

    def jsonl(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def findings(self):
        """The findings of --format jsonl or json."""
        if self.out.startswith('{"schema_version"'):
            return self.json()["findings"]
        return [o for o in self.jsonl() if o["type"] == "finding"]

    def summary(self):
        return self.jsonl()[-1]

    def __repr__(self):
        return "exit %d\n--- stdout\n%s\n--- stderr\n%s" % (
            self.code, self.out, self.err)


class Case(unittest.TestCase):
    longMessage = True
    maxDiff = None

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="secscan-test-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, content):
        """A file below the test's directory; text or bytes. Its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogateescape")
        with open(path, "wb") as file:
            file.write(content)
        return path

    def environment(self, extra=None):
        keep = ("PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                "LSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE")
        env = {name: os.environ[name] for name in keep if name in os.environ}
        env.update(HOME=self.dir, LC_ALL="C.UTF-8", TZ="UTC")
        env.update(extra or {})
        return env

    def secscan(self, *args, cwd=None, stdin=b"", env=None, timeout=TIMEOUT):
        """Run secscan in the test's directory (or `cwd`)."""
        if isinstance(stdin, str):
            stdin = stdin.encode("utf-8", "surrogateescape")
        done = subprocess.run([BIN, *args], cwd=cwd or self.dir, input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=self.environment(env), timeout=timeout)
        return Run(done)

    def repo(self, name="repo", bare=False):
        return Repo(self.path(name), self.environment(), bare)

    def assertRun(self, run, code):
        self.assertEqual(run.code, code, repr(run))


class Repo:
    """A git repository: fixed identities, fixed dates, no configuration of the
    machine it is made on."""

    def __init__(self, path, env, bare=False):
        self.path = path
        self.time = FIRST_TIME
        self.env = dict(env, GIT_CONFIG_NOSYSTEM="1",
                        GIT_CONFIG_GLOBAL=os.devnull,
                        GIT_TERMINAL_PROMPT="0",
                        GIT_AUTHOR_NAME="Ada Author",
                        GIT_AUTHOR_EMAIL="ada@example.com",
                        GIT_COMMITTER_NAME="Carl Committer",
                        GIT_COMMITTER_EMAIL="carl@example.com")
        os.makedirs(path, exist_ok=True)
        if not os.path.exists(os.path.join(path, ".git")):
            self.git("init", "-q", "-b", "main", *(["--bare"] if bare else []))

    def git(self, *args, stdin=b"", env=None):
        """Run git; its standard output without the last line end."""
        date = "%d +0100" % self.time
        done = subprocess.run(
            ["git", *args], cwd=self.path, input=stdin, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT,
            env=dict(self.env, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date,
                     **(env or {})))
        if done.returncode:
            raise AssertionError("git %s: %s" % (" ".join(args),
                                                 done.stderr.decode()))
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, name, content):
        """A file of the work tree; text or bytes."""
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogateescape")
        with open(path, "wb") as file:
            file.write(content)
        return path

    def add(self, name, content):
        """Write and stage."""
        self.write(name, content)
        self.git("add", "-f", "--", name)

    def commit(self, message="change", files=None, author=None):
        """Commit `files` (name to content, None removes) and what is staged;
        the commit's id. `author` is "Name <email>"."""
        for name, content in (files or {}).items():
            if content is None:
                self.git("rm", "-q", "--", name)
            else:
                self.add(name, content)
        self.time += 60
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-F", "-",
                 *(["--author=" + author] if author else []),
                 stdin=message.encode("utf-8", "surrogateescape"))
        return self.git("rev-parse", "HEAD")

    def clone(self, path, *args):
        """A clone at `path`, through the file transport."""
        self.git("clone", "-q", *args, "file://" + self.path, path)
        return Repo(path, self.env)


def main():
    unittest.main(verbosity=1)

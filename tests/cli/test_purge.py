"""test_purge.py: `secscan purge-list`, with the real git-filter-repo: what it has
rewritten holds no secret any more (docs/remediation.md)."""

import os
import shutil
import stat
import subprocess
import sys
import unittest

import harness

TOKEN = "ghp_{base62:30}{crc32}"
# Values with signs that mean something to whoever reads the list.
SIGNS = "x9$R.(*==>K]q{7\\"
# Few rules, and not the built-in ones: sanitizers make compiling those slow.
RULE = r"""[[rules]]
id = "token"
description = "A token"
regex = 'ghp_[0-9A-Za-z]{36}'
keywords = ["ghp_"]
[[rules]]
id = "key"
description = "A private key"
regex = '-----BEGIN RSA PRIVATE KEY-----[A-Za-z0-9+/=\s]{200,400}-----END RSA PRIVATE KEY-----'
keywords = ["-----begin"]
[[rules]]
id = "signs"
description = "What stands behind pw:"
regex = 'pw:([!-~]{4,60})'
keywords = ["pw:"]
severity = "high"
"""


def find_filter_repo():
    """The program, or its module: Debian and PyPI have it."""
    program = shutil.which("git-filter-repo")
    if program:
        return [program]
    done = subprocess.run([sys.executable, "-c", "import git_filter_repo"],
                          stderr=subprocess.DEVNULL, check=False)
    return [sys.executable, "-m", "git_filter_repo"] if not done.returncode \
        else None


FILTER_REPO = find_filter_repo()


class PurgeTest(harness.Case):
    def setUp(self):
        super().setUp()
        self.config = self.write("rules.toml", RULE)

    def list_of(self, repo, code=0):
        run = self.secscan("purge-list", "-c", self.config, repo.path,
                           "--output", "list")
        self.assertRun(run, code)
        with open(self.path("list"), "rb") as file:
            return file.read(), run

    def rewrite(self, repo):
        path = self.path("list")
        subprocess.run([*FILTER_REPO, "--force", "--replace-text", path,
                        "--replace-message", path], cwd=repo.path, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=repo.env, timeout=harness.TIMEOUT)

    def repo_with_all_kinds(self):
        """Values that need care: one in another one, of several lines, with
        signs that mean something, in a message, at the end of a file."""
        repo = self.repo()
        token = harness.expand(TOKEN)
        repo.commit("Use %s" % token, {
            "a.env": "GITHUB_TOKEN=%s\n" % token,
            "b.py": "pw:%s\n" % SIGNS})
        repo.commit("Long", {"c.py": "pw:%s-and-Z3w\n" % SIGNS})
        repo.commit("Key", {"key.pem": harness.expand(
            "-----BEGIN RSA PRIVATE KEY-----\\n"
            "{base64:64}\\n{base64:64}\\n{base64:64}\\n{base64:64}\\n"
            "-----END RSA PRIVATE KEY-----\\n").replace("\\n", "\n")})
        repo.commit("Remove", {"a.env": None, "c.py": None})
        return repo

    def test_purge__the_list_is_its_owners_alone(self):
        repo = self.repo_with_all_kinds()
        text, run = self.list_of(repo)
        mode = os.stat(self.path("list")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertIn(b"literal:" + harness.expand(TOKEN).encode() +
                      b"==>***REMOVED***\n", text)
        self.assertEqual(run.out, "")
        self.assertIn("values to replace", run.err)
        self.assertIn("--replace-message", run.err)

    def test_purge__longer_values_come_first(self):
        repo = self.repo_with_all_kinds()
        text, _ = self.list_of(repo)
        long, short = (text.index(v) for v in (
            SIGNS.encode() + b"-and-Z3w==>", SIGNS.encode() + b"==>***"))
        self.assertLess(long, short)

    def test_purge__short_values_are_words_only(self):
        repo = self.repo()
        repo.commit("x", {"a": "pw:q7Zk3\n"})
        self.assertEqual(self.list_of(repo)[0],
                         b"regex:(?<![0-9A-Za-z_])q7Zk3(?![0-9A-Za-z_])"
                         b"==>***REMOVED***\n")

    def test_purge__needs_a_file(self):
        repo = self.repo()
        for args in ([], ["-o", "-"], ["-o", "x", "-f", "json"],
                     ["-o", "x", "--staged"], ["-o", "x", "a", "b"]):
            run = self.secscan("purge-list", *args, cwd=repo.path)
            self.assertRun(run, 2)
            self.assertFalse(os.path.exists(os.path.join(repo.path, "x")))

    def test_purge__an_incomplete_history_is_said(self):
        repo = self.repo_with_all_kinds()
        clone = repo.clone(self.path("clone"), "--depth=1")
        self.list_of(clone, code=3)

    @unittest.skipUnless(FILTER_REPO, "no git-filter-repo")
    def test_purge__after_the_rewrite_the_history_is_clean(self):
        repo = self.repo_with_all_kinds()
        before = self.secscan("--history", "-c", self.config, "-f", "jsonl",
                              repo.path)
        self.assertRun(before, 1)
        self.assertGreaterEqual(len(before.findings()), 4, repr(before))
        self.list_of(repo)
        self.rewrite(repo)
        after = self.secscan("--history", "-c", self.config, repo.path)
        self.assertRun(after, 0)
        self.assertEqual(repo.git("show", "HEAD:b.py"),
                         "pw:***REMOVED***")


if __name__ == "__main__":
    harness.main()

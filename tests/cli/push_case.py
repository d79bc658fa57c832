"""push_case.py: what the tests of hooks share: a work repository, a bare remote,
and `git push` as people run it."""

import os
import subprocess

import harness


def secret(seed):
    """A line with a credential whose checksum is right: one for each seed."""
    return harness.expand('TOKEN = "ghp_{base62:30}{crc32}"\n', seed)


def value(line):
    return line.split('"')[1]


class PushCase(harness.Case):
    def setUp(self):
        super().setUp()
        self.bare = self.repo("remote.git", bare=True)
        self.work = self.repo("work")
        self.work.git("remote", "add", "origin", "file://" + self.bare.path)

    def run_git(self, repo, *args, env=None, stdin=b""):
        """git, which may fail."""
        done = subprocess.run(["git", *args], cwd=repo.path, input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=dict(repo.env, **(env or {})),
                              timeout=harness.TIMEOUT)
        return harness.Run(done)

    def push(self, *args, env=None, repo=None):
        return self.run_git(repo or self.work, "push", "-q", *args, env=env)

    def hook(self, *args, repo=None, env=None):
        """secscan hook ..., in a repository."""
        repo = repo or self.work
        return self.secscan("hook", *args, cwd=repo.path,
                            env=dict(repo.env, **(env or {})))

    def install(self, name, repo=None):
        self.assertRun(self.hook("install", name, repo=repo), 0)

    def refs(self, repo=None):
        """What the remote has: names and ids."""
        repo = repo or self.bare
        lines = repo.git("for-each-ref", "--format=%(refname) %(objectname)")
        return dict(line.split() for line in lines.splitlines())

    def script(self, path, text):
        """An executable sh file."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        return path

"""conftest.py: what the tests share: secrets that are made at run time, and
repositories that hold them."""

import os
import random
import subprocess
import zlib

import pytest

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
pytest_plugins = ["pytester"]

# What looks for our leaks (sanitized.py) is not for the programs that are run.
os.environ.pop("LD_PRELOAD", None)


def base62(number, width):
    text = ""
    while number:
        number, digit = divmod(number, 62)
        text = DIGITS[digit] + text
    return text.rjust(width, "0")


def token(seed=0):
    """A GitHub token with the right checksum, another for each seed."""
    body = "".join(random.Random(seed).choices(DIGITS, k=30))
    return "ghp_" + body + base62(zlib.crc32(body.encode()), 6)


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """Neither the user's configuration nor his cache has a say."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in list(os.environ):
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER", "XDG_")):
            monkeypatch.delenv(name)
    return folder


class Repository:
    def __init__(self, path):
        self.path = path
        path.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *args):
        done = subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org",
             *args], cwd=self.path, text=True, check=True,
            stdout=subprocess.PIPE)
        return done.stdout.strip()

    def commit(self, files, message="a change"):
        for name, text in files.items():
            (self.path / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")

"""container_test.py: the Dockerfile, step by step and word for word, where there is
no registry to build it from: the first stage in a copy of the sources on this
machine, the second in a new Debian; then its ENTRYPOINT as its USER, without a
network, over a repository that belongs to somebody else.

Needs root, or user namespaces, and Debian's packages.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "install"))
from prefix import run, token  # noqa: E402
from sources import copy_sources  # noqa: E402

PEOPLE = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]


def stages():
    """The instructions of each stage: (word, rest)."""
    with open(os.path.join(ROOT, "Dockerfile")) as file:
        text = re.sub(r"^#.*\n", "", file.read(), flags=re.M)
    found = []
    for row in filter(None, re.sub(r"\\\n", " ", text).splitlines()):
        word, rest = row.split(None, 1)
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def image(instructions, build):
    """The lines of a script that makes the image; $1 is its root."""
    lines = []
    for word, rest in instructions:
        if word == "RUN":
            lines.append('chroot "$1" /bin/sh -c %s' % shlex.quote(rest))
        elif word == "COPY":
            source, to = re.fullmatch(r"--from=build /build/(\S+) (\S+)",
                                      rest).groups()
            lines += ['mkdir -p "$1"%s' % os.path.dirname(to),
                      'cp -R %s "$1"%s' % (os.path.join(build, source) + (
                          "." if source.endswith("/") else ""), to)]
    return lines


def start(instructions):
    """What `docker run --network none` does with it; $1 is its root."""
    last = dict(instructions)
    command = "cd %s && exec %s --format jsonl --history" % (
        last["WORKDIR"], shlex.join(json.loads(last["ENTRYPOINT"])))
    return ('unshare --net chroot --userspec=%s "$1" /bin/sh -c %s '
            '>report 2>errors || echo $? >code' % (last["USER"],
                                                   shlex.quote(command)))


def commit(folder):
    """A repository with a token in its history."""
    run(["git", "init", "-q", folder])
    for text in ("TOKEN=%s\n" % token(), "clean\n"):
        with open(os.path.join(folder, "a.env"), "w") as file:
            file.write(text)
        run(["git", "-C", folder, "add", "."])
        run(["git", "-C", folder, *PEOPLE, "commit", "-q", "-m", "x"])


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="secscan-container-")
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.results = os.path.join(folder, "results")
        os.mkdir(cls.results)
        build = os.path.join(folder, "build")
        copy_sources(build)
        first, second = stages()
        for word, rest in first:
            if word == "RUN":
                run(["/bin/sh", "-c", rest], cwd=build)
        repository = os.path.join(folder, "repository")
        commit(repository)
        script = os.path.join(folder, "script")
        with open(script, "w") as file:
            file.write("\n".join([
                "set -eu", "cd %s" % cls.results, *image(second, build),
                'cp -R %s "$1%s"' % (repository, dict(second)["WORKDIR"]),
                start(second), 'chroot "$1" dpkg-query -W >packages', ""]))
        run(["mmdebstrap", "--variant=minbase",
             "--customize-hook=sh %s \"$1\"" % script, "bookworm", "/dev/null"])

    def read(self, name):
        with open(os.path.join(self.results, name)) as file:
            return file.read()

    def test_it_finds_a_secret_in_a_history(self):
        self.assertEqual(self.read("errors"), "")
        self.assertEqual(self.read("code"), "1\n")
        found = [f for f in map(json.loads, self.read("report").splitlines())
                 if f["type"] == "finding"]
        self.assertEqual([f["path"] for f in found], ["a.env"])

    def test_nothing_is_in_it_that_builds(self):
        names = {row.split("\t")[0].split(":")[0]
                 for row in self.read("packages").splitlines()}
        self.assertIn("libhyperscan5", names)
        self.assertEqual([name for name in names if re.search(
            r"-dev$|^gcc-\d+$|^cmake|^git$|^python", name)], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)

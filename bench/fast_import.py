"""fast_import.py: commits, written as a stream for `git fast-import`.

Dates and people are fixed, so the same calls make the same commits.
"""

import os
import subprocess

FIRST_DATE = 1500000000
STEP = 600  # seconds from one commit to the next
SKEW = 7 * 24 * 3600
PEOPLE = ("Ada", "Grace", "Edsger", "Barbara", "Donald")
TOPIC = "refs/heads/topic"


def git(repository, *arguments):
    environment = dict(os.environ, GIT_CONFIG_GLOBAL=os.devnull,
                       GIT_CONFIG_NOSYSTEM="1")
    return subprocess.run(
        ["git", "-C", repository, "-c", "gc.auto=0", "-c", "pack.threads=1"]
        + list(arguments), env=environment, check=True, text=True,
        stdout=subprocess.PIPE).stdout


class Import:
    """A new bare repository, being filled."""

    def __init__(self, repository, skewed=False):
        os.makedirs(repository)
        git(repository, "init", "--quiet", "--bare", "--initial-branch=main")
        self.repository = repository
        self.process = subprocess.Popen(
            ["git", "-C", repository, "-c", "core.compression=1",
             "fast-import", "--quiet", "--force"], stdin=subprocess.PIPE)
        self.out = self.process.stdin
        self.skewed = skewed
        self.n = 0
        self.n_commits = 0

    def mark(self):
        self.n += 1
        return b":%d" % self.n

    def data(self, data):
        self.out.write(b"data %d\n" % len(data))
        self.out.write(data)
        self.out.write(b"\n")

    def blob(self, data):
        mark = self.mark()
        self.out.write(b"blob\nmark %s\n" % mark)
        self.data(data)
        return mark

    def person(self, role):
        late = SKEW if self.skewed and self.n_commits % 7 == 6 else 0
        name = PEOPLE[self.n_commits % len(PEOPLE)]
        return b"%s %s Bench <%s@example.com> %d +0000\n" % (
            role, name.encode(), name.lower().encode(),
            FIRST_DATE + self.n_commits * STEP - late)

    def commit(self, ref, message, files, parents):
        """A commit of `files` (path to blob mark, or None) on the first of
        `parents`; its mark."""
        mark = self.mark()
        self.out.write(b"commit %s\nmark %s\n" % (ref.encode(), mark))
        self.out.write(self.person(b"author") + self.person(b"committer"))
        self.data(message.encode())
        for i, parent in enumerate(parents):
            self.out.write(b"%s %s\n" % (b"merge" if i else b"from", parent))
        for path, blob in files.items():
            name = path.encode("utf-8", "surrogateescape")
            self.out.write(b"D %s\n" % name if blob is None else
                           b"M 100644 %s %s\n" % (blob, name))
        self.out.write(b"\n")
        self.n_commits += 1
        return mark

    def tag(self, name, commit):
        self.out.write(b"tag %s\nfrom %s\n" % (name.encode(), commit))
        self.out.write(self.person(b"tagger"))
        self.data(b"Release " + name.encode())

    def finish(self):
        self.out.close()
        if self.process.wait():
            raise SystemExit("make-history: git fast-import failed")
        refs = git(self.repository, "for-each-ref", TOPIC)
        if refs:
            git(self.repository, "update-ref", "-d", TOPIC)

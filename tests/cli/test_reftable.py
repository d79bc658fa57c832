"""test_reftable.py: repositories that keep refs and logs in reftables say what
they say with files. The tables are written by reftable.py."""

import os
import re
import shutil
import unittest

import harness
import reftable
from git_case import GitCase, token

LINE = re.compile(r"(\w+) (\w+) (.*) <(.*)> (\d+) ([+-]\d+)\t(.*)")


def logs_of(git_dir):
    """(name, update, entry) of all logs that are files."""
    found = []
    top = os.path.join(git_dir, "logs")
    for base, _, names in os.walk(top):
        for name in names:
            path = os.path.join(base, name)
            with open(path, encoding="utf-8") as file:
                for i, line in enumerate(file):
                    old, new, who, mail, time, zone, message = LINE.match(
                        line).groups()
                    found.append((os.path.relpath(path, top), i + 1,
                                  (old, new, who, mail, int(time), int(zone),
                                   message + "\n")))
    return found


class ReftableTest(GitCase):
    def busy(self, is_wide=False):
        """Branches, an annotated tag, a stash, a deleted branch."""
        repo = self.repo()
        if is_wide:
            shutil.rmtree(os.path.join(repo.path, ".git"))
            repo.git("init", "-q", "--object-format=sha256")
            repo.git("symbolic-ref", "HEAD", "refs/heads/main")
        repo.commit("first", {"a": "k %s\n" % token(1)})
        for i in range(40):
            repo.git("branch", "side/%d" % i)
        repo.commit("second", {"b": "k %s\n" % token(2)})
        repo.git("tag", "-a", "-m", "k %s" % token(3), "v1")
        lost = repo.commit("third", {"c": "k %s\n" % token(4)})
        repo.git("reset", "-q", "--hard", "HEAD~1")
        os.remove(os.path.join(repo.path, ".git", "ORIG_HEAD"))
        repo.lost = lost
        return repo

    def refs_of(self, repo):
        refs = {"HEAD": "ref: refs/heads/main"}
        for line in repo.git("for-each-ref", "--format=%(refname) "
                             "%(objectname) %(*objectname)").splitlines():
            name, *ids = line.split()
            refs[name] = ids[0] if len(ids) == 1 else tuple(ids)
        return refs

    def convert(self, repo, *tables):
        """Tables: bytes, the oldest first."""
        git_dir = os.path.join(repo.path, ".git")
        for name in ("refs", "logs"):
            shutil.rmtree(os.path.join(git_dir, name))
        repo.write(".git/HEAD", "ref: refs/heads/.invalid\n")
        repo.write(".git/refs/heads", "this repository uses reftables\n")
        with open(os.path.join(git_dir, "config"), encoding="utf-8") as file:
            config = file.read().replace("repositoryformatversion = 0",
                                         "repositoryformatversion = 1")
        repo.write(".git/config",
                   config + "[extensions]\n\trefstorage = reftable\n")
        self.write_stack(os.path.join(git_dir, "reftable"), *tables)

    def write_stack(self, directory, *tables):
        os.makedirs(directory, exist_ok=True)
        names = ["0x%012x-0x%012x-%08x.ref" % (i, i, i)
                 for i in range(len(tables))]
        for name, table in zip(names, tables):
            with open(os.path.join(directory, name), "wb") as file:
                file.write(table)
        with open(os.path.join(directory, "tables.list"), "w",
                  encoding="ascii") as file:
            file.write("".join(name + "\n" for name in names))

    def check(self, repo, size, hash_size=20):
        expected = self.history(repo)
        self.assertEqual(len(expected.findings()), 4)
        self.convert(repo, reftable.table(
            self.refs_of(repo), logs_of(os.path.join(repo.path, ".git")),
            size=size, hash_size=hash_size))
        run = self.history(repo)
        self.assertEqual(run.findings(), expected.findings(), run.err)
        self.assertEqual(run.summary()["coverage"],
                         expected.summary()["coverage"])
        self.assertEqual({f["reach"] for f in run.findings()},
                         {"ref", "reflog"})
        for name in ("main~1..main", "v1~1..v1", "side/7..main@{0}",
                     "main@{3}..", "@~..@"):
            self.assertEqual(self.paths(self.scan(repo, "--range", name)),
                             ["b"], name)

    def test_reftable__says_what_files_say(self):
        self.check(self.busy(), 4096)

    def test_reftable__many_small_blocks(self):
        self.check(self.busy(), 512)

    def test_reftable__sha256(self):
        self.check(self.busy(is_wide=True), 4096, 32)

    def test_reftable__later_tables_count(self):
        repo = self.busy()
        git_dir = os.path.join(repo.path, ".git")
        refs = self.refs_of(repo)
        logs = logs_of(git_dir)
        gone = dict(refs, **{"refs/heads/kept": repo.lost,
                             "refs/heads/gone": repo.lost})
        self.convert(repo, reftable.table(gone, logs),
                     reftable.table({"refs/heads/gone": None,
                                     "refs/heads/kept": refs["refs/heads/main"]},
                                    [(name, update, None)
                                     for name, update, _ in logs],
                                    low=2, high=2))
        run = self.history(repo)
        self.assertEqual({f["path"]: f["reach"] for f in run.findings()
                          if f["path"]},
                         {"a": "ref", "b": "ref", "c": "unreachable"})
        self.assertRun(self.scan(repo, "--range", "gone~1..gone"), 2)

    def test_reftable__work_trees_have_a_stack_of_their_own(self):
        repo = self.busy()
        linked = self.path("linked")
        repo.git("worktree", "add", "-q", "--detach", linked)
        own = os.path.join(repo.path, ".git", "worktrees", "linked")
        self.convert(repo, reftable.table(self.refs_of(repo), []))
        self.write_stack(os.path.join(own, "reftable"),
                         reftable.table({"HEAD": repo.lost}, []))
        with open(os.path.join(own, "HEAD"), "w", encoding="ascii") as file:
            file.write("ref: refs/heads/.invalid\n")
        for path in (repo.path, linked):
            run = self.history(path)
            self.assertEqual({f["path"]: f["reach"] for f in run.findings()
                              if f["path"]},
                             {"a": "ref", "b": "ref", "c": "ref"})
        run = self.scan(linked, "--range", "main..HEAD")
        self.assertEqual(self.paths(run), ["c"])

    def test_reftable__damage_is_not_green(self):
        repo = self.busy()
        whole = reftable.table(self.refs_of(repo),
                               logs_of(os.path.join(repo.path, ".git")))
        self.convert(repo, whole)
        stack = os.path.join(repo.path, ".git", "reftable")
        for n in (0, 3, 23, 24, 91, 92, len(whole) // 2, len(whole) - 1):
            self.write_stack(stack, whole[:n])
            self.assertRun(self.history(repo), 3)
        for at in (24, 25, 28, 29, len(whole) - 10):
            spoiled = bytearray(whole)
            spoiled[at] ^= 0xff
            self.write_stack(stack, bytes(spoiled))
            run = self.history(repo)
            self.assertNotEqual(run.code, 0, at)
        os.remove(os.path.join(stack, os.listdir(stack)[0]))
        self.write_stack(stack)
        with open(os.path.join(stack, "tables.list"), "w",
                  encoding="ascii") as file:
            file.write("lost.ref\n")
        self.assertRun(self.history(repo), 3)

    def test_reftable__ids_of_another_length_are_refused(self):
        repo = self.busy()
        self.convert(repo, reftable.table({"HEAD": "ref: refs/heads/main"}, [],
                                          hash_size=32))
        self.assertRun(self.history(repo), 3)


if __name__ == "__main__":
    harness.main()

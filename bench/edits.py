"""edits.py: a history in which made-up credentials come, move, go and come back.

For attribution: tokens are added to new and to old files, moved within one and to
another, their files renamed and deleted, and brought back, on branches that are
merged (sometimes with a token that only the merge adds), from two roots, with clocks
that are wrong now and then. Tokens are expanded from templates when it runs: none
stands here. The same seed gives the same commits.
"""

import os
import random
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXPAND = os.environ.get("SECSCAN_EXPAND",
                        os.path.join(ROOT, "build", "dev", "tests", "tools",
                                     "secscan-expand"))
TEMPLATES = ('token = "ghp_{base62:30}{crc32}"',
             "STRIPE_SECRET_KEY=sk_live_{base62:24}",
             "XAI_API_KEY=xai-{base62:80}",
             'together = "tgp_v1_{base62:43}"',
             "mailersend: mlsn.{hex:64}")
BRANCHES = 5


def expand(template, seed):
    return subprocess.run([EXPAND, str(seed)], input=template.encode(),
                          stdout=subprocess.PIPE, check=True).stdout


class Edits:
    """Branches, and what their trees hold: path to a tuple of lines."""

    def __init__(self, out, n_commits, n_tokens, seed):
        self.out, self.n_commits = out, n_commits
        self.random = random.Random(seed)
        self.tokens = [expand(TEMPLATES[i % len(TEMPLATES)], i)
                       for i in range(n_tokens)]
        self.unused = list(self.tokens)
        self.branches = {}  # ref to (tip, tree)

    def line(self):
        return b"value_%d = %d" % (self.random.randrange(1000),
                                   self.random.randrange(10 ** 9))

    def path(self):
        return "%s/module%d.py" % (self.random.choice("abcd"),
                                   self.random.randrange(40))

    def file(self):
        return tuple(self.line() for _ in range(self.random.randrange(5, 400)))

    def insert(self, tree, path, line):
        lines = list(tree.get(path, ()))
        lines.insert(self.random.randrange(len(lines) + 1), line)
        tree[path] = tuple(lines)

    def holding(self, tree):
        """A path and a line of it that is a token; None without one."""
        held = [(path, line) for path in sorted(tree) for line in tree[path]
                if line in self.tokens]
        return self.random.choice(held) if held else None

    def edit(self, tree):
        self.insert(tree, self.random.choice(sorted(tree)), self.line())

    def add_file(self, tree):
        tree[self.path()] = self.file()

    def add_token(self, tree):
        if self.unused:
            self.insert(tree, self.random.choice(sorted(tree) + [self.path()]),
                        self.unused.pop())

    def bring_back(self, tree):
        """Any token that was there once, on this branch or another."""
        used = self.tokens[len(self.unused):]
        if used:
            self.insert(tree, self.path(), self.random.choice(used))

    def move(self, tree):
        held = self.holding(tree)
        if held:
            self.remove(tree, held)
            self.insert(tree, self.random.choice([held[0], self.path()]),
                        held[1])

    def delete(self, tree):
        held = self.holding(tree)
        if held:
            self.remove(tree, held)

    def remove(self, tree, held):
        path, token = held
        tree[path] = tuple(line for line in tree[path] if line != token)

    def rename(self, tree):
        tree[self.path()] = tree.pop(self.random.choice(sorted(tree)))

    def delete_file(self, tree):
        held = self.holding(tree)
        if held and len(tree) > 5:
            del tree[held[0]]

    def change(self, tree):
        """One step; plain edits are the commonest."""
        steps = ([self.edit] * 10 + [self.add_file, self.rename, self.move]
                 + [self.add_token, self.bring_back, self.delete,
                    self.delete_file])
        self.random.choice(steps)(tree)

    def commit(self, ref, tree, message, parents):
        """A commit on `ref`; what changed since its first parent."""
        base = self.branches[parents[0]][1] if parents else {}
        files = {path: None for path in base if path not in tree}
        for path, lines in tree.items():
            if base.get(path) != lines:
                files[path] = self.out.blob(b"\n".join(lines) + b"\n")
        tip = self.out.commit(ref, message, files,
                              [self.branches[parent][0] for parent in parents])
        self.branches[ref] = (tip, tree)

    def merge(self, ours, theirs):
        """Each path from one side or the other, as people resolve it."""
        one, other = self.branches[ours][1], self.branches[theirs][1]
        tree = {}
        for path in sorted(set(one) | set(other)):
            side = self.random.choice((one, other))
            if path in side:
                tree[path] = side[path]
        if self.random.randrange(8) == 0 and tree:
            self.add_token(tree)
        self.commit(ours, tree, "Merge " + theirs, [ours, theirs])

    def root(self, ref):
        tree = {self.path(): self.file() for _ in range(20)}
        self.commit(ref, tree, "Begin " + ref, [])

    def step(self, i):
        refs = sorted(self.branches)
        ref = self.random.choice(refs)
        kind = self.random.randrange(30)
        if kind == 0 and len(refs) < BRANCHES:
            new = "refs/heads/side%d" % i
            tree = dict(self.branches[ref][1])
            self.change(tree)
            self.commit(new, tree, "Begin a branch", [ref])
        elif kind < 3 and len(refs) > 1:
            self.merge(ref, self.random.choice(
                [other for other in refs if other != ref]))
        else:
            tree = dict(self.branches[ref][1])
            self.change(tree)
            self.commit(ref, tree, "Change %d" % i, [ref])

    def run(self):
        self.root("refs/heads/main")
        self.root("refs/heads/other")
        for i in range(self.n_commits):
            self.step(i)

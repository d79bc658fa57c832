"""test_attribution.py: who introduced a secret, on random histories: several roots,
merges of two and three (evil ones too), parallel branches, clocks that go astray,
moves, copies, deletions and returns, moves out of an allowlisted directory, commits
that only a reflog has. What is expected comes from a slow model over git ls-tree and
git cat-file, written from docs/git.md and from nothing else."""

import os
import random

import harness
from git_case import GitCase, token

N_HISTORIES = 32
NAMES = ("a", "b", "d/a", "d/e/b", "a.d/x", "allowed/k", "allowed/d/a", "z/y")


class Model:
    """What git says of a repository, and what follows from the definition."""

    def __init__(self, repo, roots):
        self.repo, self.texts = repo, {}
        log = [line.split() for line in repo.git(
            "log", "--format=%H %ct %P", *roots).splitlines()]
        self.parents = {c[0]: c[2:] for c in log}
        self.time = {c[0]: int(c[1]) for c in log}
        self.paths = {c: self.read_tree(c) for c in self.parents}

    def read_tree(self, commit):
        """Secrets of a commit's tree, each with its paths."""
        held = {}
        for line in self.repo.git("ls-tree", "-r", commit).splitlines():
            info, path = line.split("\t")
            if path.startswith("allowed/"):
                continue
            for secret in self.read_blob(info.split()[2]):
                held.setdefault(secret, set()).add(path)
        return held

    def read_blob(self, blob):
        if blob not in self.texts:
            text = self.repo.git("cat-file", "blob", blob)
            self.texts[blob] = [word for word in text.split()
                                if word.startswith("tok_")]
        return self.texts[blob]

    def order(self):
        """Parents before children, ties by (committer time, id)."""
        order, done = [], set()
        while len(order) < len(self.parents):
            ready = [c for c in self.parents if c not in done and
                     all(p in done for p in self.parents[c])]
            order.append(min(ready, key=lambda c: (self.time[c], c)))
            done.add(order[-1])
        return order

    def reach(self, commits):
        seen, todo = set(), list(commits)
        while todo:
            commit = todo.pop()
            if commit not in seen:
                seen.add(commit)
                todo.extend(self.parents[commit])
        return seen

    def describe(self, order, strong, head):
        """Each secret as it should be told, in no order."""
        out = []
        for secret in {s for held in self.paths.values() for s in held}:
            holders = [c for c in order if secret in self.paths[c]]
            starts = [c for c in holders if not any(
                secret in self.paths[p] for p in self.parents[c])]
            # Those that refs reach come first.
            starts.sort(key=lambda c: c not in strong)
            is_strong = starts[0] in strong
            ends = [c for c in order if secret not in self.paths[c] and
                    self.parents[c] and all(secret in self.paths[p]
                                            for p in self.parents[c])]
            ends.sort(key=lambda c: c not in strong)
            out.append({
                "commit": starts[0], "commits": starts,
                "removed": ends,
                "path": min(self.paths[starts[0]][secret]),
                "n_commits": sum((c in strong) == is_strong
                                 for c in holders),
                "n_paths": len({p for c in holders
                                for p in self.paths[c][secret]}),
                "in_head": secret in self.paths[head],
                "reach": "ref" if is_strong else "reflog"})
        return sorted(out, key=str)


class AttributionTest(GitCase):
    def change(self, chance, files):
        for _ in range(chance.randrange(4)):
            name = chance.choice(NAMES)
            kind = chance.random()
            if kind < 0.25:
                files.pop(name, None)
            elif kind < 0.5 and files:
                old = chance.choice(sorted(files))
                text = files[old]
                if chance.random() < 0.7:
                    del files[old]  # moved, else copied
                files[name] = text
            else:
                files[name] = "%d\n%s\n%s\n" % (
                    chance.randrange(3), token(chance.randrange(8)),
                    token(chance.randrange(8)) if chance.random() < .3 else "")

    def make(self, repo, seed, n=28):
        """Commits with up to three parents; HEAD, some branches, and a log with
        what no branch has."""
        chance, trees, out = random.Random(seed), [], []
        for i in range(n):
            parents = chance.sample(range(max(0, i - 6), i), min(
                i, chance.choice((1, 1, 1, 2, 3))))
            if chance.random() < 0.06:
                parents = []
            files = {}
            for parent in parents:
                files.update(trees[parent])
            self.change(chance, files)
            trees.append(files)
            out.append("commit refs/heads/b%d\nmark :%d\ncommitter C <c@x> %d "
                       "+0000\ndata 2\nm\n" % (
                           i, i + 1, 1600000000 + chance.randrange(30) * 100))
            out.extend("%s :%d\n" % ("merge" if k else "from", p + 1)
                       for k, p in enumerate(parents))
            out.append("deleteall\n")
            out.extend("M 100644 inline %s\ndata %d\n%s\n" % (
                name, len(text), text) for name, text in sorted(files.items()))
        repo.git("fast-import", "--quiet", stdin="".join(out).encode())
        ids = [repo.git("rev-parse", "b%d" % i) for i in range(n)]
        repo.git("symbolic-ref", "HEAD", "refs/heads/b%d" % (n - 1))
        self.forget(repo, chance, ids)
        return ids

    def forget(self, repo, chance, ids):
        """Drop most branches: a log of the last one still names all."""
        keep = set(chance.sample(range(len(ids)), 3)) | {len(ids) - 1}
        repo.git("update-ref", "--stdin", stdin="".join(
            "delete refs/heads/b%d\n" % i for i in range(len(ids))
            if i not in keep).encode())
        logs = os.path.join(repo.path, ".git", "logs", "refs", "heads")
        os.makedirs(logs, exist_ok=True)
        with open(os.path.join(logs, "b%d" % (len(ids) - 1)), "w",
                  encoding="ascii") as file:
            file.writelines("%s %s C <c@x> 1600000000 +0000\tcommit: m\n" % (
                "0" * 40, oid) for oid in ids)

    def expected(self, repo, ids):
        model = Model(repo, ids)
        strong = model.reach(repo.git(
            "for-each-ref", "--format=%(objectname)").split())
        return model.describe(model.order(), strong, ids[-1])

    def told(self, run):
        keys = ("commit", "commits", "removed", "path", "n_commits", "n_paths", "in_head",
                "reach")
        return sorted(({k: f[k] for k in keys} for f in run.findings()
                       if f["commit"]), key=str)

    def test_attribution__random_histories_agree_with_the_definition(self):
        for seed in range(N_HISTORIES):
            with self.subTest(seed=seed):
                repo = self.repo("random%d" % seed)
                ids = self.make(repo, seed)
                wanted = self.expected(repo, ids)
                self.assertGreater(len(wanted), 2)
                run = self.history(repo)
                self.assertEqual(self.told(run), wanted)
                # Trees are read along their deltas, too.
                repo.git("repack", "-adfq", "--depth=50", "--window=50")
                self.assertEqual(self.history(repo, "--threads", "3").
                                 findings(), run.findings())


if __name__ == "__main__":
    harness.main()

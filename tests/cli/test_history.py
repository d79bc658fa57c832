"""test_history.py: secscan --history: what is scanned, and who introduced it."""

import os
import random

import harness
from git_case import RULES, GitCase, token


class HistoryTest(GitCase):
    def one(self, run):
        findings = run.findings()
        self.assertEqual(len(findings), 1, repr(run))
        return findings[0]

    def test_history__introducing_commit_and_counts(self):
        repo = self.repo()
        repo.commit("first", {"a": "nothing\n"})
        added = repo.commit("second", {"src/x.py": "x = %s\n" % token(1)})
        repo.commit("third", {"src/x.py": "# more\nx = %s\n" % token(1)})
        repo.commit("removed", {"src/x.py": None})
        run = self.history(repo)
        self.assertRun(run, 1)
        f = self.one(run)
        self.assertEqual(f["commit"], added)
        self.assertEqual(f["path"], "src/x.py")
        self.assertEqual((f["line_start"], f["column_start"]), (1, 5))
        self.assertEqual(f["author"], "Ada Author")
        self.assertEqual(f["subject"], "second")
        self.assertEqual((f["n_commits"], f["n_paths"]), (2, 1))
        self.assertFalse(f["in_head"])
        self.assertEqual(f["reach"], "ref")
        self.assertEqual(len(f["places"]), 2)
        self.assertTrue(run.summary()["complete"])

    def test_history__agrees_with_git_log_pickaxe(self):
        repo = self.repo()
        repo.commit("base", {"a": "1\n", "d/b": "2\n"})
        for i in range(12):
            name = ["a", "d/b", "d/e/c%d" % (i % 3)][i % 3]
            repo.commit("c%d" % i, {name: "%d\nv = %s\n" % (i, token(i % 8))})
        run = self.history(repo)
        found = {f["commit"] for f in run.findings()}
        self.assertEqual(len(run.findings()), 8)
        for i in range(8):
            log = repo.git("log", "--reverse", "--format=%H",
                           "-S" + token(i)).split()
            self.assertIn(log[0], found)

    def test_history__moves_and_copies_introduce_nothing(self):
        repo = self.repo()
        added = repo.commit("a", {"one": "k %s\n" % token(1)})
        repo.git("mv", "one", "two")
        repo.commit("moved")
        repo.commit("copied", {"three": "other %s\n" % token(1)})
        f = self.one(self.history(repo))
        self.assertEqual(f["commits"], [added])
        self.assertEqual(f["n_paths"], 3)
        self.assertEqual(f["n_commits"], 3)
        self.assertTrue(f["in_head"])

    def test_history__parallel_branches_and_readding_are_all_told(self):
        repo = self.repo()
        repo.commit("base", {"f": "x\n"})
        repo.git("branch", "other")
        one = repo.commit("one", {"f": "k %s\n" % token(1)})
        repo.commit("gone", {"f": "x\n"})
        again = repo.commit("again", {"g": "k %s\n" % token(1)})
        repo.git("checkout", "-q", "other")
        two = repo.commit("two", {"h": "k %s\n" % token(1)})
        f = self.one(self.history(repo))
        self.assertEqual(f["commit"], one)
        self.assertEqual(f["commits"], [one, again, two])

    def test_history__merge_brings_in_nothing_of_its_parents(self):
        repo = self.repo()
        repo.commit("base", {"f": "x\n"})
        repo.git("checkout", "-q", "-b", "side")
        side = repo.commit("side", {"s": "k %s\n" % token(1)})
        repo.git("checkout", "-q", "main")
        repo.commit("main", {"m": "x\n"})
        repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
        self.assertEqual(self.one(self.history(repo))["commits"], [side])

    def test_history__evil_merge_is_an_introduction(self):
        repo = self.repo()
        repo.commit("base", {"f": "x\n"})
        repo.git("checkout", "-q", "-b", "side")
        repo.commit("side", {"s": "y\n"})
        repo.git("checkout", "-q", "main")
        repo.commit("main", {"m": "x\n"})
        repo.git("merge", "-q", "--no-commit", "--no-ff", "side")
        merge = repo.commit("merge", {"evil": "k %s\n" % token(1)})
        self.assertEqual(self.one(self.history(repo))["commit"], merge)

    def test_history__every_kind_of_text_is_scanned(self):
        repo = self.repo()
        message = repo.commit("see %s" % token(1), {"a": "x\n"})
        author = repo.commit("b", author="Ada <%s@example.com>" % token(2))
        repo.git("tag", "-a", "v1", "-m", "tag %s" % token(3))
        repo.git("notes", "add", "-m", "note %s" % token(4))
        repo.git("branch", "x/" + token(5))
        run = self.history(repo)
        kinds = {f["source"]: f for f in run.findings()}
        self.assertEqual(sorted(kinds), ["author", "commit-message", "note",
                                         "ref", "tag-message"])
        self.assertEqual(kinds["commit-message"]["commit"], message)
        self.assertEqual(kinds["author"]["commit"], author)
        self.assertTrue(all(f["gates"] for f in run.findings()))

    def test_history__author_of_many_commits_is_introduced_once(self):
        repo = self.repo()
        who = "Ada <%s@example.com>" % token(1)
        first = repo.commit("a", author=who)
        repo.commit("b", author=who)
        f = self.one(self.history(repo))
        self.assertEqual(f["commits"], [first])
        self.assertEqual(f["n_commits"], 2)

    def test_history__stash_with_untracked_files(self):
        repo = self.repo()
        repo.commit("a", {"a": "x\n", "b": "y\n"})
        repo.add("a", "staged %s\n" % token(1))
        repo.write("b", "changed %s\n" % token(2))
        repo.write("u", "untracked %s\n" % token(3))
        repo.git("stash", "-q", "-u")
        run = self.history(repo)
        self.assertEqual(sorted(self.paths(run)), ["a", "b", "u"])
        self.assertEqual({f["reach"] for f in run.findings()}, {"stash"})

    def test_history__reflog_is_followed_and_labelled(self):
        repo = self.repo()
        repo.commit("a", {"a": "x\n"})
        gone = repo.commit("gone", {"a": "k %s\n" % token(1)})
        repo.git("reset", "-q", "--hard", "HEAD~1")
        os.remove(os.path.join(repo.path, ".git", "ORIG_HEAD"))
        f = self.one(self.history(repo))
        self.assertEqual((f["commit"], f["reach"]), (gone, "reflog"))

    def test_history__unreachable_does_not_gate(self):
        repo = self.repo()
        repo.commit("a", {"a": "x\n"})
        repo.git("hash-object", "-w", "--stdin",
                 stdin=("k %s\n" % token(1)).encode())
        run = self.history(repo)
        self.assertRun(run, 0)
        f = self.one(run)
        self.assertEqual((f["reach"], f["gates"]), ("unreachable", False))

    def test_history__tag_on_a_blob_gates(self):
        repo = self.repo()
        repo.commit("a", {"a": "x\n"})
        blob = repo.git("hash-object", "-w", "--stdin",
                        stdin=("k %s\n" % token(1)).encode())
        repo.git("tag", "-a", "-m", "key", "signing", blob)
        run = self.history(repo)
        self.assertRun(run, 1)
        self.assertEqual(self.one(run)["reach"], "ref")

    def test_history__tag_on_a_tree(self):
        repo = self.repo()
        repo.commit("a", {"a": "x\n"})
        repo.add("d/k", "k %s\n" % token(1))
        tree = repo.git("write-tree")
        repo.git("reset", "-q", "--hard")
        repo.git("tag", "bare", tree)
        f = self.one(self.history(repo))
        self.assertEqual((f["path"], f["reach"]), ("d/k", "ref"))

    def test_history__allowlisted_path_does_not_introduce(self):
        repo = self.repo()
        repo.commit("a", {"allowed/k": "k %s\n" % token(1)})
        run = self.history(repo)
        self.assertRun(run, 0)
        self.assertEqual(run.summary()["coverage"]["suppressed"], 1)
        repo.git("mv", "allowed/k", "k")
        moved = repo.commit("moved")
        f = self.one(self.history(repo))
        self.assertEqual(f["commits"], [moved])
        self.assertEqual(f["n_paths"], 1)

    def test_history__allowlisted_commit_does_not_introduce(self):
        repo = self.repo()
        first = repo.commit("a", {"a": "k %s\n" % token(1)})
        repo.commit("gone", {"a": None})
        self.rules = self.write("more.toml", RULES +
                                "[[allowlists]]\ncommits = ['%s']\n" % first)
        run = self.history(repo)
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])
        again = repo.commit("again", {"b": "k %s\n" % token(1)})
        self.assertEqual(self.one(self.history(repo))["commits"], [again])

    def test_history__rule_about_paths(self):
        repo = self.repo()
        added = repo.commit("a", {"srv/.env": "A=1\n"})
        repo.commit("b", {"srv/.env": None})
        run = self.history(repo)
        self.assertRun(run, 0)
        self.assertEqual(self.found(run), [("test-env", "srv/.env", added)])

    def test_history__same_output_for_threads_and_after_gc(self):
        repo = self.repo()
        for i in range(30):
            repo.commit("c%d" % i, {"d%d/f" % (i % 4):
                                    "%s\n%s\n" % (token(i), token(i % 5))})
        first = self.history(repo, "--threads", "1")
        self.assertEqual(len(first.findings()), 30)
        for threads in ("2", "8"):
            run = self.history(repo, "--threads", threads)
            self.assertEqual(run.out, first.out)
        repo.git("gc", "-q", "--aggressive")
        # gc packs the refs, and the reflogs stay.
        self.assertEqual(self.history(repo).findings(), first.findings())

    def test_history__order_is_of_introduction(self):
        repo = self.repo()
        ids = [repo.commit("c%d" % i, {"z%d" % (9 - i): token(i)})
               for i in range(5)]
        self.assertEqual([f["commit"] for f in
                          self.history(repo).findings()], ids)

    def test_history__many_files_one_secret(self):
        repo = self.repo()
        repo.commit("a", {"f%04d" % i: "%d %s\n" % (i, token(1))
                          for i in range(40)})
        f = self.one(self.history(repo))
        self.assertEqual((f["path"], f["n_paths"]), ("f0000", 40))

    def random_history(self, repo, seed, n):
        """Commits with one to three parents, files that come, change and go."""
        random.seed(seed)
        trees, out = [], []
        for i in range(n):
            parents = random.sample(range(max(0, i - 6), i),
                                    min(i, random.choice([1, 1, 1, 2, 3])))
            if random.random() < 0.06:
                parents = []
            files = {}
            for p in parents:
                files.update(trees[p])
            for _ in range(random.randint(0, 3)):
                name = random.choice(["a", "b", "d/a", "d/e/b", "a.d/x"])
                if random.random() < 0.3:
                    files.pop(name, None)
                else:
                    files[name] = "%d\n%s\n" % (
                        random.randrange(3), token(random.randrange(6)))
            trees.append(files)
            out.append("commit refs/heads/b%d\nmark :%d\n"
                       "committer C <c@x> %d +0000\ndata 2\nm\n" % (
                           i, i + 1, 1600000000 + random.randrange(50) * 100))
            out.extend("%s :%d\n" % ("merge" if k else "from", p + 1)
                       for k, p in enumerate(parents))
            out.append("deleteall\n")
            out.extend("M 100644 inline %s\ndata %d\n%s\n" % (
                name, len(text), text) for name, text in sorted(
                    files.items()))
        repo.git("fast-import", "--quiet", "--export-marks=../marks",
                 stdin="".join(out).encode())

    def held(self, repo, commit):
        """Tokens in a commit's tree, each with its smallest path."""
        found = {}
        for line in repo.git("ls-tree", "-r", commit).splitlines():
            info, path = line.split("\t")
            text = repo.git("cat-file", "blob", info.split()[2])
            found.setdefault(text.split("\n")[1], path)
        return found

    def test_history__trees_are_looked_through_once_and_read_for_a_name(self):
        repo = self.repo()
        repo.commit("all", {"a/b/.env": "nothing", "c/d": "nothing either",
                            "e/f": "nor here"})
        tree = repo.git("rev-parse", "HEAD:c")
        blob = repo.git("rev-parse", "HEAD:e/f")
        path = os.path.join(repo.path, ".git/objects", tree[:2], tree[2:])
        os.chmod(path, 0o644)
        with open(path, "r+b") as file:
            file.truncate(10)
        os.remove(os.path.join(repo.path, ".git/objects", blob[:2], blob[2:]))
        run = self.history(repo)
        self.assertEqual(self.found(run)[0][:2], ("test-env", "a/b/.env"))
        self.assertEqual(
            sorted((o["reason"], o["object"]) for o in run.jsonl()
                   if o["type"] == "skip"),
            sorted([("corrupt", tree), ("missing", blob)]))

    def leading(self, repo, finding):
        """The refs that lead to a finding's introductions, as git tells."""
        refs = set()
        for commit in finding["commits"]:
            refs.update(repo.git("for-each-ref", "--contains", commit,
                                 "--format=%(refname)").splitlines())
        return sorted(refs)

    def test_history__refs_are_those_that_contain_an_introduction(self):
        for seed in range(3):
            repo = self.repo("refs%d" % seed)
            self.random_history(repo, seed, 40)
            for i, commit in enumerate(repo.git(
                    "rev-list", "--all").splitlines()[::5]):
                repo.git("tag", *(["-a", "-m", "x"] if i % 2 else []),
                         "t%d" % i, commit)
            run = self.history(repo)
            self.assertTrue(run.findings())
            for finding in run.findings():
                self.assertEqual(finding["refs"], self.leading(repo, finding))
                self.assertEqual(finding["n_refs"], len(finding["refs"]))

    def test_history__refs_of_a_tags_own_text_and_of_a_tagged_blob(self):
        repo = self.repo()
        repo.commit("clean", {"a": "nothing\n"})
        repo.git("tag", "-a", "-m", "t %s" % token("text"), "inner")
        repo.git("tag", "-a", "-m", "outer", "outer", "inner")
        blob = repo.git("hash-object", "-w", "--stdin",
                        stdin=token("blob").encode())
        repo.git("update-ref", "refs/odd/blob", blob)
        refs = [f["refs"] for f in self.history(repo).findings()]
        self.assertEqual(sorted(refs), [["refs/odd/blob"],
                                        ["refs/tags/inner",
                                         "refs/tags/outer"]])

    def test_history__no_more_than_a_hundred_refs_are_listed(self):
        repo = self.repo()
        commit = repo.commit("it", {"a": token("it") + "\n"})
        repo.git("update-ref", "--stdin", stdin="".join(
            "create refs/x/%03d %s\n" % (i, commit)
            for i in range(130)).encode())
        finding = self.history(repo).findings()[0]
        self.assertEqual(finding["n_refs"], 131)
        self.assertEqual(len(finding["refs"]), 100)
        self.assertRegex(
            self.secscan("--rules", self.rules, "--history", repo.path).out,
            "refs +main, refs/x/000, refs/x/001 and 128 others")

    def test_history__nothing_leads_to_what_is_unreachable(self):
        repo = self.repo()
        repo.commit("clean", {"a": "nothing\n"})
        repo.git("hash-object", "-w", "--stdin",
                 stdin=token("blob").encode())
        finding = self.history(repo).findings()[0]
        self.assertEqual((finding["refs"], finding["n_refs"]), ([], 0))

    def defined(self, repo):
        """Introductions as docs/git.md defines them, by brute force."""
        log = [line.split() for line in repo.git(
            "log", "--all", "--format=%H %ct %P").splitlines()]
        parents = {c[0]: c[2:] for c in log}
        time = {c[0]: int(c[1]) for c in log}
        held = {c: self.held(repo, c) for c in parents}
        order, done = [], set()
        while len(order) < len(parents):
            ready = [c for c in parents if c not in done and
                     all(p in done for p in parents[c])]
            order.append(min(ready, key=lambda c: (time[c], c)))
            done.add(order[-1])
        secrets = {}
        for c in order:
            for secret, path in held[c].items():
                entry = secrets.setdefault(secret, {"commits": [], "n": 0})
                entry["n"] += 1
                if not any(secret in held[p] for p in parents[c]):
                    entry["commits"].append(c)
                    entry.setdefault("path", path)
        return sorted((e["commits"], e["path"], e["n"])
                      for e in secrets.values())

    def test_history__random_histories_agree_with_the_definition(self):
        for seed in range(4):
            repo = self.repo("random%d" % seed)
            self.random_history(repo, seed, 40)
            run = self.history(repo)
            self.assertEqual(
                sorted((f["commits"], f["path"], f["n_commits"])
                       for f in run.findings()), self.defined(repo), seed)

    def test_range__random_ranges_agree_with_the_history(self):
        repo = self.repo("random")
        self.random_history(repo, 9, 40)
        everything = self.history(repo).findings()
        for a, b in ((3, 39), (20, 38), (30, 39), (10, 12), (5, 35)):
            text = "b%d..b%d" % (a, b)
            inside = set(repo.git("log", "--format=%H", text).split())
            want = sorted(
                [c for c in f["commits"] if c in inside]
                for f in everything if inside.intersection(f["commits"]))
            found = self.scan(repo, "--range", text).findings()
            self.assertEqual(sorted(f["commits"] for f in found
                                    if not f["known"]), want, text)
            self.assertEqual(sorted(sorted(f["commits"]) for f in found
                                    if f["known"]),
                             self.repeated(repo, inside), text)

    def places(self, repo, commit):
        """(token, path) of all files of a commit."""
        return {(repo.git("cat-file", "blob", line.split()[2]).split("\n")[1],
                 line.split("\t")[1])
                for line in repo.git("ls-tree", "-r", commit).splitlines()}

    def repeated(self, repo, inside):
        """Commits that put a secret at a path where no parent has it, of each
        secret that no commit of the range introduces."""
        new, again = set(), {}
        for c in inside:
            parents = [self.places(repo, p) for p in repo.git(
                "log", "-1", "--format=%P", c).split()]
            before = set().union(*parents)
            for secret, path in self.places(repo, c) - before:
                if secret in {s for s, _ in before}:
                    again.setdefault(secret, set()).add(c)
                else:
                    new.add(secret)
        return sorted(sorted(commits) for secret, commits in again.items()
                      if secret not in new)

    def test_history__symlink_target_is_scanned(self):
        repo = self.repo()
        os.symlink("/srv/x=" + token(1), os.path.join(repo.path, "link"))
        repo.git("add", "link")
        repo.commit("a")
        self.assertEqual(self.one(self.history(repo))["path"], "link")


if __name__ == "__main__":
    harness.main()

"""test_storage.py: a history gives the same findings, byte for byte, however git
stores it: along its deltas, object by object, and in every kind of pack. With the
built-in rules, whose matches deltas pass on."""

import os
import random
import subprocess

import harness

SECRETS = (
    'GITHUB_TOKEN="ghp_{base62:30}{crc32}"\n', "{pem:rsa}\n", "{jwt}\n",
    "password = '{pass:14}'\n", 'api_key: "{base62:40}"\n',
    "ghp_{base62:30}{crc32}", "AKIA{base32:16}\n", "token = {base62:32}\r\n")


class StorageCase(harness.Case):
    def findings(self, repo, *args):
        """The lines of a complete scan, without the summary."""
        run = self.secscan("--history", "--format", "jsonl", *args, repo.path)
        self.assertIn(run.code, (0, 1), repr(run))
        self.assertTrue(run.summary()["complete"], repr(run))
        return run.raw.splitlines()[:-1]

    def repack(self, repo, *args):
        repo.git("-c", "pack.threads=1", *args)
        repo.git("prune-packed")

    def n_deltas(self, repo):
        folder = os.path.join(repo.path, ".git", "objects", "pack")
        packs = [os.path.join(folder, name) for name in os.listdir(folder)
                 if name.endswith(".idx")]
        return sum(len(line.split()) == 7 for line in repo.git(
            "verify-pack", "-v", *packs).splitlines())


class EqualityTest(StorageCase):
    def setUp(self):
        super().setUp()
        self.texts = [harness.expand(t, seed) for t in SECRETS
                      for seed in range(4)]

    def edit(self, chance, data):
        """Edit a file at any byte: insert, cut, move, say twice, or break or
        complete what stands there."""
        at, n = chance.randrange(len(data) + 1), chance.randrange(1, 300)
        kind = chance.randrange(8)
        if kind == 0:
            return data[:at] + data[at + n:]
        if kind == 1:
            return data[:at] + data[at:at + n] * 2 + data[at + n:]
        if kind == 2:
            to = chance.randrange(len(data) + 1)
            rest = data[:at] + data[at + n:]
            return rest[:to] + data[at:at + n] + rest[to:]
        if kind == 3:
            return data + chance.choice(self.texts).encode()
        if kind == 4:
            return chance.choice(self.texts).encode() + data
        if kind == 5:
            return data[:at] + b"x" * chance.choice((1, 1, 5000)) + data[at:]
        text = chance.choice(self.texts).encode()
        if kind == 6:
            text = text[:chance.randrange(1, len(text))]
        return data[:at] + text + data[at:]

    def generated(self, seed, n):
        repo, chance = self.repo("repo%d" % seed), random.Random(seed)
        names = ("a.py", "long", "crlf.txt", "wide.txt", "dir/b.py")
        files = {name: "".join("%s line %d of %s%s" % (
            chance.choice("abc"), i, name,
            {"long": " ", "crlf.txt": "\r\n"}.get(name, "\n"))
            for i in range(300)).encode() for name in names}
        for i in range(n):
            for name in chance.sample(names, chance.randrange(1, 4)):
                files[name] = self.edit(chance, files[name])
            texts = dict(files)
            texts["wide.txt"] = b"\xff\xfe" + files["wide.txt"].decode(
                "latin-1").encode("utf-16-le")
            repo.commit("edit %d" % i, texts)
        return repo

    def check_all(self, repo):
        self.repack(repo, "repack", "-adfq", "--depth=0", "--window=0")
        self.assertEqual(self.n_deltas(repo), 0)
        plain = self.findings(repo)
        self.assertGreater(len(plain), 0)
        for args in (("gc", "-q", "--aggressive", "--prune=now"),
                     ("repack", "-adfq", "--depth=250", "--window=250")):
            self.repack(repo, *args)
            self.assertGreater(self.n_deltas(repo), 20)
            for threads in ("1", "2", "8"):
                self.assertEqual(self.findings(repo, "--threads", threads),
                                 plain, args)

    def test_storage__deltas_find_what_whole_objects_hold(self):
        for seed in range(6):
            with self.subTest(seed=seed):
                self.check_all(self.generated(seed, 25))

    def test_storage__history_of_this_project(self):
        if not os.path.exists(os.path.join(harness.ROOT, ".git")):
            self.skipTest("this is no clone")
        source = harness.Repo(harness.ROOT, self.environment())
        repo = harness.Repo(self.path("clone"), self.environment())
        repo.git("fetch", "-q", "--no-tags", source.path, "HEAD")
        repo.git("reset", "-q", "--hard", "FETCH_HEAD")
        # Rules without secrets in it would prove little.
        repo.commit("secrets", {"secrets.txt": "\n".join(self.texts)})
        repo.commit("more", {"secrets.txt": "\n".join(self.texts[1:])})
        self.check_all(repo)


class KindsTest(StorageCase):
    def setUp(self):
        super().setUp()
        self.source = self.repo("source")
        lines = ["line %d" % i for i in range(200)]
        for i in range(12):
            lines[i * 9] = 'key = "%s"' % harness.expand(
                "ghp_{base62:30}{crc32}", i)
            del lines[190 - i]
            self.source.commit("change %d" % i, {
                "f.txt": "\n".join(lines), "d/%d" % i: "%d\n" % i})
        self.sound = self.findings(self.source)
        self.assertEqual(len(self.sound), 12)
        self.repack(self.source, "repack", "-adfq")
        self.folder = os.path.join(self.source.path, ".git", "objects", "pack")

    def check(self, repo=None):
        self.assertEqual(self.findings(repo or self.source), self.sound)

    def pack(self, suffix):
        names = [n for n in os.listdir(self.folder) if n.endswith(suffix)]
        self.assertTrue(names, suffix)
        return os.path.join(self.folder, names[0])

    def index(self, *options):
        os.remove(self.pack(".idx"))
        self.source.git("index-pack", *options, self.pack(".pack"))

    def test_storage__kinds_of_indexes(self):
        for options in ("1", "2", "2,0x40", "2,0x400"):
            self.index("--index-version=" + options)
            self.check()

    def test_storage__deltas_of_ids(self):
        self.repack(self.source, "-c", "repack.useDeltaBaseOffset=false",
                    "repack", "-adfq", "--depth=50")
        self.assertGreater(self.n_deltas(self.source), 5)
        self.check()

    def test_storage__several_packs_and_what_lies_beside_them(self):
        repo = self.source
        for i in range(3):
            repo.git("commit", "-q", "--allow-empty", "-m", "none")
            repo.git("repack", "-dq")
        self.sound = self.findings(repo)
        repo.git("pack-objects", "-q", "--all",
                 os.path.join(self.folder, "pack-again"), stdin=b"")
        self.check()  # every object twice
        repo.git("multi-pack-index", "write")
        self.check()
        for suffix in (".keep", ".promisor"):
            with open(self.pack(".pack")[:-5] + suffix, "wb"):
                pass
            self.check()
        for name in ("tmp_pack_x1", "tmp_idx_x1", ".tmp-1-pack-x.pack.tmp"):
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(b"PACK left over")
        self.check()

    def test_storage__bitmaps_and_cruft(self):
        repo = self.source
        repo.git("hash-object", "-w", "--stdin", stdin=b"nothing\n")
        repo.git("repack", "-adbq")
        self.check()
        repo.git("repack", "-dq", "--cruft")
        self.pack(".mtimes")
        self.check()

    def test_storage__alternates(self):
        repo = self.repo("borrower")
        head = self.source.git("rev-parse", "HEAD")
        middle = self.repo("middle")
        for at, to in ((repo, "../../../middle"), (middle, self.source.path)):
            path = os.path.join(at.path, ".git", "objects", "info",
                                "alternates")
            with open(path, "w", encoding="ascii") as file:
                file.write("%s/.git/objects\n" % to)
        repo.git("update-ref", "refs/heads/main", head)
        self.check(repo)

    def test_storage__thin_packs_that_were_completed(self):
        repo = self.repo("fetched")
        path = self.path("thin.pack")
        for revisions in (b"HEAD~8\n", b"HEAD\n^HEAD~8\n"):
            with open(path, "wb") as file:
                subprocess.run(
                    ["git", "pack-objects", "-q", "--revs", "--thin",
                     "--stdout"], input=revisions, stdout=file, check=True,
                    cwd=self.source.path, env=self.source.env)
            with open(path, "rb") as file:
                repo.git("index-pack", "--fix-thin", "--stdin",
                         stdin=file.read())
        repo.git("update-ref", "refs/heads/main",
                 self.source.git("rev-parse", "HEAD"))
        self.check(repo)


if __name__ == "__main__":
    harness.main()

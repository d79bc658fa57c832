"""test_packs.py: what is found does not depend on how git stores it, and what a
damaged pack hides is said: packs and indexes with flipped bytes, cut short, and of
another pack give never a crash, never a hang, and never a complete scan that found
less than the sound repository holds."""

import os
import random
import resource
import shutil

import harness
from git_case import GitCase, token

# Each run is a process, some of them under a sanitizer.
N_FLIPS = int(os.environ.get("SECSCAN_MUTATIONS", "60"))


class PacksTest(GitCase):
    def packed(self, name="repo"):
        """A repository of one pack: deltas, secrets in several versions."""
        repo = self.repo(name)
        text = "".join("line %d of %s\n" % (i, name) for i in range(300))
        for i in range(12):
            files = {"big.txt": text + "k %s\n" % token(i)}
            files["dir/%d.txt" % i] = "x %d\n" % i
            text = text.replace("line %d of" % (i * 7), "row %d of" % i)
            repo.commit("change %d" % i, files)
        repo.git("repack", "-adfq", "--depth=10", "--window=20")
        repo.git("prune-packed")
        return repo

    def pack_files(self, repo):
        folder = os.path.join(repo.path, ".git", "objects", "pack")
        names = sorted(os.listdir(folder))
        self.assertEqual(len([n for n in names if n.endswith(".pack")]), 1)
        return [os.path.join(folder, n) for n in names
                if n.endswith((".pack", ".idx"))]

    def fingerprints(self, run):
        return sorted((f["fingerprint"], f["commit"]) for f in run.findings())

    def check(self, repo, sound, what):
        run = self.history(repo)
        self.assertIn(run.code, (1, 3), "%s\n%r" % (what, run))
        if run.code == 3 and not run.out:
            return  # the repository could not be opened: said, and not green
        if run.summary()["complete"]:
            self.assertEqual(self.fingerprints(run), sound, what)

    def edit(self, lines, chance, seed):
        """Change a file as people do: a few lines here and there."""
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(lines) + 1)
            kind = chance.randrange(5)
            if kind == 0 and lines:
                del lines[at:at + chance.randrange(1, 6)]
            elif kind == 1:
                lines.insert(at, harness.expand(
                    'GITHUB_TOKEN="ghp_{base62:30}{crc32}"', seed))
            elif kind == 2:
                lines[at:at] = harness.expand(
                    "{pem:rsa}", seed).splitlines()
            elif kind == 3 and lines:
                lines[at:at] = lines[chance.randrange(len(lines)):][:4]
            else:
                lines.insert(at, "password = '%s'" % harness.expand(
                    "{pass:14}", seed))

    def test_packs__what_is_found_does_not_depend_on_the_storage(self):
        repo = self.repo()
        chance = random.Random(3)
        lines = ["plain line %d of the file" % i for i in range(400)]
        for i in range(30):
            self.edit(lines, chance, i)
            repo.commit("edit %d" % i, {"settings.py": "\n".join(lines)})
        loose = self.secscan("--history", "--format", "jsonl", repo.path)
        self.assertRun(loose, 1)
        self.assertGreater(len(loose.findings()), 20)
        repo.git("repack", "-adfq", "--depth=40", "--window=40")
        repo.git("prune-packed")
        for threads in ("1", "2", "8"):
            packed = self.secscan("--history", "--format", "jsonl",
                                  "--threads", threads, repo.path)
            self.assertEqual(packed.findings(), loose.findings())
            self.assertTrue(packed.summary()["complete"])

    def test_packs__no_flipped_byte_is_silent(self):
        repo = self.packed()
        sound = self.fingerprints(self.history(repo))
        self.assertEqual(len(sound), 12)
        chance = random.Random(5)
        for path in self.pack_files(repo):
            os.chmod(path, 0o644)
            with open(path, "rb") as file:
                whole = file.read()
            for i in range(N_FLIPS):
                at = chance.randrange(len(whole))
                bad = bytearray(whole)
                bad[at] ^= 1 << chance.randrange(8)
                with open(path, "wb") as file:
                    file.write(bad)
                self.check(repo, sound, "%s, byte %d" % (path, at))
            with open(path, "wb") as file:
                file.write(whole)

    def test_packs__no_truncation_is_silent(self):
        repo = self.packed()
        sound = self.fingerprints(self.history(repo))
        chance = random.Random(6)
        for path in self.pack_files(repo):
            os.chmod(path, 0o644)
            with open(path, "rb") as file:
                whole = file.read()
            for i in range(N_FLIPS // 3):
                at = chance.randrange(len(whole))
                with open(path, "wb") as file:
                    file.write(whole[:at])
                self.check(repo, sound, "%s, cut at %d" % (path, at))
            with open(path, "wb") as file:
                file.write(whole)

    def test_packs__index_of_another_pack(self):
        repo, other = self.packed(), self.packed("other")
        sound = self.fingerprints(self.history(repo))
        for mine, theirs in zip(self.pack_files(repo),
                                self.pack_files(other)):
            keep = mine + ".keep"
            shutil.copy(mine, keep)
            os.chmod(mine, 0o644)
            shutil.copyfile(theirs, mine)
            self.check(repo, sound, mine)
            shutil.copyfile(keep, mine)

    def test_packs__small_delta_of_a_large_object_is_scanned(self):
        repo = self.repo()
        lines = [token(i)[4:] + " line\n" for i in range(4000)]
        repo.commit("large", {"f": "".join(lines)})
        repo.commit("cut", {"f": "".join(lines[:500]) + "k %s\n" % token(1)})
        repo.git("repack", "-adfq", "--depth=10")
        run = self.history(repo, "--max-file-size", "50k")
        self.assertEqual(self.paths(run), ["f"])
        self.assertEqual(self.reasons(run), ["too-large"])

    def test_packs__any_name_will_do(self):
        repo = self.repo()
        repo.git("hash-object", "-w", "--stdin",
                 stdin=b"k %s\n" % token(1).encode())
        ids = repo.git("cat-file", "--batch-all-objects",
                       "--batch-check=%(objectname)")
        repo.git("pack-objects", "-q", ".git/objects/pack/odd",
                 stdin=ids.encode())
        repo.git("prune-packed")
        repo.commit("a commit")
        run = self.history(repo, "--gate-unreachable")
        self.assertRun(run, 1)

    def test_packs__index_that_leaves_objects_out_is_told(self):
        repo = self.packed()
        repo.git("update-ref", "-d", "HEAD")  # so that none is missed
        shutil.rmtree(os.path.join(repo.path, ".git", "logs"))
        for path in self.pack_files(repo):
            os.chmod(path, 0o644)
            if path.endswith(".idx"):
                with open(path, "rb") as file:
                    whole = file.read()
                with open(path, "wb") as file:  # no object at all
                    file.write(whole[:8] + bytes(1024) + whole[-40:])
        repo.git("rm", "-q", "-r", "--cached", ".")
        repo.commit("new")
        run = self.history(repo)
        self.assertRun(run, 3)

    def test_packs__more_packs_than_files_may_be_open(self):
        repo = self.repo()
        for i in range(90):
            repo.commit("c", {"f%d" % i: "k %s\n" % token(i)})
            repo.git("repack", "-dq")
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
        try:
            run = self.history(repo)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        self.assertRun(run, 1)
        self.assertTrue(run.summary()["complete"])
        self.assertEqual(len(run.findings()), 90)


if __name__ == "__main__":
    harness.main()

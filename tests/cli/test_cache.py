"""test_cache.py: a scan with --cache says what one without it says, whatever has
happened to the repository or to the cache in between."""

import os
import random
import unittest

import git_case
import harness


class CacheTest(git_case.GitCase):
    def setUp(self):
        super().setUp()
        self.cache = self.path("cache")

    def both(self, repo, *args):
        """The scan with the cache, after it has been held against one without."""
        plain = self.history(repo)
        cached = self.history(repo, "--cache", self.cache, *args)
        self.assertEqual(cached.findings(), plain.findings())
        self.assertEqual(cached.code, plain.code, repr(cached))
        self.assertEqual(self.reasons(cached), self.reasons(plain))
        for key in ("objects", "commits", "blobs", "trees", "suppressed",
                    "complete"):
            self.assertEqual(cached.summary()["coverage"][key],
                             plain.summary()["coverage"][key], key)
        return cached.summary()["coverage"]["cached"]

    def filled(self):
        repo = self.repo()
        for i in range(6):
            repo.commit("change %d" % i, {
                "dir/clean%d" % (i % 3): "nothing here, %d\n" % i,
                "allowed/data": "x %s\n" % git_case.token(i),
                "sub/%d.env" % i: "a" if i else "A=%s\n" % git_case.token("e"),
                "dir/.env": "B=%d\n" % i})
        repo.commit("with %s" % git_case.token("message"))
        repo.git("tag", "-a", "-m", "clean", "v1")
        repo.git("tag", "-a", "-m", "t %s" % git_case.token("tag"), "v2")
        return repo

    def only_file(self):
        names = os.listdir(self.cache)
        self.assertEqual(len(names), 1, names)
        return os.path.join(self.cache, names[0])

    def test_cache__second_scan_reads_only_what_was_not_clean(self):
        repo = self.filled()
        self.assertEqual(self.both(repo), 0)
        n = self.both(repo)
        objects = self.history(repo).summary()["coverage"]["objects"]
        self.assertGreater(n, objects * 2 // 3)
        self.assertLess(n, objects)
        with open(self.only_file(), "rb") as file:
            kept = file.read()
        self.assertEqual(self.both(repo), n)
        repo.commit("news", {"deep/er/news": "nothing\n"})
        self.assertEqual(self.both(repo), n)
        self.assertGreaterEqual(self.both(repo), n + 4)
        with open(self.only_file(), "rb") as file:
            self.assertGreater(len(file.read()), len(kept))

    def test_cache__holds_no_secret(self):
        repo = self.filled()
        self.both(repo)
        with open(self.only_file(), "rb") as file:
            self.assertNotIn(b"tok_", file.read())
        self.assertEqual(os.stat(self.cache).st_mode & 0o777, 0o700)

    def test_cache__news_are_found_loose_and_packed(self):
        repo = self.filled()
        self.both(repo)
        repo.commit("news", {"deep/er/news": "N=%s\n" % git_case.token("new")})
        self.assertGreater(self.both(repo), 0)
        repo.git("gc", "-q")
        self.assertGreater(self.both(repo), 0)
        repo.commit("more", {"dir/clean0": "%s\n" % git_case.token("more")})
        repo.git("gc", "-q", "--aggressive")
        self.assertGreater(self.both(repo), 0)

    def test_cache__what_moves_and_comes_back_is_attributed_anew(self):
        repo = self.filled()
        self.both(repo)
        repo.git("mv", "sub/0.env", "moved.env")
        repo.commit("move")
        self.both(repo)
        repo.commit("remove", {"moved.env": None})
        self.both(repo)
        repo.commit("back", {"back": "A=%s\n" % git_case.token("e")})
        self.both(repo)

    def test_cache__refs_decide_reach_not_the_cache(self):
        repo = self.filled()
        self.both(repo)
        repo.git("tag", "-d", "v2")
        self.both(repo)
        repo.git("checkout", "-q", "-b", "side", "HEAD~3")
        repo.git("branch", "-f", "main", "HEAD")
        self.both(repo)

    def test_cache__objects_that_go_are_missed(self):
        repo = self.filled()
        self.both(repo)
        blob = repo.git("rev-parse", "HEAD:dir/clean1")
        os.remove(os.path.join(repo.path, ".git/objects", blob[:2], blob[2:]))
        self.both(repo)
        self.assertRun(self.history(repo, "--cache", self.cache), 1)
        self.assertIn("missing", self.reasons(
            self.history(repo, "--cache", self.cache)))

    def test_cache__a_shallow_clone_is_no_reason_to_forget_its_border(self):
        repo = self.filled()
        shallow = repo.clone(self.path("shallow"), "--depth=2")
        self.both(shallow)
        self.assertGreater(self.both(shallow), 0)
        shallow.git("fetch", "-q", "--unshallow")
        self.both(shallow)

    def test_cache__other_rules_are_another_cache(self):
        repo = self.filled()
        self.both(repo)
        rules = git_case.RULES.replace("{24}", "{20,24}")
        self.rules = self.write("other.toml", rules)
        self.assertEqual(self.both(repo), 0)

    def test_cache__a_damaged_file_is_as_good_as_none(self):
        repo = self.filled()
        self.both(repo)
        path = self.only_file()
        with open(path, "rb") as file:
            good = file.read()
        rng = random.Random(5)
        for i in range(40):
            bad = bytearray(good)
            if i % 4:
                bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
            else:
                del bad[rng.randrange(len(bad)):]
            with open(path, "wb") as file:
                file.write(bad)
            run = self.history(repo, "--cache", self.cache)
            self.assertEqual(run.summary()["coverage"]["cached"], 0, i)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), good)

    def test_cache__a_key_seals_it(self):
        repo = self.filled()
        key = self.write("key", "a key of the operator's")
        other = self.write("other", "another one")
        self.both(repo, "--cache-key", key)
        self.assertGreater(self.both(repo, "--cache-key", key), 0)
        self.assertEqual(self.both(repo, "--cache-key", other), 0)
        self.assertEqual(self.both(repo), 0)
        self.assertEqual(self.both(repo, "--cache-key", key), 0)

    def test_cache__a_key_that_is_none_is_refused(self):
        repo = self.filled()
        for key in (self.write("empty", ""), self.path("absent")):
            self.assertRun(self.history(repo, "--cache", self.cache,
                                        "--cache-key", key), 2)

    def test_cache__a_directory_that_is_open_to_others_is_not_used(self):
        repo = self.filled()
        os.mkdir(self.cache)
        os.chmod(self.cache, 0o755)
        self.assertEqual(self.both(repo), 0)
        run = self.history(repo, "--cache", self.cache)
        self.assertIn("0700", run.summary()["coverage"]["warning"])
        self.assertEqual(os.listdir(self.cache), [])

    def test_cache__goes_with_a_history_only(self):
        self.assertRun(self.secscan("--cache", self.cache, self.dir), 2)
        self.assertRun(self.secscan("--history", "--cache-key", self.rules,
                                    self.dir), 2)


if __name__ == "__main__":
    harness.main()

"""test_submodules.py: submodules on disk are histories of their own."""

import os
import shutil

import harness
from git_case import GitCase, token


class SubmoduleTest(GitCase):
    def setUp(self):
        super().setUp()
        self.top = self.repo("top")

    def other(self, name, seed):
        """A repository with one token, and its commit."""
        repo = self.repo(name)
        return repo, repo.commit("in " + name, {"f": "k %s\n" % token(seed)})

    def add(self, parent, child, path, *args):
        parent.git("-c", "protocol.file.allow=always", "submodule", "--quiet",
                   "add", *args, child.path, path)
        parent.commit("add " + path)

    def where(self, run):
        return [(f["submodule"], f["path"], f["commit"])
                for f in run.findings()]

    def skips(self, run):
        return [(o["reason"], o["path"]) for o in run.jsonl()
                if o["type"] == "skip"]

    def test_submodules__findings_stand_below_its_path(self):
        lib, c = self.other("lib", 1)
        own = self.top.commit("own", {"z": "k %s\n" % token(2)})
        self.add(self.top, lib, "deps/lib")
        run = self.history(self.top)
        self.assertRun(run, 1)
        self.assertEqual(self.where(run), [
            (None, "z", own), ("deps/lib", "deps/lib/f", c)])
        f = run.findings()[1]
        self.assertEqual([p["path"] for p in f["places"]], ["deps/lib/f"])
        self.assertEqual((f["reach"], f["in_head"]), ("ref", True))
        self.assertEqual(self.skips(run), [])
        self.assertTrue(run.summary()["complete"])
        coverage = run.summary()["coverage"]
        alone = self.history(self.top, "--no-submodules")
        inside = self.history(lib)
        for key in ("commits", "blobs", "objects", "findings"):
            self.assertEqual(coverage[key],
                             alone.summary()["coverage"][key] +
                             inside.summary()["coverage"][key], key)

    def test_submodules__are_left_out_when_asked(self):
        lib, _ = self.other("lib", 1)
        self.add(self.top, lib, "lib")
        run = self.history(self.top, "--no-submodules")
        self.assertRun(run, 0)
        self.assertEqual(run.findings(), [])
        self.assertEqual(self.skips(run), [("submodule", "lib")])
        self.assertRun(self.scan(self.top, "--no-submodules"), 2)

    def test_submodules__absent_one_is_noted(self):
        lib, _ = self.other("lib", 1)
        self.add(self.top, lib, "lib")
        clone = self.top.clone(self.path("clone"))
        run = self.history(clone)
        self.assertRun(run, 0)
        self.assertEqual(self.skips(run), [("submodule", "lib")])
        self.assertTrue(run.summary()["complete"])

    def test_submodules__not_checked_out_and_renamed(self):
        lib, c = self.other("lib", 1)
        self.add(self.top, lib, "lib", "--name", "group/name")
        self.assertEqual(self.where(self.history(self.top)),
                         [("lib", "lib/f", c)])
        self.top.git("submodule", "--quiet", "deinit", "-f", "lib")
        run = self.history(self.top)
        self.assertEqual(self.where(run),
                         [("group/name", "group/name/f", c)])

    def test_submodules__removed_from_head_is_still_on_disk(self):
        lib, c = self.other("lib", 1)
        self.add(self.top, lib, "lib")
        self.top.git("rm", "-q", "lib")
        self.top.commit("gone")
        self.assertEqual(self.where(self.history(self.top)),
                         [("lib", "lib/f", c)])

    def test_submodules__nested_ones_each_once(self):
        inner, a = self.other("inner", 1)
        middle, b = self.other("middle", 2)
        self.add(middle, inner, "in")
        self.add(self.top, middle, "mid")
        self.top.git("-c", "protocol.file.allow=always", "submodule",
                     "--quiet", "update", "--init", "--recursive")
        run = self.history(self.top)
        self.assertEqual(self.where(run), [("mid", "mid/f", b),
                                           ("mid/in", "mid/in/f", a)])
        self.assertEqual(self.skips(run), [])
        below = self.path("top", "mid")
        self.assertEqual(self.where(self.history(below)),
                         [(None, "f", b), ("in", "in/f", a)])
        git_dir = self.path("top", ".git")
        self.assertEqual(self.where(self.history(git_dir)), self.where(run))

    def test_submodules__embedded_repository(self):
        self.top.commit("first", {"x": "1\n"})
        inside = harness.Repo(self.path("top", "emb"), self.top.env)
        c = inside.commit("c", {"d/f": "k %s\n" % token(1)})
        self.top.git("add", "emb")
        self.top.commit("gitlink")
        self.assertEqual(self.where(self.history(self.top)),
                         [("emb", "emb/d/f", c)])

    def test_submodules__circles_end(self):
        self.top.commit("first", {"x": "k %s\n" % token(1)})
        head = self.top.git("rev-parse", "HEAD")
        for name in ("loop", "again"):
            self.top.git("update-index", "--add", "--cacheinfo",
                         "160000,%s,%s" % (head, name))
        self.top.commit("links")
        self.top.write("loop/.git", "gitdir: ../.git\n")
        os.symlink("..", self.path("top", "again"))
        run = self.history(self.top)
        self.assertEqual([f["path"] for f in run.findings()], ["x"])
        self.assertTrue(run.summary()["complete"])

    def test_submodules__worktree_of_the_parent_is_no_other_repository(self):
        c = self.top.commit("first", {"x": "k %s\n" % token(1)})
        self.top.git("worktree", "add", "-q", "--detach", "wt")
        self.top.git("update-index", "--add", "--cacheinfo",
                     "160000,%s,wt" % c)
        self.top.commit("link")
        run = self.history(self.top)
        self.assertEqual(self.where(run), [(None, "x", c)])
        linked = self.path("top", "wt")
        self.assertEqual(self.where(self.history(linked)), [(None, "x", c)])

    def test_submodules__broken_one_is_not_green(self):
        lib, _ = self.other("lib", 1)
        self.add(self.top, lib, "lib")
        shutil.rmtree(self.path("top", ".git", "modules", "lib"))
        run = self.history(self.top)
        self.assertRun(run, 3)
        self.assertEqual(self.skips(run), [("unreadable", "lib")])

    def test_submodules__damage_inside_is_said_and_the_rest_scanned(self):
        lib, _ = self.other("lib", 1)
        self.add(self.top, lib, "a")
        lib, c = self.other("lib2", 2)
        self.add(self.top, lib, "b")
        self.top.write(".git/modules/a/HEAD", "nonsense\n")
        run = self.history(self.top)
        self.assertRun(run, 1)
        self.assertEqual(self.where(run), [("b", "b/f", c)])
        self.assertEqual(self.skips(run), [("unreadable", "a")])
        self.assertFalse(run.summary()["complete"])

    def test_submodules__words_and_names_are_labelled(self):
        lib = self.repo("lib")
        c = lib.commit("say %s" % token(1))
        lib.git("branch", "x-" + token(2))
        self.add(self.top, lib, "lib")
        self.top.git("-C", "lib", "branch", "x-" + token(2))
        run = self.history(self.top)
        self.assertEqual([(f["submodule"], f["source"], f["path"])
                          for f in run.findings()][0],
                         ("lib", "commit-message", None))
        run = self.secscan("--rules", self.rules, "--history", self.top.path)
        self.assertIn("submodule lib", run.out)

    def test_submodules__threads_and_places_do_not_matter(self):
        lib, _ = self.other("lib", 1)
        self.add(self.top, lib, "lib")
        self.add(self.top, self.other("lib2", 1)[0], "lib2")
        first = self.history(self.top, "--threads", "1")
        self.assertEqual(len(first.findings()), 2)
        self.assertEqual(self.history(self.top, "--threads", "4").out,
                         first.out)
        self.top.git("submodule", "--quiet", "foreach", "git gc -q")
        self.assertEqual(self.history(self.top).findings(), first.findings())


if __name__ == "__main__":
    harness.main()

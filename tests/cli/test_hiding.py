"""test_hiding.py: everything git can hide is scanned: one repository with a token in
each place, and for each the source, the path, the commit and the label expected."""

import os

import harness
from git_case import GitCase, token


class HidingTest(GitCase):
    def put(self, place, source, path, commit, reach="ref"):
        """Expect the token of a place."""
        self.expected[place] = (source, path, commit, reach)

    def blob(self, repo, place):
        return repo.git("hash-object", "-w", "--stdin",
                        stdin=self.text(place).encode())

    def text(self, place):
        return "k %s\n" % token(place)

    def hide_in_files(self, repo):
        c = repo.commit("first", {"a": "1\n", "m": "base\n"})
        c = repo.commit("add", {"deleted": self.text("deleted")})
        self.put("deleted", "blob", "deleted", c)
        c = repo.commit("del", {"deleted": None, "back": self.text("back")})
        self.put("back", "blob", "back", c)
        repo.commit("gone", {"back": None})
        repo.commit("again", {"other": self.text("back")})
        repo.add(".gitattributes", "*.nodiff -diff\n*.bin binary\n"
                 "*.exp export-ignore\n")
        c = repo.commit("marked", {
            "x.nodiff": self.text("nodiff"), "x.exp": self.text("export"),
            "x.bin": b"\0\1\2\n" + self.text("binary").encode(),
            "x.utf16": self.text("utf16").encode("utf-16")})
        for place, path in (("nodiff", "x.nodiff"), ("export", "x.exp"),
                            ("binary", "x.bin"), ("utf16", "x.utf16")):
            self.put(place, "blob", path, c)
        os.symlink(token("symlink"), os.path.join(repo.path, "link"))
        repo.git("add", "link")
        self.put("symlink", "blob", "link", repo.commit("link"))
        os.unlink(os.path.join(repo.path, "link"))
        c = repo.commit("type", {"link": self.text("type")})
        self.put("type", "blob", "link", c)
        odd = "d\n\udcff/x y"
        self.put("odd", "blob", None,
                 repo.commit("odd", {odd: self.text("odd")}))
        repo.commit("mode", {"run": "echo\n"})
        self.put("submodule-file", "blob", ".gitmodules",
                 repo.commit("modules", {
                     ".gitmodules": "# %s" % self.text("submodule-file")}))

    def hide_in_words(self, repo):
        c = repo.commit("say %s" % token("message"))
        self.put("message", "commit-message", None, c)
        c = repo.commit("who", author="%s <a@example.com>" % token("author"))
        self.put("author", "author", None, c)
        repo.git("commit", "-q", "--allow-empty", "-m", "by", env={
            "GIT_COMMITTER_EMAIL": token("committer")})
        self.put("committer", "committer", None,
                 repo.git("rev-parse", "HEAD"))
        repo.git("tag", "-a", "-m", token("tag"), "v1",
                 env={"GIT_COMMITTER_NAME": token("tagger")})
        self.put("tag", "tag-message", None, None)
        self.put("tagger", "tagger", None, None)
        repo.git("tag", "-a", "-m", token("nested"), "v2", "v1")
        self.put("nested", "tag-message", None, None)
        repo.git("notes", "add", "-m", token("note"))
        self.put("note", "note", None,
                 repo.git("rev-parse", "refs/notes/commits"))
        repo.git("tag", "-m", "x", "blob-tag", self.blob(repo, "tagged-blob"))
        self.put("tagged-blob", "blob", None, None)
        repo.git("update-ref", "refs/heads/x-" + token("ref"), "HEAD")
        self.put("ref", "ref", None, None)

    def side(self, repo, place, ref):
        """A commit that `ref` alone names."""
        repo.git("checkout", "-q", "--detach")
        c = repo.commit(place, {place: self.text(place)})
        if ref:
            repo.git("update-ref", ref, c)
        repo.git("checkout", "-q", "main")
        return c

    def hide_in_refs(self, repo):
        for place, ref in (("pull", "refs/pull/1/head"),
                           ("replace", "refs/replace/" + "1" * 40),
                           ("changes", "refs/changes/01/1/1"),
                           ("remote", "refs/remotes/origin/x")):
            c = self.side(repo, place, ref)
            self.put(place, "blob", place, c)
        c = self.side(repo, "reflog-only", None)
        self.put("reflog-only", "blob", "reflog-only", c, "reflog")
        repo.git("update-ref", "-m", "log " + token("log"), "--create-reflog",
                 "refs/heads/logged", "HEAD")
        self.put("log", "reflog", None, None, "reflog")

    def hide_in_merge(self, repo):
        repo.git("checkout", "-q", "-b", "topic")
        repo.commit("theirs", {"m": "theirs\n"})
        repo.git("checkout", "-q", "main")
        repo.commit("ours", {"m": "ours\n"})
        repo.git("merge", "-q", "--no-commit", "-s", "ours", "topic")
        c = repo.commit("merge", {"m": self.text("merge")})
        self.put("merge", "blob", "m", c)

    def hide_in_stash(self, repo):
        repo.add("a", self.text("stash-index"))
        repo.write("a", self.text("stash-tree"))
        repo.write("untracked", self.text("stash-untracked"))
        repo.git("stash", "push", "-q", "-u")
        stash = repo.git("rev-parse", "stash", "stash^2",
                         "stash^3").split("\n")
        for name, path, c in zip(("tree", "index", "untracked"),
                                 ("a", "a", "untracked"), stash):
            self.put("stash-" + name, "blob", path, c, "stash")

    def hide_elsewhere(self, repo):
        c = self.side(repo, "orig-head", None)
        with open(os.path.join(repo.path, ".git", "ORIG_HEAD"), "w") as file:
            file.write(c + "\n")
        self.put("orig-head", "blob", "orig-head", c)
        self.blob(repo, "dangling")
        self.put("dangling", "blob", None, None, "unreachable")
        tree = repo.git("mktree", stdin=(
            "100644 blob %s\tlost\n" % self.blob(repo, "lost")).encode())
        c = repo.git("commit-tree", "-m", "lost", tree)
        self.put("lost", "blob", "lost", c, "unreachable")
        linked = os.path.join(self.dir, "linked")
        repo.git("worktree", "add", "-q", "--detach", linked)
        other = harness.Repo(linked, repo.env)
        other.time = repo.time
        c = other.commit("in the worktree", {"w": self.text("worktree")})
        self.put("worktree", "blob", "w", c)

    def make(self):
        self.expected = {}
        repo = self.repo()
        self.hide_in_files(repo)
        self.hide_in_words(repo)
        self.hide_in_refs(repo)
        self.hide_in_merge(repo)
        self.hide_in_stash(repo)
        self.hide_elsewhere(repo)
        return repo

    def check(self, repo, places):
        run = self.history(repo, "--show-secrets")
        self.assertRun(run, 1)
        self.assertTrue(run.summary()["complete"], repr(run))
        by_token = {f["secret"]: f for f in run.findings()}
        self.assertEqual(len(by_token), len(places))
        for place in places:
            f = by_token[token(place)]
            source, path, commit, reach = self.expected[place]
            self.assertEqual((f["source"], f["reach"]), (source, reach), place)
            if path:
                self.assertEqual(f["path"], path, place)
            if commit:
                self.assertEqual(f["commit"], commit, place)

    def test_hiding__every_place_is_scanned_loose_and_packed(self):
        repo = self.make()
        self.check(repo, list(self.expected))
        repo.git("repack", "-adkfq")
        repo.git("pack-refs", "--all")
        self.check(repo, list(self.expected))


if __name__ == "__main__":
    harness.main()

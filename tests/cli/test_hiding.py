"""test_hiding.py: everything git can hide is scanned: one repository with a token in
each place, and for each the source, the path, the commit and the label expected."""

import hashlib
import os
import shutil

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
        os.unlink(os.path.join(repo.path, "link"))
        os.symlink(token("type-back"), os.path.join(repo.path, "link"))
        repo.git("add", "link")
        self.put("type-back", "blob", "link", repo.commit("link again"))
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
        c = repo.commit("whose", author="A <%s@example.com>" % token("mail"))
        self.put("mail", "author", None, c)
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
        repo.git("notes", "--ref", "other", "add", "-m", token("other-note"))
        self.put("other-note", "note", None,
                 repo.git("rev-parse", "refs/notes/other"))
        repo.git("tag", "-m", "x", "blob-tag", self.blob(repo, "tagged-blob"))
        self.put("tagged-blob", "blob", None, None)
        repo.git("tag", "light", self.blob(repo, "light-blob"))
        self.put("light-blob", "blob", None, None)
        tree = repo.git("mktree", stdin=(
            "100644 blob %s\tin-tree\n" % self.blob(repo, "tagged-tree")
        ).encode())
        repo.git("tag", "-m", "x", "tree-tag", tree)
        self.put("tagged-tree", "blob", "in-tree", None)
        repo.git("update-ref", "refs/heads/x-" + token("ref"), "HEAD")
        self.put("ref", "ref", None, None)

    def object(self, repo, kind, text):
        return repo.git("hash-object", "-w", "-t", kind, "--literally",
                        "--stdin", stdin=text.encode())

    def hide_in_headers(self, repo):
        who = "A <a@example.com> %d +0100" % repo.time
        start = "tree %s\nparent %s\n" % (repo.git("rev-parse", "HEAD^{tree}"),
                                          repo.git("rev-parse", "HEAD"))
        for place, text in (
                ("unknown", "committer %s\nHG:extra %s\n\nx\n"),
                ("mergetag", "committer %s\nmergetag object " + "1" * 40 +
                 "\n type commit\n \n %s\n\nx\n"),
                ("signature", "committer %s\ngpgsig -----BEGIN PGP SIGNATURE"
                 "-----\n Comment: %s\n \n -----END PGP SIGNATURE-----\n"
                 "\nx\n"),
                ("date", "committer %s %s\n\nx\n"),
                ("nul", "committer %s\nx \0 %s\n\nx\n")):
            c = self.object(repo, "commit", start + "author " + who + "\n" +
                            text % (who, token(place)))
            repo.write(".git/refs/heads/" + place, c + "\n")
            self.put(place, "commit-header", None, c)
        c = self.object(repo, "commit", start + "author %s\ncommitter %s\n\n"
                        "short\0%s" % (who, who, token("behind-nul")))
        repo.write(".git/refs/heads/behind-nul", c + "\n")
        self.put("behind-nul", "commit-message", None, c)
        t = self.object(repo, "tag", "object %s\ntype commit\ntag v9\n"
                        "tagger %s\nx-extra %s\n\nx\n" % (
                            c, who, token("tag-header")))
        repo.write(".git/refs/tags/v9", t + "\n")
        self.put("tag-header", "tag-header", None, None)

    def hide_on_disk(self, repo):
        text = self.text("lfs").encode()
        oid = hashlib.sha256(text).hexdigest()
        repo.write(".git/lfs/objects/%s/%s/%s" % (oid[:2], oid[2:4], oid), text)
        self.put("lfs", "lfs", "big", repo.commit("big", {
            "big": "version https://git-lfs.github.com/spec/v1\n"
                   "oid sha256:%s\nsize %d\n" % (oid, len(text))}))
        lib = self.repo("lib")
        c = lib.commit("lib", {"f": self.text("submodule")})
        repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet",
                 "add", "--force", lib.path, "lib")
        self.put("submodule", "blob", "lib/f", c)
        inside = harness.Repo(os.path.join(repo.path, "emb"), repo.env)
        self.put("embedded", "blob", "emb/f", inside.commit("emb", {
            "f": self.text("embedded")}))
        repo.git("add", "emb")
        repo.commit("submodules")

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
        c = self.side(repo, "replaced", "refs/heads/replaced")
        self.put("replaced", "blob", "replaced", c)
        other = self.side(repo, "replacement", None)
        self.put("replacement", "blob", "replacement", other)
        repo.git("replace", c, other)
        c = self.side(repo, "grafted", "refs/heads/grafted")
        self.put("grafted", "blob", "grafted", c)
        repo.git("checkout", "-q", "grafted")
        tip = repo.commit("behind a graft", {"grafted": None})
        repo.git("checkout", "-q", "main")
        repo.git("branch", "-f", "grafted", tip)
        repo.write(".git/info/grafts", tip + "\n")
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
        repo.git("checkout", "-q", "-b", "clean")
        repo.commit("clean", {"clean": "1\n"})
        repo.git("checkout", "-q", "main")
        repo.commit("other", {"other-file": "1\n"})
        repo.git("merge", "-q", "--no-commit", "--no-ff", "clean")
        self.put("evil", "blob", "evil", repo.commit("evil", {
            "evil": self.text("evil")}))

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
        c = other.commit("left", {"left": self.text("worktree-log")})
        other.git("reset", "-q", "--hard", "HEAD~1")
        git_dir = other.git("rev-parse", "--git-dir")
        os.unlink(os.path.join(git_dir, "ORIG_HEAD"))
        self.put("worktree-log", "blob", "left", c, "reflog")
        c = self.side(repo, "worktree-pseudo", None)
        with open(os.path.join(git_dir, "CHERRY_PICK_HEAD"), "w") as file:
            file.write(c + "\n")
        self.put("worktree-pseudo", "blob", "worktree-pseudo", c)
        repo.add("staged", self.text("staged"))
        self.put("staged", "blob", None, None, "unreachable")

    def make(self):
        self.expected = {}
        repo = self.repo()
        self.hide_in_files(repo)
        self.hide_in_words(repo)
        self.hide_in_refs(repo)
        self.hide_in_merge(repo)
        self.hide_in_headers(repo)
        self.hide_on_disk(repo)
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

    def test_hiding__a_bare_repository_hides_nothing(self):
        repo = self.make()
        bare = harness.Repo(self.path("bare.git"), dict(repo.env), bare=True)
        shutil.rmtree(bare.path)
        shutil.copytree(os.path.join(repo.path, ".git"), bare.path)
        bare.git("config", "core.bare", "true")
        self.check(bare, [p for p in self.expected if p != "embedded"])

    def test_hiding__nothing_is_found_at_more_than_its_places(self):
        repo = self.make()
        for f in self.history(repo).findings():
            self.assertLessEqual(len(f["commits"]), 2 if f["path"] == "back"
                                 else 1, f)


if __name__ == "__main__":
    harness.main()

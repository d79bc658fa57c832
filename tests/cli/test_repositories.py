"""test_repositories.py: repositories as they are met: every layout, damaged, cut
off, hostile. Nothing of them is run, and no failure is green."""

import os
import shutil
import stat
import subprocess
import threading
import unittest
import zlib

import harness
from git_case import GitCase, token


class RepositoryTest(GitCase):
    def small(self, name="repo", **kind):
        repo = self.repo(name, **kind)
        repo.commit("a", {"a": "x\n"})
        repo.commit("b", {"k": "k %s\n" % token(1)})
        repo.commit("c", {"k": None})
        return repo

    def assertFound(self, run, n=1):
        self.assertRun(run, 1)
        self.assertEqual(len(run.findings()), n, repr(run))
        self.assertTrue(run.summary()["complete"], repr(run))

    # ---- layouts

    def test_repositories__bare(self):
        self.small()
        harness.Repo(self.path("repo"), self.environment()).git(
            "clone", "-q", "--bare", self.path("repo"), self.path("bare.git"))
        self.assertFound(self.history(self.path("bare.git")))

    def test_repositories__from_a_directory_below(self):
        repo = self.small()
        os.makedirs(os.path.join(repo.path, "x", "y"))
        self.assertFound(self.history(os.path.join(repo.path, "x", "y")))

    def test_repositories__detached_head(self):
        repo = self.small()
        repo.git("checkout", "-q", "--detach", "HEAD~1")
        run = self.history(repo)
        self.assertFound(run)
        self.assertTrue(run.findings()[0]["in_head"])

    def test_repositories__linked_worktree_and_its_detached_commit(self):
        repo = self.small()
        repo.git("worktree", "add", "-q", "--detach", self.path("linked"))
        linked = harness.Repo(self.path("linked"), repo.env)
        linked.time = repo.time
        linked.commit("only there", {"z": "k %s\n" % token(2)})
        for run in (self.history(repo), self.history(linked)):
            self.assertFound(run, 2)
            self.assertEqual({f["reach"] for f in run.findings()}, {"ref"})

    def test_repositories__alternates(self):
        repo = self.small()
        repo.git("clone", "-q", "--shared", repo.path, self.path("shared"))
        self.assertFound(self.history(self.path("shared")))

    def test_repositories__lost_alternate_is_incomplete(self):
        repo = self.small()
        repo.git("clone", "-q", "--shared", repo.path, self.path("shared"))
        os.rename(repo.path, repo.path + "2")
        run = self.history(self.path("shared"))
        self.assertRun(run, 3)
        self.assertIn("missing", self.reasons(run))

    def test_repositories__packed_loose_and_packed_refs(self):
        repo = self.small()
        repo.git("pack-refs", "--all")
        repo.git("repack", "-q", "-ad")
        repo.commit("d", {"z": "k %s\n" % token(2)})
        self.assertFound(self.history(repo), 2)

    def test_repositories__submodule_gitfile(self):
        repo = self.small("inner")
        os.rename(os.path.join(repo.path, ".git"), self.path("moved.git"))
        repo.write(".git", "gitdir: ../moved.git\n")
        self.assertFound(self.history(repo))

    def test_repositories__submodules_of_head_are_noted(self):
        repo = self.small()
        head = repo.git("rev-parse", "HEAD")
        for path in ("sub", "d/e/sub"):
            repo.git("update-index", "--add", "--cacheinfo",
                     "160000,%s,%s" % (head, path))
        repo.commit("submodules")
        run = self.history(repo)
        self.assertFound(run)
        self.assertEqual([(s["path"], s["reason"]) for s in run.jsonl()
                          if s["type"] == "skip"],
                         [("d/e/sub", "submodule"), ("sub", "submodule")])

    def test_repositories__relative_linked_worktree(self):
        """As `git worktree add --relative-paths` leaves it."""
        repo = self.small()
        repo.git("worktree", "add", "-q", "--detach", self.path("linked"))
        self.write("linked/.git", "gitdir: ../repo/.git/worktrees/linked\n")
        repo.write(".git/worktrees/linked/gitdir", "../../../../linked/.git\n")
        with open(os.path.join(repo.path, ".git", "config"),
                  encoding="utf-8") as file:
            config = file.read().replace("repositoryformatversion = 0",
                                         "repositoryformatversion = 1")
        repo.write(".git/config",
                   config + "[extensions]\n\trelativeWorktrees = true\n")
        for path in (repo.path, self.path("linked")):
            self.assertFound(self.history(os.path.normpath(path)))

    def test_repositories__dot_git_is_a_symbolic_link(self):
        repo = self.small()
        os.rename(os.path.join(repo.path, ".git"), self.path("moved"))
        os.symlink("../moved", os.path.join(repo.path, ".git"))
        self.assertFound(self.history(repo))
        self.assertRun(self.scan(repo, "--staged"), 0)

    def test_repositories__from_inside_the_git_directory(self):
        repo = self.small()
        for below in (".git", ".git/refs/heads"):
            self.assertFound(self.history(os.path.join(repo.path, below)))

    def test_repositories__gitfile_that_leads_nowhere_is_not_green(self):
        self.small()
        for text in ("gitdir: nowhere\n", "gitdir:\n", "something\n", ""):
            self.write("repo/below/.git", text)
            self.assertRun(self.history(self.path("repo/below")), 3)

    def test_repositories__revisions_as_git_has_them(self):
        repo = self.small()
        repo.git("tag", "-a", "-m", "t", "v1", "HEAD~1")
        repo.git("branch", "-q", "side/branch", "HEAD~1")
        repo.git("checkout", "-q", "side/branch")
        side = repo.commit("side", {"s": "s\n"})
        repo.git("checkout", "-q", "main")
        repo.git("merge", "-q", "--no-ff", "-m", "m", "side/branch")
        repo.git("remote", "add", "origin", repo.path)
        repo.git("fetch", "-q", "origin")
        repo.git("branch", "-q", "--set-upstream-to=origin/side/branch")
        repo.git("pack-refs", "--all")
        for name in ("HEAD", "@", "main", "heads/main", "refs/heads/main", "v1",
                     "tags/v1", "v1^{}", "v1^0", "HEAD^2", "HEAD^2~1", "@~2",
                     "HEAD^^", "side/branch", "origin/main", "@{u}",
                     "main@{upstream}", "main@{1}", "@{1}", "@{-1}", "HEAD@{2}",
                     side[:7], side.upper(), "v1-1-g" + side[:8]):
            commit = repo.git("rev-parse", name + "^{commit}")
            for text in (name + ".." + commit, commit + ".." + name):
                run = self.scan(repo, "--range", text)
                self.assertRun(run, 0)
                self.assertEqual(run.summary()["coverage"]["commits"], 0, text)
        for name in ("nothing", "HEAD~99", "HEAD^3", "main:a", ":/side", "abcd",
                     "HEAD^{tree}", "main@{99}", "main@{yesterday}", "^",
                     "HEAD^{/side}", "../HEAD", "config", "@{-9}"):
            self.assertRun(self.scan(repo, "--range", name + "..HEAD"), 2)

    # ---- empty ones

    def test_repositories__no_commits_yet_is_complete(self):
        run = self.history(self.repo())
        self.assertRun(run, 0)
        self.assertTrue(run.summary()["complete"])

    def test_repositories__unborn_branch_beside_history(self):
        repo = self.small()
        repo.git("checkout", "-q", "--orphan", "new")
        run = self.history(repo)
        self.assertFound(run)
        self.assertFalse(run.findings()[0]["in_head"])

    def test_repositories__no_repository_is_not_green(self):
        os.makedirs(self.path("plain"))
        run = self.history(self.path("plain"))
        self.assertRun(run, 3)
        self.assertIn("no git repository", run.err)

    def test_repositories__refs_without_objects_are_not_green(self):
        repo = self.small()
        objects = os.path.join(repo.path, ".git", "objects")
        os.rename(objects, self.path("objects"))
        os.makedirs(objects)
        run = self.history(repo)
        self.assertRun(run, 3)
        self.assertFalse(run.summary()["complete"])

    # ---- cut off

    def test_repositories__shallow_is_incomplete_and_says_at_or_before(self):
        repo = self.small()
        repo.commit("d", {"z": "k %s\n" % token(2)})
        repo.commit("e", {"y": "x\n"})
        clone = repo.clone(self.path("shallow"), "--depth", "1")
        run = self.history(clone)
        self.assertRun(run, 1)
        summary = run.summary()
        self.assertFalse(summary["complete"])
        self.assertTrue(summary["coverage"]["shallow"])
        self.assertIn("unshallow", summary["coverage"]["warning"])
        self.assertTrue(run.findings()[0]["boundary"])

    def test_repositories__shallow_without_findings_is_exit_3(self):
        clone = self.small().clone(self.path("shallow"), "--depth", "1")
        self.assertRun(self.history(clone), 3)

    def test_repositories__partial_clone_is_incomplete(self):
        repo = self.small()
        repo.git("config", "uploadpack.allowFilter", "true")
        clone = repo.clone(self.path("partial"), "--filter=blob:none")
        run = self.history(clone)
        self.assertRun(run, 3)
        self.assertTrue(run.summary()["coverage"]["partial"])
        self.assertEqual(self.reasons(run), ["partial"])

    # ---- damaged

    def object_path(self, repo, revision):
        name = repo.git("rev-parse", revision)
        return os.path.join(repo.path, ".git", "objects", name[:2], name[2:])

    def overwrite(self, path, change):
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
        with open(path, "rb") as file:
            content = bytearray(file.read())
        change(content)
        with open(path, "wb") as file:
            file.write(content)

    def test_repositories__missing_blob_is_told(self):
        repo = self.small()
        blob = repo.git("rev-parse", "HEAD:a")
        os.remove(self.object_path(repo, "HEAD:a"))
        run = self.history(repo)
        self.assertFalse(run.summary()["complete"])
        skips = [o for o in run.jsonl() if o["type"] == "skip"]
        self.assertEqual([(s["reason"], s["object"]) for s in skips],
                         [("missing", blob)])

    def test_repositories__missing_commit_and_tree_are_told(self):
        for name, revision in (("commit", "HEAD~1"), ("tree", "HEAD^{tree}")):
            repo = self.small(name)
            os.remove(self.object_path(repo, revision))
            run = self.history(repo)
            self.assertFalse(run.summary()["complete"])
            self.assertEqual(self.reasons(run), ["missing"])

    def test_repositories__corrupt_loose_object_is_told(self):
        repo = self.small()

        def spoil(content):
            content[-6:] = b"\0" * 6

        self.overwrite(self.object_path(repo, "HEAD:a"), spoil)
        run = self.history(repo)
        self.assertRun(run, 1)
        self.assertFalse(run.summary()["complete"])

    def test_repositories__loose_objects_cut_short_end_at_once(self):
        repo = self.small()
        odd = repo.git("hash-object", "-w", "--stdin", stdin=b"x1")
        path = self.object_path(repo, odd)
        os.chmod(path, 0o644)
        with open(path, "rb") as file:
            whole = file.read()
        for n in range(len(whole)):
            with open(path, "wb") as file:
                file.write(whole[:n])
            run = self.history(repo, timeout=20)
            self.assertFalse(run.summary()["complete"])
            self.assertEqual([(s["reason"], s["object"]) for s in run.jsonl()
                              if s["type"] == "skip"], [("corrupt", odd)])

    def test_repositories__loose_object_longer_than_it_says(self):
        repo = self.small()
        odd = repo.git("hash-object", "-w", "--stdin", stdin=b"x1")
        for content in (b"blob 2\0" + bytes(1 << 24),
                        b"blob 4000000000000\0x1", b"blob -1\0x1",
                        b"blob 2\0x", b"blip 2\0x1", b"blob 02\0x1", b""):
            def spoil(data):
                data[:] = zlib.compress(content)

            self.overwrite(self.object_path(repo, odd), spoil)
            run = self.history(repo, timeout=20)
            self.assertFalse(run.summary()["complete"], content[:20])

    def test_repositories__fifos_do_not_hang(self):
        for name in ("objects/info/alternates", "packed-refs", "HEAD",
                     "refs/heads/odd", "config", "shallow", "commondir",
                     "MERGE_HEAD", "logs/refs/heads/odd"):
            repo = self.small(name.replace("/", "-"))
            path = os.path.join(repo.path, ".git", name)
            if os.path.exists(path):
                os.remove(path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.mkfifo(path)
            run = self.history(repo, timeout=20)
            self.assertNotEqual(run.code, 0, name)
            self.assertTrue(run.code == 3 or not run.summary()["complete"],
                            name)

    def pack(self, repo, suffix):
        directory = os.path.join(repo.path, ".git", "objects", "pack")
        return [os.path.join(directory, name)
                for name in sorted(os.listdir(directory))
                if name.endswith(suffix)][0]

    def packed(self):
        repo = self.repo()
        for i in range(20):
            repo.commit("c%d" % i, {"f%d" % i: "%s\n" % harness.os.urandom(
                300).hex()})
        repo.git("gc", "-q")
        return repo

    def test_repositories__flipped_bytes_in_a_pack_are_told(self):
        repo = self.packed()

        def flip(content):
            for at in range(100, len(content) - 100, 97):
                content[at] ^= 0x55

        self.overwrite(self.pack(repo, ".pack"), flip)
        run = self.history(repo)
        self.assertRun(run, 3)
        self.assertFalse(run.summary()["complete"])

    def test_repositories__truncated_pack_is_told(self):
        repo = self.packed()

        def cut(content):
            del content[len(content) // 2:]

        self.overwrite(self.pack(repo, ".pack"), cut)
        self.assertRun(self.history(repo), 3)

    def test_repositories__damaged_pack_index_is_told(self):
        repo = self.packed()

        def cut(content):
            del content[len(content) // 2:]

        self.overwrite(self.pack(repo, ".idx"), cut)
        self.assertRun(self.history(repo), 3)

    def test_repositories__pack_without_its_index_is_told(self):
        repo = self.packed()
        os.remove(self.pack(repo, ".idx"))
        self.assertRun(self.history(repo), 3)

    def test_repositories__damaged_ref_is_told(self):
        repo = self.small()
        repo.write(".git/refs/heads/bad", "not an id\n")
        run = self.history(repo)
        self.assertFalse(run.summary()["complete"])
        self.assertEqual(self.reasons(run), ["corrupt"])

    # ---- kinds

    def test_repositories__refs_in_deep_directories_are_read(self):
        repo = self.repo()
        repo.commit("first")
        repo.git("checkout", "-q", "-b", "side")
        commit = repo.commit("deep", {"f": "k %s\n" % token(1)})
        repo.git("checkout", "-q", "main")
        repo.git("branch", "-q", "-D", "side")
        shutil.rmtree(os.path.join(repo.path, ".git", "logs"))
        deep = "refs/heads/" + "/".join("d%d" % i for i in range(60))
        repo.git("update-ref", deep, commit)
        self.assertRun(self.history(repo), 1)
        os.makedirs(os.path.join(repo.path, ".git", deep + "-" + "/d" * 150))
        self.assertIn("corrupt", self.reasons(self.history(repo)))

    def test_repositories__alternates_in_a_circle_and_too_deep(self):
        stores = []
        for i in range(9):
            repo = self.repo("store%d" % i)
            repo.commit("c%d" % i, {"f": "k %s\n" % token(i)})
            if stores:
                self.write("store%d/.git/objects/info/alternates" % i,
                           stores[-1].path + "/.git/objects\n")
            stores.append(repo)
        self.assertIn("unsupported", self.reasons(self.history(stores[8])))
        self.write("store0/.git/objects/info/alternates",
                   stores[3].path + "/.git/objects\n")
        run = self.history(stores[3])
        self.assertEqual((len(run.findings()), self.reasons(run)), (4, []))

    def wide(self):
        """A repository with SHA-256 ids."""
        os.makedirs(self.path("wide"))
        plain = self.repo("plain")
        plain.git("init", "-q", "--object-format=sha256", self.path("wide"))
        repo = harness.Repo(self.path("wide"), plain.env)
        repo.git("symbolic-ref", "HEAD", "refs/heads/main")
        return repo

    def test_repositories__sha256_loose_and_packed(self):
        repo = self.wide()
        first = repo.commit("a", {"a": "k %s\n" % token(1)})
        second = repo.commit("b", {"a": None, "d/b": "k %s\n" % token(2)})
        repo.git("tag", "-a", "-m", "k %s" % token(3), "v1")
        for pack in ([], ["gc", "-q"], ["repack", "-q", "-adf"]):
            if pack:
                repo.git(*pack)
            run = self.history(repo)
            self.assertFound(run, 3)
            self.assertEqual(self.found(run)[:2],
                             [("test-token", "a", first),
                              ("test-token", "d/b", second)])

    def test_repositories__sha256_range_and_index(self):
        repo = self.wide()
        repo.commit("a", {"a": "k %s\n" % token(1)})
        second = repo.commit("b", {"d/b": "k %s\n" % token(2)})
        for name in ("HEAD~1..", "main^..main", second[:9] + "^.." + second):
            run = self.scan(repo, "--range", name)
            self.assertEqual(self.found(run), [("test-token", "d/b", second)])
        repo.write("c", "k %s\n" % token(3))
        repo.git("add", "c")
        self.assertEqual(self.paths(self.scan(repo, "--staged")), ["c"])

    def test_repositories__sha256_in_format_version_0_is_refused(self):
        repo = self.wide()
        repo.commit("a", {"a": "k %s\n" % token(1)})
        repo.git("config", "core.repositoryformatversion", "0")
        self.assertRun(self.history(repo), 3)

    def test_repositories__unknown_hash_is_refused(self):
        repo = self.wide()
        config = os.path.join(repo.path, ".git", "config")
        with open(config, encoding="utf-8") as file:
            text = file.read().replace("sha256", "sha3")
        repo.write(".git/config", text)
        for mode in (["--history"], ["--staged"], ["--range", "HEAD"]):
            run = self.scan(repo, *mode)
            self.assertRun(run, 3)
            self.assertIn("sha3", run.err)

    def test_repositories__unknown_extension_is_refused(self):
        repo = self.small()
        repo.git("config", "core.repositoryformatversion", "1")
        repo.git("config", "extensions.fromTheFuture", "true")
        run = self.history(repo)
        self.assertRun(run, 3)
        self.assertIn("fromthefuture", run.err)

    def test_repositories__harmless_extensions_are_accepted(self):
        repo = self.small()
        repo.write(".git/config", """[core]
    repositoryFormatVersion = 1 ; a comment
[Extensions]
    noop
    preciousObjects = true
    worktreeConfig = "tr"ue
    relativeWorktrees = \\
        true
    objectFormat = sha1
    refStorage = "files" # another
""")
        self.assertFound(self.history(repo))

    def test_repositories__damaged_configuration_is_not_green(self):
        repo = self.small()
        repo.write(".git/config", "[core\n")
        self.assertRun(self.history(repo), 3)

    # ---- by name, and while git is at work

    def test_repositories__by_name_finds_the_same(self):
        repo = self.repo()
        for i in range(30):
            repo.commit("c%d" % i, {"f": "".join(
                "line %d\n" % (k * i) for k in range(60)) + "k %s\n" % token(
                    i % 7), "g%d" % i: "%d\n" % i})
            if i == 20:
                repo.git("gc", "-q")
        expected = self.history(repo).findings()
        self.assertEqual(len(expected), 7)
        self.assertEqual(self.history(repo, "--by-name").findings(), expected)
        self.assertNotIn("by-name", self.secscan("--help").out)
        self.assertRun(self.secscan("--by-name", repo.path), 2)

    def test_repositories__git_gc_while_scanning(self):
        """However often the packs change, all is found, or it is said what is
        not."""
        repo = self.repo()
        for i in range(40):
            repo.commit("c%d" % i, {"f%d" % i: "%s\nk %s\n" % (
                "x\n" * 200, token(i))})
        stop = threading.Event()
        failures = []

        def collect():
            n = 0
            while not stop.is_set():
                n += 1
                for args in (["repack", "-q", "-ad", "--window=%d" % (n % 9)],
                             ["gc", "-q", "--prune=now"],
                             ["repack", "-q", "-adF", "--depth=%d" % (n % 7)]):
                    try:
                        repo.git("hash-object", "-w", "--stdin",
                                 stdin=b"%d" % n)
                        repo.git(*args)
                    except AssertionError as error:
                        failures.append(error)
                        return

        worker = threading.Thread(target=collect)
        worker.start()
        try:
            for _ in range(25):
                run = self.history(repo)
                if run.summary()["complete"]:
                    self.assertEqual(len(run.findings()), 40, repr(run))
                    self.assertEqual(
                        {f["reach"] for f in run.findings()}, {"ref"})
                else:
                    self.assertTrue(self.reasons(run), repr(run))
        finally:
            stop.set()
            worker.join()
        self.assertEqual(failures, [])

    # ---- hostile

    def test_repositories__nothing_of_the_configuration_is_run(self):
        repo = self.small()
        marker = self.path("ran")
        script = repo.write("evil.sh", "#!/bin/sh\ntouch '%s'\n" % marker)
        os.chmod(script, 0o755)
        for name in ("post-checkout", "pre-commit", "post-index-change",
                     "reference-transaction", "fsmonitor-watchman"):
            hook = repo.write(".git/hooks/" + name, "#!/bin/sh\n" + script)
            os.chmod(hook, 0o755)
        for key in ("core.fsmonitor", "core.sshCommand", "core.pager",
                    "core.editor", "diff.evil.textconv", "diff.external",
                    "diff.evil.command", "filter.evil.clean",
                    "filter.evil.smudge", "filter.evil.process",
                    "credential.helper", "gpg.program"):
            repo.git("config", key, script)
        repo.write(".gitattributes", "* diff=evil filter=evil -text\n")
        repo.write(".git/info/attributes", "* diff=evil filter=evil\n")
        for mode in (["--history"], ["--staged"], ["--range", "HEAD"]):
            self.scan(repo, *mode)
        self.assertFalse(os.path.exists(marker))

    def test_repositories__attributes_and_output_settings_hide_nothing(self):
        repo = self.small()
        repo.commit("d", {".gitattributes": "* -diff binary export-ignore\n"})
        for key, value in (("color.ui", "always"), ("diff.noprefix", "true"),
                           ("core.quotePath", "true"),
                           ("log.showSignature", "true"),
                           ("core.precomposeUnicode", "true")):
            repo.git("config", key, value)
        self.assertFound(self.history(repo))

    def test_repositories__replace_refs_and_grafts_are_ignored(self):
        repo = self.repo()
        repo.commit("a", {"a": "x\n"})
        bad = repo.commit("b", {"k": "k %s\n" % token(1)})
        good = repo.git("commit-tree", "-m", "clean", "HEAD~1^{tree}")
        repo.git("replace", bad, good)
        repo.write(".git/info/grafts", "%s\n" % bad)
        run = self.history(repo)
        self.assertFound(run)
        self.assertEqual(run.findings()[0]["commit"], bad)
        self.assertTrue(run.findings()[0]["in_head"])

    @unittest.skipUnless(os.getuid() == 0, "needs another owner")
    def test_repositories__another_owner_is_scanned(self):
        repo = self.small()
        for base, _, names in os.walk(repo.path):
            for name in [""] + names:
                os.chown(os.path.join(base, name), 12345, 12345)
        self.assertFound(self.history(repo))

    @unittest.skipUnless(os.getuid() == 0, "needs another owner")
    def test_repositories__another_user_scans_what_it_can_only_read(self):
        repo = self.small()
        os.chmod(self.dir, 0o755)
        for base, _, names in os.walk(repo.path):
            os.chmod(base, 0o555)
            for name in names:
                os.chmod(os.path.join(base, name), 0o444)
        before = sorted((base, sorted(names), os.stat(base).st_mtime_ns)
                        for base, _, names in os.walk(repo.path))
        for mode in (["--history"], ["--staged"], ["--range", "HEAD"]):
            done = subprocess.run(
                [harness.BIN, "--rules", self.rules, "--format", "jsonl",
                 *mode, repo.path], user=12345, group=12345, cwd="/",
                stdout=subprocess.PIPE, check=False,
                env=self.environment({"HOME": "/nonexistent"}))
            self.assertEqual(done.returncode, 0 if "--staged" in mode else 1)
            self.assertIn(b'"complete":true', done.stdout)
        self.assertEqual(before, sorted(
            (base, sorted(names), os.stat(base).st_mtime_ns)
            for base, _, names in os.walk(repo.path)))

    def test_repositories__tree_of_trees_of_trees(self):
        """Ten levels of ten equal entries: ten billion paths, eleven trees."""
        repo = self.repo()
        blob = repo.git("hash-object", "-w", "--stdin", stdin=b"harmless\n")
        entry = "100644 blob %s" % blob
        for _ in range(10):
            tree = repo.git("mktree", stdin="".join(
                "%s\tn%d\n" % (entry, i) for i in range(10)).encode())
            entry = "040000 tree %s" % tree
        commit = repo.git("commit-tree", "-m", "bomb", tree)
        repo.git("update-ref", "refs/heads/main", commit)
        run = self.history(repo, timeout=60)
        self.assertRun(run, 0)
        self.assertTrue(run.summary()["complete"])

    def test_repositories__odd_names_and_modes(self):
        repo = self.repo()
        names = ["sp ace", "tab\there", "quote\"x", "new\nline", "-dash",
                 "\udcff\udcfe", "ü"]
        repo.commit("odd", {name: "%d %s\n" % (i, token(i))
                            for i, name in enumerate(names)})
        self.assertFound(self.history(repo), len(names))

    def test_repositories__strange_commits(self):
        repo = self.small()
        tree = repo.git("rev-parse", "HEAD^{tree}")
        raw = ("tree %s\nauthor nobody\ncommitter <> 99999999999999999999 "
               "+9999\n\nk %s\n" % (tree, token(2)))
        commit = repo.git("hash-object", "-t", "commit", "-w", "--literally",
                          "--stdin", stdin=raw.encode())
        repo.git("update-ref", "refs/heads/strange", commit)
        self.assertFound(self.history(repo), 2)


if __name__ == "__main__":
    harness.main()

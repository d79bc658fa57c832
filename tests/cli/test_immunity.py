"""test_immunity.py: nothing that a repository names is executed, and no setting of
git's changes what is found. Every program that git could be told to run would
leave a file behind."""

import os
import stat

import harness
from git_case import GitCase, token

# Settings that make git run a program; {run} leaves the canary.
PROGRAMS = [
    "core.pager={run}", "pager.log={run}", "core.editor={run}",
    "core.fsmonitor={run}", "core.sshCommand={run}", "core.gitProxy={run}",
    "core.askPass={run}", "core.alternateRefsCommand={run}",
    "core.hooksPath={hooks}", "credential.helper=!{run}",
    "diff.external={run}", "diff.canary.textconv={run}",
    "diff.canary.command={run}", "merge.canary.driver={run}",
    "filter.canary.clean={run}", "filter.canary.smudge={run}",
    "filter.canary.process={run}", "filter.canary.required=true",
    "interactive.diffFilter={run}", "gpg.program={run}",
    "gpg.ssh.program={run}", "uploadpack.packObjectsHook={run}",
    "remote.origin.url=ext::{run}", "remote.origin.uploadpack={run}",
    "remote.origin.vcs={run}", "submodule.lib.update=!{run}",
    "protocol.ext.allow=always", "alias.log=!{run}", "sequence.editor={run}",
    "diff.tool=canary", "difftool.canary.cmd={run}", "trailer.x.command={run}",
    "fetch.fsckObjects=true", "extensions.partialClone=origin",
    "remote.origin.promisor=true", "maintenance.auto=true", "gc.auto=1",
    "lfs.customtransfer.x.path={run}", "sendemail.sendmailcmd={run}"]

# Settings that change what git prints or sees.
WORDS = ["color.ui=always", "color.diff=always", "diff.noprefix=true",
         "diff.mnemonicPrefix=true", "diff.renames=copies",
         "diff.ignoreSubmodules=all", "log.showSignature=true",
         "log.date=relative", "core.quotePath=false", "core.autocrlf=true",
         "core.safecrlf=true", "core.abbrev=4", "core.ignoreCase=true",
         "core.precomposeUnicode=true", "core.sparseCheckout=true",
         "core.attributesFile={attributes}", "core.excludesFile={excludes}",
         "core.bigFileThreshold=1", "core.useReplaceRefs=true",
         "i18n.logOutputEncoding=UTF-16", "i18n.commitEncoding=UTF-16",
         "log.mailmap=true", "mailmap.blob=HEAD:.mailmap",
         "transfer.hideRefs=refs/heads", "uploadpack.hideRefs=refs",
         "log.excludeDecoration=refs/*", "notes.displayRef=refs/none",
         "grep.patternType=fixed", "status.showUntrackedFiles=no",
         "include.path={missing}", "safe.directory=/nowhere"]


class ImmunityTest(GitCase):
    def setUp(self):
        super().setUp()
        self.canary = self.path("canary")
        run = self.write("run", "#!/bin/sh\ntouch '%s'\ncat\n" % self.canary)
        os.chmod(run, stat.S_IRWXU)
        self.values = {
            "run": run, "hooks": self.make_hooks(run),
            "attributes": self.write("attributes", "* -diff -text\n"),
            "excludes": self.write("excludes", "*\n"),
            "missing": self.path("missing"), "fifo": self.path("fifo")}
        os.mkfifo(self.values["fifo"])
        self.repo1 = repo = self.repo()
        self.base = repo.commit("base", {"a": "k %s\n" % token(1)})
        self.secret = repo.commit("secret", {"b": "k %s\n" % token(2)})
        repo.commit("clean", {"b": "x\n"})
        repo.add("s", "k %s\n" % token(3))

    def make_hooks(self, run):
        with open(run, encoding="ascii") as file:
            script = file.read()
        for name in ("pre-commit", "post-checkout", "reference-transaction",
                     "fsmonitor-watchman", "pre-auto-gc", "post-index-change"):
            os.chmod(self.write("hooks/" + name, script), stat.S_IRWXU)
        return self.path("hooks")

    def results(self, repo):
        """All that the three modes and the tree scan say of a repository."""
        out = []
        for args in (["--history"], ["--range", self.base + "..HEAD"],
                     ["--branch", "main"], ["--staged"], []):
            run = self.scan(repo, *args, timeout=30)
            out.append((run.code, run.findings(), run.summary()["complete"]))
        return out

    def configure(self, lines, is_user_only=False):
        """Settings as they are, in the order given, in the repository and for
        the user."""
        text = ""
        for line in lines:
            name, value = line.format(**self.values).split("=", 1)
            section, key = name.rsplit(".", 1)
            if "." in section:
                section = '%s "%s"' % tuple(section.split(".", 1))
            text += '[%s]\n\t%s = "%s"\n' % (section, key, value)
        self.write(".gitconfig", text)
        if is_user_only:
            return
        with open(os.path.join(self.repo1.path, ".git", "config"), "a",
                  encoding="utf-8") as file:
            file.write(text)

    def check_same(self, before):
        self.assertEqual(self.results(self.repo1), before)
        self.assertFalse(os.path.exists(self.canary))

    def test_immunity__a_canary_would_sing(self):
        repo = self.repo1
        repo.git("config", "diff.external", self.values["run"])
        repo.git("diff", "HEAD~1")
        self.assertTrue(os.path.exists(self.canary))

    def test_immunity__programs_are_not_run(self):
        before = self.results(self.repo1)
        programs = [p for p in PROGRAMS if "partialClone" not in p and
                    "promisor" not in p]
        self.configure(programs)
        self.repo1.write(".git/info/attributes",
                         "* diff=canary merge=canary filter=canary\n")
        self.check_same(before)

    def test_immunity__each_program_alone(self):
        before = self.results(self.repo1)
        config = os.path.join(self.repo1.path, ".git", "config")
        with open(config, encoding="utf-8") as file:
            plain = file.read()
        for program in PROGRAMS:
            if "partialClone" in program or "promisor" in program:
                continue
            with open(config, "w", encoding="utf-8") as file:
                file.write(plain)
            self.configure([program])
            run = self.history(self.repo1)
            self.assertEqual(run.findings(), before[0][1], program)
            self.assertFalse(os.path.exists(self.canary), program)

    def test_immunity__nothing_is_fetched(self):
        gone = self.repo1.git("rev-parse", "HEAD:b")
        self.configure(PROGRAMS)
        os.unlink(os.path.join(self.repo1.path, ".git", "objects", gone[:2],
                               gone[2:]))
        run = self.history(self.repo1)
        self.assertRun(run, 1)
        self.assertEqual(self.reasons(run), ["partial"])
        self.assertFalse(os.path.exists(self.canary))

    def test_immunity__settings_change_nothing(self):
        before = self.results(self.repo1)
        for word in WORDS:
            self.configure([word])
            run = self.history(self.repo1, timeout=30)
            self.assertEqual(run.findings(), before[0][1], word)
            self.assertTrue(run.summary()["complete"], word)
        self.check_same(before)

    def test_immunity__a_pipe_in_the_users_settings_blocks_nothing(self):
        before = self.results(self.repo1)
        for word in ("include.path={fifo}", "includeIf.gitdir:/.path={fifo}",
                     "core.attributesFile={fifo}", "core.excludesFile={fifo}",
                     "mailmap.file={fifo}"):
            self.configure([word], is_user_only=True)
            run = self.history(self.repo1, timeout=30)
            self.assertEqual(run.findings(), before[0][1], word)
        self.check_same(before)

    def test_immunity__attributes_of_the_tree_hide_nothing(self):
        repo = self.repo1
        repo.commit("attributes", {
            ".gitattributes": "* -diff -text filter=canary diff=canary "
                              "export-ignore\n",
            ".mailmap": "Nobody <n@example.com> <ada@example.com>\n",
            "c": "k %s\n" % token(4)})
        self.configure(["filter.canary.clean={run}",
                        "filter.canary.process={run}",
                        "diff.canary.textconv={run}"])
        run = self.history(repo)
        self.assertIn("c", self.paths(run))
        self.assertEqual({f["author"] for f in run.findings()
                          if f["commit"]}, {"Ada Author"})
        self.assertFalse(os.path.exists(self.canary))

    def test_immunity__replace_refs_and_grafts_are_ignored(self):
        repo = self.repo1
        before = self.results(repo)
        clean = repo.git("commit-tree", "-m", "nothing here",
                         repo.git("mktree"))
        repo.git("replace", self.secret, clean)
        repo.write(".git/info/grafts", repo.git("rev-parse", "HEAD") + "\n")
        for now, then in zip(self.results(repo), before):
            self.assertEqual(now[1], then[1])
            self.assertTrue(now[2])

    def test_immunity__environment_changes_nothing(self):
        before = self.history(self.repo1).out
        env = {"GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere",
               "GIT_OBJECT_DIRECTORY": "/nowhere", "GIT_NAMESPACE": "x",
               "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.pager",
               "GIT_CONFIG_VALUE_0": self.values["run"],
               "GIT_EXTERNAL_DIFF": self.values["run"],
               "GIT_PAGER": self.values["run"], "PAGER": self.values["run"],
               "GIT_SSH_COMMAND": self.values["run"],
               "GIT_ASKPASS": self.values["run"],
               "GIT_EDITOR": self.values["run"], "GIT_TRACE": "1",
               "GIT_SHALLOW_FILE": "/nowhere", "GIT_GRAFT_FILE": "/nowhere",
               "GIT_CEILING_DIRECTORIES": "/",
               "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/nowhere"}
        self.assertEqual(self.history(self.repo1, env=env).out, before)
        self.assertFalse(os.path.exists(self.canary))

    def test_immunity__no_git_in_the_path_is_needed(self):
        fake = self.write("bin/git", "#!/bin/sh\ntouch '%s'\n" % self.canary)
        os.chmod(fake, stat.S_IRWXU)
        before = self.history(self.repo1).out
        run = self.history(self.repo1, env={"PATH": self.path("bin")})
        self.assertEqual(run.out, before)
        self.assertFalse(os.path.exists(self.canary))


if __name__ == "__main__":
    harness.main()

"""test_hook.py: secscan hook install, uninstall, status: chains, core.hooksPath,
work trees, templates, programs that manage hooks; and the pre-commit hook."""

import os
import shutil
import stat

import harness
from push_case import PushCase, secret, value

NOTE = "echo \"%s: $* in $(pwd)\" >> '%s'\n"


class HookTest(PushCase):
    def hook_path(self, name, repo=None):
        return os.path.join((repo or self.work).path, ".git", "hooks", name)

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def commit(self, repo=None, *args):
        repo = repo or self.work
        return self.run_git(repo, "commit", "-q", "-m", "x", *args)

    # ---- pre-commit ----

    def test_commit__clean_is_one_line(self):
        self.install("pre-commit")
        self.work.add("a", "x\n")
        run = self.commit()
        self.assertRun(run, 0)
        self.assertRegex(run.err, r"^secscan: 1 file, 2 bytes: no secrets")
        self.assertEqual(len(run.err.splitlines()), 1)

    def test_commit__secret_stops_it(self):
        self.install("pre-commit")
        self.work.add("conf/s.py", secret(1))
        run = self.commit()
        self.assertNotEqual(run.code, 0)
        self.assertIn("secscan: commit BLOCKED: 1 secret would be committed\n",
                      run.err)
        self.assertIn("  conf/s.py:1:10\n", run.err)
        self.assertIn("take it out of the file, and git add it again", run.err)
        self.assertIn('SECSCAN_SKIP="reason" git commit', run.err)
        self.assertNotIn(value(secret(1)), run.err)

    def test_commit__only_what_is_staged_counts(self):
        self.install("pre-commit")
        self.work.add("a", "x\n")
        self.work.write("a", secret(1))
        self.assertRun(self.commit(), 0)
        self.work.add("a", secret(1))
        self.work.write("a", "x\n")
        self.assertNotEqual(self.commit().code, 0)

    def test_commit__of_all_and_of_one_path(self):
        self.work.commit("one", {"a": "x\n", "b": "x\n"})
        self.install("pre-commit")
        self.work.write("a", secret(1))
        self.assertNotEqual(self.commit(None, "-a").code, 0)
        self.work.write("b", "y\n")
        self.assertRun(self.commit(None, "b"), 0)

    def test_commit__first_rename_intent_and_merge(self):
        self.install("pre-commit")
        self.work.write("later", secret(1))
        self.work.git("add", "-N", "later")
        self.work.add("a", "x\n" * 20)
        self.assertRun(self.commit(), 0)
        self.work.git("mv", "a", "b")
        self.assertRun(self.commit(), 0)
        self.work.git("checkout", "-q", "-b", "side")
        self.work.git("rm", "-q", "--cached", "later")
        self.work.commit("side", {"c": "x\n"})
        self.work.git("checkout", "-q", "main")
        self.work.commit("main", {"d": "x\n"})
        run = self.run_git(self.work, "merge", "-q", "--no-ff", "-m", "m",
                           "side")
        self.assertRun(run, 0)

    def test_commit__skip_is_recorded(self):
        self.install("pre-commit")
        self.work.add("a", secret(1))
        run = self.run_git(self.work, "commit", "-q", "-m", "x",
                           env={"SECSCAN_SKIP": "a test"})
        self.assertRun(run, 0)
        self.assertIn("commit LET THROUGH", run.err)
        self.assertIn('"reason":"a test"', self.read(os.path.join(
            self.work.path, ".git/secscan/audit.jsonl")))

    def test_commit__from_a_folder_and_a_linked_work_tree(self):
        self.work.commit("one", {"d/a": "x\n"})
        self.install("pre-commit")
        self.work.git("worktree", "add", "-q", self.path("linked"))
        linked = harness.Repo(self.path("linked"), self.work.env)
        linked.add("s.py", secret(1))
        self.assertNotEqual(self.commit(linked).code, 0)
        self.work.add("d/s.py", secret(1))
        folder = harness.Repo(self.work.path, self.work.env)
        folder.path = os.path.join(self.work.path, "d")
        self.assertNotEqual(self.commit(folder).code, 0)

    def test_commit__generic_example_is_not_worth_stopping(self):
        """Hooks use the profile that may stop a person."""
        self.install("pre-commit")
        self.work.add("tests/a.py", 'password = "hunter2hunter2"\n')
        self.assertRun(self.commit(), 0)

    # ---- install ----

    def test_install__again_changes_nothing(self):
        run = self.hook("install", "pre-push")
        self.assertRun(run, 0)
        path = self.hook_path("pre-push")
        self.assertIn("pre-push hook installed: %s\n" % path, run.out)
        before = os.stat(path)
        run = self.hook("install", "pre-push")
        self.assertRun(run, 0)
        self.assertIn("installed already", run.out)
        self.assertEqual(os.stat(path).st_ino, before.st_ino)
        self.assertTrue(before.st_mode & stat.S_IXUSR)

    def test_install__is_renewed_for_another_program(self):
        self.install("pre-push")
        path = self.hook_path("pre-push")
        text = self.read(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(harness.BIN, "/opt/old secscan"))
        run = self.hook("install", "pre-push")
        self.assertIn("renewed", run.out)
        self.assertEqual(self.read(path), text)
        self.assertFalse(os.path.exists(path + ".secscan-chained"))

    def test_install__several_at_once(self):
        self.assertRun(self.hook("install", "pre-commit", "pre-push"), 0)
        self.assertTrue(os.path.exists(self.hook_path("pre-commit")))
        self.assertTrue(os.path.exists(self.hook_path("pre-push")))

    def test_install__program_with_a_quote_in_its_path(self):
        place = self.path("it's here")
        os.makedirs(place)
        shutil.copy(harness.BIN, place)
        self.work.env["SECSCAN_BIN"] = os.path.join(place, "secscan")
        done = self.run_git(self.work, "-c", "alias.x=!\"$SECSCAN_BIN\" hook",
                            "x", "install", "pre-commit")
        self.assertRun(done, 0)
        self.work.add("a", secret(1))
        self.assertNotEqual(self.commit().code, 0)
        run = self.hook("status")
        self.assertIn("runs %s/secscan" % place, run.out)

    def test_install__program_that_is_gone_stops_and_says_the_way_out(self):
        self.install("pre-push")
        self.work.commit("one", {"a": "x\n"})
        path = self.hook_path("pre-push")
        text = self.read(path).replace(harness.BIN, "/nowhere/secscan")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        run = self.push("origin", "main")
        self.assertNotEqual(run.code, 0)
        self.assertIn("/nowhere/secscan is gone: nothing was checked", run.err)
        self.assertIn("git push --no-verify", run.err)
        run = self.hook("status")
        self.assertRun(run, 3)
        self.assertIn("stops everything: /nowhere/secscan is gone", run.out)

    def test_install__what_was_there_runs_after_it_with_the_same_input(self):
        log = self.path("log")
        self.script(self.hook_path("pre-push"),
                    NOTE % ("old", log) + "cat >> '%s'\n" % log)
        run = self.hook("install", "pre-push")
        self.assertRun(run, 0)
        self.assertIn("runs after it: %s.secscan-chained"
                      % self.hook_path("pre-push"), run.out)
        one = self.work.commit("one", {"a": "x\n"})
        self.assertRun(self.push("origin", "main"), 0)
        text = self.read(log)
        self.assertIn("old: origin file://", text)
        self.assertIn("refs/heads/main %s refs/heads/main %s\n"
                      % (one, "0" * 40), text)

    def test_install__what_was_there_does_not_run_when_a_secret_is_found(self):
        log = self.path("log")
        self.script(self.hook_path("pre-push"), NOTE % ("old", log))
        self.install("pre-push")
        self.work.commit("one", {"a": secret(1)})
        self.assertNotEqual(self.push("origin", "main").code, 0)
        self.assertFalse(os.path.exists(log))

    def test_install__what_was_there_still_decides(self):
        for name in ("pre-commit", "pre-push"):
            self.script(self.hook_path(name), "exit 7\n")
            self.install(name)
        self.work.add("a", "x\n")
        self.assertNotEqual(self.commit().code, 0)
        self.work.commit("one")
        self.assertNotEqual(self.push("origin", "main").code, 0)

    def test_install__many_refs_reach_both(self):
        log = self.path("log")
        self.script(self.hook_path("pre-push"), "cat > '%s'\n" % log)
        self.install("pre-push")
        one = self.work.commit("one", {"a": "x\n"})
        self.work.git("update-ref", "--stdin", stdin="".join(
            "create refs/heads/branch-%04d %s\n" % (i, one)
            for i in range(2000)).encode())
        self.assertRun(self.push("origin", "--all"), 0)
        self.assertEqual(len(self.read(log).splitlines()), 2001)

    def test_install__twice_chained_is_refused(self):
        path = self.hook_path("pre-push")
        self.script(path, "exit 0\n")
        self.install("pre-push")
        self.script(path, "exit 1\n")
        run = self.hook("install", "pre-push")
        self.assertRun(run, 2)
        self.assertIn("nothing was changed", run.err)
        self.assertEqual(self.read(path), "#!/bin/sh\nexit 1\n")

    def test_install__force_keeps_what_was_there_aside(self):
        path = self.hook_path("pre-push")
        self.script(path, "exit 1\n")
        run = self.hook("install", "pre-push", "--force")
        self.assertRun(run, 0)
        self.assertIn("is kept: %s.secscan-saved" % path, run.out)
        self.assertEqual(self.read(path + ".secscan-saved"),
                         "#!/bin/sh\nexit 1\n")
        self.work.commit("one", {"a": "x\n"})
        self.assertRun(self.push("origin", "main"), 0)

    def test_install__hook_that_is_a_link_is_kept_as_one(self):
        path = self.hook_path("pre-push")
        self.script(self.path("shared"), "exit 7\n")
        os.symlink(self.path("shared"), path)
        self.install("pre-push")
        self.assertTrue(os.path.islink(path + ".secscan-chained"))
        self.assertFalse(os.path.islink(path))
        self.work.commit("one", {"a": "x\n"})
        self.assertNotEqual(self.push("origin", "main").code, 0)

    # ---- where ----

    def test_where__hooks_path_is_honoured_and_never_set(self):
        self.work.git("config", "core.hooksPath", "tools/hooks")
        os.makedirs(os.path.join(self.work.path, "tools"))
        config = self.read(os.path.join(self.work.path, ".git/config"))
        run = self.hook("install", "pre-commit")
        self.assertRun(run, 0)
        path = os.path.join(self.work.path, "tools/hooks/pre-commit")
        self.assertIn(path, run.out)
        self.assertIn("core.hooksPath (", run.out)
        self.assertIn("do not commit it for others", run.out)
        self.work.add("a", secret(1))
        self.assertNotEqual(self.commit().code, 0)
        self.assertEqual(config, self.read(os.path.join(self.work.path,
                                                        ".git/config")))
        self.assertFalse(os.path.exists(self.hook_path("pre-commit")))

    def test_where__hooks_path_of_the_users_configuration(self):
        self.write(".gitconfig", "[include]\n\tpath = more.conf\n")
        self.write("more.conf", "[core]\n\thooksPath = ~/my hooks\n")
        env = {"GIT_CONFIG_GLOBAL": ""}
        run = self.hook("install", "pre-commit", env=env)
        self.assertRun(run, 0)
        self.assertIn(self.path("my hooks/pre-commit"), run.out)
        self.assertIn(self.path("more.conf"), run.out)
        self.work.add("a", secret(1))
        self.work.env.pop("GIT_CONFIG_GLOBAL")
        self.assertNotEqual(self.commit().code, 0)

    def test_where__order_of_configurations_is_gits(self):
        self.write("global", "[core]\n\thooksPath = %s\n" % self.path("g"))
        env = {"GIT_CONFIG_GLOBAL": self.path("global")}
        for key, place in (("", "g"), ("local", "l"), ("env", "e")):
            if key == "local":
                self.work.git("config", "core.hooksPath", self.path("l"))
            if key == "env":
                env.update(GIT_CONFIG_COUNT="1",
                           GIT_CONFIG_KEY_0="core.hooksPath",
                           GIT_CONFIG_VALUE_0=self.path("e"))
            self.assertRun(self.hook("install", "pre-commit", env=env), 0)
            self.assertTrue(os.path.exists(self.path(place, "pre-commit")))
            git = self.run_git(self.work, "rev-parse", "--git-path", "hooks",
                               env=env)
            self.assertEqual(git.out.strip(), self.path(place))

    def test_where__work_tree_configuration(self):
        self.work.git("config", "extensions.worktreeConfig", "true")
        self.work.git("config", "--worktree", "core.hooksPath", self.path("w"))
        self.assertRun(self.hook("install", "pre-commit"), 0)
        self.assertTrue(os.path.exists(self.path("w", "pre-commit")))

    def test_where__linked_work_trees_share_it(self):
        self.work.commit("one", {"a": "x\n"})
        self.work.git("worktree", "add", "-q", self.path("linked"))
        linked = harness.Repo(self.path("linked"), self.work.env)
        run = self.hook("install", "pre-commit", repo=linked)
        self.assertRun(run, 0)
        self.assertTrue(os.path.exists(self.hook_path("pre-commit")))
        self.work.add("b", secret(1))
        self.assertNotEqual(self.commit().code, 0)

    def test_where__bare_repository(self):
        self.assertRun(self.hook("install", "pre-receive", repo=self.bare), 0)
        self.assertTrue(os.path.exists(os.path.join(self.bare.path,
                                                    "hooks/pre-receive")))

    def test_where__template_is_for_new_clones(self):
        run = self.hook("install", "pre-commit", "--template")
        self.assertRun(run, 2)
        self.assertIn("init.templateDir is not set", run.err)
        self.write("global", "[init]\n\ttemplateDir = ~/template\n")
        env = {"GIT_CONFIG_GLOBAL": self.path("global")}
        run = self.secscan("hook", "install", "pre-commit", "--template",
                           env=dict(self.work.env, **env))
        self.assertRun(run, 0)
        self.assertRun(self.run_git(self.work, "init", "-q",
                                    self.path("made"), env=env), 0)
        made = harness.Repo(self.path("made"), self.work.env)
        made.add("a", secret(1))
        self.assertNotEqual(self.commit(made).code, 0)

    def test_where__outside_a_repository(self):
        run = self.secscan("hook", "install", "pre-commit")
        self.assertRun(run, 3)
        self.assertIn("no git repository", run.err)

    # ---- managers ----

    def managed(self, name):
        run = self.hook("install", name)
        self.assertRun(run, 2)
        self.assertIn("nothing was changed", run.err)
        self.assertFalse(os.path.exists(self.hook_path(name)))
        return run.err

    def test_manager__husky(self):
        self.work.git("config", "core.hooksPath", ".husky/_")
        self.work.write(".husky/pre-push", "npm test\n")
        text = self.managed("pre-push")
        self.assertIn("husky manages the hooks here", text)
        self.assertIn("Add to .husky/pre-push:\n", text)
        self.assertIn('    secscan --pre-push --profile block -- "$@"\n', text)

    def test_manager__lefthook(self):
        self.work.write("lefthook.yml", "pre-commit:\n")
        text = self.managed("pre-push")
        self.assertIn("run: secscan --pre-push --profile block -- {1} {2}\n",
                      text)
        self.assertIn("use_stdin: true\n", text)
        self.assertNotIn("use_stdin", self.managed("pre-commit"))

    def test_manager__pre_commit(self):
        self.work.write(".pre-commit-config.yaml", "repos: []\n")
        text = self.managed("pre-commit")
        self.assertIn("entry: secscan --pre-commit --profile block\n", text)
        self.assertIn("pass_filenames: false\n", text)
        self.assertIn("$PRE_COMMIT_FROM_REF..$PRE_COMMIT_TO_REF",
                      self.managed("pre-push"))

    def test_manager__known_by_the_hook_that_it_wrote(self):
        path = self.script(self.hook_path("pre-commit"),
                           "# File generated by pre-commit: "
                           "https://pre-commit.com\n")
        before = self.read(path)
        run = self.hook("install", "pre-commit")
        self.assertRun(run, 2)
        self.assertIn("pre-commit manages", run.err)
        self.assertEqual(self.read(path), before)

    def test_manager__force_goes_beside_it(self):
        self.work.write("lefthook.yml", "pre-commit:\n")
        self.assertRun(self.hook("install", "pre-push", "--force"), 0)

    # ---- uninstall and status ----

    def test_uninstall__brings_back_what_was_there(self):
        path = self.script(self.hook_path("pre-push"), "exit 7\n")
        self.install("pre-push")
        self.assertRun(self.hook("uninstall", "pre-push"), 0)
        self.assertEqual(self.read(path), "#!/bin/sh\nexit 7\n")
        self.assertFalse(os.path.exists(path + ".secscan-chained"))

    def test_uninstall__removes_only_its_own(self):
        self.install("pre-commit")
        self.assertRun(self.hook("uninstall", "pre-commit"), 0)
        self.assertFalse(os.path.exists(self.hook_path("pre-commit")))
        self.assertRun(self.hook("uninstall", "pre-commit"), 0)
        path = self.script(self.hook_path("pre-commit"), "exit 0\n")
        run = self.hook("uninstall", "pre-commit")
        self.assertRun(run, 2)
        self.assertTrue(os.path.exists(path))

    def test_status__tells_each(self):
        self.install("pre-push")
        self.script(self.hook_path("pre-receive"), "exit 0\n")
        run = self.hook("status")
        self.assertRun(run, 0)
        lines = run.out.splitlines()
        self.assertEqual(lines[0], "pre-commit   not installed")
        self.assertEqual(lines[1], "pre-push     installed: %s runs %s"
                         % (self.hook_path("pre-push"), harness.BIN))
        self.assertEqual(lines[2], "pre-receive  another hook: %s"
                         % self.hook_path("pre-receive"))

    def test_status__hook_that_git_passes_over(self):
        self.install("pre-push")
        os.chmod(self.hook_path("pre-push"), 0o644)
        run = self.hook("status")
        self.assertRun(run, 3)
        self.assertIn("not executable: git passes it over", run.out)
        self.install("pre-push")
        self.assertRun(self.hook("status"), 0)

    def test_usage__says_what_there_is(self):
        for args in ([], ["install"], ["install", "post-commit"], ["x"],
                     ["status", "pre-push"]):
            run = self.hook(*args)
            self.assertRun(run, 2)
            self.assertIn("secscan: hook takes: install", run.err)


if __name__ == "__main__":
    harness.main()

"""The hooks for pre-commit, run by the real thing, in real repositories."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile

import git_case
import harness
from git_case import token

VENV = os.path.join(harness.ROOT, "build", "venv", "bin")
PRE_COMMIT = os.environ.get("SECSCAN_PRE_COMMIT",
                            os.path.join(VENV, "pre-commit"))
MIRROR = os.path.join(harness.ROOT, "script", "pre-commit-mirror")
HOOKS = os.path.join(harness.ROOT, ".pre-commit-hooks.yaml")


def line(seed):
    return "key = %s\n" % token(seed)


class PreCommitCase(git_case.GitCase):
    """A repository with the hooks of `hooks` installed, and a bare one to push
    to."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.path("bin"))
        self.write("bin/secscan", '#!/bin/sh\ncommand=$1\nshift\n'
                   'exec "%s" "$command" --rules "%s" "$@"\n'
                   % (harness.BIN, self.rules))
        os.chmod(self.path("bin/secscan"), 0o755)

    def environment(self, extra=None):
        env = super().environment(extra)
        env.update({k: v for k, v in os.environ.items()
                    if k.startswith(("PIP_", "SSL_", "REQUESTS_"))})
        env.update(PATH="%s:%s:%s" % (self.path("bin"), VENV, env["PATH"]),
                   PRE_COMMIT_HOME=self.path("home"))
        return env

    def hook_repository(self):
        repo = self.repo("hooks")
        with open(HOOKS, encoding="utf-8") as file:
            repo.commit("hooks", {".pre-commit-hooks.yaml": file.read()})
        return repo

    def work_repository(self, hooks, extra=""):
        repo = self.repo("work")
        repo.env.update(self.environment())
        repo.commit("config", {".pre-commit-config.yaml": """
repos:
- repo: file://%s
  rev: %s
  hooks:
  - id: secscan
%s  - id: secscan-push
""" % (hooks.path, hooks.git("rev-parse", "HEAD"), extra)})
        self.repo("remote", bare=True)
        repo.git("remote", "add", "origin", "file://" + self.path("remote"))
        self.run_in(repo, PRE_COMMIT, "install", "--hook-type", "pre-commit",
                    "--hook-type", "pre-push")
        return repo

    def run_in(self, repo, *command):
        done = subprocess.run(command, cwd=repo.path, env=repo.env,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False,
                              timeout=harness.TIMEOUT, text=True)
        self.out = done.stdout
        return done.returncode

    def pre_commit(self, *args):
        return self.run_in(self.work, PRE_COMMIT, "run", *args)

    def commit(self, name, content):
        self.work.add(name, content)
        return self.run_in(self.work, "git", "commit", "-q", "-m", "change")

    def push(self, *refs):
        return self.run_in(self.work, "git", "push", "-q", "origin",
                           *(refs or ["main"]))


class HooksTest(PreCommitCase):
    def setUp(self):
        super().setUp()
        self.work = self.work_repository(self.hook_repository())

    def test_pre_commit__the_manifest_is_valid(self):
        self.assertEqual(self.run_in(self.work, PRE_COMMIT,
                                     "validate-manifest", HOOKS), 0, self.out)

    def test_pre_commit__a_commit_with_a_secret_is_stopped(self):
        head = self.work.git("rev-parse", "HEAD")
        self.assertEqual(self.commit("a.txt", line(1)), 1, self.out)
        self.assertEqual(self.work.git("rev-parse", "HEAD"), head)
        self.assertIn("a.txt:1", self.out)
        self.assertNotIn(token(1), self.out)

    def test_pre_commit__a_clean_commit_says_what_was_read(self):
        self.assertEqual(self.commit("a.txt", "text\n"), 0, self.out)
        self.assertRegex(self.out, r"secscan\.+Passed")
        self.assertRegex(self.out, r"1 (blob|file), 5 bytes")

    def test_pre_commit__what_is_old_does_not_stop_a_commit(self):
        self.work.commit("old", {"a.txt": line(1)})
        self.assertEqual(self.commit("a.txt", line(1) + "more\n"), 0, self.out)

    def test_pre_commit__what_is_not_staged_is_not_committed(self):
        self.work.add("a.txt", "text\n")
        self.work.write("a.txt", line(1))
        self.assertEqual(self.run_in(self.work, "git", "commit", "-q", "-m",
                                     "x"), 0, self.out)

    def test_pre_commit__commit_with_all_sees_the_index_of_git(self):
        self.work.commit("old", {"a.txt": "text\n"})
        self.work.write("a.txt", line(1))
        self.assertEqual(self.run_in(self.work, "git", "commit", "-q", "-a",
                                     "-m", "x"), 1, self.out)

    def test_pre_commit__all_files_are_scanned_as_they_are(self):
        self.work.commit("old", {"a.txt": line(1), "-b.txt": "text\n"})
        self.assertEqual(self.pre_commit("--all-files"), 1, self.out)
        self.assertIn("a.txt:1", self.out)
        self.work.commit("clean", {"a.txt": "text\n"})
        self.assertEqual(self.pre_commit("--all-files"), 0, self.out)
        self.assertRegex(self.out, r"3 files") # and the configuration

    def test_pre_commit__named_files_are_scanned_as_they_are(self):
        self.work.commit("old", {"a.txt": line(1), "b.txt": "text\n"})
        self.assertEqual(self.pre_commit("--files", "a.txt"), 1, self.out)
        self.assertEqual(self.pre_commit("--files", "b.txt"), 0, self.out)

    def test_pre_commit__an_empty_run_is_never_passed(self):
        self.assertEqual(self.pre_commit(), 0)
        self.assertNotIn("Passed", self.out)
        self.assertIn("Skipped", self.out)
        self.assertEqual(self.pre_commit("--hook-stage", "pre-push"), 1)
        self.assertIn("nothing was scanned", self.out)

    def test_pre_commit__from_and_to_are_a_range(self):
        self.work.commit("one", {"a.txt": line(1)})
        self.work.commit("two", {"a.txt": None, "b.txt": "text\n"})
        refs = ["--from-ref", "HEAD~2", "--to-ref", "HEAD"]
        self.assertEqual(self.pre_commit(*refs), 1, self.out)
        self.assertEqual(self.pre_commit("--from-ref", "HEAD~1", "--to-ref",
                                         "HEAD"), 0, self.out)

    def test_pre_commit__a_zero_id_is_what_no_branch_has(self):
        self.work.git("checkout", "-q", "-b", "side")
        self.work.commit("one", {"a.txt": line(1)})
        env = {"PRE_COMMIT_FROM_REF": "0" * 40, "PRE_COMMIT_TO_REF": "side"}
        run = self.secscan("pre-commit-run", "--rules", self.rules,
                           cwd=self.work.path, env=env)
        self.assertRun(run, 1)
        env = {"PRE_COMMIT_FROM_REF": "side", "PRE_COMMIT_TO_REF": "0" * 40}
        run = self.secscan("pre-commit-run", cwd=self.work.path, env=env)
        self.assertRun(run, 0)
        self.assertIn("a deleted branch: nothing to scan", run.err)

    def test_pre_commit__a_push_of_what_was_taken_out_again_is_stopped(self):
        self.assertEqual(self.push(), 0, self.out)
        self.work.commit("one", {"a.txt": line(1)})
        self.work.commit("two", {"a.txt": None})
        self.assertNotEqual(self.push(), 0, self.out)
        self.assertIn("a.txt:1", self.out)

    def test_pre_commit__the_first_push_is_scanned_from_the_root(self):
        self.work.commit("one", {"a.txt": line(1)})
        self.work.commit("two", {"a.txt": None})
        self.assertNotEqual(self.push(), 0, self.out)
        self.assertIn("a.txt:1", self.out)

    def test_pre_commit__a_clean_push_passes_and_a_deletion_too(self):
        self.assertEqual(self.push(), 0, self.out)
        self.assertIn("Passed", self.out)
        self.assertEqual(self.push("main:other"), 0, self.out)
        self.assertEqual(self.push(":other"), 0, self.out)

    def test_pre_commit__modes_of_ones_own_are_refused(self):
        run = self.secscan("pre-commit-run", "--staged", cwd=self.work.path)
        self.assertRun(run, 2)


class MirrorTest(PreCommitCase):
    def wheel(self):
        """A package secscan whose program is the one under test."""
        def digest(data):
            return base64.urlsafe_b64encode(
                hashlib.sha256(data).digest()).rstrip(b"=").decode()

        info = "secscan-9.9.9.dist-info/"
        with open(self.path("bin/secscan"), "rb") as file:
            program = file.read()
        files = {
            "secscan-9.9.9.data/scripts/secscan":
                program,
            info + "METADATA":
                b"Metadata-Version: 2.1\nName: secscan\nVersion: 9.9.9\n",
            info + "WHEEL": b"Wheel-Version: 1.0\nGenerator: test\n"
                            b"Root-Is-Purelib: true\nTag: py3-none-any\n"}
        record = "".join("%s,sha256=%s,%d\n" % (name, digest(data), len(data))
                         for name, data in files.items())
        files[info + "RECORD"] = (record + info + "RECORD,,\n").encode()
        path = self.path("secscan-9.9.9-py3-none-any.whl")
        with zipfile.ZipFile(path, "w") as wheel:
            for name, data in files.items():
                info = zipfile.ZipInfo(name)
                info.external_attr = 0o100755 << 16 # a program
                wheel.writestr(info, data)
        return path

    def mirror(self, *args):
        repo = self.repo("mirror")
        return repo, self.run_in(repo, MIRROR, *args)

    def test_mirror__asks_for_the_wheel_of_its_version(self):
        repo, code = self.mirror("1.2.3", self.path("mirror"))
        self.assertEqual(code, 0, self.out)
        self.assertEqual(repo.git("tag"), "v1.2.3")
        manifest = repo.git("show", "v1.2.3:.pre-commit-hooks.yaml")
        self.assertEqual(manifest.count("  language: python\n"), 2)
        self.assertEqual(manifest.count(
            "  additional_dependencies: ['secscan==1.2.3']\n"), 2)
        self.assertNotIn("system", manifest)
        self.assertEqual(
            self.run_in(repo, PRE_COMMIT, "validate-manifest",
                        self.path("mirror/.pre-commit-hooks.yaml")), 0,
            self.out)

    def test_mirror__a_version_is_written_once_and_the_next_on_top(self):
        self.mirror("1.2.3", self.path("mirror"))
        self.assertEqual(self.mirror("1.2.3", self.path("mirror"))[1], 2)
        repo, code = self.mirror("1.2.4", self.path("mirror"))
        self.assertEqual(code, 0, self.out)
        self.assertEqual(repo.git("tag"), "v1.2.3\nv1.2.4")

    def test_mirror__what_is_no_version_is_refused(self):
        for version in ("", "v1", "1.0'", "$(x)"):
            self.assertEqual(self.mirror(version, self.path("m"))[1], 2)
        self.assertFalse(os.path.exists(self.path("m")))

    def test_mirror__its_hooks_run_the_wheel(self):
        wheel = self.wheel()
        repo, code = self.mirror("9.9.9", self.path("mirror"), wheel)
        self.assertEqual(code, 0, self.out)
        os.unlink(self.path("bin/secscan")) # only the wheel has it now
        self.work = self.work_repository(repo)
        self.assertEqual(self.commit("b.txt", "text\n"), 0, self.out)
        self.assertEqual(self.commit("a.txt", line(1)), 1, self.out)
        self.assertIn("a.txt:1", self.out)


if __name__ == "__main__":
    if not os.path.exists(PRE_COMMIT) and not shutil.which(PRE_COMMIT):
        print("no pre-commit: script/bootstrap --test brings it")
        sys.exit(77)
    harness.main()

"""secscan ci: real repositories, fetched as the runners fetch them, and the
environment of each system and event."""

import json

import git_case
import harness
from git_case import token

ZERO = "0" * 40


def line(seed):
    return "key = %s\n" % token(seed)


class CiCase(git_case.GitCase):
    """An origin whose main has secret 1; change(), on a branch from there, adds
    secret 2 in one commit and takes it out in the next."""

    def setUp(self):
        super().setUp()
        self.n_jobs = 0
        self.origin = self.repo("origin")
        self.first = self.origin.commit("one", {"old.txt": line(1)})
        self.origin.git("config", "uploadpack.allowAnySHA1InWant", "true")

    def change(self, branch="feature", seed=2, start="main"):
        self.origin.git("checkout", "-q", "-b", branch, start)
        self.origin.commit("add", {"new.txt": line(seed)})
        head = self.origin.commit("remove", {"new.txt": None})
        self.origin.git("checkout", "-q", "main")
        return head

    def checkout(self, commit, *refspecs, depth=None):
        """As actions/checkout and GitLab's runner do: init, fetch, detach."""
        self.n_jobs += 1
        clone = self.repo("job%d" % self.n_jobs)
        clone.git("remote", "add", "origin", "file://" + self.origin.path)
        clone.git("fetch", "-q", "--no-tags",
                  *(["--depth", str(depth)] if depth else []), "origin",
                  *(refspecs or ["+refs/heads/*:refs/remotes/origin/*"]),
                  "+%s:refs/remotes/job" % commit)
        clone.git("checkout", "-q", "--detach", commit)
        return clone

    def run_ci(self, clone, env, *args):
        self.run_ = self.secscan("ci", "--rules", self.rules, *args,
                                 cwd=clone.path, env=env)
        return self.run_

    def found(self, clone, env, *args):
        """(path, does it gate) of what the job lists."""
        run = self.run_ci(clone, env, "--format", "jsonl", *args)
        return sorted((f["path"], f["gates"]) for f in run.findings())

    def assertLast(self, *words):
        last = self.run_.out.splitlines()[-1]
        for word in words:
            self.assertIn(word, last)


class GitHubTest(CiCase):
    def event(self, name, **event):
        event.setdefault("repository", {"default_branch": "main"})
        return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name,
                "GITHUB_EVENT_PATH": self.write("event.json",
                                                json.dumps(event))}

    def push(self, before, after, ref="refs/heads/main"):
        return self.event("push", before=before, after=after, ref=ref)

    def pull(self, head, base=None, name="pull_request", fork=False):
        return self.event(name, number=1, pull_request={
            "base": {"sha": base or self.first, "ref": "main",
                     "repo": {"full_name": "acme/shop"}},
            "head": {"sha": head, "ref": "feature", "repo": {
                "full_name": "stranger/shop" if fork else "acme/shop"}}})

    def merge(self, head):
        """What GitHub keeps as refs/pull/1/merge."""
        self.origin.git("checkout", "-q", "--detach", "main")
        self.origin.git("merge", "-q", "--no-ff", "-m", "Merge", head)
        merge = self.origin.git("rev-parse", "HEAD")
        self.origin.git("checkout", "-q", "main")
        return merge

    # ---- pushes

    def test_github__a_push_gates_what_it_brings_in(self):
        head = self.origin.commit("two", {"new.txt": line(2)})
        job = self.checkout(head)
        env = self.push(self.first, head)
        self.assertEqual(self.found(job, env), [("new.txt", True)])
        self.assertRun(self.run_, 1)
        run = self.run_ci(job, env)
        self.assertRun(run, 1)
        self.assertIn("secscan ci: GitHub, push: what %s..%s brings in"
                      % (self.first[:10], head[:10]), run.out)
        self.assertLast("FAILED: 1 new secret, complete, exit 1, ", " s")

    def test_github__a_clean_push_passes(self):
        head = self.origin.commit("two", {"new.txt": "text\n"})
        run = self.run_ci(self.checkout(head), self.push(self.first, head))
        self.assertRun(run, 0)
        self.assertIn("read      1 commit, 1 blob", run.out)
        self.assertLast("PASSED, complete, exit 0, ")

    def test_github__a_new_branch_gates_what_main_has_not(self):
        head = self.change()
        env = self.push(ZERO, head, "refs/heads/feature")
        self.assertEqual(self.found(self.checkout(head), env),
                         [("new.txt", True)])

    def test_github__a_branch_pushed_along_with_it_excuses_nothing(self):
        head = self.change()
        self.change("more", 3, "feature")
        env = self.push(ZERO, head, "refs/heads/feature")
        self.assertEqual(self.found(self.checkout(head), env),
                         [("new.txt", True)])

    def test_github__a_new_main_gates_all_of_it(self):
        env = self.push(ZERO, self.first)
        self.assertEqual(self.found(self.checkout(self.first), env),
                         [("old.txt", True)])

    def test_github__a_forced_push_gates_what_main_has_not(self):
        before = self.change()
        self.origin.git("branch", "-q", "-D", "feature")
        head = self.change(seed=3)
        # What was there before is in no clone that is made now.
        job = self.checkout(head, "+refs/heads/main:refs/remotes/origin/main")
        run = self.run_ci(job, self.push(before, head, "refs/heads/feature"))
        self.assertRun(run, 1)
        self.assertIn("(a forced push: what was there before is not here)",
                      run.out)
        self.assertLast("1 new secret")

    def test_github__a_main_that_was_forced_gates_all_of_it(self):
        head = self.origin.commit("two", {"new.txt": line(2)})
        env = self.push("1" * 40, head)
        self.assertEqual(self.found(self.checkout(head), env),
                         [("new.txt", True), ("old.txt", True)])

    def test_github__a_tag_gates_what_main_has_not(self):
        head = self.change()
        self.origin.git("tag", "v1", "main")
        self.origin.git("tag", "v2", head)
        env = self.push(ZERO, self.first, "refs/tags/v1")
        self.assertEqual(self.found(self.checkout(self.first), env), [])
        self.assertRun(self.run_, 0)
        env = self.push(ZERO, head, "refs/tags/v2")
        self.assertEqual(self.found(self.checkout(head), env),
                         [("new.txt", True)])

    def test_github__a_deleted_branch_has_nothing_to_scan(self):
        run = self.run_ci(self.checkout(self.first),
                          self.push(self.first, ZERO))
        self.assertRun(run, 0)
        self.assertIn("there is nothing to scan", run.out)

    def test_github__a_shallow_push_says_what_to_change(self):
        head = self.change()
        job = self.checkout(head, "+refs/heads/main:refs/remotes/origin/main",
                            depth=1)
        for before in (self.first, ZERO, head + "x"):
            run = self.run_ci(job, self.push(before, head,
                                             "refs/heads/feature"))
            self.assertRun(run, 3)
            self.assertIn("fetch-depth: 0", run.err)
            self.assertIn("::error title=secscan::", run.out)
            self.assertLast("INCOMPLETE: nothing was scanned, exit 3")

    # ---- pull requests

    def test_github__a_pull_request_gates_what_its_merge_brings_in(self):
        head = self.change()
        merge = self.merge(head)
        job = self.checkout(merge)
        self.assertEqual(self.found(job, self.pull(head)),
                         [("new.txt", True)])
        self.assertRun(self.run_, 1)
        self.assertEqual(
            self.run_.summary()["coverage"]["range"],
            "%s..%s" % (self.first, merge))

    def test_github__what_main_got_since_is_not_the_changes(self):
        head = self.change()
        self.origin.commit("others", {"theirs.txt": line(9)})
        job = self.checkout(self.merge(head))
        self.assertEqual(self.found(job, self.pull(head)),
                         [("new.txt", True)])

    def test_github__a_change_checked_out_itself_is_judged_from_its_base(self):
        head = self.change()
        job = self.checkout(head)
        self.assertEqual(self.found(job, self.pull(head)),
                         [("new.txt", True)])

    def test_github__a_fork_is_said(self):
        head = self.change()
        job = self.checkout(self.merge(head))
        run = self.run_ci(job, self.pull(head, fork=True))
        self.assertRun(run, 1)
        self.assertIn("GitHub, pull_request from a fork: what ", run.out)

    def test_github__a_change_does_not_judge_itself(self):
        """Neither by a configuration nor by an ignore file, in any mode."""
        exempt = git_case.RULES + "[settings]\nexit-zero = true\n"
        base = self.origin.commit("rules", {".secscan.toml": git_case.RULES})
        found = self.secscan("--rules", self.rules, "--format", "jsonl",
                             "--stdin", stdin=line(2)).findings()
        entry = "%s everywhere # no\n" % found[0]["fingerprint"]
        for path, text in ((".secscan.toml", exempt), (".secscanignore", entry)):
            self.origin.git("checkout", "-q", "-B", "feature", base)
            head = self.origin.commit("both", {path: text, "new.txt": line(2)})
            self.origin.git("checkout", "-q", "main")
            job = self.checkout(self.merge(head))
            env = self.pull(head, base)
            for args in ((), ("--history",)):
                with self.subTest(path=path, args=args):
                    run = self.secscan("ci", "--format", "jsonl", *args,
                                       cwd=job.path, env=env)
                    self.assertRun(run, 1)
                    self.assertEqual([f["path"] for f in run.findings()
                                      if f["gates"]], ["new.txt"])
                    run = self.secscan("ci", "--adopt", *args, cwd=job.path,
                                       env=env)
                    self.assertRun(run, 0)

    def test_github__a_shallow_pull_request_says_what_to_change(self):
        head = self.change()
        merge = self.merge(head)
        self.origin.git("update-ref", "refs/pull/1/merge", merge)
        for depth in (1, 2):
            job = self.checkout(
                merge, "+refs/pull/1/merge:refs/remotes/pull/1/merge",
                depth=depth)
            run = self.run_ci(job, self.pull(head))
            self.assertRun(run, 3)
            self.assertIn("        with:\n          fetch-depth: 0\n", run.err)
            self.assertNotIn("          ref:", run.err)
            self.assertLast("INCOMPLETE", "exit 3")

    def test_github__pull_request_target_needs_the_change(self):
        head = self.change()
        env = self.pull(head, name="pull_request_target", fork=True)
        job = self.checkout(self.first,
                            "+refs/heads/main:refs/remotes/origin/main")
        run = self.run_ci(job, env)
        self.assertRun(run, 3)
        self.assertIn("          fetch-depth: 0\n"
                      "          ref: ${{ github.event.pull_request.head.sha "
                      "}}\n", run.err)
        job.git("fetch", "-q", "origin", head)
        self.assertEqual(self.found(job, env), [("new.txt", True)])

    def test_github__a_merge_queue_gates_its_group(self):
        head = self.change()
        merge = self.merge(head)
        env = self.event("merge_group", merge_group={"base_sha": self.first,
                                                     "head_sha": merge})
        self.assertEqual(self.found(self.checkout(merge), env),
                         [("new.txt", True)])

    def test_github__history_lists_the_rest_as_not_gating(self):
        head = self.change()
        job = self.checkout(self.merge(head))
        self.assertEqual(self.found(job, self.pull(head), "--history"),
                         [("new.txt", True), ("old.txt", False)])
        run = self.run_ci(job, self.pull(head), "--history")
        self.assertIn("the whole history; what gates is what ", run.out)
        self.assertIn("found     1 secret (1 high), 1 report only", run.out)
        self.assertLast("FAILED: 1 new secret, complete, exit 1")

    # ---- reports that GitHub shows

    def has(self, form):
        return self.secscan("--format", form, "--stdin").code == 0

    def test_github__the_summary_is_added_to(self):
        if not self.has("markdown"):
            self.skipTest("no format markdown yet")
        head = self.origin.commit("two", {"new.txt": line(2)})
        path = self.write("summary", "# Before\n")
        env = dict(self.push(self.first, head), GITHUB_STEP_SUMMARY=path)
        run = self.run_ci(self.checkout(head), env)
        self.assertRun(run, 1)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith("# Before\n"))
        self.assertRegex(text, r"new(\.|&#46;)txt")
        self.assertNotIn(token(2), text)
        self.assertIn("reports   the job's summary", run.out)

    def test_github__a_summary_that_cannot_be_written_is_4(self):
        if not self.has("markdown"):
            self.skipTest("no format markdown yet")
        env = dict(self.push(ZERO, self.first),
                   GITHUB_STEP_SUMMARY=self.path("no/such/file"))
        self.assertRun(self.run_ci(self.checkout(self.first), env), 4)

    def test_github__lines_get_remarks_in_the_log_alone(self):
        if not self.has("github"):
            self.skipTest("no format github yet")
        job = self.checkout(self.first)
        env = self.push(ZERO, self.first)
        run = self.run_ci(job, env)
        self.assertRegex(run.out, r"::error .*file=old\.txt")
        self.assertLess(run.out.index("::error"), run.out.index("FAILED"))
        run = self.run_ci(job, env, "--format", "json")
        self.assertEqual(run.json()["exit_code"], 1)

    def test_github__an_output_is_named(self):
        run = self.run_ci(self.checkout(self.first),
                          self.push(ZERO, self.first), "--format", "sarif",
                          "--output", "x.sarif")
        self.assertIn("  reports   x.sarif", run.out + run.err)

    # ---- schedules and the rest

    def test_github__a_schedule_gates_what_its_commit_reaches(self):
        self.change()
        job = self.checkout(self.first)
        for name in ("schedule", "workflow_dispatch", "repository_dispatch"):
            self.assertEqual(self.found(job, self.event(name)),
                             [("new.txt", False), ("old.txt", True)])
            self.assertRun(self.run_, 1)

    def test_github__a_shallow_schedule_says_what_to_change(self):
        head = self.origin.commit("two", {"a.txt": "text\n"})
        self.origin.commit("three", {"old.txt": None})
        head = self.origin.commit("four", {"b.txt": "text\n"})
        job = self.checkout(head, "+refs/heads/main:refs/remotes/origin/main",
                            depth=1)
        run = self.run_ci(job, self.event("schedule"))
        self.assertRun(run, 3)
        self.assertIn("fetch-depth: 0", run.err)
        self.assertLast("INCOMPLETE, not everything was read, exit 3")

    def test_github__an_event_that_cannot_be_read_is_wrong_usage(self):
        job = self.checkout(self.first)
        env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}
        self.assertRun(self.run_ci(job, env), 2)
        env["GITHUB_EVENT_PATH"] = self.write("bad.json", "{")
        run = self.run_ci(job, env)
        self.assertRun(run, 2)
        self.assertIn("GITHUB_EVENT_PATH", run.err)
        self.assertRun(self.run_ci(job, env, "--range", "HEAD"), 1)

    def test_github__a_hostile_event_is_no_crash(self):
        job = self.checkout(self.first)
        for event in ([], {"pull_request": 3}, {"before": {}, "after": []},
                      {"pull_request": {"head": {"sha": "--x"},
                                        "base": {"sha": "a..b"}}},
                      {"repository": {"default_branch": "x" * 3000},
                       "before": ZERO, "after": self.first}):
            env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push",
                   "GITHUB_EVENT_PATH": self.write("event.json",
                                                   json.dumps(event))}
            self.assertIn(self.run_ci(job, env).code, (1, 3), event)


class GitLabTest(CiCase):
    def pipeline(self, source, commit, **variables):
        return dict(GITLAB_CI="true", CI_PIPELINE_SOURCE=source,
                    CI_COMMIT_SHA=commit, CI_DEFAULT_BRANCH="main",
                    **variables)

    def merge_request(self, commit, **variables):
        return self.pipeline("merge_request_event", commit,
                             CI_MERGE_REQUEST_DIFF_BASE_SHA=self.first,
                             CI_COMMIT_BEFORE_SHA=ZERO, **variables)

    def test_gitlab__a_merge_request_gates_what_it_brings_in(self):
        head = self.change()
        env = self.merge_request(head, CI_MERGE_REQUEST_EVENT_TYPE="detached")
        job = self.checkout(head)
        self.assertEqual(self.found(job, env), [("new.txt", True)])
        run = self.run_ci(job, env)
        self.assertIn("secscan ci: GitLab, merge request: what ", run.out)
        self.assertNotIn("::error", run.out)

    def test_gitlab__merged_results_and_trains_gate_their_merge(self):
        head = self.change()
        self.origin.commit("others", {"theirs.txt": line(9)})
        self.origin.git("checkout", "-q", "--detach", "main")
        self.origin.git("merge", "-q", "--no-ff", "-m", "Merge", head)
        merge = self.origin.git("rev-parse", "HEAD")
        job = self.checkout(merge)
        for kind in ("merged_result", "merge_train"):
            env = self.merge_request(
                merge, CI_MERGE_REQUEST_EVENT_TYPE=kind,
                CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=head)
            self.assertEqual(self.found(job, env), [("new.txt", True)])

    def test_gitlab__a_fork_is_said(self):
        head = self.change()
        run = self.run_ci(self.checkout(head), self.merge_request(
            head, CI_MERGE_REQUEST_PROJECT_ID="1",
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID="2"))
        self.assertIn("GitLab, merge request from a fork", run.out)

    def test_gitlab__a_child_pipeline_is_its_merge_requests(self):
        head = self.change()
        env = self.merge_request(head)
        env["CI_PIPELINE_SOURCE"] = "parent_pipeline"
        self.assertEqual(self.found(self.checkout(head), env),
                         [("new.txt", True)])

    def test_gitlab__pushes_and_new_branches(self):
        head = self.change()
        job = self.checkout(head)
        for before in (self.first, ZERO, "1" * 40):
            env = self.pipeline("push", head, CI_COMMIT_BEFORE_SHA=before,
                                CI_COMMIT_BRANCH="feature")
            self.assertEqual(self.found(job, env), [("new.txt", True)])

    def test_gitlab__the_first_push_of_main_gates_all_of_it(self):
        env = self.pipeline("push", self.first, CI_COMMIT_BEFORE_SHA=ZERO,
                            CI_COMMIT_BRANCH="main")
        self.assertEqual(self.found(self.checkout(self.first), env),
                         [("old.txt", True)])

    def test_gitlab__a_schedule_gates_what_its_commit_reaches(self):
        self.change()
        env = self.pipeline("schedule", self.first)
        self.assertEqual(self.found(self.checkout(self.first), env),
                         [("new.txt", False), ("old.txt", True)])

    def test_gitlab__a_shallow_clone_says_what_to_change(self):
        head = self.change()
        job = self.checkout(head, "+refs/heads/feature:refs/remotes/origin/x",
                            depth=1)
        run = self.run_ci(job, self.merge_request(head))
        self.assertRun(run, 3)
        self.assertIn('variables:\n  GIT_DEPTH: "0"\n', run.err)


class OtherTest(CiCase):
    def test_other__jenkins_names_the_branch_a_change_goes_to(self):
        head = self.change()
        job = self.checkout(head)
        self.assertEqual(self.found(job, {"CHANGE_TARGET": "main"}),
                         [("new.txt", True)])
        self.assertEqual(
            self.found(job, {"SYSTEM_PULLREQUEST_TARGETBRANCH":
                             "refs/heads/main"}), [("new.txt", True)])

    def test_other__a_target_that_is_not_here_gates_all_of_the_change(self):
        head = self.change()
        run = self.run_ci(self.checkout(head), {"CHANGE_TARGET": "gone"})
        self.assertIn("(its base is not here)", run.out)
        self.assertLast("FAILED: 2 secrets")

    def test_other__no_system_gates_what_the_commit_reaches(self):
        self.change()
        job = self.checkout(self.first)
        self.assertEqual(self.found(job, {}),
                         [("new.txt", False), ("old.txt", True)])

    def test_other__a_range_of_ones_own_needs_no_system(self):
        head = self.change()
        job = self.checkout(head)
        self.assertEqual(self.found(job, {}, "--range", "origin/main..HEAD"),
                         [("new.txt", True)])

    def test_other__a_folder_without_a_repository_is_incomplete(self):
        run = self.secscan("ci", cwd=self.dir)
        self.assertRun(run, 3)

    def test_other__modes_that_make_no_sense_are_refused(self):
        job = self.checkout(self.first)
        for args in (["--staged"], ["--stdin"], ["--deep"], ["x", "y"]):
            self.assertRun(self.run_ci(job, {}, *args), 2)

    def test_other__a_report_for_programs_stands_alone_on_stdout(self):
        job = self.checkout(self.first)
        run = self.run_ci(job, {}, "--format", "json")
        self.assertRun(run, 1)
        self.assertEqual(run.json()["exit_code"], 1)
        self.assertIn("FAILED: 1 secret, complete, exit 1", run.err)

    def test_other__quiet_says_findings_only(self):
        job = self.checkout(self.first)
        run = self.run_ci(job, {}, "--quiet")
        self.assertNotIn("secscan ci", run.out)
        self.assertNotIn("FAILED", run.out)

    def test_other__exit_zero_and_exit_code_are_heard(self):
        job = self.checkout(self.first)
        self.assertRun(self.run_ci(job, {}, "--exit-zero"), 0)
        self.assertLast("PASSED: 1 secret, complete, exit 0")
        self.assertRun(self.run_ci(job, {}, "--exit-code", "42"), 42)
        self.assertLast("FAILED: 1 secret, complete, exit 42")


if __name__ == "__main__":
    harness.main()

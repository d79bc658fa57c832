"""The GitHub action, the GitLab template and the Dockerfile: valid for who reads
them, and their scripts run as the runners run them."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import yaml

import git_case
import harness
from git_case import token

VENV = os.path.join(harness.ROOT, "build", "venv", "bin")
ACTION = os.path.join(harness.ROOT, "action.yml")
TEMPLATE = os.path.join(harness.ROOT, "templates", "secscan.yml")
DOCKERFILE = os.path.join(harness.ROOT, "Dockerfile")
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class WrapperCase(git_case.GitCase):
    def call(self, *command, env=None, cwd=None):
        done = subprocess.run(command, cwd=cwd or self.dir, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=harness.TIMEOUT,
                              env=self.environment(env))
        return harness.Run(done)

    def assertValid(self, schema, path, *args):
        run = self.call(os.path.join(VENV, "check-jsonschema"),
                        "--builtin-schema", schema, *args, path)
        self.assertRun(run, 0)


class ActionTest(WrapperCase):
    def setUp(self):
        super().setUp()
        self.action = yaml.safe_load(read(ACTION))
        self.steps = {s["name"]: s for s in self.action["runs"]["steps"]}
        self.repo_ = self.repo()
        self.first = self.repo_.commit("one", {"old.txt": token(1)})
        self.head = self.repo_.commit("two", {"a.txt": "text\n"})

    def step(self, name, values):
        """Run a step as the runner does: expressions in env, none in the
        script."""
        step = self.steps[name]
        env = {key: EXPRESSION.sub(lambda m: values[m.group(1)], text)
               for key, text in step["env"].items()}
        env.update(self.runner)
        return self.call("bash", "--noprofile", "--norc", "-eo", "pipefail",
                         "-c", step["run"], env=env, cwd=self.repo_.path)

    def outputs(self):
        return dict(line.split("=", 1)
                    for line in read(self.path("output")).splitlines())

    def run_action(self, event=None, **inputs):
        """The exit code of the action."""
        values = {"inputs." + k: v["default"]
                  for k, v in self.action["inputs"].items()}
        values["inputs.program"] = harness.BIN
        values["github.action_path"] = harness.ROOT
        values.update({"inputs." + k.replace("_", "-"): v
                       for k, v in inputs.items()})
        values.setdefault("inputs.config", self.rules)
        values["inputs.config"] = values["inputs.config"] or self.rules
        event = event or {"before": self.first, "after": self.head,
                          "ref": "refs/heads/main"}
        self.runner = {
            "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push",
            "GITHUB_EVENT_PATH": self.write("event.json", json.dumps(event)),
            "GITHUB_OUTPUT": self.write("output", ""),
            "GITHUB_STEP_SUMMARY": self.write("summary", "")}
        self.scan_ = self.step("Scan", values)
        if self.scan_.code:
            return self.scan_.code
        values["steps.scan.outputs.exit-code"] = self.outputs()["exit-code"]
        return self.step("Verdict", values).code

    def test_action__is_valid(self):
        self.assertValid("vendor.github-actions", ACTION)

    def test_action__nothing_is_interpolated_into_a_script(self):
        for step in self.action["runs"]["steps"]:
            self.assertNotIn("${{", step.get("run", ""))

    def test_action__every_input_is_used(self):
        used = set(re.findall(r"inputs\.([\w-]+)", read(ACTION)))
        self.assertEqual(used, set(self.action["inputs"]))

    def test_action__every_variable_of_its_script_is_set(self):
        script = read(os.path.join(harness.ROOT, "script", "github-action"))
        self.assertEqual(set(re.findall(r"SECSCAN_ACTION_[A-Z_]+", script)),
                         set(self.steps["Scan"]["env"]))

    def test_action__the_script_is_clean_shell(self):
        self.assertRun(self.call("shellcheck", os.path.join(
            harness.ROOT, "script", "github-action")), 0)

    def test_action__a_clean_push_passes(self):
        self.assertEqual(self.run_action(), 0, repr(self.scan_))
        self.assertIn("secscan ci: GitHub, push", self.scan_.out)
        self.assertEqual(self.outputs(), {"exit-code": "0",
                                          "has-sarif": "false"})

    def test_action__exit_codes_are_those_of_the_scan(self):
        self.head = self.repo_.commit("three", {"b.txt": token(2)})
        self.assertEqual(self.run_action(), 1)
        self.assertEqual(self.run_action(gate_severity="critical"), 0)
        self.assertEqual(self.run_action(gate_severity="huge"), 2)
        lost = {"before": self.first, "after": "1" * 40,
                "ref": "refs/heads/main"}
        self.assertEqual(self.run_action(lost), 3)
        self.assertEqual(self.outputs()["exit-code"], "3")

    def test_action__a_program_that_is_not_there_fails(self):
        self.assertNotEqual(self.run_action(program="/none"), 0)

    def test_action__an_upload_has_the_whole_history(self):
        self.assertEqual(self.run_action(upload_sarif="true"), 0,
                         repr(self.scan_))
        sarif = json.loads(read(os.path.join(self.repo_.path,
                                             "secscan.sarif")))
        self.assertEqual(len(sarif["runs"][0]["results"]), 1)
        self.assertEqual(self.outputs()["has-sarif"], "true")

    def test_action__more_options_are_one_a_line(self):
        self.assertEqual(self.run_action(args="--history\n--gate-ref\nmain\n"),
                         1, repr(self.scan_))

    def test_action__hostile_inputs_are_text(self):
        evil = "\"; touch pwned; '; touch pwned; $(touch pwned) `touch pwned`"
        for name in self.action["inputs"]:
            if name != "program":
                self.run_action(**{name.replace("-", "_"): evil})
        self.run_action(path="--output=pwned")
        self.assertNotIn("pwned", os.listdir(self.repo_.path))


class TemplateTest(WrapperCase):
    def job(self):
        """What GitLab makes of it: inputs filled in."""
        head, body = read(TEMPLATE).split("\n---\n")
        inputs = yaml.safe_load(head)["spec"]["inputs"]
        used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", body))
        self.assertEqual(used, set(inputs))
        return re.sub(r"\$\[\[ inputs\.\w+ \]\]", "given", body)

    def test_template__is_valid(self):
        path = self.write("gitlab.yml", self.job())
        self.assertValid("vendor.gitlab-ci", path, "--data-transform",
                         "gitlab-ci")

    def test_template__fetches_all_of_the_history(self):
        job = yaml.safe_load(self.job())["secscan"]
        self.assertEqual(job["variables"]["GIT_DEPTH"], "0")
        self.assertEqual(job["artifacts"]["when"], "always")


    def run_job(self, repo):
        """The job's script, as the runner's shell runs it."""
        job = yaml.safe_load(self.job())["secscan"]
        self.write("bin/secscan", '#!/bin/sh\nexec "%s" "$@" --rules "%s"\n'
                   % (harness.BIN, self.rules))
        os.chmod(self.path("bin/secscan"), 0o755)
        return self.call(
            "sh", "-ec", "\n".join(job["script"]), cwd=repo.path,
            env={"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "push",
                 "CI_COMMIT_BEFORE_SHA": "0" * 40, "SECSCAN_ARGS": "",
                 "CI_COMMIT_SHA": repo.git("rev-parse", "HEAD"),
                 "PATH": self.path("bin") + ":" + os.environ["PATH"]})

    def test_template__the_job_leaves_its_report_and_fails(self):
        if self.secscan("--format", "gitlab", "--stdin").code:
            self.skipTest("no format gitlab yet")
        repo = self.repo()
        repo.commit("one", {"a.txt": token(1)})
        run = self.run_job(repo)
        self.assertRun(run, 1)
        self.assertIn("secscan ci: GitLab, push", run.out)
        self.assertIn("a.txt:1", run.out)
        self.assertIn("  reports   gl-secret-detection-report.json", run.out)
        report = json.loads(read(os.path.join(
            repo.path, "gl-secret-detection-report.json")))
        self.assertEqual(len(report["vulnerabilities"]), 1)


class DockerfileTest(WrapperCase):
    def stages(self):
        """The instructions of each stage: (word, rest)."""
        text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", read(DOCKERFILE),
                                           flags=re.M))
        stages = []
        for row in filter(None, text.splitlines()):
            word, rest = row.split(None, 1)
            if word == "FROM":
                stages.append([])
            stages[-1].append((word, rest))
        return stages

    def test_dockerfile__is_clean(self):
        self.assertRun(self.call(os.path.join(VENV, "hadolint"), DOCKERFILE),
                       0)

    def test_dockerfile__ends_as_nobody_and_runs_secscan(self):
        last = dict(self.stages()[-1])
        self.assertEqual(last["USER"], "10001:10001")
        self.assertEqual(json.loads(last["ENTRYPOINT"]), ["secscan"])

    @unittest.skipUnless(shutil.which("dpkg"), "not Debian")
    def test_dockerfile__installs_what_the_program_is_linked_with(self):
        install = [rest for word, rest in self.stages()[-1]
                   if word == "RUN"][0]
        have = set(install.split())
        libraries = re.findall(r"=> (/\S+)", self.call("ldd",
                                                       harness.BIN).out)
        self.assertTrue(libraries)
        for library in libraries:
            name = os.path.basename(library)
            if re.match(r"lib(c|m|gcc_s|asan|ubsan|tsan)\.so", name):
                continue # of every Debian, or of this build alone
            owner = self.call("dpkg", "-S", "*/" + name).out.split(":")[0]
            self.assertIn(owner, have, name)


if __name__ == "__main__":
    if not os.path.exists(os.path.join(VENV, "hadolint")):
        print("no check-jsonschema or hadolint: script/bootstrap --test "
              "brings them")
        sys.exit(77)
    harness.main()

"""The reports against their schemas, and against what a report may not say."""

import html
import json
import os
import re
import unittest

import harness

try:
    import jsonschema
except ImportError:
    jsonschema = None

FORMATS = ("text", "json", "jsonl", "sarif", "html", "markdown", "github",
           "gitlab", "junit", "csv", "gitleaks")
# When the scan was: the only thing that changes from one run to the next.
TIMES = re.compile(rb'"(start_time|end_time|began|ended)":[^,}]*')
OWN_SCHEMAS = os.path.join(harness.ROOT, "docs", "json-schema")
TOKEN = "ghp_{base62:30}{crc32}"


def read_schema(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return json.load(file)


def only_known(schema):
    """The schema, with unknown fields forbidden everywhere: output that the
    documentation does not describe is a mistake in one of them."""
    def close(node):
        if isinstance(node, dict):
            node = {k: close(v) for k, v in node.items()}
            if "properties" in node and "allOf" not in node:
                node["additionalProperties"] = False
        return node
    return close(schema)


class ReportsTest(harness.Case):
    def repo_with_secret(self):
        repo = self.repo()
        self.token = harness.expand(TOKEN)
        repo.commit("Start", {"README": "hello\n"})
        repo.commit("Configure " + self.token,
                    {"a.env": "T=%s\n" % self.token,
                     "dir %/b#.py": "\n  t = '%s'\n" % self.token},
                    author="%s <%s@example.com>" % (self.token, self.token))
        repo.commit("Remove", {"a.env": None})
        return repo

    def runs(self, *args):
        repo = self.repo_with_secret()
        for form in FORMATS:
            yield form, self.secscan(*args, "-f", form, "--history", repo.path)

    def validator(self, schema):
        return jsonschema.validators.validator_for(schema)(schema)

    # ---- schemas

    @unittest.skipUnless(jsonschema, "no python3-jsonschema")
    def test_reports__json_follows_its_schema(self):
        repo = self.repo_with_secret()
        schema = only_known(read_schema(OWN_SCHEMAS, "secscan-report-1.json"))
        for args in (["--history", repo.path], [repo.path]):
            run = self.secscan("-f", "json", *args)
            self.assertRun(run, 1)
            self.validator(schema).validate(run.json())

    @unittest.skipUnless(jsonschema, "no python3-jsonschema")
    def test_reports__jsonl_follows_its_schema(self):
        repo = self.repo_with_secret()
        schema = read_schema(OWN_SCHEMAS, "secscan-line-1.json")
        run = self.secscan("-f", "jsonl", "--history", repo.path)
        for line in run.jsonl():
            self.validator(schema).validate(line)
        self.assertEqual([o["type"] for o in run.jsonl()][-1], "summary")

    @unittest.skipUnless(jsonschema, "no python3-jsonschema")
    @unittest.skipUnless(os.path.isdir(harness.SCHEMAS), "no shared schemas")
    def test_reports__sarif_follows_its_schema(self):
        repo = self.repo_with_secret()
        schema = read_schema(harness.SCHEMAS, "sarif-schema-2.1.0.json")
        for args in (["--history", repo.path], [repo.path], ["--stdin"]):
            run = self.secscan("-f", "sarif", *args, stdin=self.token)
            self.assertRun(run, 1)
            self.validator(schema).validate(run.json())

    # ---- what they say

    def test_reports__history_says_who_and_when(self):
        repo = self.repo_with_secret()
        run = self.secscan("-f", "jsonl", "--history", repo.path)
        found = [f for f in run.findings()
                 if f["rule"] == "github-pat-classic"]
        self.assertEqual(len(found), 1, repr(run))
        finding = found[0]
        self.assertEqual(finding["date"], "2026-11-21T10:02:00+01:00")
        self.assertEqual(finding["commits"], [finding["commit"]])
        self.assertIs(finding["in_head"], True)
        self.assertEqual(finding["secret"], "ghp_********")
        self.assertEqual(finding["secret_length"], 40)
        self.assertEqual(run.summary()["exit_code"], 1)

    def test_reports__no_field_shows_a_secret(self):
        for form, run in self.runs():
            self.assertRun(run, 1)
            self.assertNotIn(self.token[4:], run.out, form)
            self.assertNotIn(self.token[4:], run.err, form)

    def test_reports__secrets_are_shown_when_asked(self):
        for form, run in self.runs("--show-secrets"):
            self.assertIn(self.token, html.unescape(run.out), form)

    def test_reports__any_number_of_threads_gives_the_same_bytes(self):
        repo = self.repo_with_secret()
        for form in FORMATS:
            one, many = (TIMES.sub(b"", self.secscan(
                "-j", n, "-f", form, "--history", repo.path).raw)
                for n in "18")
            self.assertEqual(one, many, form)

    def test_reports__sarif_encodes_paths(self):
        repo = self.repo_with_secret()
        run = self.secscan("-f", "sarif", ".", cwd=repo.path)
        uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                for r in run.json()["runs"][0]["results"]]
        self.assertEqual(uris, ["dir%20%25/b%23.py"])

    def test_reports__hostile_names_stay_text(self):
        token = harness.expand(TOKEN)
        self.write("a\x1b[31m\n\u202eb", "T=%s\n" % token)
        run = self.secscan(".")
        self.assertRun(run, 1)
        self.assertIn("a\\x1b[31m \\u{202e}b:1:3\n", run.out)
        for form in FORMATS:
            out = self.secscan("-f", form, ".").raw
            if form == "html":
                out = out[out.index(b'id="report"'):]
                out = out[:out.index(b"</script>")]
            self.assertIsNone(re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", out))
            out.decode("utf-8")

    def test_reports__bytes_that_are_not_utf8_stay_apart(self):
        token = harness.expand(TOKEN)
        self.write("a", b"\xff\xfd\xff T=" + token.encode() + b"\n")
        run = self.secscan("-f", "jsonl", ".")
        self.assertRun(run, 1)
        self.assertEqual(run.findings()[0]["column_start"], 7)
        self.assertIn("\ufffd\ufffd\ufffd T=ghp_********",
                      run.findings()[0]["line"])


if __name__ == "__main__":
    harness.main()

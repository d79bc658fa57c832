"""test_formats.py: each format that another program reads, read as that program
does, and several of them from one scan."""

import csv
import gzip
import html
import io
import json
import os
import random
import re
import unittest
import xml.etree.ElementTree

import harness

try:
    import jsonschema
except ImportError:
    jsonschema = None

TOKEN = "ghp_{base62:30}{crc32}"
RULE = """[[rules]]
id = "tok"
description = "A token of the test's"
severity = "%s"
regex = 'tok_[a-z0-9]{12}'
keywords = ["tok_"]
"""
CSV_COLUMNS = [
    "RuleID", "Commit", "File", "SymlinkFile", "Secret", "Match", "StartLine",
    "EndLine", "StartColumn", "EndColumn", "Author", "Message", "Date",
    "Email", "Fingerprint", "Tags", "Encodings"]


def unescape(text):
    """As GitHub's runner does with a message or a property."""
    return (text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":")
            .replace("%2C", ",").replace("%25", "%"))


class FormatsTest(harness.Case):
    def hostile(self):
        """A repository with names that mean something to every format."""
        repo = self.repo()
        self.token = harness.expand(TOKEN)
        self.name = '=a|b!,"q" <i>&%\\n`::'
        self.commit = repo.commit(
            "=cmd|' /C calc'!A0 ::error::x\n\nbody", {
                self.name: "T = '%s'\n" % self.token},
            author='=HYPERLINK("x"), <ada,&"@example.com>')
        return repo

    def report(self, form, *args, code=1):
        run = self.secscan("-f", form, *args)
        self.assertRun(run, code)
        return run

    def many(self, n, severity="high", line=""):
        config = self.write("rules.toml", RULE % severity)
        return config, self.write("many.txt", "".join(
            "%s tok_%s\n" % (line, text) for text in self.words(n)))

    def words(self, n):
        chance = random.Random(1)
        return ["".join(chance.choices("abcdefghijkmnpqrstuvwxyz23456789",
                                       k=12)) for _ in range(n)]

    # ---- csv

    def test_formats__csv_has_the_columns_of_gitleaks(self):
        repo = self.hostile()
        run = self.report("csv", "--history", repo.path)
        rows = list(csv.DictReader(io.StringIO(run.out)))
        self.assertEqual(list(rows[0]), CSV_COLUMNS)
        row = rows[0]
        self.assertEqual(row["RuleID"], "github-pat-classic")
        self.assertEqual(row["Commit"], self.commit)
        self.assertEqual(row["Secret"], "ghp_********")
        self.assertEqual(row["Date"], "2026-11-21T09:01:00Z")
        self.assertEqual((row["StartLine"], row["StartColumn"],
                          row["EndColumn"]), ("1", "6", "45"))
        self.assertEqual(row["Fingerprint"], "%s:%s:github-pat-classic:1" % (
            self.commit, self.name))

    def test_formats__csv_holds_no_formula(self):
        repo = self.hostile()
        run = self.report("csv", "--history", repo.path)
        row = next(csv.DictReader(io.StringIO(run.out)))
        self.assertEqual(row["File"], "'" + self.name)
        for cell in row.values():
            self.assertNotEqual(cell[:1], "=")

    def test_formats__csv_of_nothing_has_its_columns(self):
        self.write("a", "hello\n")
        run = self.report("csv", ".", code=0)
        self.assertEqual(run.out, ",".join(CSV_COLUMNS) + "\n")

    # ---- gitleaks

    def test_formats__gitleaks_json_has_its_fields(self):
        repo = self.hostile()
        found = self.report("gitleaks", "--history", repo.path).json()
        self.assertEqual(list(found[0]), [
            "RuleID", "Description", "StartLine", "EndLine", "StartColumn",
            "EndColumn", "Match", "Secret", "File", "SymlinkFile", "Commit",
            "Entropy", "Author", "Email", "Date", "Message", "Tags",
            "Fingerprint"])
        self.assertEqual(found[0]["File"], self.name)
        self.assertEqual(found[0]["Tags"], [])
        self.assertEqual(found[0]["Secret"], "ghp_********")
        self.assertAlmostEqual(found[0]["Entropy"], 4.784184, 5)

    def test_formats__gitleaks_json_of_files_has_no_commit(self):
        self.write("a.env", "T=%s\n" % harness.expand(TOKEN))
        found = self.report("gitleaks", ".").json()[0]
        self.assertEqual((found["Commit"], found["Author"], found["Date"]),
                         ("", "", ""))
        self.assertEqual(found["Fingerprint"], "a.env:github-pat-classic:1")

    def test_formats__gitleaks_json_of_nothing_is_an_empty_array(self):
        self.write("a", "hello\n")
        self.assertEqual(self.report("gitleaks", ".", code=0).json(), [])

    # ---- junit

    def test_formats__junit_fails_what_gates(self):
        repo = self.hostile()
        run = self.report("junit", "--history", repo.path)
        suite = xml.etree.ElementTree.fromstring(run.raw).find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures"),
                          suite.get("errors")), ("2", "1", "0"))
        read, found = suite.findall("testcase")
        self.assertEqual(list(read), [])
        self.assertEqual(found.get("file"), self.name)
        self.assertIn("Delete the token", found.find("failure").text)

    def test_formats__junit_says_incomplete_as_an_error(self):
        repo = self.repo()
        repo.commit("one", {"a": "1\n"})
        repo.commit("two", {"a": "2\n"})
        clone = repo.clone(self.path("clone"), "--depth=1")
        run = self.report("junit", "--history", clone.path, code=3)
        suite = xml.etree.ElementTree.fromstring(run.raw).find("testsuite")
        self.assertEqual(suite.get("errors"), "1")
        self.assertIn("shallow", suite.find("testcase").find("error").text)

    # ---- gitlab

    @unittest.skipUnless(jsonschema, "no python3-jsonschema")
    @unittest.skipUnless(os.path.isdir(harness.SCHEMAS), "no shared schemas")
    def test_formats__gitlab_follows_its_schema(self):
        with open(os.path.join(harness.SCHEMAS,
                               "gitlab-secret-detection-15.0.2.json"),
                  encoding="utf-8") as file:
            schema = json.load(file)
        repo = self.hostile()
        for args in (["--history", repo.path], [repo.path]):
            report = self.report("gitlab", *args).json()
            jsonschema.validators.validator_for(schema)(schema).validate(report)
            self.assertEqual(report["version"], "15.0.2")
            self.assertEqual(report["scan"]["status"], "success")
            self.assertEqual(len(report["vulnerabilities"]), 1)

    def test_formats__gitlab_says_incomplete_as_a_failed_scan(self):
        repo = self.repo()
        repo.commit("one", {"a": "1\n"})
        repo.commit("two", {"a": "2\n"})
        clone = repo.clone(self.path("clone"), "--depth=1")
        report = self.report("gitlab", "--history", clone.path, code=3).json()
        self.assertEqual(report["scan"]["status"], "failure")
        self.assertIn("fatal", [m["level"] for m in
                                report["scan"]["messages"]])

    def test_formats__gitlab_ids_differ_from_place_to_place(self):
        self.write("a.env", ("T=%s\n" % harness.expand(TOKEN)) * 3)
        found = self.report("gitlab", ".").json()["vulnerabilities"]
        self.assertEqual(len({v["id"] for v in found}), 3)

    # ---- github

    def test_formats__github_lines_are_commands_of_ours(self):
        repo = self.hostile()
        run = self.report("github", "--history", repo.path)
        lines = run.out.splitlines()
        self.assertEqual(len(lines), 2)
        command, properties, message = re.match(
            r"::(\w+) (.*?)::(.*)$", lines[0]).groups()
        self.assertEqual(command, "error")
        values = {k: unescape(v) for k, v in (
            p.split("=", 1) for p in properties.split(","))}
        self.assertEqual(values["file"], self.name)
        self.assertEqual((values["line"], values["col"]), ("1", "6"))
        self.assertIn("Delete the token", unescape(message))
        self.assertTrue(lines[1].startswith("::notice title=secscan::FAILED"))

    def test_formats__github_annotates_ten_of_a_level(self):
        config, path = self.many(30)
        run = self.report("github", "-c", config, path)
        self.assertEqual(run.out.count("::error "), 9)
        self.assertIn("21 findings not annotated", run.out)
        self.assertIn("9 of 30 findings are annotated", run.err)

    # ---- markdown

    def test_formats__markdown_of_hostile_names_is_one_row(self):
        repo = self.hostile()
        run = self.report("markdown", "--history", repo.path)
        rows = [line for line in run.out.splitlines()
                if line.startswith("| critical")]
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows[0].count("|"), 6)
        self.assertIn(self.name, html.unescape(rows[0]))
        self.assertIsNone(re.search(r"<(?!/?code>|br>)", rows[0]))
        self.assertIn("Delete the token at github&#46;com",
                      run.out.split("### What to do")[1])

    def test_formats__markdown_stays_below_a_mebibyte(self):
        config, path = self.many(9000)
        run = self.report("markdown", "-c", config, path)
        self.assertLess(len(run.raw), 1 << 20)
        self.assertRegex(run.err, r"\d+ of 9000 findings are listed")
        self.assertIn("of 9000 findings are listed", run.out)

    # ---- sarif

    def test_formats__sarif_has_at_most_25000_results(self):
        config, path = self.many(25010)
        log = self.report("sarif", "-c", config, path).json()["runs"][0]
        self.assertEqual(len(log["results"]), 25000)
        self.assertEqual(log["properties"]["left_out"], 10)
        self.assertIn("25000 of 25010 findings", json.dumps(
            log["invocations"]))

    def test_formats__sarif_stays_below_ten_megabytes_compressed(self):
        config = self.write("rules.toml", RULE % "high")
        noise = harness.expand("{base62:980}\n" * 12000, 3).splitlines()
        path = self.write("many.txt", "".join(
            "%s tok_%s\n" % pair for pair in zip(noise, self.words(12000))))
        run = self.secscan("-f", "sarif", "-c", config, path)
        self.assertLess(len(gzip.compress(run.raw)), 10 << 20)
        self.assertIn("findings are in the SARIF file", run.err)

    def test_formats__sarif_lists_the_worst_first(self):
        config = self.write("rules.toml", RULE % "low" + (
            RULE % "critical").replace("tok", "key"))
        path = self.write("a", "tok_%s\nkey_%s\n" % tuple(self.words(2)))
        log = self.report("sarif", "-c", config, path).json()["runs"][0]
        self.assertEqual([r["ruleId"] for r in log["results"]],
                         ["key", "tok"])

    # ---- several

    def test_formats__several_are_written_in_one_scan(self):
        repo = self.hostile()
        run = self.secscan("--history", repo.path, "-f", "text", "-f", "sarif",
                           "-o", "a.sarif", "-f", "csv", "-o", "a.csv")
        self.assertRun(run, 1)
        self.assertIn("FAILED: 1 secret", run.out)
        with open(self.path("a.sarif"), encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)["runs"][0]["results"]), 1)
        with open(self.path("a.csv"), encoding="utf-8") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 1)

    def test_formats__as_many_files_as_formats_pair_in_order(self):
        self.write("a", "hello\n")
        run = self.secscan("-f", "json", "-f", "gitleaks", "-o", "x.1",
                           "-o", "x.2", "a")
        self.assertRun(run, 0)
        with open(self.path("x.1"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["findings"], [])
        with open(self.path("x.2"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), [])

    def test_formats__two_cannot_share_a_place(self):
        for args in (["-f", "json", "-f", "csv"],
                     ["-f", "json", "-o", "x", "-f", "csv", "-o", "x"],
                     ["-o", "x", "-o", "y"],
                     ["-o", "x", "-f", "json", "-f", "csv"]):
            run = self.secscan(*args, ".")
            self.assertRun(run, 2)
            self.assertFalse(os.path.exists(self.path("x")))

    def test_formats__one_that_fails_leaves_the_others(self):
        self.write("a.env", "T=%s\n" % harness.expand(TOKEN))
        run = self.secscan("-f", "json", "-o", "/dev/full", "-f", "csv", "-o",
                           "a.csv", "a.env")
        self.assertRun(run, 4)
        with open(self.path("a.csv"), encoding="utf-8") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 1)


if __name__ == "__main__":
    harness.main()

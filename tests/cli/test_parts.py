"""test_parts.py: what stands near a secret and belongs to it is one finding."""

import unittest

import harness
from git_case import token

RULES = r"""
[[rules]]
id = "key"
description = "a secret key"
category = "key"
severity = "medium"
evidence = "context"
regex = '''secret=([a-z]{8})'''
[[rules.parts]]
id = "key-id"
role = "key id"
withinLines = 5
[[rules.parts]]
id = "host"
role = "host"
public = true

[[rules]]
id = "key-id"
description = "a key id"
category = "token"
severity = "critical"
regex = '''(?<![A-Za-z0-9])tok_[A-Za-z0-9]{24}(?![A-Za-z0-9])'''

[[rules]]
id = "host"
description = "a host"
regex = '''host=([a-z.]{4,20})'''
skipReport = true
placeholders = "keep"
"""
ID, OTHER_ID = token(1), token(2)
PAIR = "id=%s\nsecret=qvzkmwrt\nhost=db.acme.test\n" % ID


class PartsTest(harness.Case):
    def setUp(self):
        super().setUp()
        self.rules = self.write("rules.toml", RULES)

    def scan(self, *args, **options):
        return self.secscan("--rules", self.rules, "--format", "jsonl", *args,
                            **options)

    def found(self, run):
        """(rule, line, [(part's rule, its line)]) of each finding."""
        return [(f["rule"], f["line_start"],
                 [(p["rule"], p["line_start"]) for p in f["parts"]])
                for f in run.findings()]

    def text(self, text):
        return self.scan("--stdin", stdin=text.encode())

    def test_parts__a_pair_is_one_finding(self):
        run = self.text(PAIR)
        self.assertRun(run, 1)
        self.assertEqual(self.found(run),
                         [("key", 2, [("key-id", 1), ("host", 3)])])
        f = run.findings()[0]
        self.assertEqual((f["severity"], f["evidence"], f["confidence"]),
                         ("critical", "pattern", 90))
        self.assertEqual([(p["role"], p["secret"], p["secret_length"])
                          for p in f["parts"]],
                         [("key id", "tok_********", 28),
                          ("host", "db.acme.test", 12)])

    def test_parts__alone_each_is_its_own_finding(self):
        self.assertEqual(self.found(self.text("id=%s\n" % ID)),
                         [("key-id", 1, [])])
        self.assertEqual(self.found(self.text("secret=qvzkmwrt\n")),
                         [("key", 1, [])])
        self.assertEqual(self.found(self.text("host=db.acme.test\n")), [])
        far = "id=%s\n%ssecret=qvzkmwrt\n" % (ID, 5 * "x\n")
        self.assertEqual(self.found(self.text(far)),
                         [("key-id", 1, []), ("key", 7, [])])

    def test_parts__no_report_shows_a_part(self):
        text = PAIR + "# %s\n" % ID
        for form in ("text", "json", "jsonl", "sarif"):
            run = self.secscan("--rules", self.rules, "--format", form,
                               "--stdin", stdin=text.encode())
            self.assertNotIn(ID[4:], run.out)
            self.assertIn("db.acme.test", run.out)
            shown = self.secscan("--rules", self.rules, "--format", form,
                                 "--show-secrets", "--stdin",
                                 stdin=text.encode())
            self.assertIn(ID, shown.out)

    def test_parts__every_report_names_them(self):
        run = self.secscan("--rules", self.rules, "--stdin",
                           stdin=PAIR.encode())
        self.assertIn("  with      key id tok_********, line 1\n"
                      "            host db.acme.test, line 3\n"
                      "  id        ", run.out)
        run = self.secscan("--rules", self.rules, "--format", "sarif",
                           "--stdin", "--name", "a", stdin=PAIR.encode())
        related = run.json()["runs"][0]["results"][0]["relatedLocations"]
        self.assertEqual(
            [(r["message"]["text"],
              r["physicalLocation"]["region"]["startLine"]) for r in related],
            [("key id tok_********", 1), ("host db.acme.test", 3)])

    def test_parts__a_secret_that_is_its_host_is_not_shown(self):
        run = self.text("secret=qvzkmwrt\nhost=qvzkmwrt\n")
        self.assertNotIn("qvzkmwrt", run.out)

    def test_parts__an_allowlisted_whole_leaves_its_parts(self):
        self.rules = self.write("rules.toml", RULES + r"""
[[allowlists]]
paths = ['''^allowed/''']
targetRules = ["key"]
""")
        self.write("t/allowed/a", PAIR)
        run = self.scan(".", cwd=self.path("t"))
        self.assertEqual(self.found(run), [("key-id", 1, [])])
        repo = self.repo()
        repo.commit("a", {"allowed/a": PAIR})
        run = self.scan("--history", repo.path)
        self.assertEqual(self.found(run), [("key-id", 1, [])])

    def test_parts__staged_pair(self):
        repo = self.repo()
        repo.commit("base", {"x": "x\n"})
        repo.add("a", PAIR)
        self.assertEqual(self.found(self.scan("--staged", repo.path)),
                         [("key", 2, [("key-id", 1), ("host", 3)])])

    def test_parts__a_new_part_of_an_old_whole_is_a_finding(self):
        repo = self.repo()
        repo.commit("base", {"a": PAIR})
        changed = PAIR.replace(ID, OTHER_ID)
        repo.add("a", changed)
        self.assertEqual(self.found(self.scan("--staged", repo.path)),
                         [("key-id", 1, [])])
        repo.commit("rotate")
        run = self.scan("--range", "HEAD~1..HEAD", repo.path)
        self.assertEqual(self.found(run), [("key-id", 1, [])])

    def test_parts__a_new_whole_of_an_old_part_names_it(self):
        repo = self.repo()
        repo.commit("base", {"a": PAIR})
        repo.add("a", PAIR.replace("qvzkmwrt", "pwlqzmrv"))
        expected = [("key", 2, [("key-id", 1), ("host", 3)])]
        self.assertEqual(self.found(self.scan("--staged", repo.path)), expected)
        repo.commit("rotate")
        run = self.scan("--range", "HEAD~1..HEAD", repo.path)
        self.assertEqual(self.found(run), expected)

    def test_parts__history_has_one_finding_for_a_pair(self):
        repo = self.repo()
        repo.commit("pair", {"a": "x\n" + PAIR})
        repo.commit("lines", {"a": "x\n" * 3 + PAIR})
        run = self.scan("--history", repo.path)
        self.assertEqual(self.found(run),
                         [("key", 3, [("key-id", 2), ("host", 4)])])
        f = run.findings()[0]
        self.assertEqual(f["n_commits"], 2)
        self.assertTrue(f["in_head"])
        self.assertEqual([p["path"] for p in f["parts"]], ["a", "a"])
        self.assertEqual([p["object"] for p in f["parts"]], 2 * [f["object"]])

    def test_parts__a_part_that_was_alone_once_is_listed_with_its_history(self):
        repo = self.repo()
        first = repo.commit("id", {"a": "id=%s\n" % ID})
        repo.commit("secret", {"a": PAIR})
        run = self.scan("--history", repo.path)
        self.assertEqual(self.found(run),
                         [("key-id", 1, []),
                          ("key", 2, [("key-id", 1), ("host", 3)])])
        f = run.findings()[0]
        self.assertEqual(f["commit"], first)
        self.assertEqual(f["n_commits"], 2)
        self.assertTrue(f["in_head"])

    def test_parts__a_delta_that_changes_what_is_near_is_seen(self):
        """Versions of a large file, packed as deltas: the pair's own lines stay
        as they are while what is near them comes, goes and moves."""
        head, tail = ("".join("line %d of a file\n" % i for i in numbers)
                      for numbers in (range(1000), range(1000, 2000)))
        key = harness.expand("aws_secret_access_key = {base64:40}\n")
        id_line = harness.expand("aws_access_key_id = AKIA{base32:16}\n")
        versions = [head + key + tail,
                    head + id_line + key + tail,
                    head + id_line + 20 * "x\n" + key + tail,
                    head + "x\n" + key + "x\n" + id_line + tail]
        expected = [
            [("aws-secret-access-key", 1001, [])],
            [("aws-secret-access-key", 1002, [("aws-access-key-id", 1001)])],
            [("aws-access-key-id", 1001, []),
             ("aws-secret-access-key", 1022, [])],
            [("aws-secret-access-key", 1002, [("aws-access-key-id", 1004)])]]
        repo = self.repo()
        for i, text in enumerate(versions):
            self.assertEqual(
                self.found(self.secscan("--stdin", "--format", "jsonl",
                                        stdin=text.encode())), expected[i])
            repo.commit("version %d" % i, {"a": text})
        repo.git("repack", "-adf", "--depth=50", "--window=50")
        packed = self.secscan("--history", "--format", "jsonl", repo.path)
        by_name = self.secscan("--history", "--by-name", "--format", "jsonl",
                               repo.path)
        self.assertEqual(packed.findings(), by_name.findings())
        self.assertEqual(
            self.found(packed),
            [("aws-secret-access-key", 1001, [("aws-access-key-id", 1001)]),
             ("aws-access-key-id", 1001, [])])
        for f in packed.findings():
            self.assertEqual(f["n_commits"], 4 if f["parts"] else 3)

    def test_parts__required_as_gitleaks_has_it(self):
        self.rules = self.write("rules.toml", RULES.replace(
            "[[rules.parts]]\nid = \"key-id\"",
            "[[rules.required]]\nid = \"key-id\""))
        self.assertEqual(self.found(self.text("secret=qvzkmwrt\n")), [])
        self.assertEqual(self.found(self.text(PAIR)),
                         [("key", 2, [("key-id", 1), ("host", 3)])])


if __name__ == "__main__":
    unittest.main()

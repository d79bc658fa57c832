"""secscan rules: count, docs, export, diff."""

import json
import os
import re
import unittest

import harness

REFERENCE = os.path.join(harness.ROOT, "docs", "rules")

RULE = """
[[rules]]
id = "%s"
description = "Acme API key"
category = "key"
severity = "%s"
regex = '''acme_live_[a-z0-9]{20}(?![a-z0-9])'''
"""

# A rule that says all that one can, with what TOML has to escape.
FULL = r"""
fingerprintSalt = "0123456789abcdef"

[[allowlists]]
description = "of all \"rules\""
regexes = ['''it's \d{3}''']
targetRules = ["acme"]

[[rules]]
id = "acme"
description = "Acme \"live\" key\\token"
category = "key"
severity = "low"
regex = '''acme_["'](live)_([a-z0-9]{20,})'''
prefilter = '''acme_["']live'''
secretGroup = 2
width = 300
path = '''\.conf$'''
entropy = 2.25
evidence = "context"
specificity = 7
placeholders = "keep"
preview = true
keywords = ["acme"]
stopwords = ["demo"]
grants = "Reads\tand writes.\nAll of it."
advice = "Revoke it."
references = ["https://acme.example/keys"]
aliases = ["acme-old"]
match = ["#path a.conf\nacme_'live_{loweralnum:20}"]
reject = ["acme_'", "it's"]

[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
paths = ['''^a/''']
stopwords = ["x"]
regexes = ['''a''', '''b\\''']

[[rules]]
id = "acme-kind"
near = ["acme", "acme cloud"]
name = ["api key"]
value = '''[0-9a-f]{32}'''

[[rules]]
id = "acme-file"
path = '''acme\.key$'''
"""


def version_of(run):
    return re.search(r"version ([0-9a-f]{16})", run.out).group(1)


class RulesTest(harness.Case):
    def diff(self, before, after, *args):
        old = self.write("old.toml", before)
        new = self.write("new.toml", after)
        return self.secscan("rules", "diff", *args, old, new)

    # ---- count

    def test_count__tells_rules_kinds_and_categories(self):
        rules = self.write("a.toml", RULE % ("one", "low") +
                           'aliases = ["former"]\n' + RULE % ("two", "low"))
        run = self.secscan("rules", "count", rules)
        self.assertRun(run, 0)
        self.assertRegex(run.out, r"rules +2\nkinds +3\n")
        self.assertRegex(run.out, r"\nkey +2\n")

    def test_options__that_a_verb_ignores_are_refused(self):
        self.assertRun(self.secscan("rules", "list", "--output", "x"), 2)
        self.assertRun(self.secscan("rules", "docs", "--format", "json"), 2)

    # ---- docs

    def test_docs__committed_reference_is_current(self):
        out = self.path("docs")
        self.assertRun(self.secscan("rules", "docs", "--output", out), 0)
        how = "run: script/secscan rules docs --output docs/rules"
        self.assertEqual(sorted(os.listdir(REFERENCE)),
                         sorted(os.listdir(out)), how)
        for name in os.listdir(out):
            with open(os.path.join(out, name), encoding="utf-8") as file:
                made = file.read()
            with open(os.path.join(REFERENCE, name), encoding="utf-8") as file:
                self.assertEqual(file.read(), made, "%s: %s" % (name, how))

    def test_docs__every_link_of_the_index_leads_to_a_rule(self):
        out = self.path("docs")
        self.assertRun(self.secscan("rules", "docs", "--output", out), 0)
        with open(os.path.join(out, "README.md"), encoding="utf-8") as file:
            links = re.findall(r"\]\(([\w-]+\.md)#(.+?)\)", file.read())
        headings = set()
        for name in os.listdir(out):
            with open(os.path.join(out, name), encoding="utf-8") as file:
                headings |= {(name, h) for h in
                             re.findall(r"(?m)^## (\S+)$", file.read())}
        self.assertEqual(len(links), len(set(links)))
        self.assertLessEqual(set(links), headings)
        self.assertGreater(len(links), 200)

    def test_docs__rule_tells_what_it_grants_and_how_to_revoke_it(self):
        rules = self.write("acme.toml", "title = 'Acme_'\n" + RULE % (
            "acme", "low") + 'grants = "Reads <all>."\nadvice = "Delete it."\n'
            'references = ["https://acme.example/a_b"]\naliases = ["old"]\n')
        run = self.secscan("rules", "docs", rules)
        self.assertRun(run, 0)
        self.assertIn("# Acme\\_\n", run.out)
        self.assertIn("\n## acme\n\nAcme API key. Severity: low. "
                      "Category: key.\n", run.out)
        self.assertIn("- Grants: Reads \\<all>.\n", run.out)
        self.assertIn("- Revoke: Delete it.\n", run.out)
        self.assertIn("- See: <https://acme.example/a_b>\n", run.out)
        self.assertIn("- Also: `old`\n", run.out)

    # ---- export

    def test_export__built_in_rules_are_the_same_when_read_again(self):
        out = self.path("all.toml")
        self.assertRun(self.secscan("rules", "export", "--output", out), 0)
        run = self.secscan("rules", "diff", "builtin", out)
        self.assertRun(run, 0)
        self.assertIn("no difference", run.out)
        old, new = re.findall(r"version ([0-9a-f]{16})", run.out)
        self.assertEqual(old, new)

    def test_export__rule_that_says_all_is_the_same_when_read_again(self):
        rules = self.write("full.toml", FULL)
        run = self.secscan("rules", "export", rules)
        self.assertRun(run, 0)
        again = self.write("again.toml", run.out)
        self.assertEqual(version_of(self.secscan("rules", "check", rules)),
                         version_of(self.secscan("rules", "check", again)))
        self.assertEqual(self.secscan("rules", "export", again).out, run.out)
        self.assertRun(self.secscan("rules", "diff", rules, again), 0)

    # ---- diff

    def test_diff__same_rules_are_no_difference(self):
        run = self.diff(RULE % ("acme", "low"), RULE % ("acme", "low"))
        self.assertRun(run, 0)
        self.assertIn("no difference", run.out)

    def test_diff__tells_added_and_removed_rules(self):
        run = self.diff(RULE % ("first", "low"), RULE % ("second", "high"))
        self.assertRun(run, 1)
        self.assertRegex(run.out, r"(?m)^removed +first +low: Acme API key$")
        self.assertRegex(run.out, r"(?m)^added +second +high: Acme API key$")

    def test_diff__tells_a_rule_that_was_renamed_by_its_alias(self):
        run = self.diff(RULE % ("old", "low"),
                        RULE % ("new", "low") + 'aliases = ["old"]\n')
        self.assertRun(run, 1)
        self.assertRegex(run.out, r"(?m)^renamed +new +was old,")
        self.assertNotIn("removed", run.out)
        self.assertNotIn("added", run.out)

    def test_diff__tells_a_rule_that_another_took_in(self):
        run = self.diff(RULE % ("one", "low") + RULE % ("two", "low"),
                        RULE % ("two", "low") + 'aliases = ["one"]\n')
        self.assertRun(run, 1)
        self.assertRegex(run.out, r"(?m)^joined +one +now part of two,")

    def test_diff__tells_each_key_that_changed(self):
        run = self.diff(RULE % ("acme", "low"),
                        (RULE % ("acme", "high")).replace("{20}", "{30}") +
                        "preview = true\n")
        self.assertRun(run, 1)
        self.assertRegex(run.out, r"(?m)^changed +acme +severity: low -> high$")
        self.assertRegex(run.out, r"(?m)^changed +acme +pattern: .*30")
        self.assertRegex(run.out,
                         r"(?m)^changed +acme +gating: gates -> never gates$")

    def test_diff__says_so_when_versions_differ_in_whatever_key(self):
        run = self.diff(RULE % ("acme", "low"), RULE % ("acme", "low") +
                        'keywords = ["acme"]\n')
        self.assertRun(run, 1)
        self.assertRegex(run.out, r"(?m)^changed +acme +other settings: changed$")

    def test_diff__tells_what_is_allowed_for_all_rules(self):
        run = self.diff(RULE % ("acme", "low"), RULE % ("acme", "low") +
                        "[[allowlists]]\npaths = ['''^vendor/''']\n")
        self.assertRun(run, 1)
        self.assertRegex(run.out, r"changed +\(all\) +allowlists: .*\^vendor/")

    def test_diff__json_holds_the_whole_texts(self):
        long = "a" * 200
        run = self.diff(RULE % ("acme", "low"), RULE % ("acme", "low") +
                        'grants = "%s \\"b\\""\n' % long, "--format", "json")
        self.assertRun(run, 1)
        report = json.loads(run.out)
        self.assertEqual(report["schema_version"], 1)
        self.assertEqual(report["before"]["rules"], 1)
        self.assertEqual(report["changes"], [{
            "change": "changed", "rule": "acme",
            "description": "Acme API key", "severity": "low",
            "what": "grants", "before": "", "after": long + ' "b"'}])

    def test_diff__file_that_is_wrong_is_no_difference(self):
        self.assertRun(self.diff("[[rules]]\n", RULE % ("acme", "low")), 2)

    # ---- bench

    def bench(self, extra=""):
        good = "".join("[[rules]]\nid = 'good-%d'\n"
                       "regex = '''zq%dvk_[a-z0-9]{20}'''\n" % (i, i)
                       for i in range(8))
        text = self.write("text.py", "".join(
            "    result_%d = handler.%s(request, timeout=%d)\n" % (
                i, "update_item" if i % 2 else "find_user", i)
            for i in range(4000)))
        return self.secscan("rules", "bench", "--on", text,
                            self.write("rules.toml", good + extra))

    def test_bench__finds_the_rule_that_slows_the_others(self):
        run = self.bench("[[rules]]\nid = 'bad'\n"
                         "regex = '''[a-z_]{4}(?:[a-z0-9_=.( ]{2}){1,20}t'''\n")
        self.assertRun(run, 0)
        costs, slow = re.search(
            r"(?s)candidates +matches +us\n(.*?)\n\n(.*)$", run.out).groups()
        self.assertEqual(costs.split()[0], "bad")
        gains = {name: int(percent) for name, percent in
                 re.findall(r"(?m)^(\S+) +[\d.]+ +(\d+)%$", slow)}
        self.assertEqual(max(gains, key=gains.get), "bad", run.out)

    def test_bench__counts_candidates_and_matches_in_a_megabyte(self):
        run = self.bench("[[rules]]\nid = 'handled'\n"
                         "regex = '''handler\\.update_'''\n"
                         "prefilter = '''handler\\.'''\n")
        self.assertRun(run, 0)
        candidates, matches = map(float, re.search(
            r"(?m)^handled +([\d.]+) +([\d.]+) ", run.out).groups())
        self.assertGreater(matches, 1000)
        self.assertAlmostEqual(candidates / matches, 2, delta=0.01)

    def test_bench__text_that_is_not_there_is_a_mistake(self):
        self.assertRun(self.secscan("rules", "bench", "--on", "nowhere"), 2)
        self.assertRun(self.secscan("--on", "nowhere"), 2)


if __name__ == "__main__":
    unittest.main()

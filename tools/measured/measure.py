#!/usr/bin/env python3
"""What each built-in rule has found in measured text, and which rules are therefore a preview.

    measure.py count PATTERNS FALSE FINDINGS... [--lines SET LINE_FINDINGS] > counts.tsv
    measure.py apply PATTERNS COUNTS          write `preview = true` where it belongs
    measure.py check PATTERNS COUNTS          fail where it is missing

FINDINGS are reports (`--format jsonl --show-secrets`) of text that has been read; FALSE lists what is no credential in it,
a rule and a fingerprint a line. SET is the folder of labelled lines. docs/rules.md says what follows from the counts.
"""
import collections, importlib.util, json, pathlib, re, sys, tomllib

ONE_FALSE_IN = 4
DEMOTED = 30  # confidence of what a check has refuted: nobody is asked to believe it


def findings(path):
    with open(path, encoding="utf-8") as lines:
        for finding in map(json.loads, lines):
            if finding["type"] == "finding" and finding["confidence"] > DEMOTED:
                yield finding


def read_rules(folder):
    """Rules that gate, by id: file and aliases."""
    rules = {}
    for file in sorted(pathlib.Path(folder).glob("*.toml")):
        for rule in tomllib.loads(file.read_text(encoding="utf-8"))["rules"]:
            if rule.get("category") != "hygiene" and not rule.get("skipReport") and rule.get("carrier") != "only":
                rules[rule["id"]] = (file, rule)
    return rules


def count_values(paths, false):
    """A value counts once a rule, however often it stands there."""
    found, wrong = collections.Counter(), collections.Counter()
    seen = set()
    for finding in (f for path in paths for f in findings(path)):
        key = (finding["rule"], finding["fingerprint"])
        if key not in seen:
            seen.add(key)
            found[key[0]] += 1
            wrong[key[0]] += key in false
    return found, wrong


def count_lines(folder, path, found, wrong):
    """A label against it counts where context alone speaks for it: the values are made unlike the real ones in form."""
    spec = importlib.util.spec_from_file_location("score", pathlib.Path(folder, "score.py"))
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    cases = score.read_cases()
    for finding in findings(path):
        case = cases.get(pathlib.Path(finding["path"]).name.split(".")[0])
        labels = score.hit_labels(case, finding["secret"].split("\n")[0]) if case else []
        if labels:
            found[finding["rule"]] += 1
            wrong[finding["rule"]] += labels[0][0] != "T" and finding["evidence"] == "context"


def count(patterns, false_list, *paths):
    false = {tuple(line.split()) for line in open(false_list) if not line.startswith("#")}
    lines = paths[paths.index("--lines") + 1:] if "--lines" in paths else ()
    paths = paths[:paths.index("--lines")] if lines else paths
    found, wrong = count_values(paths, false)
    if lines:
        count_lines(*lines, found, wrong)
    print("# rule, values found, of those no credential: tools/measured/measure.py count")
    for rule in sorted(read_rules(patterns)):
        print(rule, found[rule], wrong[rule], sep="\t")


def is_measured(rule, counts):
    for name in [rule["id"], *rule.get("aliases", ())]:
        if name in counts:
            found, wrong = counts[name]
            return wrong * ONE_FALSE_IN <= found
    return False


def wanted(patterns, counts_file):
    """Rules that gate and should not. A preview that is measured by now may be one all the same: somebody is trying it."""
    rows = (line.split("\t") for line in open(counts_file) if not line.startswith("#"))
    counts = {rule: (int(found), int(wrong)) for rule, found, wrong in rows}
    return [(file, rule) for file, rule in read_rules(patterns).values()
            if not rule.get("preview") and not is_measured(rule, counts)]


def apply(patterns, counts_file):
    for file, rule in wanted(patterns, counts_file):
        text = file.read_text(encoding="utf-8")
        head, body = re.split(r'(?m)(?<=^id = "%s"$)' % re.escape(rule["id"]), text, maxsplit=1)
        file.write_text(head + "\npreview = true" + body, encoding="utf-8")


def check(patterns, counts_file):
    wrong = [rule for _, rule in wanted(patterns, counts_file)]
    for rule in wrong:
        print(f"{rule['id']}: nobody has measured it, or it is wrong too often: preview = true")
    return 1 if wrong else 0


if __name__ == "__main__":
    verbs = {"count": count, "apply": apply, "check": check}
    if len(sys.argv) < 4 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1]](*sys.argv[2:]))

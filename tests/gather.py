"""gather.py OUT BUILD[:LABEL]...: one ctest directory out of several.

Writes OUT/CTestTestfile.cmake with the tests of each build directory (those with
LABEL, if one is given), named <preset>/<test>, so that a single run of ctest
gives a single summary. A test in HEAVY is slow in all but the first of them:
sanitizers make minutes of what it does.
"""

import json
import os
import subprocess
import sys

# Properties that name other tests.
REFERENCES = ("DEPENDS", "FIXTURES_SETUP", "FIXTURES_REQUIRED",
              "FIXTURES_CLEANUP")

HEAVY = {
    "bindings.go", "bindings.rust", "python.address", "python.thread",
    "cli.attribution", "cli.baseline", "cli.choosing", "cli.ci", "cli.config",
    "cli.formats", "cli.gitleaks", "cli.hidden", "cli.history", "cli.hostile",
    "cli.pre_commit", "cli.suppress", "fuzz.walk", "patterns.syntaxes", "unit.compile",
    "unit.gitleaks", "unit.kind", "unit.merge",
}


def quote(text):
    return "[==[" + text + "]==]"


def tests_of(build, label):
    shown = subprocess.run(
        ["ctest", "--test-dir", build, "--show-only=json-v1"],
        check=True, stdout=subprocess.PIPE).stdout
    for test in json.loads(shown)["tests"]:
        properties = {p["name"]: p["value"] for p in test["properties"]}
        if not label or label in properties.get("LABELS", []):
            yield test, properties


def value_text(preset, name, value):
    values = value if isinstance(value, list) else [value]
    if name in REFERENCES:
        values = ["%s/%s" % (preset, v) for v in values]
    return ";".join("TRUE" if v is True else str(v) for v in values)


def write_test(out, preset, test, properties):
    name = quote("%s/%s" % (preset, test["name"]))
    # A test whose program is missing has no command: keep it, and it fails.
    command = test.get("command") or ["not-built-" + test["name"]]
    out.write("add_test(%s %s)\n" % (name, " ".join(map(quote, command))))
    for key, value in properties.items():
        out.write("set_tests_properties(%s PROPERTIES %s %s)\n" % (
            name, key, quote(value_text(preset, key, value))))


def main():
    folder, builds = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "CTestTestfile.cmake"), "w") as out:
        for place, build in enumerate(builds):
            build, _, label = build.partition(":")
            preset = os.path.basename(build)
            for test, properties in tests_of(build, label):
                if place and test["name"] in HEAVY:
                    properties["LABELS"] = properties.get("LABELS", []) + [
                        "slow"]
                write_test(out, preset, test, properties)


main()

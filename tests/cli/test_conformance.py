"""test_conformance.py: the command line is a consumer of the library like any
other. The folders of the conformance suite (docs/conformance.md), scanned as
files, give the same lines, byte for byte."""

import hashlib
import json
import os

import harness

FOLDERS = os.environ.get("SECSCAN_CONFORMANCE",
                         os.path.join(harness.ROOT, "build", "dev",
                                      "conformance"))
KEYS = ("rule", "path", "line_start", "column_start", "line_end", "column_end",
        "offset", "severity", "evidence", "confidence", "fingerprint")


def read(*parts):
    with open(os.path.join(FOLDERS, *parts), "rb") as file:
        return file.read()


def line(finding):
    """A finding of --format jsonl as a line of the suite. Of a rule about paths
    there is no secret and no line: null here, empty and 0 in C."""
    out = {key: finding[key] or 0 for key in KEYS}
    secret = (finding["secret"] or "").encode()
    out["secret_sha256"] = hashlib.sha256(secret).hexdigest()
    out["encodings"] = finding["encodings"]
    return json.dumps(out, separators=(",", ":"), ensure_ascii=False) + "\n"


class ConformanceTest(harness.Case):
    def lines(self, case):
        """What secscan finds in a case's input as a file of its name."""
        name = "input"
        if os.path.exists(os.path.join(FOLDERS, case, "name")):
            name = read(case, "name").decode()
        self.write(os.path.join(case, name), read(case, "input"))
        run = self.secscan("--format", "jsonl", "--show-secrets",
                           "--no-containers", name, cwd=self.path(case))
        self.assertEqual(run.err, "")
        return "".join(line(f) for f in run.findings())

    def test_conformance__all_folders_give_the_same_lines(self):
        cases = sorted(os.listdir(FOLDERS))
        cases = [case for case in cases if not case.startswith(".")]
        self.assertGreater(len(cases), 100)
        for case in cases:
            with self.subTest(case):
                expected = read(case, "expected.jsonl").decode()
                self.assertEqual(self.lines(case), expected)


if __name__ == "__main__":
    harness.main()

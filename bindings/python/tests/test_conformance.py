"""test_conformance.py: the folders of the conformance suite
(docs/conformance.md) give the same lines as in C, byte for byte."""

import hashlib
import json
import os
from pathlib import Path

import secscan

FOLDERS = Path(os.environ["SECSCAN_CONFORMANCE"])


def line(finding):
    place = finding.place
    return json.dumps({
        "rule": finding.rule, "path": place.path,
        "line_start": place.line_start, "column_start": place.column_start,
        "line_end": place.line_end, "column_end": place.column_end,
        "offset": place.offset, "severity": str(finding.severity),
        "evidence": str(finding.evidence), "confidence": finding.confidence,
        "fingerprint": finding.fingerprint,
        "secret_sha256": hashlib.sha256(finding.secret).hexdigest(),
        "encodings": list(place.encodings),
    }, separators=(",", ":"), ensure_ascii=False) + "\n"


def test_conformance__all_folders_give_the_lines_of_c():
    scanner = secscan.Scanner(containers=False)
    cases = sorted(p for p in FOLDERS.iterdir() if p.is_dir())
    assert len(cases) > 100
    for case in cases:
        name = case / "name"
        found = scanner.scan((case / "input").read_bytes(),
                             name.read_text() if name.exists() else "input")
        made = "".join(map(line, found)).encode()
        assert made == (case / "expected.jsonl").read_bytes(), case.name

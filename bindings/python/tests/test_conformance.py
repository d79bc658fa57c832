"""test_conformance.py: the folders of the conformance suite
(docs/conformance.md) give the same lines as in C, byte for byte."""

import hashlib
import json
import os
from pathlib import Path

import pytest
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


def cases():
    """Each with its bytes, the name it is scanned by, and the lines of C."""
    folders = sorted(p for p in FOLDERS.iterdir() if p.is_dir())
    assert len(folders) > 100
    for case in folders:
        name = case / "name"
        yield (case.name, (case / "input").read_bytes(),
               name.read_text() if name.exists() else "input",
               (case / "expected.jsonl").read_bytes())


def test_conformance__all_folders_give_the_lines_of_c():
    scanner = secscan.Scanner(containers=False)
    for case, data, name, expected in cases():
        made = "".join(map(line, scanner.scan(data, name))).encode()
        assert made == expected, case


@pytest.mark.parametrize("size", [1, 7, 4093, 65537])
def test_conformance__pieces_of_any_size_give_them_too(size):
    scanner = secscan.Scanner(containers=False)
    for case, data, name, expected in cases():
        if size == 1 and len(data) > 1 << 16:
            continue
        pieces = (data[i:i + size] for i in range(0, len(data), size))
        made = "".join(map(line, scanner.scan_stream(pieces, name))).encode()
        assert made == expected, case

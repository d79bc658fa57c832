"""report.py PATH: a folder's secrets as JSON lines, masked; exit codes as the
program has them (docs/exit-codes.md)."""

from __future__ import annotations

import json
import sys

import secscan


def main() -> int:
    scanner = secscan.Scanner(policy=secscan.Policy(sys.argv[1]))
    with scanner.scan_tree(sys.argv[1]) as scan:
        for finding in scan:
            print(json.dumps(finding.to_dict()))
        for skip in scan.skips:
            print("not scanned: %s: %s" % (skip.path, skip.reason),
                  file=sys.stderr)
        return scan.coverage.exit_code if scan.coverage else 4


if __name__ == "__main__":
    sys.exit(main())

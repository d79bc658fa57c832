"""pre_push.py REMOTE [URL]: git's hook "pre-push": no secret is published.

Git tells on standard input what it is about to push; see githooks(5)."""

import sys

import secscan


def main() -> int:
    # A line: local ref, its id, ref at the other side, its id there.
    updates = [secscan.Update(ref, old_id, new_id)
               for _, new_id, ref, old_id in map(str.split, sys.stdin)]
    push = secscan.GitOptions(updates=updates, remote=sys.argv[1])
    scanner = secscan.Scanner(profile="block",
                              policy=secscan.Policy.git(".", **push))
    scan = scanner.scan_git(".", **push)
    blocked = [finding for finding in scan if finding.gates]
    for finding in blocked:
        print(finding.place.path, finding.place.line_start, finding.rule,
              finding.masked, file=sys.stderr)
    is_complete = scan.coverage is not None and scan.coverage.is_complete
    if not is_complete:
        print("not all was scanned:", scan.skips, file=sys.stderr)
    return 1 if blocked or not is_complete else 0


if __name__ == "__main__":
    sys.exit(main())

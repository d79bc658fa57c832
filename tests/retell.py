"""retell.py JUNIT LOG: the ends of what failed tests printed, and the summary
again, from what one run of ctest wrote.

In a run of a thousand tests the output of one that failed stands far from the
end, which is all that some services keep.
"""

import sys
import xml.etree.ElementTree as ElementTree

N_LINES = 100


def failures(junit):
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        if case.get("status") == "fail":
            yield case.get("name"), case.findtext("system-out", "")


def summary(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    starts = [i for i, line in enumerate(lines) if "% tests passed" in line]
    return lines[starts[-1]:] if starts else []


def main():
    junit, log = sys.argv[1:]
    for name, printed in failures(junit):
        print("\n%s ended with:" % name)
        print("\n".join(printed.splitlines()[-N_LINES:]))
    print("\n" + "\n".join(summary(log)))


main()

"""exports.py LIBRARY...: the shared libraries export what exports.txt lists.

Names of the private node are for the pair of libraries of one build: they are
not listed, but have to be ss_ ones.
"""

import re
import subprocess
import sys

import tree


def exported(library):
    shown = subprocess.run(["nm", "-D", "--defined-only", library],
                           stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in shown.splitlines():
        kind, name = line.split()[-2:]
        if kind != "A":
            yield name


def main():
    wanted = set(tree.read("tests/lint/exports.txt").split())
    found = set()
    problems = []
    for library in sys.argv[1:]:
        for name in exported(library):
            plain, _, node = name.partition("@@")
            if node.startswith("SECSCAN_PRIVATE_"):
                if not re.match(r"ss_\w+$", plain):
                    problems.append(plain + " is exported privately")
            else:
                found.add("%s@%s" % (plain, node))
    problems += ["%s is exported and not in exports.txt" % n
                 for n in sorted(found - wanted)]
    problems += ["%s is in exports.txt and not exported" % n
                 for n in sorted(wanted - found)]
    tree.finish(problems)


main()

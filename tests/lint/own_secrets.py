"""own_secrets.py SECSCAN: the project itself holds nothing that secscan finds.

Its files, and every commit that HEAD reaches. A tree without its history (an
archive of a release) is only half of it, and says so.
"""

import os
import subprocess
import sys

import tree


def scan(*arguments):
    done = subprocess.run([sys.argv[1], "--no-color"] + list(arguments),
                          cwd=tree.ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout)
    return done.returncode


def main():
    failed = scan(".")
    if not os.path.exists(os.path.join(tree.ROOT, ".git")):
        print("no git history here: only the files were scanned")
    else:
        # What HEAD reaches: other branches of a checkout are not the project.
        failed = scan("--range", "HEAD") or failed
    sys.exit(1 if failed else 0)


main()

"""scripts.py: what people call, in script/ and of bindings, is clean shell, or
Python that compiles. Skipped (77) without ShellCheck."""

import os
import shutil
import subprocess
import sys

import tree


def main():
    if not shutil.which("shellcheck"):
        print("no ShellCheck here")
        sys.exit(77)
    shell, problems = [], 0
    for path in tree.files(["script", ".ci"], "") + [
            "bindings/rust/secscan-sys/generate"]:
        text = tree.read(path)
        if text.startswith(("#!/bin/sh\n", "#!/usr/bin/env bash\n",
                            "#!/bin/bash\n")):
            shell.append(path)
        elif text.startswith("#!/usr/bin/env python3\n"):
            compile(text, path, "exec")
        else:
            print("%s: neither a shell nor python3 in its first line" % path)
            problems += 1
        if not os.access(os.path.join(tree.ROOT, path), os.X_OK):
            print("%s: is not executable" % path)
            problems += 1
    done = subprocess.run(["shellcheck"] + shell, cwd=tree.ROOT)
    sys.exit(1 if done.returncode or problems else 0)


main()

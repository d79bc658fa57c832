"""carry.py TOP FOLDER PATH VERSION: put beside the binaries in TOP/FOLDER what they
load and the system or the program that loads them does not have, and describe
that in TOP and beside PATH (describe.py). Binaries are stripped, and forget where
they were built. bindings/node/pack.mjs calls it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

import describe
import libraries

# Who runs the package has loaded them already.
RUNTIME = re.compile(r"^lib(stdc\+\+|gcc_s)\.so")
HEADERS = ("libtomlplusplus-dev",)


def finish(path):
    """An addon finds its libraries beside it; libraries are found by it."""
    subprocess.run(["strip", "--strip-unneeded", path], check=True)
    if path.endswith(".node"):
        return
    with tempfile.NamedTemporaryFile("w", suffix=".cmake") as script:
        script.write('file(RPATH_REMOVE FILE "%s")\n' % path)
        script.flush()
        subprocess.run(["cmake", "-P", script.name], check=True)


def main():
    top, folder, path, version = sys.argv[1:]
    place = os.path.join(top, folder)
    ours = sorted(os.listdir(place))
    found = {name: where for name, where in libraries.loaded(
        [os.path.join(place, name) for name in ours]).items()
             if name not in ours and not RUNTIME.match(name)}
    for name, where in found.items():
        shutil.copyfile(os.path.realpath(where), os.path.join(place, name))
    for name in ours:
        finish(os.path.join(place, name))
    describe.inside(top, path, version, describe.by_package(found), HEADERS,
                    [os.path.join(folder, name) for name in ours])


main()

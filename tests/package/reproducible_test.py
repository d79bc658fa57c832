"""reproducible_test.py OUT: the sources in another folder, compiled anew, give the
same packages, byte for byte."""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from sources import copy_sources, git

OUT = os.path.abspath(sys.argv.pop(1))


class Reproducible(unittest.TestCase):
    def test_another_folder_gives_the_same_bytes(self):
        folder = tempfile.mkdtemp(prefix="secscan-again-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        sources = os.path.join(folder, "a", "longer", "way", "down")
        again = os.path.join(folder, "out")
        copy_sources(sources)
        time = os.environ.get("SOURCE_DATE_EPOCH") or git(
            "log", "-1", "--format=%ct").strip()
        done = subprocess.run(
            [os.path.join(sources, "script", "package"), again], text=True,
            env=dict(os.environ, SOURCE_DATE_EPOCH=time, CCACHE_DISABLE="1",
                     TZ="Pacific/Auckland"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        names = sorted(os.listdir(OUT))
        self.assertEqual(sorted(os.listdir(again)), names)
        _, differing, unread = filecmp.cmpfiles(OUT, again, names, False)
        self.assertEqual(differing + unread, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)

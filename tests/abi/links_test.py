"""links_test.py BUILD: what each library needs at run time, and what it gives.

Who scans buffers links no git and no archive library, and who scans repositories
no archive library.
"""

import os
import re
import subprocess
import sys
import unittest

import abi

BUILD = sys.argv.pop(1)
C = {"libc", "ld-linux-x86-64", "ld-linux-aarch64", "libm", "libgcc_s",
     "libpthread"}
MAIN = C | {"libstdc++", "libhs", "libpcre2-8", "libsodium", "libjansson"}
GIT = C | {"libsecscan", "libgit2", "libdeflate", "libz", "libsodium"}
ARCHIVE = ("libarchive", "libqpdf", "libsqlite3", "libcrypto", "libgit2")


def path(name):
    return os.path.join(BUILD, abi.LIBRARIES[name])


def needed(library):
    shown = subprocess.run(["objdump", "-p", library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    return {re.sub(r"\.so.*$", "", name)
            for name in re.findall(r"NEEDED +(\S+)", shown)}


def loaded(library):
    """All that comes with it, what its libraries need included."""
    shown = subprocess.run(["ldd", library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    return {os.path.basename(name).split(".so")[0]
            for name in re.findall(r"^\s*(\S+)", shown, re.M)}


def exported(library):
    shown = subprocess.run(["nm", "-D", "--defined-only", library], check=True,
                           text=True, stdout=subprocess.PIPE).stdout
    # What is not A: that are the names of versions.
    return [re.sub("@.*", "", name)
            for kind, name in re.findall(r" (\w) (\S+)$", shown, re.M)
            if kind != "A"]


class Links(unittest.TestCase):
    def test_libsecscan_needs_no_git_and_no_archive_library(self):
        self.assertLessEqual(needed(path("libsecscan")), MAIN)
        self.assertIn("libhs", needed(path("libsecscan")))

    def test_libsecscan_brings_none_of_them_either(self):
        for name in ARCHIVE + ("libz", "libdeflate"):
            self.assertNotIn(name, loaded(path("libsecscan")))

    def test_libsecscan_git_needs_no_archive_library(self):
        found = needed(path("libsecscan-git"))
        self.assertLessEqual(found, GIT)
        self.assertIn("libgit2", found)

    def test_libsecscan_containers_gives_one_function(self):
        self.assertEqual(exported(path("libsecscan-containers")),
                         ["secscan_containers"])

    def test_libsecscan_containers_needs_no_other_of_ours(self):
        for name in needed(path("libsecscan-containers")):
            self.assertNotIn("secscan", name)

    def test_libsecscan_gives_nothing_of_others(self):
        for name in exported(path("libsecscan")):
            self.assertRegex(name, r"^(secscan|ss)_")


if __name__ == "__main__":
    unittest.main(verbosity=2)

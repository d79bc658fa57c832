"""install_test.py BUILD: install to a temporary prefix, and use what is there.

Programs of docs/embedding.md are compiled through pkg-config (shared and
static) and through CMake's package, and have to find a token made here.
"""

import os
import re
import subprocess
import sys
import unittest
import zipfile

import prefix
from prefix import run, token

BUILD = sys.argv.pop(1)

CMAKE_PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(find LANGUAGES C CXX)
find_package(secscan 0.1 REQUIRED COMPONENTS git containers static)
add_executable(find find.c)
target_link_libraries(find PRIVATE secscan::git)
add_executable(find_static find.c)
target_link_libraries(find_static PRIVATE secscan::git_static)
add_executable(opening opening.c)
target_link_libraries(opening PRIVATE secscan::containers)
add_executable(opening_static opening.c)
target_link_libraries(opening_static PRIVATE secscan::containers_static)
"""


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = prefix.Prefix(BUILD)
        cls.prefix = cls.installed.prefix
        cls.lib_dir = cls.installed.lib_dir
        cls.env = cls.installed.env
        cls.pkg_config = cls.installed.pkg_config
        programs = prefix.programs()
        cls.program_lines = programs["find.c"].count("\n")
        cls.source = cls.installed.put("find.c", programs["find.c"])
        cls.opening = cls.installed.put("opening.c", programs["opening.c"])

    @classmethod
    def tearDownClass(cls):
        cls.installed.cleanup()

    def compile(self, name, flags, source=None):
        return self.installed.compile(name, source or self.source, flags)

    def check(self, program):
        text = "first line\nGITHUB_TOKEN=%s\n" % token()
        done = subprocess.run([program], input=text, text=True, env=self.env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1)
        self.assertIn("stdin:2:14 critical: github-", done.stdout)
        self.assertNotIn(token()[4:], done.stdout)
        clean = subprocess.run([program], input="nothing here\n", text=True,
                               env=self.env, stdout=subprocess.PIPE)
        self.assertEqual((clean.returncode, clean.stdout), (0, ""))

    def check_opening(self, program, env=None):
        path = self.installed.path("archive.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.env", "GITHUB_TOKEN=%s\n" % token())
        done = subprocess.run([program, path], env=env or self.env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertIn("archive.zip!inside.env:1: github-", done.stdout)
        self.assertEqual(done.returncode, 1)

    def test_program_is_short(self):
        self.assertLessEqual(self.program_lines, 44)

    def test_links_shared_through_pkg_config(self):
        flags = self.pkg_config("--cflags", "--libs", "secscan")
        program = self.compile("shared", flags)
        needed = run(["objdump", "-p", program])
        self.assertRegex(needed, r"NEEDED +libsecscan\.so\.0\n")
        self.assertNotIn("libhs", needed)
        self.check(program)

    def static_flags(self, module):
        """Of secscan's own libraries the archives; the others as they are."""
        return [re.sub(r"^-l(secscan.*)$", r"-l:lib\1.a", flag)
                for flag in self.pkg_config("--static", "--cflags", "--libs",
                                            module)]

    def compile_static(self, module):
        """Not for secscan-containers: of libarchive, Debian's pkg-config file
        names libraries for static programs that its package does not bring."""
        program = self.compile("static-" + module, self.static_flags(module))
        self.assertNotIn("libsecscan", run(["objdump", "-p", program]))
        return program

    def test_links_static_through_pkg_config(self):
        self.check(self.compile_static("secscan"))

    def test_links_git_static_through_pkg_config(self):
        self.check(self.compile_static("secscan-git"))

    def test_links_git_through_pkg_config(self):
        flags = self.pkg_config("--cflags", "--libs", "secscan-git")
        self.check(self.compile("with_git", flags))

    def test_links_containers_through_pkg_config(self):
        flags = self.pkg_config("--cflags", "--libs", "secscan-containers")
        program = self.compile("with_containers", flags, self.opening)
        needed = run(["objdump", "-p", program])
        self.assertRegex(needed, r"NEEDED +libsecscan-containers\.so\.0\n")
        self.assertNotIn("libarchive", needed)
        self.check_opening(program)

    def test_libsecscan_loads_the_containers_library_from_beside_it(self):
        with open(self.opening) as file:
            text = file.read()
        source = self.installed.put("loading.c", text.replace(
            "= secscan_containers", "= secscan_load_containers"))
        flags = self.pkg_config("--cflags", "--libs", "secscan")
        program = self.compile(
            "loading", flags + ["-Wl,-rpath," + self.lib_dir], source)
        self.assertNotIn("containers", run(["objdump", "-p", program]))
        env = dict(self.env)
        del env["LD_LIBRARY_PATH"]
        self.check_opening(program, env)
        shown = run(["objdump", "-p",
                     os.path.join(self.lib_dir, "libsecscan.so")])
        self.assertRegex(shown, r"RUNPATH +\$ORIGIN\n")

    def test_program_loads_the_containers_library_from_beside_it(self):
        program = os.path.join(self.prefix, "bin", "secscan")
        shown = run(["objdump", "-p", program])
        for library in ("libsecscan", "archive", "qpdf", "sqlite", "crypto"):
            self.assertNotRegex(shown, r"NEEDED +\S*%s" % library)
        path = re.search(r"R(?:UN)?PATH +(.*)", shown).group(1)
        self.assertTrue(path.startswith("$ORIGIN/"), path)
        self.assertNotIn(":", path)  # an empty one is the current directory
        path = path.replace("$ORIGIN", os.path.dirname(program))
        self.assertTrue(os.path.exists(
            os.path.join(path, "libsecscan-containers.so.0")), path)

    def test_links_through_cmake(self):
        self.installed.put("CMakeLists.txt", CMAKE_PROJECT)
        build = self.installed.path("build")
        run(["cmake", "-G", "Ninja", "-S", self.installed.folder.name,
             "-B", build,
             "-DCMAKE_PREFIX_PATH=" + self.prefix], env=self.env)
        run(["ninja", "-C", build], env=self.env)
        self.check(os.path.join(build, "find"))
        self.check(os.path.join(build, "find_static"))
        self.check_opening(os.path.join(build, "opening"))
        self.check_opening(os.path.join(build, "opening_static"))

    def test_installs_what_people_need(self):
        found = {os.path.relpath(os.path.join(place, name), self.prefix)
                 for place, _, names in os.walk(self.prefix)
                 for name in names}
        ends = ["include/secscan.h", "include/secscan_git.h",
                "include/secscan_containers.h",
                "libsecscan.so.0", "libsecscan-git.so.0",
                "libsecscan-containers.so.0", "libsecscan.a",
                "libsecscan-git.a", "libsecscan-containers.a",
                "secscanConfig.cmake", "LICENSE"]
        for end in ends:
            self.assertTrue([f for f in found if f.endswith(end)], end)

    def test_shared_libraries_have_a_soname_and_share_code(self):
        git = os.path.join(self.lib_dir, "libsecscan-git.so")
        shown = run(["objdump", "-p", git])
        self.assertRegex(shown, r"SONAME +libsecscan-git\.so\.0\n")
        self.assertRegex(shown, r"NEEDED +libsecscan\.so\.0\n")
        self.assertNotIn("libhs", shown)


unittest.main(verbosity=2)

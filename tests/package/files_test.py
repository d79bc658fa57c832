"""files_test.py: what other package managers read, as they would read it: the
Homebrew formula loaded by Ruby, the vcpkg port run by CMake, both with stand-ins
for what is not here. Both name every library that CMake looks for."""

import json
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FORMULA = os.path.join(ROOT, "packaging", "homebrew", "secscan.rb")
PORT = os.path.join(ROOT, "packaging", "vcpkg")
# What pkg-config calls a library, where that is not what the managers do.
BREW = {"libhs": "hyperscan", "libpcre2-8": "pcre2", "sqlite3": "sqlite",
        "libqpdf": "qpdf", "libcrypto": "openssl@3"}
VCPKG = {"libhs": "hyperscan", "libpcre2-8": "pcre2", "libqpdf": "qpdf",
         "libcrypto": "openssl"}
# Says what a formula depends on, and what it would run to install.
STAND_IN = r"""
require "json"
class Formula
  SAID = { "depends" => [], "runs" => [] }
  def self.depends_on(what); SAID["depends"] << (what.is_a?(Hash) ? what.keys[0] : what); end
  def self.uses_from_macos(what); SAID["depends"] << what; end
  def self.on_arm; yield; end
  def self.on_intel; yield; end
  def self.test(&block); SAID["has_test"] = !block.nil?; end
  %w[desc homepage license head].each do |name|
    define_singleton_method(name) { |*what, **| SAID[name] = what[0] }
  end
  def std_cmake_args; ["-DCMAKE_INSTALL_PREFIX=/opt"]; end
  def system(*what); SAID["runs"] << what; end
end
load ARGV[0]
Secscan.new.install
puts JSON.generate(Formula::SAID)
"""
VCPKG_STAND_IN = r"""
set(CURRENT_PACKAGES_DIR /tmp/nowhere-secscan)
foreach(name find_acquire_program cmake_configure cmake_install
        cmake_config_fixup fixup_pkgconfig copy_tools install_copyright)
  cmake_language(EVAL CODE
    "function(vcpkg_${name})\n  message(\"${name} \${ARGN}\")\nendfunction()")
endforeach()
include(${PORTFILE})
"""


def read(*parts):
    with open(os.path.join(ROOT, *parts)) as file:
        return file.read()


def run(*command):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise AssertionError("%s\n%s" % (command, done.stdout))
    return done.stdout


def modules():
    return re.findall(r"IMPORTED_TARGET ([a-z0-9-]+)",
                      read("cmake", "dependencies.cmake"))


def script(text):
    file = tempfile.NamedTemporaryFile("w", suffix=".txt")
    file.write(text)
    file.flush()
    return file


class Files(unittest.TestCase):
    def test_formula(self):
        run("ruby", "-wc", FORMULA)
        with script(STAND_IN) as stand_in:
            said = json.loads(run("ruby", stand_in.name, FORMULA))
        for module in modules():
            self.assertIn(BREW.get(module, module), said["depends"])
        self.assertEqual([r[:2] for r in said["runs"]],
                         [["cmake", "-S"], ["cmake", "--build"],
                          ["cmake", "--install"]])
        self.assertEqual(said["license"], "Apache-2.0")
        self.assertTrue(said["has_test"])
        self.assert_options(said["runs"][0])

    def test_port(self):
        port = json.loads(read("packaging", "vcpkg", "vcpkg.json"))
        named = [d if isinstance(d, str) else d["name"]
                 for d in port["dependencies"]]
        self.assertEqual(named, sorted(named))
        for module in modules():
            self.assertIn(VCPKG.get(module, module), named)
        header = read("libsecscan", "include", "secscan.h")
        self.assertIn('#define SECSCAN_VERSION "%s"' % port["version"], header)
        with script(VCPKG_STAND_IN) as stand_in:
            said = run("cmake", "-DPORTFILE=%s/portfile.cmake" % PORT, "-P",
                       stand_in.name)
        self.assertIn("cmake_configure SOURCE_PATH;%s;" % ROOT,
                      said.replace(" SOURCE_PATH ", " SOURCE_PATH;"))
        self.assertIn("cmake_install", said)
        self.assert_options(re.findall(r"-D[^;\s]+", said))

    def test_port_s_usage_names_targets_that_there_are(self):
        names = re.findall(r"secscan::(\w+)",
                           read("packaging", "vcpkg", "usage"))
        made = (read("cmake", "install.cmake") +
                read("cmake", "secscanConfig.cmake.in"))
        self.assertTrue(names)
        for name in names:
            self.assertRegex(made, r"EXPORT_NAME %s\)|secscan::%s\b" % (
                name, name))

    def test_every_package_has_the_version_and_the_licence(self):
        version = re.search(r'SECSCAN_VERSION "(.*)"',
                            read("libsecscan", "include", "secscan.h")).group(1)
        for path, form in (("packaging/vcpkg/vcpkg.json", '"version": "%s"'),
                           ("bindings/node/package.json", '"version": "%s"'),
                           ("bindings/rust/secscan/Cargo.toml",
                            'version = "%s"\nedition'),
                           ("bindings/rust/secscan-sys/Cargo.toml",
                            'version = "%s"\nedition'),
                           ("bindings/go/README.md", "secscan@v%s")):
            self.assertIn(form % version, read(path), path)
        for folder in ("go", "rust/secscan", "rust/secscan-sys"):
            self.assertEqual(read("bindings", folder, "LICENSE"),
                             read("LICENSE"))

    def test_nothing_names_a_home_that_is_somebody_else_s(self):
        for path in ("packaging/vcpkg/vcpkg.json", "cmake/package.cmake",
                     "packaging/homebrew/secscan.rb",
                     "bindings/node/package.json",
                     "bindings/python/pyproject.toml",
                     "bindings/rust/secscan/Cargo.toml"):
            self.assertNotRegex(read(path), r"example\.(org|com|net)", path)

    def assert_options(self, words):
        """They are options that there are."""
        known = read("cmake", "options.cmake") + read("cmake", "libgit2.cmake")
        for name in re.findall(r"-D(SECSCAN_\w+)=", " ".join(words)):
            self.assertIn("option(%s " % name, known)


if __name__ == "__main__":
    unittest.main(verbosity=2)

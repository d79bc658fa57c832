"""package_test.py OUT: what script/package has made, as people get it: checked,
installed into a bare Debian and removed, unpacked where there is nothing but the C
library, run.

Needs root, or user namespaces, and Debian's packages.
"""

import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "install"))
from prefix import run, token  # noqa: E402

OUT = os.path.abspath(sys.argv.pop(1))
PYTHON = os.path.join(ROOT, "build", "venv", "bin", "python")
VALIDATE = os.path.join(ROOT, "tests", "package", "validate.py")
# The oldest C library that they run with; docs/packages.md says it.
PROGRAM_GLIBC, LIBRARY_GLIBC = (2, 25), (2, 36)
# The oldest Debian that there are packages of; its glibc is 2.31.
OLD_DEBIAN = "bullseye"
LIBC = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1")

# Runs in the new system's place, $1 is its root.
INSTALL = r"""
set -eu
root=$1
list() {
    chroot "$root" find / -xdev ! -path '/tmp*' ! -path '/proc*' ! -path '/sys*' \
        ! -path '/var/cache*' ! -path '/var/log*' ! -path '/var/lib/dpkg*' \
        ! -path '/var/lib/apt*' ! -path '/etc/ld.so.cache' | sort
}
cp "$OUT"/*.deb "$DATA" -r "$root/tmp/"
data=/tmp/$(basename "$DATA")
list >"$RESULTS/before"
chroot "$root" sh -c \
    'apt-get install -y --no-install-recommends /tmp/secscan_*.deb /tmp/lib*.deb'
list >"$RESULTS/with"
chroot "$root" secscan --version >"$RESULTS/version"
chroot "$root" secscan --format jsonl "$data" >"$RESULTS/report" ||
    echo $? >"$RESULTS/code"
chroot "$root" ldconfig -p >"$RESULTS/libraries"
chroot "$root" apt-get purge -y --auto-remove secscan libsecscan-dev
list >"$RESULTS/after"
chroot "$root" dpkg-query -W -f '${Package} ${Status}\n' >"$RESULTS/packages"
"""


def read(*parts):
    with open(os.path.join(*parts)) as file:
        return file.read()


def newest_glibc(path):
    shown = run(["objdump", "-T", path])
    return max(tuple(map(int, found.split(".")))
               for found in re.findall(r"GLIBC_([0-9.]+)", shown))


def fill(folder):
    """Secrets, plain and in containers of several libraries."""
    os.makedirs(folder)
    with open(os.path.join(folder, "plain.env"), "w") as file:
        file.write("TOKEN=%s\n" % token(1))
    with zipfile.ZipFile(os.path.join(folder, "a.zip"), "w",
                         zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in.env", "TOKEN=%s\n" % token(2))
    base = sqlite3.connect(os.path.join(folder, "b.sqlite"))
    base.execute("create table t (v text)")
    base.execute("insert into t values (?)", ("TOKEN=%s" % token(3),))
    base.commit()
    base.close()


def paths(report):
    return sorted(f["path"].rpartition("/data/")[2]
                  for f in map(json.loads, report.splitlines())
                  if f["type"] == "finding")


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="secscan-package-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.data = os.path.join(cls.folder, "data")
        fill(cls.data)

    def check_report(self, report):
        found = paths(report)
        self.assertEqual(len(found), 3, found)
        self.assertEqual(found[0], "a.zip!in.env")
        self.assertTrue(found[1].startswith("b.sqlite!"), found)
        self.assertEqual(found[2], "plain.env")


class Files(Case):
    def test_checksums_are_of_all_files(self):
        run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=OUT)
        listed = re.findall(r"^\S+  (\S+)$", read(OUT, "SHA256SUMS"), re.M)
        self.assertEqual(sorted(listed + ["SHA256SUMS"]),
                         sorted(os.listdir(OUT)))
        self.assertEqual(len(listed), 7)

    def test_bills_of_materials_fit_their_schema(self):
        bills = glob.glob(os.path.join(OUT, "*.cdx.json"))
        self.assertEqual(len(bills), 2)
        run([PYTHON, VALIDATE, *bills])

    def test_bills_and_licence_tables_say_the_same(self):
        for bill in glob.glob(os.path.join(OUT, "*.cdx.json")):
            rows = read(bill.replace(".cdx.json", ".licences.tsv")).splitlines()
            table = {tuple(row.split("\t")[:3]) for row in rows[1:]}
            said = {(c["name"], c["version"], c["licenses"][0]["expression"])
                    for c in json.loads(read(bill))["components"]}
            self.assertEqual(table, said)
            self.assertIn("libarchive13", {row[0] for row in table})

    def test_debian_s_own_check_finds_no_error(self):
        run(["lintian", "--allow-root", "--fail-on", "error",
             *glob.glob(os.path.join(OUT, "*.deb"))])

    def test_nothing_is_linked_that_is_gpl_and_no_more(self):
        for table in glob.glob(os.path.join(OUT, "*.licences.tsv")):
            for row in read(table).splitlines()[1:]:
                choices = row.split("\t")[2].split(" OR ")
                self.assertTrue([c for c in choices if " WITH " in c
                                 or not re.search(r"\bA?GPL-", c)], row)


class Tarball(Case):
    """In a root of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = os.path.join(cls.folder, "root")
        cls.make_root()
        for name in ("proc", "dev", "opt"):
            os.makedirs(os.path.join(cls.root, name), exist_ok=True)
        packed = glob.glob(os.path.join(OUT, "*.tar.gz"))[0]
        run(["tar", "-xzf", packed, "-C", os.path.join(cls.root, "opt")])
        cls.top = glob.glob(os.path.join(cls.root, "opt", "*"))[0]
        shutil.copytree(cls.data, os.path.join(cls.root, "data"))

    def in_root(self, *arguments):
        """Run its program in the root, which has /proc: $ORIGIN needs it."""
        program = "/opt/%s/bin/secscan" % os.path.basename(self.top)
        script = ('mount -t proc proc "$0/proc" && mknod "$0/dev/null" c 1 3 '
                  '2>/dev/null; exec chroot "$0" "$@"')
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script,
             self.root, program, *arguments], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)


class BareTarball(Tarball):
    """Where the C library of this system is, and nothing else."""

    @classmethod
    def make_root(cls):
        shown = run(["ldd", "/bin/sh"])
        loader = re.search(r"^\s*(/\S+/ld-linux\S+)", shown, re.M).group(1)
        libc = os.path.dirname(re.search(r"=> (\S+/libc\.so\.6)",
                                         shown).group(1))
        # Where the loader looks without a cache: by its own folder's name.
        multiarch = os.path.join(cls.root, libc.strip("/"))
        os.makedirs(multiarch)
        os.makedirs(os.path.dirname(cls.root + loader), exist_ok=True)
        shutil.copy(loader, cls.root + loader)
        for name in LIBC:
            shutil.copy(os.path.join(libc, name), multiarch)

    def test_it_runs_with_the_c_library_alone(self):
        done = self.in_root("--version")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.in_root("--format", "jsonl", "/data")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.check_report(done.stdout.replace('"/data', '"x/data'))

    def test_it_needs_no_newer_c_library_than_it_says(self):
        self.assertLessEqual(newest_glibc(os.path.join(self.top, "bin/secscan")),
                             PROGRAM_GLIBC)
        for library in glob.glob(os.path.join(self.top, "lib", "*")):
            self.assertLessEqual(newest_glibc(library) if "icudata" not in
                                 library else (0,), LIBRARY_GLIBC, library)

    def test_each_library_brings_its_licence(self):
        rows = read(self.top, "licences", "table.tsv").splitlines()[1:]
        for row in rows:
            self.assertTrue(os.path.getsize(os.path.join(
                self.top, "licences", row.split("\t")[0])) > 100)


class OldTarball(Tarball):
    """Where the C library is an older one than it was linked with."""

    @classmethod
    def make_root(cls):
        run(["mmdebstrap", "--variant=extract", "--include=libc6", OLD_DEBIAN,
             cls.root])

    def test_the_program_runs_and_says_what_it_could_not_open(self):
        done = self.in_root("--format", "jsonl", "/data")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertIn("/data/plain.env",
                      [f["path"] for f in lines if f["type"] == "finding"])
        self.assertEqual({s["reason"] for s in lines if s["type"] == "skip"},
                         {"unsupported"})

    def test_exceptions_are_caught_there(self):
        """The parser of TOML throws."""
        with open(os.path.join(self.root, "bad.toml"), "w") as file:
            file.write("[[rules]]\nid = 1 2\n")
        done = self.in_root("--rules", "/bad.toml", "/data")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("/bad.toml:2:", done.stderr)


class Deb(Case):
    """In a new Debian 12 of the packages that every one has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.results = os.path.join(cls.folder, "results")
        os.makedirs(cls.results)
        script = os.path.join(cls.folder, "install")
        with open(script, "w") as file:
            file.write(INSTALL)
        run(["mmdebstrap", "--variant=minbase", "--skip=cleanup/apt",
             "--customize-hook=sh %s \"$1\"" % script, "bookworm", "/dev/null"],
            env=dict(os.environ, OUT=OUT, DATA=cls.data, RESULTS=cls.results))

    def lines(self, name):
        return set(read(self.results, name).splitlines())

    def test_it_finds_secrets_there(self):
        self.assertRegex(read(self.results, "version"), r"^secscan \d+\.\d+")
        self.assertEqual(read(self.results, "code"), "1\n")
        self.check_report(read(self.results, "report"))

    def test_it_installs_what_people_need(self):
        new = self.lines("with") - self.lines("before")
        for end in ("/usr/bin/secscan", "/usr/include/secscan.h",
                    "/pkgconfig/secscan.pc", "/libsecscan.so.0",
                    "/libsecscan-containers.so.0", "/libsecscan.a",
                    "/usr/share/doc/secscan/SECURITY.md"):
            self.assertTrue([n for n in new if n.endswith(end)], end)
        self.assertIn("libsecscan.so.0", read(self.results, "libraries"))

    def test_nothing_is_left_of_it(self):
        self.assertEqual(self.lines("after") - self.lines("before"), set())
        self.assertNotIn("secscan", read(self.results, "packages"))


if __name__ == "__main__":
    unittest.main(verbosity=2)

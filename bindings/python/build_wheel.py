"""build_wheel.py BUILD OUT: the wheel, from the libraries and the program that
BUILD holds; run by script/wheel in an environment with build-requirements.txt.

In the wheel: the package, cffi's module for the stable ABI, the program (bin/),
the library for containers (lib/), and by auditwheel every shared library that is
not of glibc, the C++ runtime or zlib (PEP 600 promises those), under names of
its own, with the licences of the packages that they come from. Built twice it is
the same file.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CONTAINERS = "lib/libsecscan-containers.so.0"
sys.path.insert(0, str(ROOT / "packaging"))
import describe  # noqa: E402
import libraries  # noqa: E402
import sbom  # noqa: E402

# Of glibc, the C++ runtime and zlib, which no wheel brings; and ours.
OF_THE_SYSTEM = re.compile(
    r"(ld-linux|lib(c|m|dl|pthread|rt|resolv|gcc_s|stdc\+\+|z)\.so|libsecscan)")


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    if done.returncode:
        sys.exit("%s\n%s: exit code %d" % (done.stdout, command[0],
                                           done.returncode))
    return done.stdout


def commit_time():
    """What all files in the wheel are dated by."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    done = subprocess.run(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"],
                          text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return done.stdout.strip() or "1767225600"


def version():
    header = (ROOT / "libsecscan/include/secscan.h").read_text()
    return re.search(r'#define SECSCAN_VERSION "([^"]+)"', header).group(1)


def copy_sources(stage):
    """The folders as setup.py expects them, without what earlier builds left."""
    python = stage / "bindings/python"
    shutil.copytree(HERE, python, ignore=shutil.ignore_patterns(
        "build", "*.egg-info", "__pycache__", "tests", "*.so", ".mypy_cache"))
    shutil.copytree(ROOT / "libsecscan/include", stage / "libsecscan/include")
    shutil.copy(ROOT / "LICENSE", python / "LICENSE")
    return python


def put_binaries(build, package):
    """Stripped: what is debugged is the tree."""
    for source, place in (("cli/secscan", "bin/secscan"),
                          ("lib/libsecscan-containers.so", CONTAINERS)):
        target = package / place
        target.parent.mkdir()
        shutil.copy(build / source, target)
        run("strip", "--strip-unneeded", target)
        target.chmod(0o755)


def put_licences(binaries, path, folder):
    """Of the Debian packages whose libraries come along or are linked in, with a
    table and a bill of materials. Elsewhere than on Debian there are none;
    auditwheel's own bill names the files in any case."""
    folder.mkdir()
    shutil.copy(ROOT / "LICENSE", folder / "secscan")
    if not shutil.which("dpkg-query"):
        return
    found = libraries.loaded(binaries, with_system=True,
                             env={**os.environ, "LD_LIBRARY_PATH": path})
    found = {name: where for name, where in found.items()
             if not OF_THE_SYSTEM.match(name)}
    packages = describe.described(
        [*describe.by_package(found), *libraries.INSIDE])
    describe.licences(folder, packages)
    (folder / "table.tsv").write_text(libraries.table(packages))
    (folder / "sbom.cdx.json").write_text(
        sbom.bill(version(), packages, {}, {}))


def main():
    build, out = (Path(argument).resolve() for argument in sys.argv[1:3])
    shared = build / "libsecscan"
    os.environ["SOURCE_DATE_EPOCH"] = commit_time()
    env = {**os.environ, "SECSCAN_BUILD": str(build), "PYTHONHASHSEED": "0",
           "CFLAGS": "-O2 -g0 -ffile-prefix-map=%s=." % tempfile.gettempdir(),
           "LD_LIBRARY_PATH": str(shared)}
    with tempfile.TemporaryDirectory(prefix="secscan-wheel-") as folder:
        stage = Path(folder) / "s"
        python = copy_sources(stage)
        package = python / "secscan"
        put_binaries(build, package)
        put_licences([package / "bin/secscan", package / CONTAINERS,
                      shared / "libsecscan-git.so"], str(shared),
                     package / "licenses")
        run(sys.executable, "setup.py", "-q", "bdist_wheel", "-d",
            stage / "raw", cwd=python, env=env)
        raw, = (stage / "raw").iterdir()
        out.mkdir(parents=True, exist_ok=True)
        run(sys.executable, "-m", "auditwheel", "repair", "--strip", "-w",
            stage / "done", raw, env={
                **env, "PATH": "%s:%s" % (Path(sys.executable).parent,
                                          os.environ["PATH"])})
        made, = (stage / "done").iterdir()
        shutil.copy(made, out / made.name)
    digest = hashlib.sha256((out / made.name).read_bytes()).hexdigest()
    (out / "SHA256SUMS").write_text("%s  %s\n" % (digest, made.name))
    print(out / made.name)


main()

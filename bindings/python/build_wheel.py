"""build_wheel.py BUILD OUT: the wheel, from the libraries and the program that
BUILD holds; run by script/wheel in an environment with build-requirements.txt.

In the wheel: the package, cffi's module for the stable ABI, the program (bin/),
the library for containers (lib/), and by auditwheel every shared library that is
not of glibc, the C++ runtime or zlib (PEP 600 promises those), under names of
its own, with the licences of the packages that they come from. Built twice it is
the same file.
"""

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


def loaded(binary, path):
    """The libraries that the loader finds for it."""
    shown = run("ldd", binary, env={**os.environ, "LD_LIBRARY_PATH": path})
    return [Path(found) for found in re.findall(r"=> (/\S+)", shown)]


def put_licences(binaries, path, folder):
    """Of the Debian packages whose libraries come along. Elsewhere than on
    Debian the list is empty; auditwheel's SBOM names the files in any case."""
    folder.mkdir()
    shutil.copy(ROOT / "LICENSE", folder / "secscan")
    if not shutil.which("dpkg-query"):
        return
    for library in {found.resolve() for binary in binaries
                    for found in loaded(binary, path)}:
        for name in (library, Path(str(library).removeprefix("/usr"))):
            done = subprocess.run(["dpkg-query", "-S", str(name)], text=True,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
            package = done.stdout.split(":")[0]
            text = Path("/usr/share/doc") / package / "copyright"
            if package and text.exists():
                shutil.copy(text, folder / package)


def main():
    build, out = (Path(argument).resolve() for argument in sys.argv[1:3])
    libraries = build / "libsecscan"
    env = {**os.environ, "SECSCAN_BUILD": str(build),
           "SOURCE_DATE_EPOCH": commit_time(), "PYTHONHASHSEED": "0",
           "CFLAGS": "-O2 -g0 -ffile-prefix-map=%s=." % tempfile.gettempdir(),
           "LD_LIBRARY_PATH": str(libraries)}
    with tempfile.TemporaryDirectory(prefix="secscan-wheel-") as folder:
        stage = Path(folder) / "s"
        python = copy_sources(stage)
        package = python / "secscan"
        put_binaries(build, package)
        put_licences([package / "bin/secscan", package / CONTAINERS,
                      libraries / "libsecscan-git.so"], str(libraries),
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
    print(out / made.name)


main()

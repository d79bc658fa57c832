"""make.py BUILD STAGED OUT VERSION: from a build (the preset "package") and what it
installs, the files beside the .deb: a tarball with the program and its private
libraries, and of both a bill of materials and a licence table. script/package
calls it.

The tarball's program has all in it but the C library; libsecscan-containers needs
shared ones, which are in lib/, found by the program's RPATH.
"""

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile

import describe
import libraries

CONTAINERS = "libsecscan-containers.so.0"
DOCUMENTS = ("LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md")
ROOT = os.path.dirname(libraries.HERE)


def strip(source, to):
    subprocess.run(["strip", "--strip-unneeded", "-o", to, source], check=True)
    os.chmod(to, 0o755)


def fill(top, build, found):
    """The tree of the tarball."""
    for folder in ("bin", "lib", "share/man/man1"):
        os.makedirs(os.path.join(top, folder))
    strip(os.path.join(build, "cli", "secscan_portable"),
          os.path.join(top, "bin", "secscan"))
    strip(found.pop(CONTAINERS), os.path.join(top, "lib", CONTAINERS))
    for name, path in found.items():
        shutil.copyfile(os.path.realpath(path), os.path.join(top, "lib", name))
        os.chmod(os.path.join(top, "lib", name), 0o755)
    shutil.copy(os.path.join(ROOT, "docs", "man", "secscan.1"),
                os.path.join(top, "share", "man", "man1"))
    for name in DOCUMENTS:
        shutil.copy(os.path.join(ROOT, name), top)


def pack(top, to):
    """A tar.gz that depends on names, modes and bytes alone."""
    time = int(os.environ["SOURCE_DATE_EPOCH"])
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as out:
        paths = [top]
        for place, folders, names in os.walk(top):
            paths += [os.path.join(place, name) for name in folders + names]
        for path in sorted(paths):
            entry = out.gettarinfo(path, os.path.relpath(
                path, os.path.dirname(top)))
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mtime = time
            entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
            with open(path, "rb") if entry.isfile() else io.BytesIO() as file:
                out.addfile(entry, file)
    with open(to, "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, time) as packed:
            packed.write(raw.getvalue())


def make_tarball(build, containers, out, version, machine):
    name = "secscan-%s-linux-%s" % (version, machine)
    top = os.path.join(build, "tarball", name)
    shutil.rmtree(os.path.dirname(top), ignore_errors=True)
    found = libraries.loaded([containers])
    fill(top, build, dict(found, **{CONTAINERS: containers}))
    describe.inside(top, os.path.join(out, name), version,
                    describe.by_package(found),
                    libraries.ARCHIVES + libraries.INSIDE,
                    ("bin/secscan", "lib/" + CONTAINERS))
    pack(top, os.path.join(out, name + ".tar.gz"))


def describe_deb(staged, out, version, machine):
    """What the .deb's program and libraries load; it brings none of it."""
    own = {}
    for place, _, names in os.walk(staged):
        for name in names:
            path = os.path.join(place, name)
            if not os.path.islink(path) and (
                    ".so." in name or place.endswith("/bin")):
                own[os.path.relpath(path, staged)] = path
    found = libraries.loaded(own.values(), with_system=True)
    found = {name: path for name, path in found.items()
             if not name.startswith("libsecscan")}
    listed = describe.described(list(describe.by_package(found)) +
                                list(libraries.INSIDE))
    describe.beside(os.path.join(out, "secscan_%s_%s.deb" % (version, machine)),
                    version, listed, {}, own)


def main():
    build, staged, out, version = sys.argv[1:]
    containers = [os.path.join(place, CONTAINERS)
                  for place, _, names in os.walk(staged) if CONTAINERS in names]
    make_tarball(build, os.path.realpath(containers[0]), out, version,
                 os.uname().machine)
    describe_deb(staged, out, version,
                 libraries.output("dpkg", "--print-architecture").strip())


main()

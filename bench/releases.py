"""releases.py: the releases of packages, as folders of bytes, from PyPI's wheels."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import zipfile


def pip(*arguments):
    command = os.environ.get("PIP", sys.executable + " -m pip").split()
    if "PIP" not in os.environ and subprocess.run(
            command + ["--version"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode:
        command = ["pip3"]
    return subprocess.run(command + list(arguments), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def parts(version):
    return [int(part) for part in version.split(".")]


def versions(package, last, n, step):
    """n final releases up to `last`, every `step`-th, oldest first."""
    listed = pip("index", "versions", "--ignore-requires-python", package)
    found = re.search(r"Available versions: (.*)", listed.stdout)
    if not found:
        sys.exit("make-history: pip cannot list the versions of " + package)
    final = [v for v in found.group(1).split(", ")
             if re.fullmatch(r"[0-9]+(\.[0-9]+)*", v)
             and parts(v) <= parts(last)]
    final.sort(key=parts, reverse=True)
    return final[::step][:n][::-1]


def wheel(package, version, cache):
    """The wheel of one release, or None when there is none."""
    folder = os.path.join(cache, package, version)
    if not os.path.isdir(folder) or not os.listdir(folder):
        done = pip("download", "--quiet", "--no-deps", "--only-binary=:all:",
                   "--ignore-requires-python", "--dest", folder,
                   "%s==%s" % (package, version))
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            return None
    return os.path.join(folder, os.listdir(folder)[0])


def files(path):
    """The files of a wheel: path to bytes. JSON that is compressed only in the wheel
    is taken as its repository has it."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            data = archive.read(name)
            if name.endswith(".json.gz"):
                found[name[:-len(".gz")]] = gzip.decompress(data)
            elif not name.endswith("/"):
                found[name] = data
    return found


def each(package, last, n, step, cache):
    """(version, files) of each release, oldest first."""
    for version in versions(package, last, n, step):
        path = wheel(package, version, cache)
        if path:
            yield version, files(path)
        else:
            print("no wheel of %s %s: left out" % (package, version))

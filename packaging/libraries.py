"""libraries.py: which libraries a program loads, and what dpkg knows of them."""

import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# The C library is the system's: its loader, and what belongs to it.
SYSTEM = re.compile(r"^(ld-linux|libc|libm|libdl|libpthread|librt|libresolv)\b")
# Linked into the portable program (cli/portable.cmake) and into all of them.
ARCHIVES = ("libhyperscan-dev", "libpcre2-dev", "libsodium-dev",
            "libjansson-dev", "libdeflate-dev", "zlib1g-dev",
            "libstdc++-12-dev", "libgcc-12-dev")
INSIDE = ("libgit2-dev", "libmbedtls-dev", "libtomlplusplus-dev")


def output(*command, env=None):
    return subprocess.run(command, check=True, text=True, env=env,
                          stdout=subprocess.PIPE).stdout


def loaded(files, with_system=False, env=None):
    """Name to path of the libraries that `files` load, theirs included."""
    found = {}
    for file in files:
        for name, path in re.findall(r"^\s*(\S+) => (/\S+)",
                                     output("ldd", file, env=env), re.M):
            if with_system or not SYSTEM.match(name):
                found[name] = path
    return found


def package_of(path):
    """The Debian package that a library is of."""
    for place in (os.path.realpath(path), path):
        for known in (place, re.sub("^/usr", "", place)):
            done = subprocess.run(["dpkg-query", "-S", known], text=True,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
            if done.returncode == 0:
                return done.stdout.split(":")[0]
    raise LookupError("%s is of no package" % path)


def described(package):
    """What dpkg knows, and the licence, which it does not."""
    lines = output("dpkg-query", "-W", "-f", "${Package}\t${Version}\t"
                   "${Architecture}\t${source:Package}\n", package)
    name, version, architecture, source = lines.splitlines()[0].split("\t")
    licence, purpose = licences()[name]
    return {"package": name, "version": version, "architecture": architecture,
            "source": source, "licence": licence, "purpose": purpose,
            "copyright": "/usr/share/doc/%s/copyright" % name}


def licences():
    """Package to licence and purpose; a package that is not listed is an error:
    somebody has to look at it first."""
    with open(os.path.join(HERE, "licences.tsv")) as file:
        rows = [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#")]
    return {row[0]: (row[1], row[2]) for row in rows}


def table(packages):
    """The licence table, as text."""
    rows = [("package", "version", "licence", "what it is here")]
    rows += [(p["package"], p["version"], p["licence"], p["purpose"])
             for p in packages]
    return "".join("\t".join(row) + "\n" for row in rows)

"""describe.py: what a package says of the libraries that it carries or loads: a
bill of materials, a licence table, and the licences themselves."""

import os
import shutil

import libraries
import sbom


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def by_package(found):
    """Debian package to {name: path} of its libraries."""
    packages = {}
    for name, path in found.items():
        packages.setdefault(libraries.package_of(path), {})[name] = path
    return packages


def described(names):
    return [libraries.described(name) for name in sorted(set(names))]


def beside(path, version, listed, packages, own):
    """`path`.cdx.json and `path`.licences.tsv; the arguments of sbom.bill."""
    write(path + ".licences.tsv", libraries.table(listed))
    write(path + ".cdx.json", sbom.bill(version, listed, packages, own))


def licences(folder, listed):
    """The text of each."""
    for package in listed:
        shutil.copyfile(package["copyright"],
                        os.path.join(folder, package["package"]))


def inside(top, path, version, packages, compiled_in, own):
    """Of a package that carries libraries (`packages`, as by_package has them) and
    has others compiled in: both beside `path` and in the folder `top`, with the
    licences. `own`: names of secscan's own files in `top`."""
    listed = described(list(packages) + list(compiled_in))
    folder = os.path.join(top, "licences")
    os.makedirs(folder)
    licences(folder, listed)
    beside(path, version, listed, packages,
           {name: os.path.join(top, name) for name in own})
    shutil.copyfile(path + ".licences.tsv", os.path.join(folder, "table.tsv"))
    shutil.copyfile(path + ".cdx.json", os.path.join(top, "sbom.cdx.json"))

"""abi.py: record the binary interface of a library, and compare it.

abidw writes all that the debug information knows, the C++ library included; what
is kept is what public functions lead to, so that the record is small and says
nothing of the inside.
"""

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HEADERS = os.path.join(ROOT, "libsecscan", "include")
PRIVATE = os.path.join(HERE, "private.suppr")
# What may grow at its end: options structs and sinks, which carry their size, and
# structs that the library makes and hands out one at a time. All others are made
# by callers without a size, or stand in arrays or in each other.
GROWING = {"secscan_" + name for name in (
    "rules_options", "policy_options", "scan_options", "tree_options",
    "git_options", "report_options", "sink", "finding", "skip", "progress",
    "coverage", "costs", "example_result", "rule_change", "git_file",
    "git_location")}
# Where a build has them.
LIBRARIES = {
    "libsecscan": "libsecscan/libsecscan.so",
    "libsecscan-git": "libsecscan/libsecscan-git.so",
    "libsecscan-containers": "lib/libsecscan-containers.so",
}


def run(command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        sys.exit("%s is missing; script/bootstrap --test installs it "
                 "(abigail-tools)" % command[0])


def baseline(name):
    return os.path.join(HERE, name + ".abi")


CONSTANTS = os.path.join(HERE, "constants.txt")


def dump(library, to):
    done = run(["abidw", "--headers-dir", HEADERS, "--drop-private-types",
                "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
                "--no-parameter-names", "--no-elf-needed", "--suppressions",
                PRIVATE, "--type-id-style", "hash", "--out-file", to, library])
    if done.returncode:
        raise RuntimeError(done.stdout)


def ids_in(element):
    for part in element.iter():
        for key, value in part.items():
            if key.endswith("type-id") or key == "naming-typedef-id":
                yield value


def exported(root):
    """Name to the id of its symbol."""
    return {symbol.get("name"): "%s@@%s" % (symbol.get("name"),
                                            symbol.get("version"))
            for symbol in root.iter("elf-symbol")}


def reachable(root):
    """The public functions, and the types that they lead to."""
    symbols = exported(root)
    types, functions, found = {}, {}, {}
    for unit in root.iter("abi-instr"):
        for element in unit:
            name = element.get("name")
            if element.tag == "function-decl" and name in symbols:
                # abidw forgets the symbol of a function that it has met as a
                # declaration first.
                element.set("elf-symbol-id", symbols[name])
                functions[name] = element
            elif element.get("id"):
                # A declaration gives way to the whole type.
                known = types.get(element.get("id"))
                if known is None or known.get("is-declaration-only"):
                    types[element.get("id")] = element
    missing = set(symbols) - set(functions)
    if missing:
        raise RuntimeError("no debug information of %s" % sorted(missing))
    wanted = [i for f in functions.values() for i in ids_in(f)]
    while wanted:
        name = wanted.pop()
        if name not in found and name in types:
            found[name] = types[name]
            wanted.extend(ids_in(types[name]))
    return list(found.values()), list(functions.values())


def prune(path):
    tree = ET.parse(path)
    root = tree.getroot()
    types, functions = reachable(root)
    for unit in root.findall("abi-instr"):
        root.remove(unit)
    unit = ET.SubElement(root, "abi-instr", {
        "address-size": "64", "path": "secscan.h", "language": "LANG_C11"})
    unit.extend(sorted(types, key=lambda e: (e.tag, e.get("id"))))
    unit.extend(sorted(functions, key=lambda e: e.get("name")))
    ET.indent(tree)
    tree.write(path, encoding="unicode")
    with open(path, "a") as file:
        file.write("\n")


def record(library, to):
    dump(library, to)
    prune(to)


def structs(root):
    """Name to struct, of those that are more than a declaration."""
    return {e.get("name"): e for e in root.iter("class-decl")
            if not e.get("is-declaration-only")}


def ungrow(before, after):
    """Take from `after` what it may have more than `before`: members at the end
    of structs that may grow. (A suppression of abidiff's,
    has_data_member_inserted_at, hides swapped members, too.)"""
    old = structs(before)
    for name, found in structs(after).items():
        if name not in GROWING or name not in old:
            continue
        size = int(old[name].get("size-in-bits"))
        for member in found.findall("data-member"):
            if int(member.get("layout-offset-in-bits")) >= size:
                found.remove(member)
        if int(found.get("size-in-bits")) > size:
            found.set("size-in-bits", str(size))


def difference(before, after):
    """What callers of `before` would feel, of two records; "" when it is
    nothing. Functions may be added."""
    tree = ET.parse(after)
    ungrow(ET.parse(before).getroot(), tree.getroot())
    with tempfile.NamedTemporaryFile("w", suffix=".abi") as file:
        tree.write(file, encoding="unicode")
        file.flush()
        # Leaves: else a change deep in a finding counts as told and is hidden.
        done = run(["abidiff", "--no-added-syms", "--leaf-changes-only",
                    before, file.name])
    return done.stdout or "abidiff failed\n" if done.returncode else ""


def constants():
    """Name to value, of all enumerators and macros that are numbers: debug
    information has no macros, and no enumeration that no function takes."""
    names = []
    for header in sorted(os.listdir(HEADERS)):
        with open(os.path.join(HEADERS, header)) as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        names += re.findall(r"#define (SECSCAN_\w+) \d", text)
        for body in re.findall(r"enum \w+ \{(.*?)\}", text, re.S):
            names += re.findall(r"\b(SECSCAN_\w+)", body)
    lines = ["#include <stdio.h>", "#include <secscan_containers.h>",
             "#include <secscan_git.h>", "int main(void) {"]
    lines += ['printf("%s %%lld\\n", (long long)%s);' % (name, name)
              for name in names if not name.startswith("SECSCAN_VERSION")]
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "constants")
        with open(program + ".c", "w") as file:
            file.write("\n".join(lines) + "\nreturn 0; }\n")
        done = run(["cc", "-I", HEADERS, program + ".c", "-o", program])
        if done.returncode:
            raise RuntimeError(done.stdout)
        return run([program]).stdout

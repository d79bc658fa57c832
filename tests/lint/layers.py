"""layers.py: who may include whom, and where a third-party header may stand."""

import fnmatch
import os
import re

import tree

PUBLIC = {"secscan.h", "secscan_git.h", "secscan_containers.h"}

# Folder of libsecscan/: folders it may include beside itself.
LAYERS = {
    "base": set(),
    "os": {"base"},
    "rules": {"os", "base"},
    "policy": {"rules", "os", "base"},
    "scan": {"rules", "base"},
    "source": {"os", "base"},
    "report": {"base"},
    "run": {"policy", "scan", "source", "os", "base", "rules"},
}

# Third-party or system header: the files of libsecscan/ that may include it.
FENCES = {
    "hs*.h": ["rules/compile.c", "scan/engine.c"],
    "hs/*": ["rules/compile.c", "scan/engine.c"],
    "pcre2.h": ["rules/regex.c"],
    "toml++/*": ["rules/toml.cpp"],
    "git2*": ["source/git_by_name.c", "source/object_hash.c"],
    "zlib.h": ["source/inflate.c", "source/inflate_stream.c", "source/zlib_stream.c"],
    "archive.h": ["source/archive.c", "source/archive_input.c", "source/archive_reader.c", "source/stream.c"],
    "archive_entry.h": ["source/archive.c", "source/archive_reader.c", "source/stream.c"],
    "sodium*": ["scan/digest.c", "scan/fingerprint.c", "source/object_hash.c"],
    "jansson.h": ["scan/check*", "source/notebook.c", "policy/gitleaks_report.c", "report/json.c", "report/sarif.c"],
    "dlfcn.h": ["os/library.c"],
    "sqlite3.h": ["source/sqlite*"],
    "qpdf/*": ["source/pdf*"],
    "openssl/*": ["source/keystore*"],
    "pthread.h": ["os/*"],
    "threads.h": ["os/*"],
    "dirent.h": ["os/*"],
    "sys/mman.h": ["os/*"],
    "signal.h": ["os/thread.c"],
    "locale.h": ["source/utf8_locale.c"],
}

# The same of cli/ and bindings/: the events of CI systems are JSON.
CLI_FENCES = {
    "jansson.h": ["ci_github.c"],
    "dlfcn.h": [],
}

# The same of bindings/node.
NODE_FENCES = {
    "dlfcn.h": ["binding.c", "containers.c", "loader.c"],
    "pthread.h": ["pool.c", "walk.c"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def includes(path):
    text = tree.read(path)
    for match in INCLUDE.finditer(text):
        yield tree.line_of(text, match.start()), match.group(1), match.group(2)


def target_of(path, name):
    """The included file, relative to libsecscan/, or None."""
    for base in (os.path.dirname(path), "libsecscan"):
        place = os.path.normpath(os.path.join(base, name))
        if os.path.exists(os.path.join(tree.ROOT, place)):
            return os.path.relpath(place, "libsecscan")
    return None


def check_library(path):
    inside = os.path.relpath(path, "libsecscan")
    folder = os.path.dirname(inside).split(os.sep)[0]
    if folder in ("", "include"):
        return
    for line, kind, name in includes(path):
        where = "%s:%d: " % (path, line)
        if name in PUBLIC:
            continue
        target = target_of(path, name) if kind == '"' else None
        if target:
            other = os.path.dirname(target).split(os.sep)[0]
            if other != folder and other not in LAYERS[folder]:
                yield where + "%s/ may not include %s" % (folder, target)
        for pattern, allowed in FENCES.items():
            if fnmatch.fnmatch(name, pattern) and not any(
                    fnmatch.fnmatch(inside, a) for a in allowed):
                yield where + "<%s> is for %s" % (name, allowed or "nobody")


def check_above(path, allowed):
    for line, kind, name in includes(path):
        where = "%s:%d: " % (path, line)
        if kind == '"':
            beside = os.path.join(os.path.dirname(path), name)
            if name not in PUBLIC and not os.path.exists(
                    os.path.join(tree.ROOT, beside)):
                yield where + "only the public headers may be seen, not " + name
        elif any(fnmatch.fnmatch(name, p) for p in FENCES
                 if p not in ("signal.h", "locale.h")
                 and os.path.basename(path) not in allowed.get(name, ())):
            yield where + "it may not include <%s>" % name


def check_binding(path):
    """Bindings stand over the public headers, and have what is beside them."""
    for line, kind, name in includes(path):
        beside = os.path.join(tree.ROOT, os.path.dirname(path), name)
        inside = os.path.join(tree.ROOT, "libsecscan", name)
        if name not in PUBLIC and not os.path.exists(beside) and (
                os.path.exists(inside)):
            yield "%s:%d: bindings/ sees only the public headers, not %s" % (
                path, line, name)


def main():
    problems = []
    for path in tree.files(["libsecscan"], (".c", ".h", ".cpp")):
        problems += check_library(path)
    for path in tree.files(["cli"], (".c", ".h")):
        problems += check_above(path, CLI_FENCES)
    for path in tree.files(["bindings"], (".c", ".h", ".cpp")):
        problems += check_binding(path)
    for path in tree.files(["bindings/node"], (".c", ".h", ".cc")):
        problems += check_above(path, NODE_FENCES)
    tree.finish(problems)


main()

"""functions.py: the shape of functions.

At most 80 lines; one cleanup label, `out`; no assignment in a condition; static
when only its own file calls it.
"""

import re

import tree

MAX_LINES = 80
BODY = re.compile(r"^\{$(.*?)^\}", re.M | re.S)
LABEL = re.compile(r"^\s*(\w+):(?![:\w])\s*$", re.M)
ASSIGNED = re.compile(r"\b(?:if|while)\s*\(\(\s*[\w>.\[\]-]+\s*=[^=]")
NAME = re.compile(r"(\w+)\s*\(")


def head_of(text, at):
    """What stands between the last statement or block and the brace."""
    start = max(text.rfind(c, 0, at) for c in (";", "}", "#"))
    head = text[start + 1:at]
    if start >= 0 and text[start] == "#":
        head = head.split("\n", 1)[1] if "\n" in head else ""
    return head


def check_body(path, text, match, problems):
    where = "%s:%d: " % (path, tree.line_of(text, match.start()))
    body = match.group(1)
    lines = body.count("\n") + 1
    if lines > MAX_LINES:
        problems.append(where + "a function of %d lines" % lines)
    labels = [name for name in LABEL.findall(body) if name != "default"]
    if [name for name in labels if name != "out"] or len(labels) > 1:
        problems.append(where + "labels: %s" % ", ".join(labels))


def check_file(path, defined):
    text = tree.code(path)
    problems = []
    for match in BODY.finditer(text):
        head = head_of(text, match.start())
        name = NAME.search(head)
        if not name:
            continue
        check_body(path, text, match, problems)
        if not re.search(r"\bstatic\b", head):
            defined.setdefault(name.group(1), path)
    for match in ASSIGNED.finditer(text):
        problems.append("%s:%d: an assignment in a condition" % (
            path, tree.line_of(text, match.start())))
    return problems


def check_static(defined):
    sources = tree.files(["libsecscan", "cli", "tools", "tests", "bench"],
                         (".c", ".cpp", ".h"))
    words = {path: set(re.findall(r"\w+", tree.code(path)))
             for path in sources}
    for name, path in sorted(defined.items()):
        # Others' names are for others: a sanitizer's hooks, a library's seams.
        if not name.startswith(("ss_", "cli_")):
            continue
        if not any(name in words[other] for other in sources
                   if other != path and not (
                       other.endswith(".h") and "static" not in
                       words[other])):
            yield "%s: %s could be static: nobody else calls it" % (path, name)


def main():
    problems = []
    defined = {}
    for path in tree.files(["libsecscan", "cli", "tools", "bindings"],
                           (".c", ".cpp", ".cc")):
        problems += check_file(path, defined)
    problems += check_static(defined)
    tree.finish(problems)


main()

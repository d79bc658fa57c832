"""banned.py: calls that libsecscan/ does not make, and words in file names.

A library does not print, exit, change the process or grow without a limit; and
every allocation goes through base/alloc.c, so that a test can make it fail.
"""

import os
import re

import tree

BANNED = """printf vprintf fprintf vfprintf puts fputs putchar perror
    exit _exit abort strcpy strcat sprintf vsprintf strtok gets atoi atol atof
    rand srand random srandom setlocale chdir umask signal sigaction system
    popen fork execl execlp execle execv execvp execve posix_spawn
    alloca""".split()
ALLOCATION = "malloc calloc realloc strdup strndup asprintf".split()

VAGUE = re.compile(r"(^|[_-])(utils?|common|helpers?|misc)([_.-]|$)")


def calls(path, names):
    text = tree.code(path)
    pattern = r"(?<![\w.>])(%s)\s*\(" % "|".join(names)
    for match in re.finditer(pattern, text):
        yield "%s:%d: %s() is banned" % (
            path, tree.line_of(text, match.start()), match.group(1))


def main():
    problems = []
    for path in tree.files(["libsecscan"], (".c", ".h", ".cpp")):
        problems += calls(path, BANNED)
        if path != "libsecscan/base/alloc.c":
            problems += calls(path, ALLOCATION)
    for path in tree.files(["libsecscan", "cli", "tools", "tests", "bench",
                            "bindings"], ("",)):
        if any(VAGUE.search(part) for part in path.split(os.sep)):
            problems.append(path + ": say what it holds, not that it is shared")
    tree.finish(problems)


main()

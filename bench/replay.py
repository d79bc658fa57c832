"""replay.py: what changed between two releases, replayed as many small commits.

Each hunk of the difference is an edit of its own, as a developer would have
committed it; files that came or went are edits, too. The last edit leaves exactly
the newer release. Some runs of edits are branches that are merged again.
"""

import os
import re
import subprocess

HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
TOPIC = 25  # commits, about, that a branch has


def starts(data):
    """The offset of each line, and the end."""
    found = [0] + [match.end() for match in re.finditer(rb"\n", data)]
    return found if found[-1] == len(data) else found + [len(data)]


def hunk_ends(old, new, scratch):
    """(line of old, line of new) after each hunk of the difference."""
    paths = [os.path.join(scratch, name) for name in ("old", "new")]
    for path, data in zip(paths, (old, new)):
        with open(path, "wb") as file:
            file.write(data)
    diff = subprocess.run(
        ["git", "diff", "--no-index", "--text", "--no-color", "--no-ext-diff",
         "--no-textconv", "--diff-algorithm=myers", "--no-indent-heuristic",
         "-U0"] + paths, stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull,
             "GIT_CONFIG_NOSYSTEM": "1"}).stdout
    return [end_of(hunk) for hunk in hunks(diff)]


def hunks(diff):
    """The four numbers of each hunk header; lines that only look like one, being
    content, are stepped over."""
    skip = 0
    for line in diff.split(b"\n"):
        if skip > 0 and line[:1] in (b"+", b"-"):
            skip -= 1
            continue
        match = HUNK.match(line)
        if match:
            numbers = [1 if n is None else int(n) for n in match.groups()]
            skip = numbers[1] + numbers[3]
            yield numbers


def end_of(hunk):
    """Lines of old and new before the first line after the hunk. A count of 0
    names the line before."""
    old, n_old, new, n_new = hunk
    return (old + n_old - 1 if n_old else old,
            new + n_new - 1 if n_new else new)


def edits_of_file(path, old, new, scratch):
    """The file's contents after each hunk: the new text so far, then the old."""
    if b"\0" in old or b"\0" in new:
        return [(path, new)]
    old_at, new_at = starts(old), starts(new)
    ends = hunk_ends(old, new, scratch)[:-1]
    return [(path, new[:new_at[n]] + old[old_at[o]:]) for o, n in ends] \
        + [(path, new)]


def steps(old, new, scratch):
    """Every edit from one release to the next, by path: (path, bytes or None)."""
    for path in sorted(set(old) | set(new)):
        if path not in new:
            yield path, None
        elif path not in old:
            yield path, new[path]
        elif old[path] != new[path]:
            yield from edits_of_file(path, old[path], new[path], scratch)


def commits(all_steps, most):
    """At most `most` commits, each what a run of steps made of its files."""
    each = -(-len(all_steps) // most) or 1
    return [dict(all_steps[i:i + each])
            for i in range(0, len(all_steps), each)]


def topics(all_commits):
    """Runs of commits that share no file with each other."""
    run = []
    for commit in all_commits:
        if len(run) >= TOPIC and commit.keys().isdisjoint(run[-1]):
            yield run
            run = []
        run.append(commit)
    if run:
        yield run

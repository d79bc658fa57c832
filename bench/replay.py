"""replay.py: what changed between two releases, replayed as many small commits.

Each hunk of the difference is an edit of its own, as a developer would have
committed it; files that came or went are edits, too. The last edit leaves exactly
the newer release. Some runs of edits are branches that are merged again.
"""

import os
import re
import shutil
import subprocess

HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
TOPIC = 25  # commits, about, that a branch has


def starts(data):
    """The offset of each line, and the end."""
    found = [0] + [match.end() for match in re.finditer(rb"\n", data)]
    return found if found[-1] == len(data) else found + [len(data)]


def differences(pairs, scratch):
    """The hunk headers, four numbers each, of each pair of texts; one run of git
    for all of them."""
    shutil.rmtree(scratch, ignore_errors=True)
    for side in (0, 1):
        folder = os.path.join(scratch, str(side))
        os.makedirs(folder)
        for i, pair in enumerate(pairs):
            with open(os.path.join(folder, str(i)), "wb") as file:
                file.write(pair[side])
    diff = subprocess.Popen(
        ["git", "diff", "--no-index", "--text", "--no-color", "--no-ext-diff",
         "--no-textconv", "--no-renames", "--diff-algorithm=myers",
         "--no-indent-heuristic", "-U0", "0", "1"],
        stdout=subprocess.PIPE, cwd=scratch,
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull,
             "GIT_CONFIG_NOSYSTEM": "1", "GIT_DIR": os.devnull})
    found = [[] for _ in pairs]
    for i, hunk in hunks(diff.stdout):
        found[i].append(hunk)
    if diff.wait() not in (0, 1):
        raise SystemExit("make-history: git diff failed")
    return found


def hunks(diff):
    """(number of the file, four numbers of the hunk header). Lines that only look
    like a header, being content, are stepped over."""
    i = skip = 0
    for line in diff:
        if skip > 0 and line[:1] in (b"+", b"-"):
            skip -= 1
        elif line.startswith(b"diff --git "):
            i = int(line.split(b"/")[-1])
        else:
            match = HUNK.match(line)
            if match:
                numbers = [1 if n is None else int(n) for n in match.groups()]
                skip = numbers[1] + numbers[3]
                yield i, numbers


def end_of(hunk):
    """Lines of old and new before the first line after the hunk. A count of 0
    names the line before."""
    old, n_old, new, n_new = hunk
    return (old + n_old - 1 if n_old else old,
            new + n_new - 1 if n_new else new)


def cuts(old, new, found):
    """For each hunk but the last: how much of the new text, and from where on the
    old one, makes the file after it."""
    old_at, new_at = starts(old), starts(new)
    for hunk in found[:-1]:
        o, n = end_of(hunk)
        yield new_at[n], old_at[o]


def steps(old, new, scratch):
    """Every edit from one release to the next, by path: (path, what makes the
    content). The contents, together, would not fit into memory."""
    texts = [path for path in sorted(set(old) & set(new))
             if old[path] != new[path] and b"\0" not in old[path] + new[path]]
    found = dict(zip(texts, differences(
        [(old[path], new[path]) for path in texts], scratch)))
    for path in sorted(set(old) | set(new)):
        if old.get(path) == new.get(path):
            continue
        if path in found:
            for n, o in cuts(old[path], new[path], found[path]):
                yield path, lambda path=path, n=n, o=o: (
                    new[path][:n] + old[path][o:])
        yield path, lambda path=path: new.get(path)


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

"""What a tree scan reads, held against what git lists: random trees, patterns
and indexes; then the cases that chance would not meet."""

import os
import random
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LIST_TREE = os.environ.get("SECSCAN_LIST_TREE", os.path.join(
    ROOT, "build", "dev", "tests", "unit", "list_tree"))
ROUNDS = int(os.environ.get("SECSCAN_IGNORE_ROUNDS", "120"))

NAMES = [b"a", b"b", b"ab", b"abc", b"a.c", b"b.c", b".env", b"a b", b"#a",
         b"!a", b"[a]", b"a*", b"a-b", b"A", b"b ", b"x\xff", b"1", b"foo",
         b"foo.txt", b"a\nb", b"?", b"\\", b"a]"]
DIRS = [b"a", b"b", b"foo", b"a.d", b"x", b"abc"]
BITS = [b"a", b"b", b"c", b".", b"*", b"**", b"?", b"/", b"/", b"foo", b"[ab]",
        b"[!a]", b"[^b]", b"[a-c]", b"[[:alpha:]]", b"[[:digit:]b]", b"\\*",
        b"\\a", b"[]a]", b"[a", b"[[:x:]]", b"**/", b"/**", b"/**/", b"env",
        b" ", b"\\ ", b"\\[", b"[\\]]", b"[a-]", b"\\", b"[*?]", b"-",
        b"[[:space:]]", b"[[:punct:]a]", b"[^/]", b"*/", b"/*"]
GIT_ENV = {"HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
           "PATH": os.environ["PATH"], "LC_ALL": "C"}


def git(where, *args):
    return subprocess.run(["git", "-C", where, *args], env=GIT_ENV, check=True,
                          stdout=subprocess.PIPE).stdout


def listed_by_git(where):
    """Tracked and not ignored, as far as it is there and a plain file."""
    out = git(where, "ls-files", "-z", "-c", "-o", "--exclude-standard")
    here = os.fsencode(where)
    names = {n for n in out.split(b"\0") if n}
    return sorted(n for n in names
                  if os.path.isfile(os.path.join(here, n))
                  and not os.path.islink(os.path.join(here, n)))


def listed(*args, cwd):
    run = subprocess.run([LIST_TREE, *args], cwd=cwd, check=True,
                         stdout=subprocess.PIPE)
    return [n for n in run.stdout.split(b"\0") if n]


def files(*args, cwd):
    return [n for n in listed(*args, cwd=cwd) if not n.startswith(b"!")
            or n.startswith(b"!a")]


def write(root, name, data=b""):
    if isinstance(name, str):
        name = os.fsencode(name)
    path = os.path.join(os.fsencode(root), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def random_pattern(rng):
    kind = rng.random()
    if kind < 0.15:
        body = rng.choice(NAMES)
    elif kind < 0.25:
        body = b"*" + rng.choice([b".c", b"b", b".txt", b""])
    elif kind < 0.4:
        body = b"/".join(rng.choice(DIRS + NAMES + [b"*", b"**", b"a*"])
                         for _ in range(rng.randint(1, 3)))
    else:
        body = b"".join(rng.choice(BITS) for _ in range(rng.randint(1, 5)))
    if rng.random() < 0.2:
        body = b"/" + body
    if rng.random() < 0.2:
        body += b"/"
    if rng.random() < 0.3:
        body = b"!" + body
    if rng.random() < 0.1:
        body += rng.choice([b" ", b"  ", b"\t", b"\r", b"\\ "])
    return body


def random_patterns(rng):
    return b"\n".join(random_pattern(rng)
                      for _ in range(rng.randint(1, 8))) + b"\n"


def random_tree(rng, root):
    paths = set()
    dirs = [b""]
    for _ in range(rng.randint(2, 6)):
        dirs.append(os.path.join(rng.choice(dirs), rng.choice(DIRS)))
    for _ in range(rng.randint(5, 25)):
        path = os.path.join(rng.choice(dirs), rng.choice(NAMES))
        if not os.path.isdir(os.path.join(os.fsencode(root), path)):
            try:
                write(root, path)
                paths.add(path)
            except OSError:
                pass  # a file stands where a directory is wanted
    for d in dirs:
        if rng.random() < 0.4 and os.path.isdir(
                os.path.join(os.fsencode(root), d)):
            write(root, os.path.join(d, b".gitignore"), random_patterns(rng))
    return sorted(paths)


class Random(unittest.TestCase):
    def test_the_list_is_that_of_git(self):
        for seed in range(ROUNDS):
            with self.subTest(seed=seed):
                self.compare(random.Random(seed))

    def compare(self, rng):
        root = tempfile.mkdtemp()
        try:
            git(root, "init", "-q")
            paths = random_tree(rng, root)
            if rng.random() < 0.5:
                write(root, ".git/info/exclude", random_patterns(rng))
            tracked = [p for p in paths if rng.random() < 0.2]
            if tracked and rng.random() < 0.7:
                subprocess.run(["git", "-C", root, "update-index", "--add",
                                "-z", "--stdin"], env=GIT_ENV,
                               input=b"\0".join(tracked), check=True)
            self.assertEqual(files(".", cwd=root), listed_by_git(root))
        finally:
            shutil.rmtree(root)


class Case(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def init(self, where=""):
        path = os.path.join(self.root, where)
        os.makedirs(path, exist_ok=True)
        git(path, "init", "-q")
        return path

    def write(self, name, data=b""):
        write(self.root, name, data)

    def files(self, *args, cwd=""):
        return files(*args, cwd=os.path.join(self.root, cwd))


class Repositories(Case):
    def test_an_ignored_file_that_is_tracked_is_scanned(self):
        self.init()
        self.write(".gitignore", b"out/\n*.log\n")
        self.write("out/deep/kept")
        self.write("out/deep/dropped")
        self.write("a.log")
        git(self.root, "add", "-f", "out/deep/kept", "a.log")
        self.assertEqual(self.files("."),
                         [b".gitignore", b"a.log", b"out/deep/kept"])

    def test_a_tracked_file_that_is_gone_is_not_missed(self):
        self.init()
        self.write("a")
        self.write("b")
        git(self.root, "add", "a", "b")
        os.remove(os.path.join(self.root, "a"))
        self.assertEqual(listed(".", cwd=self.root), [b"b"])

    def test_no_gitignore_lists_all_but_git_itself(self):
        self.init()
        self.write(".gitignore", b"*\n")
        self.write("a/b")
        self.assertEqual(self.files("-i", "."), [b".gitignore", b"a/b"])

    def test_outside_a_repository_ignore_files_mean_nothing(self):
        self.write(".gitignore", b"*\n")
        self.write("a")
        self.assertEqual(self.files("."), [b".gitignore", b"a"])

    def test_a_directory_inside_keeps_the_rules_above_it(self):
        self.init()
        self.write(".gitignore", b"*.log\n/sub/x\n")
        self.write("sub/.gitignore", b"y\n")
        for name in ("x", "y", "z", "a.log", "deep/y", "deep/z"):
            self.write("sub/" + name)
        want = [b".gitignore", b"deep/z", b"z"]
        self.assertEqual(self.files(".", cwd="sub"), want)
        self.assertEqual(self.files("sub/"), [b"sub/" + n for n in want])
        self.assertEqual(self.files("sub/deep"), [b"sub/deep/z"])

    def test_what_is_asked_for_is_listed_even_if_ignored(self):
        self.init()
        self.write(".gitignore", b"out/\n.env\n")
        self.write("out/a")
        self.write("out/b/c")
        self.write(".env")
        self.assertEqual(self.files("out"), [b"out/a", b"out/b/c"])
        self.assertEqual(self.files("out/b"), [b"out/b/c"])
        self.assertEqual(self.files(".env"), [b".env"])

    def test_a_nested_repository_has_its_own_rules(self):
        self.init()
        self.write(".gitignore", b"*.log\nvendor/\n")
        self.init("inner")
        self.write("inner/.gitignore", b"x\n")
        for name in ("inner/x", "inner/y", "inner/a.log", "z", "a.log"):
            self.write(name)
        self.init("vendor/lib")
        self.write("vendor/lib/a")
        self.assertEqual(self.files("."), [
            b".gitignore", b"inner/.gitignore", b"inner/a.log", b"inner/y",
            b"z"])

    def test_a_git_file_leads_to_the_repository(self):
        self.init()
        self.write("a")
        git(self.root, "add", "a")
        git(self.root, "-c", "user.name=n", "-c", "user.email=e", "commit",
            "-qm", "m")
        self.write(".git/info/exclude", b"*.tmp\n")
        git(self.root, "worktree", "add", "-q", "linked", "-b", "w")
        self.write("linked/b.tmp")
        self.write("linked/.gitignore", b"a\n")
        self.assertEqual(self.files("linked"), [b"linked/.gitignore",
                                                b"linked/a"])

    def test_a_damaged_index_means_that_all_is_scanned(self):
        self.init()
        self.write(".gitignore", b"*.log\n")
        self.write("a.log")
        self.write(".git/index", b"no index at all, but long enough for one")
        self.assertEqual(listed(".", cwd=self.root),
                         [b"!git-index .", b".gitignore", b"a.log"])

    def test_a_sha256_repository_is_read_too(self):
        git(self.root, "init", "-q", "--object-format=sha256")
        self.write(".gitignore", b"*.log\n")
        self.write("a.log")
        self.write("b.log")
        git(self.root, "add", "-f", "b.log")
        self.assertEqual(listed(".", cwd=self.root),
                         [b".gitignore", b"b.log"])

    def test_a_gitignore_that_is_a_link_is_not_read(self):
        self.init()
        self.write("a")
        os.symlink("rules", os.path.join(self.root, ".gitignore"))
        self.write("rules", b"a\n")
        self.assertEqual(self.files("."), [b"a", b"rules"])

    def test_a_tracked_submodule_is_part_of_the_tree(self):
        self.init()
        self.init("sub")
        self.write("sub/a")
        git(os.path.join(self.root, "sub"), "add", "a")
        git(os.path.join(self.root, "sub"), "-c", "user.name=n", "-c",
            "user.email=e", "commit", "-qm", "m")
        self.write(".gitignore", b"sub\n")
        git(self.root, "-c", "advice.addEmbeddedRepo=false", "add", "-f",
            "sub")
        self.assertEqual(self.files("."), [b".gitignore", b"sub/a"])


class Walks(Case):
    def test_paths_come_in_bytewise_order(self):
        names = ["a/b", "a.c", "a-b", "a0", "a/0", "B", "\u00e9", "a/b.c/d",
                 "a/b-c"]
        for name in names:
            self.write(name if name != "a/b" else "a/bb/c")
        found = self.files(".")
        self.assertEqual(found, sorted(found))
        self.assertEqual(len(found), len(names))

    def test_names_may_hold_any_byte(self):
        for name in (b"new\nline", b"\xff\xfe", b"tab\t", b" ", b"-x"):
            self.write(name)
        self.assertEqual(self.files("."), sorted(
            [b"new\nline", b"\xff\xfe", b"tab\t", b" ", b"-x"]))

    def test_arguments_are_joined_as_they_were_given(self):
        self.write("a/x")
        for given, want in ((".", b"a/x"), ("./", b"a/x"), ("a", b"a/x"),
                            ("a/", b"a/x"), ("a//", b"a/x"),
                            ("./a", b"./a/x"), ("a/x", b"a/x"),
                            (self.root + "/a", os.fsencode(self.root)
                             + b"/a/x")):
            self.assertEqual(self.files(given), [want], given)
        self.assertEqual(self.files("..", cwd="a"), [b"../a/x"])

    def test_links_are_noted_and_not_followed(self):
        self.write("a/x")
        os.symlink("a", os.path.join(self.root, "link"))
        os.symlink("a/x", os.path.join(self.root, "file"))
        self.assertEqual(listed(".", cwd=self.root),
                         [b"a/x", b"!symlink file", b"!symlink link"])

    def test_followed_links_give_each_file_once(self):
        self.write("b/x")
        self.write("outside")
        self.write("in/y")
        os.symlink("../b", os.path.join(self.root, "in/to-b"))
        os.symlink("..", os.path.join(self.root, "in/up"))
        os.symlink("nowhere", os.path.join(self.root, "in/broken"))
        os.symlink("../outside", os.path.join(self.root, "in/file"))
        os.symlink("y", os.path.join(self.root, "in/same"))
        found = self.files("-f", "in")
        self.assertEqual(len(found), len(set(map(
            lambda p: os.path.realpath(os.path.join(
                os.fsencode(self.root), p)), found))))
        self.assertEqual(len(found), 3)

    def test_what_is_no_file_is_noted(self):
        os.mkfifo(os.path.join(self.root, "pipe"))
        self.assertEqual(listed(".", cwd=self.root), [b"!not-a-file pipe"])

    def test_a_file_reached_twice_is_listed_once(self):
        self.write("a/x")
        self.write("a/y")
        self.assertEqual(self.files("-i", "a/y", "a", ".", "a/x"),
                         [b"a/y", b"a/x"])

    def test_a_tree_may_be_deeper_than_any_path(self):
        depth = 2000
        at = os.open(self.root, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir("deep", dir_fd=at)
            below = os.open("deep", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = below
        os.close(os.open("x", os.O_CREAT | os.O_WRONLY, dir_fd=at))
        os.close(at)
        self.assertEqual(self.files("."), [b"deep/" * depth + b"x"])
        subprocess.run(["rm", "-rf", os.path.join(self.root, "deep")],
                       check=True)


if __name__ == "__main__":
    unittest.main()

"""embedding_test.py BUILD: every program of docs/embedding.md, compiled as C11
and as C++17 against an installation, and run; as C11 with ASan, so that none of
them leaks."""

import base64
import os
import re
import subprocess
import sys
import unittest
import zipfile

import prefix
from prefix import run, token

BUILD = sys.argv.pop(1)
MODULES = {"history": "secscan-git", "opening": "secscan-containers"}
LANGUAGES = {
    "c11": ("cc", "-std=c11", "-g", "-fsanitize=address,undefined"),
    "c++17": ("c++", "-x", "c++", "-std=c++17"),
}
PEOPLE = {"GIT_AUTHOR_NAME": "Ada Author", "GIT_AUTHOR_EMAIL": "a@example.com",
          "GIT_COMMITTER_NAME": "Carl", "GIT_COMMITTER_EMAIL": "c@example.com",
          "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


class Embedding(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = prefix.Prefix(BUILD)
        cls.texts = prefix.programs()
        cls.untested = set(cls.texts)

    @classmethod
    def tearDownClass(cls):
        cls.installed.cleanup()
        if cls.untested:
            raise AssertionError("no test runs %s" % sorted(cls.untested))

    def each(self, name):
        """The program in each language."""
        source = self.installed.put(name + ".c", self.texts[name + ".c"])
        self.untested.discard(name + ".c")
        flags = self.installed.pkg_config(
            "--cflags", "--libs", MODULES.get(name, "secscan"))
        for language, compiler in LANGUAGES.items():
            # The libraries are no C++ sources.
            after = ["-x", "none"] if "-x" in compiler else []
            with self.subTest(name, language=language):
                yield self.installed.compile(
                    "%s-%s" % (name, language), source,
                    after + ["-pthread"] + flags, compiler)

    def execute(self, program, *arguments, stdin="", code):
        done = subprocess.run([program, *arguments], input=stdin, text=True,
                              env=self.installed.env, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def put(self, name, text):
        path = self.installed.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return self.installed.put(name, text)

    def test_find(self):
        for program in self.each("find"):
            done = self.execute(program, stdin="a\nTOKEN=%s\n" % token(),
                                code=1)
            self.assertRegex(done.stdout, r"^stdin:2:7 critical: github-\S+ "
                             r"\(ghp_\.\.\., 40 bytes\)\n$")
            self.execute(program, stdin="nothing\n", code=0)

    def test_stream(self):
        text = "x" * 65530 + " TOKEN=" + token() + "\n" + "y" * 200000
        for program in self.each("stream"):
            done = self.execute(program, stdin=text, code=1)
            self.assertRegex(done.stdout, r"^offset 65537: github-\S+\n$")

    def test_mask(self):
        # What decodes to it is as long as the base64, not as the secret.
        encoded = base64.b64encode(("T=" + token(9)).encode()).decode()
        text = "a TOKEN=%s b\nX: '%s'\n"
        for program in self.each("mask"):
            done = self.execute(program, stdin=text % (token(), encoded),
                                code=0)
            self.assertRegex(done.stdout,
                             r"^a TOKEN=\*{40} b\nX: '[^*]{0,4}\*+'\n$")
            self.assertEqual(len(done.stdout),
                             len(text % (token(), encoded)))

    def test_sink(self):
        for i in range(3):
            self.put("tree/%d.txt" % i, "TOKEN=%s\n" % token(i))
        tree = self.installed.path("tree")
        dangling = os.path.join(tree, "gone")
        if not os.path.islink(dangling):
            os.symlink("nowhere", dangling)
        for program in self.each("sink"):
            done = self.execute(program, tree, code=1)
            paths = re.findall(r"^\S*/(\d)\.txt\t1\tgithub-\S+\ts1:[0-9a-f]{24}$",
                               done.stdout, re.M)
            self.assertEqual(paths, ["0", "1", "2"])
            self.assertIn("gone: symlink", done.stderr)
            stopped = self.execute(program, tree, "2", code=1)
            self.assertEqual(stopped.stdout.count("\n"), 2)

    def test_own_rules(self):
        own = "acme_" + "0f1e2d3c4b5a6978" * 2
        text = "T=%s\nU=%s\n" % (token(), own)
        for program in self.each("own_rules"):
            done = self.execute(program, stdin=text, code=1)
            self.assertRegex(done.stdout,
                             r"^line 1: github-\S+\nline 2: acme-token\n$")
            wrong = "[[rules]]\nid = 'x'\nregex = '('\n"
            done = self.execute(program, wrong, stdin=text, code=2)
            self.assertRegex(done.stderr, r"^acme\.toml:3:\d+: .* "
                             r"\(SECSCAN_ERR_RULE, line 3\)\n$")

    def test_threads(self):
        paths = [self.put("many/%d" % i, "T=%s\n" % token(i) * (i % 2))
                 for i in range(8)]
        wanted = "".join("%s: %d\n" % (path, i % 2)
                         for i, path in enumerate(paths))
        for program in self.each("threads"):
            done = self.execute(program, *paths, code=0)
            self.assertEqual(done.stdout, wanted)

    def test_history(self):
        repo = self.installed.path("repo")
        env = dict(os.environ, **PEOPLE)
        run(["git", "init", "-q", repo])
        for text in ("TOKEN=%s\n" % token(), "TOKEN=\n"):
            self.put("repo/a.env", text)
            run(["git", "-C", repo, "add", "."], env=env)
            run(["git", "-C", repo, "commit", "-qm", "x"], env=env)
        first = run(["git", "-C", repo, "rev-parse", "HEAD~1"], env=env)
        for program in self.each("history"):
            done = self.execute(program, repo, code=1)
            self.assertRegex(
                done.stdout, r"^github-\S+: a\.env, added %s by Ada Author, "
                r"only in the history\n$" % first[:10])
            self.execute(program, os.path.join(repo, "no"), code=2)

    def test_opening(self):
        path = self.installed.path("a.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in/b.txt", "\nTOKEN=%s\n" % token())
        for program in self.each("opening"):
            done = self.execute(program, path, code=1)
            self.assertRegex(done.stdout,
                             r"^\S*/a\.zip!in/b\.txt:2: github-\S+")


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""gitleaks itself, beside secscan, with a configuration that uses all there is.

Needs the program gitleaks: script/bootstrap --test fetches it from PyPI. What
differs, and why, is in docs/gitleaks.md; `is_same` below says it in code.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import unittest

import harness

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gitleaks")
GITLEAKS = shutil.which(os.path.join(harness.ROOT, "build", "venv", "bin",
                                     "gitleaks")) or shutil.which("gitleaks")
FILES = ["a.txt", "b.conf", "docs/c.md", "fixtures/d.py", "skipped/e.txt",
         "deep/f.yml"]

# What lines are made of. %d: digits, %h: hex, %w: letters and digits, of the
# length before the letter.
PIECES = [
    "gone_%12w", "below_%12w", "above_%12w", "below_sample%6w",
    "above_dummy%7w", "kept_%12w", "kept_aaaaaaaaaaaa", "need_%12w",
    "part_%12w", 'acme_key = "%16h"', "ACME-token: '%16h'", "acme=%16h\\n",
    'my.acme.id => "%16h";', "acme = %15h", "nk-%7d", "nk-%4d000", "xnk-%7d",
    "fk%6d", "fk%7d", "timbuktu", "ZANZIBAR", "fg1=%4w;%3w", "fg1=;%3w",
    "fg2=%5w", "ng:bob:%7w!", "whole.%5U", "whole.LATEST", "ee=abab", "ee=aab",
    "ee=bbbb", "-----BEGIN BOX-----", "-----END BOX-----", "tr=%6l\n", "tr=%6l",
    'oe = "%8w"', 'moe="a" and oe="b"', 'oe=""', "gr<%4w> and <%3w>",
    ";ae%3d", "ae%3d", "\nle%4d\n", "le%4d", "px%2UQ%4l_x", "pxAB1cd",
    "q.(x)%3d", "q.x%3d", "uniZ%4d", "uniz%4d", "clé=“%5l”", 'clé:"%5l"',
    "by-te*AAA", "sw[a]b]", "lfab", "lfabc", "lfac", "re1,re2,re3", "re1,",
    "tt01011010tt0101", "ip_%8w", "hid_%6w", "pair_%6w", "anyw_%6w",
    "colm_%6w", "colm_%6w hid_%6w", "ls_%7w", "ls_xxxx", "ls_%3w99",
    "ls_%6w.fake", "ls_%6w # not real\n", "ls_%3wdocu", "ls_a%2wstop",
    "ol_%6w", "ol_old%3w", "ol_zzz%3w", 'other_id = "%16h"', "allowed%4w",
    "ls_allowed%3w", "globally fine", "\n", "\n\n",
    " ", " ", "word", "=", '"', "é", "\t", "\r\n", "x" * 60,
]
ALPHABETS = {"d": "0123456789", "h": "0123456789abcdef",
             "l": "abcdefghijklmnopqrstuvwxyz",
             "w": "abcdefghijklmnopqrstuvwxyz0123456789",
             "U": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def fill(rng, piece):
    out, i = "", 0
    while i < len(piece):
        j = i + 1
        while piece[i] == "%" and piece[j].isdigit():
            j += 1
        if j > i + 1:
            out += "".join(rng.choice(ALPHABETS[piece[j]])
                           for _ in range(int(piece[i + 1:j])))
            j += 1
        else:
            out += piece[i]
        i = j
    return out


def text(rng, n):
    words = (fill(rng, rng.choice(PIECES)) for _ in range(n))
    lines = "".join(word + rng.choice(["\n", "\n", " ", ";"]) for word in words)
    return lines + rng.choice(["", ";ae%d" % rng.randrange(1000), "x"])


def is_same(ours, theirs):
    """One of secscan's findings, and one of gitleaks'. secscan's place is that of
    the secret, and one secret is one finding: other rules are in `also`."""
    if ours["path"] != theirs["File"]:
        return False
    if theirs["Match"].startswith("file detected"):
        return ours["rule"] == theirs["RuleID"]
    if not ours["line_start"] or ours["line_end"] < theirs["StartLine"] or \
            ours["line_start"] > theirs["EndLine"] + 1:
        return False
    if ours["rule"] == theirs["RuleID"]:
        return ours["secret"] == theirs["Secret"]
    return theirs["RuleID"] in ours["also"]


@unittest.skipUnless(GITLEAKS, "needs gitleaks: script/bootstrap --test")
class GitleaksTest(harness.Case):
    def setUp(self):
        super().setUp()
        for name in ("base.toml", "config.toml"):
            shutil.copy(os.path.join(HERE, name), self.dir)

    def gitleaks(self, *args, cwd=None):
        """Its findings, as its JSON report has them."""
        done = subprocess.run(
            [GITLEAKS, *args, "-c", "config.toml", "--max-decode-depth", "0",
             "--exit-code", "7", "--no-banner", "-l", "error", "-f", "json",
             "-r", self.path("report.json")],
            cwd=cwd or self.dir, env=self.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=harness.TIMEOUT)
        self.assertIn(done.returncode, (0, 7), done.stdout.decode())
        with open(self.path("report.json"), encoding="utf-8") as file:
            return json.load(file)

    def ours(self, *args):
        run = self.secscan("-c", "config.toml", "--format", "jsonl",
                           "--show-secrets", *args)
        self.assertIn(run.code, (0, 1), repr(run))
        return run.findings()

    def assertSame(self, ours, theirs, what):
        missed = [t for t in theirs
                  if not any(is_same(o, t) for o in ours)]
        more = [o for o in ours if not any(is_same(o, t) for t in theirs)]
        self.assertFalse(
            missed or more, "%s: not found: %s\nfound by secscan alone: %s" % (
                what,
                [(t["RuleID"], t["File"], t["StartLine"], t["Match"],
                  t["Secret"]) for t in missed[:5]],
                [(o["rule"], o["path"], o["line_start"], o["secret"],
                  o["line"]) for o in more[:5]]))

    def test_gitleaks__finds_the_same_in_trees(self):
        n_found = 0
        rules = set()
        for seed in range(int(os.environ.get("SECSCAN_SEEDS", "12"))):
            rng = random.Random(seed)
            tree = self.path("tree%d" % seed)
            for name in FILES:
                self.write("tree%d/%s" % (seed, name),
                           text(rng, rng.choice((3, 30, 300))))
            for name in ("secret.key", "deep/secret.pem", "not-secret.key"):
                self.write("tree%d/%s" % (seed, name), "x")
            theirs = self.gitleaks("dir", "tree%d" % seed)
            ours = self.ours("tree%d" % seed)
            self.assertSame(ours, theirs, "seed %d" % seed)
            n_found += len(theirs)
            rules.update(t["RuleID"] for t in theirs)
            shutil.rmtree(tree)
        self.assertGreater(n_found, 500)
        self.assertGreater(len(rules), 30, sorted(rules))

    def repository(self, seed, n_commits=4):
        """Files come and go; its commits."""
        rng = random.Random(seed)
        repo = self.repo("repo%d" % seed)
        commits = []
        for k in range(n_commits):
            for name in FILES:
                repo.add("v%d/%s" % (k, name), text(rng, rng.choice((3, 60))))
            if k:
                repo.git("rm", "-q", "v%d/%s" % (k - 1, rng.choice(FILES)))
            repo.commit("change %d" % k)
            commits.append(repo.git("rev-parse", "HEAD").strip())
        return repo, commits

    def test_gitleaks__finds_the_same_in_histories(self):
        n_found = 0
        for seed in range(int(os.environ.get("SECSCAN_SEEDS", "4"))):
            repo, commits = self.repository(seed)
            shutil.copy(os.path.join(HERE, "config.toml"), self.dir)
            # What a commit that is fine brought in is fine elsewhere, too.
            fine = {t["Secret"] for t in self.gitleaks("git", repo.path)
                    if t["Commit"] == commits[1]}
            with open(self.path("config.toml"), "a", encoding="utf-8") as file:
                file.write('\n[[allowlists]]\ncommits = ["%s"]\n'
                           % commits[1].upper())
            theirs = {(t["RuleID"], t["File"], t["Secret"])
                      for t in self.gitleaks("git", repo.path)}
            ours = set()
            also = set()
            for f in self.ours("--history", repo.path):
                paths = {p["path"] for p in f["places"]}
                ours |= {(f["rule"], path, f["secret"]) for path in paths}
                also |= {(rule, path) for rule in f["also"] for path in paths}
            missed = {t for t in theirs - ours
                      if t[:2] not in also and t[2] not in fine}
            self.assertFalse(missed, "seed %d" % seed)
            # Of a secret that is none of its doing, the places of such a commit
            # are listed.
            more = {o for o in ours - theirs if not o[1].startswith("v1/")}
            self.assertFalse(more, "seed %d" % seed)
            n_found += len(theirs)
        self.assertGreater(n_found, 200)

    def test_gitleaks__skips_paths_that_half_an_allowlist_names(self):
        """With condition AND, a file is not fine for its path alone."""
        name = "tree/a.globally"
        self.write(name, "whole.ABCDE\nwhole.ABCDF globally fine\n")
        self.assertEqual(self.gitleaks("dir", "tree"), [])
        self.assertEqual([f["secret"] for f in self.ours("tree")],
                         ["whole.ABCDE"])


if __name__ == "__main__":
    if not GITLEAKS:
        sys.exit(77)
    harness.main()

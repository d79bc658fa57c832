"""test_headers.py: what stands in commits and tags besides people and messages."""

import base64
import random

import harness
from git_case import GitCase, token

WHO = "A <a@example.com> 1795251600 +0100"


class HeaderTest(GitCase):
    def setUp(self):
        super().setUp()
        self.repo1 = self.repo()
        self.tree = self.repo1.git("mktree")

    def object(self, kind, text):
        if isinstance(text, str):
            text = text.encode("utf-8", "surrogateescape")
        return self.repo1.git("hash-object", "-w", "-t", kind, "--literally",
                              "--stdin", stdin=text)

    def commit(self, extra="", message="say\n", who=WHO):
        return self.object("commit", "tree %s\nauthor %s\ncommitter %s\n%s\n%s"
                           % (self.tree, WHO, who, extra, message))

    def only(self, commit, name="refs/heads/x"):
        """The one finding of a repository whose one ref is the object."""
        if name:
            self.repo1.git("update-ref", name, commit)
        run = self.history(self.repo1, "--show-secrets")
        self.assertEqual(len(run.findings()), 1, repr(run))
        return run, run.findings()[0]

    def test_headers__unknown_line_of_a_commit(self):
        c = self.commit("HG:extra %s\n" % token(1))
        run, f = self.only(c)
        self.assertRun(run, 1)
        self.assertEqual((f["source"], f["commit"], f["object"], f["reach"]),
                         ("commit-header", c, c, "ref"))
        self.assertEqual((f["secret"], f["line_start"], f["column_start"]),
                         (token(1), 4, 10))
        self.assertTrue(run.summary()["complete"])

    def test_headers__merged_tag(self):
        lines = ["object " + "1" * 40, "type commit", "tag v1",
                 "tagger " + WHO, "", "message " + token(2)]
        c = self.commit("mergetag " + "\n ".join(lines) + "\n")
        f = self.only(c)[1]
        self.assertEqual((f["source"], f["line_start"], f["commit"]),
                         ("commit-header", 9, c))

    def test_headers__text_behind_a_date_and_an_id(self):
        c = self.commit(who="J\u00f6rg <j@example.com> 1795251600 +0100 "
                        + token(3))
        f = self.only(c)[1]
        self.assertEqual((f["source"], f["line_start"], f["column_start"]),
                         ("commit-header", 3, 49))
        c = self.object("commit", "tree %s %s\nauthor %s\ncommitter %s\n\nx"
                        % (self.tree, token(4), WHO, WHO))
        self.repo1.write(".git/refs/heads/y", c + "\n")  # git refuses it
        sources = {f["source"] for f in self.history(self.repo1).findings()}
        self.assertEqual(sources, {"commit-header"})

    def test_headers__second_author_and_nul(self):
        self.only(self.commit("author %s <a@b> 1 +0000\n" % token(5)))
        c = self.commit("x-a: \0 %s\n" % token(6), "a\0b %s\n" % token(7))
        self.repo1.git("update-ref", "refs/heads/y", c)
        found = {(f["secret"], f["source"]) for f in self.history(
            self.repo1, "--show-secrets").findings()}
        self.assertEqual(found, {(token(5), "commit-header"),
                                 (token(6), "commit-header"),
                                 (token(7), "commit-message")})

    def test_headers__of_a_tag(self):
        c = self.commit()
        t = self.object("tag", "object %s\ntype commit\ntag v\ntagger %s\n"
                        "x-extra %s\n\nmessage\n" % (c, WHO, token(8)))
        f = self.only(t, "refs/tags/v")[1]
        self.assertEqual((f["source"], f["object"], f["line_start"],
                          f["reach"]), ("tag-header", t, 5, "ref"))

    def test_headers__damaged_commit_is_scanned_and_said(self):
        c = self.object("commit", "tree nothing\nx %s\n\nm\n" % token(9))
        run, f = self.only(c, None)
        self.assertEqual((f["source"], f["object"]), ("commit-header", c))
        self.assertIn("corrupt", self.reasons(run))
        self.assertFalse(run.summary()["complete"])

    def test_headers__range_reads_them_too(self):
        base = self.commit()
        c = self.object("commit", "tree %s\nparent %s\nauthor %s\ncommitter %s"
                        "\ngpgsig %s\n\nm\n"
                        % (self.tree, base, WHO, WHO, token(1)))
        self.repo1.git("update-ref", "refs/heads/main", c)
        run = self.scan(self.repo1, "--range", base + "..main")
        self.assertRun(run, 1)
        self.assertEqual(run.findings()[0]["commit"], c)

    def signature(self, kind, seed, inside=""):
        data = random.Random(seed).randbytes(450)
        text = base64.b64encode(data).decode()
        lines = [text[i:i + 64] for i in range(0, len(text), 64)]
        return "\n ".join(["-----BEGIN %s-----" % kind, inside] + lines +
                          ["=" + text[:4], "-----END %s-----" % kind])

    def test_headers__signatures_raise_no_alarm(self):
        for i in range(300):
            kind = ("PGP SIGNATURE", "SSH SIGNATURE", "SIGNED MESSAGE")[i % 3]
            self.commit("gpgsig %s\ngpgsig-sha256 %s\n" % (
                self.signature(kind, i), self.signature(kind, 1000 + i)))
        run = self.secscan("--history", "--format", "jsonl", self.repo1.path)
        self.assertEqual(run.findings(), [])

    def test_headers__words_in_a_signature_are_scanned(self):
        c = self.commit("gpgsig %s\n" % self.signature(
            "PGP SIGNATURE", 1, "Comment: %s" % token(1)))
        self.assertEqual(self.only(c)[1]["line_start"], 5)

    def test_headers__private_key_in_a_signature_is_scanned(self):
        key = harness.expand("{base64:64}\n {base64:64}\n {base64:64}")
        c = self.commit("gpgsig -----BEGIN RSA PRIVATE KEY-----\n %s\n "
                        "-----END RSA PRIVATE KEY-----\n" % key)
        self.repo1.git("update-ref", "refs/heads/x", c)
        run = self.secscan("--history", "--format", "jsonl", self.repo1.path)
        self.assertEqual([f["source"] for f in run.findings()],
                         ["commit-header"], repr(run))


if __name__ == "__main__":
    harness.main()

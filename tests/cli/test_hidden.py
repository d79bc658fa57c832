"""One token in every encoding and container, alone and in each other: all are
found, in trees and in histories, each at its place (hidden.py)."""

import base64
import bz2
import io
import random
import shutil
import unittest
import zipfile

import harness
import hidden
from hidden_documents import jks, pkcs12
from hidden_writers import gz, tar_of, zip_of

TIMEOUT = 250


def place_of(finding):
    place = finding["places"][0]
    return (place["path"], place["line_start"], place["column_start"],
            tuple(place["encodings"]))


class HiddenCase(harness.Case):
    def scan(self, *args, **kwargs):
        kwargs.setdefault("timeout", TIMEOUT)
        return self.secscan("--format", "jsonl", *args, **kwargs)

    def assertFound(self, run, golden):
        """These places, each once, and nothing else; and all was scanned."""
        told = sorted(place_of(finding) for finding in run.findings())
        golden = sorted(golden)
        missing = [place for place in golden if place not in told]
        extra = list(told)
        for place in golden:
            if place in extra:
                extra.remove(place)
        skips = [(o["reason"], o["path"], o["detail"]) for o in run.jsonl()
                 if o["type"] == "skip"]
        text = "\n".join(
            ["missing:"] + list(map(str, missing)) + ["told instead:"]
            + list(map(str, extra)) + ["skips:"] + list(map(str, skips)))
        self.assertFalse(missing or extra, "%d of %d missing, %d extra\n%s" % (
            len(missing), len(golden), len(extra), text))
        self.assertRun(run, 1)
        self.assertTrue(run.summary()["complete"], text)

    def put(self, made, folder="tree"):
        for file in made:
            self.write(folder + "/" + file.path, file.data)
        return [file.golden() for file in made]


class TreeTest(HiddenCase):
    def check(self, chains):
        golden = self.put(hidden.every(chains))
        self.assertFound(self.scan(".", cwd=self.path("tree")), golden)

    def test_hidden__each_layer_alone_is_found(self):
        self.check(hidden.singles())

    def test_hidden__each_two_layers_are_found(self):
        self.check(hidden.pairs())

    def test_hidden__three_layers_are_found(self):
        self.check(hidden.triples())

    def test_hidden__any_number_of_threads_gives_the_same_bytes(self):
        self.put(hidden.every(hidden.singles()))
        runs = [self.scan("--threads", n, ".", cwd=self.path("tree"))
                for n in ("1", "2", "8")]
        self.assertRun(runs[0], 1)
        self.assertEqual(runs[0].raw, runs[1].raw)
        self.assertEqual(runs[0].raw, runs[2].raw)


class HistoryTest(HiddenCase):
    def test_hidden__a_history_gives_the_same_places(self):
        made = (hidden.every(hidden.singles(), "a/")
                + hidden.every(hidden.pairs()[::5], "pairs/")
                + hidden.every(hidden.triples(60), "triples/"))
        golden = self.put(made, "repo")
        repo = self.repo()
        repo.git("add", "-A", "-f")
        repo.commit("Add all")
        self.assertFound(self.scan("--history", repo.path), golden)
        repo.git("rm", "-q", "-r", ".")
        repo.commit("Remove all")
        repo.git("gc", "-q", "--aggressive", "--prune=now")
        self.assertFound(self.scan("--history", repo.path), golden)

    def long_text(self, changes):
        lines = ["line %d of the list\n" % i for i in range(1, 1001)]
        for number, text in changes.items():
            lines[number - 1] = text
        return "".join(lines)

    def spell(self, name, secret):
        text, _ = hidden.LAYERS[name].encode(b"token: " + secret.encode())
        return "key: %s\n" % text.decode()

    def introduced(self, name, at):
        """Twenty commits edit a long text; the token comes with commit
        `at`. The finding and the commits."""
        repo = self.repo(name + str(at))
        changes, commits = {}, []
        for i in range(20):
            changes[40 * i + 7] = "edited %d\n" % i
            if i == at:
                changes[500] = self.spell(name, hidden.token(at))
            commits.append(repo.commit("Edit %d" % i, {
                "list.txt": self.long_text(changes)}))
        repo.git("gc", "-q", "--aggressive", "--prune=now")
        run = self.scan("--history", repo.path)
        self.assertRun(run, 1)
        findings = run.findings()
        self.assertEqual(len(findings), 1, repr(run))
        return findings[0], commits

    def test_hidden__the_commit_that_brought_it_is_named(self):
        for name in ("base64", "hex", "percent", "unicode", "entity",
                     "quoted-printable"):
            for at in (0, 12):
                finding, commits = self.introduced(name, at)
                self.assertEqual(finding["commit"], commits[at], name)
                self.assertEqual(place_of(finding)[:2], ("list.txt", 500))
                self.assertEqual(place_of(finding)[3],
                                 (hidden.LAYERS[name].says,))

    def test_hidden__a_changed_archive_is_scanned_whole(self):
        repo = self.repo()
        files = {"n%d.txt" % i: b"line %d\n" % i for i in range(50)}
        repo.commit("Without", {"a.tar": tar_of(files)})
        files["n30.txt"] = b"token: " + hidden.token(3).encode() + b"\n"
        commit = repo.commit("With", {"a.tar": tar_of(files)})
        repo.git("gc", "-q", "--aggressive", "--prune=now")
        run = self.scan("--history", repo.path)
        self.assertFound(run, [("a.tar!n30.txt", 1, 8, ())])
        self.assertEqual(run.findings()[0]["commit"], commit)

    def test_hidden__a_range_and_the_index_are_opened(self):
        repo = self.repo()
        repo.commit("First", {"README": "shop\n"})
        made = hidden.hide(("zip", "base64"), 5)
        repo.add(made.path, made.data)
        self.assertFound(self.scan("--staged", repo.path), [made.golden()])
        repo.commit("Second")
        self.assertFound(self.scan("--range", "HEAD~1..HEAD", repo.path),
                         [made.golden()])


class OnceTest(HiddenCase):
    def test_hidden__plain_and_encoded_is_one_finding(self):
        secret = hidden.token(1)
        encoded = base64.b64encode(b"token: " + secret.encode()).decode()
        for text, line in (("a: %s\nb: %s\n" % (secret, encoded), 1),
                           ("a: %s\nb: %s\n" % (encoded, secret), 2)):
            self.write("a.yml", text)
            self.assertFound(self.scan("a.yml"), [("a.yml", line, 4, ())])

    def test_hidden__each_value_of_a_manifest_is_found(self):
        values = [hidden.token(i) for i in range(5)]
        self.write("secret.yaml", "apiVersion: v1\nkind: Secret\ndata:\n"
                   + "".join("  KEY_%d: %s\n" % (
                       i, base64.b64encode(value.encode()).decode())
                       for i, value in enumerate(values)))
        self.assertFound(self.scan("."), [
            ("secret.yaml", 4 + i, 10, ("base64",)) for i in range(5)])

    def test_hidden__each_member_of_each_layer_is_found(self):
        inner = zip_of({"x": b"token: " + hidden.token(1).encode(),
                        "y": b"token: " + hidden.token(2).encode()})
        self.write("a.tar.gz", gz(tar_of({
            "a.zip": inner, "z": b"token: " + hidden.token(3).encode()})))
        self.assertFound(self.scan("."), [
            ("a.tar.gz!a.zip!x", 1, 8, ()), ("a.tar.gz!a.zip!y", 1, 8, ()),
            ("a.tar.gz!z", 1, 8, ())])

    def test_hidden__a_program_with_an_archive_behind_it_is_opened(self):
        self.write("setup.exe", b"MZ" + b"\x90\0" * 3000 + zip_of(
            {"x": b"token: " + hidden.token(1).encode()}))
        self.assertFound(self.scan("."), [("setup.exe!x", 1, 8, ())])


class BehindTest(HiddenCase):
    """Text behind the end of a container is in no member of it."""

    def behind(self, path, whole, secret):
        made = hidden.Hidden(path, whole + b"\ntoken: " + secret.encode(), secret)
        made.stand(made.data, len(made.data) - len(secret))
        return made

    def wholes(self):
        text = b"line\n" * 1000
        return {"a.zip": zip_of({"a.txt": text}), "a.gz": gz(text),
                "a.bz2": bz2.compress(text),
                "a.tgz": gz(tar_of({"a.txt": text})),
                "large.zip": zip_of({"a": random.Random(1).randbytes(9 << 20)})}

    def test_hidden__text_behind_a_container_is_scanned(self):
        made = [self.behind(name, whole, hidden.token(number))
                for number, (name, whole) in enumerate(self.wholes().items())]
        golden = self.put(made, "repo")
        self.assertFound(self.scan(".", cwd=self.path("repo")), golden)
        repo = self.repo()
        repo.git("add", "-A", "-f")
        repo.commit("Add all")
        self.assertFound(self.scan("--history", repo.path), golden)

    def test_hidden__text_behind_a_container_in_another_is_scanned(self):
        made = self.behind("in.zip", zip_of({"a.txt": b"text\n"}),
                           hidden.token(1))
        self.write("a.tar", tar_of({made.path: made.data}))
        self.assertFound(self.scan("a.tar"), [
            ("a.tar!in.zip", made.line, made.column, ())])

    def test_hidden__a_comment_of_a_zip_is_scanned(self):
        out, secret = io.BytesIO(zip_of({"a.txt": b"text\n"})), hidden.token(1)
        with zipfile.ZipFile(out, "a") as archive:
            archive.comment = b"token: " + secret.encode()
        made = hidden.Hidden("a.zip", out.getvalue(), secret)
        made.stand(made.data, made.data.index(secret.encode()))
        golden = self.put([made])
        self.assertFound(self.scan(".", cwd=self.path("tree")), golden)

    def test_hidden__what_is_stored_is_no_second_finding(self):
        secret = hidden.token(1)
        stored = zip_of({"a.txt": b"token: " + secret.encode()},
                        zipfile.ZIP_STORED)
        self.write("a.zip", stored + b"\nname: the shop on the corner\n")
        self.assertFound(self.scan("a.zip"), [("a.zip!a.txt", 1, 8, ())])


class OptionsTest(HiddenCase):
    def scan_stdin(self, made, *args):
        return self.scan("--stdin", "--name", made.path, *args,
                         stdin=made.data)

    def test_hidden__standard_input_is_opened(self):
        for names in (("zip",), ("tgz", "base64"), ("deb",), ("sqlite",),
                      ("gz",), ("base64", "gz"), ("7z",), ("pdf-flate",)):
            made = hidden.hide(names, 9)
            self.assertFound(self.scan_stdin(made), [made.golden()])

    def nothing(self, names, *args):
        run = self.scan_stdin(hidden.hide(names, 9), *args)
        self.assertEqual(run.findings(), [], repr(run))
        return run

    def test_hidden__no_decode_leaves_encodings_alone(self):
        self.assertRun(self.nothing(("base64",), "--no-decode"), 0)
        self.assertRun(self.nothing(("zip", "hex"), "--no-decode"), 0)
        made = hidden.hide(("zip",), 9)
        self.assertFound(self.scan_stdin(made, "--no-decode"),
                         [made.golden()])

    def test_hidden__no_containers_leaves_containers_alone(self):
        self.assertRun(self.nothing(("zip",), "--no-containers"), 0)
        made = hidden.hide(("base64",), 9)
        self.assertFound(self.scan_stdin(made, "--no-containers"),
                         [made.golden()])

    def test_hidden__what_is_too_deep_is_said(self):
        names = ("zip", "tar", "gz")
        run = self.nothing(names, "--max-depth", "2")
        self.assertRun(run, 3)
        self.assertEqual([o["reason"] for o in run.jsonl()
                          if o["type"] == "skip"], ["depth-limit"])
        made = hidden.hide(names, 9)
        self.assertFound(self.scan_stdin(made, "--max-depth", "3"),
                         [made.golden()])

    def test_hidden__decoding_in_a_container_counts_as_depth(self):
        names = ("zip", "base64", "hex")
        self.assertRun(self.nothing(names, "--max-depth", "2"), 3)
        made = hidden.hide(names, 9)
        self.assertFound(self.scan_stdin(made, "--max-depth", "3"),
                         [made.golden()])


class KeyStoreTest(HiddenCase):
    def rules(self, name, data):
        self.write("tree/" + name, data)
        run = self.scan(".", cwd=self.path("tree"))
        return [f["rule"] for f in run.findings()]

    def test_hidden__a_store_with_a_default_password_is_said(self):
        self.assertEqual(self.rules("store", jks("changeit")),
                         ["keystore-default-password"])

    def test_hidden__a_store_with_another_password_is_said(self):
        self.assertEqual(self.rules("store", jks("nobody knows this")),
                         ["keystore"])

    @unittest.skipUnless(shutil.which("openssl"), "no openssl")
    def test_hidden__a_store_of_the_other_form_is_said(self):
        for password, rule in (("changeit", "keystore-default-password"),
                               ("", "keystore-default-password"),
                               ("nobody knows this", "keystore")):
            self.assertEqual(self.rules("store", pkcs12(password)), [rule])

    def test_hidden__a_store_of_trusted_certificates_is_nothing(self):
        self.assertEqual(self.rules("cacerts", jks("changeit", tag=2)), [])


if __name__ == "__main__":
    harness.main()

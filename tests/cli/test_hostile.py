"""Bombs, nests and damage: each scan ends in time, in little memory, and says
what it did not read."""

import base64
import os
import random
import subprocess
import sys

import harness
import hidden
import hostile
import quine
from hidden_documents import database, pdf_page, pdf_stream
from hidden_writers import zip_of

with open(harness.BIN, "rb") as program:
    IS_SANITIZED = b"__asan_init" in program.read()

SECONDS = 240 if IS_SANITIZED else 60
MEMORY = 300 << 10  # KiB, of a process without a sanitizer


# Runs a program and notes its peak memory, from a small process: what this one
# holds would count as its children's peak.
MEASURED = """
import resource, subprocess, sys
try:
    code = subprocess.call(sys.argv[3:], timeout=float(sys.argv[2]))
except subprocess.TimeoutExpired:
    code = %d
with open(sys.argv[1], "w") as out:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=out)
sys.exit(code if code >= 0 else 128 - code)
"""
TIMED_OUT = 124


class HostileCase(harness.Case):
    def scan(self, *args, cwd=None):
        """Within time and memory, or it fails."""
        note = self.path("memory")
        done = subprocess.run(
            [sys.executable, "-c", MEASURED % TIMED_OUT, note, str(SECONDS),
             harness.BIN, "--format", "jsonl", *args], cwd=cwd or self.dir,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment(), check=False)
        run = harness.Run(done)
        self.assertNotEqual(run.code, TIMED_OUT, "it did not end in time")
        self.assertIn(run.code, (0, 1, 3), repr(run)[:10000])
        with open(note, encoding="ascii") as file:
            used = int(file.read())
        if not IS_SANITIZED:
            self.assertLess(used, MEMORY, "memory")
        return run

    def skips(self, run):
        return [o for o in run.jsonl() if o["type"] == "skip"]

    def reasons(self, run):
        return sorted({skip["reason"] for skip in self.skips(run)})


class BombTest(HostileCase):
    def assertStopped(self, data, *reasons, args=()):
        """Incomplete, for these reasons; few records say so."""
        self.write("tree/bomb", data)
        run = self.scan(*args, "tree")
        self.assertRun(run, 3)
        self.assertFalse(run.summary()["complete"])
        self.assertEqual(self.reasons(run), sorted(reasons), repr(run)[:5000])
        self.assertLess(len(self.skips(run)), 10)

    def test_hostile__a_member_of_10_gigabytes(self):
        self.assertStopped(hostile.flat_zip(10 if not IS_SANITIZED else 1),
                           "ratio-limit")

    def test_hostile__the_bytes_of_one_member_are_bounded(self):
        self.assertStopped(hostile.flat_zip(1), "member-limit", args=(
            "--max-ratio", "100000", "--max-member", "32M"))

    def test_hostile__the_bytes_of_all_members_are_bounded(self):
        self.assertStopped(hostile.small_members(b"x"), "unpacked-limit",
                           args=("--max-ratio", "1000000", "--max-unpacked",
                                 "64k"))

    def test_hostile__the_time_is_bounded(self):
        self.assertStopped(hostile.flat_zip(3), "time-limit", args=(
            "--max-ratio", "100000", "--container-timeout", "1"))

    def test_hostile__zips_in_zips(self):
        self.assertStopped(hostile.nested_zip(), "ratio-limit")

    def test_hostile__members_that_overlap(self):
        self.assertStopped(hostile.overlapping_zip(), "ratio-limit")

    def test_hostile__streams_of_a_gigabyte(self):
        for bomb in (hostile.gz_bomb, hostile.zlib_bomb, hostile.xz_bomb,
                     hostile.bz2_bomb, hostile.zstd_bomb):
            with self.subTest(bomb.__name__):
                self.assertStopped(bomb(), "ratio-limit")

    def test_hostile__a_stream_below_the_ratio_is_read(self):
        """LZ4 cannot be a bomb: 255 to one is its most."""
        self.write("tree/bomb", hostile.lz4_bomb())
        run = self.scan("--max-ratio", "300", "tree")
        self.assertRun(run, 0)
        self.assertGreater(run.summary()["coverage"]["bytes"], 1 << 27)

    def test_hostile__a_solid_archive(self):
        self.assertStopped(hostile.seven_zip_bomb(), "ratio-limit")

    def test_hostile__a_million_small_members(self):
        self.assertStopped(hostile.small_members(), "entry-limit")

    def test_hostile__a_stream_in_a_document(self):
        self.assertStopped(pdf_page(pdf_stream(
            hostile.zlib_bomb(), b"/Filter /FlateDecode ")), "ratio-limit")

    def test_hostile__a_stream_in_a_database(self):
        def fill(db):
            db.execute("CREATE TABLE files (content BLOB)")
            db.execute("INSERT INTO files VALUES (?)", (hostile.gz_bomb(),))
        self.assertStopped(database(fill), "ratio-limit")

    def test_hostile__a_stream_in_an_encoding(self):
        bomb = base64.b64encode(hostile.gz_bomb(times=512))
        self.assertStopped(b"key: " + bomb + b"\n", "ratio-limit")

    def test_hostile__a_bomb_hides_nothing_behind_it(self):
        """The next file is scanned, whatever happened to the one before."""
        secret = hidden.hide(("zip",), 1)
        self.write("tree/a", hostile.flat_zip(1))
        self.write("tree/" + secret.path, secret.data)
        run = self.scan("tree")
        self.assertRun(run, 1)
        self.assertEqual(len(run.findings()), 1)
        self.assertFalse(run.summary()["complete"])


class NestTest(HostileCase):
    def assertTooDeep(self, data):
        self.write("tree/nest", data)
        run = self.scan("tree")
        self.assertRun(run, 3)
        self.assertEqual(self.reasons(run), ["depth-limit"])

    def test_hostile__streams_100_deep(self):
        self.assertTooDeep(hostile.nested_gz(100))

    def test_hostile__streams_1000_deep(self):
        self.assertTooDeep(hostile.nested_gz(1000))

    def test_hostile__a_file_that_unpacks_to_itself(self):
        self.assertTooDeep(quine.gzip_quine())

    def test_hostile__a_member_that_unpacks_to_itself(self):
        self.assertTooDeep(zip_of({"x": quine.gzip_quine(), "y": b"text\n"}))

    def test_hostile__an_encoding_50_deep(self):
        text = b"token: " + hidden.token(1).encode()
        for _ in range(50 if not IS_SANITIZED else 30):
            text = base64.b64encode(text)
        self.assertTooDeep(text)

    def test_hostile__a_token_at_the_last_depth_is_found(self):
        made = hidden.hide(("gz",) * 8, 1)
        self.write("tree/" + made.path, made.data)
        self.assertEqual(len(self.scan("tree").findings()), 1)


# Whose bytes all count in a sum: damage cannot go unnoticed.
SUMMED = """zip zip-stored tgz tbz txz tzst 7z jar apk whl nupkg gem docx gz bz2
    xz zst lz4""".split()
# Damage to what they say of their members may look like another file.
UNSUMMED = """tar tar-pax cpio iso deb rpm docker docker-config oci sqlite
    sqlite-wal sqlite-blob pdf-flate pdf-plain pdf-text""".split()
# Text, whatever is left of them.
TEXTS = """notebook notebook-output""".split()
# What tells the kind: without it there is only a file of bytes. Of a tar it is
# its first header's sum.
MAGIC = {"iso": range(32768, 32776), "sqlite": range(16),
         "sqlite-wal": range(16), "sqlite-blob": range(16),
         "cpio": range(110), "deb": range(68), "bz2": range(14),
         "tbz": range(14)}
MAGIC.update((kind, range(512)) for kind in (
    "tar", "tar-pax", "gem", "docker", "docker-config", "oci"))


def samples(kinds):
    return [(kind, hidden.hide((kind,), i)) for i, kind in enumerate(kinds)]


def cuts(kind, made):
    """Ten, the last of them a byte before the end; not before what tells the
    kind."""
    size, magic = len(made.data), MAGIC.get(kind, range(8))
    places = [size * i // 10 for i in range(1, 10)] + [size - 1]
    return [place for place in places if place > magic.stop]


def flips(kind, made, count=50):
    """Places of bits: not in the token, not in what tells the kind."""
    chance = random.Random(kind)
    start = made.data.find(made.secret.encode())
    token = range(start, start + len(made.secret)) if start >= 0 else ()
    chosen = []
    while len(chosen) < count:
        place = chance.randrange(8 * len(made.data))
        if place // 8 not in MAGIC.get(kind, range(8)) and (
                place // 8 not in token):
            chosen.append(place)
    return chosen


def flipped(data, place):
    data = bytearray(data)
    data[place // 8] ^= 1 << place % 8
    return bytes(data)


class DamageTest(HostileCase):
    def lost(self, run):
        """Those files of the tree whose token is not found, and of which no
        record says that something was not read."""
        told = {f["path"].split("!")[0] for f in run.findings()}
        told |= {s["path"].split("!")[0] for s in self.skips(run)}
        return sorted(set(os.listdir(self.path("tree"))) - told)

    def scan_tree(self):
        return self.scan(".", cwd=self.path("tree"))

    def test_hostile__what_is_cut_off_is_said(self):
        for kind, made in samples(SUMMED + UNSUMMED):
            for at in cuts(kind, made):
                self.write("tree/%s.%d" % (made.path, at), made.data[:at])
        run = self.scan_tree()
        self.assertEqual(self.lost(run), [])
        self.assertFalse(run.summary()["complete"])

    def flip_all(self, kinds):
        for kind, made in samples(kinds):
            for place in flips(kind, made):
                self.write("tree/%s.%d" % (made.path, place),
                           flipped(made.data, place))
        return self.scan_tree()

    def test_hostile__damage_is_said(self):
        run = self.flip_all(SUMMED)
        self.assertEqual(self.lost(run), [])

    def test_hostile__damage_that_no_sum_tells_hurts_nobody(self):
        run = self.flip_all(UNSUMMED + TEXTS)
        n_files = len(os.listdir(self.path("tree")))
        self.assertLess(len(self.lost(run)), n_files // 10)

    def test_hostile__a_damaged_file_alone_is_incomplete(self):
        for kind, made in samples(["zip", "tgz", "7z", "docx", "gz", "xz"]):
            self.write("alone/" + made.path,
                       made.data[:len(made.data) // 2])
            run = self.scan("alone/" + made.path)
            self.assertIn(run.code, (1, 3), kind)
            self.assertFalse(run.summary()["complete"], kind)


if __name__ == "__main__":
    harness.main()

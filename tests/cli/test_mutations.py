"""test_mutations.py: damaged and hostile packs. Whatever stands in a store, a scan
ends, in time and in bounded memory, and is never complete with anything amiss: what
git cannot read is said to be unread, and what is found in a complete scan is what
the sound repository holds.

The seeds are fixed. Secrets are of built-in rules, so that what deltas inherit is
at stake too."""

import os
import random
import shutil
import signal
import struct
import subprocess
import time
import zlib

import harness
import packfile as pf

# In all at least 500 processes, see the families below.
N_BYTES = int(os.environ.get("SECSCAN_MUTATIONS", "150"))
LIMIT = 60  # seconds, each
MEMORY = 200 << 10  # KiB, of a process without a sanitizer

with open(harness.BIN, "rb") as program:
    IS_SANITIZED = b"__asan_init" in program.read()


def secret(seed):
    return harness.expand("ghp_{base62:30}{crc32}", seed)


class StoreCase(harness.Case):
    """A scan of a store that must not go wrong."""

    def history(self, repo, *args):
        """As harness.Case.secscan, with the peak of its memory."""
        began = time.monotonic()
        with open(self.path("out"), "w+b") as out, \
                open(self.path("err"), "w+b") as err:
            child = subprocess.Popen(
                [harness.BIN, "--history", "--format", "jsonl", *args,
                 repo.path], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=self.environment(), cwd=self.dir)
            timer = self.kill_after(child)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            timer()
            out.seek(0), err.seek(0)
            child.stdout, child.stderr = out.read(), err.read()
        run = harness.Run(child)
        self.assertLess(time.monotonic() - began, LIMIT, "it hangs")
        self.assertIn(run.code, (0, 1, 3), repr(run))
        self.assertNotIn("runtime error", run.err)
        if not IS_SANITIZED:
            self.assertLess(usage.ru_maxrss, MEMORY, "memory")
        return run

    def kill_after(self, child):
        def kill(_number, _frame):
            child.kill()
        signal.signal(signal.SIGALRM, kill)
        signal.alarm(LIMIT)
        return lambda: signal.alarm(0)

    def is_complete(self, run):
        return bool(run.out) and run.summary()["complete"]

    def is_readable(self, repo):
        """Can git read all that refs reach, each object as its tree has it?"""
        done = subprocess.run(
            "git rev-list --objects --all | cut -d' ' -f1 | "
            "git cat-file --batch", shell=True, cwd=repo.path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=repo.env,
            timeout=LIMIT)
        if done.stderr:
            return False
        return b" missing\n" not in done.stdout and done.returncode == 0


class MutationsTest(StoreCase):
    def packed(self, name="repo", seed=0):
        """One pack: deltas, secrets in several versions, a tag."""
        repo = self.repo(name)
        lines = ["line %d of %s" % (i, name) for i in range(200)]
        for i in range(10):
            lines[i * 7] = "token = '%s'" % secret(seed + i)
            del lines[150 - i]
            repo.commit("change %d" % i, {"big.txt": "\n".join(lines),
                                          "dir/%d.txt" % i: "x %d\n" % i})
        repo.git("tag", "-a", "-m", "first", "v1", "HEAD~5")
        repo.git("repack", "-adfq", "--depth=10", "--window=20")
        repo.git("prune-packed")
        return repo

    def store(self, repo):
        """Paths of the pack and of its index, and their bytes."""
        folder = os.path.join(repo.path, ".git", "objects", "pack")
        out = {}
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            os.chmod(path, 0o644)
            with open(path, "rb") as file:
                out[name.rsplit(".")[-1]] = (path, file.read())
        return out["pack"], out["idx"]

    def put(self, path, data):
        with open(path, "wb") as file:
            file.write(data)

    def check(self, repo, sound, what, is_detectable=True):
        """The scan of a store in which something may be wrong."""
        run = self.history(repo)
        if not self.is_complete(run):
            self.assertIn(run.code, (1, 3), "%s\n%r" % (what, run))
            return
        if is_detectable:
            self.assertTrue(self.is_readable(repo), "%s: silent" % what)
            self.assertEqual(run.findings(), sound, what)

    def sound(self, repo):
        run = self.history(repo)
        self.assertRun(run, 1)
        self.assertTrue(self.is_complete(run))
        self.assertEqual(len(run.findings()), 10)
        return run.findings()

    # ---- bytes: neither file's checksums are made right again

    def flip(self, chance, data):
        bad = bytearray(data)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        return bytes(bad)

    def cut(self, chance, data):
        return data[:chance.randrange(len(data))]

    def overwrite(self, chance, data):
        at, n = chance.randrange(len(data)), chance.randrange(1, 40)
        fill = chance.choice((b"\0", b"\xff", b"\x80"))
        return data[:at] + (fill * n)[:len(data) - at] + data[at + n:]

    def move(self, chance, data):
        a, b = (chance.randrange(len(data)) for _ in range(2))
        n = chance.randrange(1, 200)
        return data[:a] + data[b:b + n] + data[a + n:]

    def drop(self, chance, data):
        at = chance.randrange(len(data))
        return data[:at] + data[at + chance.randrange(1, 30):]

    def extend(self, chance, data):
        return data + bytes(chance.randrange(256)
                            for _ in range(chance.randrange(1, 60)))

    def mutate_bytes(self, which):
        repo = self.packed()
        sound = self.sound(repo)
        files = self.store(repo)
        path, whole = files[which]
        kinds = (self.flip, self.flip, self.flip, self.cut, self.overwrite,
                 self.move, self.drop, self.extend)
        for seed in range(N_BYTES):
            chance = random.Random(seed)
            kind = kinds[seed % len(kinds)]
            self.put(path, kind(chance, whole))
            self.check(repo, sound, "%s, seed %d, %s" % (
                os.path.basename(path), seed, kind.__name__))
        self.put(path, whole)
        self.assertEqual(self.sound(repo), sound)

    def test_mutations__bytes_of_packs(self):
        self.mutate_bytes(0)

    def test_mutations__bytes_of_indexes(self):
        self.mutate_bytes(1)

    # ---- packs and indexes that do not belong together

    def test_mutations__crossed_packs_and_indexes(self):
        repo, other = self.packed(), self.packed("other", 50)
        sound = self.sound(repo)
        mine, theirs = self.store(repo), self.store(other)
        for which in (0, 1):
            self.put(mine[which][0], theirs[which][1])
            self.check(repo, sound, "the other's file %d" % which)
            self.put(mine[which][0], mine[which][1])
        # The trailers say that they belong together, and nothing else does.
        pack, idx = mine[0][1], mine[1][1]
        self.put(mine[1][0], theirs[1][1][:-40] + pack[-20:] + idx[-20:])
        self.check(repo, sound, "the other's index, with this trailer")
        self.put(mine[1][0], idx)
        self.put(mine[0][0], theirs[0][1][:-20] + pack[-20:])
        self.check(repo, sound, "the other's pack, with this trailer")
        self.put(mine[0][0], pack)
        # Both packs, the indexes changed over.
        folder = os.path.dirname(mine[0][0])
        for suffix, data in (("pack", theirs[0][1]), ("idx", mine[1][1])):
            self.put(os.path.join(folder, "pack-x." + suffix), data)
        self.put(mine[1][0], theirs[1][1])
        self.check(repo, sound, "indexes changed over")

    # ---- indexes that lie, their own checksums right

    def swap_offsets(self, chance, rows):
        a, b = chance.sample(range(len(rows)), 2)
        x, y = rows[a], rows[b]
        rows[a], rows[b] = (x[0], x[1], y[2]), (y[0], y[1], x[2])

    def swap_entries(self, chance, rows):
        a, b = chance.sample(range(len(rows)), 2)
        x, y = rows[a], rows[b]
        rows[a], rows[b] = (x[0],) + y[1:], (y[0],) + x[1:]

    def same_offset(self, chance, rows):
        a, b = chance.sample(range(len(rows)), 2)
        rows[a] = (rows[a][0],) + rows[b][1:]

    def other_offset(self, chance, rows):
        a = chance.randrange(len(rows))
        at = chance.choice((0, 1, 11, rows[a][2] + 1, rows[a][2] - 1,
                            (1 << 31) - 1, 1 << 31, 1 << 40, 1 << 63,
                            (1 << 64) - 1))
        rows[a] = rows[a][:2] + (at,)

    def leave_out(self, chance, rows):
        for _ in range(chance.randrange(1, 4)):
            del rows[chance.randrange(len(rows))]

    def other_id(self, chance, rows):
        a = chance.randrange(len(rows))
        oid = bytearray(rows[a][0])
        oid[chance.randrange(20)] ^= 1 << chance.randrange(8)
        rows[a] = (bytes(oid),) + rows[a][1:]

    def twice(self, chance, rows):
        rows.append(rows[chance.randrange(len(rows))])

    def test_mutations__indexes_that_lie(self):
        repo = self.packed()
        sound = self.sound(repo)
        _, (path, whole) = self.store(repo)
        # Of two entries that have changed places, with their CRCs, only their
        # hashes would tell, and objects are not hashed again.
        kinds = (self.swap_offsets, self.same_offset, self.other_offset,
                 self.leave_out, self.other_id, self.twice, self.swap_entries)
        for seed in range(N_BYTES // 2):
            chance = random.Random(seed)
            rows, trailer = pf.parse_index(whole)
            kind = kinds[seed % len(kinds)]
            kind(chance, rows)
            self.put(path, pf.index(rows, trailer))
            self.check(repo, sound, "seed %d, %s" % (seed, kind.__name__),
                       is_detectable=kind != self.swap_entries)

    def test_mutations__tables_that_lie(self):
        repo = self.packed()
        sound = self.sound(repo)
        _, (path, whole) = self.store(repo)
        rows, trailer = pf.parse_index(whole)
        n = len(rows)
        at = len(whole) - 40 - 4 * n  # of the offsets
        cases = {
            "a large offset without a table":
                whole[:at] + struct.pack(">I", 1 << 31) + whole[at + 4:],
            "a large offset beyond the table":
                whole[:at] + struct.pack(">I", 0xffffffff) + whole[at + 4:],
            "fan-out that falls": pf.index(
                rows, trailer, fan=pf.fan_out([r[0] for r in rows])[::-1]),
            "fan-out of 2^32-1": pf.index(
                rows, trailer, fan=b"\xff\xff\xff\xff" * 256),
            "fan-out of nothing": pf.index(rows, trailer, fan=bytes(1024)),
            "fan-out in the last place": pf.index(
                rows, trailer,
                fan=bytes(1020) + struct.pack(">I", n)),
            "fan-out in the first place": pf.index(
                rows, trailer, fan=struct.pack(">I", n) * 256),
            "one object fewer": pf.index(
                rows, trailer, fan=pf.fan_out([r[0] for r in rows[1:]])),
            "no object": pf.index([], trailer),
            "version 1, short of a row": pf.index(
                rows, trailer, version=1)[24:],
            "version 3": whole[:7] + b"\3" + whole[8:],
            "an empty file": b"",
            "zeros": bytes(len(whole)),
        }
        for what, data in cases.items():
            self.put(path, data)
            self.check(repo, sound, what)
        for what, data in {
                "version 1": pf.index(rows, trailer, version=1),
                # git takes as many large offsets as there are objects, less 1.
                "offsets in the large table": pf.index(
                    rows, trailer, large=[r[0] for r in rows[1:]])}.items():
            self.put(path, data)
            run = self.history(repo)
            self.assertTrue(self.is_complete(run), what)
            self.assertEqual(run.findings(), sound, what)

    # ---- packs whose entries are changed under right CRCs and trailers

    def test_mutations__entries_behind_right_checksums(self):
        repo = self.packed()
        sound = self.sound(repo)
        (pack_path, pack), (idx_path, idx) = self.store(repo)
        rows, _ = pf.parse_index(idx)
        parts = pf.extents(rows, pack)
        for seed in range(N_BYTES // 2):
            chance = random.Random(seed)
            _, _, at, end = part = chance.choice(parts)
            bad = bytearray(pack)
            bad[at + chance.randrange(min(end - at, 30))] ^= \
                1 << chance.randrange(8)
            bad = pf.seal(bytes(bad))
            new = [row[:1] + (zlib.crc32(bad[at:end]), at)
                   if row[0] == part[0] else row for row in rows]
            self.put(pack_path, bad)
            self.put(idx_path, pf.index(new, bad[-20:]))
            self.check(repo, sound, "seed %d" % seed)

    # ---- a multi-pack-index that lies is no more than ignored

    def test_mutations__multi_pack_index(self):
        repo = self.packed()
        repo.commit("more", {"more.txt": "token = '%s'\n" % secret(0)})
        repo.git("repack", "-dq")
        repo.git("multi-pack-index", "write")
        path = os.path.join(repo.path, ".git", "objects", "pack",
                            "multi-pack-index")
        os.chmod(path, 0o644)
        with open(path, "rb") as file:
            whole = file.read()
        sound = self.sound(repo)
        kinds = (self.flip, self.cut, self.overwrite, self.move, self.drop)
        for seed in range(N_BYTES // 3):
            self.put(path, kinds[seed % 5](random.Random(seed), whole))
            run = self.history(repo)
            if self.is_complete(run):
                self.assertEqual(run.findings(), sound, seed)
        self.put(path, b"")
        self.assertEqual(self.history(repo).findings(), sound)


class HostileTest(StoreCase):
    """Packs that git never wrote, their checksums right; the blobs stand in a
    commit's tree, so that they matter."""

    BASE = b"base of many bytes: " + bytes(range(65, 91)) * 8 + b"\n"

    def hostile(self, entries, names=None, count=None, version=2, large=()):
        """A repository whose HEAD holds the blobs of `names` (id to name), and
        a pack of these entries."""
        shutil.rmtree(self.path("repo"), ignore_errors=True)
        repo = self.repo("repo")
        pack, rows = pf.build(entries, count)
        names = names or {e.oid: "f%d" % i for i, e in enumerate(entries)}
        tree = repo.git("mktree", "--missing", "-z", stdin=b"".join(
            b"100644 blob %s\t%s\0" % (oid.hex().encode(), name.encode())
            for oid, name in names.items()))
        commit = repo.git("commit-tree", tree, "-m", "hostile")
        repo.git("update-ref", "refs/heads/main", commit)
        folder = os.path.join(repo.path, ".git", "objects", "pack")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "pack-h.pack"), "wb") as file:
            file.write(pack)
        with open(os.path.join(folder, "pack-h.idx"), "wb") as file:
            file.write(pf.index(rows, pack[-20:], version, large))
        return repo

    def sound_blob(self):
        """One that is whole, to see that the others do not take it along."""
        data = b"token = '%s'\n" % secret(1).encode()
        return pf.Entry(pf.blob_id(data), pf.BLOB, data)

    def assertSaid(self, entries, **options):
        """The damage is said; what is whole is found all the same."""
        run = self.history(self.hostile([self.sound_blob()] + entries,
                                        **options))
        self.assertFalse(self.is_complete(run), repr(run))
        self.assertRun(run, 1)
        self.assertEqual([f["path"] for f in run.findings()], ["f0"])

    def assertRefused(self, entries, **options):
        """The damage is said; what else is found does not matter."""
        run = self.history(self.hostile([self.sound_blob()] + entries,
                                        **options))
        self.assertFalse(self.is_complete(run), repr(run))

    def base(self):
        return pf.Entry(pf.blob_id(self.BASE), pf.BLOB, self.BASE)

    def delta(self, data, base=None):
        base = base or self.base()
        return [base, pf.Entry(b"\x77" * 20, pf.OFS, data, base)]

    def test_hostile__deltas(self):
        n = len(self.BASE)
        cases = {
            "copy out of range": pf.delta(n, 10, pf.copy(n - 5, 10)),
            "copy from far": pf.delta(n, 10, pf.copy(0xffffffff, 10)),
            "copy over the end": pf.delta(n, 0x10000, pf.copy(0, 0x10000)),
            "result shorter than told": pf.delta(n, 50, pf.copy(0, 10)),
            "result longer than told": pf.delta(n, 5, pf.copy(0, 10)),
            "another base": pf.delta(n + 1, 10, pf.copy(0, 10)),
            "a step of kind 0": pf.delta(n, 10, b"\0", pf.copy(0, 10)),
            "insert that is cut": pf.delta(n, 10, b"\x7f", b"abc"),
            "copy that is cut": pf.delta(n, 10, b"\xff\1"),
            "no length of the result": pf.varint(n),
            "a length without end": b"\xff" * 12,
            "lengths of 2^63": pf.varint(1 << 63) * 2,
            "nothing": b"",
        }
        for what, data in cases.items():
            with self.subTest(what):
                self.assertSaid(self.delta(data))

    def test_hostile__bases(self):
        n = len(self.BASE)
        data = pf.delta(n, 10, pf.copy(0, 10))
        a, b, c = b"\x71" * 20, b"\x72" * 20, b"\x73" * 20
        ref = lambda oid, base: pf.Entry(oid, pf.REF, data, base)
        with self.subTest("its own base, by id"):
            self.assertSaid([ref(a, a)])
        with self.subTest("a cycle of three"):
            self.assertSaid([ref(a, b), ref(b, c), ref(c, a)])
        with self.subTest("a cycle, and a delta upon it"):
            self.assertSaid([ref(a, b), ref(b, a), ref(c, b)])
        with self.subTest("a base that is nowhere"):
            self.assertSaid([ref(a, b"\x01" * 20)])
        with self.subTest("upon one that is nowhere"):
            self.assertSaid([ref(a, b"\x01" * 20), ref(b, a), ref(c, b)])
        for back in (0, 1, 12, 1 << 40, (1 << 63) - 1, 1 << 63):
            with self.subTest("%d bytes back" % back):
                self.assertRefused([pf.Entry(a, pf.OFS, data, back)])

    def test_hostile__kinds_and_counts(self):
        a = b"\x71" * 20
        for kind in (0, 5):
            with self.subTest("kind %d" % kind):
                self.assertRefused([pf.Entry(a, kind, b"data")])
        for count in (0, 1, 3, 0x7fffffff, 0xffffffff):
            with self.subTest("%d objects" % count):
                self.assertRefused([self.base()], count=count)
        with self.subTest("a blob that is no tree"):
            repo = self.hostile([self.sound_blob()])
            blob = repo.git("ls-tree", "HEAD").split()[2]
            tree = repo.git("hash-object", "-t", "tree", "-w", "--stdin",
                            "--literally", stdin=b"40000 dir\0" +
                            bytes.fromhex(blob))
            repo.git("update-ref", "HEAD", repo.git(
                "commit-tree", tree, "-m", "no tree"))
            run = self.history(repo)
            self.assertFalse(self.is_complete(run), repr(run))

    def test_hostile__sizes(self):
        a, bomb = b"\x71" * 20, zlib.compress(bytes(64 << 20), 9)
        cases = {
            "10 bytes that come to 64 MB": dict(size=10, packed=bomb),
            "none that come to 64 MB": dict(size=0, packed=bomb),
            "4 GB that are 10 bytes": dict(size=4 << 30),
            "511 MB that are 10 bytes": dict(size=511 << 20),
            "2^60 bytes": dict(size=1 << 60),
            "one byte more": dict(size=11),
            "one byte less": dict(size=9),
            "no stream at all": dict(packed=b""),
            "a stream that is cut": dict(packed=zlib.compress(b"x" * 10)[:6]),
            "a stream with another checksum": dict(
                packed=zlib.compress(b"ten bytes.")[:-1] + b"\0"),
            "a preset dictionary": dict(packed=b"\x78\xbb" + bytes(8)),
        }
        for what, lie in cases.items():
            with self.subTest(what):
                self.assertSaid([pf.Entry(a, pf.BLOB, b"ten bytes.", **lie)])
        for size in (0, 1 << 30, 1 << 50, (1 << 62) - 1):
            with self.subTest("a delta of %d bytes" % size):
                self.assertSaid([self.base(), pf.Entry(
                    a, pf.OFS, pf.delta(len(self.BASE), 5, pf.copy(0, 5)),
                    self.base(), size=size)])
            with self.subTest("a result of %d bytes" % size):
                self.assertSaid(self.delta(pf.delta(
                    len(self.BASE), size, pf.copy(0, 10))))

    def test_hostile__copies_that_add_up_to_gigabytes(self):
        base = bytes(0x10000)
        whole = pf.Entry(pf.blob_id(base), pf.BLOB, base)
        n = (2 << 30) // 0x10000
        self.assertSaid(self.delta(pf.delta(
            len(base), n * 0x10000, pf.copy(0, 0x10000) * n), whole))

    def test_hostile__zero_bytes_are_an_object(self):
        run = self.history(self.hostile([self.sound_blob(), pf.Entry(
            pf.blob_id(b""), pf.BLOB, b"")]))
        self.assertTrue(self.is_complete(run), repr(run))
        self.assertEqual(len(run.findings()), 1)

    def deep(self, n, kind):
        """A chain of n deltas, each of which adds a byte; the last one holds a
        secret too."""
        text = b"the first\n"
        entries = [pf.Entry(pf.blob_id(text), pf.BLOB, text)]
        for i in range(n):
            more = b"%d" % (i % 10)
            if i == n - 1:
                more = b" token = '%s'\n" % secret(7).encode()
            step = pf.delta(len(text), min(len(text), 40) + len(more),
                            pf.copy(0, min(len(text), 40)), pf.insert(more))
            text = text[:40] + more
            entries.append(pf.Entry(
                struct.pack(">I", i) + b"\x55" * 16, kind, step,
                entries[-1] if kind == pf.OFS else entries[-1].oid))
        entries[-1].oid = pf.blob_id(text)
        return entries

    def test_hostile__chain_of_50000(self):
        for kind in (pf.OFS, pf.REF):
            entries = self.deep(50000, kind)
            run = self.history(self.hostile(
                entries, {entries[-1].oid: "last"}))
            self.assertTrue(self.is_complete(run), run.err)
            self.assertEqual([f["path"] for f in run.findings()], ["last"])
    
    def test_hostile__chain_of_50000_upon_damage(self):
        entries = self.deep(50000, pf.OFS)
        entries[0].size += 1
        run = self.history(self.hostile(entries, {entries[-1].oid: "last"}))
        self.assertRun(run, 3)

    def test_hostile__50000_deltas_of_one_base(self):
        base = self.base()
        n, entries = len(self.BASE), [base]
        for i in range(50000):
            new = b"%d" % i
            if i == 49999:
                new = b"token = '%s'\n" % secret(9).encode()
            entries.append(pf.Entry(
                struct.pack(">I", i) + b"\x44" * 16, pf.OFS,
                pf.delta(n, n + len(new), pf.copy(0, n), pf.insert(new)),
                base))
        entries[-1].oid = pf.blob_id(self.BASE + b"token = '%s'\n" %
                                     secret(9).encode())
        run = self.history(self.hostile(entries, {entries[-1].oid: "last"}))
        self.assertTrue(self.is_complete(run), run.err)
        self.assertEqual([f["path"] for f in run.findings()], ["last"])


if __name__ == "__main__":
    harness.main()

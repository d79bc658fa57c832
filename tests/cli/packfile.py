"""packfile.py: packs and their indexes as Python values: read, changed, and written
again with whatever is right about them recomputed, so that a test can break one
thing and leave the checksums around it whole (gitformat-pack)."""

import hashlib
import struct
import zlib

COMMIT, TREE, BLOB, TAG, OFS, REF = 1, 2, 3, 4, 6, 7
ID_LEN = 20


def varint(value):
    """Lengths inside a delta: seven bits a byte, lowest first."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def head(kind, size):
    """An entry's kind and inflated size."""
    byte, size, out = kind << 4 | size & 15, size >> 4, bytearray()
    while size:
        out.append(byte | 0x80)
        byte, size = size & 0x7f, size >> 7
    out.append(byte)
    return bytes(out)


def distance(value):
    """How far back an offset delta's base is."""
    out = bytearray([value & 0x7f])
    value >>= 7
    while value:
        value -= 1
        out.insert(0, 0x80 | value & 0x7f)
        value >>= 7
    return bytes(out)


def copy(at, length):
    """A delta's step: bytes of the base."""
    code, out = 0x80, bytearray()
    for i in range(4):
        if at >> 8 * i & 255:
            code |= 1 << i
            out.append(at >> 8 * i & 255)
    for i in range(3):
        if length >> 8 * i & 255 and length != 0x10000:
            code |= 16 << i
            out.append(length >> 8 * i & 255)
    return bytes([code]) + bytes(out)


def insert(data):
    """Steps of a delta: new bytes."""
    return b"".join(bytes([len(data[i:i + 127])]) + data[i:i + 127]
                    for i in range(0, len(data), 127))


def delta(base_len, result_len, *steps):
    return varint(base_len) + varint(result_len) + b"".join(steps)


def blob_id(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).digest()


class Entry:
    """One entry as it will stand in the pack; `size` and `packed` may lie."""

    def __init__(self, oid, kind, data, base=None, size=None, packed=None):
        self.oid, self.kind, self.base = oid, kind, base
        self.size = len(data) if size is None else size
        self.packed = zlib.compress(data) if packed is None else packed

    def encode(self, at, offsets):
        out = head(self.kind, self.size)
        if self.kind == OFS:
            back = self.base if isinstance(self.base, int) else \
                at - offsets[self.base.oid]
            out += distance(back)
        if self.kind == REF:
            out += self.base
        return out + self.packed


def build(entries, count=None):
    """A pack of these entries, in this order: its bytes, and rows of its index:
    (id, CRC-32, offset)."""
    out = bytearray(b"PACK" + struct.pack(
        ">II", 2, len(entries) if count is None else count))
    rows, offsets = [], {}
    for entry in entries:
        at = len(out)
        offsets[entry.oid] = at
        packed = entry.encode(at, offsets)
        rows.append((entry.oid, zlib.crc32(packed), at))
        out += packed
    return bytes(out) + hashlib.sha1(out).digest(), rows


def fan_out(ids):
    return b"".join(struct.pack(">I", sum(i[0] <= byte for i in ids))
                    for byte in range(256))


def index(rows, trailer, version=2, large=(), fan=None):
    """An index of these rows, with its own checksum right. Offsets from 2^31 on
    go to the table of large ones; `large` says which others do."""
    rows = sorted(rows)
    ids = [row[0] for row in rows]
    fan = fan_out(ids) if fan is None else fan
    if version == 1:
        out = fan + b"".join(struct.pack(">I", row[2]) + row[0]
                             for row in rows)
    else:
        table, offsets = b"", b""
        for oid, _, at in rows:
            if at >= 1 << 31 or oid in large:
                offsets += struct.pack(">I", 1 << 31 | len(table) // 8)
                table += struct.pack(">Q", at)
            else:
                offsets += struct.pack(">I", at)
        out = (b"\xfftOc" + struct.pack(">I", 2) + fan + b"".join(ids) +
               b"".join(struct.pack(">I", row[1]) for row in rows) +
               offsets + table)
    out += trailer
    return out + hashlib.sha1(out).digest()


def parse_index(data):
    """Rows of a version 2 index, and the pack's trailer."""
    n, = struct.unpack(">I", data[8 + 255 * 4:8 + 256 * 4])
    ids, at = 8 + 1024, 8 + 1024 + n * ID_LEN
    crcs = struct.unpack(">%dI" % n, data[at:at + 4 * n])
    offsets = struct.unpack(">%dI" % n, data[at + 4 * n:at + 8 * n])
    rows = [(data[ids + i * ID_LEN:ids + (i + 1) * ID_LEN], crcs[i],
             offsets[i]) for i in range(n)]
    return rows, data[-2 * ID_LEN:-ID_LEN]


def seal(pack):
    """The pack with its trailer right again."""
    return pack[:-ID_LEN] + hashlib.sha1(pack[:-ID_LEN]).digest()


def extents(rows, pack):
    """(id, CRC, offset, end) in order of offset."""
    rows = sorted(rows, key=lambda row: row[2])
    ends = [row[2] for row in rows[1:]] + [len(pack) - ID_LEN]
    return [row + (end,) for row, end in zip(rows, ends)]

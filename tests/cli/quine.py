"""quine.py: a gzip file that unpacks to itself, found by computation.

Its deflate stream is a program of two instructions of five bytes: L n, the next
n bytes are output (a stored block's head), and R, the last 20 bytes of output
come again. This program prints itself, P being the file's head and T the
end of the stream with the sum of its output in it:

    P L20 [P L20] R L5 [R] L5 [L5] L20 [R L5 L5 L20] R L20 [R L20 R L20]
    R L20 [R T] R T

The sum is an affine function of its own bits: a system of 32 equations.
"""

import struct
import zlib


def literal(n):
    return struct.pack("<BHH", 0, n, n ^ 0xffff)


class Bits:
    def __init__(self):
        self.bits = []

    def number(self, value, width):
        self.bits += [value >> i & 1 for i in range(width)]

    def code(self, value, width):
        """Huffman codes come with their first bit first."""
        self.bits += [value >> i & 1 for i in reversed(range(width))]

    def bytes(self):
        padded = self.bits + [0] * (-len(self.bits) % 8)
        return bytes(sum(padded[i + k] << k for k in range(8))
                     for i in range(0, len(padded), 8))


def repeat():
    """Twice ten bytes from 20 bytes before: 40 bits."""
    bits = Bits()
    bits.number(2, 3)  # not the last block, fixed codes
    for _ in range(2):
        bits.code(264 - 256, 7)  # a length of 10
        bits.code(8, 5)  # a distance of 17 ...
        bits.number(3, 3)  # and three
    bits.code(0, 7)
    assert len(bits.bits) == 40
    return bits.bytes()


def end():
    """Two empty blocks to fill seven bytes, and the last block."""
    bits = Bits()
    for _ in range(2):
        bits.number(2, 3)
        bits.code(0, 7)
    bits.number(1, 3)
    return bits.bytes() + b"\0\0\xff\xff"


def with_sum(crc, time):
    """The file that says its output has that sum, and its true sum."""
    head = struct.pack("<4BI2B", 31, 139, 8, 8, time, 0, 3) + b"self\0"
    again, five, twenty = repeat(), literal(5), literal(20)
    size = 20 * 2 + 5 * 18 + 20 * 2
    tail = again + end() + struct.pack("<2I", crc, size)
    start = head + twenty
    some, more = again + five * 2 + twenty, (again + twenty) * 2
    data = (start + start + again + five + again + five + five + twenty + some
            + again + twenty + more + again + twenty + tail + tail)
    assert len(tail) == len(start) == 20 and len(data) == size
    return data, zlib.crc32(data)


def solve(time):
    """The sum that is right, or None."""
    base = with_sum(0, time)[1]
    rows = []  # of each bit of the sum: what it changes, beside itself
    for i in range(32):
        rows.append([with_sum(1 << i, time)[1] ^ base ^ 1 << i, 1 << i])
    wanted, answer = base, 0
    for bit in range(32):
        pivot = next((r for r in rows if r[0] >> bit & 1), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        for row in rows:
            if row[0] >> bit & 1:
                row[0] ^= pivot[0]
                row[1] ^= pivot[1]
        if wanted >> bit & 1:
            wanted ^= pivot[0]
            answer ^= pivot[1]
    return answer


def gzip_quine():
    for time in range(1, 1000):
        crc = solve(time)
        if crc is not None:
            return with_sum(crc, time)[0]
    raise AssertionError("no time gives a solution")

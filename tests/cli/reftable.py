"""reftable.py: write reftables, from the description of the format
(gitformat-reftable) and nothing else, for git that cannot."""

import struct
import zlib


def varint(value):
    out = [value & 0x7f]
    value >>= 7
    while value:
        value -= 1
        out.insert(0, 0x80 | (value & 0x7f))
        value >>= 7
    return bytes(out)


def text(value):
    return varint(len(value)) + value


def key(before, name, kind):
    """A record's key, of which the beginning is that of the one before."""
    n = 0
    while n < min(len(before), len(name)) and before[n] == name[n]:
        n += 1
    rest = name[n:]
    return varint(n) + varint(len(rest) << 3 | kind) + rest


def ref_value(value):
    """None (deleted), "ref: x", an id, or two of them (a tag, peeled)."""
    if value is None:
        return 0, b""
    if isinstance(value, tuple):
        return 2, bytes.fromhex(value[0]) + bytes.fromhex(value[1])
    if value.startswith("ref: "):
        return 3, text(value[5:].encode())
    return 1, bytes.fromhex(value)


def log_value(entry):
    if entry is None:
        return 0, b""
    old, new, name, email, time, zone, message = entry
    return 1, (bytes.fromhex(old) + bytes.fromhex(new) + text(name.encode()) +
               text(email.encode()) + varint(time) + struct.pack(">h", zone) +
               text(message.encode()))


def blocks(letter, records, size, first):
    """Records (key, kind, rest) as blocks; each begins where it is told."""
    out = b""
    at = 0
    while at < len(records):
        head = first if not out else 0
        body, starts, before = b"", [], b""
        while at < len(records):
            name, kind, rest = records[at]
            is_start = len(starts) == 0 or at % 16 == 0
            record = key(b"" if is_start else before, name, kind)
            record += rest
            room = size - head - 4 - len(body) - 3 * (len(starts) + 1) - 2
            if body and len(record) > room:
                break
            if is_start:
                starts.append(head + 4 + len(body))
            body += record
            before = name
            at += 1
        body += b"".join(struct.pack(">I", s)[1:] for s in starts)
        body += struct.pack(">H", len(starts))
        # A key of the record that opens a block is whole: see above.
        length = struct.pack(">I", head + 4 + len(body))[1:]
        if letter == b"g":
            out += letter + length + zlib.compress(body)
        else:
            out += letter + length + body
            if at < len(records):
                out += bytes(-(first + len(out)) % size)
    return out


def table(refs, logs, low=1, high=1, size=4096, hash_size=20):
    """refs: {name: value}; logs: [(name, update, entry or None)]."""
    version = 2 if hash_size == 32 else 1
    header = b"REFT" + bytes([version]) + struct.pack(">I", size)[1:]
    header += struct.pack(">QQ", low, high)
    if version == 2:
        header += b"s256"
    records = []
    for name in sorted(refs, key=str.encode):
        kind, rest = ref_value(refs[name])
        records.append((name.encode(), kind, varint(0) + rest))
    body = header + blocks(b"r", records, size, len(header))
    records = []
    for name, update, entry in sorted(
            logs, key=lambda log: (log[0].encode(), -log[1])):
        kind, rest = log_value(entry)
        records.append((name.encode() + b"\0" +
                        struct.pack(">Q", 2 ** 64 - 1 - update), kind, rest))
    log_at = 0
    if records:
        log_at = len(body) if refs else 0
        body += blocks(b"g", records, size, 0 if refs else len(header))
    footer = header + struct.pack(">QQQQQ", 0, 0, 0, log_at, 0)
    return body + footer + struct.pack(">I", zlib.crc32(footer))

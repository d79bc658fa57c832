"""hidden_writers.py: the bytes of archives, made of {name: bytes}."""

import gzip
import hashlib
import io
import os
import struct
import subprocess
import tarfile
import tempfile
import zipfile

TIME = 1795251600
TIMEOUT = 60


def run(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True,
                          timeout=TIMEOUT).stdout


def gz(data):
    return gzip.compress(data, mtime=TIME)


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 21, 9, 0, 0)),
                             data, method)
    return out.getvalue()


def tar_of(files, form=tarfile.GNU_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), TIME
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def ar_of(files):
    out = b"!<arch>\n"
    for name, data in files.items():
        out += b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (
            name.encode(), TIME, 0, 0, b"100644", len(data))
        out += data + b"\n" * (len(data) % 2)
    return out


def cpio_of(files):
    """The "new ASCII" format."""
    def entry(number, name, data, mode):
        name = name.encode() + b"\0"
        head = b"070701" + b"".join(b"%08X" % value for value in (
            number, mode, 0, 0, 1, TIME, len(data), 0, 0, 0, 0, len(name), 0))
        head += name
        return (head + b"\0" * (-len(head) % 4)
                + data + b"\0" * (-len(data) % 4))
    out = b"".join(entry(number + 1, name, data, 0o100644)
                   for number, (name, data) in enumerate(files.items()))
    return out + entry(0, "TRAILER!!!", b"", 0)


def written(files, command):
    """What `command(folder, out)` makes of the files in a folder, the same
    bytes at any time."""
    with tempfile.TemporaryDirectory(prefix="secscan-test-") as folder:
        tree, out = os.path.join(folder, "tree"), os.path.join(folder, "a.out")
        for name, data in files.items():
            path = os.path.join(tree, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        for path, _, names in os.walk(tree):
            for name in [""] + names:
                os.utime(os.path.join(path, name), (TIME, TIME))
        subprocess.run(command(out), cwd=tree, check=True, timeout=TIMEOUT,
                       env=dict(os.environ, SOURCE_DATE_EPOCH=str(TIME)),
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out, "rb") as file:
            return file.read()


def seven_zip_of(files):
    return written(files, lambda out: ["7z", "a", "-t7z", "-bd", "--", out,
                                       *files])


def iso_of(files):
    return written(files, lambda out: [
        "xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-no-pad", "-o",
        out, "."])


def rpm_of(payload):
    """A lead, two headers and a compressed cpio."""
    def header(entries):
        index, store = b"", b""
        for tag, text in entries:
            index += struct.pack(">4I", tag, 6, len(store), 1)
            store += text + b"\0"
        return (b"\x8e\xad\xe8\x01\0\0\0\0"
                + struct.pack(">2I", len(entries), len(store)) + index + store)
    lead = struct.pack(">4sBBHH66sHH16s", b"\xed\xab\xee\xdb", 3, 0, 0, 1,
                       b"shop-1-1", 1, 5, b"")
    main = header([(1000, b"shop"), (1001, b"1"), (1002, b"1"),
                   (1124, b"cpio"), (1125, b"gzip")])
    signature = header([(269, hashlib.sha1(main).hexdigest().encode())])
    signature += b"\0" * (-len(signature) % 8)
    return lead + signature + main + gz(payload)

"""hidden_documents.py: bytes packed into databases, documents, programs and key
stores; Archives like those of hidden_archives.py.

A Program is no container: the bytes stand in it as they are.
"""

import hashlib
import importlib.util
import json
import marshal
import os
import sqlite3
import struct
import subprocess
import tempfile
import zlib

from hidden_archives import Archive, Packed, need_bare
from hidden_encodings import Impossible, is_plain
from hidden_writers import TIMEOUT


# Databases.

def database(fill, wal=False):
    """The bytes of a database; with `wal` its header says that a log is
    kept beside it."""
    with tempfile.TemporaryDirectory(prefix="secscan-test-") as folder:
        path = os.path.join(folder, "a.db")
        db = sqlite3.connect(path)
        db.execute("PRAGMA page_size = 1024")
        if wal:
            db.execute("PRAGMA journal_mode = wal")
        fill(db)
        db.commit()
        if wal:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        with open(path, "rb") as file:
            return file.read()


def cell(column, content):
    """A row's value as the lines of a text."""
    return column + (b" =\n" if b"\n" in content else b" = ")


def text_cell(wal):
    """One row: its columns are the lines of the unit."""
    def pack(content, name):
        if not is_plain(content) or not name.endswith(".txt"):
            raise Impossible("text")

        def fill(db):
            db.execute("CREATE TABLE settings (id INTEGER PRIMARY KEY,"
                       " name TEXT, value TEXT)")
            db.execute("INSERT INTO settings VALUES (17, 'shop', ?)",
                       (content.decode(),))
        before = b"id = 17\nname = shop\n" + cell(b"value", content)
        return Packed(database(fill, wal), ["settings/17"],
                      before + content + b"\n", len(before))
    return pack


SMALL_BLOB = 4 << 10  # one that is no container stands in its row


def blob_cell(content, name):
    def fill(db):
        db.execute("CREATE TABLE files (name TEXT, content BLOB)")
        db.execute("INSERT INTO files VALUES (?, ?)", (name, content))
    data = database(fill)
    if len(content) > SMALL_BLOB or not name.endswith(
            (".txt", ".pyc", ".exe", "notes")):
        return Packed(data, ["files/1/content"], content)
    before = b"name = " + name.encode() + b"\n" + cell(b"content", content)
    return Packed(data, ["files/1"], before + content + b"\n", len(before))


# PDF.

def pdf_of(objects):
    """Numbered from 1; the first is the catalog, the last the Info."""
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + text + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + (
        b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(objects),
                                       len(out)))


def pdf_stream(data, extra=b""):
    return b"<< /Length %d %s>>\nstream\n" % (len(data), extra) + data + (
        b"\nendstream")


def pdf_page(stream, info=b"<< /Producer (shop) >>"):
    return pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R /Extra 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1"
        b" /BaseFont /Helvetica >> >> >> >>",
        pdf_stream(b"BT ET"), stream, info])


def pdf_flate(content, name):
    del name
    return Packed(pdf_page(pdf_stream(zlib.compress(content),
                                      b"/Filter /FlateDecode ")),
                  ["object 5"], content)


def pdf_plain(content, name):
    del name
    return Packed(pdf_page(pdf_stream(content)), ["object 5"], content)


def pdf_text(content, name):
    """Set on a page in pieces, as typesetters do."""
    del name
    need_bare(content)
    pieces = b" 20 ".join(b"(%s)" % content[i:i + 7]
                          for i in range(0, len(content), 7))
    text = b"BT /F1 12 Tf 72 720 Td [" + pieces + b"] TJ ET\n"
    data = pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1"
        b" /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >> >>",
        pdf_stream(zlib.compress(text), b"/Filter /FlateDecode "),
        b"<< /Producer (shop) >>"])
    return Packed(data, ["page 1"], content)


# Notebooks.

def notebook_of(cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4,
                       "nbformat_minor": 5}, indent=1).encode() + b"\n"


def code_cell(source, outputs=()):
    return {"cell_type": "code", "execution_count": 1, "metadata": {},
            "source": source, "outputs": list(outputs)}


def lines_of(content):
    if not is_plain(content):
        raise Impossible("notebook")
    return content.decode().splitlines(True)


def notebook_source(content, name):
    del name
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Shop\n"]},
             code_cell(lines_of(content))]
    return Packed(notebook_of(cells), ["cell 2"], content)


def notebook_output(content, name):
    del name
    output = {"output_type": "stream", "name": "stdout",
              "text": lines_of(content)}
    return Packed(notebook_of([code_cell(["print(1)\n"], [output])]),
                  ["cell 1 output 1"], content)


# Programs.

class Program:
    """`pack` gives its bytes and where in them the content stands."""
    is_encoding = is_stream = is_bare = is_whole = False
    is_program = True

    def __init__(self, name, suffix, pack):
        self.name, self.suffix, self.pack = name, suffix, pack


def bytecode(content):
    """A module that holds it as a constant. Bytes stand behind a length, whose
    zeros would belong to what is wide: one stands between."""
    constant = content.decode() if is_plain(content) else b"\1" + content
    code = compile("TEXT = %r\n" % (constant,), "shop.py", "exec")
    data = (importlib.util.MAGIC_NUMBER + struct.pack("<3I", 0, 0, 0)
            + marshal.dumps(code))
    if data.count(content) != 1:
        raise Impossible("bytecode")
    return data, data.index(content)


def elf(content):
    head = (b"\x7fELF\x02\x01\x01" + b"\0" * 9
            + struct.pack("<2HI3QI6H", 2, 62, 1, 0x400000, 0, 0, 0, 64, 0, 0,
                          0, 0, 0)
            + b"\x55\x48\x89\xe5\x31\xc0\x5d\xc3" * 8 + b"usage: shop\0\0\0\0")
    return head + content + b"\0\0\0\0.rodata\0.text\0", len(head)


def portable_executable(content):
    head = (b"MZ\x90\0\3\0\0\0" + b"\0" * 52 + struct.pack("<I", 64)
            + b"PE\0\0\x64\x86\1\0" + b"\0" * 240
            + b"\x48\x83\xec\x28\x31\xc0\x48\x83" * 8 + b"\0\0\0\0")
    return head + content + b"\0\0\0\0.rdata\0\0", len(head)


# Key stores.

def jks(password, magic=0xfeedfeed, alias=b"shop", tag=1):
    """One entry, sealed with `password`; its key is no key."""
    body = struct.pack(">3I", magic, 2, 1)
    body += struct.pack(">IH", tag, len(alias)) + alias + struct.pack(">Q", 0)
    kind, blob = b"X.509", b"\x30\x03\x02\x01\x01"
    if tag == 1:
        body += struct.pack(">I", len(blob)) + blob + struct.pack(">I", 1)
    body += struct.pack(">H", len(kind)) + kind
    body += struct.pack(">I", len(blob)) + blob
    return body + hashlib.sha1(password.encode("utf-16-be")
                               + b"Mighty Aphrodite" + body).digest()


def pkcs12(password):
    """With a key and a certificate made for it now."""
    with tempfile.TemporaryDirectory(prefix="secscan-test-") as folder:
        def openssl(*args):
            subprocess.run(["openssl", *args], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL, timeout=TIMEOUT,
                           stderr=subprocess.DEVNULL)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k", "-out",
                "c", "-subj", "/CN=shop", "-days", "2")
        openssl("pkcs12", "-export", "-inkey", "k", "-in", "c", "-out", "p",
                "-passout", "pass:" + password)
        with open(os.path.join(folder, "p"), "rb") as file:
            return file.read()


DOCUMENTS = [
    Archive("sqlite", ".db", text_cell(False)),
    Archive("sqlite-wal", ".db", text_cell(True)),
    Archive("sqlite-blob", ".db", blob_cell),
    Archive("pdf-flate", ".pdf", pdf_flate),
    Archive("pdf-plain", ".pdf", pdf_plain),
    Archive("pdf-text", ".pdf", pdf_text, is_bare=True),
    Archive("notebook", ".ipynb", notebook_source),
    Archive("notebook-output", ".ipynb", notebook_output),
]

PROGRAMS = [
    Program("pyc", ".pyc", bytecode),
    Program("elf", "", elf),
    Program("exe", ".exe", portable_executable),
]

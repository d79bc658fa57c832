"""hidden.py: tokens hidden in every encoding and container, and where each of
them has to be found.

A hidden file is made of layers, outermost first: Encodings, Archives, Streams
and Programs around a small text with one token. What it takes to make it tells
the place: the names of the members on the way, the encodings, the line and the
column.
"""

import random
import zlib

from hidden_archives import ARCHIVES, STREAMS, Packed
from hidden_documents import DOCUMENTS, PROGRAMS
from hidden_encodings import ENCODINGS, Impossible

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LAYERS = {layer.name: layer for layer in
          ENCODINGS + STREAMS + ARCHIVES + DOCUMENTS + PROGRAMS}
STREAM_SUFFIXES = tuple(stream.suffix for stream in STREAMS[:-1])


def base62(value, width):
    text = ""
    for _ in range(width):
        value, digit = divmod(value, 62)
        text = ALPHABET[digit] + text
    return text


def token(number):
    """A GitHub token with the right checksum, another for each number."""
    body = base62(random.Random(number).getrandbits(178), 30)
    return "ghp_" + body + base62(zlib.crc32(body.encode()), 6)


class Hidden:
    """A file's bytes and the place at which its token has to be found."""

    def __init__(self, path, data, secret):
        self.path, self.data, self.secret = path, data, secret
        self.members, self.encodings = [], []
        self.line = self.column = 0

    def golden(self):
        return ("!".join([self.path] + self.members), self.line, self.column,
                tuple(self.encodings))

    def stand(self, unit, at):
        """The token stands at byte `at` of `unit`."""
        before = unit[unit.rfind(b"\n", 0, at) + 1:at]
        self.line = unit.count(b"\n", 0, at) + 1
        self.column = sum((byte & 0xc0) != 0x80 for byte in before) + 1


def is_bare_below(layers):
    """Does the nearest layer outside of these want one bare line?"""
    return bool(layers) and layers[-1].is_bare


class Built:
    """A layer with what is in it: `inner` is None for the text itself."""

    def __init__(self, layer, inner, data, suffix, detail):
        self.layer, self.inner, self.data = layer, inner, data
        self.suffix, self.detail = suffix, detail


def build(layers, secret):
    """From the text outwards."""
    bare = is_bare_below(layers)
    text = secret if bare else "name: shop\ntoken: %s\nport: 80\n" % secret
    built = Built(None, None, text.encode(), ".txt", text.index(secret))
    for i in range(len(layers) - 1, -1, -1):
        built = cover(layers[i], built, is_bare_below(layers[:i]))
    return built


# What has no mark in its first bytes is not worth decoding.
UNMARKED = {"tar", "tar-pax", "gem", "docker", "docker-config", "oci", "iso",
            "pyc", "elf", "exe"}
UNMARKED_IN_HEX = UNMARKED | {"cpio", "rpm"}


def need_worth(layer, inner):
    """Bytes are decoded from base64 and hex, where a mark says what they are;
    of the other spellings only text is, and what begins with a bracket is no
    percent encoding: links are full of them."""
    if inner.layer is None or inner.layer.is_encoding:
        return
    unmarked = UNMARKED if layer.says == "base64" else UNMARKED_IN_HEX
    is_open = layer.says in ("base64", "hex") or (
        not layer.is_text and layer.says != "percent"
        and inner.layer.name.startswith("notebook"))
    if not is_open or inner.layer.name in unmarked:
        raise Impossible("it is not worth decoding")


def cover(layer, inner, bare):
    if layer.is_encoding:
        need_worth(layer, inner)
        data, locate = layer.pack(inner.data, wrap=not bare)
        return Built(layer, inner, data, ".txt", locate)
    if layer.is_stream:
        return Built(layer, inner, layer.compress(inner.data),
                     inner.suffix + layer.suffix, None)
    if hasattr(layer, "is_program"):
        if inner.layer is not None and not inner.layer.is_encoding:
            raise Impossible("containers in programs stay closed")
        data, at = layer.pack(inner.data)
        return Built(layer, inner, data, layer.suffix, at)
    packed = layer.pack(inner.data, "notes" + inner.suffix)
    return Built(layer, inner, packed.data, layer.suffix, packed)


class Walk:
    """From the file inwards: in which unit are we, and where in it does a byte
    of what is at hand stand?"""

    def __init__(self, hidden):
        self.hidden, self.unit = hidden, hidden.data
        self.name = hidden.path
        self.locate = lambda at: at
        self.is_decoded = False

    def enter(self, built):
        layer = built.layer
        if layer.is_encoding:
            self.encoding(built)
        elif layer.is_stream:
            self.stream(built)
        elif isinstance(built.detail, Packed):
            self.archive(built.detail)
        else:
            self.shift(lambda at: built.detail + at)

    def shift(self, inner):
        outer = self.locate
        self.locate = lambda at: outer(inner(at))

    def encoding(self, built):
        self.hidden.encodings.append(built.layer.says)
        if built.layer.is_text and not self.is_decoded and (
                self.locate(0) == 0):
            # With a mark it is how all of this text is written.
            self.unit, self.locate = built.inner.data, lambda at: at
            return
        self.shift(built.detail)
        self.is_decoded = True

    def archive(self, packed):
        self.hidden.members += packed.members
        self.unit, self.name = packed.unit, packed.members[-1]
        self.locate = lambda at: packed.at + at
        self.is_decoded = False

    def stream(self, built):
        """A compressed tar is one container. In an encoding the place of a
        stream is all of the encoded text."""
        if built.inner.layer is not None and is_tar(built.inner.layer):
            return
        if self.is_decoded:
            self.hidden.encodings.append(built.layer.says)
            start = self.locate(0)
            self.locate = lambda at: start
        else:
            self.name = unpacked_name(self.name, built.layer.says)
            self.hidden.members.append(self.name)
            self.unit, self.locate = built.inner.data, lambda at: at


def is_tar(layer):
    return getattr(layer, "suffix", None) in (".tar", ".cpio", ".gem")


def unpacked_name(name, says):
    if name.endswith(STREAM_SUFFIXES):
        return name[name.rfind("/") + 1:name.rfind(".")]
    return says


def hide(names, number, folder=""):
    """The token of that number in the layers of these names."""
    built = build([LAYERS[name] for name in names], token(number))
    path = "%s%d-%s%s" % (folder, number, "-".join(names), built.suffix)
    hidden = Hidden(path, built.data, token(number))
    walk = Walk(hidden)
    while built.layer is not None:
        walk.enter(built)
        built = built.inner
    hidden.stand(walk.unit, walk.locate(built.detail))
    return hidden


def every(chains, folder=""):
    """A file for each of the chains that can be made."""
    made = []
    for number, names in enumerate(chains, 1000 * len(folder)):
        try:
            made.append(hide(names, number, folder))
        except Impossible:
            continue
    return made


# One of each kind, for what combines them.
FEW = """base64 base64-block hex percent unicode backslash-x octal entity
    quoted-printable plus-lines dots utf16le utf16le-bom utf32le gz bz2 xz zst
    lz4 zlib zip tar tgz txz 7z jar gem deb rpm cpio iso docx docker
    docker-config oci sqlite sqlite-blob pdf-flate pdf-text notebook
    notebook-output pyc elf""".split()


def singles():
    return [(name,) for name in LAYERS]


def pairs():
    return [(a, b) for a in FEW for b in FEW]


def triples(wanted=300, seed=11):
    """A fixed sample of those that can be made."""
    chosen, chance = [], random.Random(seed)
    while len(chosen) < wanted:
        names = tuple(chance.choice(FEW) for _ in range(3))
        try:
            hide(names, 0)
        except Impossible:
            continue
        if names not in chosen:
            chosen.append(names)
    return chosen

"""hidden_encodings.py: how a text may be written, and where each of its bytes
then stands.

An Encoding turns bytes into bytes and says where in them the text of byte k
begins. ENCODINGS names one of each spelling.
"""

import base64


class Impossible(Exception):
    """These bytes cannot be hidden like this."""


class Encoding:
    """`says` is what secscan calls it. `encode` gives the encoded bytes and,
    for each byte that went in, where it begins in them."""

    is_encoding = True
    is_bare = False  # wants a single line without quotes
    is_whole = False  # nothing may stand around it
    is_text = False  # its places are those of the text

    def __init__(self, name, says, encode, takes="text", lead=b"text: "):
        self.name, self.says, self.encode = name, says, encode
        self.takes, self.lead = takes, lead

    def pack(self, content, wrap=True):
        """The bytes of a text that holds the encoded `content`, and where."""
        if self.takes == "text" and not is_plain(content):
            raise Impossible(self.name)
        text, starts = self.encode(content)
        before, after = b"", b""
        if wrap and not self.is_whole:
            before, after = b"name: shop\n" + self.lead, b"\nport: 80\n"
        return (before + text + after,
                lambda at: len(before) + starts[at])


def is_plain(content):
    return all(32 <= byte < 127 or byte in b"\t\n\r" for byte in content)


def laid(text, units):
    """`text` as lines of `units` characters put together by `joint`; where
    each character of it then stands."""
    return [text[i:i + units] for i in range(0, len(text), units)]


def join_lines(text, width, joint):
    lines = laid(text, width)
    place = [i + len(joint) * (i // width) for i in range(len(text))]
    return joint.join(lines), place


def base64_with(alphabet=base64.b64encode, padding=True, width=0, joint=b""):
    def encode(content):
        text = alphabet(content)
        if not padding:
            text = text.rstrip(b"=")
        place = list(range(len(text) + 1))
        if width:
            text, place = join_lines(text, width, joint)
        return text, [place[k * 8 // 6] for k in range(len(content))]
    return encode


def hex_with(upper):
    def encode(content):
        text = content.hex().encode()
        return (text.upper() if upper else text,
                [2 * k for k in range(len(content))])
    return encode


def each(spell):
    """Every byte spelled by itself."""
    def encode(content):
        text, starts = b"", []
        for byte in content:
            starts.append(len(text))
            text += spell(byte).encode()
        return text, starts
    return encode


NAMED = {"_": "lowbar", ":": "colon", "=": "equals", "+": "plus", "/": "sol",
         "-": "hyphen", "\n": "NewLine", "&": "amp", "%": "percnt", "#": "num"}


def named_entity(byte):
    """Names where there are some (not of letters), numbers for the rest."""
    if chr(byte) in NAMED:
        return "&%s;" % NAMED[chr(byte)]
    return "&#%d;" % byte


def quoted_printable(content):
    """All of it spelled out, in lines of 75 with soft line breaks."""
    text, starts = b"", []
    column = 0
    for byte in content:
        if column + 3 > 75:
            text += b"=\n"
            column = 0
        starts.append(len(text))
        text += b"=%02X" % byte
        column += 3
    return text, starts


def soft_breaks(content):
    """Plain text but for `=`, broken behind 20 characters and each 70."""
    if b"\n" in content:
        raise Impossible("soft breaks")
    text, starts = b"", []
    for k, byte in enumerate(content):
        if k % 70 == 20:
            text += b"=\n"
        starts.append(len(text))
        text += b"=3D" if byte == ord("=") else bytes([byte])
    return text, starts


class Concatenation(Encoding):
    """A literal in pieces, none of them as long as a token."""
    is_bare = True

    def pack(self, content, wrap=True):
        if any(byte in b"\n\"'`\\" for byte in content) or len(content) < 17:
            raise Impossible(self.name)
        return super().pack(content, wrap)


def joined_by(joint, quote=b'"'):
    def encode(content):
        size = 16
        text, starts = b"", []
        for k, byte in enumerate(content):
            if k and k % size == 0:
                text += quote + joint + quote
            starts.append(len(text) + len(quote))
            text += bytes([byte])
        return quote + text + quote, starts
    return encode


def width_of(codec):
    return 2 if "16" in codec else 4


class Wide(Encoding):
    """UTF-16 or UTF-32; with a mark it is the whole text."""

    def __init__(self, name, says, codec, mark):
        super().__init__(name, says, None)
        self.codec, self.mark = codec, mark
        self.is_whole, self.is_text = mark, mark and width_of(codec) == 2

    def pack(self, content, wrap=True):
        if not is_plain(content):
            raise Impossible(self.name)
        mark = "\ufeff".encode(self.codec) if self.mark else b""
        text = mark + content.decode("ascii").encode(self.codec)
        width = width_of(self.codec)
        return text, lambda at: len(mark) + width * at


def wides():
    for width in ("16", "32"):
        for order in ("le", "be"):
            for mark in (True, False):
                name = "utf%s%s%s" % (width, order, "-bom" if mark else "")
                yield Wide(name, "utf-" + width,
                           "utf-%s-%s" % (width, order), mark)


ENCODINGS = [
    Encoding("base64", "base64", base64_with(), "bytes"),
    Encoding("base64-url", "base64",
             base64_with(base64.urlsafe_b64encode, False), "bytes"),
    Encoding("base64-lines", "base64", base64_with(width=76, joint=b"\n"),
             "bytes", b"text:\n"),
    Encoding("base64-block", "base64", base64_with(width=64, joint=b"\n    "),
             "bytes", b"text: |\n    "),
    Encoding("base64-escaped", "base64", base64_with(width=64, joint=b"\\n"),
             "bytes"),
    Encoding("base64-crlf", "base64", base64_with(width=60, joint=b"\\r\\n"),
             "bytes"),
    Encoding("hex", "hex", hex_with(False), "bytes"),
    Encoding("hex-upper", "hex", hex_with(True), "bytes"),
    Encoding("percent", "percent", each(lambda b: "%%%02X" % b), "bytes"),
    Encoding("unicode", "escape", each(lambda b: "\\u%04x" % b)),
    Encoding("unicode-braces", "escape", each(lambda b: "\\u{%x}" % b)),
    Encoding("unicode-long", "escape", each(lambda b: "\\U%08x" % b)),
    Encoding("backslash-x", "escape", each(lambda b: "\\x%02x" % b), "bytes"),
    Encoding("octal", "escape", each(lambda b: "\\%03o" % b), "bytes"),
    Encoding("entity", "entity", each(lambda b: "&#%d;" % b)),
    Encoding("entity-hex", "entity", each(lambda b: "&#x%X;" % b)),
    Encoding("entity-named", "entity", each(named_entity)),
    Encoding("quoted-printable", "quoted-printable", quoted_printable),
    Concatenation("soft-breaks", "quoted-printable", soft_breaks, "text",
                  b"text: of the shop, which is the only one with doors: "),
    Concatenation("plus", "concatenation", joined_by(b" + ")),
    Concatenation("plus-lines", "concatenation", joined_by(b" +\n    ")),
    Concatenation("adjacent", "concatenation", joined_by(b"\n    ")),
    Concatenation("dot", "concatenation", joined_by(b" . ", b"'")),
    Concatenation("dots", "concatenation", joined_by(b" .. ")),
    Concatenation("ampersand", "concatenation", joined_by(b" &\n    ")),
    Concatenation("backslash-lines", "concatenation",
                  joined_by(b" \\\n    ")),
] + list(wides())

"""hidden_archives.py: bytes packed into archives and compressed streams.

An Archive's pack(content, name) gives its bytes, the names of the members on
the way to the unit that holds the content, that unit's bytes, and where in it
the content begins. A Stream has one unnamed member.
"""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

from hidden_encodings import Impossible, is_plain

TIME = 1795251600
TIMEOUT = 60


class Packed:
    def __init__(self, data, members, unit, at=0):
        self.data, self.members, self.unit, self.at = data, members, unit, at


class Archive:
    """`is_bare`: what it takes is one line without quotes."""
    is_encoding = is_stream = is_whole = False

    def __init__(self, name, suffix, pack, is_bare=False):
        self.name, self.suffix, self.pack = name, suffix, pack
        self.is_bare = is_bare


class Stream:
    """`says` is what secscan calls it inside of an encoding."""
    is_encoding = is_bare = is_whole = False
    is_stream = True

    def __init__(self, name, says, suffix, compress):
        self.name, self.says, self.suffix = name, says, suffix
        self.compress = compress


def run(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True,
                          timeout=TIMEOUT).stdout


def gz(data):
    return gzip.compress(data, mtime=TIME)


# Archives of files: {name: bytes} to bytes.

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
    """What `command(folder, out)` makes of the files in a folder."""
    with tempfile.TemporaryDirectory(prefix="secscan-test-") as folder:
        tree, out = os.path.join(folder, "tree"), os.path.join(folder, "a.out")
        for name, data in files.items():
            path = os.path.join(tree, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        subprocess.run(command(out), cwd=tree, check=True, timeout=TIMEOUT,
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


# Rows: content, the name that it would have as a file.

def in_folder(archive, folder="inner/", others=True):
    """Beside a member before and one behind."""
    def pack(content, name):
        files = {folder + name: content}
        if others:
            files = {"README": b"shop\n", **files, "version": b"1.0\n"}
        return Packed(archive(files), [folder + name], content)
    return pack


def jar(content, name):
    files = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n",
             "com/shop/" + name: content}
    return Packed(zip_of(files), ["com/shop/" + name], content)


def apk(content, name):
    files = {"AndroidManifest.xml": b"\3\0\x08\0\x1c\0\0\0",
             "assets/" + name: content}
    return Packed(zip_of(files), ["assets/" + name], content)


def wheel(content, name):
    files = {"shop/" + name: content,
             "shop-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\n"}
    return Packed(zip_of(files), ["shop/" + name], content)


def nupkg(content, name):
    files = {"shop.nuspec": b"<package/>\n", "content/" + name: content}
    return Packed(zip_of(files), ["content/" + name], content)


def gem(content, name):
    inner = gz(tar_of({"lib/" + name: content}))
    files = {"metadata.gz": gz(b"--- !ruby/object:Gem\n"),
             "data.tar.gz": inner}
    return Packed(tar_of(files), ["data.tar.gz", "lib/" + name], content)


def deb(content, name):
    member = "./usr/share/shop/" + name
    files = {"debian-binary": b"2.0\n",
             "control.tar.gz": gz(tar_of({"./control": b"Package: shop\n"})),
             "data.tar.xz": lzma.compress(tar_of({member: content}))}
    return Packed(ar_of(files), ["data.tar.xz", member], content)


def rpm(content, name):
    member = "./usr/share/shop/" + name
    return Packed(rpm_of(cpio_of({member: content})), [member], content)


def office(part):
    """What is a zip inside: text in its XML, other bytes embedded."""
    def pack(content, name):
        files = {"[Content_Types].xml": b"<Types/>"}
        if name.endswith(".txt") and is_plain(content) and not any(
                b in b"<>&" for b in content):
            before = b'<?xml version="1.0"?>\n<w:t>'
            unit = before + content + b"</w:t>\n"
            files[part] = unit
            return Packed(zip_of(files), [part], unit, len(before))
        member = os.path.dirname(part) + "/embeddings/" + name
        files[part] = b"<w:document/>"
        files[member] = content
        return Packed(zip_of(files), [member], content)
    return pack


def need_bare(content):
    """One line without quotes, brackets and backslashes."""
    if not is_plain(content) or any(b in b'"\'`\\\n\t\r()<>' for b in content):
        raise Impossible("it is not a bare line")


def digest(data):
    return hashlib.sha256(data).hexdigest()


def image_config(env=b"PATH=/bin"):
    """A JSON text in which `env` stands as it is."""
    return (b'{"architecture":"amd64","os":"linux","config":{"Env":["'
            + env + b'"]},"history":[{"created_by":"/bin/sh"}],'
            b'"rootfs":{"type":"layers","diff_ids":[]}}')


def docker_files(config, layers):
    names = [digest(layer) + "/layer.tar" for layer in layers]
    config_name = digest(config) + ".json"
    files = {config_name: config}
    for name, layer in zip(names, layers):
        files[name] = layer
    files["manifest.json"] = json.dumps([{
        "Config": config_name, "RepoTags": ["shop:1"], "Layers": names,
    }]).encode()
    return files, names, config_name


def docker_layer(content, name):
    """In the lower layer; the upper one removes it."""
    lower = tar_of({"etc/" + name: content})
    upper = tar_of({"etc/.wh." + name: b"", "etc/motd": b"hello\n"})
    files, names, _ = docker_files(image_config(), [lower, upper])
    return Packed(tar_of(files), [names[0], "etc/" + name], content)


def docker_config(content, name):
    """In the environment that the configuration sets."""
    del name
    need_bare(content)
    config = image_config(b"SETTING=" + content)
    files, _, config_name = docker_files(config, [tar_of({"a": b"b\n"})])
    return Packed(tar_of(files), [config_name], config,
                  config.index(b"SETTING=") + len(b"SETTING="))


def oci(content, name):
    """A saved image of the other layout, as podman writes it."""
    layer = gz(tar_of({"etc/" + name: content}))
    config = image_config()
    blobs = {}

    def blob(data, kind):
        blobs["blobs/sha256/" + digest(data)] = data
        return {"mediaType": "application/vnd.oci.image." + kind,
                "digest": "sha256:" + digest(data), "size": len(data)}
    manifest = json.dumps({
        "schemaVersion": 2, "config": blob(config, "config.v1+json"),
        "layers": [blob(layer, "layer.v1.tar+gzip")]}).encode()
    index = json.dumps({"schemaVersion": 2, "manifests": [
        blob(manifest, "manifest.v1+json")]}).encode()
    files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
             "index.json": index, **blobs}
    return Packed(tar_of(files),
                  ["blobs/sha256/" + digest(layer), "etc/" + name], content)


ARCHIVES = [
    Archive("zip", ".zip", in_folder(zip_of)),
    Archive("zip-stored", ".zip", in_folder(
        lambda files: zip_of(files, zipfile.ZIP_STORED))),
    Archive("tar", ".tar", in_folder(tar_of)),
    Archive("tar-pax", ".tar", in_folder(
        lambda files: tar_of(files, tarfile.PAX_FORMAT))),
    Archive("tgz", ".tar.gz", in_folder(lambda files: gz(tar_of(files)))),
    Archive("tbz", ".tar.bz2", in_folder(
        lambda files: bz2.compress(tar_of(files)))),
    Archive("txz", ".tar.xz", in_folder(
        lambda files: lzma.compress(tar_of(files)))),
    Archive("tzst", ".tar.zst", in_folder(
        lambda files: run(["zstd", "-q", "-c"], tar_of(files)))),
    Archive("7z", ".7z", in_folder(seven_zip_of)),
    Archive("cpio", ".cpio", in_folder(cpio_of)),
    Archive("iso", ".iso", in_folder(iso_of)),
    Archive("jar", ".jar", jar),
    Archive("apk", ".apk", apk),
    Archive("whl", ".whl", wheel),
    Archive("nupkg", ".nupkg", nupkg),
    Archive("gem", ".gem", gem),
    Archive("deb", ".deb", deb),
    Archive("rpm", ".rpm", rpm),
    Archive("docx", ".docx", office("word/document.xml")),
    Archive("xlsx", ".xlsx", office("xl/sharedStrings.xml")),
    Archive("pptx", ".pptx", office("ppt/slides/slide1.xml")),
    Archive("odt", ".odt", office("content.xml")),
    Archive("docker", ".tar", docker_layer),
    Archive("docker-config", ".tar", docker_config, is_bare=True),
    Archive("oci", ".tar", oci),
]

STREAMS = [
    Stream("gz", "gzip", ".gz", gz),
    Stream("bz2", "bzip2", ".bz2", bz2.compress),
    Stream("xz", "xz", ".xz", lzma.compress),
    Stream("zst", "zstd", ".zst", lambda data: run(["zstd", "-q", "-c"], data)),
    Stream("lz4", "lz4", ".lz4", lambda data: run(["lz4", "-q", "-c"], data)),
    Stream("zlib", "zlib", ".zlib", zlib.compress),
]

"""hidden_archives.py: bytes packed into archives and compressed streams.

An Archive's pack(content, name) gives its bytes, the names of the members on
the way to the unit that holds the content, that unit's bytes, and where in it
the content begins. A Stream has one unnamed member.
"""

import bz2
import hashlib
import json
import lzma
import os
import tarfile
import zipfile
import zlib

from hidden_encodings import Impossible, is_plain
from hidden_writers import (ar_of, cpio_of, gz, iso_of, rpm_of, run,
                            seven_zip_of, tar_of, zip_of)


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

"""sbom.py: a bill of materials (CycloneDX 1.5) of what a package holds or loads.

The same inputs give the same bytes: the time is SOURCE_DATE_EPOCH, the serial
number follows from the content.
"""

import datetime
import hashlib
import json
import os
import urllib.parse
import uuid


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def purl(package):
    quote = urllib.parse.quote
    return "pkg:deb/debian/%s@%s?arch=%s&distro=debian-12" % (
        quote(package["package"], safe=""), quote(package["version"], safe=""),
        package["architecture"])


def component(package, files):
    """A library: its package, and the files of it that are there."""
    found = {
        "type": "library", "bom-ref": purl(package), "name": package["package"],
        "version": package["version"], "purl": purl(package),
        "description": package["purpose"],
        "licenses": [{"expression": package["licence"]}],
        "properties": [{"name": "debian:source", "value": package["source"]}],
    }
    if files:
        found["components"] = [
            {"type": "file", "bom-ref": purl(package) + "#" + name,
             "name": name,
             "hashes": [{"alg": "SHA-256", "content": digest(path)}]}
            for name, path in sorted(files.items())]
    return found


def bill(version, packages, files, own):
    """`packages`: as libraries.described; `files`: package to {name: path};
    `own`: {name: path} of secscan's own files."""
    ref = "pkg:generic/secscan@" + version
    main = {"type": "application", "bom-ref": ref, "name": "secscan",
            "version": version, "purl": ref,
            "licenses": [{"license": {"id": "Apache-2.0"}}],
            "components": [
                {"type": "file", "bom-ref": ref + "#" + name, "name": name,
                 "hashes": [{"alg": "SHA-256", "content": digest(path)}]}
                for name, path in sorted(own.items())]}
    time = int(os.environ["SOURCE_DATE_EPOCH"])
    stamp = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
    components = [component(p, files.get(p["package"], {})) for p in packages]
    out = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
                     "component": main},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(
            c["bom-ref"] for c in components)}],
    }
    text = json.dumps(out, sort_keys=True)
    out["serialNumber"] = "urn:uuid:%s" % uuid.uuid5(uuid.NAMESPACE_URL, text)
    return json.dumps(out, indent=1, sort_keys=True) + "\n"

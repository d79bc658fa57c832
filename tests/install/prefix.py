"""prefix.py: an installation in a temporary folder, and what compiles against it.

The programs are those of docs/embedding.md, by the names in their first lines.
"""

import os
import re
import subprocess
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode:
        raise AssertionError("%s\n%s" % (command, done.stdout))
    return done.stdout


def token(seed=7):
    """A GitHub token with a right checksum; never written down."""
    body = "".join(BASE62[(i * 29 + seed) % 62] for i in range(30))
    crc, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        crc, digit = divmod(crc, 62)
        digits = BASE62[digit] + digits
    return "ghp_" + body + digits


def programs():
    """Name to text, of every block of C on the page."""
    with open(os.path.join(ROOT, "docs", "embedding.md")) as page:
        blocks = re.findall(r"^```c\n(.*?)^```$", page.read(), re.S | re.M)
    return {re.match(r"/\* (\w+\.c): cc ", block).group(1): block
            for block in blocks}


class Prefix:
    def __init__(self, build):
        self.folder = tempfile.TemporaryDirectory()
        self.prefix = os.path.join(self.folder.name, "prefix")
        run(["cmake", "--install", build, "--prefix", self.prefix])
        for place, _, names in os.walk(self.prefix):
            if "secscan.pc" in names:
                self.pc_dir = place
        self.lib_dir = os.path.dirname(self.pc_dir)
        self.env = dict(os.environ, PKG_CONFIG_PATH=self.pc_dir,
                        LD_LIBRARY_PATH=self.lib_dir)

    def cleanup(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def put(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def pkg_config(self, *arguments):
        return run(["pkg-config"] + list(arguments), env=self.env).split()

    def compile(self, name, source, flags, compiler=("cc", "-std=c11")):
        """`source` as the program `name`; warnings are errors."""
        program = self.path(name)
        run(list(compiler) + ["-Wall", "-Wextra", "-Wpedantic", "-Werror",
                              source] + flags + ["-o", program], env=self.env)
        return program

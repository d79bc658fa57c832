"""native.py: secscan._native, cffi's module over the public headers.

The declarations are the headers themselves, preprocessed: nothing is written
twice. native.c has the few functions that have to run without the GIL.
SECSCAN_BUILD names the build directory whose libraries are linked.
"""

import os
import re
import subprocess
from pathlib import Path

import cffi

HERE = Path(__file__).resolve().parent
INCLUDE = HERE / "../../libsecscan/include"
HEADERS = ("secscan.h", "secscan_git.h")
FLAG = re.compile(r"^#define (SECSCAN_\w+) 0x[0-9a-f]+u", re.M)


def declarations() -> str:
    """What cffi parses: the headers without what is the compiler's alone."""
    text = "".join((INCLUDE / name).read_text(encoding="utf-8")
                   for name in HEADERS)
    lines = [line for line in text.splitlines()
             if not re.match(r"#\s*include", line)]
    done = subprocess.run(
        [os.environ.get("CC", "cc"), "-E", "-P", "-xc", "-USECSCAN_API", "-"],
        input="\n".join(lines), capture_output=True, text=True, check=True)
    plain = re.sub(r'__attribute__\(\(visibility\("default"\)\)\)', "",
                   done.stdout)
    # Last of all in the headers, and of no use here.
    return plain + "\n".join("#define %s ..." % name
                             for name in FLAG.findall(text))


ffi = cffi.FFI()
ffi.cdef(declarations())
ffi.cdef("""
typedef struct ss_py_watch {
    void *handle;
    uint64_t units_done, units_total, bytes_done, bytes_total;
    ...;
} ss_py_watch;
void ss_py_watch_sink(ss_py_watch *watch, secscan_sink *sink);
void ss_py_watch_stop(ss_py_watch *watch);
extern "Python" int ss_py_on_finding(void *, const secscan_finding *);
extern "Python" int ss_py_on_skipped(void *, const secscan_skip *);
""")

_build = Path(os.environ.get("SECSCAN_BUILD", str(HERE / "../../build/release")))
ffi.set_source(
    "secscan._native",
    (HERE / "native.c").read_text(encoding="utf-8"),
    include_dirs=[str(INCLUDE.resolve())],
    library_dirs=[str((_build / "libsecscan").resolve())],
    libraries=["secscan-git", "secscan"],
    py_limited_api=True,
)

if __name__ == "__main__":
    print(declarations())

"""sanitized.py BUILD OUT address|thread: the tests of scans with the libraries
of a build with ASan or TSan, and the module built like them.

What fails is an error that ASan tells of; memory that nobody refers to any more at
the end and that our code, or cffi for it, has allocated (the interpreter has leaks
of its own); a race in our code. That a leak and a race are seen is tested, too.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent
sys.path.insert(0, str(PYTHON.parent))
import harness  # noqa: E402

OURS = re.compile(r"/libsecscan[/.-]|\b_native\.|\b_cffi_backend\.")
# Of cffi's: once for a module, and for a function of it.
ONCE = re.compile(r" in (lib_build_cpython_func|_my_Py_InitModule"
                  r"|address_of_global_var) ")

# Programs of their own are without a sanitizer, and memory is kept by it.
LEFT_OUT = ("memory or plugin or to_dict_is_the_report or keep_the_program or "
            "no_part_in_it or main__is_the_program")

LEAK = """
import secscan
from secscan._native import ffi, lib

def leak():
    out = ffi.new("secscan_findings **")
    assert not lib.secscan_findings_new(out, ffi.NULL)

leak()
"""

RACE = """
import threading
import secscan
from secscan._native import ffi, lib

watch, sink = ffi.new("ss_py_watch *"), ffi.new("secscan_sink *")

def write():
    for _ in range(100000):
        lib.ss_py_watch_sink(watch, sink)

threads = [threading.Thread(target=write) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def build(tree, out, sanitizer):
    """A folder with the package, and the Python that has what it needs."""
    shutil.rmtree(out, ignore_errors=True)
    site = out / "site"
    shutil.copytree(PYTHON, out / "bindings/python",
                    ignore=shutil.ignore_patterns("tests", "__pycache__"))
    (out / "libsecscan").mkdir()
    (out / "libsecscan/include").symlink_to(
        PYTHON.parents[1] / "libsecscan/include")
    harness.run(sys.executable, "-m", "venv", out / "venv")
    python = out / "venv/bin/python"
    harness.run(python, "-m", "pip", "install", "-q",
                "--disable-pip-version-check", "-r",
                PYTHON / "build-requirements.txt", "-r",
                HERE / "requirements.txt")
    harness.run(python, "setup.py", "-q", "build", "--build-lib", site,
                cwd=out / "bindings/python", env=dict(
                    os.environ, SECSCAN_BUILD=str(tree),
                    CFLAGS="-g -O1 -fsanitize=" + sanitizer,
                    LDFLAGS="-fsanitize=" + sanitizer))
    return python, site


def environment(tree, site, library):
    # The C++ runtime has to be there when ASan begins, for its exceptions.
    libraries = [harness.preloaded(name) for name in (library, "libstdc++.so")]
    return dict(
        harness.environment(tree), PYTHONPATH=str(site), PYTHONMALLOC="malloc",
        LD_PRELOAD=" ".join(libraries), SECSCAN_BUILD=str(tree))


def judge(folder):
    """What ASan says of our code."""
    told = []
    for path in folder.iterdir():
        text = path.read_text(errors="replace")
        if "ERROR: AddressSanitizer" in text:
            told.append(text)
        told += [record for record in text.split("\n\n")
                 if " leak of " in record and OURS.search(record)
                 and not ONCE.search(record)]
    return "\n\n".join(told)


def scans(python, environ):
    harness.run(python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                "-k", "not (%s)" % LEFT_OUT, "test_scan.py", "test_masking.py",
                cwd=HERE, env=environ)


def leaks(python, environ, log):
    environ.update(ASAN_OPTIONS="detect_leaks=1:log_path=%s/" % log,
                   LSAN_OPTIONS="exitcode=0")
    harness.run(python, "-B", "-c", LEAK, env=environ)
    harness.expect("secscan_findings_new" in judge(log),
                   "a leak that was planted is seen")
    clear(log)
    scans(python, environ)
    told = judge(log)
    harness.expect(not told, "nothing is wrong in our code:\n" + told)


def races(python, environ, log):
    environ.update(TSAN_OPTIONS="exitcode=0:log_path=%s/" % log)
    harness.run(python, "-B", "-c", RACE, env=environ)
    harness.expect("ss_py_watch_sink" in harness.races(log, OURS),
                   "a race that was planted is seen")
    clear(log)
    scans(python, environ)
    told = harness.races(log, OURS)
    harness.expect(not told, "there are no races of ours:\n" + told)


def clear(folder):
    for path in folder.iterdir():
        path.unlink()


def main(tree, out, sanitizer):
    tree, out = Path(tree).resolve(), Path(out).resolve()
    python, site = build(tree, out, sanitizer)
    log = out / "log"
    log.mkdir()
    if sanitizer == "thread":
        races(python, environment(tree, site, "libtsan.so"), log)
    else:
        leaks(python, environment(tree, site, "libasan.so"), log)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""leaks.py BUILD OUT: the tests of scans with the libraries of a build with
ASan, and the module built like them.

What fails is an error that ASan tells of, or memory that nobody refers to any
more at the end and that our code, or cffi for it, has allocated: the interpreter
has leaks of its own. That such a leak is seen is tested, too.
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

OURS = re.compile(r"/libsecscan[/.-]|/_native\.|/_cffi_backend\.")
# Of cffi's: once for a module, and for a function of it.
ONCE = re.compile(r" in (lib_build_cpython_func|_my_Py_InitModule) ")

# Programs of their own are without ASan; memory is kept by it; the collector of
# cycles has no part in what it sees.
LEFT_OUT = ("memory or plugin or to_dict_is_the_report or keep_the_program or "
            "main__is_the_program")

PLANTED = """
import secscan
from secscan._native import ffi, lib

def leak():
    out = ffi.new("secscan_findings **")
    assert not lib.secscan_findings_new(out, ffi.NULL)

leak()
"""


def build(tree, out):
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
                    CFLAGS="-g -O1 -fsanitize=address",
                    LDFLAGS="-fsanitize=address"))
    return python, site


def environment(tree, site, log):
    # The C++ runtime has to be there when ASan begins, for its exceptions.
    libraries = [subprocess.run(["cc", "-print-file-name=" + name], check=True,
                                text=True, stdout=subprocess.PIPE
                                ).stdout.strip()
                 for name in ("libasan.so", "libstdc++.so")]
    return dict(
        harness.environment(tree), PYTHONPATH=str(site), PYTHONMALLOC="malloc",
        LD_PRELOAD=" ".join(libraries), SECSCAN_BUILD=str(tree),
        ASAN_OPTIONS="log_path=%s:detect_leaks=1" % log,
        LSAN_OPTIONS="exitcode=0")


def judge(log):
    """What ASan says of our code."""
    told = []
    for path in log.parent.glob(log.name + ".*"):
        text = path.read_text(errors="replace")
        if "ERROR: AddressSanitizer" in text:
            told.append(text)
        told += [record for record in text.split("\n\n")
                 if " leak of " in record and OURS.search(record)
                 and not ONCE.search(record)]
        path.unlink()
    return "\n\n".join(told)


def main(tree, out):
    tree, out = Path(tree).resolve(), Path(out).resolve()
    python, site = build(tree, out)
    log = out / "asan"
    environ = environment(tree, site, log)
    harness.run(python, "-B", "-c", PLANTED, env=environ)
    harness.expect("secscan_findings_new" in judge(log),
                   "a leak that was planted is seen")
    harness.run(python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                "-k", "not (%s)" % LEFT_OUT, "test_scan.py", "test_masking.py",
                cwd=HERE, env=environ)
    told = judge(log)
    harness.expect(not told, "nothing is wrong in our code:\n" + told)


if __name__ == "__main__":
    main(*sys.argv[1:])

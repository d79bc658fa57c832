"""run_tests.py BUILD all|asan: the tests of the Go binding against a build tree:
format, vet, the tests with the race detector, a million small scans, the
conformance suite, and the README's example in an empty folder. Of a build with ASan: leaks."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import harness  # noqa: E402

OLDEST = (1, 23)


def find_go():
    """The one on PATH if it is new enough, else script/bootstrap's."""
    ours = HERE.parents[1] / "build" / "venv" / "bin" / "go"
    for go in filter(None, (shutil.which("go"), str(ours))):
        try:
            told = subprocess.run([go, "env", "GOVERSION"], text=True,
                                  stdout=subprocess.PIPE).stdout
        except OSError:
            continue
        version = re.match(r"go(\d+)\.(\d+)", told)
        if version and tuple(map(int, version.groups())) >= OLDEST:
            return go
    sys.exit("FAILED: there is no Go 1.23 or newer (script/bootstrap --test)")


def without_git(go, folder, environ):
    """The tag leaves ScanGit out, and with it the library."""
    program = folder / "conformance-nogit"
    harness.run(go, "build", "-tags", "secscan_nogit", "-o", program,
                "./conformance", cwd=HERE, env=environ)
    needed = harness.run("readelf", "-d", program)
    harness.expect("libsecscan.so" in needed, "libsecscan is linked")
    harness.expect("libsecscan-git" not in needed, "libsecscan-git is not")


def leaks(go, environ):
    """ASan keeps freed memory, so its amount says nothing."""
    harness.run(go, "test", "-asan", "-count=1", "-skip", "memory", ".",
                cwd=HERE, env=environ)


def everything(go, build, environ):
    root = subprocess.run([go, "env", "GOROOT"], text=True, check=True,
                          stdout=subprocess.PIPE).stdout.strip()
    shown = harness.run(pathlib.Path(root) / "bin" / "gofmt", "-l", ".",
                        cwd=HERE, env=environ)
    harness.expect(not shown, "gofmt has nothing to change")
    harness.run(go, "vet", "./...", cwd=HERE, env=environ)
    harness.run(go, "test", "-race", "-count=1", "./...", cwd=HERE,
                env=environ)
    harness.run(go, "test", "-count=1", "-run", "Soak", ".", cwd=HERE,
                env=dict(environ, SECSCAN_SOAK="1000000"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        driver = folder / "conformance"
        harness.run(go, "build", "-o", driver, "./conformance", cwd=HERE,
                    env=environ)
        harness.conformance(build, [driver], folder / "found", environ)
        without_git(go, folder, environ)
        harness.newcomer(HERE / "README.md", "go", "main.go",
                         folder / "newcomer", environ)


def main(build, mode):
    # Nothing is downloaded: the module has no dependencies.
    environ = dict(harness.environment(build), GOTOOLCHAIN="local",
                   GOPROXY="off", GOFLAGS="", GOWORK="off")
    go = find_go()
    environ["PATH"] = f"{pathlib.Path(go).parent}:{environ['PATH']}"
    if mode == "asan":
        leaks(go, environ)
    else:
        everything(go, build, environ)


if __name__ == "__main__":
    main(*sys.argv[1:])

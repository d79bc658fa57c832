"""run_tests.py BUILD all|asan|tsan: the tests of the Rust binding against a build
tree: the generated file held against the headers, format, clippy, tests and
doctests, those of scans under valgrind, the conformance suite, and the README's
example in an empty folder. Of a build with ASan: leaks; with TSan: races."""

import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import harness  # noqa: E402

CLIPPY = ["--", "-D", "warnings"]


def without_git(environ):
    """The feature off leaves Target::git out, and with it the library."""
    for step, *arguments in (["clippy", "--all-targets", *CLIPPY],
                             ["test", "-q", "--test", "scan"],
                             ["doc", "--no-deps"]):
        harness.run("cargo", step, "--locked", "--no-default-features",
                    "-p", "secscan", *arguments, cwd=HERE, env=environ)
    harness.run("cargo", "build", "--locked", "--no-default-features",
                "-p", "secscan", "--example", "conformance", cwd=HERE,
                env=environ)
    program = (pathlib.Path(environ["CARGO_TARGET_DIR"]) / "debug" / "examples"
               / "conformance")
    needed = harness.run("readelf", "-d", program)
    harness.expect("libsecscan.so" in needed, "libsecscan is linked")
    harness.expect("libsecscan-git" not in needed, "libsecscan-git is not")


def documented(folder, environ):
    """As docs.rs does it, where there are no libraries."""
    environ = dict(environ, DOCS_RS="1", CARGO_TARGET_DIR=str(folder),
                   PKG_CONFIG_LIBDIR=str(folder))
    del environ["PKG_CONFIG_PATH"]
    harness.run("cargo", "doc", "--locked", "--no-deps", cwd=HERE,
                env=environ)


def runner():
    """The variable that says what Cargo runs tests with."""
    host = [line.split()[1] for line in harness.run("rustc", "-vV").split("\n")
            if line.startswith("host:")][0]
    return "CARGO_TARGET_" + host.upper().replace("-", "_") + "_RUNNER"


# What scans, without the test of memory.
SCANS = ["test", "--locked", "-q", "-p", "secscan", "--lib", "--test", "scan",
         "--test", "trees"]


def crates(folder, environ):
    """What a registry would get: whole, and the same each time. Cargo before
    1.90 packs no crate whose dependency is not in a registry yet."""
    version = harness.run("cargo", "--version").split()[1].split(".")
    is_new = tuple(map(int, version[:2])) >= (1, 90)
    which = ["--workspace"] if is_new else ["-p", "secscan-sys"]
    for crate in ("secscan", "secscan-sys"):
        listed = harness.run("cargo", "package", "--list", "--allow-dirty",
                             "-p", crate, cwd=HERE, env=environ).split("\n")
        for name in ("LICENSE", "README.md", "src/lib.rs"):
            harness.expect(name in listed, f"{crate} has {name}")
    made = []
    for target in (folder / "first", folder / "second"):
        harness.run("cargo", "package", "--no-verify", "--offline",
                    "--allow-dirty", *which, cwd=HERE,
                    env=dict(environ, CARGO_TARGET_DIR=str(target)))
        made.append({path.name: path.read_bytes()
                     for path in target.glob("package/*.crate")})
    harness.expect(len(made[0]) == (2 if is_new else 1), "crates are made")
    harness.expect(made[0] == made[1], "crates made twice are the same")


def leaks(cargo, environ):
    """Tests alone are run with ASan: neither Cargo nor rustc is. The test of
    memory is left out, for ASan keeps what is freed."""
    environ[runner()] = "env LD_PRELOAD=" + harness.preloaded()
    cargo(*SCANS)


def races(environ, folder):
    """Of the library's objects, as Rust shares and sends them."""
    environ[runner()] = "env LD_PRELOAD=%s TSAN_OPTIONS=exitcode=0:log_path=%s/" % (
        harness.preloaded("libtsan.so"), folder)
    harness.run("cargo", *SCANS, cwd=HERE, env=environ)
    harness.expect(any(pathlib.Path(folder).iterdir()), "TSan has run")
    told = harness.races(folder, "/libsecscan/")
    harness.expect(not told, "there are no races of ours:\n" + told)


def memcheck(environ, folder):
    """Rust's own code is not built with ASan, and valgrind needs no build: reads
    of what is freed or was never written, and leaks. It runs one thread at a
    time, so tests do not wait for each other."""
    folder.mkdir()
    harness.expect(shutil.which("valgrind"),
                   "there is valgrind (script/bootstrap --bindings)")
    command = " ".join(harness.VALGRIND) + str(folder / "%p")
    harness.run("cargo", *SCANS, "--", "--test-threads=1", cwd=HERE,
                env=dict(environ, **{runner(): command}))
    harness.expect(any(folder.iterdir()), "valgrind has run")
    told = harness.told(folder, "/bindings/rust/|/libsecscan/")
    harness.expect(not told, "valgrind finds nothing of ours:\n" + told)


def everything(cargo, build, environ):
    for program in ("rustfmt", "cargo-clippy", "bindgen"):
        harness.expect(shutil.which(program),
                       f"there is {program} (script/bootstrap --test)")
    harness.run(HERE / "secscan-sys" / "generate", "--check")
    cargo("fmt", "--check")
    cargo("clippy", "--locked", "--all-targets", *CLIPPY)
    cargo("test", "--locked", "-q")
    cargo("doc", "--locked", "--no-deps", "-p", "secscan")
    driver = (pathlib.Path(environ["CARGO_TARGET_DIR"]) / "debug" / "examples"
              / "conformance")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        harness.conformance(build, [driver], folder / "found", environ)
        memcheck(environ, folder / "valgrind")
        harness.newcomer(HERE / "README.md", "rust", "src/main.rs",
                         folder / "newcomer", environ)
        crates(folder, environ)
        documented(folder / "documented", environ)
    without_git(environ)


def main(build, mode):
    build = pathlib.Path(build).resolve()
    target = build / "bindings" / "rust"
    environ = dict(harness.environment(build), CARGO_TARGET_DIR=str(target),
                   CARGO_TERM_COLOR="never", RUSTDOCFLAGS="-D warnings")
    harness.expect(shutil.which("cargo"),
                   "there is Cargo (script/bootstrap --test)")

    def cargo(*arguments):
        harness.run("cargo", *arguments, cwd=HERE, env=environ)

    if mode == "asan":
        leaks(cargo, environ)
    elif mode == "tsan":
        with tempfile.TemporaryDirectory() as folder:
            races(environ, folder)
    else:
        everything(cargo, build, environ)


if __name__ == "__main__":
    main(*sys.argv[1:])

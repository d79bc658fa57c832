"""run_tests.py BUILD all|asan: the tests of the Rust binding against a build
tree: the generated file held against the headers, format, clippy, tests and
doctests, the conformance suite, and the README's example in an empty folder. Of
a build with ASan: leaks."""

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
    harness.run("cargo", "clippy", "--locked", "--no-default-features",
                "-p", "secscan", *CLIPPY, cwd=HERE, env=environ)
    harness.run("cargo", "build", "--locked", "--no-default-features",
                "-p", "secscan", "--example", "conformance", cwd=HERE,
                env=environ)
    program = (pathlib.Path(environ["CARGO_TARGET_DIR"]) / "debug" / "examples"
               / "conformance")
    needed = harness.run("readelf", "-d", program)
    harness.expect("libsecscan.so" in needed, "libsecscan is linked")
    harness.expect("libsecscan-git" not in needed, "libsecscan-git is not")


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
    host = [line.split()[1] for line in harness.run("rustc", "-vV").split("\n")
            if line.startswith("host:")][0]
    runner = "CARGO_TARGET_" + host.upper().replace("-", "_") + "_RUNNER"
    environ[runner] = "env LD_PRELOAD=" + harness.preloaded()
    cargo("test", "--locked", "-q", "-p", "secscan", "--lib", "--test", "scan",
          "--test", "trees")


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
        harness.newcomer(HERE / "README.md", "rust", "src/main.rs",
                         folder / "newcomer", environ)
        crates(folder, environ)
    without_git(environ)


def main(build, mode):
    target = pathlib.Path(build) / "bindings" / "rust"
    environ = dict(harness.environment(build), CARGO_TARGET_DIR=str(target),
                   CARGO_TERM_COLOR="never", RUSTDOCFLAGS="-D warnings")
    harness.expect(shutil.which("cargo"),
                   "there is Cargo (script/bootstrap --test)")

    def cargo(*arguments):
        harness.run("cargo", *arguments, cwd=HERE, env=environ)

    if mode == "asan":
        leaks(cargo, environ)
    else:
        everything(cargo, build, environ)


if __name__ == "__main__":
    main(*sys.argv[1:])

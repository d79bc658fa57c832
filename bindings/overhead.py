"""overhead.py BUILD: what one scan of a small buffer costs through each binding,
and what that is over C (bench/bindings/small.c): the median of some rounds, in turns,
each the least of several. BUILD is one of the preset `release`."""

import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import harness

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 9
# Of the text that all scan: a line of small.c's.
LENGTH = "44"


def output(*command, **options):
    return subprocess.run([str(part) for part in command], check=True,
                          text=True, stdout=subprocess.PIPE, **options).stdout


def package_files(build, folder):
    """A build without tests has none of its own (bindings/CMakeLists.txt)."""
    include = HERE.parent / "libsecscan" / "include"
    for name in ("secscan", "secscan-git"):
        (folder / (name + ".pc")).write_text(
            f"Name: {name}\nDescription: of a build tree\nVersion: 0.1.0\n"
            f"Libs: -L{build / 'libsecscan'} -l{name}\n"
            f"Cflags: -I{include}\n")


def programs(folder, environ):
    """Name: a program that says its nanoseconds, and how."""
    flags = output("pkg-config", "--cflags", "--libs", "secscan",
                   env=environ).split()
    output("cc", "-O2", HERE.parent / "bench" / "bindings" / "small.c", "-o",
           folder / "c", *flags)
    output("go", "test", "-c", "-o", folder / "go", ".", cwd=HERE / "go",
           env=environ)
    output("cargo", "build", "-q", "--locked", "--release", "--example",
           "overhead", cwd=HERE / "rust", env=environ)
    rust = folder / "rust" / "release" / "examples" / "overhead"
    return {
        "c": ([folder / "c", LENGTH], r"(\d+)"),
        "go": ([folder / "go", "-test.run", "^$", "-test.bench", "Scan$",
                "-test.count", "7", "-test.benchtime", "200000x"],
               r"([\d.]+) ns/op"),
        "rust": ([rust], r"(\d+) ns"),
    }


def main(build):
    build = pathlib.Path(build).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        package_files(build, folder)
        environ = dict(harness.environment(build),
                       PKG_CONFIG_PATH=str(folder),
                       CARGO_TARGET_DIR=str(folder / "rust"))
        found = programs(folder, environ)
        took = {name: [] for name in found}
        for _ in range(ROUNDS):
            for name, (command, pattern) in found.items():
                shown = output(*command, env=environ)
                took[name].append(min(map(float, re.findall(pattern, shown))))
    floor = statistics.median(took["c"])
    for name, figures in took.items():
        median = statistics.median(figures)
        print(f"{name:5} {median:6.0f} ns a scan, {median - floor:+5.0f} "
              f"over C (least {min(figures):.0f}, most {max(figures):.0f})")


if __name__ == "__main__":
    main(sys.argv[1])

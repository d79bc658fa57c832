"""What the tests of bindings share: the libraries of a build, the conformance
suite, a repository with a token in it, and the first example of a README."""

import binascii
import os
import pathlib
import re
import subprocess
import sys

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def environment(build):
    """For programs that link, and load, the shared libraries of `build`."""
    build = pathlib.Path(build)
    loaded = os.pathsep.join([str(build / "libsecscan"), str(build / "lib")])
    return dict(os.environ, LD_LIBRARY_PATH=loaded,
                PKG_CONFIG_PATH=str(build / "bindings" / "pkgconfig"))


def preloaded():
    """What a program that is not built with ASan loads first for libraries that
    are; it tells of leaks at the end."""
    return subprocess.run(
        ["cc", "-print-file-name=libasan.so"], check=True, text=True,
        stdout=subprocess.PIPE).stdout.strip()


def run(*command, **options):
    """Run a step of a test, which ends with it when it fails. Its output."""
    print("+", *command, flush=True)
    done = subprocess.run([str(part) for part in command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(f"{command[0]}: exit {done.returncode}")
    return done.stdout


def expect(is_so, message):
    if not is_so:
        sys.exit("FAILED: " + message)


def token():
    """A well-formed token that opens nothing: letters, and their checksum."""
    body = "".join(DIGITS[(i * i * 7 + i * 31 + 11) % 62] for i in range(30))
    rest, check = binascii.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        check = DIGITS[digit] + check
    return "ghp_" + body + check


def repository(folder):
    """A token was committed in app.env, and taken out again; now it is back, on
    line 2, and not committed. The id of the first commit."""
    folder = pathlib.Path(folder)
    folder.mkdir()

    def git(*arguments):
        return subprocess.run(
            ["git", "-C", folder, "-c", "user.name=Ada Park", "-c",
             "user.email=ada@example.com", "-c", "commit.gpgsign=false",
             *arguments], check=True, stdout=subprocess.PIPE,
            text=True).stdout.strip()

    git("init", "-q", "-b", "main")
    for text in ("TOKEN=" + token() + "\n", "clean\n"):
        (folder / "app.env").write_text(text)
        git("add", ".")
        git("commit", "-q", "-m", "Deploy")
    (folder / "app.env").write_text("a line\nTOKEN=" + token() + "\n")
    return git("rev-parse", "HEAD~")


def first_example(readme, language):
    """The program, and the commands that follow it."""
    text = pathlib.Path(readme).read_text()
    program, rest = re.search(rf"```{language}\n(.*?)```\n(.*)", text,
                              re.S).groups()
    commands = re.search(r"((?:^    .+\n)+)", rest, re.M).group(1)
    return program, [line.strip() for line in commands.splitlines()]


def newcomer(readme, language, name, folder, environ):
    """Follow the README to the letter: its program as the file `name`, and its
    commands, in a repository that has nothing but app.env."""
    program, commands = first_example(readme, language)
    commit = repository(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(program)
    checkout = str(pathlib.Path(__file__).resolve().parents[1])
    for command in commands:
        shown = run("sh", "-c", command.replace("CHECKOUT", checkout),
                    cwd=folder, env=environ)
    for wanted in ("github-pat-classic 2 ghp_********",
                   "github-pat-classic app.env " + commit):
        expect(wanted in shown, "the README's example finds " + wanted)
    expect(token() not in shown, "the README's example shows no secret")


def conformance(build, command, out, environ):
    """Run a driver over the suite, and hold what it writes against it."""
    cases = pathlib.Path(build) / "conformance"
    expected = sorted(cases.glob("*/expected.jsonl"))
    expect(expected, f"there is a suite in {cases} (the target conformance)")
    out.mkdir()
    run(*command, cases, out, env=environ)
    wrong = [e.parent.name for e in expected
             if (out / (e.parent.name + ".jsonl")).read_bytes()
             != e.read_bytes()]
    expect(not wrong, "the findings are those of C in: " + ", ".join(wrong))
    print(f"conformance: {len(expected)} cases")

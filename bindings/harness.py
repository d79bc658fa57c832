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


def preloaded(library="libasan.so"):
    """What a program that is not built with a sanitizer loads first for libraries
    that are; ASan tells of leaks at the end."""
    return subprocess.run(
        ["cc", "-print-file-name=" + library], check=True, text=True,
        stdout=subprocess.PIPE).stdout.strip()


VALGRIND = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite",
            "--fullpath-after=", "--log-file="]


def stack(record):
    """The first stack of what valgrind tells: where it happened, or where what
    is lost was allocated; not where memory that is told of came from."""
    frames = re.search(r"(?:^ {3}(?:at|by) 0x.*\n?)+", record, re.M)
    return frames.group(0) if frames else ""


def told(folder, ours):
    """What valgrind has written into `folder` that has a frame in `ours`. What
    it says of code that was made at run time, PCRE2's, has none."""
    records = []
    for log in sorted(pathlib.Path(folder).iterdir()):
        text = re.sub(r"^==\d+== ?", "", log.read_text(), flags=re.M)
        records += [record for record in text.split("\n\n")
                    if re.search(ours, stack(record))]
    return "\n\n".join(records)


def races(folder, ours):
    """What TSan has written into `folder` of two accesses that are both in `ours`:
    it knows nothing of how code synchronizes that was not built with it."""
    records = []
    for log in sorted(pathlib.Path(folder).iterdir()):
        for record in log.read_text().split("=" * 18 + "\n"):
            # The innermost frames of both that are not TSan's.
            frames = re.findall(r"^  (?:Previous )?(?:atomic )?(?:read|write) of "
                                r".*\n(?:    #\d+ .*libsanitizer.*\n)*(.*)\n",
                                record, re.M | re.I)
            if frames and all(re.search(ours, frame) for frame in frames):
                records.append(record)
    return "\n".join(records)


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


def token(seed=11):
    """A well-formed token that opens nothing: letters, and their checksum."""
    body = "".join(DIGITS[(i * i * 7 + i * 31 + seed) % 62] for i in range(30))
    rest, check = binascii.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        check = DIGITS[digit] + check
    return "ghp_" + body + check


def repository(folder):
    """A token was committed in app.env, and taken out again; now it is back, on
    line 2, and not committed. Another was added once, and never committed. The
    id of the first commit."""
    folder = pathlib.Path(folder)
    folder.mkdir()

    def git(*arguments):
        return subprocess.run(
            ["git", "-C", folder, "-c", "user.name=Ada Park", "-c",
             "user.email=ada@example.com", "-c", "commit.gpgsign=false",
             *arguments], check=True, stdout=subprocess.PIPE,
            text=True).stdout.strip()

    git("init", "-q", "-b", "main")
    (folder / "app.env").write_text("TOKEN=" + token(12) + "\n")
    git("add", ".")
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
    """Run a driver over the suite, and hold what it writes against it: of buffers,
    and of readers that give so many bytes at once."""
    cases = pathlib.Path(build) / "conformance"
    expected = sorted(cases.glob("*/expected.jsonl"))
    expect(expected, f"there is a suite in {cases} (the target conformance)")
    for size in ([], ["7"], ["4093"]):
        found = out.with_name("-".join([out.name, *size]))
        found.mkdir()
        run(*command, cases, found, *size, env=environ)
        wrong = [e.parent.name for e in expected
                 if (found / (e.parent.name + ".jsonl")).read_bytes()
                 != e.read_bytes()]
        expect(not wrong,
               f"the findings are those of C in {size}: " + ", ".join(wrong))
    print(f"conformance: {len(expected)} cases")

"""fleet.py: one of many repositories, scanned by the wheel's program in a
process of its own, so that whatever it does to that process stays there.

A repository is a path, or a bundle (a path, or a URL of http, https or file),
which the program git unpacks first. Knows nothing of Spark.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

PROGRAM = Path(__file__).resolve().parent / "bin" / "secscan"
_BUNDLE = b"# v"
_URLS = ("http", "https", "file")


@dataclass(frozen=True)
class Job:
    """What is the same for all repositories."""

    arguments: tuple[str, ...] = ()
    toml: str | None = None
    timeout: float = 3600


def check(job: Job) -> None:
    """What no job may ask for: secrets stay on the machine that scans."""
    for argument in job.arguments:
        if argument.startswith(("--show", "--format", "-f", "--output", "-o")):
            raise ValueError("%s is not for fleets" % argument.split("=")[0])


@dataclass
class Result:
    """Findings and skips are the program's JSON, masked."""

    repository: str
    status: str = "failed"
    error: str | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    skips: list[dict[str, Any]] = field(default_factory=list)
    coverage: dict[str, Any] = field(default_factory=dict)
    milliseconds: int = 0


class Failure(Exception):
    """Why a repository could not be scanned; one line."""


def size(repository: str) -> int:
    """Bytes, for the order of tasks; 0 when nobody knows."""
    path = Path(repository)
    try:
        if path.is_file():
            return path.stat().st_size
        git = path / ".git"
        objects = (git if git.is_dir() else path) / "objects"
        return sum(entry.stat().st_size for entry in objects.rglob("*")
                   if entry.is_file())
    except (OSError, ValueError):
        return 0


def scan(repository: str, job: Job) -> Result:
    """Never raises for what a repository is."""
    result = Result(repository)
    began = time.monotonic()
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(
                tempfile.TemporaryDirectory(prefix="secscan-")))
            path = _fetch(repository, folder, began + job.timeout)
            _run(path, job, folder, began + job.timeout, result)
    except Failure as failure:
        result.status, result.error = "failed", str(failure)
    except (OSError, ValueError) as failure:
        # The class alone: a message may quote a URL with its password.
        result.status, result.error = "failed", "%s: %s" % (type(failure).__name__,
                                   getattr(failure, "strerror", None)
                                   or "cannot be read")
    result.milliseconds = int((time.monotonic() - began) * 1000)
    return result


# ---- bundles ---------------------------------------------------------------


def _fetch(repository: str, folder: Path, deadline: float) -> Path:
    """A repository on this machine's disk."""
    if not repository:
        raise Failure("there is no name")  # "" would be the current folder
    scheme = urllib.parse.urlsplit(repository).scheme
    path = Path(repository)
    if scheme and not path.exists():
        if scheme not in _URLS:
            raise Failure("a URL of http, https or file, not of %s" % scheme)
        path = folder / "downloaded.bundle"
        with (urllib.request.urlopen(repository, timeout=60) as source,
              open(path, "wb") as target):
            while block := source.read(1 << 20):
                if time.monotonic() > deadline:
                    raise Failure("timeout")
                target.write(block)
    if not path.exists():
        raise Failure("there is no such file or folder")
    if path.is_dir():
        return path
    with open(path, "rb") as file:
        if file.read(3) != _BUNDLE:
            raise Failure("neither a repository nor a bundle")
    return _unpack(path, folder / "repository.git", deadline)


def _unpack(bundle: Path, target: Path, deadline: float) -> Path:
    if not shutil.which("git"):
        raise Failure("bundles need the program git")
    done = subprocess.run(
        ["git", "clone", "-q", "--mirror", "--template=", "--",
         str(bundle.resolve()), str(target)],
        env={**_environment(), "GIT_CONFIG_NOSYSTEM": "1",
             "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, timeout=_left(deadline))
    if done.returncode:
        raise Failure("git cannot unpack the bundle")
    return target


# ---- the program -----------------------------------------------------------


def _environment() -> dict[str, str]:
    """Without what would point git or secscan elsewhere."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("GIT_", "SECSCAN_", "GITLEAKS_"))}


def _left(deadline: float) -> float:
    return max(1.0, deadline - time.monotonic())


@contextmanager
def _killed_at(process: subprocess.Popen[str],
               deadline: float) -> Iterator[threading.Event]:
    is_late = threading.Event()

    def kill() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(_left(deadline), kill)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()
        process.kill() # nothing, when it has ended
        process.wait()


def _take(lines: IO[str], result: Result) -> int | None:
    """The exit code that the summary states; None: there was none."""
    code: int | None = None
    for line in lines:
        record = json.loads(line)
        kind = record.pop("type", None)
        if kind == "finding":
            result.findings.append(record)
        elif kind == "skip":
            result.skips.append(record)
        elif kind == "summary":
            result.coverage = record["coverage"]
            result.status = ("complete" if record["complete"]
                             else "incomplete")
            code = record["exit_code"]
    return code


def _run(path: Path, job: Job, folder: Path, deadline: float,
         result: Result) -> None:
    command = [str(PROGRAM), "--history", "--format", "jsonl",
               "--no-repo-config", "--no-color", *job.arguments]
    if job.toml is not None:
        rules = folder / "rules.toml"
        rules.write_text(job.toml, encoding="utf-8")
        command += ["--rules", str(rules)]
    with open(folder / "errors", "w+", encoding="utf-8",
              errors="replace") as errors:
        process = subprocess.Popen(
            [*command, "--", str(path)], env=_environment(), encoding="utf-8",
            errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=errors)
        assert process.stdout
        with process.stdout, _killed_at(process, deadline) as is_late:
            try:
                code = _take(process.stdout, result)
            except ValueError:
                code = None # it ended in the middle of a line
            if code is not None:
                process.wait()
        if is_late.is_set():
            raise Failure("timeout")
        if code is None or process.returncode < 0:
            errors.seek(0)
            raise Failure(_last_line(errors.read(), process.returncode))
    if result.status == "incomplete":
        result.error = result.coverage.get("warning")
        if not result.coverage.get("objects"):
            raise Failure(result.error or "nothing could be read")


def _last_line(text: str, code: int) -> str:
    lines = [line for line in text.splitlines()
             if line.strip() and not line.startswith("Try secscan")]
    if code < 0 or not lines:
        return "the scan ended with %d" % code
    return lines[-1].removeprefix("secscan: ")

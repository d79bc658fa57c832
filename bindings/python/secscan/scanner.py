"""scanner.py: Scanner: rules and settings, and the ways to scan with them.

A C scanner is for one thread at a time. A Scanner keeps those that are idle in
a list and takes one for each scan (popping and appending are atomic), so it may
be used from any number of threads, which then scan side by side: the GIL is
released in all of the C library.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from . import convert
from ._native import ffi, lib
from .errors import ArgumentError, Status, check, settle
from .findings import Evidence, Finding, Findings, Severity, Skip
from .git import git_options
from .policy import Policy
from .rules import Path, Rules, encoded, key, strings
from .scan import Scan
from .stream import Stream, view_of

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Buffer, Unpack

    from .git import GitOptions
    from .stream import Readable

Profile = Literal["report", "block", "strict"]

_PROFILES = ("report", "block", "strict")


class Unit:
    """A C scanner with what one scan at a time needs. What it finds goes to
    `on_finding` and `on_skip`."""

    def __init__(self, scanner: Scanner) -> None:
        out = ffi.new("secscan_scanner **")
        self.error: Any = ffi.new("secscan_error *")
        check(lib.secscan_scanner_new(out, scanner.rules.c, scanner.options,
                                      self.error), self.error)
        self.c: Any = ffi.gc(out[0], lib.secscan_scanner_free)
        # What the options point at: a scan goes on without its Scanner.
        self._kept = scanner.kept
        self.watch: Any = ffi.new("ss_py_watch *")
        self.sink: Any = ffi.new("secscan_sink *")
        lib.ss_py_watch_sink(self.watch, self.sink)
        self.handle: Any = None
        self.found: Collector = Collector()
        self.collect(self.found)

    def collect(self, collector: Receiver) -> None:
        self.handle = ffi.new_handle(collector)
        self.watch.handle = self.handle

    def release(self) -> None:
        """Free what it has; any number of times. The watch stays."""
        self.handle = None
        if self.c is not None:
            ffi.release(self.c)
            self.c = None


class Receiver(Protocol):
    """Who is told, on the thread that scans; nonzero stops it."""

    failure: BaseException | None

    def on_finding(self, finding: Finding) -> int: ...

    def on_skip(self, skip: Skip) -> int: ...


class Collector:
    """Keeps all of it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.skips: list[Skip] = []
        self.failure: BaseException | None = None

    def on_finding(self, finding: Finding) -> int:
        self.findings.append(finding)
        return 0

    def on_skip(self, skip: Skip) -> int:
        self.skips.append(skip)
        return 0


def _keep(kind: type[BaseException], failure: BaseException,
          traceback: TracebackType) -> None:
    """Raised again by who called scan. Also what comes before the first line of
    the function, as of a signal's handler."""
    collector: Receiver = ffi.from_handle(traceback.tb_frame.f_locals["handle"])
    collector.failure = failure


@ffi.def_extern(error=1, onerror=_keep)
def ss_py_on_finding(handle: Any, c: Any) -> int:
    collector: Receiver = ffi.from_handle(handle)
    return collector.on_finding(convert.finding(c))


@ffi.def_extern(error=1, onerror=_keep)
def ss_py_on_skipped(handle: Any, c: Any) -> int:
    collector: Receiver = ffi.from_handle(handle)
    return collector.on_skip(convert.skip(c))


def _expect(kind: type, value: object) -> None:
    if value is not None and not isinstance(value, kind):
        raise TypeError("a %s is required, not %r"
                        % (kind.__name__, type(value).__name__))


class Scanner:
    """Scans with one set of rules and settings, from any number of threads.

    profile: which findings gate ("report", "block", "strict"); gate_*: and only
    from there on; min_*, categories, not_categories: what is told at all;
    policy: what hides findings; show_suppressed: tell those, too; suppress:
    False tells what would hide them, and lets them gate; decode, containers:
    look into encodings and containers; every_place: tell what is found plainly
    where it is encoded, too, for who masks; threads: for trees and histories, 0
    is one a processor; max_*: budgets, 0 is the library's default. The settings
    are those of secscan_scan_options in secscan.h."""

    def __init__(self, rules: Rules | None = None, *,
                 profile: Profile = "report",
                 min_severity: Severity = Severity.INFO,
                 min_evidence: Evidence = Evidence.CONTEXT,
                 min_confidence: int = 0,
                 categories: Iterable[str] = (),
                 not_categories: Iterable[str] = (),
                 gate_severity: Severity = Severity.INFO,
                 gate_evidence: Evidence = Evidence.CONTEXT,
                 min_password_length: int = 0,
                 policy: Policy | None = None,
                 show_suppressed: bool = False, suppress: bool = True,
                 new_only: bool = False,
                 decode: bool = True, containers: bool = True,
                 every_place: bool = False,
                 threads: int = 0,
                 fingerprint_key: bytes | None = None,
                 max_file_size: int = 0, max_object_size: int = 0,
                 max_depth: int = 0, max_seconds: int = 0,
                 max_ratio: int = 0, max_entries: int = 0,
                 max_decoded: int = 0, max_member: int = 0,
                 max_unpacked: int = 0) -> None:
        _expect(Rules, rules)
        _expect(Policy, policy)
        if profile not in _PROFILES:
            raise ArgumentError("profile has to be one of %s"
                                % ", ".join(_PROFILES), Status.ERR_ARG)
        self.rules = rules if rules is not None else _builtin_rules()
        self.kept: list[Any] = [policy]
        self._idle: list[Unit] = []
        options = self.options = ffi.new("secscan_scan_options *")
        options.size = ffi.sizeof("secscan_scan_options")
        options.flags = (
            show_suppressed * lib.SECSCAN_SCAN_SHOW_SUPPRESSED
            | (not suppress) * lib.SECSCAN_SCAN_NO_SUPPRESS
            | new_only * lib.SECSCAN_SCAN_NEW_ONLY
            | (not decode) * lib.SECSCAN_SCAN_NO_DECODE
            | (not containers) * lib.SECSCAN_SCAN_NO_CONTAINERS
            | every_place * lib.SECSCAN_SCAN_EVERY_PLACE)
        options.profile = _PROFILES.index(profile)
        options.min_severity = min_severity
        options.min_evidence = min_evidence
        options.min_confidence = min_confidence
        options.gate_severity = gate_severity
        options.gate_evidence = gate_evidence
        options.min_password_length = min_password_length
        options.threads = threads
        options.max_file_size = max_file_size
        options.max_object_size = max_object_size
        options.max_depth = max_depth
        options.max_seconds = max_seconds
        options.max_ratio = max_ratio
        options.max_entries = max_entries
        options.max_decoded = max_decoded
        options.max_member = max_member
        options.max_unpacked = max_unpacked
        if policy is not None:
            options.policy = policy.c
        if fingerprint_key is not None:
            options.fingerprint_key, options.fingerprint_key_len = (
                key(fingerprint_key, self.kept))
        self._choose("categories", list(categories))
        self._choose("not_categories", list(not_categories))
        if containers:
            self._open_containers()
        # What is wrong with the options is said here, not at the first scan.
        self._idle.append(Unit(self))

    def _open_containers(self) -> None:
        """By the wheel's own library, else by one that is installed."""
        major = ffi.string(lib.secscan_version()).decode().split(".")[0]
        path = os.path.join(os.path.dirname(__file__), "lib",
                            "libsecscan-containers.so." + major)
        self.options.opener = ffi.addressof(lib, "secscan_load_containers")
        if os.path.exists(path):
            self.kept.append(ffi.new("char[]", os.fsencode(path)))
            self.options.opener_ctx = self.kept[-1]

    def _choose(self, name: str, values: list[str]) -> None:
        setattr(self.options, name, strings(values, self.kept))
        setattr(self.options, "n_" + name, len(values))

    def scan(self, data: Buffer, name: Path | None = None) -> Findings:
        """Scan bytes, or what has a buffer (it must not change meanwhile).
        `name` is the path that findings and path rules see."""
        view = view_of(data)
        c_name = ffi.NULL if name is None else encoded(name)
        try:
            unit = self._idle.pop()
        except IndexError:
            unit = Unit(self)
        status = lib.secscan_scan_buffer(
            unit.c, c_name, view, len(view), unit.sink, unit.error)
        found = Findings()
        collector = unit.found
        if collector.findings or collector.skips or status:
            unit.found = Collector()
            unit.collect(unit.found)
            found += collector.findings
            found.skips = tuple(collector.skips)
        self._idle.append(unit)
        if status:
            settle(status, collector.failure, unit.error)
        return found

    def scan_file(self, path: Path) -> Scan:
        """Scan one file, streamed. One that cannot be read is a skip."""
        name = encoded(path)
        return Scan(self, lambda unit: lib.secscan_scan_file(
            unit.c, name, unit.sink, unit.error))

    def scan_tree(self, *paths: Path, gitignore: bool = True,
                  follow_symlinks: bool = False) -> Scan:
        """Scan files and directories, in parallel, in order of paths. Inside a
        git work tree: what is tracked, and what is not ignored."""
        kept: list[Any] = []
        options = ffi.new("secscan_tree_options *")
        options.size = ffi.sizeof("secscan_tree_options")
        options.flags = (
            (not gitignore) * lib.SECSCAN_TREE_NO_GITIGNORE
            | follow_symlinks * lib.SECSCAN_TREE_FOLLOW_SYMLINKS)
        table = strings(paths or (".",), kept)
        return Scan(self, lambda unit: lib.secscan_scan_tree(
            unit.c, table, len(paths) or 1, options, unit.sink, unit.error),
            kept)

    def scan_stream(self, source: Readable | Iterable[Buffer],
                    name: Path | None = None) -> Stream:
        """Scan a file object (its `read`) or an iterable of bytes, as it comes,
        as if it were one buffer. It is read by who reads the findings."""
        return Stream(self, source, name)

    def scan_git(self, path: Path = ".",
                 **options: Unpack[GitOptions]) -> Scan:
        """Scan the repository at or above `path`: its whole history, what the
        commits of `range` ("A..B") bring in, what is `staged`, or what a push
        (`updates`) would publish; GitOptions has all. One finding a secret
        (staged: a place), when all has been attributed."""
        kept: list[Any] = []
        name, c = encoded(path), git_options(kept, **options)
        return Scan(self, lambda unit: lib.secscan_scan_git(
            unit.c, name, c, unit.sink, unit.error), kept)


@lru_cache(maxsize=1)
def _builtin_rules() -> Rules:
    """Immutable, and a megabyte: shared by all that name none."""
    return Rules()


@lru_cache(maxsize=1)
def default_scanner() -> Scanner:
    """The scanner of the functions scan, scan_file and so on:
    the built-in rules, and every setting as it is by default."""
    return Scanner()

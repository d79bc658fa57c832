"""secscan: find committed credentials in bytes, files and git histories.

    >>> import secscan
    >>> secscan.scan(b"nothing to see here")
    []

`scan` takes bytes; `scan_stream`, `scan_file`, `scan_tree` and `scan_git` are
iterators of findings. A `Scanner` has rules and settings of its own. There is no global
state: the functions share one immutable scanner of the built-in rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._native import ffi as _ffi
from ._native import lib as _lib
from .errors import (ArgumentError, BusyError, CorruptError, GitError,
                     InternalError, LimitError, OutOfMemoryError, ReadError,
                     RuleError, SecscanError, Status)
from .findings import (Commit, Coverage, Evidence, Finding, Findings,
                       Introduction, Note, Part, Place, Severity, Skip)
from .git import GitOptions, Update
from .masking import MaskFilter, mask
from .policy import Policy
from .rules import Path, Rule, Rules
from .scan import Progress, Scan
from .scanner import Scanner, default_scanner
from .stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Buffer, Unpack

    from .stream import Readable

__all__ = [
    "ArgumentError", "BusyError", "Commit", "CorruptError", "Coverage",
    "Evidence", "Finding", "Findings", "GitError", "GitOptions",
    "InternalError", "Introduction", "LimitError", "MaskFilter", "Note",
    "OutOfMemoryError", "Part", "Place", "Policy", "Progress", "ReadError",
    "Rule", "RuleError", "Rules", "Scan", "Scanner", "SecscanError", "Severity",
    "Skip", "Status", "Stream", "Update", "default_scanner", "mask", "scan",
    "scan_file", "scan_git", "scan_stream", "scan_tree",
]

__version__: str = _ffi.string(_lib.secscan_version()).decode()


def scan(data: Buffer, name: Path | None = None) -> Findings:
    """Scanner.scan with the built-in rules."""
    return default_scanner().scan(data, name)


def scan_stream(source: Readable | Iterable[Buffer],
                name: Path | None = None) -> Stream:
    """Scanner.scan_stream with the built-in rules."""
    return default_scanner().scan_stream(source, name)


def scan_file(path: Path) -> Scan:
    """Scanner.scan_file with the built-in rules."""
    return default_scanner().scan_file(path)


def scan_tree(*paths: Path, gitignore: bool = True,
              follow_symlinks: bool = False) -> Scan:
    """Scanner.scan_tree with the built-in rules."""
    return default_scanner().scan_tree(*paths, gitignore=gitignore,
                                       follow_symlinks=follow_symlinks)


def scan_git(path: Path = ".", **options: Unpack[GitOptions]) -> Scan:
    """Scanner.scan_git with the built-in rules."""
    return default_scanner().scan_git(path, **options)

"""secscan: find committed credentials in bytes, files and git histories.

    >>> import secscan
    >>> secscan.scan(b"nothing to see here")
    []

`scan` takes bytes; `scan_file`, `scan_tree` and `scan_git` are iterators of
findings. A `Scanner` has rules and settings of its own. There is no global
state: the functions share one immutable scanner of the built-in rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._native import ffi as _ffi
from ._native import lib as _lib
from .errors import (ArgumentError, BusyError, CorruptError, GitError,
                     InternalError, LimitError, OutOfMemoryError, ReadError,
                     RuleError, SecscanError, Status)
from .findings import (Commit, Coverage, Evidence, Finding, Findings,
                       Introduction, Part, Place, Severity, Skip)
from .masking import MaskFilter, mask
from .rules import Path, Policy, Rule, Rules
from .scan import Progress, Scan
from .scanner import Scanner, default_scanner

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "ArgumentError", "BusyError", "Commit", "CorruptError", "Coverage",
    "Evidence", "Finding", "Findings", "GitError", "InternalError",
    "Introduction", "LimitError", "MaskFilter", "OutOfMemoryError", "Part",
    "Place", "Policy", "Progress", "ReadError", "Rule", "RuleError", "Rules",
    "Scan", "Scanner", "SecscanError", "Severity", "Skip", "Status",
    "default_scanner", "mask", "scan", "scan_file", "scan_git", "scan_tree",
]

__version__: str = _ffi.string(_lib.secscan_version()).decode()


def scan(data: Buffer, name: Path | None = None) -> Findings:
    """Scanner.scan with the built-in rules."""
    return default_scanner().scan(data, name)


def scan_file(path: Path) -> Scan:
    """Scanner.scan_file with the built-in rules."""
    return default_scanner().scan_file(path)


def scan_tree(*paths: Path, **options: Any) -> Scan:
    """Scanner.scan_tree with the built-in rules."""
    return default_scanner().scan_tree(*paths, **options)


def scan_git(path: Path = ".", **options: Any) -> Scan:
    """Scanner.scan_git with the built-in rules."""
    return default_scanner().scan_git(path, **options)

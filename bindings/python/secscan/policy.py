"""policy.py: what hides findings (Policy)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from . import convert
from ._native import ffi, lib
from .errors import check
from .git import git_options
from .rules import Path, encoded

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from .git import GitOptions


def _options(today: date | None, files: bool, inline: bool, gitleaks: bool,
             adopt: bool = False) -> Any:
    options = ffi.new("secscan_policy_options *")
    options.size = ffi.sizeof("secscan_policy_options")
    options.flags = (
        (not files) * lib.SECSCAN_POLICY_NO_FILES
        | (not inline) * lib.SECSCAN_POLICY_NO_INLINE
        | (not gitleaks) * lib.SECSCAN_POLICY_NO_GITLEAKS
        | adopt * lib.SECSCAN_POLICY_ADOPT)
    day = today or date.today()
    options.today = day.year * 10000 + day.month * 100 + day.day
    return options


class Policy:
    """What hides findings: the ignore files and baseline at the root of the
    work tree around `path`, and marks in lines (docs/suppression.md).
    Immutable, for any number of threads."""

    __slots__ = ("c",)

    def __init__(self, path: Path = ".", *, today: date | None = None,
                 files: bool = True, inline: bool = True,
                 gitleaks: bool = True) -> None:
        out = ffi.new("secscan_policy **")
        error = ffi.new("secscan_error *")
        check(lib.secscan_policy_find(
            out, encoded(path), _options(today, files, inline, gitleaks),
            error), error)
        self.c: Any = ffi.gc(out[0], lib.secscan_policy_free)

    @classmethod
    def git(cls, path: Path = ".", *, adopt: bool = False,
            today: date | None = None, files: bool = True, inline: bool = True,
            gitleaks: bool = True, **options: Unpack[GitOptions]) -> Self:
        """The policy for `scan_git` with the same options (GitOptions): what
        is judged cannot hide itself. A range is judged by the files of its
        left end, what is staged by those of HEAD; with `adopt` by its own."""
        kept: list[Any] = []
        out = ffi.new("secscan_policy **")
        error = ffi.new("secscan_error *")
        check(lib.secscan_git_policy(
            out, encoded(path), git_options(kept, **options),
            _options(today, files, inline, gitleaks, adopt), error), error)
        policy = cls.__new__(cls)
        policy.c = ffi.gc(out[0], lib.secscan_policy_free)
        return policy

    @property
    def root(self) -> str | None:
        return convert.path_of(lib.secscan_policy_root(self.c))

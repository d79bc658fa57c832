"""git.py: what of a repository is scanned (GitOptions)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from ._native import ffi, lib
from .rules import Path, key, string, strings

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Update(NamedTuple):
    """One ref of a push, as git's hooks name it: its name at the other side,
    and hex ids; zeros: there is none, the ref is made or deleted."""

    ref: str
    old_id: str
    new_id: str


class GitOptions(TypedDict, total=False):
    """The keywords of `scan_git` and `Policy.git`. At most one of `range`,
    `commits`, `staged` and `updates` says what is scanned; without, it is the
    whole history. The rest is that of secscan_git_options in secscan_git.h."""

    range: str | None  # what these commits bring in: "A..B", "A...B", "B"
    commits: Iterable[str] | None  # the same, of a list of ids
    staged: bool  # what the index adds to HEAD
    index: Path | None  # staged: the index file, when it is another one
    # What a push would publish, and to where: a remote's name or URL.
    # `receive`: it comes in, its new objects perhaps in `object_dirs`.
    updates: Iterable[Update | tuple[str, str, str]] | None
    remote: str | None
    receive: bool
    object_dirs: Iterable[Path]
    deadline_ms: int  # no other commit is begun after it (ranges and pushes)
    cache: Path | None  # a folder for what was found clean (histories)
    cache_key: bytes | None
    gate_ref: str | None  # only what this reaches gates (histories)
    gate_unreachable: bool
    submodules: bool  # True unless it is said


def _mode(given: GitOptions) -> int:
    modes = [mode for name, mode in (
        ("range", lib.SECSCAN_GIT_RANGE), ("commits", lib.SECSCAN_GIT_RANGE),
        ("updates", lib.SECSCAN_GIT_PUSH)) if given.get(name) is not None]
    modes += [lib.SECSCAN_GIT_STAGED] * bool(given.get("staged"))
    if len(modes) > 1:
        raise TypeError("only one of range, commits, staged and updates")
    mode: int = modes[0] if modes else lib.SECSCAN_GIT_HISTORY
    return mode


def _updates(updates: Iterable[Iterable[str]], kept: list[Any]) -> Any:
    table = ffi.new("secscan_git_update[]", [
        [string(part, kept) for part in update] for update in updates])
    kept.append(table)
    return table


def git_options(kept: list[Any], **given: Unpack[GitOptions]) -> Any:
    """A secscan_git_options *; what it points at is appended to `kept`."""
    unknown = given.keys() - GitOptions.__annotations__.keys()
    if unknown:
        raise TypeError("no such option: " + ", ".join(sorted(unknown)))
    options = ffi.new("secscan_git_options *")
    options.size = ffi.sizeof("secscan_git_options")
    options.mode = _mode(given)
    options.flags = (
        (not given.get("submodules", True)) * lib.SECSCAN_GIT_NO_SUBMODULES
        | given.get("receive", False) * lib.SECSCAN_GIT_RECEIVE
        | given.get("gate_unreachable", False)
        * lib.SECSCAN_GIT_GATE_UNREACHABLE)
    options.range = string(given.get("range"), kept)
    options.index = string(given.get("index"), kept)
    options.cache = string(given.get("cache"), kept)
    options.gate_ref = string(given.get("gate_ref"), kept)
    options.remote = string(given.get("remote"), kept)
    options.deadline = given.get("deadline_ms", 0)
    commits = list(given.get("commits") or ())
    options.commits = strings(commits, kept)
    options.n_commits = len(commits)
    folders = list(given.get("object_dirs") or ())
    options.object_dirs = strings(folders, kept)
    options.n_object_dirs = len(folders)
    updates = list(given.get("updates") or ())
    options.updates = _updates(updates, kept)
    options.n_updates = len(updates)
    cache_key = given.get("cache_key")
    if cache_key is not None:
        options.cache_key, options.cache_key_len = key(cache_key, kept)
    return options

"""errors.py: what secscan_error says, as exceptions."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from ._native import ffi, lib


class Status(IntEnum):
    """The codes of the C library (secscan_status)."""

    OK = 0
    STOPPED = 1
    ERR_ARG = -1
    ERR_NOMEM = -2
    ERR_IO = -3
    ERR_RULE = -4
    ERR_LIMIT = -5
    ERR_BUSY = -6
    ERR_GIT = -7
    ERR_CORRUPT = -8
    ERR_INTERNAL = -9


class SecscanError(Exception):
    """Something failed. `message` is one line and never quotes scanned bytes;
    `line` and `column` are 1-based places in a rule file, or 0."""

    code: Status
    message: str
    line: int
    column: int

    def __init__(self, message: str, code: Status = Status.ERR_INTERNAL,
                 line: int = 0, column: int = 0) -> None:
        super().__init__(message, code, line, column)
        self.message = message
        self.code = code
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return self.message


class ArgumentError(SecscanError, ValueError):
    """An argument or an option is wrong."""


class OutOfMemoryError(SecscanError, MemoryError):
    """The library found no memory."""


class ReadError(SecscanError):
    """A file or directory could not be read."""


class RuleError(SecscanError):
    """A rule or a configuration is wrong; `line` and `column` say where."""


class LimitError(SecscanError):
    """A stated limit was reached."""


class BusyError(SecscanError):
    """The object is in use."""


class GitError(SecscanError):
    """The repository cannot be read as asked."""


class CorruptError(SecscanError):
    """Data is damaged."""


class InternalError(SecscanError):
    """A bug in secscan: please report it."""


_CLASSES: dict[Status, type[SecscanError]] = {
    Status.ERR_ARG: ArgumentError,
    Status.ERR_NOMEM: OutOfMemoryError,
    Status.ERR_IO: ReadError,
    Status.ERR_RULE: RuleError,
    Status.ERR_LIMIT: LimitError,
    Status.ERR_BUSY: BusyError,
    Status.ERR_GIT: GitError,
    Status.ERR_CORRUPT: CorruptError,
    Status.ERR_INTERNAL: InternalError,
}


def settle(status: int, failure: BaseException | None, error: Any) -> None:
    """Raise why a scan that nobody has stopped ended early."""
    if failure is not None:
        raise failure
    check(status, error)
    if status == Status.STOPPED:
        # A second signal, while what the first one raised was kept.
        raise SecscanError("a finding could not be taken", Status.STOPPED)


def check(status: int, error: Any) -> None:
    """Raise what a negative status says; `error` is a secscan_error *."""
    if status >= 0:
        return
    code = Status(status)
    message = ffi.string(error.message).decode("utf-8", "replace")
    if not message:
        message = ffi.string(lib.secscan_status_name(status)).decode()
    raise _CLASSES[code](message, code, error.line, error.column)

"""stream.py: Stream: what comes in pieces, scanned on the thread that reads the
findings, so that a source is read where it was made.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from . import convert
from ._native import ffi, lib
from .errors import Status, check, settle
from .findings import Coverage, Finding, Skip
from .rules import Path, encoded
from .scan import Results

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from .scanner import Collector, Scanner, Unit

# What is read at once: a file's memory, and how long a scan goes on that was
# stopped.
_PIECE = 1 << 18


@runtime_checkable
class Readable(Protocol):
    """A file object of bytes."""

    def read(self, size: int, /) -> Buffer | None: ...


def _read(source: Readable) -> Iterator[Buffer]:
    while True:
        piece = source.read(_PIECE)
        if piece is None:  # no end: what is not there yet would be missed
            raise BlockingIOError("the stream has no data yet")
        if not piece:
            return
        yield piece


def _pieces(source: Readable | Iterable[Buffer]) -> Iterator[Buffer]:
    if isinstance(source, Readable):
        return _read(source)
    if isinstance(source, (str, bytes, bytearray, memoryview)):
        raise TypeError("a stream is a file object, or an iterable of bytes; "
                        "scan takes bytes")
    return iter(source)


def view_of(data: Buffer) -> Any:
    """As cffi takes it, without a copy."""
    if type(data) is bytes:  # one of a class of its own may lie about its length
        return data
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not str")
    return ffi.from_buffer(data)


class _Feed:
    """A stream of the C library's that was begun. It is freed by whoever is
    through last: who feeds it, or who closes it meanwhile."""

    def __init__(self, unit: Unit, name: Path | None) -> None:
        self.unit = unit
        self.is_closed = False
        self._lock = threading.Lock()
        check(lib.secscan_stream_begin(
            unit.c, ffi.NULL if name is None else encoded(name), unit.sink,
            unit.error), unit.error)
        self._is_begun = True

    def run(self, call: Callable[[], int]) -> None:
        """Nothing if it is closed; `call` is short."""
        with self._lock:
            status = Status.STOPPED if self.is_closed else call()
        if self.is_closed:
            self.close()
        else:
            settle(status, self.unit.found.failure, self.unit.error)

    def feed(self, piece: Buffer) -> None:
        view = view_of(piece)
        self.run(lambda: lib.secscan_stream_feed(
            self.unit.c, view, len(view), self.unit.error))

    def end(self) -> int:
        self._is_begun = False
        status: int = lib.secscan_stream_end(self.unit.c, self.unit.error)
        return status

    def close(self) -> None:
        self.is_closed = True
        lib.ss_py_watch_stop(self.unit.watch)
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._is_begun:
                self.end()
            self.unit.release()
        finally:
            self._lock.release()


class Stream(Results):
    """Iterates over the findings of a file object or an iterable of bytes,
    which it reads as far as it has to for the next one.

    `close` (or leaving its `with`, or dropping it) ends the scan, from any
    thread, and does not wait for it. What the source raises is raised, and
    ends the scan, too. For one thread at a time."""

    def __init__(self, scanner: Scanner, source: Readable | Iterable[Buffer],
                 name: Path | None) -> None:
        from .scanner import Unit

        self._pieces = _pieces(source)
        self._ready: deque[Finding] = deque()
        self._coverage: Coverage | None = None
        self._is_over = False
        self._is_closed = False
        unit = Unit(scanner)
        self._found: Collector = unit.found
        self._feed = _Feed(unit, name)
        self._close = weakref.finalize(self, self._feed.close)

    def __next__(self) -> Finding:
        try:
            while not (self._ready or self._is_over or self._is_closed):
                self._step()
        except BaseException:
            self.close()
            raise
        if self._is_closed or not self._ready:
            raise StopIteration
        return self._ready.popleft()

    def _step(self) -> None:
        for piece in self._pieces:
            self._feed.feed(piece)
            break
        else:
            self._feed.run(self._end)
            self._is_over = True
        self._ready.extend(self._found.findings)
        self._found.findings.clear()
        if self._is_over:
            self._close()

    def _end(self) -> int:
        status = self._feed.end()
        if not status:
            self._coverage = convert.coverage(
                lib.secscan_scanner_coverage(self._feed.unit.c))
        return status

    def close(self) -> None:
        """End the scan; later findings are lost. Any number of times."""
        self._is_closed = True
        self._close()

    @property
    def skips(self) -> tuple[Skip, ...]:
        return tuple(self._found.skips)

    @property
    def coverage(self) -> Coverage | None:
        return self._coverage

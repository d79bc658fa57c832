"""scan.py: Scan: a scan as an iterator that can be closed at any time.

The C library pushes findings; a thread of its own passes them on through a
bounded queue, so that a slow reader slows the scan and not the memory. The
thread knows the channel and not the iterator: a dropped one is closed.
"""

from __future__ import annotations

import os
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from . import convert
from ._native import lib
from .errors import settle
from .findings import Coverage, Finding, Skip

if TYPE_CHECKING:
    from typing_extensions import Self

    from .scanner import Scanner, Unit

_LENGTH = 256
# Seconds after which a thread that waits looks whether it has been stopped.
_PATIENCE = 0.05


class Progress(NamedTuple):
    """How far a scan is; totals are 0 until they are known."""

    units_done: int
    units_total: int
    bytes_done: int
    bytes_total: int


class Results(Iterator[Finding]):
    """The findings of one scan, one after the other."""

    def close(self) -> None:
        """Stop the scan; later findings are lost. Any number of times, from any
        thread."""
        raise NotImplementedError

    @property
    def skips(self) -> tuple[Skip, ...]:
        """What was not scanned so far, and why."""
        raise NotImplementedError

    @property
    def coverage(self) -> Coverage | None:
        """What was read; None before the end."""
        raise NotImplementedError

    def __iter__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.close()


class _Channel:
    """What the thread and the iterator share."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.queue: queue.Queue[Finding | None] = queue.Queue(_LENGTH)
        self.skips: list[Skip] = []
        self.failure: BaseException | None = None
        self.coverage: Coverage | None = None
        self.is_stopped = False
        self.thread: threading.Thread | None = None

    def put(self, item: Finding | None) -> None:
        """Wait for a place in the queue, unless nobody will read it."""
        while not self.is_stopped:
            try:
                self.queue.put(item, timeout=_PATIENCE)
                return
            except queue.Full:
                pass

    def wake(self) -> None:
        """The end, for who waits for it on another thread."""
        with suppress(queue.Full):
            self.queue.put_nowait(None)

    def on_finding(self, finding: Finding) -> int:
        self.put(finding)
        return int(self.is_stopped)

    def on_skip(self, skip: Skip) -> int:
        self.skips.append(skip)
        return 0

    def run(self, call: Callable[[Unit], int]) -> None:
        try:
            if self.is_stopped:
                return
            status = call(self.unit)
            if not self.is_stopped:
                settle(status, self.failure, self.unit.error)
            self.coverage = convert.coverage(
                lib.secscan_scanner_coverage(self.unit.c))
        except BaseException as failure:
            self.failure = failure
        finally:
            self.unit.release()
            self.put(None)
            if self.is_stopped:
                self.wake()

    def close(self) -> None:
        """Stop, and wait until the thread is through."""
        self.is_stopped = True
        lib.ss_py_watch_stop(self.unit.watch)
        thread = self.thread
        if thread is None:
            self.unit.release()
        elif thread.ident and thread is not threading.current_thread():
            thread.join()
        # Else it is about to begin, or the collector of cycles dropped the
        # iterator in the middle of `put`: that returns, and ends the scan.


class Scan(Results):
    """Iterates over the findings of one scan, which begins with the first.

    `close` (or leaving its `with`, or dropping it) stops the scan, from any
    thread; for the rest it is for one at a time. `skips` has what could not be
    scanned, and `coverage` what was read, at the end. A failure is raised where
    the findings end."""

    def __init__(self, scanner: Scanner, call: Callable[[Unit], int],
                 kept: object = None) -> None:
        from .scanner import Unit

        self._call = call
        self._kept = kept
        self._channel = _Channel(Unit(scanner))
        self._process = 0
        self._is_over = False
        self._channel.unit.collect(self._channel)
        # At exit, too, before the interpreter goes away under the thread.
        self._close = weakref.finalize(self, self._channel.close)

    def _begin(self) -> None:
        channel, call, kept = self._channel, self._call, self._kept

        def run() -> None:
            channel.run(call)
            # What the options point at has to last until here.
            del kept_until_end[:]

        kept_until_end = [kept]
        channel.thread = threading.Thread(target=run, name="secscan",
                                          daemon=True)
        self._process = os.getpid()
        try:
            channel.thread.start()
        except BaseException:
            self.close()
            raise

    def __next__(self) -> Finding:
        if self._is_over:
            raise StopIteration
        if self._channel.thread is None:
            self._begin()
        if self._process != os.getpid():
            raise RuntimeError("a scan is for the process that began it")
        found = self._channel.queue.get()
        if found is not None and not self._is_over:
            return found
        self._is_over = True
        self._channel.wake()  # who reads it on another thread, too
        if self._channel.failure is not None:
            raise self._channel.failure
        raise StopIteration

    def close(self) -> None:
        self._is_over = True
        self._close()

    @property
    def skips(self) -> tuple[Skip, ...]:
        return tuple(self._channel.skips)

    @property
    def coverage(self) -> Coverage | None:
        return self._channel.coverage

    @property
    def progress(self) -> Progress:
        watch: Any = self._channel.unit.watch
        return Progress(watch.units_done, watch.units_total, watch.bytes_done,
                        watch.bytes_total)

"""masking.py: text without its secrets, and the same for log records."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .findings import Finding, Part, mask_secret
from .hidden import MASK

if TYPE_CHECKING:
    from .scanner import Scanner


def _span(data: bytes, found: Finding | Part) -> tuple[int, int, bytes]:
    """The bytes to hide, and what stands there instead. What is not there as it
    was found (put together from pieces) hides its lines."""
    at = found.place.offset
    written = [found.secret]
    if isinstance(found, Finding):
        written.insert(0, found.encoded)
    for text in written:
        if text and data[at:at + len(text)] == text:
            shown = (mask_secret(text, found.public_prefix)
                     if text == found.secret else MASK)
            return at, at + len(text), shown.encode()
    start = data.rfind(b"\n", 0, at) + 1
    end = at
    for _ in range(max(1, found.place.line_end - found.place.line_start + 1)):
        end = data.find(b"\n", end)
        if end < 0:
            return start, len(data), MASK.encode()
        end += 1
    return start, end - 1, MASK.encode()


# One for what is found nowhere else any more, and more than text needs.
_MAX_ROUNDS = 4


def mask_bytes(data: bytes, scanner: Scanner) -> bytes:
    """What stands there plainly hides from who does not ask for every place that
    it stands there encoded, too: so the masked text is scanned again."""
    for _ in range(_MAX_ROUNDS):
        findings = scanner.scan(data)
        masked = _hide(data, findings) if findings else data
        if masked == data:
            return data
        data = masked
    return MASK.encode() if scanner.scan(data) else data


def _hide(data: bytes, findings: list[Finding]) -> bytes:
    hidden: list[Finding | Part] = [*findings]
    for finding in findings:
        hidden += [part for part in finding.parts if not part.is_public]
    # Its place is one in that, and where that begins nobody says.
    if any(found.place.path is not None for found in hidden):
        return MASK.encode()
    spans = sorted(_span(data, found) for found in hidden)
    pieces: list[bytes] = []
    done = 0
    for start, end, shown in spans:
        if start >= done:
            pieces += (data[done:start], shown)
        done = max(done, end)
    pieces.append(data[done:])
    return b"".join(pieces)


def mask(text: str, scanner: Scanner | None = None) -> str:
    """The text with its secrets masked; all of it, when one is in a container
    (an archive in base64)."""
    from .scanner import default_scanner

    data = text.encode("utf-8", "surrogatepass")
    masked = mask_bytes(data, scanner or default_scanner())
    if masked is data:
        return text
    try:
        return masked.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # rules count bytes, and may end in a letter
        return masked.decode("utf-8", "replace")


class MaskFilter(logging.Filter):
    """Masks secrets in log records: in the message, the traceback and the
    stack. Add it to handlers: filters of a logger do not see the records of the
    loggers below it.

        handler.addFilter(secscan.MaskFilter())

    It never drops a record or raises, and leaves those without secrets as they
    are. Where a traceback holds one, `exc_text` has it masked and `exc_info` is
    None, for formatters that would take it from there."""

    def __init__(self, scanner: Scanner | None = None) -> None:
        super().__init__()
        from .scanner import default_scanner

        self.scanner = scanner or default_scanner()

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            self._mask_message(record)
        except Exception:
            # Of the handler's own report the arguments would be a part.
            record.msg, record.args = "(a log record that cannot be formatted)", ()
        try:
            self._mask_stacks(record)
        except Exception:
            record.exc_info = record.exc_text = record.stack_info = None
        return True

    def _mask_message(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        masked = mask(message, self.scanner)
        if masked != message:
            record.msg, record.args = masked, ()

    def _mask_stacks(self, record: logging.LogRecord) -> None:
        trace = record.exc_text
        if record.exc_info and not trace:
            trace = logging.Formatter().formatException(record.exc_info)
        masked = mask(trace or "", self.scanner)
        if trace and masked != trace:
            # A formatter with a way of its own would take it from exc_info.
            record.exc_text, record.exc_info = masked, None
        if record.stack_info:
            record.stack_info = mask(record.stack_info, self.scanner)

"""findings.py: what a scan tells, as immutable values of Python's own.

Everything is a copy: nothing here points into the C library. `repr` shows no
secret bytes, and `to_dict` masks them unless it is asked not to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

MASK = "********"
# Shorter ones show nothing of themselves, as in the command line's reports.
_SHORT = 8


class _Named(IntEnum):
    def __str__(self) -> str:
        return self.name.lower()


class Severity(_Named):
    """What a credential would grant."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Evidence(_Named):
    """What makes a match a finding, weakest first."""

    CONTEXT = 0
    PATTERN = 1
    STRUCTURE = 2
    CHECKSUM = 3


def mask_secret(secret: bytes, public_prefix: int) -> str:
    """The vendor's mark and eight asterisks."""
    if len(secret) < _SHORT or public_prefix >= len(secret):
        return MASK
    return secret[:public_prefix].decode("utf-8", "replace") + MASK


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@dataclass(frozen=True)
class Place:
    """Where a secret stands. Lines and columns are 1-based and count code
    points; `offset` counts bytes of the unit as it is stored."""

    path: str | None
    object: str | None
    offset: int
    line_start: int
    line_end: int
    column_start: int
    column_end: int
    source: str
    container: str | None
    encodings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        lines = {name: getattr(self, name) or None
                 for name in ("line_start", "line_end", "column_start",
                              "column_end")}
        return {"path": self.path, **lines, "offset": self.offset,
                "source": self.source, "object": self.object,
                "container": self.container, "encodings": list(self.encodings)}


@dataclass(frozen=True)
class Commit:
    id: str
    author_name: str
    author_email: str
    subject: str
    author_time: int
    commit_time: int
    author_offset: int

    @property
    def date(self) -> datetime:
        """When it was written, with the author's time zone."""
        zone = timezone(timedelta(minutes=self.author_offset))
        return datetime.fromtimestamp(self.author_time, zone)


@dataclass(frozen=True)
class Introduction:
    """A commit that brought the secret in."""

    commit: Commit
    place: Place
    reach: str
    is_boundary: bool


@dataclass(frozen=True)
class Part:
    """What stands near a secret and belongs to it: a key's id, a user."""

    rule: str
    description: str
    role: str
    fingerprint: str
    secret: bytes = field(repr=False)
    public_prefix: int
    place: Place

    @property
    def masked(self) -> str:
        return mask_secret(self.secret, self.public_prefix)

    def to_dict(self, show_secrets: bool = False) -> dict[str, Any]:
        return {"rule": self.rule, "description": self.description,
                "role": self.role or None, "fingerprint": self.fingerprint,
                **self.place.to_dict(),
                "secret": _text(self.secret) if show_secrets else self.masked,
                "secret_length": len(_text(self.secret))}


@dataclass(frozen=True)
class Finding:
    """One secret: at one place (buffers, trees), or in a history.

    `secret`, `match`, `line` and `encoded` are the raw bytes: mask before
    showing (`masked`, `to_dict`)."""

    rule: str
    description: str
    category: str
    advice: str
    fingerprint: str
    reason: str
    severity: Severity
    evidence: Evidence
    confidence: int
    gates: bool
    secret: bytes = field(repr=False)
    match: bytes = field(repr=False)
    line: bytes = field(repr=False)
    encoded: bytes = field(repr=False)
    secret_at: int
    public_prefix: int
    place: Place
    places: tuple[Place, ...]
    also: tuple[str, ...]
    parts: tuple[Part, ...]
    reach: str
    introductions: tuple[Introduction, ...]
    removals: tuple[Commit, ...]
    n_commits: int
    n_paths: int
    in_head: bool
    is_known: bool
    known_path: str | None
    submodule: str | None
    refs: tuple[str, ...]
    n_refs: int
    suppressed_by: str | None
    suppressed_reason: str | None

    @property
    def masked(self) -> str:
        return mask_secret(self.secret, self.public_prefix)

    @property
    def masked_line(self) -> str:
        """The excerpt, without the secret and its parts."""
        shown = self.line
        hidden = {self.secret: self.masked, self.encoded: MASK}
        hidden.update((part.secret, part.masked) for part in self.parts)
        for secret in sorted(hidden, key=len, reverse=True):
            if secret:
                shown = shown.replace(secret, hidden[secret].encode())
        if self.secret and shown == self.line:
            # It is cut, or written otherwise, there.
            return MASK
        return _text(shown)

    def to_dict(self, show_secrets: bool = False) -> dict[str, Any]:
        """Ready for `json`, with the names of the reports "json" and "jsonl"
        (docs/output.md). Secrets are masked unless `show_secrets` is set."""
        return {
            "rule": self.rule, "description": self.description,
            "category": self.category, "severity": str(self.severity),
            "evidence": str(self.evidence), "confidence": self.confidence,
            "reason": self.reason or None, "gates": self.gates,
            "fingerprint": self.fingerprint, **self.place.to_dict(),
            "secret": _text(self.secret) if show_secrets else self.masked,
            "secret_length": len(_text(self.secret)),
            "line": _text(self.line) if show_secrets else self.masked_line,
            **self._history(),
            "places": [place.to_dict() for place in self.places],
            "parts": [part.to_dict(show_secrets) for part in self.parts],
            "refs": list(self.refs), "also": list(self.also),
            "suppressed_by": self.suppressed_by,
            "suppressed_reason": self.suppressed_reason,
            "advice": self.advice or None,
        }

    def _history(self) -> dict[str, Any]:
        first = self.introductions[0] if self.introductions else None
        commit = first.commit if first else None
        is_history = first is not None or self.reach != "none"
        return {
            "submodule": self.submodule, "known": self.is_known,
            "known_path": self.known_path,
            "commit": commit.id if commit else None,
            "author": commit.author_name if commit else None,
            "email": commit.author_email if commit else None,
            "date": commit.date.isoformat() if commit else None,
            "subject": commit.subject if commit else None,
            "commits": [i.commit.id for i in self.introductions],
            "removed": [c.id for c in self.removals],
            "boundary": bool(first and first.is_boundary),
            "n_commits": self.n_commits if is_history else None,
            "n_paths": self.n_paths if is_history else None,
            "in_head": self.in_head if is_history else None,
            "reach": self.reach if is_history else None,
            "n_refs": self.n_refs if is_history else None,
        }


@dataclass(frozen=True)
class Skip:
    """Something that was not scanned, and why (`reason` is a fixed word)."""

    path: str | None
    object: str | None
    reason: str
    detail: str
    is_incomplete: bool


@dataclass(frozen=True)
class Coverage:
    """What a scan has read."""

    mode: str
    is_complete: bool
    is_shallow: bool
    is_partial: bool
    units: int
    bytes: int
    decoded_bytes: int
    files: int
    blobs: int
    commits: int
    refs: int
    findings: int
    gating: int
    suppressed: int
    unlisted: int
    rules_version: str
    n_rules: int
    warning: str
    skips: dict[str, int]
    exit_code: int


class Findings(list[Finding]):
    """The findings of one buffer, and what of it was not scanned."""

    __slots__ = ("skips",)
    skips: tuple[Skip, ...]

    @property
    def is_complete(self) -> bool:
        return not any(skip.is_incomplete for skip in self.skips)

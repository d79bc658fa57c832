"""findings.py: what a scan tells, as immutable values of Python's own.

Everything is a copy: nothing here points into the C library. `repr` shows no
secret bytes, and `to_dict` masks them unless it is asked not to.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

from .hidden import LONG, MASK, SHORT, Hidden

# There are at most 1,024 bytes around a secret, which may be UTF-16.
_MAY_BE_CUT = 512
_WORD = re.compile(rb"[^\s\"'`]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


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
    if len(secret) < LONG or public_prefix >= len(secret):
        return MASK
    return secret[:public_prefix].decode("utf-8", "replace") + MASK


def shown_path(path: str | None) -> str | None:
    """As text, which names of files need not be."""
    return path and os.fsencode(path).decode("utf-8", "replace")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _whole_words(line: bytes, start: int, end: int) -> bytes:
    """An excerpt with what stands before `start` and behind `end` of it up to
    whole words: where it is cut, that may be in another secret."""
    left, right = 0, len(line)
    if start >= _MAY_BE_CUT:
        word = _WORD.match(line)
        left = min(start, word.end()) if word else 0
    if right - end >= _MAY_BE_CUT:
        word = _WORD.match(line[end:][::-1])
        right -= word.end() if word else 0
    return (MASK.encode() * (left > 0) + line[left:right]
            + MASK.encode() * (right < len(line)))


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
        return {"path": shown_path(self.path), **lines, "offset": self.offset,
                "source": self.source, "object": self.object,
                "container": shown_path(self.container),
                "encodings": list(self.encodings)}


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
    def date(self) -> datetime | None:
        """When it was written, with the author's time zone, or in UTC when that
        is none. Anything may be written there: None when it is no date."""
        try:
            zone = timezone(timedelta(minutes=self.author_offset))
        except ValueError:
            zone = timezone.utc
        try:
            return _EPOCH.astimezone(zone) + timedelta(seconds=self.author_time)
        except OverflowError:
            return None


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
    def is_public(self) -> bool:
        """A host, a user: may be shown."""
        return self.public_prefix >= len(self.secret)

    @property
    def masked(self) -> str:
        return (_text(self.secret) if self.is_public
                else mask_secret(self.secret, self.public_prefix))

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

    def __repr__(self) -> str:
        """A path and a commit's subject may hold the secret, too."""
        shown = ", ".join("%s=%r" % (one.name, getattr(self, one.name))
                          for one in fields(self) if one.repr)
        masked: str = Hidden(self.hidden()).in_report("Finding(%s)" % shown)
        return masked

    @property
    def masked(self) -> str:
        return mask_secret(self.secret, self.public_prefix)

    def hidden(self) -> dict[bytes, str]:
        """The bytes that no report shows, and what it shows instead."""
        found = {self.secret: self.masked, self.encoded: MASK}
        found.update((part.secret, part.masked) for part in self.parts
                     if not part.is_public)
        return {secret: shown for secret, shown in found.items()
                if len(secret) >= SHORT}

    @property
    def masked_line(self) -> str:
        """The excerpt without the secret, its parts, and other secrets that
        stand there and the built-in rules know: those of one's own rules are
        hidden by Findings.to_dicts."""
        return self._masked_line(Hidden(self.hidden()))

    def _masked_line(self, hidden: Hidden) -> str:
        from .masking import mask

        own = self.hidden()
        line = _whole_words(self.line, self.secret_at, self.secret_at
                            + len(self.encoded or self.secret))
        if self.secret and not any(secret in own and secret in line
                                   for secret in (self.secret, self.encoded)):
            # It is cut, or written otherwise, there.
            return MASK
        return mask(_text(hidden.in_excerpt(line)))

    def to_dict(self, show_secrets: bool = False, *,
                hidden: Hidden | None = None) -> dict[str, Any]:
        """Ready for `json`, with the names of the reports "json" and "jsonl"
        (docs/output.md): bytes that are not UTF-8 are U+FFFD, in paths, too.
        Secrets are masked unless `show_secrets` is set; `hidden` has those of
        all, which may stand here, too (Findings.to_dicts)."""
        if show_secrets:
            return self._report(_text(self.secret), _text(self.line), True)
        hidden = hidden or Hidden(self.hidden())
        masked: dict[str, Any] = hidden.in_report(
            self._report(self.masked, self._masked_line(hidden), False))
        return masked

    def _report(self, secret: str, line: str,
                show_secrets: bool) -> dict[str, Any]:
        return {
            "rule": self.rule, "description": self.description,
            "category": self.category, "severity": str(self.severity),
            "evidence": str(self.evidence), "confidence": self.confidence,
            "reason": self.reason or None, "gates": self.gates,
            "fingerprint": self.fingerprint, **self.place.to_dict(),
            "secret": secret if self.secret else None,
            "secret_length": len(_text(self.secret)),
            "line": line if self.line else None,
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
        date = commit.date if commit else None
        is_history = first is not None or self.reach != "none"
        return {
            "submodule": shown_path(self.submodule), "known": self.is_known,
            "known_path": shown_path(self.known_path),
            "commit": commit.id if commit else None,
            "author": commit.author_name if commit else None,
            "email": commit.author_email if commit else None,
            "date": date.isoformat() if date else None,
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
class Note:
    """What a person should know of what hides findings: `kind` is "stale",
    "ended", "unread", "changed" or "idle" (secscan.h)."""

    kind: str
    file: str
    line: int
    text: str


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
    notes: tuple[Note, ...]
    containers: int
    members: int
    cached: int
    exit_code: int


class Findings(list[Finding]):
    """The findings of one buffer, and what of it was not scanned; or those of
    an iterator that is read to its end: `Findings(scan_tree("."))`."""

    __slots__ = ("skips",)
    skips: tuple[Skip, ...]

    def __init__(self, found: Iterable[Finding] = ()) -> None:
        super().__init__(found)
        self.skips = getattr(found, "skips", ())

    def to_dicts(self, show_secrets: bool = False) -> list[dict[str, Any]]:
        """Finding.to_dict of each, masked for the secrets of all."""
        shown: dict[bytes, str] = {}
        for finding in self:
            shown.update(finding.hidden())
        hidden = Hidden(shown)
        return [finding.to_dict(show_secrets, hidden=hidden)
                for finding in self]

    @property
    def is_complete(self) -> bool:
        return not any(skip.is_incomplete for skip in self.skips)

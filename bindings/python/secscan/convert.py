"""convert.py: the C library's borrowed structs -> values of findings.py.

Called inside its callbacks, so that nothing outlives what it was copied from.
"""

from __future__ import annotations

import os
from typing import Any

from ._native import ffi, lib
from .findings import (Commit, Coverage, Evidence, Finding, Introduction, Note,
                       Part, Place, Severity, Skip)

_SEVERITIES = tuple(Severity)
_EVIDENCES = tuple(Evidence)


def text(value: Any) -> str:
    found: bytes = ffi.string(value)
    return found.decode("utf-8", "replace")


def optional(value: Any) -> str | None:
    return text(value) if value else None


def path_of(value: Any) -> str | None:
    """As os.fsdecode has it, so that it opens the file that it names."""
    return os.fsdecode(ffi.string(value)) if value else None


def _bytes(value: Any) -> bytes:
    found: bytes = ffi.buffer(value.data, value.len)[:] if value.len else b""
    return found


def _strings(values: Any, count: int) -> tuple[str, ...]:
    return tuple(text(values[i]) for i in range(count))


def place(c: Any) -> Place:
    path = ffi.string(c.path) if c.path else None
    return Place(
        path=None if path is None else os.fsdecode(path),
        object=optional(c.object), offset=c.offset,
        line_start=c.line_start, line_end=c.line_end,
        column_start=c.column_start, column_end=c.column_end,
        source=text(lib.secscan_source_name(c.source)),
        container=(os.fsdecode(path[:c.file_len])
                   if path and c.file_len else None),
        encodings=_strings(c.encodings, c.n_encodings))


def _commit(c: Any) -> Commit:
    return Commit(text(c.id), text(c.author_name), text(c.author_email),
                  text(c.subject), c.author_time, c.commit_time,
                  c.author_offset)


def _introduction(c: Any) -> Introduction:
    return Introduction(_commit(c.commit), place(c.place),
                        text(lib.secscan_reach_name(c.reach)),
                        bool(c.is_boundary))


def _part(c: Any) -> Part:
    return Part(rule=text(c.rule), description=text(c.description),
                role=optional(c.role) or "", fingerprint=text(c.fingerprint),
                secret=_bytes(c.secret), public_prefix=c.public_prefix,
                place=place(c.place))


def finding(c: Any) -> Finding:
    first = place(c.place)
    return Finding(
        rule=text(c.rule), description=text(c.description),
        category=text(c.category), advice=text(c.advice),
        fingerprint=text(c.fingerprint), reason=text(c.reason),
        severity=_SEVERITIES[c.severity], evidence=_EVIDENCES[c.evidence],
        confidence=c.confidence, gates=bool(c.gates),
        secret=_bytes(c.secret), match=_bytes(c.match), line=_bytes(c.line),
        encoded=_bytes(c.encoded), secret_at=c.secret_at,
        public_prefix=c.public_prefix, place=first,
        places=(tuple(place(c.places[i]) for i in range(c.n_places))
                or (first,)),
        also=_strings(c.also, c.n_also),
        parts=tuple(_part(c.parts[i]) for i in range(c.n_parts)),
        reach=text(lib.secscan_reach_name(c.reach)),
        introductions=tuple(_introduction(c.introductions[i])
                            for i in range(c.n_introductions)),
        removals=tuple(_commit(c.removals[i]) for i in range(c.n_removals)),
        n_commits=c.n_commits, n_paths=c.n_paths, in_head=bool(c.in_head),
        is_known=bool(c.is_known), known_path=path_of(c.known_path),
        submodule=path_of(c.submodule),
        refs=_strings(c.refs, c.n_refs_listed), n_refs=c.n_refs,
        suppressed_by=optional(c.suppressed_by),
        suppressed_reason=(optional(c.suppressed_reason)
                           if c.suppressed_by else None))


def skip(c: Any) -> Skip:
    return Skip(path_of(c.path), optional(c.object), text(c.reason),
                optional(c.detail) or "", bool(c.is_incomplete))


def _note(c: Any) -> Note:
    return Note(text(c.kind), path_of(c.file) or "", c.line,
                optional(c.text) or "")


def coverage(c: Any) -> Coverage:
    return Coverage(
        mode=text(c.mode), is_complete=bool(c.is_complete),
        is_shallow=bool(c.is_shallow), is_partial=bool(c.is_partial),
        units=c.units, bytes=c.bytes, decoded_bytes=c.decoded_bytes,
        files=c.files, blobs=c.blobs, commits=c.commits, refs=c.refs,
        findings=c.findings, gating=c.gating, suppressed=c.suppressed,
        unlisted=c.unlisted, rules_version=text(c.rules_version),
        n_rules=c.n_rules, warning=optional(c.warning) or "",
        skips={text(c.skips[i].reason): c.skips[i].count
               for i in range(c.n_skips)},
        notes=tuple(_note(c.notes[i]) for i in range(c.n_notes)),
        containers=c.containers, members=c.members, cached=c.cached,
        exit_code=lib.secscan_coverage_exit_code(ffi.addressof(c[0])))

"""rules.py: what is looked for (Rules)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from . import convert
from ._native import ffi, lib
from .errors import ArgumentError, Status, check
from .findings import Evidence, Severity

Path = str | bytes | os.PathLike[str]


@dataclass(frozen=True)
class Rule:
    """A rule as people see it."""

    id: str
    description: str
    category: str
    severity: Severity
    evidence: Evidence
    confidence: int
    regex: str
    path: str
    grants: str
    advice: str
    is_builtin: bool
    is_preview: bool
    is_part_only: bool
    aliases: tuple[str, ...]
    references: tuple[str, ...]


def _rule(c: Any) -> Rule:
    return Rule(
        id=convert.text(c.id), description=convert.text(c.description),
        category=convert.text(c.category), severity=Severity(c.severity),
        evidence=Evidence(c.evidence), confidence=c.confidence,
        regex=convert.text(c.regex), path=convert.text(c.path),
        grants=convert.text(c.grants), advice=convert.text(c.advice),
        is_builtin=bool(c.is_builtin), is_preview=bool(c.is_preview),
        is_part_only=bool(c.is_part_only),
        aliases=tuple(convert.text(c.aliases[i])
                      for i in range(c.n_aliases)),
        references=tuple(convert.text(c.references[i])
                         for i in range(c.n_references)))


def encoded(text: Path) -> bytes:
    """As C has it, where a NUL byte would end it: it would name something
    else."""
    data = os.fsencode(text)
    if b"\0" in data:
        raise ArgumentError("a NUL byte in %r" % os.fsdecode(data),
                            Status.ERR_ARG)
    return data


def string(value: Path | None, kept: list[Any]) -> Any:
    """A char *, which is appended to `kept`; NULL for None."""
    if value is None:
        return ffi.NULL
    kept.append(ffi.new("char[]", encoded(value)))
    return kept[-1]


def key(value: bytes, kept: list[Any]) -> tuple[Any, int]:
    """A copy: the caller may wipe his own, and later scans take this."""
    data = bytes(memoryview(value))
    kept.append(ffi.from_buffer(data))
    return kept[-1], len(data)


def strings(values: Iterable[Path], kept: list[Any]) -> Any:
    """A char ** of them; what it points at is appended to `kept`."""
    table = ffi.new("char *[]", [string(value, kept) for value in values])
    kept.append(table)
    return table


class Rules:
    """Rules from TOML files (the gitleaks schema and more: docs/rules.md);
    without files the built-in ones. Immutable, for any number of threads.

    `toml` is the same as text, called `name` in errors. A file stands alone
    unless it says `[extend] useDefault = true`. `without`: ids to leave out.
    `untrusted`: they come from who is being judged; `extend_root`: the folder
    that their `[extend] path` stays in ("": it is an error; None: anywhere).
    Raises RuleError with line and column."""

    __slots__ = ("c",)

    def __init__(self, *paths: Path, toml: str | bytes | None = None,
                 name: str = "<text>", without: Iterable[str] = (),
                 gitleaks: bool = False, untrusted: bool = False,
                 strict: bool = False, cache: bool = True,
                 extend_root: Path | None = None) -> None:
        if toml is not None and paths:
            raise TypeError("either paths or toml, not both")
        kept: list[Any] = []
        options = ffi.new("secscan_rules_options *")
        options.size = ffi.sizeof("secscan_rules_options")
        options.flags = (gitleaks * lib.SECSCAN_RULES_GITLEAKS
                         | untrusted * lib.SECSCAN_RULES_UNTRUSTED
                         | strict * lib.SECSCAN_RULES_STRICT
                         | (not cache) * lib.SECSCAN_RULES_NO_CACHE)
        left_out = list(without)
        options.without = strings(left_out, kept)
        options.n_without = len(left_out)
        options.name = string(name, kept)
        options.extend_root = string(extend_root, kept)
        out = ffi.new("secscan_rules **")
        error = ffi.new("secscan_error *")
        if toml is not None:
            data = toml.encode() if isinstance(toml, str) else toml
            status = lib.secscan_rules_parse(out, data, len(data), options,
                                             error)
        else:
            status = lib.secscan_rules_load(out, strings(paths, kept),
                                            len(paths), options, error)
        check(status, error)
        self.c: Any = ffi.gc(out[0], lib.secscan_rules_free)

    def __len__(self) -> int:
        count: int = lib.secscan_rules_count(self.c)
        return count

    def __iter__(self) -> Iterator[Rule]:
        info = ffi.new("secscan_rule_info *")
        for i in range(len(self)):
            lib.secscan_rules_at(self.c, i, info)
            yield _rule(info)

    def __getitem__(self, rule: str) -> Rule:
        """By id or alias."""
        info = ffi.new("secscan_rule_info *")
        if not self._find(rule, info):
            raise KeyError(rule)
        return _rule(info)

    def __contains__(self, rule: object) -> bool:
        return self._find(rule, ffi.new("secscan_rule_info *"))

    def _find(self, rule: object, info: Any) -> bool:
        return (isinstance(rule, str) and "\0" not in rule
                and not lib.secscan_rules_find(
                    self.c, rule.encode("utf-8", "surrogatepass"), info))

    @property
    def version(self) -> str:
        """A digest of the rules' text."""
        return convert.text(lib.secscan_rules_version(self.c))

    @property
    def notes(self) -> list[str]:
        """What a person should know of the files and what is no error."""
        found: list[str] = []
        while True:
            note = lib.secscan_rules_note(self.c, len(found))
            if not note:
                return found
            found.append(convert.text(note))

    def __repr__(self) -> str:
        return "<secscan.Rules %s, %d rules>" % (self.version, len(self))

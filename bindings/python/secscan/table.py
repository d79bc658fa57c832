"""table.py: columns of text or bytes in Arrow arrays and in Parquet files.

What a row of text is scanned to, masked (ROW), and the splits of Parquet files,
each of which one task reads and scans by itself. Knows nothing of Spark.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from .errors import SecscanError
from .findings import Findings, shown_path
from .rules import Rules
from .scanner import Scanner

TEXT, LONG, BOOL = pa.string(), pa.int64(), pa.bool_()

# A finding as the report "json" has it; null where a buffer has no history.
FIELDS: dict[str, pa.DataType] = {
    "rule": TEXT, "description": TEXT, "category": TEXT, "severity": TEXT,
    "evidence": TEXT, "confidence": LONG, "reason": TEXT, "gates": BOOL,
    "fingerprint": TEXT, "path": TEXT, "line_start": LONG,
    "line_end": LONG, "column_start": LONG, "column_end": LONG,
    "offset": LONG, "source": TEXT, "object": TEXT, "container": TEXT,
    "encodings": pa.list_(TEXT), "secret": TEXT, "secret_length": LONG,
    "line": TEXT, "submodule": TEXT, "commit": TEXT, "author": TEXT,
    "email": TEXT, "date": TEXT, "subject": TEXT, "in_head": BOOL,
    "reach": TEXT, "n_commits": LONG, "n_paths": LONG,
    "suppressed_by": TEXT, "advice": TEXT,
}
FINDING = pa.struct(list(FIELDS.items()))
SKIP = pa.struct([("path", TEXT), ("reason", TEXT), ("detail", TEXT),
                  ("is_incomplete", BOOL)])
ROW = pa.struct([("findings", pa.list_(FINDING)), ("skips", pa.list_(SKIP)),
                 ("error", TEXT)])


# ---- arrays ----------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """With what to scan; what tasks are sent. `toml`: the text of a rule file;
    None: the built-in rules."""

    toml: str | None
    settings: str  # of Scanner, as JSON

    @staticmethod
    def of(toml: str | None, settings: dict[str, Any]) -> Plan:
        """What is wrong with them is said here, and not by a task."""
        plan = Plan(toml, json.dumps(settings))
        _scanner(plan)
        return plan


@lru_cache(maxsize=8)
def _scanner(plan: Plan) -> Scanner:
    """One a process and a plan."""
    rules = None if plan.toml is None else Rules(toml=plan.toml)
    return Scanner(rules, **json.loads(plan.settings))


def _skips(found: Findings) -> list[dict[str, Any]]:
    return [{"path": shown_path(skip.path), "reason": skip.reason, "detail": skip.detail,
             "is_incomplete": skip.is_incomplete} for skip in found.skips]


def _names(data: pa.Array) -> list[bytes | None]:
    """Bytes: not all that a file calls text is that."""
    check_text(data.type, "names")
    return [value.as_buffer().to_pybytes() if value.is_valid else None
            for value in _text(data)]


def scan_array(plan: Plan, data: pa.Array,
               names: pa.Array | None = None) -> pa.Array:
    """ROW of each value, null for null. The bytes are scanned where Arrow has
    them."""
    check_text(data.type, "values")
    scanner = _scanner(plan)
    findings: list[list[dict[str, Any]]] = []
    skips: list[list[dict[str, Any]]] = []
    errors: list[str | None] = []
    for value, name in zip(_text(data), [None] * len(data) if names is None
                           else _names(names)):
        found, error = Findings(), None
        if value.is_valid:
            try:
                found = scanner.scan(value.as_buffer(), name)
            except SecscanError as failure:
                error = failure.message
        findings.append(found.to_dicts() if found else [])
        skips.append(_skips(found) if found.skips else [])
        errors.append(error)
    return pa.StructArray.from_arrays(
        [pa.array(findings, ROW.field("findings").type),
         pa.array(skips, ROW.field("skips").type), pa.array(errors, TEXT)],
        fields=list(ROW), mask=data.is_null())


# ---- Parquet files ---------------------------------------------------------

# Bytes decoded at a time, so that memory is not that of a large row group.
# Fewer cost more: 16 MiB a tenth of a scan, 4 MiB a quarter, in page faults.
_BATCH = 64 << 20
_NO_END = (1 << 63) - 1


@dataclass(frozen=True)
class Split:
    """The row groups of a file that begin in a range of its bytes."""

    base: str  # the path or URI that tells the file system
    file: str  # as that names it
    start: int
    stop: int


@dataclass(frozen=True)
class Columns:
    """Those that are read, and the type of each that is kept."""

    text: str
    name: str | None
    kept: pa.Schema

    def all(self) -> list[str]:
        wanted = [self.text, *self.kept.names]
        if self.name is not None:
            wanted.append(self.name)
        return list(dict.fromkeys(wanted))

    def schema(self) -> pa.Schema:
        """Of what scan_split gives."""
        return pa.schema([("file", TEXT), ("row", LONG), *self.kept,
                          ("scan", ROW)])


def _file_system(base: str) -> tuple[fs.FileSystem, str]:
    """That of a path of this machine or a URI, and its path there."""
    if "://" not in base:
        return fs.LocalFileSystem(), os.path.abspath(base)
    system, path = fs.FileSystem.from_uri(
        re.sub("^s3[an]:", "s3:", base))
    return system, path


def _open(split: Split) -> pq.ParquetFile:
    """A local file is mapped: reading would copy it once more."""
    system = _file_system(split.base)[0]
    if isinstance(system, fs.LocalFileSystem):
        return pq.ParquetFile(pa.memory_map(split.file))
    return pq.ParquetFile(system.open_input_file(split.file))


def _is_data(path: str) -> bool:
    """As Spark reads folders: _SUCCESS, .crc and _temporary/ are not data, and
    _day=1/ is."""
    return not any(part[:1] in ("_", ".") and "=" not in part
                   for part in path.split("/"))


def files(bases: Iterable[str]) -> list[Split]:
    """Each file that is, or is below, one of `bases`, whole."""
    found = []
    for base in bases:
        system, path = _file_system(base)
        info = system.get_file_info(path)
        if info.type is fs.FileType.NotFound:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT),
                                    base)
        below = [info]
        if info.type is fs.FileType.Directory:
            below = [i for i in system.get_file_info(
                         fs.FileSelector(path, recursive=True))
                     if i.is_file and _is_data(i.path[len(path):])]
        found += [Split(base, i.path, 0, i.size) for i in below]
    return sorted(found, key=lambda split: split.file)


def tasks(found: Iterable[Split], size: int) -> list[list[Split]]:
    """Of about `size` bytes: of small files several, of a large one a part. The
    last split of a file has no end."""
    made: list[list[Split]] = []
    room = 0
    for whole in found:
        for start in range(0, max(1, whole.stop), size):
            stop = start + size
            taken = min(stop, whole.stop) - start
            if 2 * room <= taken:
                made.append([])
                room = size
            room -= taken
            made[-1].append(replace(
                whole, start=start, stop=stop if stop < whole.stop else _NO_END))
    return made


def schema(found: Iterable[Split]) -> pa.Schema:
    """Of the first file that can be read."""
    failure: Exception | None = None
    for split in found:
        try:
            with _open(split) as file:
                return file.schema_arrow
        except (OSError, pa.ArrowException) as error:
            failure = failure or error
    raise failure or ValueError("there are no files")


def is_text(kind: pa.DataType) -> bool:
    """What scan_array takes."""
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return any(is_kind(kind) for is_kind in (
        types.is_string, types.is_large_string, types.is_string_view,
        types.is_binary, types.is_large_binary, types.is_binary_view,
        types.is_fixed_size_binary, types.is_null))


def check_text(kind: pa.DataType, what: str) -> None:
    if not is_text(kind):
        raise TypeError("%s of %s: neither text nor bytes" % (what, kind))


def _first_byte(group: Any) -> int:
    chunk = group.column(0)
    at: int = chunk.data_page_offset
    if chunk.has_dictionary_page:
        at = min(at, chunk.dictionary_page_offset)
    return at


def _rows_of_a_batch(group: Any, names: list[str]) -> int:
    chunks = [group.column(i) for i in range(group.num_columns)]
    size = sum(chunk.total_uncompressed_size for chunk in chunks
               if chunk.path_in_schema.split(".")[0] in names)
    rows: int = _BATCH * group.num_rows // max(1, size)
    return max(1, min(65536, rows))


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    return column


def scan_split(plan: Plan, columns: Columns,
               split: Split) -> Iterator[pa.RecordBatch]:
    """A row for each of the split's. When the file cannot be read, the last one
    says so in its `scan.error`, and has no `row`."""
    try:
        yield from _scan_groups(plan, columns, split)
    except (OSError, pa.ArrowException) as failure:
        lost = {"findings": [], "skips": [],
                "error": "the file cannot be read: %s" % failure}
        yield pa.RecordBatch.from_pylist(
            [{"file": split.file, "scan": lost}], schema=columns.schema())


def _scan_groups(plan: Plan, columns: Columns,
                 split: Split) -> Iterator[pa.RecordBatch]:
    with _open(split) as file:
        for name in columns.all():
            at = file.schema_arrow.get_field_index(name)
            if at < 0:
                raise pa.ArrowInvalid("it has no column %r" % name)
            kind = file.schema_arrow.field(at).type
            if name in (columns.text, columns.name) and not is_text(kind):
                raise pa.ArrowInvalid("its column %r is of %s" % (name, kind))
        row = 0
        for i in range(file.num_row_groups):
            group = file.metadata.row_group(i)
            begin, row = row, row + group.num_rows
            if not split.start <= _first_byte(group) < split.stop:
                continue
            for batch in file.iter_batches(
                    _rows_of_a_batch(group, columns.all()), [i],
                    columns.all(), use_threads=False):
                yield _scan_batch(plan, columns, split.file, begin, batch)
                begin += batch.num_rows


def _scan_batch(plan: Plan, columns: Columns, file: str, row: int,
                batch: pa.RecordBatch) -> pa.RecordBatch:
    names = None if columns.name is None else batch.column(columns.name)
    return pa.RecordBatch.from_arrays(
        [pa.array([file] * batch.num_rows, TEXT),
         pa.array(range(row, row + batch.num_rows), LONG),
         *(batch.column(field.name).cast(field.type)
           for field in columns.kept),
         scan_array(plan, batch.column(columns.text), names)],
        schema=columns.schema())

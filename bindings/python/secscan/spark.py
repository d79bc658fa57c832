"""spark.py: fleets: tables of text and thousands of repositories, with PySpark.

    from secscan.spark import scan_column, scan_repositories

    rows = table.select("id", scan_column("text").alias("scan"))
    results = scan_repositories(repositories, "path")

Findings leave an executor masked. Whatever fails, fails its own row. Needs
secscan, PyArrow and PySpark 4.1 on driver and executors (docs/spark.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from . import fleet
from .errors import SecscanError
from .findings import Findings
from .rules import Rules
from .scanner import Scanner

__all__ = ["FINDING", "RESULT", "ROW", "explode", "scan_column",
           "scan_repositories"]

_TEXT, _LONG, _BOOL = pa.string(), pa.int64(), pa.bool_()

# A finding as the report "json" has it; null where a buffer has no history.
_FIELDS: dict[str, pa.DataType] = {
    "rule": _TEXT, "description": _TEXT, "category": _TEXT, "severity": _TEXT,
    "evidence": _TEXT, "confidence": _LONG, "reason": _TEXT, "gates": _BOOL,
    "fingerprint": _TEXT, "path": _TEXT, "line_start": _LONG,
    "line_end": _LONG, "column_start": _LONG, "column_end": _LONG,
    "offset": _LONG, "source": _TEXT, "object": _TEXT, "container": _TEXT,
    "encodings": pa.list_(_TEXT), "secret": _TEXT, "secret_length": _LONG,
    "line": _TEXT, "submodule": _TEXT, "commit": _TEXT, "author": _TEXT,
    "email": _TEXT, "date": _TEXT, "subject": _TEXT, "in_head": _BOOL,
    "reach": _TEXT, "n_commits": _LONG, "n_paths": _LONG,
    "suppressed_by": _TEXT, "advice": _TEXT,
}
_FINDING = pa.struct(list(_FIELDS.items()))
_SKIP = pa.struct([("path", _TEXT), ("reason", _TEXT), ("detail", _TEXT),
                   ("is_incomplete", _BOOL)])
_ROW = pa.struct([("findings", pa.list_(_FINDING)),
                  ("skips", pa.list_(_SKIP)), ("error", _TEXT)])
_RESULT = pa.schema([
    ("repository", _TEXT),
    # "complete", "incomplete" (see skips), "failed" (see error)
    ("status", _TEXT), ("error", _TEXT),
    ("findings", pa.list_(_FINDING)), ("skips", pa.list_(_SKIP)),
    ("n_findings", _LONG), ("gating", _LONG), ("suppressed", _LONG),
    ("commits", _LONG), ("blobs", _LONG), ("bytes", _LONG),
    ("milliseconds", _LONG)])


def _struct(kind: pa.DataType) -> StructType:
    return from_arrow_schema(pa.schema(list(kind)))


FINDING: StructType = _struct(_FINDING)
ROW: StructType = _struct(_ROW)
RESULT: StructType = from_arrow_schema(_RESULT)


# ---- columns ---------------------------------------------------------------


@lru_cache(maxsize=8)
def _scanner(toml: str | None, settings: str) -> Scanner:
    """One a Python worker and a set of rules and settings."""
    rules = None if toml is None else Rules(toml=toml)
    return Scanner(rules, **json.loads(settings))


def _skips(found: Findings) -> list[dict[str, Any]]:
    return [{"path": skip.path, "reason": skip.reason, "detail": skip.detail,
             "is_incomplete": skip.is_incomplete} for skip in found.skips]


def _scan_array(scanner: Scanner, data: pa.Array,
                names: Iterable[str | None]) -> pa.Array:
    """Of each value, null for null. The bytes are scanned where Arrow has
    them."""
    findings: list[list[dict[str, Any]]] = []
    skips: list[list[dict[str, Any]]] = []
    errors: list[str | None] = []
    for value, name in zip(data, names):
        found, error = Findings(), None
        found.skips = ()
        if value.is_valid:
            try:
                found = scanner.scan(value.as_buffer(), name)
            except SecscanError as failure:
                error = failure.message
        findings.append(found.to_dicts() if found else [])
        skips.append(_skips(found) if found.skips else [])
        errors.append(error)
    return pa.StructArray.from_arrays(
        [pa.array(findings, _ROW.field("findings").type),
         pa.array(skips, _ROW.field("skips").type), pa.array(errors, _TEXT)],
        fields=list(_ROW), mask=data.is_null())


def scan_column(column: str | Column, name: str | Column | None = None, *,
                toml: str | None = None, **settings: Any) -> Column:
    """A struct for each value of a column of text or bytes: `findings`, masked;
    `skips`, what of it could not be scanned; `error`, why it was not.

    `name`: the column with the path that findings and path rules see. `toml`:
    the text of a rule file instead of the built-in rules. The rest is as
    Scanner has it (min_severity, categories, containers ...)."""
    # What is wrong with them is said here, and not by an executor.
    text = json.dumps(settings)
    _scanner(toml, text)

    if name is None:
        def scan(data: pa.Array) -> pa.Array:
            return _scan_array(_scanner(toml, text), data, [None] * len(data))

        return F.arrow_udf(scan, ROW)(column)

    def scan_named(data: pa.Array, names: pa.Array) -> pa.Array:
        return _scan_array(_scanner(toml, text), data, names.to_pylist())

    return F.arrow_udf(scan_named, ROW)(column, name)


# ---- repositories ----------------------------------------------------------


def _sized(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        paths = batch.column(0).to_pylist()
        yield pa.RecordBatch.from_pydict(
            {"repository": paths, "bytes": [fleet.size(p) for p in paths]},
            schema=pa.schema([("repository", _TEXT), ("bytes", _LONG)]))


def _row(result: fleet.Result) -> dict[str, Any]:
    coverage = result.coverage
    return {
        "repository": result.repository, "status": result.status,
        "error": result.error,
        "findings": [{name: found.get(name) for name in _FIELDS}
                     for found in result.findings],
        "skips": [{"path": skip.get("path"), "reason": skip.get("reason"),
                   "detail": skip.get("detail"),
                   "is_incomplete": skip.get("incomplete")}
                  for skip in result.skips],
        "n_findings": len(result.findings),
        **{name: coverage.get(name)
           for name in ("gating", "suppressed", "commits", "blobs", "bytes")},
        "milliseconds": result.milliseconds,
    }


def _scan_batches(job: fleet.Job) -> Callable[[Iterator[pa.RecordBatch]],
                                              Iterator[pa.RecordBatch]]:
    def scan(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for path in batch.column("repository").to_pylist():
                yield pa.RecordBatch.from_pylist(
                    [_row(fleet.scan(path, job))], schema=_RESULT)

    return scan


def scan_repositories(repositories: DataFrame, column: str = "path", *,
                      arguments: Iterable[str] = (), toml: str | None = None,
                      timeout: float = 3600) -> DataFrame:
    """A row (RESULT) for each different value of `column`: the path of a
    repository or a bundle, or the URL of a bundle, as the executors see it.

    One task a repository, the largest first. Each is scanned by the wheel's
    program in a process of its own: one that hangs (`timeout`, in seconds),
    crashes or cannot be read is a row with the status "failed". `arguments`
    are options of the program ("--min-severity", "high"); `toml` is the text of
    a rule file. The result is computed again by each action: write or cache
    it."""
    job = fleet.Job(arguments=tuple(arguments), toml=toml, timeout=timeout)
    fleet.check(job)
    spark = repositories.sparkSession
    sized = (repositories.select(F.col(column).cast("string")
                                 .alias("repository"))
             .where(F.col("repository").isNotNull()).distinct()
             .mapInArrow(_sized, "repository string, bytes long"))
    # The names and sizes alone come to the driver; a task is one of them, and
    # tasks start in their order.
    order = sorted(((row["bytes"], row["repository"])
                    for row in sized.collect()), key=lambda r: (-r[0], r[1]))
    listed = spark.createDataFrame(
        [(i, name) for i, (_, name) in enumerate(order)],
        "task int, repository string")
    return (listed.repartitionById(max(1, len(order)), "task")
            .mapInArrow(_scan_batches(job), RESULT))


def explode(results: DataFrame) -> DataFrame:
    """A row for each finding of scan_repositories: `repository`, and the
    fields of FINDING."""
    return (results.select("repository", F.explode("findings").alias("f"))
            .select("repository", "f.*"))

"""spark.py: fleets: tables of text and thousands of repositories, with PySpark.

    from secscan.spark import scan_column, scan_parquet, scan_repositories

    rows = frame.select("id", scan_column("text").alias("scan"))
    rows = scan_parquet(spark, "s3://bucket/table", "text", keep=["id"])
    results = scan_repositories(repositories, "path")

Findings leave an executor masked. Whatever fails, fails its own row. Needs
secscan, PyArrow and PySpark 4.1 on driver and executors (docs/spark.md).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

from . import fleet, table

__all__ = ["FINDING", "RESULT", "ROW", "explode", "scan_column",
           "scan_parquet", "scan_repositories"]

# What mapInArrow calls.
_Batches = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

_RESULT = pa.schema([
    ("repository", table.TEXT),
    # "complete", "incomplete" (see skips), "failed" (see error)
    ("status", table.TEXT), ("error", table.TEXT),
    ("findings", pa.list_(table.FINDING)), ("skips", pa.list_(table.SKIP)),
    *((name, table.LONG)
      for name in ("n_findings", "gating", "suppressed", "commits", "blobs",
                   "bytes", "milliseconds"))])


def _struct(kind: pa.DataType) -> StructType:
    return from_arrow_schema(pa.schema(list(kind)))


FINDING: StructType = _struct(table.FINDING)
ROW: StructType = _struct(table.ROW)
RESULT: StructType = from_arrow_schema(_RESULT)


# ---- columns ---------------------------------------------------------------


def scan_column(column: str | Column, name: str | Column | None = None, *,
                toml: str | None = None, **settings: Any) -> Column:
    """A struct for each value of a column of text or bytes: `findings`, masked;
    `skips`, what of it could not be scanned; `error`, why it was not.

    `name`: the column with the path that findings and path rules see. `toml`:
    the text of a rule file instead of the built-in rules. The rest is as
    Scanner has it (min_severity, categories, containers ...)."""
    plan = table.Plan.of(toml, settings)

    if name is None:
        def scan(data: pa.Array) -> pa.Array:
            return table.scan_array(plan, data)

        return F.arrow_udf(scan, ROW)(column)

    def scan_named(data: pa.Array, names: pa.Array) -> pa.Array:
        return table.scan_array(plan, data, names)

    return F.arrow_udf(scan_named, ROW)(column, name)


# ---- tasks -----------------------------------------------------------------


def _tasks(spark: SparkSession, count: int) -> DataFrame:
    """A row with its number for each, in a partition of its own: Spark starts
    them in this order. What they are travels with the function."""
    return spark.range(0, count, 1, max(1, count))


@lru_cache(maxsize=1)
def _settle() -> None:
    """Once a worker, which looks for garbage after each task, in all that its
    imports have left, for as long as 50 MiB are scanned: leave that out."""
    gc.collect()
    gc.freeze()


def _numbers(batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
    _settle()
    for batch in batches:
        yield from batch.column(0).to_pylist()


# ---- Parquet files ---------------------------------------------------------


def _scan_tasks(plan: table.Plan, columns: table.Columns,
                tasks: list[list[table.Split]]) -> _Batches:
    def scan(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for task in _numbers(batches):
            for split in tasks[task]:
                yield from table.scan_split(plan, columns, split)

    return scan


def _columns(first: pa.Schema, text: str, name: str | None,
             keep: Iterable[str]) -> table.Columns:
    """Kept ones have the Arrow types that Spark has."""
    for column in keep:
        if column in ("file", "row", "scan"):
            raise ValueError("the result has its own column %r" % column)
    for wanted in (text, name, *keep):
        if wanted is not None and first.get_field_index(wanted) < 0:
            raise ValueError("the files have no column %r" % wanted)
    for wanted in (text, name):
        if wanted is not None:
            table.check_text(first.field(wanted).type, "the column %r" % wanted)
    kept = pa.schema([first.field(column) for column in keep])
    return table.Columns(text, name, to_arrow_schema(from_arrow_schema(kept)))


def scan_parquet(spark: SparkSession, paths: str | Iterable[str], column: str,
                 name: str | None = None, keep: Iterable[str] = (), *,
                 toml: str | None = None, task_size: int = 128 << 20,
                 **settings: Any) -> DataFrame:
    """A row for each row of Parquet files: `file`, `row` (from 0, in the file),
    the columns to `keep`, and `scan`, as scan_column gives it.

    The Python workers read the files themselves, where scan_column has the JVM
    read them and hand over each value, which takes longer than its scan.
    `paths`: files and folders, on this machine or as URIs (file, hdfs, s3, gs),
    as driver and executors see them. A task has `task_size` bytes of them, of
    one file the row groups that begin there. A file that cannot be read, or
    lacks a column, has a row whose `scan.error` says so, and whose `row` is
    null."""
    plan = table.Plan.of(toml, settings)
    found = table.files([paths] if isinstance(paths, str) else paths)
    if not found:
        raise FileNotFoundError("there are no files in %s" % paths)
    columns = _columns(table.schema(found), column, name, list(keep))
    tasks = table.tasks(found, task_size)
    return _tasks(spark, len(tasks)).mapInArrow(
        _scan_tasks(plan, columns, tasks), from_arrow_schema(columns.schema()))


# ---- repositories ----------------------------------------------------------


def _sized(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        paths = batch.column(0).to_pylist()
        yield pa.RecordBatch.from_pydict(
            {"repository": paths, "bytes": [fleet.size(p) for p in paths]},
            schema=pa.schema([("repository", table.TEXT),
                              ("bytes", table.LONG)]))


def _row(result: fleet.Result) -> dict[str, Any]:
    coverage = result.coverage
    return {
        "repository": result.repository, "status": result.status,
        "error": result.error,
        "findings": [{name: found.get(name) for name in table.FIELDS}
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


def _scan_each(job: fleet.Job, repositories: list[str]) -> _Batches:
    def scan(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for task in _numbers(batches):
            yield pa.RecordBatch.from_pylist(
                [_row(fleet.scan(repositories[task], job))], schema=_RESULT)

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
    if isinstance(arguments, str):
        raise TypeError("arguments are a list of texts, not one")
    job = fleet.Job(arguments=tuple(arguments), toml=toml, timeout=timeout)
    fleet.check(job)
    spark = repositories.sparkSession
    sized = (repositories.select(F.col(column).cast("string")
                                 .alias("repository"))
             .where(F.col("repository").isNotNull()).distinct()
             .mapInArrow(_sized, "repository string, bytes long"))
    # The names and sizes alone come to the driver.
    largest_first = sorted(
        sized.collect(), key=lambda row: (-row["bytes"], row["repository"]))
    names = [row["repository"] for row in largest_first]
    return _tasks(spark, len(names)).mapInArrow(_scan_each(job, names), RESULT)


def explode(results: DataFrame) -> DataFrame:
    """A row for each finding of scan_repositories: `repository`, and the
    fields of FINDING."""
    return (results.select("repository", F.explode("findings").alias("f"))
            .select("repository", "f.*"))

"""test_spark.py: secscan.spark on a real cluster of two executors."""

import glob
import io
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest
from conftest import Repository, token
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from secscan import fleet, table
from secscan.spark import (
    RESULT,
    explode,
    scan_column,
    scan_parquet,
    scan_repositories,
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """Two executors of one core, each a process of its own."""
    folder = tmp_path_factory.mktemp("spark")
    os.environ["SPARK_HOME"] = os.path.dirname(pyspark.__file__)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["SPARK_WORKER_DIR"] = str(folder / "work")
    session = (SparkSession.builder.master("local-cluster[2,1,1024]")
               .config("spark.ui.enabled", "false")
               .config("spark.driver.host", "127.0.0.1")
               .config("spark.driver.bindAddress", "127.0.0.1")
               .config("spark.local.dir", str(folder / "local"))
               .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
               .config("spark.sql.shuffle.partitions", "4")
               .config("spark.network.timeout", "300s")
               .getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_column__findings_are_masked_structs(spark):
    rows = [(i, None if i == 3 else "key = %s\n" % token(i) if i % 10 == 0
             else "clean") for i in range(100)]
    table = spark.createDataFrame(rows, "id int, text string")
    for column in (F.col("text"), F.col("text").cast("binary")):
        found = {row.id: row.scan for row in
                 table.select("id", scan_column(column).alias("scan"))
                 .collect()}
        assert found[3] is None
        assert [i for i in found if found[i] and found[i].findings] == list(
            range(0, 100, 10))
        finding = found[20].findings[0]
        assert finding.rule == "github-pat-classic"
        assert finding.secret == "ghp_********"
        assert finding.line == "key = ghp_********"
        assert not any(token(i) in str(found) for i in range(100))


def test_column__names_rules_and_settings(spark):
    rows = spark.createDataFrame([("word_qvzkwxjt", "a/b.txt")],
                                 "text string, name string")
    rule = '[[rules]]\nid = "mine"\nregex = "word_[a-z]{8}"\n'
    row, = rows.select(scan_column("text", "name", toml=rule).alias("s")
                       ).collect()
    assert [(f.rule, f.path) for f in row.s.findings] == [("mine", "a/b.txt")]
    with pytest.raises(Exception, match="unexpected keyword"):
        scan_column("text", no_such=1)


def test_column__what_is_wrong_with_a_value_is_in_its_row():
    """Nor need a name be text, in a table or in an archive."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        info = tarfile.TarInfo("a\udcff.txt")
        info.size = len(token())
        archive.addfile(info, io.BytesIO(token().encode()))
    rows = table.scan_array(
        table.Plan.of(None, {}), pa.array([data.getvalue()] * 4),
        pa.array(["a", "a\0b", b"\xff", None], pa.binary())).to_pylist()
    assert [row["error"] for row in rows] == [
        None, "a NUL byte in 'a\\x00b'", None, None]
    assert [finding["path"] for row in rows for finding in row["findings"]] == [
        "a!a\ufffd.txt", "\ufffd!a\ufffd.txt", "!a\ufffd.txt"]
    with pytest.raises(TypeError, match="values of int64: neither text nor"):
        table.scan_array(table.Plan.of(None, {}), pa.array([1]))


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    """Three files of several row groups, as a job leaves them: row i of all has
    a token when 10 divides it, and none of its text when i is 3."""
    folder = tmp_path_factory.mktemp("parquet")
    for number, day in enumerate(("_day=1", "_day=2", "_day=3")):
        ids = list(range(number * 50, number * 50 + 50))
        text = [None if i == 3 else "key = %s\n" % token(i) if i % 10 == 0
                else "clean" for i in ids]
        (folder / day).mkdir()
        pq.write_table(
            pa.table({"id": pa.array(ids, pa.int32()), "text": text,
                      "bytes": pa.array(text, pa.large_string()).cast(
                          pa.large_binary()),
                      "word": pa.array(text).dictionary_encode(),
                      "name": ["%d.txt" % i for i in ids]}),
            folder / day / "part.parquet", row_group_size=7)
    (folder / "_SUCCESS").touch()
    (folder / "_temporary").mkdir()
    (folder / "_temporary" / "half.parquet").write_bytes(b"PAR1")
    return folder


@pytest.mark.parametrize("column", ["text", "bytes", "word"])
def test_parquet__rows_are_those_of_a_column(spark, parquet, column):
    frame = spark.read.parquet(str(parquet))
    wanted = {row.id: row.scan for row in frame.select(
        "id", scan_column(column, "name").alias("scan")).collect()}
    # Of 500 bytes: more tasks than files, and some have no row group.
    for size in (500, 128 << 20):
        rows = scan_parquet(spark, str(parquet), column, "name", ["id"],
                            task_size=size)
        assert rows.columns == ["file", "row", "id", "scan"]
        found = rows.collect()
        assert len(found) == 150
        assert {row.id: row.scan for row in found} == wanted
        assert all(row.file.endswith("/_day=%d/part.parquet"
                                     % (row.id // 50 + 1))
                   and row.row == row.id % 50 for row in found)
    assert sum(bool(scan and scan.findings) for scan in wanted.values()) == 15


def test_parquet__a_broken_file_fails_its_own_row(spark, parquet, tmp_path):
    good = parquet / "_day=2" / "part.parquet"
    cut = tmp_path / "a-cut.parquet"
    cut.write_bytes(good.read_bytes()[:-100])
    empty = tmp_path / "empty.parquet"
    empty.touch()
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"text": ["clean"]}), other)
    number = tmp_path / "other_number.parquet"
    pq.write_table(pa.table({"text": [1], "id": [1]}), number)
    bad = [str(cut), str(empty), str(other), str(number)]
    rows = scan_parquet(spark, [*bad, "file://%s" % good], "text",
                        keep=["id"]).collect()
    assert len(rows) == 54
    lost = {row.file: row for row in rows if row.row is None}
    assert sorted(lost) == sorted(bad)
    assert "no column 'id'" in lost[str(other)].scan.error
    assert "column 'text' is of int64" in lost[str(number)].scan.error
    for row in lost.values():
        assert row.scan.error.startswith("the file cannot be read: ")
        assert row.id is None and row.scan.findings == []
    assert sum(row.file == str(good) and len(row.scan.findings)
               for row in rows) == 5


def test_parquet__what_cannot_be_asked_for(spark, parquet, tmp_path):
    with pytest.raises(FileNotFoundError):
        scan_parquet(spark, str(tmp_path / "missing"), "text")
    with pytest.raises(FileNotFoundError, match="no files"):
        scan_parquet(spark, str(tmp_path), "text")
    with pytest.raises(ValueError, match="no column 'nothing'"):
        scan_parquet(spark, str(parquet), "text", keep=["nothing"])
    with pytest.raises(ValueError, match="'scan'"):
        scan_parquet(spark, str(parquet), "text", keep=["scan"])
    with pytest.raises(TypeError, match="neither text nor bytes"):
        scan_parquet(spark, str(parquet), "id")
    with pytest.raises(TypeError, match="column 'id' of int32: neither"):
        scan_parquet(spark, str(parquet), "text", "id")


@pytest.fixture(scope="module")
def repositories(tmp_path_factory):
    """Of growing size; number i holds one secret."""
    folder = tmp_path_factory.mktemp("repositories")
    made = []
    for i in range(6):
        repository = Repository(folder / ("r%d" % i))
        repository.commit({"a.txt": "key = %s\n" % token(i),
                           "b.txt": os.urandom(2000 * i).hex()})
        made.append(repository)
    return made


def test_repositories__each_is_a_row_and_a_poisoned_one_fails_its_own(
        spark, repositories, tmp_path):
    bundle = tmp_path / "all.bundle"
    repositories[1].git("bundle", "create", "-q", str(bundle), "--all")
    broken = tmp_path / "broken.bundle"
    broken.write_bytes(bundle.read_bytes()[:-40])
    no_repository = tmp_path / "no-repository"
    no_repository.mkdir()
    paths = [str(r.path) for r in repositories] + [
        str(bundle), "file://%s" % bundle, str(broken), str(no_repository),
        str(tmp_path / "missing"), "ftp://127.0.0.1/x", str(bundle)]
    results = scan_repositories(
        spark.createDataFrame([(p,) for p in paths], "path string"))
    assert results.schema == RESULT
    rows = {row.repository: row for row in results.collect()}
    assert sorted(rows) == sorted(set(paths))
    good, bad = paths[:8], paths[8:12]
    for path in good:
        assert rows[path].status == "complete", rows[path]
        assert rows[path].n_findings == 1 == rows[path].gating
        finding = rows[path].findings[0]
        assert finding.line == "key = ghp_********" and finding.commit
    for path in bad:
        assert rows[path].status == "failed" and rows[path].error
        assert rows[path].findings == []


def test_repositories__one_a_task_the_largest_first(spark, repositories):
    paths = spark.createDataFrame([(str(r.path),) for r in repositories],
                                  "path string")
    results = scan_repositories(paths).withColumn(
        "task", F.spark_partition_id())
    order = [os.path.basename(row.repository)
             for row in sorted(results.collect(), key=lambda r: r.task)]
    assert order == ["r5", "r4", "r3", "r2", "r1", "r0"]
    assert results.select("task").distinct().count() == 6
    assert explode(scan_repositories(paths)).count() == 6


def test_repositories__one_that_hangs_fails_alone(repositories, tmp_path,
                                                  monkeypatch):
    """What the executors call, with a program that never ends."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(fleet, "PROGRAM", program)
    result = fleet.scan(str(repositories[0].path), fleet.Job(timeout=1))
    assert (result.status, result.error) == ("failed", "timeout")
    program.write_text("#!/bin/sh\nkill -SEGV $$\n")
    result = fleet.scan(str(repositories[0].path), fleet.Job())
    assert (result.status, result.error) == ("failed",
                                             "the scan ended with -11")


def test_repositories__say_why_they_fail(repositories, monkeypatch):
    path = str(repositories[0].path)
    result = fleet.scan(path, fleet.Job(("--min-severty", "high")))
    assert result.status == "failed"
    assert result.error.startswith("unknown option --min-severty")
    monkeypatch.chdir(path)
    assert fleet.scan("", fleet.Job()).error == "there is no name"


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_repositories__rules_are_utf8_in_any_locale(repositories, locale):
    program = """if True:
        import sys
        from secscan import fleet, table
        toml = ("[[rules]]\\nid = 'own'\\ndescription = '\\u00e9'\\n"
                "regex = 'ghp_[0-9A-Za-z]{36}'\\n")
        result = fleet.scan(sys.argv[1], fleet.Job(toml=toml))
        found, = result.findings
        assert found["description"] == "\\u00e9", ascii(found)
    """
    subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", program,
         str(repositories[0].path)], check=True,
        env={**os.environ, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0"})


def test_repositories__secrets_cannot_be_asked_for(spark):
    paths = spark.createDataFrame([("a",)], "path string")
    with pytest.raises(ValueError, match="not for fleets"):
        scan_repositories(paths, arguments=["--show-secrets"])
    with pytest.raises(TypeError, match="a list of texts"):
        scan_repositories(paths, arguments="--no-suppress")


def executors(spark):
    """Process ids of this session's executors."""
    application = spark.sparkContext.applicationId
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().decode(errors="replace").split("\0")
        except OSError:
            continue
        if (any("CoarseGrainedExecutorBackend" in word for word in words)
                and application in words):
            found.append(int(path.split("/")[2]))
    return found


def test_repositories__a_killed_executor_gives_no_duplicates(
        spark, repositories, tmp_path):
    """A table of what 60 repositories hold is written while one executor dies;
    its tasks run again, and nothing is there twice."""
    links = []
    for i in range(60):
        link = tmp_path / ("copy%02d" % i)
        os.symlink(repositories[i % 6].path, link)
        links.append((str(link),))
    results = scan_repositories(spark.createDataFrame(links, "path string"))
    out = str(tmp_path / "out")
    failures = []

    # Each task waits, so that there is a middle.
    def slowly(batches):
        for batch in batches:
            time.sleep(0.25)
            yield batch

    def write():
        try:
            results.mapInArrow(slowly, RESULT).write.parquet(out)
        except Exception as failure:
            failures.append(failure)

    before = executors(spark)
    assert len(before) == 2
    writer = threading.Thread(target=write)
    writer.start()
    tracker = spark.sparkContext.statusTracker()
    killed = None
    deadline = time.monotonic() + 120
    while killed is None and time.monotonic() < deadline:
        done = [info.numCompletedTasks for stage in tracker.getActiveStageIds()
                if (info := tracker.getStageInfo(stage)) and info.numTasks == 60]
        if done and done[0] >= 10:
            killed = before[0]
            os.kill(killed, signal.SIGKILL)
        time.sleep(0.05)
    writer.join(300)
    assert not writer.is_alive() and not failures, failures
    assert killed is not None and killed not in executors(spark)
    rows = spark.read.parquet(out).collect()
    assert len(rows) == 60 == len({row.repository for row in rows})
    assert all(row.status == "complete" and row.n_findings == 1
               for row in rows)

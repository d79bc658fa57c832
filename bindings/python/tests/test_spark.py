"""test_spark.py: secscan.spark on a real cluster of two executors."""

import glob
import os
import signal
import sys
import threading
import time

import pyspark
import pytest
from conftest import Repository, token
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from secscan import fleet
from secscan.spark import RESULT, explode, scan_column, scan_repositories


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
    table = spark.createDataFrame([("word_qvzkwxjt", "a/b.txt")],
                                  "text string, name string")
    rule = '[[rules]]\nid = "mine"\nregex = "word_[a-z]{8}"\n'
    row, = table.select(scan_column("text", "name", toml=rule).alias("s")
                        ).collect()
    assert [(f.rule, f.path) for f in row.s.findings] == [("mine", "a/b.txt")]
    with pytest.raises(Exception, match="unexpected keyword"):
        scan_column("text", no_such=1)


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


def test_repositories__secrets_cannot_be_asked_for(spark):
    paths = spark.createDataFrame([("a",)], "path string")
    with pytest.raises(ValueError, match="not for fleets"):
        scan_repositories(paths, arguments=["--show-secrets"])


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

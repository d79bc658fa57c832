"""spark.py rate | repositories: what secscan.spark costs on two executors.

    SPARK_HOME=.../pyspark python bench/bindings/spark.py rate [MIB [RUNS]]
    SPARK_HOME=.../pyspark python bench/bindings/spark.py repositories 10 100 1000

With a Python that has the release wheel and PySpark. `rate`: a table of MIB
(1,024) MiB of source code in rows of 1 MiB, on disk as Parquet without
compression; against the C library (through Python, the scans alone) on the same
rows in two processes. In processor time, that of the driver, of both executors
and of their Python workers together: the machine has other things to do. The
first of RUNS (10) is a cold cluster, which compiles. `repositories`: that many
copies of one small repository.
"""

import glob
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

import secscan
from secscan.spark import scan_column, scan_parquet, scan_repositories

ROW = 1 << 20
LEAKS = "size(scan.findings) > 0 or scan.error is not null"


def session(folder):
    made = (SparkSession.builder.master("local-cluster[2,1,2048]")
            .config("spark.executor.memory", "2g")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", folder)
            .config("spark.executor.extraJavaOptions",
                    "-XX:TieredStopAtLevel=1")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
            .config("spark.sql.parquet.columnarReaderBatchSize", "16")
            .config("spark.sql.files.maxPartitionBytes", "32m")
            .getOrCreate())
    made.sparkContext.setLogLevel("ERROR")
    return made


def source_text():
    """This project's own sources, at least 8 MiB of them."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))))
    parts = []
    for path in sorted(glob.glob(root + "/**/*.[ch]", recursive=True)):
        if "/build/" not in path:
            with open(path, encoding="utf-8", errors="replace") as file:
                parts.append(file.read())
    text = "".join(parts)
    return text * (1 + (8 << 20) // len(text))


def write_table(folder, mib):
    text = source_text()
    for part in range(0, mib, 32):
        rows = []
        for i in range(part, min(part + 32, mib)):
            at = i * 977 % (len(text) - ROW)
            rows.append(text[at:at + ROW])
        pq.write_table(pa.table({"text": rows}),
                       "%s/%05d.parquet" % (folder, part),
                       compression="none", use_dictionary=False,
                       row_group_size=32)


def in_c(paths):
    """Processor seconds of the scans alone, without reading."""
    scanner = secscan.Scanner()
    taken = 0.0
    for path in paths:
        column = pq.read_table(path).column("text")
        began = time.thread_time()
        for value in column:
            scanner.scan(value.as_buffer())
        taken += time.thread_time() - began
    return taken


def processor_seconds():
    """Of all processes below this one, by session: the driver, the executors,
    and their Python workers."""
    total = 0
    session_id = os.getsid(0)
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                words = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[3]) == session_id:
            # Its own, and of its children that have ended.
            total += sum(int(word) for word in words[11:15])
    return total / os.sysconf("SC_CLK_TCK")


def measure_rate(folder, mib, runs):
    path = folder + "/table"
    os.mkdir(path)
    write_table(path, mib)
    paths = sorted(glob.glob(path + "/*.parquet"))
    spark = session(folder)
    ways = {
        "scan_parquet": lambda: scan_parquet(spark, path, "text"),
        "scan_column": lambda: spark.read.parquet(path).select(
            scan_column("text").alias("scan")),
    }
    print("what\tMiB a processor second\tof C\tseconds")
    for run in range(runs):
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            in_c_rate = mib / sum(pool.map(in_c, [paths[::2], paths[1::2]], 1))
        print("C, two processes\t%.0f" % in_c_rate, flush=True)
        for name, way in ways.items():
            began, clock = processor_seconds(), time.perf_counter()
            way().where(LEAKS).collect()
            rate = mib / (processor_seconds() - began)
            print("%s\t%.0f\t%.0f %%\t%.1f" % (
                name, rate, 100 * rate / in_c_rate,
                time.perf_counter() - clock), flush=True)
    spark.stop()


def git(path, *args):
    subprocess.run(["git", "-C", path, "-c", "user.name=A", "-c",
                    "user.email=a@example.org", *args], check=True)


def measure_repositories(folder, counts):
    first = folder + "/first"
    os.mkdir(first)
    git(first, "init", "-q")
    text = source_text()
    for i in range(20):
        with open("%s/%d.c" % (first, i % 5), "w") as file:
            file.write(text[i * 50000:(i + 1) * 50000])
        git(first, "add", "-A")
        git(first, "commit", "-qm", "change %d" % i)
    for i in range(max(counts)):
        shutil.copytree(first + "/.git", "%s/r%04d.git" % (folder, i))
    spark = session(folder)
    print("repositories\tseconds\tms each")
    for count in [2, *counts]:
        paths = spark.createDataFrame(
            [("%s/r%04d.git" % (folder, i),) for i in range(count)],
            "path string")
        began = time.perf_counter()
        rows = scan_repositories(paths).select("status").collect()
        taken = time.perf_counter() - began
        assert {row.status for row in rows} == {"complete"}
        print("%d\t%.1f\t%.0f" % (count, taken, taken * 1000 / count),
              flush=True)
    spark.stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1] == "rate":
            numbers = [int(n) for n in sys.argv[2:]]
            measure_rate(folder, *numbers, *[1024, 10][len(numbers):])
        else:
            measure_repositories(folder, [int(n) for n in sys.argv[2:]])


if __name__ == "__main__":
    main()

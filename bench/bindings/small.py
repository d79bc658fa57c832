"""small.py BENCH_SMALL: what Python adds to the scan of one small buffer.

    ninja -C build/release bench_small
    python bench/bindings/small.py build/release/bench/bench_small

With a Python that has the wheel. Processor time, the least of 15 runs.
"""

import subprocess
import sys
import time

import secscan

WORDS = b"the quick brown fox jumps over the lazy dog\n"
COUNT = 20000


def nanoseconds(scan, data):
    times = []
    for _ in range(15):
        began = time.process_time_ns()
        for _ in range(COUNT):
            scan(data)
        times.append((time.process_time_ns() - began) / COUNT)
    return min(times)


def main():
    scanner = secscan.Scanner()
    print("bytes\tC ns\tPython ns\tover C ns")
    for length in (16, 64, 256, 1024, 4096):
        data = (WORDS * 100)[:length]
        c = float(subprocess.run([sys.argv[1], str(length)], check=True,
                                 stdout=subprocess.PIPE).stdout)
        python = nanoseconds(scanner.scan, data)
        print("%d\t%.0f\t%.0f\t%.0f" % (length, c, python, python - c))


main()

"""Matrix products against OpenBLAS: bench_gemm measures both sides itself."""

import os
import re
import shlex
import subprocess

from table import Table

LINE = re.compile(r"(?P<what>.*?)\s+(?P<m>\d+)\s+(?P<n>\d+)\s+(?P<k>\d+) (?P<order>[NT]{2})\s+[\d.]+ us"
                  r"\s+(?P<speed>[\d.]+) GFLOP/s .* ratio (?P<ratio>[\d.]+), "
                  r"of the fastest (?P<fastest>[\d.]+)")


def tables(setting):
    threads = setting.arguments.threads
    line = setting.ours("bench_gemm", "--threads", str(threads))
    # Idle threads of OpenBLAS otherwise spin for long enough to take a processor from ours.
    environment = os.environ | {"OPENBLAS_THREAD_TIMEOUT": "20"}
    output = subprocess.run(shlex.split(line), check=True, capture_output=True, text=True,
                            env=environment).stdout
    rows = [found for text in output.splitlines() if (found := LINE.match(text))]
    if not rows:
        raise SystemExit("performance: bench_gemm was built without OpenBLAS; install its headers")
    table = Table(f"Matrix products, {threads} threads: speed relative to OpenBLAS",
                  ["product", "m × n × k", "GFLOP/s", "ratio of medians", "of the fastest"])
    for row in rows:
        table.add(f"{row['what']} ({row['order']})", f"{row['m']} × {row['n']} × {row['k']}",
                  row["speed"], row["ratio"], row["fastest"])
    yield table

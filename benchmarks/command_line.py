"""`quote` on the command line: a whole process, from its start to the printed quote."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.apart import run
from benchmarks.requests import standard
from benchmarks.row import Row

RUNS = 15


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder) / "request.json"
        request.write_text(json.dumps(standard()))
        ours = ["-m", "fee_service", "quote", "--json", str(request)]
        kept = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        run(ours, kept)  # as everywhere the first start leaves bytecode behind for all others
        runs = [(run(ours, kept), run(["-c", "pass"])) for _ in range(RUNS)]
    seconds, memory = median(our.busy for our, _ in runs), median(our.memory for our, _ in runs)
    waited, bare = median(our.waited for our, _ in runs), median(its.busy for _, its in runs)
    how = (
        f"processor time of its one thread, so that what else the machine does is not in it: median of {RUNS}; bytecode"
        f" kept from a start before; {waited:.2f} s by the clock; an interpreter that does nothing: {bare:.2f} s"
    )
    what = "`quote` on the command line, from start to end"
    return [
        Row(what, f"{seconds:.2f} s", "≤ 0.35 s", seconds <= 0.35, how),
        Row(f"{what}: largest memory", f"{memory:.0f} MB", "≤ 40 MB", memory <= 40, how),
    ]

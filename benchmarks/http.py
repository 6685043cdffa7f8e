"""The preview over HTTP: against a bare route in the same server, with wrk; and the memory of its workers."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.load import Load, serving
from benchmarks.requests import variations
from benchmarks.row import Row, unmeasured

ROUNDS, SECONDS, COMPANIES = 3, 6, 300


def measure() -> list[Row]:
    what, wanted = "POST /v1/quotes/preview, requests per second against a bare route", "≥ 0.5"
    if shutil.which("wrk") is None:
        return [unmeasured(what, wanted, "wrk is not installed")]
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), what, wanted)


def _measure(folder: Path, what: str, wanted: str) -> list[Row]:
    runs: dict[str, list[Load]] = {"/bare": [], "/v1/quotes/preview": []}
    with serving(folder, variations(COMPANIES), "benchmarks.served:app") as service:
        for _ in range(ROUNDS):
            for path, loads in runs.items():
                loads.append(service.wrk(path, SECONDS))
        memory = service.memory()
    bare, preview = runs["/bare"], runs["/v1/quotes/preview"]
    rate = median(p.rate / b.rate for b, p in zip(bare, preview, strict=True))
    tail = median(p.p99 / b.p99 for b, p in zip(bare, preview, strict=True))
    rates = f"{median(p.rate for p in preview):,.0f} against {median(b.rate for b in bare):,.0f} a second"
    tails = f"{median(p.p99 for p in preview):.1f} against {median(b.p99 for b in bare):.1f} ms"
    setting = f"2 workers × 4 threads, 8 connections, {COMPANIES} companies, {ROUNDS} rounds in turns"
    return [
        Row(what, f"{rate:.2f}", wanted, rate >= 0.5, f"{rates}; {setting}"),
        Row(
            "The same, 99th percentile against the bare route's",
            f"{tail:.1f} times",
            "≤ 3 times",
            tail <= 3,
            tails,
        ),
        Row(
            "Memory of a worker after the load",
            f"{memory} MB",
            "< 150 MB",
            memory < 150,
            "resident set of the larger one",
        ),
    ]

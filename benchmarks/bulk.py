"""Rating in bulk: the kernel against OpenFisca's vectors, lines a second, `rate` from file to file, and a cluster."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.apart import largest_memory, run
from benchmarks.engine import EDITIONS
from benchmarks.engine import seconds as processor_seconds
from benchmarks.licences import table, write_licences
from benchmarks.peers import OPENFISCA
from benchmarks.row import Row, unmeasured
from fee_service.bulk.checking import Batch, Checker
from fee_service.bulk.columns import ROW
from fee_service.bulk.contracts import waived_ends
from fee_service.bulk.days import EPOCH, Whole, months_after, number_of
from fee_service.bulk.lines import lines_in
from fee_service.bulk.rating import SCHEMA, rated, segments_of
from fee_service.bulk.reading import Files, whole_contracts
from fee_service.bulk.running import rate_files
from fee_service.bulk.segments import (
    Lists,
    Runs,
    Segments,
    in_parts,
    lists_of,
    month_number,
    months_in,
    rate,
    rate_runs,
)
from fee_service.published.editions import Editions

CONTRACTS, MONTHS = 100_000, 60
ROWS_OF_A_PART = 30_000  # rows of the kernel at once that stay in the processor's cache
PRICES = {"securities_a": 2_000_000, "securities_b": 800_000, "securities_c": 400_000, "derivatives_a": 1_600_000}
PASSES = 5
CLUSTER_CONTRACTS = 48_500  # about 20 million lines and months


def measure() -> list[Row]:
    return [
        *_against_openfisca(),
        _lines_a_second("base fees", 10, usage=False, editions=EDITIONS),
        _lines_a_second("usage, exemptions and three lists", 5, usage=True, editions=_three_lists()),
        _against_writing(),
        _memory(),
        *_cluster(),
    ]


# -- the kernel --------------------------------------------------------------------------------------------


def _against_openfisca() -> list[Row]:
    """List amount and net of base fees with the waiver, from the founding day on; same answers."""
    what = "Base fees with the waiver, per contract and month, against OpenFisca's vectors"
    rng = np.random.default_rng(1)
    product = rng.integers(0, len(PRICES), CONTRACTS)
    first = number_of(date(2026, 1, 1)) + rng.integers(0, 365, CONTRACTS)
    end = np.full(CONTRACTS, number_of(date(2032, 1, 1)))
    founded = first - rng.integers(0, 3_000, CONTRACTS)
    months = [f"{year}-{month:02}" for year in range(2027, 2032) for month in range(1, 13)]
    given = {
        "prices": PRICES,
        "products": [list(PRICES)[number] for number in product],
        "first_days": (first + EPOCH).tolist(),
        "ends": (end + EPOCH).tolist(),
        "founded": (founded + EPOCH).tolist(),
        "months": months,
        "passes": PASSES,
    }
    price = np.array(list(PRICES.values()))[product]

    def ours(rows: int = ROWS_OF_A_PART) -> Iterator[Runs]:
        too_old = months_after(founded, 84)
        waived = np.where(first < too_old, np.minimum(months_after(first, 36), too_old), first)
        yes, nothing = np.ones(CONTRACTS, dtype=np.bool_), np.zeros(CONTRACTS, dtype=np.int64)
        segments = Segments(nothing, first, end, first, waived, price[:, None], yes, yes, nothing.astype(np.int8))
        lists = Lists(np.zeros((1, 1), dtype=np.int64), np.zeros((1, 1), dtype=np.int8))
        since = month_number(date(2027, 1, 1))
        for part in in_parts(np.full(CONTRACTS, MONTHS), rows):
            yield rate_runs(Segments._make(column[part] for column in segments), lists, since, since + MONTHS)

    alike = processor_seconds(lambda: [None for _ in ours(5 * ROWS_OF_A_PART)], PASSES)
    by_month = processor_seconds(lambda: [None for runs in ours() if runs.by_month()], PASSES)
    try:
        told = OPENFISCA.answer("openfisca_vectors.py", given)
    except (OSError, subprocess.CalledProcessError) as error:
        return [unmeasured(what, "≥ 50 times as fast", f"{OPENFISCA.name} could not be installed or run: {error}")]
    amounts = [runs.by_month() for runs in ours()]
    found = np.stack([np.concatenate([getattr(each, name) for each in amounts]) for name in ("list", "net")], axis=1)
    expected = np.array(told["answers"]).transpose(1, 0, 2).reshape(-1, 2)
    assert (found == expected).all(), "OpenFisca says other amounts"
    theirs, count = median(told["seconds"]), CONTRACTS * MONTHS

    def how(seconds: float) -> str:
        each, other = (took / count * 1e9 for took in (seconds, theirs))
        return f"{each:.1f} ns against {other:.0f} ns of processor time, all amounts the same"

    runs = Row(f"{what}: months in a row that cost the same told once", f"{theirs / alike:.0f} times",
               "≥ 50 times as fast", theirs >= 50 * alike, how(alike))  # fmt: skip
    return [runs, Row(f"{what}: every month written out", f"{theirs / by_month:.0f} times", "–", None, how(by_month))]


def _three_lists() -> Editions:
    """The published list, followed by two with other prices that begin inside a month."""
    first = EDITIONS.price_lists[0]
    second = replace(first, id="second", valid_from=date(2022, 3, 16), supersedes=first.id)
    third = replace(first, id="third", valid_from=date(2025, 1, 11), supersedes="second")
    return replace(EDITIONS, price_lists=(first, second, third))


def _lines_a_second(kind: str, least: int, usage: bool, editions: Editions) -> Row:
    """From checked licences to the amounts of every line and month, on one core."""
    checker = Checker(editions)
    licences = table(0, 20_000, usage)
    batch = checker.check(licences.append_column(ROW, pa.array(range(1, len(licences) + 1), pa.int64())))
    rows = 0

    def work() -> None:
        nonlocal rows
        rows = sum(len(months) for months in _rated(batch, checker))

    seconds = processor_seconds(work, PASSES)
    how = f"{rows:,} lines and months in {seconds:.2f} s of processor time, waivers and fees included"
    speed = rows / seconds / 1e6
    return Row(f"Lines and months a second on one core: {kind}", f"{speed:.0f} million", f"≥ {least} million",
               speed >= least, how)  # fmt: skip


def _rated(batch: Batch, checker: Checker) -> Iterator[Whole]:
    lines = lines_in(batch.licences, checker.shapes, len(batch.keys))
    segments = segments_of(batch, lines, checker)
    assert (waived_ends(batch.contracts, checker.editions) >= batch.contracts.starts_on).all()
    lists = lists_of(checker.sequences.spans)
    for part in in_parts(months_in(segments), ROWS_OF_A_PART):
        yield rate(Segments._make(column[part] for column in segments), lists).net


# -- from file to file -------------------------------------------------------------------------------------


def _against_writing() -> Row:
    """All of `rate` in one pass: reading, checking, rating, writing; and of it the writing of arrays that are ready."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        write_licences(given, CONTRACTS)
        rows, writing, started = 0, 0.0, time.process_time()
        checker = Checker(EDITIONS)
        with pq.ParquetWriter(out, SCHEMA) as writer:
            for some in whole_contracts(Files(given).tables()):
                for ready in rated(some, checker):
                    before = time.process_time()
                    writer.write_table(ready)
                    writing += time.process_time() - before
                    rows += len(ready)
        whole = time.process_time() - started
    what = f"`rate`, Parquet to Parquet, {CONTRACTS:,} contracts × {MONTHS} months, against writing the same output"
    how = f"{rows:,} rows: {whole:.1f} s of processor time, {writing:.1f} s of it the writing"
    return Row(what, f"{whole / writing:.1f} times", "≤ 3 times", whole <= 3 * writing, how)


def _memory() -> Row:
    """The largest memory of the command for more and more contracts; the most of them over fewer months."""
    used = {}
    with tempfile.TemporaryDirectory() as folder:
        for contracts, until in ((10_000, "2099-12"), (100_000, "2099-12"), (1_000_000, "2019-06")):
            given = Path(folder) / "in.parquet"
            write_licences(given, contracts)
            months = [] if until == "2099-12" else ["--until", until]
            arguments = ["-m", "fee_service", "rate", str(given), "--out", str(Path(folder) / "out.parquet"), *months]
            used[contracts] = run(arguments).memory
    how = ", ".join(f"{contracts:,} contracts {memory:.0f} MB" for contracts, memory in used.items())
    flat = max(used.values()) <= 1.25 * used[10_000]
    return Row("`rate`: largest memory", f"{max(used.values()):.0f} MB", "< 1 GB, flat",
               max(used.values()) < 1024 and flat, how)  # fmt: skip


# -- a cluster ---------------------------------------------------------------------------------------------


def _cluster() -> list[Row]:
    """Two workers that are there already against one process; both write a folder or a file of Parquet."""
    what, wanted = (
        "Dask, two warm local workers, against one process, 20 million lines and months",
        "≥ 1.5 times as fast",
    )
    try:
        import distributed
    except ImportError as error:
        return [unmeasured(what, wanted, f"requirements-cluster.txt is not installed: {error}")]
    from fee_service.bulk.cluster import rate_on_cluster

    options: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": 50}
    ours: list[float] = []
    one: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "in.parquet"
        write_licences(given, CLUSTER_CONTRACTS)
        started = time.perf_counter()
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **options) as workers:
            with distributed.Client(workers) as client:
                client.run(_warm)
            cold = time.perf_counter() - started
            for number in range(3):
                files, out = Files(given), Path(folder) / f"one-{number}"
                one.append(_seconds(lambda f=files, o=out: rate_files(f, o, EDITIONS, None, _quiet)))
                out, address = Path(folder) / f"two-{number}", workers.scheduler_address
                ours.append(
                    _seconds(lambda f=files, o=out, a=address: rate_on_cluster(f, o, EDITIONS, None, _quiet, a))
                )
            with distributed.Client(workers) as client:
                memory = max(client.run(largest_memory).values())
        rows = pq.ParquetDataset(Path(folder) / "two-0").read(["net"]).num_rows
    ratio = median(one) / median(ours)
    how = f"{median(ours):.1f} s against {median(one):.1f} s for {rows:,} rows; a cold start is {cold:.1f} s more"
    return [
        Row(what, f"{ratio:.2f} times", wanted, ratio >= 1.5, how),
        Row("The same: largest memory of a worker", f"{memory:.0f} MB", "< 1.5 GB", memory < 1536, "of two"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _quiet(done: int) -> None:
    """Tell no progress."""


def _warm() -> None:
    import fee_service.bulk.cluster  # noqa: F401 -- what a worker needs is there when it begins

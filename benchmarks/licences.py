"""Tables of licences to be rated in bulk: as many contracts as asked for, made from a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST, DAYS = 17_713, 2_900  # starts from 2018-07-01 on
AT_ONCE = 50_000
PRODUCTS = ("securities_a", "securities_b", "securities_c", "derivatives_a")


def write_licences(path: Path, contracts: int, usage: bool = True) -> int:
    """Write a table of so many contracts of one to three licences, with usage or base fees alone; answers its rows."""
    rows = 0
    with pq.ParquetWriter(path, table(0, 1, usage).schema) as writer:
        for first in range(0, contracts, AT_ONCE):
            part = table(first, min(AT_ONCE, contracts - first), usage)
            writer.write_table(part)
            rows += len(part)
    return rows


def table(first: int, count: int, usage: bool) -> pa.Table:
    """Contracts from a number on."""
    rng = np.random.default_rng(first)
    licences = rng.integers(1, 4, count)
    of = np.repeat(np.arange(count), licences)
    within = np.arange(len(of)) - np.repeat(np.cumsum(licences) - licences, licences)
    starts = FIRST + rng.integers(0, DAYS, count)
    founded = starts - rng.integers(0, 3_000, count)
    product = (rng.integers(0, len(PRODUCTS), count)[of] + within) % len(PRODUCTS)
    ids = rng.integers(0, 3_000, (3, len(of))) if usage else np.zeros((3, len(of)), dtype=np.int64)
    prior = np.where(rng.random(count) < 0.2, rng.integers(0, 20, count), 0)
    nothing = pa.nulls(len(of))

    def days(numbers: np.ndarray) -> pa.Array:
        return pa.array(numbers[of].astype(np.int32)).cast(pa.date32())

    def words(*choices: str | None) -> pa.Array:
        return pa.array(choices, pa.string()).take(pa.array(rng.integers(0, len(choices), count)[of]))

    def picked(choices: pa.Array, places: np.ndarray) -> pa.Array:
        return choices.take(pa.array(places.astype(np.int64)))

    options = pa.array([["retail"], ["general", "retail"]])
    return pa.table(
        {
            "contract": picked(pa.array([f"Q-{number:08}" for number in range(first, first + count)]), of),
            "founded_on": days(founded),
            "size": words("sme", "sme", "sme", "mid_sized"),
            "qualification": words("fintech", "fintech", "otherwise_recognised", None),
            "channel": words("open_api"),
            "starts_on": days(starts),
            "ends_on": nothing.cast(pa.date32()),
            "waiver_policy": nothing.cast(pa.string()),
            "prior_months": pa.array(prior[of]),
            "prior_days": pa.array((prior * 3 % 31)[of]),
            "agreement": picked(pa.array(["real_time"]), np.zeros(len(of))),
            "product": picked(pa.array(PRODUCTS), product),
            "options": picked(options, rng.random(len(of)) < 0.2),
            "affiliate_extension": pa.array(rng.random(len(of)) < (0.2 if usage else 0)),
            "reception_sets": pa.array(np.ones(len(of), dtype=np.int64)),
            "disaster_recovery_sets": pa.array(np.zeros(len(of), dtype=np.int64)),
            "standard_ids": pa.array(ids[0]),
            "personal_ids": pa.array(ids[1]),
            "queries": pa.array(np.zeros(len(of), dtype=np.int64)),
            "api_calls_per_month": nothing.cast(pa.int64()),
        }
    )

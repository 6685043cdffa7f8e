"""What contracts are billed as Parquet: the columns by their public names, amounts in int64, days as days.

Arrow is heavy, and a process that answers requests does without: it has the file made by a process of its own
(`python -m fee_service.documents.billed_parquet ROWS FILE`), which gets the rows as lines of JSON.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from fee_service.answers.billed import COLUMNS, BilledContract

ROWS_AT_ONCE = 50_000
SECONDS = 120  # that a process may take for what is answered at once
WHOLE = ("quantity", "unit_price", "days", "charged_days", "days_in_month", "list", "waiver", "net")
DAY = "invoice_on"


def billed_parquet(contracts: Iterable[BilledContract], path: Path) -> None:
    """Write the file in this process."""
    _write((line[: len(COLUMNS)] for contract in contracts for line in contract.lines), path)


def billed_parquet_aside(contracts: Iterable[BilledContract], path: Path) -> None:
    """Have the file written by another process."""
    rows = path.with_suffix(".rows")
    with rows.open("wb") as file:
        for contract in contracts:
            for line in contract.lines:
                file.write(orjson.dumps(line[: len(COLUMNS)]) + b"\n")
    subprocess.run([sys.executable, "-m", __name__, str(rows), str(path)], check=True, timeout=SECONDS)
    rows.unlink()


def _write(rows: Iterator[Sequence[Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {DAY: pa.date32(), **dict.fromkeys(WHOLE, pa.int64())}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while part := list(islice(rows, ROWS_AT_ONCE)):
            columns = zip(zip(*part, strict=True), schema, strict=True)
            arrays = [pa.array(column, field.type) for column, field in columns]
            writer.write_table(pa.table(arrays, schema=schema))


def _read(path: Path) -> Iterator[Sequence[Any]]:
    from datetime import date

    day = COLUMNS.index(DAY)
    with path.open("rb") as file:
        for line in file:
            row = orjson.loads(line)
            row[day] = date.fromisoformat(row[day])
            yield row


if __name__ == "__main__":
    _write(_read(Path(sys.argv[1])), Path(sys.argv[2]))

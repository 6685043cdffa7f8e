"""What a reconciliation found, as Parquet: its columns by their public names, table by table."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from fee_service.answers.reconciled import RESULT
from fee_service.documents.reconciled_columns import Result


def reconciled_parquet(result: Result, path: Path) -> None:
    """Write the file; amounts in int64, days as days, the columns that nobody knows as a map."""
    with pq.ParquetWriter(path, RESULT, compression="zstd") as writer:
        for table in result.tables():
            writer.write_table(table)

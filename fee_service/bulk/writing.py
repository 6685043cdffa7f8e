"""What was rated as it is written: a Parquet or CSV file, or a folder of parts; whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from fee_service.bulk.rating import SCHEMA, WORDS

PART = "part-{:05}.parquet"
Write = Callable[[pa.Table], object]


class OutputExists(Exception):
    """A folder that holds something already is not written over."""


def is_folder(out: Path) -> bool:
    """Whether an output is a folder of parts: where its name says neither Parquet nor CSV."""
    return out.suffix.lower() not in (".parquet", ".pq", ".csv")


@contextlib.contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A place beside the output, which takes its name in the end, or is gone where something went wrong.

    Raises OutputExists.
    """
    if out.is_dir() and (not is_folder(out) or any(out.iterdir())):
        raise OutputExists(str(out))
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}.tmp")
    try:
        if is_folder(out):
            temporary.mkdir()
        yield temporary
        os.replace(temporary, out)
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def opened(place: Path, out: Path) -> Iterator[Write]:
    """Write tables of SCHEMA, one after another, in the form that the name of the output says."""
    if is_folder(out):
        numbers = iter(range(10**5))
        yield lambda table: write_part(place / PART.format(next(numbers)), [table])
    elif out.suffix.lower() == ".csv":
        with pacsv.CSVWriter(place, _as_text(SCHEMA.empty_table()).schema) as writer:
            yield lambda table: writer.write_table(_as_text(table))
    else:
        with pq.ParquetWriter(place, SCHEMA) as writer:
            yield writer.write_table


def write_part(place: Path, tables: Iterator[pa.Table] | list[pa.Table]) -> int:
    """Write one part whole or not at all; answers its rows. Written again, it is the same part."""
    temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}.tmp")
    rows = 0
    try:
        with pq.ParquetWriter(temporary, SCHEMA) as writer:
            for table in tables:
                writer.write_table(table)
                rows += len(table)
        os.replace(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)
    return rows


def _as_text(table: pa.Table) -> pa.Table:
    """CSV has no coded columns."""
    fields: list[Any] = [(field.name, pa.string() if field.type == WORDS else field.type) for field in table.schema]
    return table.cast(pa.schema(fields))

"""Parquet: bounded by what its footer says before a row is read; each value as text, so that one grammar reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fee_service.errors import Fault, FeeError
from fee_service.invoices.columns import MOST_COLUMNS, Header, find_header
from fee_service.invoices.shape import Batch
from fee_service.invoices.tables import Sheet, lines_in
from fee_service.invoices.workbook_tables import number_as_text

BEGINS = b"PAR1"
ROWS = 20_000  # of a batch
MOST_ROWS = 20_000_000
MOST_BYTES = 8_000_000_000  # unpacked, as the footer says
LONGEST_TEXT = 4_096
_KOREA = timedelta(hours=9)  # an instant is that of a day there


class Parquet(NamedTuple):
    """A file that may be read, and its header."""

    file: Any
    header: Header


def opened(file: BinaryIO) -> Parquet:
    """Raises FeeError (422): `parquet_unreadable`, `parquet_too_large`, `file_columns_too_many`, `header_not_found`."""
    file.seek(0)
    try:
        parquet = pq.ParquetFile(file, thrift_string_size_limit=10_000_000, thrift_container_size_limit=1_000_000)
        told = parquet.metadata
        unpacked = sum(told.row_group(index).total_byte_size for index in range(told.num_row_groups))
        names = parquet.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError):
        raise FeeError([Fault("parquet_unreadable")]) from None
    if told.num_rows > MOST_ROWS or unpacked > MOST_BYTES:
        raise FeeError([Fault("parquet_too_large", "", {"rows": MOST_ROWS})])
    if len(names) > MOST_COLUMNS or told.num_columns > MOST_COLUMNS:
        raise FeeError([Fault("file_columns_too_many", "", {"most": MOST_COLUMNS})])
    header = find_header([names])
    if header is None:
        raise FeeError([Fault("header_not_found")])
    file.seek(0)
    texts = [field.name for field in parquet.schema_arrow if pa.types.is_string(field.type)]
    return Parquet(pq.ParquetFile(file, read_dictionary=texts), header)  # a long text that comes often is kept once


def batches(parquet: Parquet, sheet: Sheet) -> Iterator[Batch]:
    """Every row; a file that is damaged further down is refused there."""
    first = 1
    names = parquet.file.schema_arrow.names
    wanted = [names[column.at] for column in parquet.header.columns]
    try:
        for batch in parquet.file.iter_batches(ROWS, columns=wanted, use_threads=False):
            batch.validate(full=True)  # texts that are no UTF-8 fail here, not where they are looked at
            texts = {column.at: _texts(batch.column(names[column.at])) for column in parquet.header.columns}
            yield lines_in(sheet, texts, pa.array(range(first, first + len(batch)), pa.int64()))
            first += len(batch)
    except (pa.ArrowException, OSError):
        raise FeeError([Fault("parquet_unreadable")]) from None


def _texts(column: Any) -> Any:
    kind = column.type
    if pa.types.is_dictionary(kind):
        longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        if longest > LONGEST_TEXT:
            raise FeeError([Fault("parquet_text_too_long", "", {"most": LONGEST_TEXT})])
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_floating(kind):
        numbers = column.dictionary_encode()
        texts = [None if number is None else number_as_text(number) for number in numbers.dictionary.to_pylist()]
        return pa.array(texts, pa.string()).take(numbers.indices)
    if pa.types.is_decimal(kind):
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    if pa.types.is_timestamp(kind) and kind.tz:
        column = pc.add(column.cast(pa.timestamp(kind.unit)), pa.scalar(_KOREA, pa.duration(kind.unit)))
    if pa.types.is_temporal(kind):
        return column.cast(pa.date32()).cast(pa.string()) if not pa.types.is_time(kind) else column.cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        return pa.nulls(len(column), pa.string())
    texts = column.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)

"""Rows of cells from anywhere, a header found among the first of them, and batches of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

import pyarrow as pa

from fee_service.invoices.columns import LOOKED_AT, Header, find_header
from fee_service.invoices.shape import Batch, blank, empty, rejected
from fee_service.invoices.tables import Sheet, lines_in
from fee_service.invoices.values import OtherKind, OtherRow, Place

ROWS = 20_000  # of a batch


class NumberedRow(NamedTuple):
    """The cells of a row, and its number."""

    number: int
    cells: Sequence[str | None]


class Head(NamedTuple):
    """The first rows, and the header found in them, if there is one."""

    rows: list[NumberedRow]
    header: Header | None


def head_of(rows: Iterator[NumberedRow]) -> Head:
    """The first rows, taken from all."""
    first = list(islice(rows, LOOKED_AT))
    return Head(first, find_header([row.cells for row in first]))


def batches(head: Head, rest: Iterator[NumberedRow], sheet: Sheet) -> Iterator[Batch]:
    """Every row in one batch or another."""
    header = sheet.header
    others = [_above(row, index >= header.first, sheet) for index, row in enumerate(head.rows[: header.last + 1])]
    yield Batch(empty(), {}, others)
    rows = chain(head.rows[header.last + 1 :], rest)
    while some := list(islice(rows, ROWS)):
        yield _batch(some, sheet)


def without_header(rows: Iterator[NumberedRow], file: str, sheet: str | None) -> Iterator[Batch]:
    """Rows of a sheet that is no table of invoices: each is told, none is read."""
    while some := list(islice(rows, ROWS)):
        yield Batch(empty(), {}, [rejected(Place(file, sheet, row.number), "row_without_header") for row in some])


def _above(row: NumberedRow, is_header: bool, sheet: Sheet) -> OtherRow:
    place = Place(sheet.file, sheet.sheet, row.number)
    if not any(row.cells):
        return blank(place)
    return OtherRow(place, OtherKind.HEADER if is_header else OtherKind.PREAMBLE)


def _batch(rows: Sequence[NumberedRow], sheet: Sheet) -> Batch:
    columns = {
        column.at: pa.array(
            [(row.cells[column.at] or None) if column.at < len(row.cells) else None for row in rows], pa.string()
        )
        for column in sheet.header.columns
    }
    return lines_in(sheet, columns, pa.array([row.number for row in rows], pa.int64()))

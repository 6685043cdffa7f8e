"""Sheets of workbooks as rows of text: each cell as it would be typed, so that one grammar reads all formats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import BinaryIO

from fee_service.invoices.personal import masked_file_name
from fee_service.invoices.row_tables import NumberedRow
from fee_service.sheets.workbooks import Broken, Cell, Limits, rows_of

LIMITS = Limits()
MOST_EXACT = 10**15  # from 16 digits on, a cell has lost some


def sheets(file: BinaryIO, limits: Limits = LIMITS) -> Iterator[tuple[str, Iterator[NumberedRow]]]:
    """The name of each sheet with rows, and its rows."""
    file.seek(0)
    for name, rows in groupby(rows_of(file, limits), key=lambda row: row.sheet):
        yield masked_file_name(name), (NumberedRow(row.number, [as_text(cell) for cell in row.cells]) for row in rows)


def as_text(cell: Cell) -> str | None:
    """A cell as text; one with lost digits in exponents, as Excel shows it."""
    match cell:
        case None:
            return None
        case str():
            return cell
        case Broken("error"):
            return "#ERROR!"
        case Broken():
            return "="
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return number_as_text(cell)
        case datetime():
            return cell.isoformat(" ")
        case date():
            return cell.isoformat()


def number_as_text(number: float) -> str:
    """A number without exponents, whole ones without decimals, unless its digits are lost."""
    if not abs(number) < float("inf"):
        return "#NUM!"
    if abs(number) >= MOST_EXACT:
        return f"{number:.14E}"
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f")

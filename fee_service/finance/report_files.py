"""Files of usage reports: their rows as they stand, CSV or workbook, and the names of their columns."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fee_service.errors import Fault, FeeError
from fee_service.sheets.decoding import decoded
from fee_service.sheets.workbooks import Cell, Limits, is_workbook, rows_of
from fee_service.spelling import one_width

NEEDED = ("contract", "month", "product", "standard_ids", "personal_ids", "queries")
FURTHER = ("reported_on", "corrects")  # the day is today, and nothing is corrected, where the column is left out
COLUMNS = (*NEEDED, *FURTHER)
MOST_ROWS = 200_000
MOST_COLUMNS = 50
OF_A_WORKBOOK = Limits(rows=MOST_ROWS + 1, columns=MOST_COLUMNS)


class FileRow(NamedTuple):
    """A row by the names of its columns; `number` as people count rows.

    `nameless`: it has cells under no name; `short`: it ends before the last column, as where a file was cut off.
    """

    number: int
    cells: Mapping[str, Cell]
    nameless: bool = False
    short: bool = False


def rows_in(raw: bytes) -> Iterator[FileRow]:
    """The rows of a file below its header, without those that are blank.

    Raises FeeError (422) where it cannot be read, holds no rows, or its columns are not the ones wanted.
    """
    rows = _in_workbook(raw) if is_workbook(raw) else _in_csv(raw)
    _, header = next(rows, (0, None))
    if header is None:
        raise FeeError([Fault("file_empty")])
    names = _columns(header)
    count = 0
    for count, (number, cells) in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise FeeError([Fault("file_too_many_rows", "", {"maximum": MOST_ROWS})])
        yield _row(number, cells, names)
    if not count:
        raise FeeError([Fault("file_without_rows")])


def _row(number: int, cells: Sequence[Cell], names: Sequence[str]) -> FileRow:
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    rest = [cell for name, cell in zip(names, cells, strict=False) if not name]
    nameless = any(not _is_blank(cell) for cell in (*rest, *cells[len(names) :]))
    return FileRow(number, named, nameless, len(cells) < len(names))


def _columns(header: Sequence[Cell]) -> list[str]:
    """The name of each column, empty where it has none. Raises FeeError with all that is wrong with them."""
    names = [one_width(cell).lower().replace(" ", "_") if isinstance(cell, str) else "" for cell in header]
    faults = [
        Fault("file_column_unknown", "/rows/1", {"value": name[:60], "known": COLUMNS})
        for name in dict.fromkeys(names)
        if name and name not in COLUMNS
    ]
    faults += [Fault("file_column_twice", "/rows/1", {"value": name}) for name in COLUMNS if names.count(name) > 1]
    missing = tuple(name for name in NEEDED if name not in names)
    if missing:
        faults.append(Fault("file_columns_missing", "/rows/1", {"missing": missing, "known": COLUMNS}))
    if faults:
        raise FeeError(faults[:MOST_COLUMNS])
    return names


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not one_width(cell))


# -- CSV -----------------------------------------------------------------------------------------------


def _in_csv(raw: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a CSV, or of one with tabs; each with the line on which it begins."""
    text = decoded(raw).text
    header = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter="\t" if "\t" in header else ",")
    line = 1
    try:
        for row in reader:
            if reader.line_num > line:  # a quote that nobody closed would swallow the rows behind it
                raise FeeError([Fault("file_row_over_lines", f"/rows/{line}", {"row": line, "last": reader.line_num})])
            if any(one_width(cell) for cell in row):
                yield line, list(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FeeError([Fault("file_not_csv", f"/rows/{line}", {"row": line})]) from error


# -- workbooks -----------------------------------------------------------------------------------------


def _in_workbook(raw: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of the one sheet that holds any."""
    with tempfile.TemporaryFile(prefix="fee-service-usage-") as file:
        file.write(raw)
        file.seek(0)
        sheet = None
        for row in rows_of(file, OF_A_WORKBOOK):
            if all(_is_blank(cell) for cell in row.cells):
                continue
            if sheet not in (None, row.sheet):
                raise FeeError([Fault("file_several_sheets", "", {"first": sheet, "second": row.sheet})])
            sheet = row.sheet
            yield row.number, row.cells

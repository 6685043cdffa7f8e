"""Workbooks are opened by a child that may fail: what it reads is exact, and what does harm is refused."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fee_service.errors import FeeError
from fee_service.sheets.workbooks import Broken, Limits, Row, is_workbook, rows_of


def workbook(path: Path, fill: Callable[[Any, Any], None]) -> Path:
    """A workbook of one sheet."""
    made = xlsxwriter.Workbook(path)
    fill(made, made.add_worksheet("June"))
    made.close()
    return path


def read(path: Path, limits: Limits | None = None) -> list[Row]:
    """All rows of a workbook."""
    with path.open("rb") as file:
        return list(rows_of(file, *([limits] if limits else [])))


def refusal(path: Path, limits: Limits | None = None) -> str:
    """The code with which a workbook is refused."""
    with pytest.raises(FeeError) as refused:
        read(path, limits)
    return refused.value.faults[0].code


def test_cells_come_as_what_they_are(tmp_path: Path) -> None:
    """Text, numbers, flags, days and blanks; the row number is the one that people see, past rows left empty above."""

    def fill(made: Any, sheet: Any) -> None:
        day = made.add_format({"num_format": "yyyy-mm"})
        sheet.write_row(2, 1, ["가", 10, 10.5, True])
        sheet.write_datetime(3, 1, datetime(2026, 12, 1), day)
        sheet.write_datetime(3, 2, datetime(2026, 12, 1, 13, 30), made.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    rows = read(workbook(tmp_path / "a.xlsx", fill))
    assert rows[0] == ("June", 3, [None, "가", 10, 10.5, True])
    assert rows[1].cells[:3] == [None, date(2026, 12, 1), datetime(2026, 12, 1, 13, 30)]


def test_errors_and_formulas_that_nobody_computed_are_no_values(tmp_path: Path) -> None:
    """Read as they are stored, the first would be a blank and the second a 0."""

    def fill(_: Any, sheet: Any) -> None:
        sheet.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 1, "=A2+1")  # the library stores 0 and asks Excel to compute it
        sheet.write_formula(0, 2, "=A2+1", None, "")
        sheet.write_formula(0, 3, "=A2+1", None, 8)
        sheet.write(0, 27, "far")

    cells = read(workbook(tmp_path / "a.xlsx", fill))[0].cells
    assert cells[:4] == [Broken("error"), Broken("formula"), Broken("formula"), 8]
    assert cells[27] == "far"


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip at all", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"text"])
def test_what_is_no_workbook_is_unreadable(content: bytes, tmp_path: Path) -> None:
    """However it begins."""
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refusal(tmp_path / "a.xlsx") == "workbook_unreadable"


def test_a_truncated_workbook_is_unreadable(tmp_path: Path) -> None:
    """The end of a ZIP holds its directory."""
    path = workbook(tmp_path / "a.xlsx", lambda _, sheet: sheet.write(0, 0, 1))
    path.write_bytes(path.read_bytes()[:-30])
    assert refusal(path) == "workbook_unreadable"


def test_a_workbook_that_unpacks_to_far_more_is_refused_unread(tmp_path: Path) -> None:
    """A sheet of 500 MB of blanks in half a megabyte."""
    path = workbook(tmp_path / "a.xlsx", lambda _, sheet: sheet.write(0, 0, 1))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/media/a.bin", "w") as part:
        for _ in range(500):
            part.write(bytes(1_000_000))
    began = time.monotonic()
    assert refusal(path) == "workbook_too_large"
    assert time.monotonic() - began < 10


def test_two_cells_at_the_ends_of_a_sheet_do_not_take_all_memory(tmp_path: Path) -> None:
    """Between A1 and the last cell lie 17 billion: the child runs out of memory, nobody else does."""

    def fill(_: Any, sheet: Any) -> None:
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 1)

    assert refusal(workbook(tmp_path / "a.xlsx", fill)) == "workbook_too_large"


def test_more_rows_or_columns_than_wanted_are_refused(tmp_path: Path) -> None:
    """The limits are the caller's."""
    path = workbook(tmp_path / "a.xlsx", lambda _, sheet: sheet.write_column(0, 0, range(11)))
    assert refusal(path, Limits(rows=10)) == "workbook_too_large"
    assert len(read(path, Limits(rows=11))) == 11


def test_a_workbook_is_known_by_its_first_bytes() -> None:
    """Whatever its name and its content type say."""
    memory = io.BytesIO()
    xlsxwriter.Workbook(memory, {"in_memory": True}).close()
    assert is_workbook(memory.getvalue())
    assert not is_workbook(b"contract,month\n")

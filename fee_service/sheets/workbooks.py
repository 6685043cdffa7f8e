"""Workbooks (XLSX, XLS, ODS) row by row, opened by a child with little memory and time: running out of it aborts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.sheets import child

CHILD = Path(child.__file__)
KINDS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # how XLSX and ODS begin, and XLS
AFTER_ALL = 5.0  # seconds that a child may take beyond its own time, where the machine is busy


class Broken(NamedTuple):
    """A cell without a value: `error` (#DIV/0! and the like) or `formula` (one that nobody has computed)."""

    what: str


Cell = str | int | float | bool | date | datetime | Broken | None


class Row(NamedTuple):
    """A row of a sheet; its number is the one that people see, from 1."""

    sheet: str
    number: int
    cells: list[Cell]


class Limits(NamedTuple):
    """What a workbook may take to be opened (bytes, seconds, rows and columns of a sheet)."""

    memory: int = 1_000_000_000
    seconds: int = 30
    unpacked: int = 400_000_000
    rows: int = 1_048_576
    columns: int = 200


USUAL = Limits()


def is_workbook(beginning: bytes) -> bool:
    """Whether a file begins like a workbook, whatever it is called."""
    return beginning.startswith(KINDS)


def rows_of(file: BinaryIO, limits: Limits = USUAL) -> Iterator[Row]:
    """The rows of all sheets of a workbook, which is a file on the disk, read from where it stands.

    Raises FeeError (422): `workbook_unreadable`, `workbook_encrypted`, `workbook_too_large`.
    """
    with tempfile.TemporaryFile(prefix="fee-service-rows-") as rows:
        _open(file, rows, limits)
        rows.seek(0)
        sheet = ""
        for line in rows:
            told = orjson.loads(line)
            if isinstance(told, dict):
                sheet = told["sheet"]
            else:
                yield Row(sheet, told[0], [_cell(cell) for cell in told[1]])


def _open(file: BinaryIO, rows: Any, limits: Limits) -> None:
    asked = [sys.executable, "-I", str(CHILD), *map(str, limits)]
    try:
        done = subprocess.run(
            asked, stdin=file, stdout=rows, stderr=subprocess.DEVNULL, timeout=limits.seconds + AFTER_ALL, check=False
        )
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = child.TOO_LARGE
    if code == 0:
        return
    codes = {child.UNREADABLE: "workbook_unreadable", child.ENCRYPTED: "workbook_encrypted"}
    raise FeeError([Fault(codes.get(code, "workbook_too_large"))])  # also where it was aborted or killed


def _cell(told: Any) -> Cell:
    if not isinstance(told, dict):
        return told  # type: ignore[no-any-return]  # what JSON knows stands for itself
    kind, value = next(iter(told.items()))
    match kind:
        case "day":
            return date.fromisoformat(value)
        case "at":
            return datetime.fromisoformat(value)
        case "broken":
            return Broken(value)
    return str(value)

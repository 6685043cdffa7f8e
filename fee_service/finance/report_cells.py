"""What the cells of a file of usage reports say, by a grammar: what may mean two things is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from fee_service.errors import Fault
from fee_service.finance.asked_reports import AskedUse, Place
from fee_service.finance.report_files import FileRow
from fee_service.model import Usage
from fee_service.sheets.workbooks import Broken, Cell
from fee_service.spelling import one_width
from schemas.fields import FIRST_DAY, LAST_DAY, MOST_COUNT, shown

# As it is, or grouped by threes as people write it; a spreadsheet's .0 behind it. 007, 1e6, 1_000 and 1.000 are none.
_COUNT = re.compile(r"(0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.00?)?")
_NEGATIVE = re.compile(r"-[0-9][0-9,]*(?:\.00?)?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-01)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refused(Exception):
    """What a cell holds cannot be taken."""

    def __init__(self, code: str, **params: str) -> None:
        self.code, self.params = code, params
        super().__init__(code)


class ReadRow(NamedTuple):
    """What a row without a fault says; None where a cell is left open."""

    place: Place
    contract: str
    month: date
    use: AskedUse
    reported_on: date | None
    corrects: str | None


def read_row(row: FileRow) -> ReadRow | list[Fault]:
    """What a row says, or everything that is wrong with its cells."""
    place = Place(f"/rows/{row.number}", row.number)
    faults: list[Fault] = []
    if row.nameless:
        faults.append(place.fault("cell_without_column", "-"))
    if row.short:
        faults.append(place.fault("row_cut_short", "-"))
    found = dict(_values(row.cells, place, faults))
    if faults:
        return faults
    use = AskedUse(found["product"], found["standard_ids"], found["personal_ids"], found["queries"], place)
    return ReadRow(place, found["contract"], found["month"], use, found["reported_on"], found["corrects"])


def _values(cells: Mapping[str, Cell], place: Place, faults: list[Fault]) -> Iterator[tuple[str, Any]]:
    for name, reader in _READERS.items():
        cell = cells.get(name)
        try:
            if isinstance(cell, Broken):
                raise Refused(f"cell_{cell.what}")
            value = reader(one_width(cell) if isinstance(cell, str) else cell)
            if value is None and name in _NEEDED:
                raise Refused("cell_empty")
        except Refused as refused:
            faults.append(place.fault(refused.code, name, **refused.params))
        else:
            yield name, value


def _count(cell: Cell) -> int | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        written = _COUNT.fullmatch(cell)
        if written is None and not _NEGATIVE.fullmatch(cell):
            raise Refused("not_a_count", value=shown(cell))
        digits = written[1].replace(",", "") if written else ""
        count = int(digits) if 0 < len(digits) < 19 else -1
    elif isinstance(cell, bool) or not isinstance(cell, int | float) or cell != int(cell):
        raise Refused("not_a_count", value=_shown(cell))
    else:
        count = int(cell)
    if not 0 <= count <= MOST_COUNT:
        raise Refused("out_of_range", value=_shown(cell), minimum="0", maximum=f"{MOST_COUNT:,}")
    return count


def _month(cell: Cell) -> date | None:
    """A spreadsheet makes a day of 2026-12, the first of the month."""
    if cell is None or cell == "":
        return None
    day = _midnight(cell)
    if isinstance(cell, str) and (written := _MONTH.fullmatch(cell)):
        day = _date(f"{written[1]}-{written[2]}-01")
    if day is None or day.day != 1 or not FIRST_DAY <= day <= LAST_DAY:
        raise Refused("invalid_month", value=_shown(cell))
    return day


def _day(cell: Cell) -> date | None:
    if cell is None or cell == "":
        return None
    day = _date(cell) if isinstance(cell, str) and _DAY.fullmatch(cell) else _midnight(cell)
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise Refused("invalid_date", value=_shown(cell))
    return day


def _midnight(cell: Cell) -> date | None:
    """The day of a cell that holds one, without a time of day."""
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == cell.time().min else None
    return cell if isinstance(cell, date) else None


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _text(cell: Cell) -> str | None:
    if cell is None or cell == "":
        return None
    if not isinstance(cell, str):
        raise Refused("not_text", value=_shown(cell))
    if len(cell) > 100:
        raise Refused("text_too_long", value=shown(cell), maximum="100")
    return cell


def _shown(cell: Cell) -> str:
    return shown(cell if isinstance(cell, str | int | float | bool) else str(cell))


_NEEDED = ("contract", "month", "product")
_READERS: Mapping[str, Callable[[Cell], object]] = {
    "contract": _text,
    "month": _month,
    "product": _text,
    **dict.fromkeys(Usage._fields, _count),
    "reported_on": _day,
    "corrects": _text,
}

"""Rows of text under a header become lines: typed column by column; what is no line is told with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fee_service.invoices import amounts, marks, personal
from fee_service.invoices import values_of_columns as columns
from fee_service.invoices.columns import FIELDS, PERSON, Header, plain
from fee_service.invoices.shape import EXTRA, SCHEMA, WORDS, Batch, blank, words
from fee_service.invoices.values import OtherKind, OtherRow, Place, Unreadable
from fee_service.spelling import cleaned

_WON = ("amount", "vat", "total", "invoice_supply", "invoice_vat", "invoice_total")
_TEXTS = ("item", "specification", "remark", "invoice_remark", "fee", "agreement", "product", "option", "user_type")
_SHORTEST = {field: 3 if field in ("item", "specification") else 2 for field in _TEXTS}  # 이용 may be a name, or a use
_NAMES = ("supplier_name", "customer_name", "counterparty_name")
_SUM = re.compile(
    r"[\[<(【◆■▶]*(?:[0-9]{1,4}[년월일.\-/])*(?:총|소|합|누|월|일|전체|거래처)?"
    r"(?:합계|소계|총계|누계|월계|일계|합|계)(?:액|금액)?(?:\([0-9]+건\))?[\]>)】:]*|(?:grand|sub)?total:?"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where rows come from, and the header above them."""

    file: str
    sheet: str | None
    header: Header
    files: Any = None  # a file a row, where a batch has rows of many

    def place(self, row: int, line: int) -> Place:
        """Where a row stands."""
        return Place(self.files[row].as_py() if self.files is not None else self.file, self.sheet, line)


@dataclass(slots=True)
class _Reading:
    """A batch on its way: its columns, and the faults found so far."""

    sheet: Sheet
    texts: Mapping[int, Any]
    lines: Any
    read: dict[str, Any]
    faults: dict[int, list[Unreadable]]
    persons: frozenset[str]

    def column(self, field: str) -> Any | None:
        at = self.sheet.header.of(field)
        return None if at is None else self.texts[at]

    def keep(self, field: str, column: columns.Column) -> None:
        self.read[field] = column.values
        if not column.faults:
            return
        texts = self.column(field)
        for row, code in column.faults.items():
            text = texts[row].as_py() if texts is not None else None
            self.faults.setdefault(row, []).append(Unreadable(field, code, personal.shown(text or "")))


def lines_in(sheet: Sheet, texts: Mapping[int, Any], lines: Any) -> Batch:
    """The lines among rows of text, column by column; `lines` are the numbers of the rows."""
    reading = _Reading(sheet, texts, lines, {}, {}, _persons(sheet, texts))
    for step in (_days, _numbers, _won, _quantities, _words, _kinds, _parties):
        step(reading)
    others = _others(reading)
    _tell_missing(reading, others)
    table = _table(reading)
    if not others:
        return Batch(table, {row: tuple(faults) for row, faults in reading.faults.items() if faults})
    mask = np.ones(len(lines), dtype=bool)
    mask[list(others)] = False
    moved = np.cumsum(mask) - 1
    kept = {int(moved[row]): tuple(faults) for row, faults in reading.faults.items() if mask[row] and faults}
    return Batch(table.filter(pa.array(mask)), kept, list(others.values()))


def _persons(sheet: Sheet, texts: Mapping[int, Any]) -> frozenset[str]:
    """The names in the columns of persons."""
    cells = [texts[column.at] for column in sheet.header.columns if column.field == PERSON]
    return personal.names_in([text for each in cells for text in pc.unique(each).to_pylist()])


# -- values --------------------------------------------------------------------------------------------


def _day(text: str) -> tuple[Any, str | None]:
    found = marks.day(text)
    return found, None if found or not text.strip() else "day_unreadable"


def _month(text: str) -> tuple[Any, str | None]:
    found = marks.month(text)
    return found, None if found or not text.strip() else "month_unreadable"


def _company(text: str) -> tuple[Any, str | None]:
    return marks.company(text) if text.strip() else (None, None)


def _quantity(text: str) -> tuple[Decimal | None, str | None]:
    found = amounts.quantity(text)
    return found, None if found is not None or not text.strip() else "quantity_unreadable"


def _days(reading: _Reading) -> None:
    joint = reading.column("day_and_number")
    if joint is not None:
        reading.read["issued_on"] = columns.by_value(joint, lambda text: marks.day_and_number(text).day, pa.date32())
        if reading.column("invoice_number") is None:
            number = columns.by_value(joint, lambda text: marks.day_and_number(text).number, pa.string())
            reading.read["invoice_number"] = number
    _coded(reading, "issued_on", _day, pa.date32())
    _coded(reading, "service_month", _month, pa.date32())


def _coded(reading: _Reading, field: str, read: Callable[[str], tuple[Any, str | None]], kind: pa.DataType) -> None:
    texts = reading.column(field)
    if texts is not None:
        reading.keep(field, columns.coded_values(texts, read, kind))


def _numbers(reading: _Reading) -> None:
    for field in ("invoice_number", "corrects", "quote"):
        texts = reading.column(field)
        if texts is not None:
            reading.keep(field, columns.numbers_of(texts))


def _won(reading: _Reading) -> None:
    for field in _WON:
        texts = reading.column(field)
        if texts is not None:
            reading.keep(field, columns.won_of(texts))


def _quantities(reading: _Reading) -> None:
    _coded(reading, "quantity", _quantity, SCHEMA.field("quantity").type)


def _words(reading: _Reading) -> None:
    for field in (*_TEXTS, *_NAMES):
        texts = reading.column(field)
        if texts is not None:
            read = columns.words_of(texts)
            reading.read[field] = read if field in _NAMES else columns.without(reading.persons, read, _SHORTEST[field])
    joint = reading.column("item_and_specification")
    if joint is not None:
        for at, field in enumerate(("item", "specification")):
            read = columns.by_value(joint, lambda text, at=at: _item_and_specification(text)[at], pa.string())  # type: ignore[misc]
            reading.read[field] = columns.without(reading.persons, read, _SHORTEST[field])
    elif "item" not in reading.read and "remark" in reading.read:
        reading.read["item"] = reading.read["remark"]  # a journal of slips has its item in the summary (적요)


def _item_and_specification(text: str) -> tuple[str, str | None]:
    """`품목명(규격)` and `품목명 [규격]` in one cell: what stands in the last brackets, where they end it."""
    found = re.fullmatch(r"(.*\S) *[\[(]([^\[\]()]*)[\])]", whole := personal.masked(cleaned(text)))
    return (found[1], found[2].strip() or None) if found else (whole, None)


def _kinds(reading: _Reading) -> None:
    read, count = reading.read, len(reading.lines)
    texts, classes = reading.column("kind"), reading.column("class")
    correction = pa.repeat(pa.scalar(False), count)
    if texts is not None:
        codes = [
            columns.by_value(texts, lambda text, exempt=exempt: marks.kind(text, exempt).type_code, pa.string())  # type: ignore[misc]
            for exempt in (False, True)
        ]
        exempt = (
            columns.by_value(classes, lambda text: text.replace(" ", "").startswith("계산서"), pa.bool_())
            if classes is not None
            else pa.repeat(pa.scalar(False), count)
        )
        read["type_code"] = pc.if_else(exempt.fill_null(False), codes[1], codes[0])
        correction = columns.by_value(texts, lambda text: marks.kind(text).correction, pa.bool_()).fill_null(False)
    for field, meaning in (("purpose", marks.purpose), ("correction_code", marks.correction_code)):
        told = reading.column(field)
        if told is not None:
            read[field] = columns.by_value(told, meaning, WORDS)
    for field in ("invoice_remark", "remark"):
        if field in read:
            named = columns.by_value(read[field], marks.original, pa.string())
            read["corrects"] = pc.coalesce(read["corrects"], named) if "corrects" in read else named
    for field in ("correction_code", "corrects"):
        if field in read:
            correction = pc.or_(correction, pc.is_valid(read[field]))
    read["correction"] = correction


def _parties(reading: _Reading) -> None:
    for field in ("supplier", "customer", "counterparty"):
        _coded(reading, field, _company, WORDS)
    told = reading.column("journal")
    if told is not None:
        reading.read["direction"] = columns.by_value(told, marks.direction, WORDS)


def _tell_missing(reading: _Reading, others: Mapping[int, OtherRow]) -> None:
    """A line without an amount says so, unless its invoice has one."""
    amount, whole = reading.read.get("amount"), reading.read.get("invoice_supply")
    count = len(reading.lines)
    lacks = pa.repeat(pa.scalar(True), count) if amount is None else pc.is_null(amount)
    if whole is not None:
        lacks = pc.and_(lacks, pc.is_null(whole))
    for row in map(int, np.flatnonzero(lacks.to_numpy(zero_copy_only=False))):
        told = reading.faults.setdefault(row, [])
        if row not in others and not any(fault.field in ("amount", "invoice_supply") for fault in told):
            told.append(Unreadable("amount", amounts.MISSING.code or ""))


# -- rows that are no lines ----------------------------------------------------------------------------


def _others(reading: _Reading) -> dict[int, OtherRow]:
    """By row: blank ones, headers that come again, sums. Only rows that lack a day or an amount can be one."""
    found = {}
    for row in _suspects(reading):
        cells = [(at, text) for at in reading.texts if (text := reading.texts[at][row].as_py()) and text.strip()]
        place = reading.sheet.place(row, reading.lines[row].as_py())
        other = _other(place, cells, reading, row)
        if other:
            found[row] = other
    return found


def _suspects(reading: _Reading) -> list[int]:
    read, count = reading.read, len(reading.lines)
    lacks = pc.is_null(read["amount"]) if "amount" in read else pa.repeat(pa.scalar(True), count)
    if "issued_on" in read:
        lacks = pc.or_(lacks, pc.is_null(read["issued_on"]))
    else:
        for column in reading.sheet.header.columns[:4]:
            texts = reading.texts[column.at]
            lacks = pc.or_(
                lacks, pc.match_substring_regex(texts.cast(pa.string()), "계|합|(?i:total)").fill_null(False)
            )
    return [int(row) for row in np.flatnonzero(lacks.to_numpy(zero_copy_only=False))]


def _other(place: Place, cells: Sequence[tuple[int, str]], reading: _Reading, row: int) -> OtherRow | None:
    if not cells:
        return blank(place)
    if sum(plain(text) in FIELDS or personal.is_personal(text) for _, text in cells) * 2 > len(cells) > 1:
        return OtherRow(place, OtherKind.HEADER)
    number = reading.read.get("invoice_number")
    if any(_SUM.fullmatch(plain(text)) for _, text in cells[:3]) and (number is None or _is_no_number(number[row])):
        return OtherRow(place, OtherKind.SUM, None, _sums(reading, row))
    return None


def _is_no_number(number: Any) -> bool:
    text = number.as_py()
    return not text or bool(_SUM.fullmatch(plain(text)))


def _sums(reading: _Reading, row: int) -> dict[str, int]:
    told = {field: reading.read[field][row].as_py() for field in _WON if field in reading.read}
    return {field: won for field, won in told.items() if won is not None}


def _table(reading: _Reading) -> Any:
    sheet, count = reading.sheet, len(reading.lines)
    file = words(sheet.file, count) if sheet.files is None else sheet.files.dictionary_encode()
    fixed = {"file": file, "sheet": words(sheet.sheet, count), "line": reading.lines}
    made = []
    for field in SCHEMA:
        column = fixed.get(field.name, reading.read.get(field.name))
        made.append(columns.nothing(field.type, count) if column is None else _as(column, field.type))
    extra = [column for column in sheet.header.columns if column.field is None]
    names = _distinct([column.name for column in extra])
    made += [columns.without(reading.persons, columns.untouched(reading.texts[column.at])) for column in extra]
    return pa.table(made, names=[*SCHEMA.names, *names])


def _as(column: Any, kind: pa.DataType) -> Any:
    if column.type == kind:
        return column
    return column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)


def _distinct(names: Sequence[str]) -> list[str]:
    """Names for unknown columns: of like ones the second is called `NAME (2)`."""
    seen: dict[str, int] = {}
    distinct = []
    for name in map(personal.masked, names):
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{EXTRA}{name}" if seen[name] == 1 else f"{EXTRA}{name} ({seen[name]})")
    return distinct

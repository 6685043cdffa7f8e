"""What contracts are billed, as a workbook: a sheet of lines and one of invoices, written row by row to the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from fee_service.answers.billed import COLUMNS, BilledContract
from fee_service.documents.billed_words import BILLED_WORDS
from fee_service.documents.issued_quote import visible
from fee_service.wording import OneLanguage

MOST_ROWS = 1_048_576  # of a sheet, its header among them
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "Malgun Gothic", "font_size": 10}
HEAD = {"bold": True, "bg_color": "#E9EEF8", "bottom": 1}

Row = Iterable[Any]  # of cells


class Formats(NamedTuple):
    text: Any
    amount: Any
    day: Any
    head: Any
    wrapped: Any


WIDTH = 16  # of a column, in characters
MOST_CHARACTERS = 32_767  # of a cell


class Sheets:
    """Rows of one kind over as many sheets as they need; never one cut off."""

    def __init__(
        self, workbook: Any, name: str, header: Sequence[str], formats: Formats, widths: Mapping[int, int] | None = None
    ) -> None:
        """`widths`: of columns that are not of the usual one; where the width is great, texts are wrapped."""
        self._workbook, self._name, self._header, self._formats = workbook, name, header, formats
        self._widths = widths or {}
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        name = self._name if self._number == 1 else f"{self._name} {self._number}"
        self._sheet = self._workbook.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        printed_across(self._sheet)
        self._sheet.repeat_rows(0)
        self._sheet.set_column(0, len(self._header) - 1, WIDTH)
        for place, width in self._widths.items():
            self._sheet.set_column(place, place, width)
        for place, title in enumerate(self._header):
            self._sheet.write_string(0, place, title, self._formats.head)
        self._row = 1

    def add(self, cells: Row) -> None:
        """A row: a text is never anything else, an amount is a number."""
        if self._row == MOST_ROWS:
            self._begin()
        for place, value in enumerate(cells):
            if isinstance(value, str):
                shown = self._formats.wrapped if self._widths.get(place, 0) > 2 * WIDTH else self._formats.text
                self._sheet.write_string(self._row, place, value[:MOST_CHARACTERS], shown)
            elif isinstance(value, date):
                self._sheet.write_datetime(self._row, place, value, self._formats.day)
            elif value is not None:
                self._sheet.write_number(self._row, place, value, self._formats.amount)
        self._row += 1


def billed_xlsx(contracts: Iterable[BilledContract], language: OneLanguage, path: Path, made_on: date) -> None:
    """Write the workbook; memory does not grow with its rows. Amounts in KRW without VAT; the same, the same bytes."""
    words = BILLED_WORDS[language]
    with Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)}) as workbook:
        dated(workbook, made_on)
        formats = formats_of(workbook)
        names = words.columns[:3]
        lines = Sheets(workbook, words.lines, (*words.columns, words.label), formats)
        header = (*names, words.issued_on, words.supply, words.vat, words.total)
        invoices = Sheets(workbook, words.invoices, header, formats)
        for contract in contracts:
            name = None if contract.company is None else visible(contract.company)
            for row in _lines(contract, name, language):
                lines.add(row)
            for invoice in contract.invoices:
                invoices.add((contract.contract, name, contract.business_number, *invoice, invoice.total))


def _lines(contract: BilledContract, name: str | None, language: OneLanguage) -> Iterator[Row]:
    for line in contract.lines:
        label = line.label.ko if language == "ko" else line.label.en
        yield (line.contract, name, *line[2 : len(COLUMNS)], label)


def printed_across(sheet: Any) -> None:
    """On paper a sheet is as wide as one page lying down."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def dated(workbook: Any, made_on: date) -> None:
    """A workbook bears a day of what it says, not of when it was written."""
    workbook.set_properties({"created": datetime.combine(made_on, time())})


def formats_of(workbook: Any) -> Formats:
    """How cells look; what they are is said by their type."""
    return Formats(
        workbook.add_format({**FONT, "num_format": "@"}),
        workbook.add_format({**FONT, "num_format": "#,##0"}),
        workbook.add_format({**FONT, "num_format": "yyyy-mm-dd"}),
        workbook.add_format({**FONT, **HEAD}),
        workbook.add_format({**FONT, "num_format": "@", "text_wrap": True, "valign": "top"}),
    )

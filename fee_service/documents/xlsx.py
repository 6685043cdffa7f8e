"""The quote as a workbook: a cover, lines, months and invoices, with formulas that add the amounts up again.

Every formula carries its value, so the sums also show where nothing is computed (a preview, a reader in
Python). Texts stay texts: nothing that a caller typed becomes a formula or a link. Amounts are whole won.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from io import BytesIO
from typing import Any, NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell  # type: ignore[import-untyped]

from fee_service.documents.issued_quote import IssuedQuote, visible
from fee_service.documents.words import WORDS, Words, no_amount, price_word
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

SHAPES = {
    "text": "@",
    "count": "#,##0",
    "price": "#,##0",
    "money": "#,##0",
    "day": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
LEFT = ("text", "day", "month")
FONT = {"font_name": "Malgun Gothic", "font_size": 10, "valign": "vcenter"}
HEAD = {"bold": True, "bg_color": "#E9EEF8", "bottom": 1, "text_wrap": True}
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class Column(NamedTuple):
    """A column of a table; below those of money stands their sum."""

    title: str
    width: int
    kind: str = "text"


class Formula(NamedTuple):
    text: str  # with {row} for its own row
    value: int | str


Cell = str | int | date | Formula | None


class Table(NamedTuple):
    """A sheet of its own: one header, one record a row."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    def sum_of(self, title: str) -> Formula:
        """The sum of a column, as a cell of another sheet refers to it."""
        place = [column.title for column in self.columns].index(title)
        cell = xl_rowcol_to_cell(len(self.rows) + 1, place)
        return Formula(f"='{self.name}'!{cell}", _sum(self.rows, place))


def xlsx(document: IssuedQuote, language: OneLanguage) -> bytes:
    """The quote as XLSX; the same answer gives the same bytes."""
    answer, words = document.answer, WORDS[language]
    file = BytesIO()
    with Workbook(file, OPTIONS) as workbook:
        made_at = document.made_at.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": answer["number"] or words.draft, "created": made_at})
        tables = [_lines(answer, words, language)]
        if document.instead(language) is None:
            tables += [_months(answer, words), _invoices(answer, words)]
        _write_cover(workbook, document, words, language, tables)
        for table in tables:
            _write_table(workbook, table, words)
    return file.getvalue()


# -- what the sheets hold ------------------------------------------------------------------------------


def _lines(answer: Data, words: Words, language: OneLanguage) -> Table:
    """Each line with its price and what it comes to over the quoted period."""
    columns = [
        Column(words.line_number, 6, "count"), Column(words.label, 52), Column(words.unit_price, 13, "price"),
        Column(words.quantity, 10, "count"), Column(words.per_month, 14, "price"),
        Column(words.list, 16, "money"), Column(words.waiver, 16, "money"), Column(words.net, 16, "money"),
        Column(words.waivable, 10), Column(words.source, 7), Column(words.contract, 18),
        Column(words.fee, 20), Column(words.product, 20), Column(words.option, 18),
        Column(words.user_type, 12), Column(words.explanation, 100),
    ]  # fmt: skip
    lists, waivers = Counter[int](), Counter[int]()
    for month in answer["months"]:
        for amounts in month["lines"]:
            lists[amounts["line"]] += amounts["list"]
            waivers[amounts["line"]] += amounts["waiver"]
    return Table(
        words.sheet_lines,
        columns,
        [
            [
                line["id"],
                visible(line["label"][language]),
                _price(line, words),
                line["quantity"],
                *_amounts(line, words, line["cells"][0]["amount"], lists[line["id"]], waivers[line["id"]]),
                words.yes if line["waivable"] and answer["waiver"]["granted"] else words.no,
                *(line[name] for name in ("source", "contract", "fee", "product", "option", "user_type")),
                line["explanation"],
            ]
            for line in answer["lines"]
        ]
        + [_on_request(item, words) for item in answer["unpriced"]],
    )


def _price(line: Data, words: Words) -> Cell:
    instead = price_word(line, words) or {"withheld": words.withheld, "none": words.no_fee}.get(line["cell"])
    price: int | None = line["unit_price"]
    return instead or price


def _amounts(line: Data, words: Words, of_month: int, list_: int, waiver: int) -> list[Cell]:
    """What a line comes to; nothing where it has no amount, which is no 0."""
    if no_amount(line, words):
        return [None] * 4
    return [of_month, list_, waiver, Formula("=F{row}+G{row}", list_ + waiver)]


def _on_request(item: Data, words: Words) -> list[Cell]:
    """A row for what was asked for and has no published price."""
    return [None, visible(item["text"]), words.on_request, *([None] * 13)]


def _months(answer: Data, words: Words) -> Table:
    columns = [
        Column(words.month, 11, "month"), Column(words.days, 10, "count"),
        Column(words.days_in_month, 10, "count"), Column(words.test_days, 10, "count"),
        Column(words.waived_days, 10, "count"), Column(words.list, 16, "money"),
        Column(words.waiver, 16, "money"), Column(words.net, 16, "money"),
    ]  # fmt: skip
    days = ("days", "days_in_month", "test_days", "waived_days", "list", "waiver")
    return Table(
        words.sheet_months,
        columns,
        [
            [
                date.fromisoformat(f"{month['month']}-01"),
                *(month[name] for name in days),
                Formula("=F{row}+G{row}", month["net"]),
            ]
            for month in answer["months"]
        ],
    )


def _invoices(answer: Data, words: Words) -> Table:
    columns = [
        Column(words.invoice_date, 13, "day"), Column(words.supply, 16, "money"),
        Column(words.vat, 16, "money"), Column(words.total, 16, "money"),
    ]  # fmt: skip
    return Table(
        words.sheet_invoices,
        columns,
        [
            [
                date.fromisoformat(invoice["issued_on"]),
                invoice["supply"],
                invoice["vat"],
                Formula("=B{row}+C{row}", invoice["total"]),
            ]
            for invoice in answer["invoices"]
        ],
    )


def _facts(document: IssuedQuote, words: Words) -> Iterator[tuple[str, Cell]]:
    """What the cover says above the sums."""
    answer = document.answer
    company, waiver = answer["request"]["company"], answer["waiver"]
    yield words.number, answer["number"] or words.draft
    yield words.company, document.company_name or words.unnamed
    yield words.business_number, company["business_number"]
    yield words.issued_on, document.issued_on
    yield words.valid_until, answer["valid_until"] and date.fromisoformat(answer["valid_until"])
    yield words.contract_start, date.fromisoformat(answer["request"]["starts_on"])
    yield words.price_list, ", ".join(entry["id"] for entry in answer["price_lists"])
    yield words.policy, waiver["policy"]
    period = f"{waiver['starts_on']} – {waiver['ends_on']}" if waiver["granted"] else words.refused
    yield words.period, period
    yield words.digest, answer["digest"]
    if not document.is_draft:
        yield words.verify, document.verify_url


def _sums(answer: Data, words: Words, tables: Sequence[Table]) -> Iterator[tuple[str, Cell]]:
    """The net as each sheet adds it up, and the totals."""
    lines, months, invoices = tables
    for table, title in ((lines, words.net), (months, words.net), (invoices, words.supply)):
        yield words.sum_of.format(sheet=table.name), table.sum_of(title)
    yield words.vat, invoices.sum_of(words.vat)
    yield words.total, invoices.sum_of(words.total)


# -- how they are written ------------------------------------------------------------------------------


def _write_cover(
    workbook: Any, document: IssuedQuote, words: Words, language: OneLanguage, tables: Sequence[Table]
) -> None:
    sheet = workbook.add_worksheet(words.sheet_summary)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 76)
    title = workbook.add_format({**FONT, "bold": True, "font_size": 16})
    sheet.write_string(0, 0, words.draft if document.is_draft else words.quotation, title)
    label = workbook.add_format({**FONT, "font_color": "#5A6575"})
    shown = _formats(workbook, {"align": "left"})
    row = 2
    for name, value in _facts(document, words):
        sheet.write_string(row, 0, name, label)
        _write(sheet, row, 1, value, shown["day" if isinstance(value, date) else "text"])
        row += 1
    head = workbook.add_format({**FONT, **HEAD})
    sheet.write_string(row + 1, 0, words.sum_over_horizon, head)
    sheet.write_blank(row + 1, 1, None, head)
    instead = document.instead(language)
    if instead is not None:
        sheet.write_string(row + 2, 0, words.total, label)
        sheet.write_string(row + 2, 1, instead, shown["text"])
        return
    first = row + 2
    for row, (name, value) in enumerate(_sums(document.answer, words, tables), start=first):
        sheet.write_string(row, 0, name, label)
        _write(sheet, row, 1, value, shown["money"])
    agree = f'=IF(AND(B{first + 1}=B{first + 2},B{first + 2}=B{first + 3}),"{words.yes}","{words.no}")'
    sheet.write_string(row + 1, 0, words.sums_agree, label)
    _write(sheet, row + 1, 1, Formula(agree, words.yes), shown["text"])


def _write_table(workbook: Any, table: Table, words: Words) -> None:
    sheet = workbook.add_worksheet(table.name)
    shown, sums = _formats(workbook, {}), _formats(workbook, {"bold": True, "top": 1})
    last = len(table.rows)
    for place, column in enumerate(table.columns):
        side = "left" if column.kind in LEFT else "right"
        head = workbook.add_format({**FONT, **HEAD, "align": side})
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, head)
        for row, cells in enumerate(table.rows, start=1):
            _write(sheet, row, place, cells[place], shown[column.kind])
        below: Cell = words.total if place == 0 else None
        if column.kind == "money":
            name = xl_col_to_name(place)
            if any(cells[place] is not None for cells in table.rows):
                below = Formula(f"=SUM({name}2:{name}{last + 1})", _sum(table.rows, place))
        _write(sheet, last + 1, place, below, sums["text" if place == 0 else column.kind])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _formats(workbook: Any, more: Data) -> dict[str, Any]:
    return {
        kind: workbook.add_format({**FONT, "num_format": shape, "align": "left" if kind in LEFT else "right", **more})
        for kind, shape in SHAPES.items()
    }


def _write(sheet: Any, row: int, place: int, value: Cell, shown: Any) -> None:
    """A cell by the type of its value; a text is never anything else."""
    if isinstance(value, Formula):
        sheet.write_formula(row, place, value.text.replace("{row}", str(row + 1)), shown, value.value)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, shown)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, shown)
    elif value is None:
        sheet.write_blank(row, place, None, shown)
    else:
        sheet.write_string(row, place, value, shown)


def _sum(rows: Iterable[Sequence[Cell]], place: int) -> int:
    values = (row[place] for row in rows)
    return sum(value.value if isinstance(value, Formula) else value or 0 for value in values)  # type: ignore[misc]

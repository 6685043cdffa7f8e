"""What a reconciliation found, as a workbook: a summary with its chart, then a sheet for each status; written row by
row to the disk. Numbers are numbers, days are days, a text is never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from fee_service.documents.billed_xlsx import FONT, HEAD, OPTIONS, Formats, Sheets, dated, formats_of, printed_across
from fee_service.documents.reconciled_columns import NAMES, Result, columns, heads, unknown_columns
from fee_service.documents.reconciled_words import (
    OTHERS,
    STATUSES,
    SUMMARY_WORDS,
    SummaryWords,
    cause_word,
    other_word,
    status_word,
)
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

WIDTHS = {"line": 8, "item": 28, "explanation": 70, "cause_label": 24, "also": 24, "faults": 40, "quantity": 10}
ROWS_AT_ONCE = 2_000
MOST_BARS = 20
BARS_HEIGHT = 60  # pixels, and for each bar
OF_A_PART = {"by_file": "of_file", "by_invoice": "of_invoice", "by_contract": "of_contract", "by_month": "of_month"}
_BLUE, _GRID = "#3B6FD8", "#D0D7E2"

Cells = Sequence[Any]


def reconciled_xlsx(result: Result, language: OneLanguage, path: Path) -> None:
    """Write the workbook; memory does not grow with its rows. Amounts in KRW; the same, the same bytes."""
    unknown = unknown_columns(result)
    with Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)}) as workbook:
        dated(workbook, result.made_on)
        formats = formats_of(workbook)
        _write_summary(workbook, result.summary, language, formats)
        header, widths = heads(unknown, language), {NAMES.index(name): width for name, width in WIDTHS.items()}
        sheets = {
            status: Sheets(workbook, status_word(status, language), header, formats, widths)
            for status in in_order(result.summary["by_status"], STATUSES)
        }
        for table in result.tables():
            for status, rows in _by_status(table):
                for cells in _rows(rows, unknown, language):
                    sheets[status].add(cells)


def _by_status(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    statuses = table["status"].cast(pa.string())
    for status in pc.unique(statuses).to_pylist():
        yield status, table.filter(pc.equal(statuses, status))


def _rows(table: pa.Table, unknown: Iterable[str], language: OneLanguage) -> Iterator[Cells]:
    flat = columns(table, unknown, language, str)
    for batch in flat.to_batches(ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def in_order(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Names in the order in which they are known, so that JSON on the way changes nothing; others behind."""
    given = list(names)
    return [*(name for name in known if name in given), *sorted(set(given) - set(known))]


# -- the summary -------------------------------------------------------------------------------------------


class _Looks(NamedTuple):
    title: Any
    head: Any
    number: Any  # the head of numbers stands above them
    cells: Formats


class _Sheet:
    """A sheet that is written from above, a row at a time."""

    def __init__(self, workbook: Any, name: str, formats: Formats) -> None:
        self.sheet = workbook.add_worksheet(name)
        title = workbook.add_format({**FONT, "bold": True, "font_size": 16})
        head, number = (workbook.add_format({**FONT, **HEAD, "align": side}) for side in ("left", "right"))
        self._looks = _Looks(title, head, number, formats)
        self.row = 0

    def title(self, text: str) -> None:
        self.sheet.write_string(self.row, 0, text, self._looks.title)
        self.row += 2

    def table(self, header: Sequence[str], rows: Iterable[Cells]) -> tuple[int, int]:
        """A header and its rows; answers the first row and the one behind the last."""
        told = list(rows)
        for place, text in enumerate(header):
            is_number = bool(told) and isinstance(told[0][place], int)
            self.sheet.write_string(self.row, place, text, self._looks.number if is_number else self._looks.head)
        self.row += 1
        first = self.row
        for cells in told:
            self.add(cells)
        end = self.row
        self.row += 1
        return first, end

    def add(self, cells: Cells) -> None:
        for place, value in enumerate(cells):
            if isinstance(value, str):
                self.sheet.write_string(self.row, place, value, self._looks.cells.text)
            elif value is not None:
                self.sheet.write_number(self.row, place, value, self._looks.cells.amount)
        self.row += 1


def _write_summary(workbook: Any, summary: Data, language: OneLanguage, formats: Formats) -> None:
    words = SUMMARY_WORDS[language]
    page = _Sheet(workbook, words.summary, formats)
    page.sheet.freeze_panes(1, 0)
    printed_across(page.sheet)
    page.sheet.set_column(0, 0, 44)
    page.sheet.set_column(1, 6, 20)
    page.title(words.title)
    page.table((words.summary, ""), _facts(summary, language))
    page.table(
        (words.money_by_status, words.code, words.lines, words.amount, words.difference),
        _statuses(summary, language),
    )
    causes = list(causes_told(summary, language))
    first, end = page.table((words.money_by_cause, words.code, words.lines, words.difference, words.vat), causes)
    for header, rows in _others(summary, language):
        page.table(header, rows)
    if any(amount for *_, amount, _ in causes):
        _add_chart(workbook, page.sheet, words, (first, min(end, first + MOST_BARS)))


def _facts(summary: Data, language: OneLanguage) -> Iterator[Cells]:
    words = SUMMARY_WORDS[language]
    yield words.rows, summary["rows"]
    yield words.lines, summary["lines"]
    for kind in in_order(summary["other_rows"], OTHERS):
        yield f"{words.other_rows}: {other_word(kind, language)}", summary["other_rows"][kind]
    yield words.amount, summary["amount"]
    yield words.expected, summary["expected"]
    yield words.by_cause, sum(each["amount"] for each in summary["by_cause"].values())
    yield words.unexplained, summary["unexplained"]
    yield words.aside, sum(summary["aside"].values())
    yield words.closes, words.yes if summary["closes"] else words.no


def _statuses(summary: Data, language: OneLanguage) -> Iterator[Cells]:
    for status in in_order(summary["by_status"], STATUSES):
        each = summary["by_status"][status]
        yield status_word(status, language), status, each["lines"], each["amount"], each["difference"]


def causes_told(summary: Data, language: OneLanguage) -> Iterator[tuple[str, str, int | None, int, int | None]]:
    """Money by cause, the most first: words, code, lines, supply, VAT; what is unexplained last."""
    for cause, each in sorted(summary["by_cause"].items(), key=lambda entry: (-abs(entry[1]["amount"]), entry[0])):
        yield cause_word(cause, language), cause, each["lines"], each["amount"], each["vat"]
    if summary["unexplained"]:
        yield SUMMARY_WORDS[language].unexplained, "unexplained", None, summary["unexplained"], None


def _others(summary: Data, language: OneLanguage) -> Iterator[tuple[Sequence[str], Iterable[Cells]]]:
    """What else there is to say, where there is any."""
    words = SUMMARY_WORDS[language]
    if summary["checks"]:
        rows = ((_named(check), check["stated"], check["found"], _agrees(check, words)) for check in summary["checks"])
        yield (words.checks, words.stated, words.found, words.holds), rows
    for part, name in OF_A_PART.items():
        open_ = {key: each for key, each in sorted(summary[part].items()) if not each["closes"]}
        if open_:
            header = (
                f"{words.does_not_close}: {getattr(words, name)}",
                words.amount,
                words.expected,
                words.unexplained,
            )
            yield header, ((key, each["amount"], each["expected"], each["unexplained"]) for key, each in open_.items())
    if summary["months_without_rows"]:
        yield (words.months_without_rows,), ((_month(each),) for each in summary["months_without_rows"])
    if summary["findings"]:
        yield (
            (words.findings, ""),
            ((other_word(name, language), summary["findings"][name]) for name in in_order(summary["findings"], OTHERS)),
        )


def _named(check: Mapping[str, Any]) -> str:
    """A check by its file, where it is said, and what it is of."""
    return " · ".join(str(check[part]) for part in ("file", "sheet", "name") if check.get(part))


def _agrees(check: Mapping[str, Any], words: SummaryWords) -> str:
    return words.yes if check["stated"] == check["found"] else words.no


def _month(told: Any) -> str:
    """A month, or a month with whom it is of."""
    return " · ".join(map(str, told.values())) if isinstance(told, Mapping) else str(told)


def _add_chart(workbook: Any, sheet: Any, words: SummaryWords, rows: tuple[int, int]) -> None:
    """Bars of the table beside it."""
    first, end = rows
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": words.difference,
            "categories": [sheet.get_name(), first, 0, end - 1, 0],
            "values": [sheet.get_name(), first, 3, end - 1, 3],
            "fill": {"color": _BLUE},
            "gap": 60,
        }
    )
    chart.set_title({"name": words.money_by_cause, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 9}})
    chart.set_x_axis(
        {"num_format": "#,##0", "num_font": {"size": 9}, "major_gridlines": {"visible": True, "line": {"color": _GRID}}}
    )
    chart.set_size({"width": 720, "height": BARS_HEIGHT + 32 * (end - first) + BARS_HEIGHT})
    sheet.insert_chart(2, 6, chart, {"description": words.money_by_cause})

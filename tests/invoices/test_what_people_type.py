"""Whatever the format, one grammar: no amount and no day that people type becomes another one."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from support.invoice_files import LINES, as_csv, as_etax, as_html, as_xls
from support.typed_forms import DAY, DAYS, NOT_DAYS, NOT_WON, WON

from fee_service.invoices.reading import opened
from fee_service.invoices.values import InvoiceLine

HEADER = ["승인번호", "작성일자", "공급가액", "품목명"]
Rows = Sequence[Sequence[str]]


def lines_of(path: Path) -> list[InvoiceLine]:
    """The lines of a file."""
    with opened(path) as file:
        return [line for batch in file.batches() for line in batch.as_rows()]


def as_json(rows: Rows) -> bytes:
    """Rows as objects."""
    return json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]], ensure_ascii=False).encode()


def as_sheet(rows: Rows, path: Path) -> None:
    """Cells of text, whatever they look like."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def as_texts(rows: Rows, path: Path) -> None:
    """Columns of strings."""
    pq.write_table(pa.table(dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))), path)


def as_items(rows: Rows) -> bytes:
    """Items of one e-tax invoice, each with an amount; the days are those of the invoice."""
    invoice = as_etax(LINES[3].number).decode()
    begin, end = invoice.index("<TaxInvoiceTradeLineItem>"), invoice.index("</TaxInvoice>")
    items = "".join(
        f"<TaxInvoiceTradeLineItem><SequenceNumeric>{number}</SequenceNumeric><InvoiceAmount>{escape(row[2])}"
        f"</InvoiceAmount><NameText>x</NameText></TaxInvoiceTradeLineItem>"
        for number, row in enumerate(rows[1:], 1)
    )
    return (invoice[:begin] + items + invoice[end:]).replace("ChargeTotalAmount", "Unknown").encode()


FORMATS: Mapping[str, Callable[[Rows, Path], Any]] = {
    "a.csv": lambda rows, path: path.write_bytes(as_csv(rows)),
    "a.txt": lambda rows, path: path.write_bytes(as_csv(rows, "utf-16", "\t")),
    "cp949.csv": lambda rows, path: path.write_bytes(as_csv(rows, "cp949")),
    "html.xls": lambda rows, path: path.write_bytes(as_html(rows)),
    "a.json": lambda rows, path: path.write_bytes(as_json(rows)),
    "a.xml": lambda rows, path: path.write_bytes(as_items(rows)),
    "a.xlsx": as_sheet,
    "a.xls": as_xls,
    "a.parquet": as_texts,
}


def can_hold(name: str, text: str) -> bool:
    """Whether a format has the characters of a text."""
    try:
        text.encode("cp949" if name in ("cp949.csv", "html.xls") else "utf-8")
    except UnicodeError:
        return False
    return True


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_of_an_amount_is_read_alike_in_every_format(name: str, tmp_path: Path) -> None:
    """To the won where it is whole won, else with its code and without an amount."""
    forms = [text for text in {**WON, **NOT_WON} if can_hold(name, text)]
    assert len(forms) > 60
    FORMATS[name](
        [HEADER, *([f"INV-{at}", "2026-12-09", text, "기본료"] for at, text in enumerate(forms))], tmp_path / name
    )
    lines = lines_of(tmp_path / name)
    told = [(line.amount, *(fault.code for fault in line.unreadable)) for line in lines]
    assert dict(zip(forms, told, strict=True)) == {
        text: (WON[text],) if text in WON else (None, NOT_WON[text]) for text in forms
    }


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "a.xml"])
def test_every_form_of_a_day_is_read_alike_in_every_format(name: str, tmp_path: Path) -> None:
    """The day, or none with a code."""
    forms = [text for text in (*DAYS, *NOT_DAYS) if can_hold(name, text)]
    FORMATS[name]([HEADER, *([f"INV-{at}", text, "1,000", "기본료"] for at, text in enumerate(forms))], tmp_path / name)
    lines = lines_of(tmp_path / name)
    told = [(line.issued_on, *(fault.code for fault in line.unreadable)) for line in lines]
    assert dict(zip(forms, told, strict=True)) == {
        text: (DAY,) if text in DAYS else (None, "day_unreadable") for text in forms
    }


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_of_a_sheet_are_those_that_it_shows(since_1904: bool, tmp_path: Path) -> None:
    """Counted from 1900 or 1904; a bare number is no day, since nobody says from when it counts."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEADER, "이용월"])
        for row, pattern in enumerate(("yyyy-mm-dd", "mm/dd/yy", 'yyyy"년" m"월"', "m/d/yy h:mm"), 1):
            kind = book.add_format({"num_format": pattern})
            sheet.write_row(row, 0, [f"INV-{row}", None, 1_000, "기본료"])
            sheet.write_datetime(row, 1, datetime(2026, 12, 9, 10 * (row == 4)), kind)
            sheet.write_datetime(row, 4, datetime(2026, 12, 1), kind)
        sheet.write_row(5, 0, ["INV-5", 46_365, 1_000, "기본료", 2026.1])
    *shown, bare = lines_of(path)
    assert [(line.issued_on, line.service_month) for line in shown] == [(DAY, date(2026, 12, 1))] * 4
    assert [(fault.field, fault.code) for fault in bare.unreadable] == [
        ("issued_on", "day_unreadable"), ("service_month", "month_unreadable"),
    ]  # fmt: skip


def test_numbers_of_a_parquet_are_what_they_are(tmp_path: Path) -> None:
    """Decimals have no dots that group; an instant is that of a day in Korea."""
    path = tmp_path / "a.parquet"
    amounts = [Decimal("1.000"), Decimal("100.000"), Decimal("-1483870.000"), Decimal("1483870.500")]
    instant = pa.array([datetime(2026, 12, 8, 15, tzinfo=UTC)] * 4, pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"issued_on": instant, "amount": pa.array(amounts, pa.decimal128(18, 3))}), path)
    lines = lines_of(path)
    assert [line.amount for line in lines] == [1, 100, -1_483_870, None]
    assert {line.issued_on for line in lines} == {DAY}
    assert [fault.code for fault in lines[3].unreadable] == ["amount_with_fraction"]

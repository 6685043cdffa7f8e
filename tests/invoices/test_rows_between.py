"""What stands between the lines of real files: sums, headers of further pages, other sheets; all told, none counted."""

import struct
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from support.invoice_files import LINES, as_csv, as_xls, as_xlsx, table

from fee_service.errors import FeeError
from fee_service.invoices.reading import opened
from fee_service.invoices.values import InvoiceLine, OtherKind, OtherRow

HEADER = ["작성일자", "승인번호", "거래처명", "품목명", "공급가액", "세액"]


def read(path: Path) -> tuple[list[InvoiceLine], list[OtherRow]]:
    """Lines, and rows that are none."""
    with opened(path) as file:
        batches = list(file.batches())
    return [line for batch in batches for line in batch.as_rows()], [row for batch in batches for row in batch.others]


def line(number: int, amount: int = 1_000) -> list[Any]:
    """A row of a list."""
    return ["2026-12-09", f"INV-{number}", "(주)견본", "기본료", f"{amount:,}", f"{amount // 10:,}"]


SUMS = [
    *([name, "", "", "", "2,000", "200"] for name in ("합계", "[일계]", "2026-12 월계", "누계", "Total", "합계(2건)")),
    *(["", "", name, "", "2,000", "200"] for name in ("소계", "거래처계", "총 계")),
]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_sums_headers_and_blanks_between_the_lines_are_no_lines(suffix: str, tmp_path: Path) -> None:
    """By day, by company, by month, at the end; the header stands on every page again."""
    rows = [["매입장"], HEADER]
    for page, total in enumerate(SUMS):
        rows += [line(2 * page), line(2 * page + 1), total, [""] * 6, HEADER]
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        path.write_bytes(as_csv(rows))
    else:
        as_xlsx(rows, path)
    lines, others = read(path)
    assert [one.invoice_number for one in lines] == [f"INV-{at}" for at in range(2 * len(SUMS))]
    assert {one.amount for one in lines} == {1_000}
    kinds = Counter(row.kind for row in others)
    assert (kinds[OtherKind.SUM], kinds[OtherKind.HEADER]) == (len(SUMS), len(SUMS) + 1)
    assert not any(one.unreadable for one in lines)


def test_an_item_that_is_called_like_a_sum_is_a_line(tmp_path: Path) -> None:
    """It has a number and a day of its own."""
    rows = [HEADER, line(1), ["2026-12-09", "INV-2", "합계상사", "합계", "3,000", "300"]]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    assert [one.amount for one in read(path)[0]] == [1_000, 3_000]


def heads(book: Any, sheet: Any) -> None:
    """A title over all columns, groups over names, names over both rows."""
    middle = book.add_format({"align": "center"})
    sheet.merge_range("A1:G1", "매입 전자세금계산서 목록조회", middle)
    for cells, name in (("A3:A4", "작성일자"), ("B3:B4", "승인번호"), ("C3:D3", "공급자"), ("E3:G3", "품목")):
        sheet.merge_range(cells, name, middle)
    sheet.write_row("C4", ["등록번호", "상호", "품목명", "공급가액", "세액"])


def test_heads_merged_over_two_rows_are_read(tmp_path: Path) -> None:
    """As a person reads them: from above and from the left."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        heads(book, sheet)
        sheet.write_row("A5", ["2026-12-09", "INV-1", "998-81-00012", "(주)견본", "기본료", 1_000, 100])
    (only,), others = read(path)
    assert (only.supplier, only.supplier_name, only.item, only.amount, only.vat) == (
        "998-81-00012", "(주)견본", "기본료", 1_000, 100,
    )  # fmt: skip
    assert [row.kind for row in others].count(OtherKind.HEADER) == 2


def test_every_sheet_is_read_also_one_that_is_hidden(tmp_path: Path) -> None:
    """Each under its own header; what somebody has hidden is still in the file, and told with its place."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for number, name in enumerate(("12월", "숨김", "메모", "1월")):
            sheet = book.add_worksheet(name)
            header = HEADER if number != 3 else [*HEADER[3:], *HEADER[:3]]
            row = line(number) if number != 3 else [*line(number)[3:], *line(number)[:3]]
            for at, cells in enumerate((header, row) if name != "메모" else (["담당자에게 확인"],)):
                sheet.write_row(at, 0, cells)
            if name == "숨김":
                sheet.hide()
    lines, others = read(path)
    places = [(one.place.sheet, one.place.line, one.invoice_number, one.amount) for one in lines]
    assert places == [("12월", 2, "INV-0", 1_000), ("숨김", 2, "INV-1", 1_000), ("1월", 2, "INV-3", 1_000)]
    assert [(row.place.sheet, row.code) for row in others if row.kind is OtherKind.REJECTED] == [
        ("메모", "row_without_header")
    ]


def ole(raw: bytes, changes: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A container with other bytes in it, each in the place of as many."""
    changed = bytearray(raw)
    for old, new in changes:
        at = raw.index(old)
        changed[at : at + len(new)] = new
    return bytes(changed)


def test_a_workbook_with_a_password_says_how_to_save_it_without(tmp_path: Path) -> None:
    """An XLSX is then a stream of a container, an XLS has a record for it; read as it is, its numbers would lie."""
    raw = as_xls(table(), tmp_path / "a.xls").read_bytes()
    stream, package = (name.encode("utf-16-le") for name in ("Workbook", "EncryptedPackage"))
    length = bytes(64 - len(package)) + struct.pack("<H", len(package) + 2)
    first = struct.pack("<HHH", 0xE1, 2, 0x04B0)  # the record behind the beginning
    for changes in (
        [(stream, package + length)],
        [(first, struct.pack("<H", 0x2F))],
        [(first, struct.pack("<HHH", 0x2F, 2, 0))],
    ):
        path = tmp_path / "b.xls"
        path.write_bytes(ole(raw, changes))
        with pytest.raises(FeeError) as refused:
            read(path)
        assert [fault.code for fault in refused.value.faults] == ["workbook_encrypted"]
    assert len(read(tmp_path / "a.xls")[0]) == len(LINES)

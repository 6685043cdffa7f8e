"""Text line by line and all at once: no line is lost, an open quote spoils its line alone, no encoding is guessed."""

import io
from pathlib import Path

import pytest
from support.invoice_files import HEADER, as_csv, table

from fee_service.errors import FeeError
from fee_service.invoices import text_tables, texts
from fee_service.invoices.reading import opened
from fee_service.invoices.shape import Batch
from fee_service.invoices.values import InvoiceLine, OtherKind, OtherRow

NAMES = "작성일자,승인번호,품목명,공급가액,세액\n"


def read(path: Path, text: str | bytes) -> tuple[list[InvoiceLine], list[OtherRow]]:
    """Lines and other rows of a text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with opened(path) as file:
        batches = list(file.batches())
    lines = [line for batch in batches for line in batch.as_rows()]
    return lines, [row for batch in batches for row in batch.others]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a text is put."""
    return tmp_path / "a.csv"


@pytest.mark.parametrize(
    "broken",
    ['2026-12-09,2,"가,100,10', '2026-12-09,2,가,"100,10', '2026-12-09,2,가,100,"10', '"2026-12-09,2,가,100,10'],
)
def test_a_quote_that_nobody_closes_spoils_its_line_alone(path: Path, broken: str) -> None:
    """The lines behind it are read, those in quotes as well, and the broken one is told with its place."""
    lines, others = read(
        path, f'{NAMES}2026-12-09,1,"가, 나","1,000",100\n{broken}\n"2026-12-09","3","다","3,000",300\n'
    )
    assert [(line.place.line, line.amount) for line in lines] == [(2, 1_000), (4, 3_000)]
    rejected = [row for row in others if row.kind is OtherKind.REJECTED]
    assert [(row.place.line, row.code) for row in rejected] == [(3, "row_quote_unclosed")]


def test_an_open_quote_at_the_end_is_told(path: Path) -> None:
    """Also where no line comes behind it, with and without a line's end."""
    for end in ("", "\n"):
        lines, others = read(path, f'{NAMES}2026-12-09,1,가,100,10\n2026-12-09,2,나,100,"10{end}')
        assert ([line.amount for line in lines], others[-1].code) == ([100], "row_quote_unclosed")


def test_a_cell_may_hold_line_breaks(path: Path) -> None:
    """As long as its quote is closed as it should be; the next line keeps its number."""
    lines, _ = read(path, f'{NAMES}2026-12-09,1,"가\n나\r\n다",100,10\n2026-12-09,2,라,200,20\n')
    assert [(line.place.line, line.amount) for line in lines] == [(2, 100), (5, 200)]
    assert lines[0].item == "가\n나\n다"


def test_commas_that_cut_an_amount_reject_the_line(path: Path) -> None:
    """1,483,870 without quotes is never a 1."""
    lines, others = read(path, f"{NAMES}2026-12-09,1,가,1,483,870,148,387\n2026-12-09,2,나,200,20\n")
    assert [line.amount for line in lines] == [200]
    assert [(row.place.line, row.code) for row in others[1:]] == [(2, "row_cells_too_many")]


def test_lines_cut_short_or_padded_are_read(path: Path) -> None:
    """A missing amount says so; empty cells more than columns say nothing."""
    lines, _ = read(path, f"{NAMES}2026-12-09,1,가\n2026-12-09,2,나,200,20,,,\n")
    assert [line.amount for line in lines] == [None, 200]
    assert [fault.code for fault in lines[0].unreadable] == ["amount_missing"]


def test_sums_blanks_and_headers_that_come_again_are_no_lines(path: Path) -> None:
    """Each in its place; an item that is called a sum is a line where it has a day and an amount."""
    text = f"{NAMES}2026-12-09,1,합계,100,10\n\n소계,,,100,10\n{NAMES},,,,\n2026-12-09,2,나,200,20\n 합 계 ,,,300,30\n"
    lines, others = read(path, text)
    assert [line.amount for line in lines] == [100, 200]
    assert [(row.kind.value, row.place.line) for row in others] == [
        ("header", 1), ("blank", 3), ("sum", 4), ("header", 5), ("blank", 6), ("sum", 8),
    ]  # fmt: skip
    assert others[-1].sums == {"amount": 300, "vat": 30}


def test_a_sum_row_is_held_against_the_lines(path: Path) -> None:
    """Where there is one, it is a control total."""
    for stated, holds in ((300, True), (301, False)):
        path.write_text(f"{NAMES}2026-12-09,1,가,100,10\n2026-12-09,2,나,200,20\n합계,,,{stated},30\n")
        with opened(path) as file:
            assert sum(batch.rows for batch in file.batches()) == 4
            assert [(check.name, check.holds) for check in file.account().checks] == [
                ("sum_row_amount", holds), ("sum_row_vat", True),
            ]  # fmt: skip


def test_days_and_numbers_that_cannot_be_read_leave_the_line_a_line(path: Path) -> None:
    """What is wrong is told with its field; words are not quoted."""
    lines, _ = read(path, f"{NAMES}어제,2.0E+23,가,1.483.870,십원\n")
    assert [(fault.field, fault.code, fault.shown) for fault in lines[0].unreadable] == [
        ("issued_on", "day_unreadable", None), ("invoice_number", "digits_lost", "2.0E+23"),
        ("amount", "amount_with_dots", "1.483.870"), ("vat", "amount_not_a_number", None),
    ]  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_and_ends_of_lines_are_found(path: Path, delimiter: str, ends: str) -> None:
    """By the header that has most names under it."""
    text = as_csv(table(), delimiter=delimiter).decode().replace("\r\n", ends)
    assert [line.place.line for line in read(path, text)[0]] == [5, 6, 7, 8]


def lines_of(batches: list[Batch]) -> list[object]:
    """Every row, as it comes out."""
    found = [tuple(line) for batch in batches for line in batch.as_rows()]
    return [*sorted(found, key=lambda line: line[0]), *sorted(row.place for batch in batches for row in batch.others)]


def test_all_at_once_and_line_by_line_say_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of any size, with broken lines among them, come out as if each line were read alone."""
    some = ['2026-12-09,1,가,"1,000",100', '2026-12-09,2,"나\n다",△500,50', '2026-12-09,3,"x,1,2', "", "소계,,,1,2",
            '2026-12-09,4,"a""b",7,0', "2026-12-09,5,라,1,2,3", '2026-12-09,6,x"y,"8",0']  # fmt: skip
    text = (NAMES + "\n".join(some[at * 7 % 11 % 8] for at in range(1_500)) + "\n").encode()
    text_file = texts.opened(io.BytesIO(text))
    head = text_tables.find_head(text)
    sheet = text_tables.Sheet("a", None, head.header)
    at_once = lines_of(list(text_tables.batches(text_file, head, sheet)))
    for block, small in ((700, 0), (5_000, 100), (100_000, 1_000)):
        monkeypatch.setattr(texts, "BLOCK", block)
        monkeypatch.setattr(texts, "LONGEST_LINE", block)
        monkeypatch.setattr(text_tables, "SMALL", small)
        assert lines_of(list(text_tables.batches(texts.opened(io.BytesIO(text)), head, sheet))) == at_once
    monkeypatch.setattr(text_tables, "_at_once", lambda *_: None)
    monkeypatch.setattr(text_tables, "SMALL", 10**9)
    assert lines_of(list(text_tables.batches(texts.opened(io.BytesIO(text)), head, sheet))) == at_once


@pytest.mark.parametrize("raw", [b"\xff\xff", "가".encode("cp949")[:1], b"a\0b"])
def test_what_is_neither_utf_8_nor_cp949_is_refused_with_its_line(path: Path, raw: bytes) -> None:
    """Nothing is guessed, and nothing left out."""
    with pytest.raises(FeeError) as refused:
        read(path, NAMES.encode() + b"2026-12-09,1,a,1,1\n" + raw + b"\n")
    assert [(fault.code, fault.params["line"]) for fault in refused.value.faults] == [("file_encoding_unknown", 3)]


def test_rare_syllables_of_cp949_are_read(path: Path) -> None:
    """Which euc-kr lacks."""
    lines, _ = read(path, f"{NAMES}2026-12-09,1,똠방각하 펲시콜라,1,0\n".encode("cp949"))
    assert lines[0].item == "똠방각하 펲시콜라"


def test_a_preamble_without_a_header_is_refused(path: Path) -> None:
    """A list of something else is no list of invoices."""
    with pytest.raises(FeeError) as refused:
        read(path, "이름,나이\n가,1\n")
    assert refused.value.faults[0].code == "header_not_found"
    assert "작성일자" in HEADER


@pytest.mark.parametrize("ending", ["가", "é", "𠮷", "a", "가\n"])
@pytest.mark.parametrize("block", [7, 8, 9, 10, 64])
def test_a_character_may_stand_anywhere(ending: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of the file, and over the end of a piece; cut off it is no UTF-8."""
    monkeypatch.setattr(texts, "BLOCK", block)
    whole = f"{NAMES}2026-12-09,1,{ending}".encode()
    with io.BytesIO(whole) as file:
        assert texts.opened(file).encoding == "utf-8"
    if ending == "가":
        with io.BytesIO(whole[:-1]) as file, pytest.raises(FeeError):
            texts.opened(file)


@pytest.mark.parametrize("many", [1, 6_000])
def test_digits_behind_a_quote_are_not_joined(many: int, path: Path) -> None:
    """A cell with a quote that ends in its midst says nothing certain; beside it a quote of inches is none."""
    bad, good = '2026-12-09,1,가,"100"0,10', '2026-12-09,2,5" 화면,"1,000",10'
    lines, others = read(path, NAMES + f"{bad}\n{good}\n" * many)
    assert {(line.invoice_number, line.item, line.amount) for line in lines} == {("2", '5" 화면', 1_000)}
    assert len(lines) == [row.code for row in others].count("row_quote_unclosed") == many

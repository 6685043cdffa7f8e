"""Files of usage reports: understood as people write them, every fault with its row, all rows or none."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from support.asking import call
from support.databases import new_database
from support.usage_files import FINANCE, HEADER, LATER, contract, csv_of, kept, take

from fee_service.errors import FeeError
from fee_service.finance import importing, listing_reports, taking_in
from fee_service.published.editions import Editions
from fee_service.quotes.desk import Desk
from fee_service.storage import sealing
from fee_service.storage.database import Database


@pytest.fixture(scope="module")
def one_desk(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk for files that are refused: they leave nothing."""
    return Desk(Database(new_database("sqlite", tmp_path_factory.mktemp("usage"))), editions)


@pytest.fixture(scope="module")
def number(one_desk: Desk) -> str:
    """A contract from 2026-12-09 on with two products that have usage fees."""
    return contract(one_desk)


def workbook_of(*rows: list[Any], fill: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook with some rows."""
    memory = io.BytesIO()
    made = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = made.add_worksheet()
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate((HEADER.split(","), *rows)):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(row, column, cell, day)
            elif cell is not None:
                sheet.write(row, column, cell)
    if fill:
        fill(made, sheet)
    made.close()
    return memory.getvalue()


def faults(at: Desk, raw: bytes) -> list[tuple[str, Any, Any]]:
    """Code, row and column of everything that is wrong with a file."""
    with pytest.raises(FeeError) as refused:
        take(at, raw)
    return [(fault.code, fault.params.get("row"), fault.params.get("column")) for fault in refused.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_rows_of_one_contract_and_month_are_one_report(encoding: str, desk: Desk) -> None:
    """Thousands as people write them, the contract as it was typed, columns in any order; 201 and what was kept."""
    named = contract(desk)
    header = "reported_on,Product, MONTH ,contract,standard ids,personal_ids,queries"
    raw = csv_of(
        f'2027-01-20,securities_a,2026-12,{named},10,"1,200",0',
        "",
        f"2027-01-20,securities_b,2026-12, {named.lower()} ,0,7.0,0",
        f",securities_a,2027-01-01,{named},0,0,5",
        header=header,
    )
    told = take(desk, raw.decode().encode(encoding))
    assert {name: told[name] for name in ("reports", "corrections", "months")} == {
        "reports": 2,
        "corrections": 0,
        "months": ["2026-12", "2027-01"],
    }
    assert kept(desk) == [
        ("2027-01", "2027-03-05", {"securities_a": [0, 0, 5]}),
        ("2026-12", "2027-01-20", {"securities_a": [10, 1200, 0], "securities_b": [0, 7, 0]}),
    ]
    with desk.database.reading() as connection:
        assert sealing.verify_quotes(connection) == []


def test_a_workbook_is_read_as_spreadsheets_store_it(desk: Desk) -> None:
    """2026-12 becomes a day, counts become decimals; both are what was typed."""
    named = contract(desk)
    told = take(
        desk, workbook_of([named, datetime(2026, 12, 1), "securities_a", 10.0, "1,200", 0, datetime(2027, 1, 20)])
    )
    assert told["reports"] == 1
    assert kept(desk) == [("2026-12", "2027-01-20", {"securities_a": [10, 1200, 0]})]


def test_a_file_corrects_what_it_names(desk: Desk) -> None:
    """With the further column `corrects`; without it, the month is reported already (409)."""
    named = contract(desk)
    take(desk, csv_of(f"{named},2026-12,securities_a,1,2,3,2027-01-20"))
    first = listing_reports.list_reports(desk, {}, call(LATER, FINANCE))["reports"][0]["id"]
    with pytest.raises(FeeError) as refused:
        take(desk, csv_of(f"{named},2026-12,securities_a,1,2,4,2027-01-20"))
    assert (refused.value.status, refused.value.faults[0].params["report"]) == (409, first)
    told = take(desk, csv_of(f"{named},2026-12,securities_a,1,2,4,2027-01-21,{first}", header=f"{HEADER},corrects"))
    assert told["corrections"] == 1


def test_the_same_key_and_file_are_kept_once(desk: Desk) -> None:
    """The first answer is given again."""
    raw = csv_of(f"{contract(desk)},2026-12,securities_a,1,2,3,")
    assert take(desk, raw, "k") == take(desk, raw, "k")
    assert len(kept(desk)) == 1


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ("Q-2026-999999,2026-12,securities_a,1,2,3,", "contract_not_found", "contract"),
        (",2026-12,securities_a,1,2,3,", "cell_empty", "contract"),
        ("{n},2026-11,securities_a,1,2,3,", "usage_month_before_contract", "month"),
        ("{n},2027-03,securities_a,1,2,3,", "usage_month_not_over", "reported_on"),
        ("{n},Dec-26,securities_a,1,2,3,", "invalid_month", "month"),
        ("{n},2026-12-02,securities_a,1,2,3,", "invalid_month", "month"),
        ("{n},2026-13,securities_a,1,2,3,", "invalid_month", "month"),
        ("{n},202612,securities_a,1,2,3,", "invalid_month", "month"),
        ("{n},2026-12,bonds_z,1,2,3,", "product_not_in_contract", "product"),
        ("{n},2026-12,securities_a,-1,2,3,", "out_of_range", "standard_ids"),
        ("{n},2026-12,securities_a,1,1000000001,3,", "out_of_range", "personal_ids"),
        ("{n},2026-12,securities_a,1,99999999999999999999,3,", "out_of_range", "personal_ids"),
        ("{n},2026-12,securities_a,1,2,,", "usage_count_missing", "queries"),
        ("{n},2026-12,securities_a,1,2,1e6,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,1_000,", "not_a_count", "queries"),
        ('{n},2026-12,securities_a,1,2,"12,00",', "not_a_count", "queries"),
        ('{n},2026-12,securities_a,1,2,"1,200,",', "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,1.5,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,1.000,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,007,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,0x10,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,10명,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,+5,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,٣,", "not_a_count", "queries"),
        ("{n},2026-12,securities_a,1,2,3,20.1.2027", "invalid_date", "reported_on"),
        ("{n},2026-12,securities_a,1,2,3,2026-12-31", "usage_month_not_over", "reported_on"),
        ("{n},2026-12,securities_a,1,200,3,2027-01-20,5", "cell_without_column", "-"),
        ("{n},2026-12,securities_a,1,2", "row_cut_short", "-"),
    ],
)
def test_a_row_that_says_nothing_certain_is_refused_in_its_cell(
    cells: str, code: str, column: str, one_desk: Desk, number: str
) -> None:
    """In row 3, behind a good one; the good one is not kept either."""
    raw = csv_of(f"{number},2027-01,securities_a,1,2,3,", cells.replace("{n}", number))
    assert faults(one_desk, raw) == [(code, 3, column)]
    assert kept(one_desk) == []


def test_rows_of_one_report_do_not_contradict(one_desk: Desk, number: str) -> None:
    """Another day for the same month, the same product twice: each names the row before it."""
    raw = csv_of(
        f"{number},2026-12,securities_a,1,2,3,2027-01-20",
        f"{number},2026-12,securities_b,1,2,3,2027-01-21",
        f"{number},2026-12,securities_a,1,2,3,2027-01-20",
    )
    assert faults(one_desk, raw) == [("rows_contradict", 3, "reported_on"), ("usage_twice", 4, "product")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (csv_of(), "file_without_rows"),
        (csv_of(header=HEADER.replace(",queries", "")), "file_columns_missing"),
        (csv_of(header=HEADER + ",remarks"), "file_column_unknown"),
        (csv_of(header=HEADER + ",queries"), "file_column_twice"),
        (csv_of(header=HEADER.replace(",", ";")), "file_column_unknown"),
        (csv_of('"Q-2026-000001,2026-12,securities_a,1,2,3,', "Q,2026-12,securities_a,1,2,3,"), "file_not_csv"),
        (csv_of('"Q\n",2026-12,securities_a,1,2,3,'), "file_row_over_lines"),
        (b"\xff\xff\xff", "file_encoding_unknown"),
        (b"PK\x03\x04 nothing", "workbook_unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw: bytes, code: str, one_desk: Desk) -> None:
    """As a whole, before any row is looked at."""
    assert faults(one_desk, raw)[0][0] == code
    assert kept(one_desk) == []


def test_cells_of_a_workbook_that_hold_no_value_are_refused(one_desk: Desk, number: str) -> None:
    """An error, a formula that nobody computed, a flag, a decimal, a day where a count belongs."""

    def fill(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 4, "=A1+1")
        sheet.write_boolean(1, 5, True)

    good = [number, "2027-01", "securities_a", 1, 2, 3, None]
    raw = workbook_of(
        [number, "2026-12", "securities_a", None, None, None, None],
        [*good[:3], 1.5, 1e300, datetime(2027, 1, 1), datetime(2027, 2, 1, 12)],
        fill=fill,
    )
    assert faults(one_desk, raw) == [
        ("cell_error", 2, "standard_ids"),
        ("cell_formula", 2, "personal_ids"),
        ("not_a_count", 2, "queries"),
        ("not_a_count", 3, "standard_ids"),
        ("out_of_range", 3, "personal_ids"),
        ("not_a_count", 3, "queries"),
        ("invalid_date", 3, "reported_on"),
    ]


def test_two_sheets_with_rows_are_one_too_many(one_desk: Desk, number: str) -> None:
    """Which of them is meant is not guessed."""
    raw = workbook_of(
        [number, "2026-12", "securities_a", 1, 2, 3, None],
        fill=lambda made, _: made.add_worksheet().write(0, 0, "more"),
    )
    assert faults(one_desk, raw) == [("file_several_sheets", None, None)]


def test_thousands_of_faults_are_told_within_bounds(one_desk: Desk, number: str) -> None:
    """The first 200 one by one, of the others how many and in which rows."""
    bad = [f"{number},2026-12,securities_a,x,2,3," if row % 2 else f"{number},2026-12,securities_a,1,2,y,"
           for row in range(3_000)]  # fmt: skip
    with pytest.raises(FeeError) as refused:
        take(one_desk, csv_of(*bad))
    *first, last = refused.value.faults
    assert [fault.params["row"] for fault in first] == list(range(2, 202))
    assert (last.code, last.params) == ("more_faults", {"count": 2_800, "rows": "202–3001"})


def test_rows_are_named_as_people_write_them() -> None:
    """Neighbours as a range, and an end to very many."""
    assert importing.ranges([3, 5, 6, 7, 9]) == "3, 5–7, 9"
    assert importing.ranges(range(0, 2_002, 2)).endswith("996, 998, …")


def test_a_file_of_a_workbook_is_read_from_the_disk(tmp_path: Path) -> None:
    """What decides is how it begins, and how large it is."""
    (tmp_path / "a.xlsx").write_bytes(workbook_of())
    assert taking_in.is_small((tmp_path / "a.xlsx").read_bytes())
    assert not taking_in.is_small(b"PK\x03\x04" + bytes(taking_in.MOST_OF_A_WORKBOOK))
    assert not taking_in.is_small(b"\n" * (taking_in.MOST_ROWS_AT_ONCE + 1))

"""What a reconciliation found, in every kind of file, opened again: every row and every won, texts that stay texts."""

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import orjson
import pyarrow.parquet as pq
import pytest
from support.result_lines import FORMULA, LINES, SECOND, result_line
from support.workbooks import OFFICE, as_office_reads_them, sheets

from fee_service.answers.reconciled import RESULT, packed, read, written
from fee_service.documents import billed_xlsx as workbook
from fee_service.documents.reconciled_columns import NAMES, Result
from fee_service.documents.reconciled_csv import reconciled_csv
from fee_service.documents.reconciled_files import WRITES, write
from fee_service.documents.reconciled_focus import FOCUS_HEADER
from fee_service.documents.reconciled_jobs import KINDS, at_once
from fee_service.documents.reconciled_words import CAUSES, COLUMNS, STATUSES, cause_word
from fee_service.reconciliation.summing import Given, summed_up
from fee_service.rules.judging import Status
from fee_service.rules.reconciling import Cause

TABLES = [written(LINES[:4]), written(LINES[4:9]), written(LINES[9:])]
DAY = date(2027, 2, 1)
CHECK = {"file": "journal.csv", "sheet": None, "name": "supply", "stated": 5, "found": 6}


def result(tables: Any = TABLES, **given: Any) -> Result:
    """A result of some tables."""
    of_files = sum(line.status != "missing" for table in tables for line in read(table))
    return Result(lambda: iter(tables), summed_up(tables, Given(of_files, {}, **given)), DAY)


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV by its header."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_status_and_cause_has_its_words() -> None:
    """A new one cannot be forgotten; two that hold together are both said."""
    assert list(STATUSES) == [each.value for each in Status]
    assert list(CAUSES) == [each.value for each in Cause]
    assert cause_word("rounding+not_prorated", "en") == "Rounded otherwise + Not prorated"
    assert cause_word("duplicate", "ko") == "중복 청구"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_csv_has_every_line_under_names_for_programs_and_people(language: Any) -> None:
    """In English the public names, in Korean behind the Korean ones; unknown columns stand last."""
    content = b"".join(reconciled_csv(result(), language))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = rows_of(content)
    heads = [*NAMES, "부서"] if language == "en" else [*(f"{COLUMNS[name].ko} ({name})" for name in NAMES), "부서"]
    assert list(rows[0]) == heads
    assert len(rows) == len(LINES)
    second = dict(zip([*NAMES, "부서"], rows[1].values(), strict=True))
    said = {
        "ko": ("과다 청구", "일할 누락", "일할 계산이 빠졌습니다."),
        "en": ("Overbilled", "Not prorated", "Not prorated."),
    }
    assert (second["status_label"], second["cause_label"], second["explanation"]) == said[language]
    assert (second["status"], second["cause"], second["difference"], second["service_month"]) == (
        "overbilled", "not_prorated", "206452", "2026-12",
    )  # fmt: skip
    assert second["quantity"] == "1"


def test_csv_defuses_formulas_and_keeps_a_text_in_its_line() -> None:
    """What came from a file is text in a spreadsheet, in known columns and in unknown ones."""
    odd = result_line(item="one\r\ntwo", extra={"=cmd": '+"x"', "부서": "재무,팀"})
    rows = rows_of(b"".join(reconciled_csv(result([*TABLES, written([odd])]), "en")))
    assert rows[6]["item"] == "'" + FORMULA
    assert rows[8]["부서"] == "'=1+1"
    assert (rows[-1]["item"], rows[-1]["'=cmd"], rows[-1]["부서"]) == ("one two", '\'+"x"', "재무,팀")


def test_csv_says_what_cannot_be_read_and_what_it_could_be_of() -> None:
    """The field, what is wrong with it and the text; all candidates; all rivals."""
    rows = rows_of(b"".join(reconciled_csv(result(), "en")))
    assert rows[8]["faults"] == "Supply billed: The amount has a fraction of a won. (1483870.5)"
    assert rows[8]["candidates"] == "Q-2026-000001 | Q-2026-000002"
    assert rows[2]["also"] == "wrong_option | not_prorated"
    assert (rows[8]["amount"], rows[9]["file"]) == ("", "")


def test_csv_is_read_back_by_a_database_with_the_same_sums(tmp_path: Path) -> None:
    """DuckDB finds numbers and days in it."""
    file = write("csv", "reconciled", result(), "en", tmp_path).path
    asked = f"SELECT count(*), sum(amount), sum(difference), min(issued_on) FROM read_csv('{file}')"
    billed = sum(line.amount or 0 for line in LINES)
    differing = sum(line.difference or 0 for line in LINES)
    assert duckdb.sql(asked).fetchall() == [(len(LINES), billed, differing, date(2026, 12, 9))]


def test_parquet_has_the_lines_themselves(tmp_path: Path) -> None:
    """The columns of the result by their names and types; read as lines they are what was written."""
    made = write("parquet", "reconciled", result(), "ko", tmp_path)
    assert (made.name, made.content_type) == ("reconciled.parquet", "application/vnd.apache.parquet")
    table = pq.read_table(made.path)
    assert table.schema.names == RESULT.names
    assert list(read(table)) == list(LINES)
    sums = duckdb.sql(f"SELECT status, sum(difference) FROM '{made.path}' GROUP BY status").fetchall()
    assert dict(sums)["overbilled"] == 206_459


# -- the workbook ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_workbook_has_a_summary_and_a_sheet_for_each_status(language: Any, tmp_path: Path) -> None:
    """Every line is on the sheet of its status, as numbers, days and texts; no cell is a formula."""
    file = write("xlsx", "reconciled", result(), language, tmp_path).path
    summary, *others = (found := sheets(file)).items()
    assert summary[0] == {"ko": "요약", "en": "Summary"}[language]
    names = [getattr(STATUSES[status], language) for status in STATUSES]
    assert [name for name, _ in others] == names
    by_name = Counter(getattr(STATUSES[line.status], language) for line in LINES)
    assert {name: len(rows) - 1 for name, rows in others} == by_name
    header, cells = found[names[1]][:2]
    line = dict(zip([*NAMES, "부서"], cells, strict=True))
    assert len(header) == len(line)
    assert (line["difference"], line["issued_on"], line["line"]) == (206_452, date(2026, 12, 9), 4)
    assert found[names[8]][1][NAMES.index("item")] == FORMULA
    with ZipFile(file) as parts:
        assert not any(b"<f>" in parts.read(part) for part in parts.namelist() if part.startswith("xl/worksheets"))
        assert any(part.startswith("xl/charts/") for part in parts.namelist())


def test_the_summary_tells_money_by_status_and_cause_and_what_does_not_close(tmp_path: Path) -> None:
    """Sums as numbers; a check that does not hold; a contract whose sum does not close; months without a row."""
    wrong = written([result_line(contract="Q-2026-000009", amount=100, expected=99)])
    of_it = result([*TABLES, wrong], checks=[CHECK], months_without_rows=["2027-03"], findings={"new": 5})
    rows = sheets(write("xlsx", "reconciled", of_it, "en", tmp_path).path)["Summary"]
    told = {row[0]: row[1:] for row in rows}
    assert told["Supply due"][0] == 4_877_718 + 99
    assert told["Overbilled"][:4] == ["overbilled", 2, 2_800_007, 206_459]
    assert told["Rounded otherwise + Another price list"][:4] == ["rounding+other_price_list", 1, -200, -20]
    assert told["Unexplained"][2] == 7 or told["Unexplained"][0] == 7
    assert told["The sum closes"][0] == "no"
    assert told["journal.csv · supply"][:3] == [5, 6, "no"]
    assert told["Q-2026-000009"][:2] == [100, 99]
    assert "2027-03" in told
    assert told["new"][0] == 5


def test_the_same_result_is_the_same_workbook(tmp_path: Path) -> None:
    """Its day is that of the result; nothing in it tells when it was written."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    files = [write("xlsx", "reconciled", result(), "ko", folder).path.read_bytes() for folder in (one, other)]
    assert files[0] == files[1]


def test_rows_beyond_a_sheet_go_on_in_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is cut: five lines that match on sheets of three rows, one of them the header."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    found = sheets(write("xlsx", "reconciled", result([written([result_line()] * 5)]), "en", tmp_path).path)
    assert {name: len(rows) - 1 for name, rows in found.items() if name != "Summary"} == {
        "Match": 2,
        "Match 2": 2,
        "Match 3": 1,
    }


def test_a_result_without_lines_is_a_file_all_the_same(tmp_path: Path) -> None:
    """Of each kind, with its header."""
    for kind in WRITES:
        assert write(kind, f"empty-{kind}", result([]), "ko", tmp_path).path.stat().st_size
    assert list(sheets(tmp_path / "empty-xlsx.xlsx")) == ["요약"]


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice Calc")
def test_libreoffice_reads_the_workbook_without_a_difference(tmp_path: Path) -> None:
    """Its first sheet, cell by cell, as it was written."""
    file = write("xlsx", "reconciled", result(checks=[CHECK]), "ko", tmp_path).path
    (office,) = as_office_reads_them([file], tmp_path / "saved")
    ours = sheets(file)["요약"]
    said = [[cell.replace(",", "") for cell in row if cell] for row in office if any(row)]
    assert said == [[_as_text(cell) for cell in row if cell != ""] for row in ours if any(cell != "" for cell in row)]


def _as_text(cell: Any) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) else str(cell).replace(",", "")


# -- FOCUS -------------------------------------------------------------------------------------------------


def test_focus_rows_of_a_result_add_up_to_what_was_billed(tmp_path: Path) -> None:
    """Supply and VAT of each invoice; what was seen before once; what is wrong stands beside in own columns."""
    rows = rows_of(write("focus.csv", "reconciled", result(), "en", tmp_path).path.read_bytes())
    assert tuple(rows[0]) == FOCUS_HEADER
    billed = [line for line in LINES if line.status not in ("missing", "already_seen") and line.amount is not None]
    assert sum(int(row["BilledCost"]) for row in rows) == sum((line.amount or 0) + (line.vat or 0) for line in billed)
    of_second = [row for row in rows if row["InvoiceId"] == SECOND]
    assert sum(int(row["BilledCost"]) for row in of_second) == 2_046_007 + 200_000 + 5_000 - 400
    wrong = next(row for row in rows if row["x_Cause"] == "not_prorated")
    assert (wrong["x_Expected"], wrong["x_Difference"], wrong["x_Status"]) == ("593548", "206452", "overbilled")


def test_focus_rows_of_a_result_have_what_the_specification_demands(tmp_path: Path) -> None:
    """No mandatory column is empty, whatever the file did not tell; a correction is one and has no prices."""
    bare = result_line(contract=None, agreement=None, fee=None, product=None, supplier=None, customer=None, item=None)
    correction = result_line(corrects=SECOND, correction_code="02", amount=-206_452, expected=-206_452)
    tables = [written([bare, correction, result_line(fee="usage_fee", quantity=7)])]
    rows = rows_of(write("focus.csv", "odd", result(tables), "ko", tmp_path).path.read_bytes())
    demanded = [
        *("BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart"),
        *("ChargeCategory", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "ListCost"),
        *("InvoiceIssuerName", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"),
    ]
    assert all(row[name] for row in rows for name in demanded)
    assert [row["ChargeClass"] for row in rows] == ["", "", "Correction", "Correction", "", ""]
    assert [bool(row["ListUnitPrice"]) for row in rows] == [True, False, False, False, True, False]
    assert [row["ChargeCategory"] for row in rows[::2]] == ["Purchase", "Purchase", "Usage"]
    assert rows[4]["ConsumedQuantity"] == "7"


# -- by a process of its own -------------------------------------------------------------------------------


def test_a_file_made_aside_is_the_same_file(tmp_path: Path) -> None:
    """The chunks go to another process, which leaves the file where it was asked to, and nothing else."""
    here, aside = tmp_path / "here", tmp_path / "aside"
    here.mkdir()
    aside.mkdir()
    found = result()
    summary = orjson.loads(orjson.dumps(found.summary, option=orjson.OPT_SORT_KEYS))  # as a job keeps what it is asked
    params = {"of": "0198", "summary": summary, "day": DAY.isoformat(), "language": "ko"}
    made = at_once("xlsx", params, map(packed, TABLES), aside)
    assert made.path.read_bytes() == write("xlsx", "reconciliation-0198", found, "ko", here).path.read_bytes()
    assert made.name == "reconciliation-0198.xlsx"
    assert list(aside.iterdir()) == [made.path]


def test_files_that_are_made_aside_are_those_that_can_be_written() -> None:
    """Who asks does not import what writes them."""
    assert set(KINDS) == set(WRITES)

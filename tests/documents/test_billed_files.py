"""What contracts are billed, in every kind of file, opened again: the same amounts, texts that stay texts."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
from support.running import contract_of
from support.workbooks import OFFICE, as_office_reads_them, sheets

from fee_service.answers.billed import COLUMNS, BilledContract, billed
from fee_service.documents import billed_xlsx as workbook
from fee_service.documents import hometax as template
from fee_service.documents.billed_csv import billed_csv, focus_csv
from fee_service.documents.billed_xlsx import billed_xlsx
from fee_service.documents.focus import HEADER as FOCUS_HEADER
from fee_service.documents.hometax import HEADER, Item, hometax, parts
from fee_service.model import Invoice
from fee_service.published.editions import Editions
from fee_service.rules.dues import dues_billed_in

DECEMBER = date(2026, 12, 1)
FORMULA = '=HYPERLINK("https://example.org")'


@pytest.fixture(scope="module")
def contracts(editions: Editions) -> list[BilledContract]:
    """A contract with base fees, set-up, calls and usage, and one with a credit; what they are billed in a month."""
    first = {
        "request": {
            "company": {
                "name": FORMULA,
                "business_number": "124-81-00998",
                "founded_on": "2010-01-01",
                "size": "large",
            },
            "starts_on": "2026-10-09",
            "api_calls_per_month": 1_000_000,
            "licences": [
                {"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 100, "queries": 10}},
                {"contract": "real_time", "product": "securities_b", "affiliate_extension": True},
            ],
        },
        "reports": [
            {"month": "2026-10", "reported_on": "2026-11-20", "usage": {"securities_a": {"personal_ids": 310}}},
            {"month": "2026-10", "reported_on": "2026-12-03", "usage": {"securities_a": {"personal_ids": 31}}},
        ],
    }
    second = {
        "request": {
            "company": {"founded_on": "2010-01-01", "size": "large"},
            "starts_on": "2026-08-01",
            "licences": [{"contract": "real_time", "product": "securities_a", "usage": {"standard_ids": 100}}],
        },
        "events": [{"kind": "ended", "on": "2026-09-30"}],
        "reports": [{"month": "2026-09", "reported_on": "2026-11-20", "usage": {}}],
    }
    found = []
    for number, life in enumerate((first, second), start=1):
        contract = replace(contract_of(life, editions), number=f"Q-2026-{number:06d}")
        found.append(billed(contract, dues_billed_in(contract, editions, DECEMBER, date(2026, 12, 9))))
    return found


def rows_of(content: Iterable[bytes]) -> list[dict[str, str]]:
    """The rows of a CSV by its header."""
    return list(csv.DictReader(io.StringIO(b"".join(content).decode("utf-8-sig"), newline="")))


def test_a_month_is_billed_as_it_is_counted_by_hand(contracts: list[BilledContract]) -> None:
    """December 2026: base fees 2,000,000 + 800,000, extension 400,000, calls 200,000; October's usage 310 IDs by
    23 days of 31: 253,000; the other contract gets back September's estimate of 2,600,000."""
    one, other = contracts
    assert [(line.fee, line.net) for line in one.lines] == [
        ("usage_fee", 253_000),
        ("base_fee", 2_000_000),
        ("base_fee", 800_000),
        ("affiliate_extension", 400_000),
        ("api_call_fee", 200_000),
    ]
    assert one.invoices == (Invoice(DECEMBER, 3_653_000, 365_300),)
    assert [(line.fee, line.net, line.basis) for line in other.lines] == [("usage_fee", -2_600_000, "settlement")]
    assert other.invoices == (Invoice(DECEMBER, -2_600_000, -260_000),)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_csv_has_a_row_for_each_line_under_the_public_names(contracts: list[BilledContract], language: Any) -> None:
    """The label alone is in a language; a name that a spreadsheet would compute is text."""
    content = b"".join(billed_csv(contracts, language))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = rows_of([content])
    assert [name for name in rows[0] if name != "label"] == list(COLUMNS)
    assert [row["contract"] for row in rows] == ["Q-2026-000001"] * 5 + ["Q-2026-000002"]
    item = {"ko": "증권 A(유가증권시장 주식) · 변동료 · 개인가입자용"}
    item["en"] = "Securities A (KOSPI shares) · Usage fee · Individual subscribers"
    assert list(rows[0].values()) == [
        *("Q-2026-000001", "'" + FORMULA, "124-81-00998", "2026-10", "usage_fee", "real_time", "securities_a"),
        *("", "personal", item[language], "310", "1100", "23", "23", "31", "253000", "0", "253000"),
        *("2026-12-01", "report", "market-data-2018-07-01", "P1"),
    ]


def test_csv_is_read_back_by_a_database_with_the_same_sums(contracts: list[BilledContract], tmp_path: Path) -> None:
    """DuckDB finds columns of numbers and of days, and their sum."""
    file = tmp_path / "dues.csv"
    file.write_bytes(b"".join(billed_csv(contracts, "en")))
    asked = f"SELECT count(*), sum(net), sum(waiver), min(invoice_on) FROM read_csv('{file}')"
    assert duckdb.sql(asked).fetchall() == [(6, 1_053_000, 0, DECEMBER)]


def test_a_workbook_has_numbers_days_and_texts_and_no_formula(contracts: list[BilledContract], tmp_path: Path) -> None:
    """A sheet of lines and one of invoices, read back cell by cell."""
    file = tmp_path / "dues.xlsx"
    billed_xlsx(contracts, "en", file, DECEMBER)
    found = sheets(file)
    assert list(found) == ["Lines", "Invoices"]
    header, first, *_ = found["Lines"]
    cells = dict(zip(header, first, strict=True))
    assert (cells["Company"], cells["Net"], cells["Invoice day"]) == (FORMULA, 253_000, DECEMBER)
    assert isinstance(cells["Business number"], str)
    assert [row[3:] for row in found["Invoices"][1:]] == [
        [DECEMBER, 3_653_000, 365_300, 4_018_300],
        [DECEMBER, -2_600_000, -260_000, -2_860_000],
    ]
    with ZipFile(file) as parts_of_it:
        assert not any(b"<f>" in parts_of_it.read(name) for name in parts_of_it.namelist())


def test_rows_beyond_a_sheet_go_on_in_another(
    contracts: list[BilledContract], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is cut: five lines on sheets of three rows, one of them the header."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    file = tmp_path / "dues.xlsx"
    billed_xlsx(contracts[:1], "en", file, DECEMBER)
    found = sheets(file)
    assert list(found) == ["Lines", "Invoices", "Lines 2", "Lines 3"]
    assert [len(rows) - 1 for rows in found.values()] == [2, 1, 2, 1]


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice Calc")
def test_libreoffice_opens_the_files_and_computes_nothing(contracts: list[BilledContract], tmp_path: Path) -> None:
    """The workbook of dues and the template are read by another program: the same amounts, the name as it was typed."""
    file = tmp_path / "dues.xlsx"
    billed_xlsx(contracts, "en", file, DECEMBER)
    lines, template_rows = as_office_reads_them((file, hometax(contracts[:1], DECEMBER, tmp_path)), tmp_path / "saved")
    assert FORMULA in lines[1]
    assert "253000" in [cell.replace(",", "") for cell in lines[1]]
    assert tuple(template_rows[5]) == HEADER
    assert template_rows[6][0] == "01"


# -- FOCUS ---------------------------------------------------------------------------------------------

# FOCUS 1.2: the columns of the feature level Mandatory, and whether each allows nulls.
MANDATORY = {
    "BilledCost": False, "BillingAccountId": False, "BillingAccountName": True, "BillingCurrency": False,
    "BillingPeriodEnd": False, "BillingPeriodStart": False, "ChargeCategory": False, "ChargeClass": True,
    "ChargeDescription": True, "ChargePeriodEnd": False, "ChargePeriodStart": False, "ContractedCost": False,
    "EffectiveCost": False, "InvoiceIssuerName": False, "ListCost": False, "PricingQuantity": True,
    "PricingUnit": True, "ProviderName": False, "PublisherName": False, "ServiceCategory": False, "ServiceName": False,
}  # fmt: skip
OTHERS = {
    "AvailabilityZone", "BillingAccountType", "CapacityReservationId", "CapacityReservationStatus", "ChargeFrequency",
    "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus", "CommitmentDiscountType", "CommitmentDiscountUnit", "ConsumedQuantity",
    "ConsumedUnit", "ContractedUnitPrice", "InvoiceId", "ListUnitPrice", "PricingCategory", "PricingCurrency",
    "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "RegionId",
    "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceSubcategory", "SkuId", "SkuMeter",
    "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
}  # fmt: skip


def test_focus_has_every_mandatory_column_and_no_unknown_one() -> None:
    """Columns of the specification by its names (57 of them), own ones with `x_`, none twice."""
    assert len(MANDATORY) + len(OTHERS) == 57
    assert len(set(FOCUS_HEADER)) == len(FOCUS_HEADER)
    assert MANDATORY.keys() <= set(FOCUS_HEADER)
    assert {name for name in FOCUS_HEADER if not name.startswith("x_")} <= MANDATORY.keys() | OTHERS
    assert [name for name in FOCUS_HEADER if not name.startswith("x_")] == sorted(
        name for name in FOCUS_HEADER if not name.startswith("x_")
    )


def test_focus_rows_obey_the_specification(contracts: list[BilledContract]) -> None:
    """Nulls where they are allowed or demanded, values of the closed sets, price times quantity the cost."""
    rows = rows_of(focus_csv(contracts, "en"))
    assert len(rows) == 6 + 2  # the lines, and the VAT of two invoices
    for row in rows:
        assert all(row[name] for name, nullable in MANDATORY.items() if not nullable), row
        category, correction = row["ChargeCategory"], row["ChargeClass"]
        assert category in {"Usage", "Purchase", "Tax"}
        assert correction in {"", "Correction"}
        assert row["ChargeFrequency"] in {"One-Time", "Recurring", "Usage-Based"}
        assert row["BillingCurrency"] == "KRW"
        assert all(
            row[name].endswith("T00:00:00Z") and date.fromisoformat(row[name][:10])
            for name in ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd")
        )
        priced = category != "Tax" and not correction
        for name in ("ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingUnit", "PricingCategory"):
            assert bool(row[name]) is priced, (name, row)
        if priced:
            quantity = Decimal(row["PricingQuantity"])
            assert Decimal(row["ListUnitPrice"]) * quantity == Decimal(row["ListCost"])
            assert Decimal(row["ContractedUnitPrice"]) * quantity == Decimal(row["ContractedCost"])
        assert bool(row["ConsumedQuantity"]) is (category == "Usage")
        assert bool(row["ConsumedUnit"]) is (category == "Usage")


def test_focus_sums_by_invoice_to_the_invoices(contracts: list[BilledContract]) -> None:
    """The sum of what is billed in a billing period matches the invoices, VAT included."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows_of(focus_csv(contracts, "en")):
        sums[row["InvoiceId"]] += int(row["BilledCost"])
    assert sums == {
        f"{contract.contract}/{invoice.issued_on}": invoice.total
        for contract in contracts
        for invoice in contract.invoices
    }


# -- Hometax -------------------------------------------------------------------------------------------


def issued(folder: Path) -> list[list[Any]]:
    """The rows of all files of the template in a folder, ZIP or not."""
    for archive in folder.glob("*.zip"):
        with ZipFile(archive) as files:
            files.extractall(folder)
    rows = []
    for file in sorted(folder.glob("hometax-*.xlsx")):
        (content,) = sheets(file).values()
        assert tuple(content[5]) == HEADER
        assert len(content) - 6 <= 100
        rows += content[6:]
    return rows


def amounts_of(row: list[Any]) -> tuple[int, int, list[tuple[int, int]]]:
    """Supply and VAT of a row, and of its items."""
    cells = dict(zip(HEADER, row, strict=True))
    items = [(cells[f"공급가액{n}"], cells[f"세액{n}"]) for n in range(1, 5) if cells[f"공급가액{n}"] != ""]
    return cells["공급가액"], cells["세액"], items


def test_the_template_has_59_columns_and_an_invoice_of_five_items_two_rows(
    contracts: list[BilledContract], tmp_path: Path
) -> None:
    """4 items and 1; supply and VAT of both rows are those of the invoice, and each row is the sum of its items."""
    assert len(HEADER) == 59
    hometax(contracts[:1], DECEMBER, tmp_path)
    rows = issued(tmp_path)
    assert [len(amounts_of(row)[2]) for row in rows] == [4, 1]
    assert [row[:2] for row in rows] == [["01", "20261201"]] * 2
    assert rows[0][10] == "1248100998"
    assert [row[-1] for row in rows] == ["02", "02"]
    assert sum(amounts_of(row)[0] for row in rows) == 3_653_000
    assert sum(amounts_of(row)[1] for row in rows) == 365_300
    for row in rows:
        supply, vat, items = amounts_of(row)
        assert (supply, vat) == tuple(map(sum, zip(*items, strict=True)))


def test_a_credit_is_no_row_of_the_template_but_a_correction_to_issue(
    contracts: list[BilledContract], tmp_path: Path
) -> None:
    """The template knows no corrections: reason 02, the day, the months and their amounts stand in a file beside it."""
    whole = hometax(contracts, DECEMBER, tmp_path)
    assert whole.suffix == ".zip"
    with ZipFile(whole) as files:
        assert files.namelist() == ["hometax-2026-12-001.xlsx", "corrections-2026-12.xlsx"]
        files.extractall(tmp_path)
    (content,) = sheets(tmp_path / "corrections-2026-12.xlsx").values()
    assert [row[0] for row in content[6:]] == ["02", "02"]
    assert content[6][4:6] == ["Q-2026-000002", "2026-09"]
    assert content[-1][-2:] == [-2_600_000, -260_000]


def test_more_than_a_hundred_rows_are_more_files_and_none_is_left_out(
    contracts: list[BilledContract], tmp_path: Path
) -> None:
    """125 contracts of two rows each: 250 rows in three files, every contract in them, the sums of all invoices."""
    many = [contracts[0]._replace(contract=f"Q-2026-{number:06d}") for number in range(125)]
    with ZipFile(hometax(many, DECEMBER, tmp_path)) as files:
        assert len(files.namelist()) == 3
    rows = issued(tmp_path)
    assert len(rows) == 250
    assert {row[HEADER.index("비고")] for row in rows} == {contract.contract for contract in many}
    assert sum(amounts_of(row)[0] for row in rows) == 125 * 3_653_000
    assert sum(amounts_of(row)[1] for row in rows) == 125 * 365_300


def test_a_month_without_invoices_is_a_template_without_rows(tmp_path: Path) -> None:
    """A file all the same, with its header."""
    assert hometax([], DECEMBER, tmp_path).name == "hometax-2026-12-001.xlsx"
    assert issued(tmp_path) == []


def items(*supplies: int) -> list[Item]:
    """Items of these amounts."""
    return [Item(f"item {number}", "2026-10", None, None, supply, None) for number, supply in enumerate(supplies)]


@pytest.mark.parametrize(
    "supplies",
    [
        (100, 200, 300, 400),
        (100, 200, 300, 400, 500),
        (100, 200, 300, 400, -50),
        (-50, -60, 1000, -70, 5, 5, 5, 5, 5),
        (-900, -90, 250, 250, 250, 250, 250),
        (-4, 1, 1, 1, 1, 1, 1),
        (1,),
        tuple(range(1, 30)),
    ],
)
def test_items_are_split_so_that_no_row_is_negative_and_nothing_is_lost(supplies: tuple[int, ...]) -> None:
    """Credits go with charges that cover them; the sum stays."""
    found = parts(items(*supplies))
    assert all(1 <= len(part) <= template.MOST_ITEMS for part in found)
    assert all(sum(item.supply for item in part) >= 0 for part in found)
    assert sum(item.supply for part in found for item in part) == sum(supplies)


def test_the_vat_of_rows_and_items_adds_up_to_the_last_won(contracts: list[BilledContract], tmp_path: Path) -> None:
    """Five items of 9 won: VAT 4 (4.5 toward zero) in all, though none of them alone has a won of it."""
    lines = tuple(line._replace(net=9) for line in contracts[0].lines)
    odd = contracts[0]._replace(lines=lines, invoices=(Invoice(DECEMBER, 45, 4),))
    hometax([odd], DECEMBER, tmp_path)
    rows = [amounts_of(row) for row in issued(tmp_path)]
    assert sum(vat for _, vat, _ in rows) == 4
    assert sum(vat for _, _, each in rows for _, vat in each) == 4


def test_the_names_of_columns_are_the_public_ones() -> None:
    """As `GET /v1/contracts/{key}/dues` names them, the contract's key and its company before them."""
    assert COLUMNS[3:7] == ("service_month", "fee", "agreement", "product")
    assert COLUMNS[-4:] == ("invoice_on", "basis", "price_list", "source")

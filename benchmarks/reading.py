"""Files of invoices read: a million lines against DuckDB's summing them, the same as finance has them, e-tax XML."""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.row import Row
from fee_service.invoices.reading import opened

LINES = int(os.environ.get("LINES", "1000000"))
INVOICES = int(os.environ.get("INVOICES", "40000"))
ROUNDS = 5
NAMES = "작성일자,승인번호,공급자사업자등록번호,공급받는자사업자등록번호,품목명,규격,수량,공급가액,세액,비고\n"
ITEMS = ("주식실시간A 기본료", "코스닥 실시간(증권B) 기본료", "API사용료 1백만건", "증권C 실시간 (일반용)")
SUM = "SELECT 품목명, sum(공급가액) FROM read_csv(?, header = true, delim = ',', quote = '\"') GROUP BY 1"
PARTY = "<{0}><ID>{1}</ID><NameText>{2}</NameText><SpecifiedPerson><NameText>가상</NameText></SpecifiedPerson></{0}>"


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, messy, archive = folder / "clean.csv", folder / "messy.csv", folder / "etax.zip"
        _write_clean(clean)
        _write_messy(messy)
        _write_archive(archive)
        sides: dict[str, Callable[[], int]] = {
            "sum": lambda: len(duckdb.connect().execute(SUM, [str(clean)]).fetchall()),
            "clean": lambda: _read(clean),
            "messy": lambda: _read(messy),
            "etax": lambda: _read(archive),
        }
        took: dict[str, list[float]] = {side: [] for side in sides}
        for _ in range(ROUNDS):
            for side, run in sides.items():
                began = time.perf_counter()
                run()
                took[side].append(time.perf_counter() - began)
    middle = {side: median(each) for side, each in took.items()}
    against, recoded = (
        median(map(float.__truediv__, took[side], took[base])) for side, base in (("clean", "sum"), ("messy", "clean"))
    )
    a_second = INVOICES / middle["etax"]
    how = f"{ROUNDS} rounds in turns, two cores"
    return [
        Row(
            f"{LINES:,} lines of invoices read from CSV, against DuckDB's summing the file by item",
            f"{against:.1f} times", "–", None, f"{middle['clean']:.2f} s against {middle['sum']:.2f} s; {how}",
        ),
        Row(
            "The same in CP949 under a preamble, with commas, signs of won, open quotes and sums, against the clean",
            f"{recoded:.1f} times", "≤ 2.5 times", recoded <= 2.5, f"{middle['messy']:.2f} s; {how}",
        ),
        Row(
            f"{INVOICES:,} e-tax invoices of four lines in a ZIP",
            f"{a_second:,.0f} a second", "≥ 4,000 a second", a_second >= 4_000, f"{middle['etax']:.1f} s; {how}",
        ),
    ]  # fmt: skip


def _read(path: Path) -> int:
    with opened(path) as file:
        for _ in file.batches():
            pass
        return file.account().lines


def _amount(at: int) -> int:
    return 200_000 + at * 7_919 % 2_800_000


def _line(at: int, won: Callable[[int], str] = str) -> str:
    amount, month = _amount(at), at % 12 + 1
    return (
        f"2026-{month:02}-{at % 28 + 1:02},20261209-41000999-{at:08},999-81-00015,999-87-00021,"
        f"{ITEMS[at % 4]},2026-{month:02},1,{won(amount)},{won(amount // 10)},\n"
    )


def _write_clean(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(NAMES)
        file.writelines(_line(at) for at in range(LINES))


def _write_messy(path: Path) -> None:
    """Each twentieth line is no plain one: quotes that nobody closes, sums, blanks."""
    plain, grouped = str, lambda won: f'"{won:,}"'
    usual: tuple[Callable[[int], str], ...] = (
        plain, grouped, grouped, lambda won: f"{won}원", lambda won: f"△{won}",
    )  # fmt: skip
    odd = {0: "\n", 1: "소계,,,,,,,1000,100,\n", 2: '2026-12-09,1,999-81-00015,,"열린 따옴표,,1,1000,100,\n'}
    with path.open("w", encoding="cp949") as file:
        file.write("매입 전자세금계산서 목록조회,,,,,,,,,\n,,,,,,,,,\n" + NAMES)
        for at in range(LINES):
            file.write(_line(at, usual[at % 5]))
            if at % 2_000 < 3:
                file.write(odd[at % 2_000])


def _write_archive(path: Path) -> None:
    parties = PARTY.format("InvoicerParty", "9998100015", "가상시장정보(주)")
    parties += PARTY.format("InvoiceeParty", "9998700021", "(주)가상핀테크")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for at in range(INVOICES):
            archive.writestr(f"{at}.xml", _invoice(at, parties))


def _invoice(at: int, parties: str) -> str:
    supply = sum(_amount(at + item) for item in range(4))
    items = "".join(
        f"<TaxInvoiceTradeLineItem><SequenceNumeric>{item + 1}</SequenceNumeric><InvoiceAmount>{_amount(at + item)}"
        f"</InvoiceAmount><ChargeableUnitQuantity>1</ChargeableUnitQuantity><InformationText>2026-12</InformationText>"
        f"<NameText>{ITEMS[item]}</NameText><TotalTax><CalculatedAmount>{_amount(at + item) // 10}</CalculatedAmount>"
        "</TotalTax></TaxInvoiceTradeLineItem>"
        for item in range(4)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TaxInvoice xmlns="urn:kr:or:kec:standard:Tax:'
        'ReusableAggregateBusinessInformationEntitySchemaModule:1:0"><TaxInvoiceDocument>'
        f"<IssueID>2026120941000999{at:08}</IssueID><TypeCode>0101</TypeCode><IssueDateTime>20261209</IssueDateTime>"
        f"<PurposeCode>02</PurposeCode></TaxInvoiceDocument><TaxInvoiceTradeSettlement>{parties}"
        f"<SpecifiedMonetarySummation><ChargeTotalAmount>{supply}</ChargeTotalAmount><TaxTotalAmount>{supply // 10}"
        f"</TaxTotalAmount><GrandTotalAmount>{supply + supply // 10}</GrandTotalAmount></SpecifiedMonetarySummation>"
        f"</TaxInvoiceTradeSettlement>{items}</TaxInvoice>"
    )

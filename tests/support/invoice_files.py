"""Files of invoices in every format, from the same lines: parties are invented, their check digits are right."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "domain" / "invoices"  # beside the repository, or not there
SELLER, BUYER, OTHER = "998-81-00012", "998-87-00028", "998-86-00036"
NAMES = {SELLER: "(주)시험정보", BUYER: "시험핀테크(주)", OTHER: "(주)견본데이터"}
PERSON, RESIDENT, E_MAIL = "김가상", "900101-1234567", "kim.gasang@example.invalid"


class Billed(NamedTuple):
    """A line of an invoice as it should come out of every format."""

    number: str = "202612094100099800000001"
    issued_on: date = date(2026, 12, 9)
    item: str = "주식실시간A 기본료 (소매사업 전용)"
    specification: str = "2026-12"
    quantity: int = 1
    amount: int = 1_483_870
    vat: int = 148_387
    remark: str = "23/31일"
    corrects: str = ""
    code: str = "02"  # why it corrects


LINES = (
    Billed(),
    Billed(item="코스닥 실시간(증권B) 기본료", amount=593_548, vat=59_354, specification="2026년 12월분", remark=""),
    Billed(item="똠방 API사용료, \"1백만건\"", amount=200_000, vat=20_000),
    Billed("202701154100099800000002", date(2027, 1, 15), "코스닥 실시간(증권B) 기본료 감액", "2026-12", -1, -206_452,
           -20_645, "정정", "202612094100099800000001"),
)  # fmt: skip
HEADER = (
    "작성일자", "승인번호", "공급자사업자등록번호", "상호", "대표자명", "주소", "공급받는자사업자등록번호", "상호",
    "대표자명", "주소", "합계금액", "공급가액", "세액", "전자세금계산서종류", "비고", "공급받는자 이메일1", "품목명",
    "품목규격", "품목수량", "품목단가", "품목공급가액", "품목세액", "품목비고",
)  # fmt: skip


def hyphened(number: str) -> str:
    """An approval number as lists print it."""
    return f"{number[:8]}-{number[8:16]}-{number[16:]}"


def grouped(won: int) -> str:
    """Won with commas."""
    return f"{won:,}"


def totals_of(number: str, lines: Sequence[Billed]) -> tuple[int, int]:
    """Supply and VAT of an invoice."""
    own = [line for line in lines if line.number == number]
    return sum(line.amount for line in own), sum(line.vat for line in own)


def table(lines: Sequence[Billed] = LINES, won: Callable[[int], Any] = grouped) -> list[list[Any]]:
    """A purchase list with its preamble, as rows of cells."""
    numbers = dict.fromkeys(line.number for line in lines)
    supply, vat = (sum(each) for each in zip(*(totals_of(number, lines) for number in numbers), strict=True))
    above: list[list[Any]] = [
        ["사업자등록번호", BUYER, "상호", NAMES[BUYER], "대표자명", PERSON],
        ["총 합계금액", won(supply + vat), "총 공급가액", won(supply), "총 세액", won(vat)],
        ["매입 전자(수정) 세금계산서 목록조회"],
        list(HEADER),
    ]
    return above + [row_of(line, lines, won) for line in lines]


def row_of(line: Billed, lines: Sequence[Billed], won: Callable[[int], Any]) -> list[Any]:
    """A row of the list; a person, an address and a resident number stand where such lists have them."""
    supply, vat = totals_of(line.number, lines)
    remark = f"당초 승인번호({hyphened(line.corrects)})" if line.corrects else f"문의 {E_MAIL} {RESIDENT}"
    return [
        line.issued_on.isoformat(), hyphened(line.number), SELLER, NAMES[SELLER], PERSON, "서울 가상로 1", BUYER,
        NAMES[BUYER], PERSON, "서울 가상로 2", won(supply + vat), won(supply), won(vat),
        "일반(수정)" if line.corrects else "일반", remark, E_MAIL, line.item, line.specification, line.quantity,
        won(line.amount), won(line.amount), won(line.vat), line.remark,
    ]  # fmt: skip


def as_csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as a sheet program saves them."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_html(rows: Sequence[Sequence[Any]]) -> bytes:
    """A table that a back office calls .xls."""
    cells = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    head = '<html><head><meta http-equiv=Content-Type content="text/html; charset=ks_c_5601-1987"></head>'
    return f"{head}<body><table>{cells}</table></body></html>".encode("cp949")


def as_xlsx(rows: Sequence[Sequence[Any]], path: Path) -> Path:
    """Rows on a sheet, numbers as numbers."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("세금계산서")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def as_xls(rows: Sequence[Sequence[Any]], path: Path) -> Path:
    """Rows in BIFF8."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("세금계산서")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))
    return path


def as_parquet(rows: Sequence[Sequence[Any]], path: Path) -> Path:
    """The table under its header; of twins the second gets a number, since Parquet has names once."""
    at = next(index for index, row in enumerate(rows) if "작성일자" in row)
    names = [f"{name}{'' if rows[at].index(name) == index else '2'}" for index, name in enumerate(rows[at])]
    columns = list(zip(*rows[at + 1 :], strict=True))
    pq.write_table(pa.table(dict(zip(names, map(list, columns), strict=True))), path)
    return path


def as_etax(number: str, lines: Sequence[Billed] = LINES, encoding: str = "utf-8") -> bytes:
    """One e-tax invoice."""
    own = [line for line in lines if line.number == number]
    supply, vat = totals_of(number, lines)
    corrects = own[0].corrects
    items = "".join(
        f"<TaxInvoiceTradeLineItem><SequenceNumeric>{at}</SequenceNumeric><DescriptionText>{escape(line.remark)}"
        f"</DescriptionText><InvoiceAmount>{line.amount}</InvoiceAmount><ChargeableUnitQuantity>{line.quantity}"
        f"</ChargeableUnitQuantity><InformationText>{line.specification}</InformationText><NameText>"
        f"{escape(line.item)}</NameText><TotalTax><CalculatedAmount>{line.vat}</CalculatedAmount></TotalTax>"
        f"</TaxInvoiceTradeLineItem>"
        for at, line in enumerate(own, 1)
    )
    party = "<{0}><ID>{1}</ID><NameText>{2}</NameText><SpecifiedPerson><NameText>{3}</NameText></SpecifiedPerson>"
    party += "<DefinedContact><PersonNameText>{3}</PersonNameText><URICommunication>{4}</URICommunication>"
    party += "</DefinedContact></{0}>"
    parties = "".join(
        party.format(role, who.replace("-", ""), NAMES[who], PERSON, E_MAIL)
        for role, who in (("InvoicerParty", SELLER), ("InvoiceeParty", BUYER))
    )
    amendment = f"<AmendmentStatusCode>{own[0].code}</AmendmentStatusCode>" if corrects else ""
    original = f"<OriginalIssueID>{corrects}</OriginalIssueID>" if corrects else ""
    return (
        f'<?xml version="1.0" encoding="{"euc-kr" if encoding == "cp949" else encoding}"?>'
        '<TaxInvoice xmlns="urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0">'
        f"<ExchangedDocument><ID>{number}</ID></ExchangedDocument><TaxInvoiceDocument><IssueID>{number}</IssueID>"
        f"<TypeCode>{'0201' if corrects else '0101'}</TypeCode><DescriptionText>{RESIDENT}</DescriptionText>"
        f"<IssueDateTime>{own[0].issued_on:%Y%m%d}</IssueDateTime>{amendment}<PurposeCode>02</PurposeCode>{original}"
        f"</TaxInvoiceDocument><TaxInvoiceTradeSettlement>{parties}<SpecifiedMonetarySummation><ChargeTotalAmount>"
        f"{supply}</ChargeTotalAmount><TaxTotalAmount>{vat}</TaxTotalAmount><GrandTotalAmount>{supply + vat}"
        f"</GrandTotalAmount></SpecifiedMonetarySummation></TaxInvoiceTradeSettlement>{items}</TaxInvoice>"
    ).encode(encoding)


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive of files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def as_etax_zip(lines: Sequence[Billed] = LINES) -> bytes:
    """Each invoice a file of an archive."""
    return zipped({f"{number}.xml": as_etax(number, lines) for number in dict.fromkeys(line.number for line in lines)})


def as_json(lines: Sequence[Billed] = LINES) -> bytes:
    """Documents as issuing services hand them out."""
    documents = []
    for number in dict.fromkeys(line.number for line in lines):
        own = [line for line in lines if line.number == number]
        supply, vat = totals_of(number, lines)
        documents.append({
            "writeDate": f"{own[0].issued_on:%Y%m%d}", "purposeType": "청구", "taxType": "과세",
            "invoicerCorpNum": SELLER.replace("-", ""), "invoicerCorpName": NAMES[SELLER], "invoicerCEOName": PERSON,
            "invoiceeCorpNum": BUYER.replace("-", ""), "invoiceeCorpName": NAMES[BUYER], "invoiceeEmail1": E_MAIL,
            "supplyCostTotal": str(supply), "taxTotal": str(vat), "totalAmount": str(supply + vat),
            "modifyCode": int(own[0].code) if own[0].corrects else None, "orgNTSConfirmNum": own[0].corrects or None,
            "ntsconfirmNum": number, "remark1": RESIDENT,
            "detailList": [
                {"serialNum": at, "itemName": line.item, "spec": line.specification, "qty": str(line.quantity),
                 "supplyCost": str(line.amount), "tax": str(line.vat), "remark": line.remark}
                for at, line in enumerate(own, 1)
            ],
        })  # fmt: skip
    return json.dumps(documents, ensure_ascii=False).encode()


def files(folder: Path, lines: Sequence[Billed] = LINES) -> dict[str, Path]:
    """The same lines in every format that is read."""
    whole, rows, numbers = folder.joinpath, table(lines), table(lines, int)
    written = {
        "list.utf8.csv": as_csv(rows),
        "list.bom.csv": as_csv(rows, "utf-8-sig"),
        "list.cp949.csv": as_csv(rows, "cp949"),
        "list.txt": as_csv(rows, delimiter="\t"),
        "list.utf16.txt": as_csv(rows, "utf-16", "\t"),
        "html.xls": as_html(rows),
        "etax.zip": as_etax_zip(lines),
        "documents.json": as_json(lines),
    }
    for name, content in written.items():
        whole(name).write_bytes(content)
    made = [as_xlsx(numbers, whole("list.xlsx")), as_xlsx(rows, whole("texts.xlsx")), as_xls(rows, whole("list.xls"))]
    made += [as_xls(numbers, whole("numbers.xls")), as_parquet(numbers, whole("list.parquet"))]
    return {path.name: path for path in [*map(whole, written), *made]}

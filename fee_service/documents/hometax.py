"""Invoices to issue in the columns of Hometax's template for bulk issue (전자세금계산서 일괄발급): up to 4 items a row,
up to 100 rows a file.

More is split, never cut: an invoice of more items becomes several rows, each with its share of the VAT; more rows
become several files. An invoice of 0 is none. A credit cannot be issued by the template, which knows no corrections:
it stands in a list of corrections to issue (수정세금계산서, 02 공급가액 변동). What the service does not know, such
as the names of representatives, stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from fee_service.answers.billed import BilledContract
from fee_service.documents.billed_words import BILLED_WORDS
from fee_service.documents.billed_xlsx import OPTIONS, Formats, dated, formats_of
from fee_service.documents.issued_quote import visible
from fee_service.model import Invoice

MOST_ITEMS = 4  # of a row
MOST_ROWS = 100  # of a file
HEADER_AT = 5  # the sixth row; what stands above is no data
ORDINARY, CLAIMED = "01", "02"  # 01 일반; 02 청구
SUPPLY_CHANGED = "02"  # 공급가액 변동
WORDS = BILLED_WORDS["ko"]  # the template is Korean
NOTES = {"report": "이용 보고", "estimate": "추정", "settlement": "정산", "assumed": "견적 이용량"}  # by basis
ITEM = (
    "일자{n} (2자리, 작성년월 제외)", "품목{n}", "규격{n}", "수량{n}", "단가{n}", "공급가액{n}", "세액{n}",
    "품목비고{n}",
)  # fmt: skip
HEADER = (
    "전자(세금)계산서 종류 (01:일반, 02:영세율)", "작성일자",
    '공급자 등록번호 ("-" 없이 입력)', "공급자 종사업장번호", "공급자 상호", "공급자 성명", "공급자 사업장주소",
    "공급자 업태", "공급자 종목", "공급자 이메일",
    '공급받는자 등록번호 ("-" 없이 입력)', "공급받는자 종사업장번호", "공급받는자 상호", "공급받는자 성명",
    "공급받는자 사업장주소", "공급받는자 업태", "공급받는자 종목", "공급받는자 이메일1", "공급받는자 이메일2",
    "공급가액", "세액", "비고",
    *(title.format(n=number) for number in range(1, MOST_ITEMS + 1) for title in ITEM),
    "현금", "수표", "어음", "외상미수금", "영수(01),청구(02)",
)  # fmt: skip
CORRECTIONS = (
    "수정 사유", "작성일자", "공급받는자 등록번호", "공급받는자 상호", "계약번호", "이용월", "품목", "공급가액", "세액",
)  # fmt: skip
SUPPLIER, BUYER = 8, 9  # cells of a row for the supplier, and for the buyer
TITLE = "전자세금계산서 일괄발급 {day:%Y-%m} · {number}번째 파일"

Cell = str | int | None


class Item(NamedTuple):
    """An item of an invoice; quantity and price stand where they give the amount."""

    name: str
    month: str
    quantity: int | None
    price: int | None
    supply: int
    note: str | None


class IssuedRow(NamedTuple):
    """A row of the template: an invoice, or a part of one."""

    contract: BilledContract
    issued_on: date
    items: tuple[Item, ...]
    taxes: tuple[int, ...]  # VAT of each item


class Correction(NamedTuple):
    """A credit: to be issued as a corrected invoice."""

    contract: BilledContract
    invoice: Invoice
    items: tuple[Item, ...]


def hometax(contracts: Iterable[BilledContract], month: date, folder: Path, *, together: bool = False) -> Path:
    """Write the files of a month's invoices into a folder; the workbook alone where it is one, else (or `together`) a
    ZIP of all. The same invoices give the same bytes."""
    corrections: list[Correction] = []
    rows = _rows(contracts, corrections)
    files: list[Path] = []
    while (part := tuple(islice(rows, MOST_ROWS))) or not files:
        files.append(folder / f"hometax-{month:%Y-%m}-{len(files) + 1:03d}.xlsx")
        _write(files[-1], month, TITLE.format(day=month, number=len(files)), HEADER, map(_cells, part))
    if corrections:
        files.append(folder / f"corrections-{month:%Y-%m}.xlsx")
        cells = (row for correction in corrections for row in _corrected(correction))
        _write(files[-1], month, f"수정세금계산서 발급 대상 {month:%Y-%m}", CORRECTIONS, cells)
    if len(files) == 1 and not together:
        return files[0]
    whole = folder / f"hometax-{month:%Y-%m}.zip"
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(ZipInfo(file.name), file.read_bytes(), ZIP_DEFLATED)
            file.unlink()
    return whole


def _rows(contracts: Iterable[BilledContract], corrections: list[Correction]) -> Iterator[IssuedRow]:
    for contract in contracts:
        for invoice in contract.invoices:
            items = _items(contract, invoice)
            if invoice.supply < 0:
                corrections.append(Correction(contract, invoice, items))
            elif invoice.supply:
                yield from _split(contract, invoice, items)


def _items(contract: BilledContract, invoice: Invoice) -> tuple[Item, ...]:
    return tuple(
        Item(
            line.label.ko,
            line.service_month,
            line.quantity if line.unit_price and line.quantity * line.unit_price == line.net else None,
            line.unit_price if line.unit_price and line.quantity * line.unit_price == line.net else None,
            line.net,
            NOTES.get(line.basis),
        )
        for line in contract.lines
        if line.invoice_on == invoice.issued_on and line.net
    )


def _split(contract: BilledContract, invoice: Invoice, items: Sequence[Item]) -> Iterator[IssuedRow]:
    """The rows of an invoice: none of them negative, their supply and their VAT together those of the invoice."""
    before = billed = 0
    for part in parts(items):
        taxes = []
        for item in part:
            before += item.supply
            taxes.append(_share(invoice, before) - billed)
            billed += taxes[-1]
        yield IssuedRow(contract, invoice.issued_on, part, tuple(taxes))


def _share(invoice: Invoice, supply: int) -> int:
    """The VAT of the items so far: what is left over of a won goes to the last ones."""
    part = abs(invoice.vat * supply) // invoice.supply
    return part if supply >= 0 else -part


def parts(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Items in groups of at most 4, each group with a sum that is not negative, where all of them have one."""
    if len(items) <= MOST_ITEMS:
        return [tuple(items)]
    plus, minus = [item for item in items if item.supply > 0], [item for item in items if item.supply < 0]
    if minus:
        plus.sort(key=lambda item: item.supply, reverse=True)
        minus = [_as_one(minus, WORDS.settled)]
        if sum(item.supply for item in (*minus, *plus[: MOST_ITEMS - 1])) < 0:
            plus = [_as_one(plus, WORDS.others)]
    ordered = minus + plus
    return [tuple(ordered[start : start + MOST_ITEMS]) for start in range(0, len(ordered), MOST_ITEMS)]


def _as_one(items: Sequence[Item], name: str) -> Item:
    """Several items as one of their sum."""
    if len(items) == 1:
        return items[0]
    months = sorted({item.month for item in items})
    span = months[0] if len(months) == 1 else f"{months[0]}~{months[-1]}"
    return Item(name.format(count=len(items)), span, None, None, sum(item.supply for item in items), None)


# -- cells ---------------------------------------------------------------------------------------------


def _cells(row: IssuedRow) -> list[Cell]:
    contract, supply = row.contract, sum(item.supply for item in row.items)
    buyer: list[Cell] = [None] * BUYER
    buyer[0] = _digits(contract.business_number)
    buyer[2] = None if contract.company is None else visible(contract.company)
    items: list[Cell] = []
    for item, vat in zip(row.items, row.taxes, strict=True):
        what = (f"{row.issued_on:%d}", item.name, item.month, item.quantity, item.price, item.supply, vat, item.note)
        items += what
    items += [None] * (len(ITEM) * (MOST_ITEMS - len(row.items)))
    head: list[Cell] = [ORDINARY, f"{row.issued_on:%Y%m%d}", *[None] * SUPPLIER]
    return [*head, *buyer, supply, sum(row.taxes), contract.contract, *items, *[None] * 4, CLAIMED]


def _corrected(correction: Correction) -> Iterator[list[Cell]]:
    contract, invoice, items = correction
    name = None if contract.company is None else visible(contract.company)
    who = [SUPPLY_CHANGED, f"{invoice.issued_on:%Y%m%d}", _digits(contract.business_number), name, contract.contract]
    for item in items:
        yield [*who, item.month, item.name, item.supply, None]
    yield [*who, None, WORDS.total, invoice.supply, invoice.vat]


def _digits(number: str | None) -> str | None:
    return None if number is None else number.replace("-", "")


def _write(path: Path, made_on: date, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)}) as workbook:
        dated(workbook, made_on)
        formats = formats_of(workbook)
        sheet = workbook.add_worksheet(WORDS.invoices)
        sheet.write_string(0, 0, title, formats.head)
        sheet.set_column(0, len(header) - 1, 16)
        for place, name in enumerate(header):
            sheet.write_string(HEADER_AT, place, name, formats.head)
        for number, cells in enumerate(rows, start=HEADER_AT + 1):
            _write_row(sheet, number, cells, formats)


def _write_row(sheet: Any, number: int, cells: Sequence[Cell], formats: Formats) -> None:
    for place, value in enumerate(cells):
        if isinstance(value, str):
            sheet.write_string(number, place, value, formats.text)
        elif value is not None:
            sheet.write_number(number, place, value, formats.amount)

"""The header of a table: found by its names under a preamble, whatever the order; twins told apart by neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fee_service.errors import Fault, FeeError
from fee_service.invoices import personal
from fee_service.invoices.values import Column
from fee_service.spelling import one_width

MOST_PREAMBLE = 30
MOST_COLUMNS = 1_000
LOOKED_AT = MOST_PREAMBLE + 2  # the last may be the second row of a header

Cells = Sequence[str | None]
PERSON = "person"  # the field of columns with names: they are read to find the names elsewhere, and nothing else

_SPELLINGS = {
    "issued_on": "작성일자 작성일 작성년월일 작성연월일 일자 거래일자 거래일 전표일자 발행일자 "
    "세금계산서일자 계산서일자 매입일자 매출일자 issuedon issuedate writedate invoicedate date",
    "day_and_number": "일자-no. 일자-no 일자no 일자no. 일자-번호",
    "invoice_number": "승인번호 국세청승인번호 전자세금계산서승인번호 세금계산서승인번호 계산서번호 세금계산서번호 "
    "국세청승인no invoicenumber invoiceno ntsconfirmnum",
    "supplier": "공급자사업자등록번호 공급자등록번호 공급자사업자번호 공급하는자사업자등록번호 공급하는자등록번호 "
    "매입처사업자번호 매입처사업자등록번호 supplier suppliernumber supplierbusinessnumber invoicercorpnum",
    "customer": "공급받는자사업자등록번호 공급받는자등록번호 공급받는자사업자번호 매출처사업자번호 "
    "매출처사업자등록번호 customer customernumber customerbusinessnumber invoiceecorpnum",
    "party": "사업자번호 사업자등록번호 거래처사업자번호 거래처사업자등록번호 등록번호 거래처등록번호 businessnumber",
    "supplier_name": "공급자상호 공급자명 공급하는자상호 매입처명 매입처 suppliername invoicercorpname",
    "customer_name": "공급받는자상호 공급받는자명 매출처명 매출처 customername invoiceecorpname",
    "party_name": "상호 거래처명 거래처 상호명 법인명 상호(법인명) 회사명",
    "item_amount": "품목공급가액 품목금액 supplycost",
    "item_vat": "품목세액 품목부가세 품목부가가치세",
    "supply": "공급가액 공급가 공급가액합계 공급금액 금액 amount supply supplyamount supplycosttotal",
    "vat": "세액 부가세 부가가치세 부가세액 vat taxtotal tax",
    "total": "합계금액 합계 합계액 총액 총금액 total totalamount",
    "quantity": "수량 품목수량 quantity qty",
    "item": "품목명 품목 품명 품목및규격 내역 내용 item itemname",
    "item_and_specification": "품목명(규격) 품명(규격) 품목(규격) 품목명[규격] 품목명규격",
    "specification": "품목규격 규격 specification spec",
    "item_remark": "품목비고",
    "remark": "비고 적요 remark remark1 note",
    "kind": "전자세금계산서종류 세금계산서종류 종류 typecode",
    "class": "전자세금계산서분류 세금계산서분류 분류",
    "journal": "유형 매입매출구분 매입/매출 매입매출 구분 direction",
    "purpose": "영수/청구구분 영수청구구분 영수/청구 영수청구 purpose purposetype",
    "correction_code": "수정코드 수정사유 수정사유코드 correctioncode correction modifycode",
    "corrects": "당초승인번호 원승인번호 당초세금계산서승인번호 당초전자세금계산서승인번호 correctionof corrects "
    "orgntsconfirmnum originalinvoicenumber",
    "quote": "견적번호 견적 quote quotenumber",
    "service_month": "이용월 서비스월 귀속월 이용년월 servicemonth",
    "fee": "요금 요금종류 fee",
    "agreement": "계약 계약종류 agreement",
    "product": "상품 상품코드 product",
    "option": "옵션 option",
    "user_type": "이용자구분 usertype",
}
FIELDS = {spelling: field for field, spellings in _SPELLINGS.items() for spelling in spellings.split()}
AMOUNTS = frozenset({"supply", "item_amount", "total"})
_SIDES = (  # the customer first: 공급받는자 is no 공급자
    ("customer", re.compile("공급받는자|매출처|customer|buyer|invoicee")),
    ("supplier", re.compile("공급자|공급하는자|매입처|supplier|seller|invoicer")),
)
_OF_A_PARTY = re.compile("^(?:상호|대표자|주소|종사업장|사업장|업태|종목|등록번호|사업자등록번호|사업자번호|법인명)")
_GROUPS = re.compile("^(?:공급자|공급하는자|공급받는자|품목|품목내역|매입처|매출처|거래처|supplier|customer)$")
_OTHER_UNIT = re.compile(
    r"단위[:：]?(천원|만원|백만원|천만원|억원|usd|달러|\$)|[(\[](천원|만원|백만원|천만원|억원|usd|달러|\$)[)\]]"
)


class Header(NamedTuple):
    """The columns of a table, and the rows of the header, from 0."""

    columns: tuple[Column, ...]
    first: int
    last: int
    dropped: tuple[str, ...]

    def of(self, field: str) -> int | None:
        """Where the column of a field stands."""
        return next((column.at for column in self.columns if column.field == field), None)


def plain(name: str | None) -> str:
    """A name as it is compared: in lower case without spaces, marks and the unit won."""
    one = re.sub(r"[\s_*#'\"]+", "", one_width(name or "").lower())
    return re.sub(r"(?:\((?:원|krw|필수|선택|단위:원)\)|\[(?:원|필수)\])$", "", one)


def find_header(rows: Sequence[Cells]) -> Header | None:
    """The header among the first rows: of those with an amount the one with most names, the first of equals.

    Raises FeeError (422): `file_columns_too_many`, `amounts_not_in_won`, `column_stands_twice`.
    """
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise FeeError([Fault("file_columns_too_many", "", {"most": MOST_COLUMNS})])
    best, most = None, 1
    for index, row in enumerate(rows[: MOST_PREAMBLE + 1]):
        known = _known(row)
        if known & AMOUNTS and len(known) > most and not _holds_figures(row):
            best, most = index, len(known)
    if best is None:
        return None
    first, last, names = _with_neighbours(rows, best)
    _refuse_other_units(rows[: last + 1])
    return Header(_columns(names), first, last, tuple(name for name in names if name and personal.is_personal(name)))


def _known(row: Cells) -> set[str]:
    return {FIELDS[name] for cell in row if (name := plain(cell)) in FIELDS}


def _holds_figures(row: Cells) -> bool:
    return any(re.fullmatch(r"[-(]?[0-9][0-9,.-]*\)?", cell or "") for cell in row)


def _with_neighbours(rows: Sequence[Cells], index: int) -> tuple[int, int, list[str]]:
    """A header may have two rows: groups merged over names, and names merged over both."""
    names = [cell or "" for cell in rows[index]]
    below = rows[index + 1] if index + 1 < len(rows) else ()
    if len(_filled(below)) >= 2 and all(plain(cell) in FIELDS or personal.is_personal(cell) for cell in _filled(below)):
        return index, index + 1, _merged(names, below)
    above = rows[index - 1] if index else ()
    if any(_GROUPS.match(plain(cell)) for cell in above) and not _holds_figures(above):
        return index - 1, index, _merged(above, names)
    return index, index, names


def _filled(row: Cells) -> list[str]:
    return [cell for cell in row if cell]


def _merged(above: Cells, below: Cells) -> list[str]:
    """Each name under its group; a name that stands above alone is the column's."""
    merged, group = [], ""
    for index in range(max(len(above), len(below))):
        upper = (above[index] if index < len(above) else None) or ""
        lower = (below[index] if index < len(below) else None) or ""
        group = upper or (group if lower else "")
        merged.append(_under(group, lower) if group and _GROUPS.match(plain(group)) else lower or upper)
    return merged


def _under(group: str, name: str) -> str:
    """A name with its group, unless it is known without it alone: 품목 over 품목명."""
    both = f"{group} {name}".strip()
    return name if name and _field(both) is None and _field(name) else both


def _refuse_other_units(rows: Sequence[Cells]) -> None:
    for cell in (cell for row in rows for cell in row if cell):
        if unit := _OTHER_UNIT.search(plain(cell)):
            raise FeeError([Fault("amounts_not_in_won", "", {"unit": unit[1] or unit[2]})])


def _columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Columns without those of persons; a name without a side has the side of the one before it, or behind."""
    sides = _sides(names)
    fields = _of_items(names, [_field(name) for name in names])
    has_items = "item_amount" in fields
    found = [
        Column(index, name, _role(fields[index], sides[index], has_items) if fields[index] else _person(name))
        for index, name in enumerate(names)
        if name and (fields[index] or _person(name) or not personal.is_personal(name))
    ]
    return tuple(_without_twins(found))


def _person(name: str) -> str | None:
    return PERSON if personal.is_name(name) else None


_BESIDE_ITEMS = re.compile("^(?:품목|품명|규격|수량|단가|단위|item|quantity|qty|unit|spec)")
_OF_ITEMS = {"supply": "item_amount", "vat": "item_vat", "remark": "item_remark"}


def _of_items(names: Sequence[str], fields: Sequence[str | None]) -> list[str | None]:
    """Of a sum that stands twice, the one behind the columns of the item is the item's."""
    told = list(fields)
    beside = False
    for index, name in enumerate(names):
        field = fields[index]
        if beside and field in _OF_ITEMS and fields.count(field) == 2 and _OF_ITEMS[field] not in fields:
            told[index] = _OF_ITEMS[field]
        elif name:
            beside = _BESIDE_ITEMS.match(plain(name)) is not None
    return told


def _field(name: str) -> str | None:
    text = plain(name)
    if text in FIELDS:
        return FIELDS[text]
    return next((FIELDS[short] for _, side in _SIDES if (short := side.sub("", text, count=1)) in FIELDS), None)


def _sides(names: Sequence[str]) -> list[str | None]:
    told = [next((side for side, words in _SIDES if words.search(plain(name))), None) for name in names]
    sides: list[str | None] = []
    side: str | None = None
    seen: set[str] = set()
    for index, name in enumerate(names):
        text = plain(name)
        if told[index]:
            side, seen = told[index], set()
        elif _OF_A_PARTY.match(text):
            if text in seen:  # the same name again belongs to the other side
                side, seen = {"supplier": "customer", "customer": "supplier", None: None}[side], set()
            elif side is None:
                side = _side_behind(names, told, index)
            seen.add(text)
        sides.append(told[index] or (side if _OF_A_PARTY.match(text) else None))
    return sides


def _side_behind(names: Sequence[str], told: Sequence[str | None], index: int) -> str | None:
    """Of names before any side is told: the other of two, where their name comes again; else what is told behind."""
    text = plain(names[index])
    again = [plain(name) for name in names].count(text) > 1
    behind = next((side for side in told[index:] if side), None)
    if behind:
        return behind if not again else {"supplier": "customer", "customer": "supplier"}[behind]
    return "supplier" if again else None  # without a word of sides, the supplier stands first, as on the form


def _role(field: str | None, side: str | None, has_items: bool) -> str | None:
    """The field of a column: a party's by its side, the sums of an invoice where its items have their own."""
    if field in ("party", "party_name"):
        return {"party": side or "counterparty", "party_name": f"{side or 'counterparty'}_name"}[field]
    if has_items:
        return {
            "supply": "invoice_supply", "vat": "invoice_vat", "total": "invoice_total", "remark": "invoice_remark",
            "item_amount": "amount", "item_vat": "vat", "item_remark": "remark",
        }.get(field or "", field)  # fmt: skip
    return {"supply": "amount", "item_vat": "vat", "item_remark": "remark"}.get(field or "", field)


_WEAK = frozenset(
    map(plain, ("금액", "amount", "일자", "date", "내역", "내용", "적요", "거래처", "유형", "구분", "합계"))
)
_NEVER_TWICE = frozenset({"amount", "vat", "invoice_number", "supplier", "customer", "invoice_supply", "invoice_vat"})


def _without_twins(columns: Sequence[Column]) -> list[Column]:
    """Two columns for one field: the plainer name yields; of two like names for an amount nobody knows which."""
    chosen: dict[str, Column] = {}
    for column in columns:
        if column.field is None or column.field == PERSON:
            continue
        before = chosen.get(column.field)
        if before is None or (plain(before.name) in _WEAK and plain(column.name) not in _WEAK):
            chosen[column.field] = column
        elif plain(column.name) not in _WEAK and column.field in _NEVER_TWICE:
            raise FeeError([Fault("column_stands_twice", "", {"column": column.field})])
    return [
        column if column.field == PERSON or chosen.get(column.field or "") is column else column._replace(field=None)
        for column in columns
    ]

"""The words of the files of dues in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fee_service.wording import OneLanguage


class BilledWords(NamedTuple):
    columns: tuple[str, ...]  # of `answers.billed.COLUMNS`
    label: str
    lines: str  # sheets
    invoices: str
    issued_on: str
    supply: str
    vat: str
    total: str
    value_added_tax: str
    settled: str  # several negative items as one
    others: str  # several items as one


KOREAN = BilledWords(
    columns=(
        "계약번호", "회사", "사업자등록번호", "이용월", "요금", "계약 종류", "상품", "옵션", "이용자 구분", "수량",
        "단가", "계약 일수", "부과 일수", "월 일수", "정가", "면제", "청구액", "청구일", "근거", "요금표", "출처",
    ),
    label="항목",
    lines="청구 항목",
    invoices="청구서",
    issued_on="작성일자",
    supply="공급가액",
    vat="세액",
    total="합계",
    value_added_tax="부가가치세",
    settled="이용료 정산 {count}건",
    others="시장정보 이용료 {count}건",
)  # fmt: skip
ENGLISH = BilledWords(
    columns=(
        "Contract", "Company", "Business number", "Service month", "Fee", "Agreement", "Product", "Option",
        "User type", "Quantity", "Unit price", "Contract days", "Charged days", "Days of month", "List amount",
        "Waiver", "Net", "Invoice day", "Basis", "Price list", "Source",
    ),
    label="Item",
    lines="Lines",
    invoices="Invoices",
    issued_on="Invoice day",
    supply="Supply",
    vat="VAT",
    total="Total",
    value_added_tax="Value-added tax",
    settled="Usage settled, {count} items",
    others="Market-data fees, {count} items",
)  # fmt: skip

BILLED_WORDS: Mapping[OneLanguage, BilledWords] = {"ko": KOREAN, "en": ENGLISH}

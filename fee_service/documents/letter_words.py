"""The fixed words of the letter that asks for corrected invoices, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fee_service.wording import OneLanguage


class LetterWords(NamedTuple):
    title: str
    asked_on: str
    contract: str
    reference: str
    to: str
    honorific: str
    by: str
    business_number: str
    unnamed: str
    opening: str
    summary: str
    invoices_wrong: str
    invoices_count: str
    one_invoice: str
    supply_change: str
    vat_change: str
    total_change: str
    without_vat: str
    with_vat: str
    invoice: str
    issued_on: str
    item: str
    billed: str
    due: str
    difference: str
    sum: str
    value_added_tax: str
    aside: str
    one_aside: str
    correction: str
    cannot: str
    cancelling: str
    issuing: str
    changing: str
    dated: str
    supply: str
    vat: str
    total: str
    not_billed: str
    not_billed_note: str
    all_corrections: str
    code: str
    nothing: str
    closing: str
    sources: str
    published_on: str
    won: str
    service_month: str
    issued_for: str


KOREAN = LetterWords(
    title="수정세금계산서 발급 요청서",
    asked_on="요청일",
    contract="계약번호",
    reference="대조 번호",
    to="받는 곳(공급자)",
    honorific="{name} 귀중",
    by="보내는 곳(공급받는자)",
    business_number="사업자등록번호",
    unnamed="(상호 미기재)",
    opening="발급하신 세금계산서를 계약에 따라 청구할 금액과 대조한 결과, 아래와 같이 차이가 있습니다. "
    "항목별 계산 근거를 함께 보내 드리니 확인하시고 수정세금계산서를 발급해 주시기 바랍니다.",
    summary="요청 내용",
    invoices_wrong="대상 계산서",
    invoices_count="{count}건",
    one_invoice="1건",
    supply_change="공급가액 증감",
    vat_change="세액 증감",
    total_change="합계 증감",
    without_vat="부가가치세 제외",
    with_vat="부가가치세 포함",
    invoice="세금계산서",
    issued_on="작성일자 {day}",
    item="품목과 계산 근거",
    billed="청구 금액",
    due="정당 금액",
    difference="차액",
    sum="공급가액 계",
    value_added_tax="부가가치세",
    aside="이 계산서의 다른 항목 {count}건은 판정할 수 없어 청구된 그대로 두었습니다.",
    one_aside="이 계산서의 다른 항목 1건은 판정할 수 없어 청구된 그대로 두었습니다.",
    correction="요청하는 수정세금계산서",
    cannot="당초 계산서가 대조한 파일에 없어 수정 내용을 확정할 수 없습니다. "
    "당초 계산서와 함께 다시 대조한 뒤 요청드리겠습니다.",
    cancelling="당초 계산서 취소",
    issuing="바른 계산서 발급",
    changing="증감액 발급",
    dated="작성일자",
    supply="공급가액",
    vat="세액",
    total="합계",
    not_billed="청구되지 않은 금액",
    not_billed_note="계약상 청구할 금액이지만 받은 계산서에 없습니다. 누락이라면 계산서를 발급해 주십시오.",
    all_corrections="요청 합계",
    code="수정 사유",
    nothing="청구되지 않은 금액 외에는 바로잡을 계산서가 없습니다.",
    closing="계산에 이견이 있으시면 위 대조 번호와 계산서 번호를 적어 회신해 주시기 바랍니다.",
    sources="근거 자료",
    published_on="{day} 공표",
    won="{amount}원",
    service_month="{month} 이용분",
    issued_for="계약 {contract}",
)
ENGLISH = LetterWords(
    title="Request for corrected invoices",
    asked_on="Date",
    contract="Contract",
    reference="Reference",
    to="To the supplier",
    honorific="{name}",
    by="From the customer",
    business_number="Business number",
    unnamed="(name not stated)",
    opening="We have held your invoices against what is due by contract, and find the differences below. How each "
    "amount comes about is told with it. Please see them, and issue the corrected tax invoices (수정세금계산서).",
    summary="What we ask for",
    invoices_wrong="Invoices",
    invoices_count="{count} invoices",
    one_invoice="1 invoice",
    supply_change="Change of supply",
    vat_change="Change of VAT",
    total_change="Change in all",
    without_vat="without VAT",
    with_vat="with VAT",
    invoice="Invoice",
    issued_on="dated {day}",
    item="Item, and how it is computed",
    billed="Billed",
    due="Due",
    difference="Difference",
    sum="Supply in all",
    value_added_tax="Value-added tax",
    aside="{count} further lines of this invoice could not be judged; they are left as billed.",
    one_aside="1 further line of this invoice could not be judged; it is left as billed.",
    correction="The corrected invoice that we ask for",
    cannot="The original is in none of the files that were compared, so the correction cannot be told for certain. We "
    "will ask for it once both were compared together.",
    cancelling="Cancels the original",
    issuing="Takes its place",
    changing="Of the difference",
    dated="dated",
    supply="Supply",
    vat="VAT",
    total="Total",
    not_billed="What was not billed",
    not_billed_note="Due by contract, and in none of the invoices that we have. If it was left out, please bill it.",
    all_corrections="All corrections",
    code="Code",
    nothing="Beside what was not billed no invoice has to be corrected.",
    closing="If you compute any of this differently, please answer with the reference and the number of the invoice.",
    sources="Sources",
    published_on="published on {day}",
    won="KRW {amount}",
    service_month="for {month}",
    issued_for="contract {contract}",
)
LETTER_WORDS: Mapping[OneLanguage, LetterWords] = {"ko": KOREAN, "en": ENGLISH}

"""The words of the files of a reconciliation in both languages: columns, statuses, causes, the summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fee_service.model import Label
from fee_service.wording import OneLanguage, in_language

JOINS = "+"  # two causes that hold together

COLUMNS: Mapping[str, Label] = {
    "file": Label("파일", "File"),
    "sheet": Label("시트", "Sheet"),
    "line": Label("행", "Line"),
    "invoice_number": Label("승인번호", "Invoice number"),
    "issued_on": Label("작성일자", "Invoice day"),
    "supplier": Label("공급자", "Supplier"),
    "customer": Label("공급받는자", "Customer"),
    "corrects": Label("당초 승인번호", "Corrects"),
    "correction_code": Label("수정 사유", "Code of correction"),
    "item": Label("품목", "Item"),
    "specification": Label("규격", "Specification"),
    "remark": Label("비고", "Remark"),
    "quantity": Label("수량", "Quantity"),
    "contract": Label("계약번호", "Contract"),
    "agreement": Label("계약 종류", "Agreement"),
    "fee": Label("요금", "Fee"),
    "product": Label("상품", "Product"),
    "option": Label("옵션", "Option"),
    "user_type": Label("이용자 구분", "User type"),
    "service_month": Label("이용월", "Service month"),
    "status": Label("상태", "Status"),
    "status_label": Label("상태 이름", "Status in words"),
    "amount": Label("공급가액", "Supply billed"),
    "expected": Label("정당 공급가액", "Supply due"),
    "difference": Label("차액", "Difference"),
    "vat": Label("세액", "VAT billed"),
    "vat_expected": Label("정당 세액", "VAT due"),
    "vat_difference": Label("세액 차액", "VAT difference"),
    "cause": Label("원인", "Cause"),
    "cause_label": Label("원인 이름", "Cause in words"),
    "also": Label("다른 가능한 원인", "Other possible causes"),
    "explanation": Label("설명", "Explanation"),
    "chain": Label("당초 계산서", "Chain"),
    "checked_against": Label("대조 대상", "Checked against"),
    "finding": Label("지적 번호", "Finding"),
    "candidates": Label("후보 계약", "Possible contracts"),
    "faults": Label("읽을 수 없는 값", "What cannot be read"),
}
STATUSES: Mapping[str, Label] = {
    "match": Label("일치", "Match"),
    "overbilled": Label("과다 청구", "Overbilled"),
    "underbilled": Label("과소 청구", "Underbilled"),
    "missing": Label("누락", "Missing"),
    "unexpected": Label("예상 밖 청구", "Unexpected"),
    "duplicate": Label("중복 청구", "Duplicate"),
    "already_seen": Label("이미 본 계산서", "Already seen"),
    "unreadable": Label("읽을 수 없음", "Unreadable"),
    "not_judged": Label("판단하지 않음", "Not judged"),
}
CAUSES: Mapping[str, Label] = {
    "waiver_not_applied": Label("면제 누락", "Waiver left out"),
    "waiver_overrun": Label("면제 초과", "Waived too long"),
    "waiver_cut_early": Label("면제 조기 종료", "Waived too short"),
    "not_prorated": Label("일할 누락", "Not prorated"),
    "prorated_on_30_days": Label("30일 기준 일할", "Prorated over 30 days"),
    "other_price_list": Label("다른 요금표", "Another price list"),
    "affiliate_extension_per_affiliate": Label("관계사별 확장옵션", "Extension for each affiliate"),
    "disaster_recovery_set_billed": Label("재해복구 세트 청구", "Disaster-recovery set billed"),
    "first_set_billed": Label("첫 세트 청구", "First set billed"),
    "securities_c_exemption_missed": Label("증권 C 면제 누락", "Exempt IDs billed"),
    "closing_exemption_missed": Label("종가 무료 누락", "Free closing price billed"),
    "wrong_user_type": Label("다른 이용자 구분", "Another user type"),
    "wrong_option": Label("다른 옵션", "Another option"),
    "withheld_fee_billed": Label("부과보류 청구", "Withheld fee billed"),
    "vat_rounding": Label("부가가치세 단수", "VAT rounded otherwise"),
    "rounding": Label("단수 처리", "Rounded otherwise"),
    "usage_differs_from_report": Label("보고와 다른 이용량", "Usage other than reported"),
    "unexplained": Label("원인 미상", "Unexplained"),
}


OTHERS: Mapping[str, Label] = {  # kinds of rows that are no lines, and how findings went on
    "preamble": Label("머리말", "preamble"),
    "header": Label("열 이름", "header"),
    "blank": Label("빈 행", "blank"),
    "sum": Label("합계 행", "sums"),
    "rejected": Label("읽지 못한 행", "rejected"),
    "new": Label("새로 발견", "new"),
    "still_open": Label("미해결", "still open"),
    "solved": Label("해결", "solved"),
    "came_back": Label("재발", "came back"),
}


class SummaryWords(NamedTuple):
    summary: str  # the sheet
    title: str
    rows: str
    lines: str
    other_rows: str
    closes: str
    does_not_close: str
    yes: str
    no: str
    code: str
    amount: str
    expected: str
    by_cause: str
    unexplained: str
    aside: str
    difference: str
    vat: str
    money_by_status: str
    money_by_cause: str
    checks: str
    stated: str
    found: str
    holds: str
    of_file: str
    of_invoice: str
    of_contract: str
    of_month: str
    months_without_rows: str
    findings: str
    value_added_tax: str


KOREAN = SummaryWords(
    summary="요약", title="세금계산서 대조 결과", rows="파일의 행", lines="계산서 항목",
    other_rows="항목이 아닌 행", closes="합계 일치", does_not_close="합계가 맞지 않는 곳", yes="예", no="아니요",
    code="코드", amount="청구 공급가액", expected="정당 공급가액",
    by_cause="원인별 차액 합계", unexplained="원인 미상", aside="판단에서 제외", difference="차액", vat="세액 차액",
    money_by_status="상태별 금액", money_by_cause="원인별 금액", checks="파일에 적힌 합계", stated="적힌 금액",
    found="계산한 금액", holds="일치", of_file="파일", of_invoice="승인번호", of_contract="계약번호", of_month="이용월",
    months_without_rows="행이 없는 달 (파일이 빠졌습니까?)", findings="지적 사항", value_added_tax="부가가치세",
)  # fmt: skip
ENGLISH = SummaryWords(
    summary="Summary", title="Invoices held against what is due", rows="Rows of the files",
    lines="Lines of invoices", other_rows="Rows that are no lines", closes="The sum closes",
    does_not_close="Where the sum does not close", yes="yes", no="no", code="Code",
    amount="Supply billed", expected="Supply due", by_cause="Differences by cause", unexplained="Unexplained",
    aside="Set aside", difference="Difference", vat="VAT difference", money_by_status="Money by status",
    money_by_cause="Money by cause", checks="Totals that the files state", stated="Stated", found="Found",
    holds="Agrees", of_file="File", of_invoice="Invoice number", of_contract="Contract", of_month="Service month",
    months_without_rows="Months without a row (is a file missing?)", findings="Findings",
    value_added_tax="Value-added tax",
)  # fmt: skip
SUMMARY_WORDS: Mapping[OneLanguage, SummaryWords] = {"ko": KOREAN, "en": ENGLISH}


def status_word(status: str, language: OneLanguage) -> str:
    """How a line stands, in words."""
    return in_language(STATUSES[status], language)


def cause_word(cause: str, language: OneLanguage) -> str:
    """A cause in words, or two of them; of a status that is the cause its words. What a newer version said stays."""
    named = ((each, CAUSES.get(each) or STATUSES.get(each)) for each in cause.split(JOINS))
    return f" {JOINS} ".join(in_language(label, language) if label else each for each, label in named)


def other_word(name: str, language: OneLanguage) -> str:
    """What a row is that is no line, or how a finding went on."""
    return in_language(OTHERS[name], language) if name in OTHERS else name

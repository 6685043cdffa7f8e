"""The fixed words of the documents in both languages; a word missing in one does not type-check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fee_service.strict_json import Data
from fee_service.wording import OneLanguage


class Words(NamedTuple):
    # the head
    quotation: str
    draft: str
    draft_note: str
    number: str
    issued_on: str
    valid_until: str
    revises: str
    to: str
    honorific: str
    unnamed: str
    business_number: str
    founded_on: str
    contract_start: str
    horizon: str
    offered_by: str
    price_list: str
    won: str  # how an amount is written
    months_count: str
    one_month: str
    # the summary
    summary: str
    now: str
    now_period: str
    later: str
    from_day: str
    monthly: str
    without_vat: str
    first_invoice: str
    on_day: str
    overall: str
    sum_note: str
    with_vat: str
    list: str
    waiver: str
    net: str
    vat: str
    total: str
    supply: str
    # the chart
    chart: str
    legend_net: str
    legend_waived: str
    waived_amount: str
    waiver_end: str
    list_change: str
    paid_start: str
    chart_span: str
    chart_more: str
    # tables
    lines: str
    item: str
    unit_price: str
    quantity: str
    per_month: str
    source: str
    needed_for: str
    waivable: str  # marks a line that the waiver covers
    withheld: str
    withheld_until_notice: str
    no_fee: str
    free: str
    on_request: str
    price_kind: str
    priced: str
    lines_note: str
    waiver_title: str
    granted: str
    refused: str
    policy: str
    period: str
    saved: str
    cut_short: str
    company_age: str  # what shortened the waiver
    prior_waiver: str
    why_waived: str
    condition: str
    met: str
    unmet: str
    assumed: str  # not stated: never shown as met
    months: str
    span: str
    months_in_run: str
    subtotal: str
    months_note: str
    invoices: str
    invoice_date: str
    first_twelve: str
    invoices_note: str
    # what follows
    unpriced: str
    notices: str
    onboarding: str
    documents: str
    steps: str
    lead_time: str
    checks: str
    contacts: str
    readings: str
    readings_note: str
    terms: str
    term_vat: str
    term_valid: str
    term_draft: str
    term_price_list: str
    term_usage: str
    term_waiver: str
    term_contract: str
    contract_terms: str
    contract_terms_note: str
    sources: str
    published_on: str
    verify: str
    verify_note: str
    digest: str
    # spreadsheet and CSV
    sheet_summary: str
    sheet_lines: str
    sheet_months: str
    sheet_invoices: str
    company: str
    label: str
    yes: str
    no: str
    line_number: str
    fee: str
    contract: str
    product: str
    option: str
    user_type: str
    month: str
    days: str
    days_in_month: str
    test_days: str
    waived_days: str
    sum_over_horizon: str
    sum_of: str
    sums_agree: str
    explanation: str


KOREAN = Words(
    quotation="견적서",
    draft="미발행 견적(초안)",
    draft_note="발행되지 않은 견적입니다. 번호와 유효기간이 없고 확인할 수 없습니다.",
    number="견적번호",
    issued_on="발행일",
    valid_until="유효기간",
    revises="대체한 견적",
    to="받는 곳",
    honorific="{name} 귀하",
    unnamed="(상호 미기재)",
    business_number="사업자등록번호",
    founded_on="설립일",
    contract_start="계약 시작일",
    horizon="견적 기간",
    offered_by="드리는 곳",
    price_list="적용 요금표",
    won="{amount}원",
    months_count="{count}개월",
    one_month="{count}개월",
    summary="요약",
    now="면제 기간 중 월 요금",
    now_period="{first} – {last}",
    later="면제 종료 후 월 요금",
    from_day="{day}부터",
    monthly="월 요금",
    without_vat="부가세 별도",
    first_invoice="첫 청구",
    on_day="{day}, 부가세 포함",
    overall="견적 기간 합계",
    sum_note="단위: 원",
    with_vat="부가세 포함",
    list="정가",
    waiver="면제",
    net="청구액",
    vat="부가세",
    total="합계",
    supply="공급가액",
    chart="월별 청구액",
    legend_net="월별 청구액(원, 부가세 별도)",
    legend_waived="면제액",
    waived_amount="면제 {amount}원",
    waiver_end="면제 마지막 날",
    list_change="새 요금표 적용",
    paid_start="유료 계약 시작",
    chart_span="{span}: 월 {net}원",
    chart_more="그 밖에 {count}번 바뀜",
    lines="요금 항목",
    item="항목과 산출 근거",
    unit_price="단가",
    quantity="수량",
    per_month="금액",
    source="출처",
    needed_for="이용 API",
    waivable="면제 대상",
    withheld="부과보류",
    withheld_until_notice="통지할 때까지 부과하지 않음",
    no_fee="요금 없음",
    free="무료",
    on_request="가격 공표 없음 · 별도 문의",
    price_kind="가격 구분",
    priced="금액",
    lines_note="온전한 한 달(환경구축비는 최초 1회)의 금액입니다. 단위: 원, 부가세 별도.",
    waiver_title="면제",
    granted="적용",
    refused="적용되지 않음",
    policy="면제 정책",
    period="면제 기간",
    saved="면제 금액",
    cut_short="기간 단축",
    company_age="업력 한도에 따라 면제 기간이 짧아졌습니다.",
    prior_waiver="이전에 면제받은 기간만큼 면제 기간이 짧아졌습니다.",
    why_waived="면제 근거는 {policy}입니다. 견적 기간에 {amount}이 면제됩니다.",
    condition="조건",
    met="충족",
    unmet="미충족",
    assumed="확인 필요",
    months="월별 금액",
    span="기간",
    months_in_run="개월",
    subtotal="청구액 소계",
    months_note="금액이 바뀌는 달마다 한 줄입니다. 정가, 면제, 청구액은 한 달 금액입니다. 단위: 원, 부가세 별도.",
    invoices="청구 계획(첫 12개월)",
    invoice_date="청구일",
    first_twelve="첫 12개월 합계",
    invoices_note="단위: 원. 견적 기간 전체: 청구 {count}건, 마지막 청구일 {day}, 합계 {total}(부가세 포함).",
    unpriced="가격이 공표되지 않은 항목",
    notices="안내",
    onboarding="제출 서류와 절차",
    documents="제출 서류",
    steps="절차",
    lead_time="소요 기간",
    checks="심사와 점검",
    contacts="문의처",
    readings="해석",
    readings_note="공표된 문서에 명확하지 않은 부분은 다음과 같이 읽고 계산했습니다.",
    terms="조건",
    term_vat="금액은 원화이며, 따로 적지 않으면 부가가치세 별도입니다.",
    term_valid="이 견적은 {day}까지 유효합니다.",
    term_draft="이 문서는 미발행 초안이며 효력이 없습니다.",
    term_price_list="요금은 {lists}에 따릅니다. 그 뒤에 공표되는 요금표는 반영되어 있지 않습니다.",
    term_usage="변동료와 API사용료는 기재된 이용량을 전제로 하며, 실제 이용량에 따라 달라집니다.",
    term_waiver="다음의 경우 면제가 취소될 수 있습니다: {grounds}.",
    term_contract="이 견적은 계약이 아니며, 이용계약은 별도로 체결합니다.",
    contract_terms="이용계약의 조항",
    contract_terms_note="이 견적과 관련된 조항의 요지입니다. 계약서의 문구가 우선합니다.",
    sources="출처",
    published_on="{day} 공표",
    verify="이 견적의 확인",
    verify_note="아래 주소에서 이 견적이 발행되었고 유효한지 확인할 수 있습니다. 내용은 표시되지 않습니다.",
    digest="확인 코드",
    sheet_summary="견적",
    sheet_lines="요금 항목",
    sheet_months="월별",
    sheet_invoices="청구",
    company="상호",
    label="항목",
    yes="예",
    no="아니요",
    line_number="번호",
    fee="요금",
    contract="계약",
    product="상품",
    option="옵션",
    user_type="이용자 구분",
    month="월",
    days="계약일수",
    days_in_month="월일수",
    test_days="시험일수",
    waived_days="면제일수",
    sum_over_horizon="견적 기간 합계(원, 부가세 별도)",
    sum_of="{sheet} 시트 합계",
    sums_agree="시트 합계 일치",
    explanation="산출 근거",
)

ENGLISH = Words(
    quotation="Quotation",
    draft="Draft, not issued",
    draft_note="This quote has not been issued: it has no number and no validity, and cannot be checked.",
    number="Quote number",
    issued_on="Issued on",
    valid_until="Valid until",
    revises="Replaces",
    to="For",
    honorific="{name}",
    unnamed="(company not named)",
    business_number="Business number",
    founded_on="Founded on",
    contract_start="Contract start",
    horizon="Quoted period",
    offered_by="From",
    price_list="Price list",
    won="KRW {amount}",
    months_count="{count} months",
    one_month="{count} month",
    summary="Summary",
    now="A month during the waiver",
    now_period="{first} – {last}",
    later="A month after the waiver",
    from_day="from {day}",
    monthly="A month",
    without_vat="without VAT",
    first_invoice="First invoice",
    on_day="{day}, with VAT",
    overall="Quoted period in all",
    sum_note="KRW",
    with_vat="with VAT",
    list="List",
    waiver="Waiver",
    net="Net",
    vat="VAT",
    total="Total",
    supply="Supply value",
    chart="Cost by month",
    legend_net="Net by month (KRW, without VAT)",
    legend_waived="Waived",
    waived_amount="{amount} waived",
    waiver_end="last waived day",
    list_change="new price list",
    paid_start="paid contract starts",
    chart_span="{span}: KRW {net} a month",
    chart_more="{count} more changes",
    lines="Fees",
    item="Fee and how it comes about",
    unit_price="Unit price",
    quantity="Quantity",
    per_month="Amount",
    source="Source",
    needed_for="For the APIs",
    waivable="waived",
    withheld="withheld",
    withheld_until_notice="not charged until notice is given",
    no_fee="no fee",
    free="free of charge",
    on_request="no published price · on request",
    price_kind="Kind of price",
    priced="amount",
    lines_note="Amounts of a full month (environment set-up: once), in KRW without VAT.",
    waiver_title="Waiver",
    granted="Granted",
    refused="Not granted",
    policy="Policy",
    period="Waived period",
    saved="Amount waived",
    cut_short="Shortened",
    company_age="The waived period is shortened by the age limit.",
    prior_waiver="The waived period is shortened by time waived before.",
    why_waived="The waiver rests on: {policy}. Over the quoted period it saves {amount}.",
    condition="Condition",
    met="met",
    unmet="not met",
    assumed="to confirm",
    months="Amounts by month",
    span="Period",
    months_in_run="Months",
    subtotal="Net subtotal",
    months_note="A row for each change. List, waiver and net are those of one month, in KRW without VAT.",
    invoices="Invoice plan (first 12 months)",
    invoice_date="Invoice date",
    first_twelve="First 12 months",
    invoices_note="In KRW. The whole quoted period: {count} invoices, the last on {day}, {total} in all with VAT.",
    unpriced="Without a published price",
    notices="Notices",
    onboarding="Documents and steps",
    documents="Documents to hand in",
    steps="Steps",
    lead_time="Lead time",
    checks="What is looked at",
    contacts="Whom to ask",
    readings="Readings",
    readings_note="Where the published documents are not clear, this quote reads them as follows.",
    terms="Terms",
    term_vat="Amounts are in Korean won (KRW), without VAT where nothing else is said.",
    term_valid="This quote is valid until {day}.",
    term_draft="This document is a draft that has not been issued and binds nobody.",
    term_price_list="Fees follow {lists}. Price lists published later are not included.",
    term_usage="Usage and API call fees rest on the usage stated and change with the actual usage.",
    term_waiver="The waiver may be withdrawn in these cases: {grounds}.",
    term_contract="This quote is not a contract; the licence contract is concluded separately.",
    contract_terms="Clauses of the licence contracts",
    contract_terms_note="What the clauses that bear on this quote mean, in short; the contract's own wording prevails.",
    sources="Sources",
    published_on="published on {day}",
    verify="Checking this quote",
    verify_note="The address below tells whether this quote was issued and is valid, without showing it.",
    digest="Verification code",
    sheet_summary="Quote",
    sheet_lines="Lines",
    sheet_months="Months",
    sheet_invoices="Invoices",
    company="Company",
    label="Item",
    yes="yes",
    no="no",
    line_number="No.",
    fee="Fee",
    contract="Contract",
    product="Product",
    option="Option",
    user_type="User type",
    month="Month",
    days="Contract days",
    days_in_month="Days in month",
    test_days="Test days",
    waived_days="Waived days",
    sum_over_horizon="Over the quoted period (KRW without VAT)",
    sum_of="Sum of sheet {sheet}",
    sums_agree="Sheets agree",
    explanation="How it comes about",
)

WORDS: Mapping[OneLanguage, Words] = {"ko": KOREAN, "en": ENGLISH}


def no_amount(line: Data, words: Words) -> str | None:
    """What a line says that has an amount under no price list; None where it has one."""
    cells = {cell["cell"] for cell in line["cells"]}
    if "amount" in cells:
        return None
    return words.withheld if "withheld" in cells else words.no_fee


def price_word(line: Data, words: Words) -> str | None:
    """What stands in the place of a line's amount: why there is none, or that it is free of charge."""
    if is_free(line):
        return words.free
    return no_amount(line, words)


def is_free(line: Data) -> bool:
    """Whether the published amount is 0, which is not the same as having none."""
    amounts = [cell for cell in line["cells"] if cell["cell"] == "amount"]
    return bool(amounts) and not any(cell["unit_price"] != 0 or cell["amount"] for cell in amounts)

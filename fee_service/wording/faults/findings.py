"""Faults of findings of reconciliations."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- findings --
    "finding_not_found": FaultWording(
        "Finding not found",
        "지적 사항 {value}을(를) 찾을 수 없습니다.",
        "There is no finding {value}.",
        "GET /v1/findings나 대조 결과 행의 finding에서 id를 확인해 주세요.",
        "See its id in GET /v1/findings, or as `finding` of a reconciled line.",
    ),
    "invoice_not_in_result": FaultWording(
        "Invoice not in the result",
        "이 대조 결과에 계산서 {value}이(가) 없습니다.",
        "The result of this reconciliation has no invoice {value}.",
        "결과 행의 invoice_number를 그대로 적어 주세요.",
        "Give it as `invoice_number` of the lines has it.",
    ),
    "invoice_is_right": FaultWording(
        "Nothing to ask for",
        "계산서 {value}에는 바로잡을 것이 없습니다.",
        "Nothing of the invoice {value} has to be corrected.",
        "status가 overbilled, underbilled, unexpected, duplicate인 행의 계산서를 골라 주세요.",
        "Choose an invoice with a line that is overbilled, underbilled, unexpected or duplicate.",
    ),
    "note_names_person": FaultWording(
        "Note with data of a person",
        "메모에 주민등록번호나 이메일 주소가 있습니다. 이런 정보는 저장하지 않습니다.",
        "The note holds a resident number or an e-mail address; such data is not kept.",
        "그 부분을 빼고 다시 보내 주세요.",
        "Leave that part out and send it again.",
    ),
}

"""Faults of dues: the contract, the months that are asked for, what has no price any more."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- dues --
    "too_many_months": FaultWording(
        "Too many months",
        "한 번에 {maximum}개월까지 물을 수 있습니다.",
        "At most {maximum:month|months} can be asked for at once.",
        "from과 to를 나누어 여러 번 물어 주세요.",
        "Ask several times, with from and to closer to each other.",
    ),
    "no_invoice_on_day": FaultWording(
        "No invoice on that day",
        "계약 {number}에는 {day}자로 청구할 금액이 없습니다.",
        "Nothing of the contract {number} is billed on {day}.",
        "GET /v1/contracts/{{key}}/dues의 invoices에서 작성일자를 확인해 주세요.",
        "See the days of its invoices in GET /v1/contracts/{{key}}/dues.",
    ),
    "dues_without_prices": FaultWording(
        "No price for a month",
        "그때 시행 중인 가격표나 요금이 없는 달이 있습니다: {why}.",
        "Some month has no price list, or a fee that its list no longer prints: {why}.",
        "가격표가 공표된 달까지만 물어 주세요.",
        "Ask for months of which a price list is published.",
    ),
}

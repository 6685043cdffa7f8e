"""Faults of contracts and of what happens to them."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- contracts, and what happens to them --
    "contract_not_found": FaultWording(
        "No such contract",
        "없는 계약입니다: {value}.",
        "There is no contract {value}.",
        "계약 번호(수락된 견적의 번호, 예: Q-2026-000001)나 id를 확인해 주세요. 목록은 GET /v1/contracts에 있습니다.",
        "Check its number (that of the accepted quote, like Q-2026-000001) or id; GET /v1/contracts lists contracts.",
    ),
    "quote_not_accepted": FaultWording(
        "Quote that is no contract",
        "수락되지 않은 견적이므로 계약이 아닙니다: {number}.",
        "{number} is a quote that is not accepted: no contract.",
        "POST /v1/quotes/{number}/acceptance로 수락하면 계약이 됩니다.",
        "It becomes one by POST /v1/quotes/{number}/acceptance.",
    ),
    "field_not_of_event": FaultWording(
        "Field of another kind of event",
        "{kind} 기록에는 {field} 필드를 쓸 수 없습니다.",
        "An event of the kind {kind} has no {field}.",
        "사용할 수 있는 필드: kind, {known}.",
        "Fields that it may have: kind, {known}.",
    ),
    "event_before_start": FaultWording(
        "Event before the contract",
        "계약 시작일({start}) 전의 날짜입니다: {day}.",
        "{day} is before the contract starts, on {start}.",
        "{start} 이후(당일 포함)의 날짜를 적어 주세요.",
        "Give {start} or a later day.",
    ),
    "event_after_end": FaultWording(
        "Event after the contract",
        "계약의 마지막 날({last_day}) 뒤의 날짜입니다: {day}.",
        "{day} is after the last contract day, {last_day}.",
        "{last_day} 이전(당일 포함)의 날짜를 적어 주세요.",
        "Give {last_day} or an earlier day.",
    ),
    "contract_ended_already": FaultWording(
        "Contract ended already",
        "이미 {day}에 종료된 것으로 기록된 계약입니다.",
        "The contract is entered as ended on {day} already.",
        "종료일을 바로잡으려면 먼저 그 기록을 취소해 주세요: kind annulled, event {event}.",
        "To correct the day, annul that event first: kind annulled, event {event}.",
    ),
    "no_waiver_to_withdraw": FaultWording(
        "No waiver to withdraw",
        "면제가 부여되지 않은 계약이므로 철회할 면제가 없습니다: {number}.",
        "{number} was granted no waiver that could be withdrawn.",
        "계약 번호를 확인해 주세요.",
        "Check the contract's number.",
    ),
    "waiver_over_by_then": FaultWording(
        "Waiver over by then",
        "면제는 {last_day}까지이므로 {day}부터 철회할 면제가 없습니다.",
        "The waiver ends on {last_day}: from {day} on nothing is left to withdraw.",
        "면제 기간 안의 날짜를 적거나, 앞서 입력한 철회 기록을 먼저 취소해 주세요.",
        "Give a day inside the waiver, or annul a withdrawal that was entered before.",
    ),
    "event_unknown": FaultWording(
        "No such event",
        "이 계약에 없는 기록입니다: {value}.",
        "The contract has no event {value}.",
        "취소할 수 있는 기록: {known}.",
        "Events that can be annulled: {known}.",
    ),
    "event_is_annulment": FaultWording(
        "Annulment of an annulment",
        "취소 기록은 취소할 수 없습니다: {value}.",
        "{value} is an annulment itself and cannot be annulled.",
        "취소한 기록이 맞다면 같은 내용을 새로 입력해 주세요.",
        "Where the annulled event was right, enter it again.",
    ),
    "event_annulled_already": FaultWording(
        "Event annulled already",
        "이미 취소된 기록입니다: {value}(취소 기록: {event}).",
        "The event {value} was annulled already, by {event}.",
        "다시 취소할 필요가 없습니다.",
        "Nothing is left to do.",
    ),
}

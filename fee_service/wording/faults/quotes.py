"""Faults of quotes that are kept: their life, links, lists and keys of idempotency."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- quotes that last --
    "quote_not_found": FaultWording(
        "No such quote",
        "없는 견적입니다: {value}.",
        "There is no quote {value}.",
        "견적번호(예: Q-2026-000001)나 id를 확인해 주세요. 목록은 GET /v1/quotes에 있습니다.",
        "Check its number (like Q-2026-000001) or id; GET /v1/quotes lists quotes.",
    ),
    "quote_expired": FaultWording(
        "Quote expired",
        "유효기간이 지난 견적입니다: {number}, 마지막 날 {valid_until}.",
        "The quote {number} expired; its last day was {valid_until}.",
        "POST /v1/quotes/{number}/revisions로 새 견적을 발행해 주세요.",
        "Issue a new one with POST /v1/quotes/{number}/revisions.",
    ),
    "quote_not_shareable": FaultWording(
        "Quote that cannot be shared",
        "유효한 견적만 공유할 수 있습니다: {number}.",
        "Only a valid quote can be shared; {number} no longer is.",
        "수정 견적을 발행한 뒤 공유해 주세요.",
        "Issue a revision and share that.",
    ),
    "share_not_found": FaultWording(
        "No such link",
        "없거나 취소된 공유 링크입니다.",
        "This link does not exist or was revoked.",
        "링크를 보낸 담당자에게 새 링크를 요청해 주세요.",
        "Ask whoever sent it for a new one.",
    ),
    "share_ended": FaultWording(
        "Shared quote no longer valid",
        "공유된 견적 {number}의 효력이 끝났습니다.",
        "The shared quote {number} is no longer valid.",
        "링크를 보낸 담당자에게 새 견적을 요청해 주세요.",
        "Ask whoever sent it for a new quote.",
    ),
    "share_expired": FaultWording(
        "Link expired",
        "이 링크는 {day}까지만 열렸습니다.",
        "This link was open until {day}.",
        "링크를 보낸 담당자에게 새 링크를 요청해 주세요.",
        "Ask whoever sent it for a new link.",
    ),
    "share_expiry_over": FaultWording(
        "Last day of a link is over",
        "링크의 마지막 날 {value}이(가) 이미 지났습니다(오늘: {today}).",
        "The link's last day {value} is over: today is {today}.",
        "오늘이나 그 뒤의 날짜를 적거나 비워 두세요.",
        "Give today or a later day, or leave it empty.",
    ),
    "share_expiry_unclear": FaultWording(
        "Last day of a link unclear",
        "링크의 마지막 날 '{value}'은(는) 온전한 날짜가 아닙니다.",
        "The link's last day {value} is no whole day.",
        "2026-12-31처럼 연월일을 모두 적거나 비워 두세요.",
        "Give year, month and day, like 2026-12-31, or leave it empty.",
    ),
    "quote_withdrawn": FaultWording(
        "Quote withdrawn",
        "철회된 견적입니다: {number}.",
        "The quote {number} was withdrawn.",
        "POST /v1/quotes로 새 견적을 발행해 주세요.",
        "Issue a new one with POST /v1/quotes.",
    ),
    "quote_revised": FaultWording(
        "Quote replaced by a revision",
        "수정 견적으로 대체된 견적입니다: {number}.",
        "The quote {number} was replaced by a revision.",
        "GET /v1/quotes/{number}의 revised_by에 있는 견적을 사용해 주세요.",
        "Use the quote named by revised_by of GET /v1/quotes/{number}.",
    ),
    "quote_already_accepted": FaultWording(
        "Quote already accepted",
        "이미 수락된 견적입니다: {number}.",
        "The quote {number} was accepted already.",
        "수락된 견적은 계약이므로 바꿀 수 없습니다. 다른 조건은 새 견적으로 발행해 주세요.",
        "It is the contract and stays as it is; issue a new quote for other terms.",
    ),
    "waiver_used_meanwhile": FaultWording(
        "Waiver used by another contract meanwhile",
        "견적 {number} 발행 뒤에 같은 회사의 다른 견적이 수락되어 면제 기간을 사용했습니다: {others}.",
        "Since {number} was issued, other quotes of the company were accepted and used its waiver: {others}.",
        "POST /v1/quotes/{number}/revisions로 남은 면제 기간에 맞춘 견적을 발행해 주세요.",
        "Revise it with POST /v1/quotes/{number}/revisions; the revision counts that use in.",
    ),
    "waiver_used_by_later_contract": FaultWording(
        "Waiver used by a contract that starts later",
        "견적 {number}을(를) 수락하면 같은 회사의 수락된 계약({others})과 합쳐 면제가 {months}개월을 넘습니다.",
        "With {number}, the company's accepted contracts ({others}) would be waived for more than {months:month|months}.",
        "면제를 줄이려면 이 계약을 수락된 계약 뒤에 시작하는 것으로 견적해 주세요. 이미 사용한 기간을 빼고 계산합니다.",
        "Quote a contract that starts after the accepted ones: what they use is then counted in.",
    ),
    "idempotency_key_malformed": FaultWording(
        "Malformed idempotency key",
        "Idempotency-Key 헤더의 값을 쓸 수 없습니다: {value}.",
        "The header Idempotency-Key cannot be {value}.",
        "공백 없는 ASCII 문자 1~{maximum}자로 적어 주세요. 예: UUID.",
        "Use 1 to {maximum} visible ASCII characters, e.g. a UUID.",
    ),
    "idempotency_key_reused": FaultWording(
        "Idempotency key of another request",
        "다른 요청에 이미 사용한 Idempotency-Key입니다: {key}.",
        "The Idempotency-Key {key} already stands for another request.",
        "같은 요청을 다시 보내려면 본문을 그대로, 새 요청이면 새 키를 보내 주세요.",
        "Send exactly the same request to repeat it, or a new key with a new request.",
    ),
    "invalid_cursor": FaultWording(
        "Cursor not given out for this list",
        "이 목록의 cursor가 아닙니다.",
        "The cursor was not given out for this list.",
        "앞 페이지의 next_cursor를 같은 필터와 함께 그대로 보내거나, cursor를 빼고 처음부터 읽어 주세요.",
        "Send next_cursor of the page before unchanged, with the same filters; or start without a cursor.",
    ),
    "range_reversed": FaultWording(
        "Ends before it begins",
        "끝({value})이 시작({start})보다 앞섭니다.",
        "It ends on {value}, before it begins on {start}.",
        "두 날짜를 바꾸거나 하나를 빼 주세요.",
        "Swap the two days or leave one out.",
    ),
}

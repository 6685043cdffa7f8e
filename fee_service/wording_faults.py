"""What is said about each fault of a request, in Korean and English: which value, why, what to do.

The codes are part of the public contract: stable, and listed at /problems and in /openapi.json.
The templates are filled with the fault's `params` by `wording.py`.
"""

from __future__ import annotations

from typing import NamedTuple

from fee_service.model import Label


class FaultWording(NamedTuple):
    """The sentences of one code; `title` is its short English name for the documentation."""

    title: str
    message_ko: str
    message_en: str
    hint_ko: str
    hint_en: str


FAULTS: dict[str, FaultWording] = {
    # -- the request as a whole --
    "empty_body": FaultWording(
        "No body",
        "요청 본문이 비어 있습니다.",
        "The request has no body.",
        "JSON 객체를 보내 주세요. 가장 짧은 예는 /docs에 있습니다.",
        "Send a JSON object; the smallest example is at /docs.",
    ),
    "invalid_json": FaultWording(
        "Not valid JSON",
        "요청 본문을 JSON으로 읽을 수 없습니다: {why_ko}.",
        "The body cannot be read as JSON: {why_en}.",
        "표시된 곳을 고쳐 UTF-8로 인코딩한 JSON을 보내 주세요.",
        "Correct that place and send JSON encoded as UTF-8.",
    ),
    "unsupported_media_type": FaultWording(
        "Wrong content type",
        "지원하지 않는 Content-Type입니다: {value}.",
        "The Content-Type is not supported: {value}.",
        "Content-Type: application/json 헤더와 함께 UTF-8로 보내 주세요.",
        "Send the header Content-Type: application/json, and UTF-8.",
    ),
    "body_too_large": FaultWording(
        "Body too large",
        "요청 본문이 너무 큽니다(최대 {maximum}바이트).",
        "The body is larger than the {maximum} bytes that are taken.",
        "요청을 여러 개로 나누어 보내 주세요.",
        "Split it into several requests.",
    ),
    "bad_request": FaultWording(
        "Request not understood",
        "요청을 이해할 수 없습니다.",
        "The request could not be understood.",
        "/docs의 예시와 비교해 주세요.",
        "Compare it with the examples at /docs.",
    ),
    "not_found": FaultWording(
        "No such path",
        "없는 경로입니다: {value}.",
        "There is nothing at {value}.",
        "사용할 수 있는 경로는 /docs에서 확인해 주세요.",
        "The paths that exist are listed at /docs.",
    ),
    "method_not_allowed": FaultWording(
        "Method not allowed",
        "이 경로에서 쓸 수 없는 메서드입니다: {value} {path}.",
        "{path} does not take {value}.",
        "사용할 수 있는 메서드: {allowed}.",
        "It takes {allowed}.",
    ),
    "internal_error": FaultWording(
        "Internal error",
        "서비스 내부에서 오류가 발생했습니다. 요청의 잘못이 아닙니다.",
        "Something went wrong inside the service; the request is not at fault.",
        "잠시 후 다시 시도해 주세요. 계속되면 운영자에게 발생 시각을 알려 주세요: {time}.",
        "Try again later; if it persists, tell the operators the time {time}.",
    ),
    # -- query parameters --
    "unknown_parameter": FaultWording(
        "Unknown query parameter",
        "알 수 없는 쿼리 매개변수입니다: {field}.",
        "{field} is no query parameter of this resource.",
        "사용할 수 있는 매개변수(비슷한 순): {known}.",
        "Parameters here, the most similar first: {known}.",
    ),
    "unknown_parameters": FaultWording(
        "More unknown query parameters",
        "알 수 없는 쿼리 매개변수가 {count}개 더 있습니다.",
        "There are {count} more query parameters that are not known here.",
        "사용할 수 있는 매개변수: {known}.",
        "Parameters here: {known}.",
    ),
    "repeated_parameter": FaultWording(
        "Repeated query parameter",
        "두 번 이상 적은 쿼리 매개변수입니다: {field}.",
        "The query parameter {field} stands more than once.",
        "한 번만 적어 주세요.",
        "Give it once.",
    ),
    # -- structure --
    "not_an_object": FaultWording(
        "Not an object",
        "객체가 필요한 자리입니다(받은 값: {value}).",
        "{value} stands where an object is needed.",
        '{{"이름": 값}} 형식의 객체로 적어 주세요.',
        'Write an object: {{"name": value}}.',
    ),
    "not_a_list": FaultWording(
        "Not a list",
        "목록이 필요한 자리입니다(받은 값: {value}).",
        "{value} stands where a list is needed.",
        "항목이 하나여도 [ ] 안에 적어 주세요.",
        "Put it into [ ], even a single item.",
    ),
    "missing_field": FaultWording(
        "Missing field",
        "필수 항목이 없습니다: {field}.",
        "The required field {field} is missing.",
        "이 항목을 추가해 주세요: {field}.",
        "Add {field}.",
    ),
    "unknown_field": FaultWording(
        "Unknown field",
        "알 수 없는 항목입니다: {field}.",
        "{field} is not a field here.",
        "이 자리에 쓸 수 있는 항목(비슷한 순): {known}.",
        "Fields known here, the most similar first: {known}.",
    ),
    "unknown_fields": FaultWording(
        "More unknown fields",
        "알 수 없는 항목이 {count}개 더 있습니다.",
        "There are {count} more fields that are not known here.",
        "이 자리에 쓸 수 있는 항목: {known}.",
        "Fields known here: {known}.",
    ),
    "too_many": FaultWording(
        "Too many items",
        "항목이 너무 많습니다({count}개, 최대 {maximum}개).",
        "There are {count} items; at most {maximum} are taken.",
        "요청을 나누어 보내 주세요.",
        "Split the request.",
    ),
    "too_few": FaultWording(
        "Too few items",
        "항목이 부족합니다({count}개, 최소 {minimum}개).",
        "There are {count} items; at least {minimum} are needed.",
        "항목을 {minimum}개 이상 적어 주세요.",
        "Give {minimum} or more.",
    ),
    "labels_do_not_match": FaultWording(
        "Not as many labels as requests",
        "이름의 수와 요청의 수가 다릅니다(이름 {labels}개, 요청 {requests}개).",
        "There are {labels} labels for {requests} requests.",
        "요청마다 이름을 하나씩 적거나 labels를 빼 주세요.",
        "Give one label for each request, or leave labels out.",
    ),
    # -- single values --
    "not_an_integer": FaultWording(
        "Not an integer",
        "JSON 정수가 아닙니다: {value}.",
        "{value} is not a JSON integer.",
        "소수점과 따옴표 없이 2처럼 적어 주세요.",
        "Write it like 2: no decimal point, no quotes.",
    ),
    "amount_not_integer": FaultWording(
        "Amount not in whole won",
        "원 단위의 정수가 아닙니다: {value}.",
        "{value} is not an amount in whole won.",
        "소수점, 따옴표, 쉼표 없이 원 단위로 적어 주세요. 예: 1200000000.",
        "Write whole won without decimal point, quotes or commas, e.g. 1200000000.",
    ),
    "out_of_range": FaultWording(
        "Out of range",
        "범위를 벗어난 값입니다: {value}.",
        "{value} is out of range.",
        "허용 범위 안의 값을 적어 주세요: {minimum} ~ {maximum}.",
        "Give a value from {minimum} to {maximum}.",
    ),
    "not_a_boolean": FaultWording(
        "Neither true nor false",
        "true나 false가 아닙니다: {value}.",
        "{value} is neither true nor false.",
        "따옴표 없이 true 또는 false로 적어 주세요.",
        "Write true or false, without quotes.",
    ),
    "invalid_date": FaultWording(
        "Not a date",
        "YYYY-MM-DD 형식으로 적은 실제 날짜가 아닙니다: {value}.",
        "{value} is not a day of the calendar written as YYYY-MM-DD.",
        "예: 2026-12-09.",
        "For example 2026-12-09.",
    ),
    "unknown_value": FaultWording(
        "Not one of the choices",
        "여기에 쓸 수 없는 값입니다: {value}.",
        "{value} is not one of the values taken here.",
        "쓸 수 있는 값(비슷한 순): {allowed}.",
        "Values taken here, the most similar first: {allowed}.",
    ),
    "not_text": FaultWording(
        "Not text",
        "문자열이 필요한 자리입니다(받은 값: {value}).",
        "{value} stands where text is needed.",
        "따옴표 안에 적어 주세요.",
        "Write it in quotes.",
    ),
    "empty_text": FaultWording(
        "Empty text",
        "빈 문자열입니다.",
        "The text is empty.",
        "내용을 적거나 항목을 빼 주세요.",
        "Fill it in or leave the field out.",
    ),
    "text_too_long": FaultWording(
        "Text too long",
        "너무 긴 문자열입니다: {value}.",
        "{value} is too long.",
        "최대 {maximum}자까지 쓸 수 있습니다.",
        "Use at most {maximum} characters.",
    ),
    "invalid_text": FaultWording(
        "Control characters in a text",
        "제어 문자가 들어 있습니다: {value}.",
        "{value} holds a control character.",
        "줄바꿈, 탭 등 보이지 않는 제어 문자를 지워 주세요.",
        "Remove line breaks, tabs and other control characters.",
    ),
    # -- editions and dates --
    "no_price_list_on_date": FaultWording(
        "No price list on that day",
        "{value}에는 시행 중인 가격표가 없습니다. 첫 가격표는 {id}({first} 시행)입니다.",
        "No price list is in force on {value}; the first one is {id}, from {first}.",
        "starts_on을 {first} 이후로 적어 주세요.",
        "Start on {first} or later.",
    ),
    "price_list_ends": FaultWording(
        "No price list for some months",
        "{start}부터 {months}개월 중 시행 중인 가격표가 없는 날이 있습니다.",
        "Some days of the {months} months from {start} have no price list.",
        "months를 줄이거나 ends_on을 앞당겨 주세요.",
        "Ask for fewer months or an earlier ends_on.",
    ),
    "not_in_later_price_list": FaultWording(
        "No longer offered under a later price list",
        "{on}부터 적용되는 가격표 {id}에는 {product}의 {fee} 요금이 없습니다.",
        "The price list {id}, in force from {on}, prints no {fee} for {product}.",
        "ends_on을 {on} 전으로 적거나 해당 상품을 빼 주세요.",
        "End before {on} or leave the product out.",
    ),
    "unknown_price_list": FaultWording(
        "Unknown price list",
        "없는 가격표입니다: {value}.",
        "There is no price list {value}.",
        "쓸 수 있는 가격표: {known}. 비워 두면 시작일에 시행 중인 가격표를 씁니다.",
        "Known: {known}. Leave it out to use the one in force on the start day.",
    ),
    "unknown_waiver_policy": FaultWording(
        "Unknown waiver policy",
        "없는 면제 정책입니다: {value}.",
        "There is no waiver policy {value}.",
        "쓸 수 있는 정책: {known}. 비워 두면 시작일에 시행 중인 정책을 씁니다.",
        "Known: {known}. Leave it out to use the one in force on the start day.",
    ),
    "ends_before_start": FaultWording(
        "Ends before it starts",
        "종료일 {value}: 시작일 {start}보다 앞섭니다.",
        "It ends on {value}, before it starts on {start}.",
        "{start} 이후의 날짜를 적어 주세요. 종료일도 기간에 포함됩니다.",
        "Give {start} or a later day; the last day counts.",
    ),
    "test_months_exceed_policy": FaultWording(
        "More test months than the policy gives",
        "무료 시험기간 {value}개월은 정책({policy})의 상한 {limit}개월을 넘습니다.",
        "{value} test months are more than the {limit} of the policy {policy}.",
        "{limit} 이하로 적어 주세요.",
        "Ask for {limit} or fewer.",
    ),
    "prior_waiver_overlaps": FaultWording(
        "Earlier waiver periods overlap",
        "{first} ~ {last} 기간이 prior_waiver의 {other}번 항목과 겹칩니다(0부터 셈).",
        "{first} to {last} overlaps item {other} of prior_waiver (counted from 0).",
        "같은 날을 두 번 세지 않도록 기간을 합치거나 고쳐 주세요.",
        "Merge or correct them, so that no day counts twice.",
    ),
    "prior_waiver_after_start": FaultWording(
        "Earlier waiver does not end before the start",
        "이전 면제가 {last}에 끝나는데 계약은 {start}에 시작합니다.",
        "The earlier waiver ends on {last}, but the contract starts on {start}.",
        "계약 시작일 전날까지의 기간만 적어 주세요.",
        "State only days before the start.",
    ),
    # -- the company --
    "founded_after_start": FaultWording(
        "Founded after the start",
        "설립일 {value}: 이용 시작일 {start}보다 늦습니다.",
        "The company is founded on {value}, after the contract starts on {start}.",
        "법인설립등기일과 starts_on을 확인해 주세요.",
        "Check the registration day of the incorporation and starts_on.",
    ),
    "invalid_business_number": FaultWording(
        "Wrong business registration number",
        "사업자등록번호가 올바르지 않습니다: {value}.",
        "{value} is not a business registration number.",
        "숫자 10자리(000-00-00000)와 마지막 검증 숫자를 확인해 주세요.",
        "Check the ten digits (000-00-00000); the last is a check digit.",
    ),
    "size_contradicts_evidence": FaultWording(
        "Stated size contradicts the figures",
        "기재한 기업 규모는 {stated}인데 제출한 수치로는 {decided}입니다. {because}",
        "The stated size is {stated}, but the figures say {decided}. {because}",
        "size를 빼서 수치로 판정하게 하거나, 둘 중 틀린 쪽을 고쳐 주세요.",
        "Leave size out to let the figures decide, or correct whichever is wrong.",
    ),
    "unknown_industry": FaultWording(
        "Unknown industry",
        "업종 코드가 중소기업 규모 기준표에 없습니다: {value}.",
        "{value} is no industry of the SME table.",
        "주된 업종의 한국표준산업분류 기호를 적어 주세요: {known}.",
        "Give the main industry's KSIC code: {known}.",
    ),
    # -- what is asked for --
    "unknown_api": FaultWording(
        "Unknown API",
        "알 수 없는 API입니다: {value}.",
        "{value} is no API of the catalogue.",
        "비슷한 이름: {nearest}. 전체 목록은 /v1/apis에 있습니다.",
        "Nearest: {nearest}. All are listed at /v1/apis.",
    ),
    "api_not_offered": FaultWording(
        "API not offered",
        "제공하지 않는 API입니다: {api}. {why}",
        "{api} is not offered. {why}",
        "이 항목을 빼고 다시 요청해 주세요.",
        "Leave it out.",
    ),
    "api_too_broad": FaultWording(
        "API family instead of a licence",
        "여러 라이선스를 묶은 이름입니다: {api}.",
        "{api} is a family of several licences.",
        "필요한 것을 골라 적어 주세요: {members}.",
        "Name those that are needed: {members}.",
    ),
    "unknown_product": FaultWording(
        "Unknown product",
        "{contract}에 없는 상품입니다: {value}.",
        "{value} is no product of the contract: {contract}.",
        "비슷한 상품: {nearest}. 전체 목록은 /v1/products에 있습니다.",
        "Nearest: {nearest}. All are listed at /v1/products.",
    ),
    "duplicate_licence": FaultWording(
        "Licence asked for twice",
        "같은 라이선스를 두 번 적었습니다: {product}(처음은 {first}번, 0부터 셈).",
        "{product} is asked for twice, first as item {first} (counted from 0).",
        "하나로 합쳐 주세요. 옵션은 options에 여러 개 적을 수 있습니다.",
        "Merge them; options may hold several.",
    ),
    "duplicate_option": FaultWording(
        "Option asked for twice",
        "같은 옵션을 두 번 적었습니다: {value}.",
        "{value} stands twice.",
        "한 번만 적어 주세요.",
        "Give it once.",
    ),
    "option_not_applicable": FaultWording(
        "Not offered for this product",
        "{product}: 가격표 {list}에 없는 선택입니다({value}).",
        "{product} is not offered with {value} (price list {list}).",
        "선택할 수 있는 것: {offered}. 또는 이 항목을 빼 주세요.",
        "Offered: {offered}. Otherwise leave it out.",
    ),
    "reception_needs_direct_channel": FaultWording(
        "Reception sets need a direct feed",
        "추가수신 세트({value})는 직접수신에서만 이용할 수 있습니다.",
        "Further reception sets ({value}) exist for a direct feed only.",
        'channel을 "direct"로 적거나 세트를 빼 주세요.',
        'Set channel to "direct" or leave the sets out.',
    ),
    "api_calls_need_open_api": FaultWording(
        "API calls need the platform",
        "직접수신에는 Open API 호출 요금이 없습니다.",
        "A direct feed makes no calls over the Open API platform.",
        'api_calls_per_month를 빼거나 channel을 "open_api"로 적어 주세요.',
        'Leave api_calls_per_month out or set channel to "open_api".',
    ),
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
    "storage_unavailable": FaultWording(
        "Database away",
        "데이터베이스에 연결할 수 없습니다. 저장되었다고 답하지 않은 요청은 다시 보내 주세요.",
        "The database cannot be reached; what was not acknowledged may be sent again.",
        "Retry-After 헤더의 시간(초) 뒤에 같은 Idempotency-Key로 다시 보내 주세요.",
        "Try again after the seconds of Retry-After, with the same Idempotency-Key.",
    ),
    "storage_busy": FaultWording(
        "Database busy",
        "데이터베이스가 바쁩니다. 저장된 것은 없습니다.",
        "The database is busy; nothing was stored.",
        "Retry-After 헤더의 시간(초) 뒤에 다시 보내 주세요.",
        "Try again after the seconds of Retry-After.",
    ),
    "storage_full": FaultWording(
        "Disk of the database full",
        "데이터베이스의 디스크가 가득 찼습니다. 저장된 것은 없습니다.",
        "The disk of the database is full; nothing was stored.",
        "운영자에게 알린 뒤 다시 보내 주세요.",
        "Tell the operators, then try again.",
    ),
    "storage_read_only": FaultWording(
        "Database read-only",
        "데이터베이스가 읽기 전용입니다. 저장된 것은 없습니다.",
        "The database is read-only; nothing was stored.",
        "운영자에게 알린 뒤 다시 보내 주세요.",
        "Tell the operators, then try again.",
    ),
    # -- asked for with ?require_eligible=true --
    "company_ineligible": FaultWording(
        "Company may not use the platform",
        "플랫폼을 이용할 수 없는 회사입니다: {why}",
        "The company may not use the platform: {why}",
        "require_eligible 없이 요청하면 면제 없는 가격을 볼 수 있습니다.",
        "Without require_eligible the quote shows its prices, without the waiver.",
    ),
}


# What a problem is called as a whole, by HTTP status: (type, title).
PROBLEMS: dict[int, tuple[str, Label]] = {
    400: ("unreadable", Label("요청을 읽을 수 없습니다", "The request cannot be read")),
    404: ("not_found", Label("찾을 수 없습니다", "Not found")),
    405: ("method_not_allowed", Label("사용할 수 없는 메서드입니다", "Method not allowed")),
    409: ("conflict", Label("견적의 현재 상태에서는 할 수 없습니다", "Not possible in the quote's present state")),
    413: ("body_too_large", Label("요청이 너무 큽니다", "The request is too large")),
    415: ("unsupported_media_type", Label("지원하지 않는 형식입니다", "Unsupported media type")),
    422: ("invalid_request", Label("요청에 고칠 점이 있습니다", "The request needs correcting")),
    500: ("internal_error", Label("내부 오류", "Internal error")),
    503: ("unavailable", Label("지금은 처리할 수 없습니다", "Not available at the moment")),
}

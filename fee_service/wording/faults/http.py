"""Faults of a request as it arrives over HTTP: its body, its headers, its address and its query."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
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
    "coded_body": FaultWording(
        "Body in a coding",
        "압축되거나 부호화된 본문은 받지 않습니다: {value}.",
        "A compressed or otherwise coded body is not taken: {value}.",
        "Content-Encoding 없이, 압축하지 않은 본문을 보내 주세요.",
        "Send the body as it is, without Content-Encoding.",
    ),
    "unreadable_text": FaultWording(
        "Not a text",
        "글자가 아닌 문자(NUL 등)가 들어 있습니다: {field}.",
        "{field} holds a character that no text has, such as NUL.",
        "그 문자를 지우고 다시 보내 주세요.",
        "Take it out and send it again.",
    ),
    "not_lines": FaultWording(
        "No lines of JSON",
        "한 줄에 요청 하나씩 적은 NDJSON이 아닙니다: {value}.",
        "The Content-Type is not that of NDJSON, one request a line: {value}.",
        "Content-Type: application/x-ndjson 헤더와 함께 UTF-8로 보내 주세요.",
        "Send the header Content-Type: application/x-ndjson, and UTF-8.",
    ),
    "line_too_long": FaultWording(
        "Line too long",
        "한 줄이 너무 깁니다(최대 {maximum}바이트).",
        "The line is longer than the {maximum} bytes that are taken.",
        "요청 하나를 한 줄에 적고, 줄 끝에 줄바꿈이 있는지 확인해 주세요.",
        "Write one request a line, and end each line.",
    ),
    "body_torn": FaultWording(
        "Body ends early",
        "요청 본문이 끝나기 전에 끊겼습니다.",
        "The body ended before it was whole.",
        "이 줄부터 다시 보내 주세요.",
        "Send it again from this line on.",
    ),
    "body_too_large": FaultWording(
        "Body too large",
        "요청 본문이 너무 큽니다(최대 {maximum}바이트).",
        "The body is larger than the {maximum} bytes that are taken.",
        "요청을 여러 개로 나누어 보내 주세요.",
        "Split it into several requests.",
    ),
    "request_line_too_long": FaultWording(
        "Address too long",
        "주소(경로와 쿼리)가 너무 깁니다.",
        "The address (path and query) is too long.",
        "검색어를 줄여 주세요. 8,190바이트까지 받습니다.",
        "Shorten what is searched for; up to 8,190 bytes are taken.",
    ),
    "head_too_large": FaultWording(
        "Headers too large",
        "요청의 헤더가 너무 큽니다.",
        "The headers of the request are too large.",
        "쿠키와 헤더를 줄여 주세요. 모두 합해 32,768바이트까지 받습니다.",
        "Send fewer cookies and headers; up to 32,768 bytes are taken in all.",
    ),
    "head_too_slow": FaultWording(
        "Headers did not arrive",
        "요청의 헤더가 제때 다 도착하지 않았습니다.",
        "The headers of the request did not arrive in time.",
        "다시 보내 주세요.",
        "Send it again.",
    ),
    "too_many_callers": FaultWording(
        "Too many callers at once",
        "지금 요청을 보내는 사람이 너무 많습니다.",
        "Too many callers are sending requests at the moment.",
        "잠시 뒤에 다시 보내 주세요.",
        "Send it again in a few seconds.",
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
        "이 자원에는 매개변수가 없습니다. 빼 주세요.",
        "This resource has no parameters: leave it out.",
    ),
    "unknown_parameters": FaultWording(
        "More unknown query parameters",
        "알 수 없는 쿼리 매개변수가 {count}개 더 있습니다.",
        "There are {count} more query parameters that are not known here.",
        "사용할 수 있는 매개변수: {known}.",
        "Parameters here: {known}.",
        "이 자원에는 매개변수가 없습니다. 빼 주세요.",
        "This resource has no parameters: leave them out.",
    ),
    "repeated_parameter": FaultWording(
        "Repeated query parameter",
        "두 번 이상 적은 쿼리 매개변수입니다: {field}.",
        "The query parameter {field} stands more than once.",
        "한 번만 적어 주세요.",
        "Give it once.",
    ),
    # -- files that are sent --
    "upload_without_file": FaultWording(
        "No file",
        "보낸 파일이 없습니다.",
        "No file was sent.",
        "파일을 본문으로 보내거나, multipart 필드 {field}에 하나 이상 넣어 주세요.",
        "Send a file as the body, or one or several as multipart fields named {field}.",
    ),
    "upload_files_too_many": FaultWording(
        "Too many files",
        "한 번에 보낼 수 있는 파일은 {maximum}개까지입니다.",
        "More than {maximum} files were sent at once.",
        "ZIP 하나로 묶거나 나누어 보내 주세요.",
        "Pack them into one ZIP, or send them in parts.",
    ),
    "upload_unreadable": FaultWording(
        "Upload that cannot be read",
        "multipart/form-data 본문을 읽을 수 없습니다. 중간에 끊겼거나 boundary가 맞지 않습니다.",
        "The multipart/form-data body cannot be read: it breaks off, or its boundary is another one.",
        "다시 보내 주세요. 파일 하나라면 본문 그대로 보내도 됩니다.",
        "Send it again; a single file may also be the body as it is.",
    ),
    "upload_no_room": FaultWording(
        "No room for a file",
        "지금은 파일을 받아 둘 디스크 공간이 없습니다.",
        "There is no room on the disk for the file at the moment.",
        "잠시 후 다시 보내거나 운영자에게 알려 주세요.",
        "Send it again later, or tell the operators.",
    ),
}

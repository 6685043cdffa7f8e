"""What is said about each fault, in Korean and English: which value, why, what to do. One module an origin.

The codes are part of the public contract: stable, and listed at /problems and in /openapi.json.
The templates are filled with the fault's `params` by `fee_service.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.model import Label
from fee_service.wording.faults import (
    audits,
    callers,
    contracts,
    dues,
    eligibility,
    findings,
    http,
    invoices,
    items,
    jobs,
    operations,
    quotes,
    reconciliation,
    request,
    sheets,
    storage,
    tables,
    usage,
)
from fee_service.wording.sentence import FaultWording, merged

ORIGINS = (
    *(http, request, sheets, invoices, quotes, contracts, jobs, usage, audits, dues, reconciliation, findings),
    *(items, storage, callers, operations, eligibility, tables),
)
FAULTS: Mapping[str, FaultWording] = merged(*(origin.FAULTS for origin in ORIGINS))

# What a problem is called as a whole, by HTTP status: (type, title).
PROBLEMS: dict[int, tuple[str, Label]] = {
    400: ("unreadable", Label("요청을 읽을 수 없습니다", "The request cannot be read")),
    401: ("unauthorized", Label("API 키를 확인할 수 없습니다", "No good API key")),
    403: ("forbidden", Label("이 키로는 할 수 없습니다", "Not allowed with this key")),
    404: ("not_found", Label("찾을 수 없습니다", "Not found")),
    405: ("method_not_allowed", Label("사용할 수 없는 메서드입니다", "Method not allowed")),
    408: ("request_timeout", Label("요청이 제때 도착하지 않았습니다", "The request did not arrive in time")),
    409: ("conflict", Label("현재 상태에서는 할 수 없습니다", "Not possible in the present state")),
    410: ("gone", Label("더 이상 유효하지 않습니다", "No longer valid")),
    413: ("body_too_large", Label("요청이 너무 큽니다", "The request is too large")),
    415: ("unsupported_media_type", Label("지원하지 않는 형식입니다", "Unsupported media type")),
    422: ("invalid_request", Label("요청에 고칠 점이 있습니다", "The request needs correcting")),
    429: ("too_many_requests", Label("요청이 너무 많습니다", "Too many requests")),
    500: ("internal_error", Label("내부 오류", "Internal error")),
    503: ("unavailable", Label("지금은 처리할 수 없습니다", "Not available at the moment")),
}

"""Every error is a problem+json (RFC 9457) with the same fields, whatever went wrong."""

from __future__ import annotations

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request
from gunicorn.http.errors import NoMoreData, ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected, HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.errors import Fault, FeeError
from fee_service.http.environ import REQUEST_ID
from fee_service.http.flows import TooSlow
from fee_service.http.language import language
from fee_service.http.refusals import noted
from fee_service.operations import metrics
from fee_service.storage.faults import StorageError
from fee_service.wording import Language, fault_answer, fault_title, in_language
from fee_service.wording.faults import PROBLEMS
from schemas.fields import shown

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
TORN = (ParseException, NoMoreData)  # what reading a chunked body raises that is none
CHALLENGE = 'Bearer realm="fee_service"'


def handle(error: Exception) -> Response:
    """The one error handler: what is wrong with the request, or that the service is at fault."""
    if isinstance(error, RequestRedirect):
        return Response(status=error.code, headers={"Location": error.new_url})
    if isinstance(error, FeeError):
        return _refusal(noted(error))
    if isinstance(error, StorageError):
        return _refusal(FeeError([Fault(error.code, "", {"retry_after": error.retry_after})], 503))
    if isinstance(error, ClientDisconnected | TooSlow):
        return problem(HTTPStatus.REQUEST_TIMEOUT, (Fault("body_too_slow"),))
    if isinstance(error, TORN):
        return problem(HTTPStatus.BAD_REQUEST, (Fault("bad_request"),))
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        answer = problem(error.code, (fault_of(error),))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = _methods(error)
        return answer
    now = datetime.now(KOREA_STANDARD_TIME).isoformat(timespec="seconds")
    logger.exception(
        "unexpected error at %s %s",
        request.method,
        shown(request.path),
        exc_info=error,
        extra={"request_id": request.environ.get(REQUEST_ID)},
    )
    return problem(500, (Fault("internal_error", "", {"time": now}),))


def told(error: Exception, what: str) -> tuple[int, tuple[Fault, ...]]:
    """Status and faults of what went wrong with one part of a request; a fault of ours is logged."""
    if isinstance(error, FeeError):
        return error.status, error.faults
    if isinstance(error, StorageError):
        faults = (Fault(error.code, "", {"retry_after": error.retry_after}),)
        metrics.unavailable(faults)
        return HTTPStatus.SERVICE_UNAVAILABLE, faults
    now = datetime.now(KOREA_STANDARD_TIME).isoformat(timespec="seconds")
    logger.error("unexpected error at %s", what, exc_info=error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, (Fault("internal_error", "", {"time": now}),)


def _refusal(error: FeeError) -> Response:
    """The answer for the faults of a request, with what HTTP wants beside some of them."""
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        metrics.unavailable(error.faults)
    answer = problem(error.status, error.faults)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = _challenge(error.faults[0].code)
    if error.faults[0].code == "coded_body":
        answer.headers["Accept-Encoding"] = "identity"
    if (seconds := error.faults[0].params.get("retry_after")) is not None:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _challenge(code: str) -> str:
    """What RFC 6750 says to a caller without a good key."""
    if code == "key_missing":
        return CHALLENGE
    return f'{CHALLENGE}, error="invalid_token", error_description="{fault_title(code)}"'


def problem(status: int, faults: tuple[Fault, ...]) -> Response:
    """The answer for some faults."""
    told = problem_data(status, faults, request.path, language(), request.environ.get(REQUEST_ID))
    content = orjson.dumps(told)
    return Response(content, status, content_type=PROBLEM_JSON)


def problem_data(
    status: int, faults: tuple[Fault, ...], path: str, lang: Language, request_id: str | None = None
) -> dict[str, Any]:
    """The fields of RFC 9457, the request's id, and every fault; `detail` holds the first three."""
    errors = [fault_answer(fault, lang) for fault in faults]
    kind, title = PROBLEMS.get(status, PROBLEMS[400])
    return {
        "type": f"/problems#{kind}",
        "title": in_language(title, lang),
        "status": status,
        "detail": " ".join(error["message"] for error in errors[:3]) + (" …" if len(errors) > 3 else ""),
        "instance": path,
        "request_id": request_id,
        "errors": errors,
    }


def fault_of(error: HTTPException) -> Fault:
    """What Flask itself refuses, as one of our codes."""
    path = shown(request.path)[1:-1]
    match error.code:
        case HTTPStatus.NOT_FOUND:
            return Fault("not_found", "", {"value": path})
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = _methods(error)
            return Fault("method_not_allowed", "", {"value": request.method, "path": path, "allowed": allowed})
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return Fault("body_too_large", "", {"maximum": f"{request.max_content_length:,}"})
        case _:
            return Fault("bad_request")


def _methods(error: HTTPException) -> str:
    valid = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    return ", ".join(sorted(valid or ()))

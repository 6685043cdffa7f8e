"""Every error as a page: refusals, an address that no route meets, a database that is away, what nobody foresaw."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import Fault, FeeError
from fee_service.http.problems import PROBLEM_JSON, TORN, fault_of, handle
from fee_service.http.refusals import noted
from fee_service.operations import metrics
from fee_service.storage.faults import StorageError
from fee_service.web.languages import _, page_language
from fee_service.web.shell import POLICY, blueprint, page, request_id
from fee_service.wording import fault_answer

logger = logging.getLogger(__name__)


@blueprint.errorhandler(FeeError)
def refused(error: FeeError) -> Response:
    error = noted(error)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        metrics.unavailable(error.faults)
    told = [fault_answer(fault, page_language()) for fault in error.faults]
    answer = page("problem.html", error.status, title=told[0]["message"], told=told)
    if (seconds := error.faults[0].params.get("retry_after")) is not None:
        answer.headers["Retry-After"] = str(seconds)
    return answer


@blueprint.errorhandler(StorageError)
def unavailable(error: StorageError) -> Response:
    metrics.unavailable((Fault(error.code),))
    text = _("Nothing was lost. Please try again in a minute.")
    answer = page("problem.html", 503, title=_("Not available at the moment"), text=text)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    if error.code == HTTPStatus.NOT_FOUND:
        return page("problem.html", error.code, title=_("Page not found"))
    fault = fault_of(error)
    if fault.code != "bad_request":
        return refused(FeeError([fault], error.code))
    return page("problem.html", error.code, title=_("This request was not understood"))


def unmet(error: HTTPException) -> AnyResponse:
    """An address that no route met, or not by this method: a page for a browser, a problem for any other caller."""
    if request.blueprint == blueprint.name:
        return http_error(error)
    if request.url_rule is not None or not _wants_a_page():
        answer: AnyResponse = handle(error)
    else:
        answer = http_error(error)
        answer.headers["Content-Security-Policy"] = POLICY
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def _wants_a_page() -> bool:
    return request.accept_mimetypes.best_match((PROBLEM_JSON, "text/html")) == "text/html"


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    if isinstance(error, TORN):
        return page("problem.html", 400, title=_("This request was not understood"))
    logger.exception("unexpected error at %s", request.path, exc_info=error, extra={"request_id": request_id()})
    text = _("The error was recorded. Please try again.")
    return page("problem.html", 500, title=_("Something went wrong here"), text=text)

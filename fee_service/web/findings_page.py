"""What reconciliations found wrong: a list, and the story of each with a word on how it stands."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import Fault, FeeError
from fee_service.finding import SET_BY_PEOPLE, FindingLife, FindingState
from fee_service.http.context import the_desk
from fee_service.quotes.calls import Once
from fee_service.reconciliation import following_up
from fee_service.strict_json import Data
from fee_service.web.languages import _, page_language
from fee_service.web.reconciled import filters_of
from fee_service.web.reconciliation_words import Named, finding_word
from fee_service.web.saying import message
from fee_service.web.shell import blueprint, call, page
from schemas import load
from schemas.findings import FindingsQuerySchema, FindingWordSchema

ON_A_PAGE = 50
FILTERS = ("contract", "life", "state", "month", "run", "cause")


@blueprint.get("/findings")
def findings_page() -> Response:
    """The findings that the filters want, those that came last first."""
    typed = filters_of(request.args, FILTERS)
    try:
        found, wrong = _found(typed), []
    except FeeError as error:
        if error.status >= 500:
            raise
        found, wrong = {"findings": [], "next_cursor": None}, [message(each, page_language()) for each in error.faults]
    return page(
        "findings.html",
        422 if wrong else 200,
        listed=[_shown(each) for each in found["findings"]],
        lives=_words(FindingLife),
        states=_words(FindingState),
        is_filtered=bool(typed),
        form=request.args,
        errors={},
        wrong=wrong,
        next_page=_address(typed, cursor=found["next_cursor"]) if found["next_cursor"] else None,
        from_start=_address(typed) if "cursor" in request.args else None,
    )


def _found(typed: dict[str, str]) -> Data:
    cursor = {"cursor": request.args["cursor"]} if "cursor" in request.args else {}
    loaded = load(FindingsQuerySchema, {**typed, "limit": str(ON_A_PAGE), **cursor})
    if loaded.faults:
        raise FeeError(loaded.faults)
    return following_up.list_findings(the_desk(), loaded.values, call())


def _address(typed: dict[str, Any], **more: Any) -> str:
    return url_for("web.findings_page", **more, **typed)


def _words(names: Any) -> list[tuple[str, str]]:
    return [(each.value, finding_word(each.value)) for each in names]


def _shown(finding: Data) -> Data:
    """A finding with what it is about in words."""
    is_vat = finding["fee"] == "vat"
    return {**finding, "what": _("VAT of the invoice") if is_vat else Named().of(finding) or _("Total of the invoice")}


# -- one of them -------------------------------------------------------------------------------------------


@blueprint.get("/findings/<key>")
def finding_page(key: str) -> Response:
    """A finding with all that was said of it, and a form to say more."""
    return _one(key)


def _one(key: str, status: int = 200, faults: tuple[Fault, ...] = ()) -> Response:
    told = following_up.show(the_desk(), key, call())
    typed = request.form if faults else {"state": told["state"]}
    last = orjson.dumps([told["id"], len(told["story"])])
    errors = {each.pointer.rpartition("/")[2]: message(each, page_language()) for each in faults}
    return page(
        "finding.html",
        status,
        finding={**_shown(told), "story": [_event(each) for each in reversed(told["story"])]},
        states=_words(SET_BY_PEOPLE),
        form=typed,
        errors=errors,
        wrong=list(errors.values()),
        once=hashlib.sha256(last).hexdigest()[:32],
    )


def _event(event: Data) -> Data:
    """A word of a run, or of a person."""
    if event["run"] is not None:
        words = _("A run: %(word)s", word=finding_word(event["life"]))
    else:
        words = _("We said: %(word)s", word=finding_word(event["state"]))
    return {**event, "words": words}


@blueprint.post("/findings/<key>")
def set_finding(key: str) -> AnyResponse:
    """Say how a finding stands; then its page again."""
    given = {"state": request.form.get("state", ""), "note": request.form.get("note", "").strip() or None}
    once = request.form.get("once", "")
    told = hashlib.sha256(f"{request.path} {once} {given}".encode()).hexdigest()
    asking = call(Once(f"page-{told[:32]}", told) if once else None)
    try:
        following_up.say(the_desk(), key, load(FindingWordSchema, given), asking)
    except FeeError as error:
        if error.status != 422:
            raise
        return _one(key, error.status, tuple(error.faults))
    return redirect(url_for("web.finding_page", key=key), 303)

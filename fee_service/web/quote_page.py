"""One issued quote at the desk: what it says, its life, its documents, and its links for a prospect."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import orjson
from flask import Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import Fault, FeeError
from fee_service.http.context import editions, public_url, the_desk, today
from fee_service.http.files import KINDS, document_of, verify_url
from fee_service.permissions import Action, may
from fee_service.quote_status import QuoteStatus
from fee_service.quotes import closing, finding, sharing, showing
from fee_service.quotes.calls import Once
from fee_service.quotes.issued import require_open
from fee_service.web.desk_page import form_page
from fee_service.web.estimating import estimate
from fee_service.web.going_on import form_to_go_on
from fee_service.web.languages import page_language
from fee_service.web.result import Result
from fee_service.web.sessions import seated, sells
from fee_service.web.shell import blueprint, call, page
from fee_service.web.typed import date_of
from fee_service.wording import fault_answer


@blueprint.get("/quotes/<key>")
def quote_page(key: str) -> AnyResponse:
    """One quote, with what can be done with it; a file where a kind of document is named."""
    name, dot, kind = key.rpartition(".")
    if dot:
        return _file(name, kind)
    return _shown(key)


def _shown(key: str, status: int = 200, wrong: list[dict[str, str]] | None = None) -> Response:
    answer = orjson.loads(showing.show(the_desk(), key, call()))
    status_now = QuoteStatus(answer["status"])
    actor = seated()
    allowed = {action for action in Action if actor is not None and may(actor.role, action)}
    return page(
        "quote.html",
        status,
        result=Result(answer, page_language(), editions(), for_seller=sells()),
        key=answer["number"],
        wrong=wrong,
        verify=verify_url(answer["digest"]),
        may={action.value for action in allowed},
        is_open=status_now.is_open,
        can_revise=status_now.may_be_revised,
        can_share=status_now.may_be_shared,
        shares=_shares(key) if Action.SHARE in allowed else [],
        once=hashlib.sha256(f"{answer['id']}{answer['status']}".encode()).hexdigest()[:32],
    )


def _shares(key: str) -> list[tuple[Any, ...]]:
    """The open links of a quote: id, since when, until when, address."""
    rows = sharing.shares_of(the_desk(), key, call())
    return [(row.id, row.created_at, row.expires_on, _link(row.id)) for row in rows]


def _link(share_id: str) -> str:
    token = sharing.token_of(share_id, str(current_app.secret_key))
    return public_url(url_for("web.shared_page", token=token))


def _file(key: str, kind: str) -> Response:
    actor = seated()
    if kind not in KINDS or actor is None or not may(actor.role, Action.DOWNLOAD):
        abort(404)
    answer = orjson.loads(showing.show(the_desk(), key, call()))
    return document_of(answer, kind, page_language(), for_seller=request.args.get("notices") == "all")


# -- a quote's life --------------------------------------------------------------------------------------


@blueprint.get("/quotes/<key>/revision")
def revise_page(key: str) -> Response:
    """The form as the quote was asked for, to issue another in its place; the quote itself where that is too late."""
    quote = finding.find(the_desk(), key, call())
    try:
        require_open(quote.status, quote)
    except FeeError as error:
        return _shown(key, 409, _told(error))
    form, former_start = form_to_go_on(_request_of(key), editions(), today())
    form["revises"] = quote.number
    return form_page(form, estimate(form), former_start=former_start)


@blueprint.get("/quotes/<key>/again")
def again_page(key: str) -> Response:
    """The form as the quote was asked for, to issue one more."""
    form, former_start = form_to_go_on(_request_of(key), editions(), today())
    return form_page(form, estimate(form), former_start=former_start)


def _request_of(key: str) -> dict[str, Any]:
    return showing.request_of(the_desk(), key, call())


@blueprint.post("/quotes/<key>/withdrawal")
def withdraw_now(key: str) -> AnyResponse:
    """Take a quote back."""
    return _changed(key, lambda asking: closing.withdraw(the_desk(), key, asking))


@blueprint.post("/quotes/<key>/acceptance")
def accept_now(key: str) -> AnyResponse:
    """Mark a quote as accepted."""
    return _changed(key, lambda asking: closing.accept(the_desk(), key, asking))


@blueprint.post("/quotes/<key>/shares")
def share_now(key: str) -> AnyResponse:
    """Make a link for the prospect."""
    return _changed(key, lambda asking: sharing.share(the_desk(), key, asking, _last_day()), "share")


def _last_day() -> date | None:
    """The last day of a link as it was typed; None where nothing was. Raises FeeError (422)."""
    typed = request.form.get("expires_on", "").strip()
    day = date_of(typed) if typed else None
    if typed and day is None:
        raise FeeError([Fault("share_expiry_unclear", "/expires_on", {"value": typed[:40]})], 422)
    return day


@blueprint.post("/quotes/<key>/shares/<share_id>/revocation")
def unshare_now(key: str, share_id: str) -> AnyResponse:
    """Revoke a link."""
    return _changed(key, lambda asking: sharing.unshare(the_desk(), key, share_id, asking), "share")


def _changed(key: str, change: Any, anchor: str = "") -> AnyResponse:
    """The quote's page after a change; what stands against the change is said on that page."""
    once = request.form.get("once", "")
    told = hashlib.sha256(f"{request.path} {once}".encode()).hexdigest()
    asking = call(Once(f"page-{told[:32]}", told) if once else None)
    try:
        change(asking)
    except FeeError as error:
        if error.status != 409:
            raise
        return _shown(key, 409, _told(error))
    return redirect(url_for("web.quote_page", key=key, _anchor=anchor or None), 303)


def _told(error: FeeError) -> list[dict[str, str]]:
    return [fault_answer(fault, page_language()) for fault in error.faults]

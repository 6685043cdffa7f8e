"""Quotes: previewed, issued, listed, shown, revised, accepted, withdrawn and computed anew."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response
from werkzeug.routing import BaseConverter

from fee_service.answers.quote import quote_answer
from fee_service.api.replies import JSON, answer
from fee_service.errors import Fault, FeeError
from fee_service.http.body import posted, posted_or_nothing, query
from fee_service.http.context import call, editions, the_desk, today
from fee_service.http.language import language
from fee_service.operations import metrics
from fee_service.quotes import closing, issuing, previewing, showing
from fee_service.quotes.listing import list_asked
from fee_service.quotes.proving import replay
from fee_service.rules.quoting import Quote
from schemas.quote import PreviewQuerySchema, QuoteRequestSchema
from schemas.stored import NothingSchema, QuotesQuerySchema


class QuoteKey(BaseConverter):
    """What may stand for a quote in a path; `preview` and `bulk` are resources of their own."""

    regex = r"(?!(?:preview|bulk)$)[^/]+"


blueprint = Blueprint("quotes", __name__, url_prefix="/v1/quotes")

PLACES = {
    "corporation": "/company/corporation",
    "company_size": "/company/size",
    "exclusions": "/company/exclusions",
    "qualification": "/company/qualification",
}


@blueprint.post("/preview")
def preview_quote() -> Response:
    """Answer a quote without storing it."""
    loaded, wishes = posted(QuoteRequestSchema, PreviewQuerySchema)
    quote = previewing.preview(loaded, editions(), today(), the_desk().ledger)
    check = check_of(wishes)
    if check is not None:
        check(quote)
    metrics.quoted("preview", quote.eligibility.status, quote.waiver.granted)
    return Response(quote_answer(quote, language()), content_type=JSON)


@blueprint.post("")
def issue_quote() -> Response:
    """Issue a quote: stored, numbered, valid for some days."""
    asking = call()
    loaded, wishes = posted(QuoteRequestSchema, PreviewQuerySchema)
    return answer(issuing.issue(the_desk(), loaded, asking, check_of(wishes)))


@blueprint.get("")
def list_all_quotes() -> Response:
    """List the quotes that the caller may see."""
    page = list_asked(the_desk(), query(QuotesQuerySchema), call())
    return Response(page.json(), content_type=JSON)


@blueprint.get("/<quote:key>")
def show_quote(key: str) -> Response:
    """Show a quote by its id or number."""
    query()
    return Response(showing.show(the_desk(), key, call()), content_type=JSON)


@blueprint.post("/<quote:key>/revisions")
def revise_quote(key: str) -> Response:
    """Issue a quote in the place of another."""
    asking = call()
    loaded, wishes = posted(QuoteRequestSchema, PreviewQuerySchema)
    return answer(issuing.revise(the_desk(), key, loaded, asking, check_of(wishes)))


@blueprint.post("/<quote:key>/acceptance")
def accept_quote(key: str) -> Response:
    """Make a valid quote the contract."""
    asking = call()
    posted_or_nothing(NothingSchema)
    return answer(closing.accept(the_desk(), key, asking))


@blueprint.post("/<quote:key>/withdrawal")
def withdraw_quote(key: str) -> Response:
    """Take a quote back."""
    asking = call()
    posted_or_nothing(NothingSchema)
    return answer(closing.withdraw(the_desk(), key, asking))


@blueprint.get("/<quote:key>/replay")
def replay_quote(key: str) -> Response:
    """Compute a quote anew from the editions of its day, and tell whether it would differ today."""
    query()
    return Response(orjson.dumps(replay(the_desk(), key, call())), content_type=JSON)


def check_of(wishes: dict[str, Any]) -> issuing.Check | None:
    """What a quote has to stand, as the query asks."""
    return _require_eligible if wishes.get("require_eligible") else None


def _require_eligible(quote: Quote) -> None:
    """Refuse a company that may not use the platform, one fault for each condition that is not met."""
    if quote.eligibility.status == "ineligible":
        raise FeeError(
            Fault("company_ineligible", PLACES.get(reason.code, "/company"), {"why": reason.text})
            for reason in quote.eligibility.reasons
            if not reason.met
        )

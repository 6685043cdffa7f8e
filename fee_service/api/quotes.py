"""Quotes: a whole quote for a request, stored nowhere."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.answers import quote_answer
from fee_service.api.body import posted
from fee_service.api.context import editions, today
from fee_service.api.language import language
from fee_service.errors import Fault, FeeError
from fee_service.quoting import Quote
from fee_service.service import preview
from schemas.quote import PreviewQuerySchema, QuoteRequestSchema

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
    quote = preview(loaded, editions(), today())
    if wishes.get("require_eligible") == "true":
        _require_eligible(quote)
    return Response(quote_answer(quote, language()), content_type="application/json")


def _require_eligible(quote: Quote) -> None:
    """Refuse a company that may not use the platform, one fault for each condition that is not met."""
    if quote.eligibility.status == "ineligible":
        raise FeeError(
            Fault("company_ineligible", PLACES.get(reason.code, "/company"), {"why": reason.text})
            for reason in quote.eligibility.reasons
            if not reason.met
        )

"""Eligibility: who may use the platform, whether the waiver would be granted, and what to hand in."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.answers.quote import eligibility_answer
from fee_service.http.body import posted
from fee_service.http.context import editions, the_desk, today
from fee_service.http.language import language
from fee_service.quotes import previewing
from schemas.eligibility import EligibilityRequestSchema

blueprint = Blueprint("eligibility", __name__, url_prefix="/v1/eligibility")


@blueprint.post("")
def assess_company() -> Response:
    """Answer whether a company is eligible, with every condition and its clause."""
    loaded = posted(EligibilityRequestSchema).loaded
    answer = previewing.check_eligibility(loaded, editions(), today(), the_desk().ledger)
    return Response(eligibility_answer(answer, language()), content_type="application/json")

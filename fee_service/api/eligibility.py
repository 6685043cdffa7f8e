"""Eligibility: who may use the platform, whether the waiver would be granted, and what to hand in."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.answers.quote import eligibility_answer
from fee_service.http.body import posted
from fee_service.http.context import the_desk, today
from fee_service.http.language import language
from fee_service.quotes import desk
from schemas.eligibility import EligibilityRequestSchema

blueprint = Blueprint("eligibility", __name__, url_prefix="/v1/eligibility")


@blueprint.post("")
def assess_company() -> Response:
    """Answer whether a company is eligible, with every condition and its clause."""
    answer = desk.check_eligibility(the_desk(), posted(EligibilityRequestSchema).loaded, today())
    return Response(eligibility_answer(answer, language()), content_type="application/json")

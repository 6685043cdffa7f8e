"""Comparisons: several requests side by side, with what differs."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.answers.quote import comparison_answer
from fee_service.http.body import posted
from fee_service.http.context import editions, the_desk, today
from fee_service.http.language import language
from fee_service.quotes import previewing
from schemas.comparison import ComparisonRequestSchema

blueprint = Blueprint("comparisons", __name__, url_prefix="/v1/comparisons")


@blueprint.post("")
def compare_quotes() -> Response:
    """Answer two to ten quotes and their differences from the first."""
    loaded = posted(ComparisonRequestSchema).loaded
    comparison = previewing.compare(loaded, editions(), today(), the_desk().ledger)
    return Response(comparison_answer(comparison, language()), content_type="application/json")

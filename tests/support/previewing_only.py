"""Whole answers without an application: what a preview says."""

from datetime import date
from typing import Any

import orjson

from fee_service.answers.quote import quote_answer
from fee_service.published.editions import Editions
from fee_service.quotes.previewing import nothing_known, preview
from schemas import load
from schemas.quote import QuoteRequestSchema

TODAY = date(2026, 12, 9)


def answered(request: dict[str, Any], editions: Editions) -> dict[str, Any]:
    """The answer to a request, in both languages. Raises FeeError."""
    quote = preview(load(QuoteRequestSchema, request), editions, TODAY, nothing_known)
    answer: dict[str, Any] = orjson.loads(quote_answer(quote, "both"))
    return answer

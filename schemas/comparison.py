"""The request of a comparison: two to ten quotes side by side."""

from __future__ import annotations

from schemas.fields import ListOf, Nest, StrictSchema, Words
from schemas.quote import QuoteRequestSchema, says

FEWEST = 2
MOST = 10
LONGEST_LABEL = 100


class ComparisonRequestSchema(StrictSchema):
    """Two to ten requests, and what to call them."""

    requests = ListOf(
        Nest(QuoteRequestSchema), MOST, FEWEST, required=True, metadata=says("Requests to compare.")
    )
    labels = ListOf(Words(LONGEST_LABEL), MOST, metadata=says("A name for each request, in their order."))

"""The request of a comparison: two to ten quotes side by side."""

from __future__ import annotations

from typing import Any

from fee_service.errors import Fault
from schemas.fields import Faults, ListOf, Nest, StrictSchema, Words
from schemas.quote import QuoteRequestSchema, says

FEWEST = 2
MOST = 10
LONGEST_LABEL = 100


class ComparisonRequestSchema(StrictSchema):
    """Two to ten requests, and what to call them."""

    requests = ListOf(Nest(QuoteRequestSchema), MOST, FEWEST, required=True, metadata=says("Requests to compare."))
    labels = ListOf(Words(LONGEST_LABEL), MOST, metadata=says("A name for each request, in their order."))

    def read(self, data: object, place: str, faults: Faults) -> Any:
        """Labels, where there are any, are as many as the requests."""
        values = super().read(data, place, faults)
        if isinstance(values, dict) and "labels" in values and "requests" in values:
            counts = {name: str(len(values[name])) for name in ("labels", "requests")}
            if counts["labels"] != counts["requests"]:
                faults.append(Fault("labels_do_not_match", f"{place}/labels", counts))
        return values

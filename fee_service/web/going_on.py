"""A request that was understood before, as a form to go on with: revised, issued once more, or a variant."""

from __future__ import annotations

from datetime import date
from typing import Any

from fee_service.desk.replaying import request_from
from fee_service.editions import Editions
from fee_service.web.carrying import Body
from fee_service.web.filling_in import Form, carrying


def form_to_go_on(request: Body, editions: Editions) -> Form:
    """The form of a quote's request; untouched it stands for the same request."""
    return carrying(as_stated(request, editions))


def as_stated(request: Body, editions: Editions) -> Body:
    """The request without a size that follows from its figures: other days or figures may give another size."""
    company: dict[str, Any] = request["company"]
    evidence = request_from(request).company.size_evidence if company["size_evidence"] else None
    if evidence is None:
        return request
    decided = editions.company_sizes.decide(evidence, date.fromisoformat(request["starts_on"]))
    if decided.size != company["size"]:
        return request
    return {**request, "company": {name: value for name, value in company.items() if name != "size"}}

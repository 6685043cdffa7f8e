"""A request that was understood before, as a form to go on with: revised, issued once more, or a variant."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from fee_service.answers.request import evidence_from
from fee_service.published.editions import Editions
from fee_service.published.onboarding import earliest_start
from fee_service.web.carrying import Body
from fee_service.web.filling_in import Form, carrying


class GoingOn(NamedTuple):
    """A form, and the first day that was asked for where another is proposed in its place."""

    form: Form
    former_start: date | None


def form_to_go_on(request: Body, editions: Editions, today: date) -> GoingOn:
    """The form of a quote's request; untouched it stands for the same request.

    A first day that is over cannot be met any more: the first one that can is proposed instead.
    """
    form = carrying(as_stated(request, editions))
    start = date.fromisoformat(request["starts_on"])
    if start >= today:
        return GoingOn(form, None)
    found = (editions.catalogue.find(name) for name in request["apis"])
    form["starts_on"] = earliest_start(
        editions.onboarding, today, (api.transaction_data for api in found if api is not None)
    ).isoformat()
    return GoingOn(form, start)


def as_stated(request: Body, editions: Editions) -> Body:
    """The request without a size that follows from its figures: other days or figures may give another size."""
    company: dict[str, Any] = request["company"]
    evidence = evidence_from(company["size_evidence"])
    if evidence is None:
        return request
    decided = editions.company_sizes.decide(evidence, date.fromisoformat(request["starts_on"]))
    if decided.size != company["size"]:
        return request
    return {**request, "company": {name: value for name, value in company.items() if name != "size"}}

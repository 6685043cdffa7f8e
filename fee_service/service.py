"""The use cases: what API, page and command line all call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from fee_service import eligibility, onboarding, waivers
from fee_service.company_sizes import SizeDecision
from fee_service.editions import Editions
from fee_service.errors import Fault, FeeError
from fee_service.intake import understand, understand_company
from fee_service.model import Eligibility, QuoteRequest, Waiver
from fee_service.onboarding import OnboardingPlan
from fee_service.operations import metrics
from fee_service.quoting import Quote, policy_for, quote


class Loaded(Protocol):
    """A body as its schema read it: what was valid, and every fault."""

    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


class Comparison(NamedTuple):
    labels: tuple[str, ...]
    quotes: tuple[Quote, ...]


class EligibilityAnswer(NamedTuple):
    request: QuoteRequest
    eligibility: Eligibility
    company_size: SizeDecision | None
    waiver: Waiver
    onboarding: OnboardingPlan


def preview(loaded: Loaded, editions: Editions, today: date) -> Quote:
    """The quote for a request; nothing is stored. Raises FeeError."""
    return rated(understand(loaded.values, loaded.faults, editions, today), editions)


def rated(request: QuoteRequest, editions: Editions) -> Quote:
    """The quote for an understood request; how long it took is measured."""
    with metrics.rating():
        return quote(request, editions)


def compare(loaded: Loaded, editions: Editions, today: date) -> Comparison:
    """The quotes for several requests, in their order. Raises FeeError with the faults of all of them."""
    given = loaded.values.get("requests") or ()
    faults = [fault for fault in loaded.faults if not _of_request(fault)]
    requests = []
    for index, values in enumerate(given):
        own = [fault for fault in loaded.faults if _of_request(fault) == str(index)]
        try:
            requests.append(understand(values or {}, own, editions, today, at=("requests", index)))
        except FeeError as error:
            faults += error.faults
    if faults:
        raise FeeError(faults)
    labels = tuple(loaded.values.get("labels") or (str(number + 1) for number in range(len(requests))))
    return Comparison(labels, tuple(rated(request, editions) for request in requests))


def _of_request(fault: Fault) -> str | None:
    """The index of the request of a comparison that a fault belongs to."""
    parts = fault.pointer.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "requests" else None


def check_eligibility(loaded: Loaded, editions: Editions, today: date) -> EligibilityAnswer:
    """Whether a company may use the platform and would get the waiver. Raises FeeError."""
    request = understand_company(loaded.values, loaded.faults, editions, today)
    assessed = eligibility.assess(request.company, editions.onboarding)
    policy, evidence = policy_for(request, editions), request.company.size_evidence
    return EligibilityAnswer(
        request,
        assessed,
        editions.company_sizes.decide(evidence, request.starts_on) if evidence else None,
        waivers.decide(request, policy, assessed),
        onboarding.plan(editions.onboarding, policy.id if policy else None, ()),
    )

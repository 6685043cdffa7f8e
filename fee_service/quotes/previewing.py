"""The one way to a quote: preview, comparison, eligibility, issue, page and command line all go through here.

Whoever asks hands in the waiver ledger, so that no two answers to one request can differ by what they know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple, Protocol

from fee_service.errors import Fault, FeeError
from fee_service.glyphs import code_point, missing
from fee_service.intake.quote_request import understand, understand_company
from fee_service.model import EarlierWaiver, Eligibility, QuoteRequest, Text, Waiver
from fee_service.operations import metrics
from fee_service.published import onboarding
from fee_service.published.company_sizes import SizeDecision
from fee_service.published.editions import Editions
from fee_service.published.onboarding import OnboardingPlan
from fee_service.rules import eligibility, waivers
from fee_service.rules.notices import notice
from fee_service.rules.prior_use import exceeds, with_earlier_waivers
from fee_service.rules.quoting import Quote, horizon_of, policy_for, quote, requested_apis

Ledger = Callable[[str], Sequence[EarlierWaiver]]  # the waivers of a company's accepted contracts, by business number


class Loaded(Protocol):
    """A body as its schema read it: what was valid, and every fault."""

    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


class Asked(NamedTuple):
    """A request with the earlier waivers that the ledger knows: all of them, and those counted in."""

    request: QuoteRequest
    known: Sequence[EarlierWaiver] = ()
    found: Sequence[EarlierWaiver] = ()


class Comparison(NamedTuple):
    labels: tuple[str, ...]
    quotes: tuple[Quote, ...]


class EligibilityAnswer(NamedTuple):
    request: QuoteRequest
    eligibility: Eligibility
    company_size: SizeDecision | None
    waiver: Waiver
    onboarding: OnboardingPlan
    prior_found: Sequence[EarlierWaiver] = ()  # what the waiver ledger added to the request


def nothing_known(_business_number: str) -> Sequence[EarlierWaiver]:
    """The ledger of who keeps none: examples, benchmarks, a command line without a database."""
    return ()


def business_number_of(loaded: Loaded) -> str | None:
    """The company's business number as the ledger writes it; None where there is none, or a wrong one."""
    number: str | None = (loaded.values.get("company") or {}).get("business_number")
    return number


def preview(loaded: Loaded, editions: Editions, today: date, ledger: Ledger) -> Quote:
    """The quote for a request; nothing is stored. Raises FeeError, and what the ledger raises."""
    return quoted(counted_in(understand(loaded.values, loaded.faults, editions, today), ledger), editions, today)


def compare(loaded: Loaded, editions: Editions, today: date, ledger: Ledger) -> Comparison:
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
    once = cache(ledger)  # one company, read once: all its quotes know the same
    return Comparison(labels, tuple(quoted(counted_in(request, once), editions, today) for request in requests))


def _of_request(fault: Fault) -> str | None:
    """The index of the request of a comparison that a fault belongs to."""
    parts = fault.pointer.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "requests" else None


def check_eligibility(loaded: Loaded, editions: Editions, today: date, ledger: Ledger) -> EligibilityAnswer:
    """Whether a company may use the platform, and the waiver that a quote for it would get. Raises FeeError."""
    request, _, found = counted_in(understand_company(loaded.values, loaded.faults, editions, today), ledger)
    assessed = eligibility.assess(request.company, editions.onboarding, request.starts_on)
    policy, evidence = policy_for(request, editions), request.company.size_evidence
    return EligibilityAnswer(
        request,
        assessed,
        editions.company_sizes.decide(evidence, request.starts_on) if evidence else None,
        waivers.decide(request, policy, assessed),
        onboarding.plan(
            editions.onboarding,
            policy.id if policy else None,
            (api.transaction_data for _, api in requested_apis(request, editions)),
            request.starts_on,
        ),
        found,
    )


def counted_in(request: QuoteRequest, ledger: Ledger) -> Asked:
    """An understood request with the waiver time that the company has used before, whatever it stated."""
    number = request.company.business_number
    known = ledger(number) if number is not None else ()
    request, found = with_earlier_waivers(request, known)
    return Asked(request, known, found)


def quoted(asked: Asked, editions: Editions, today: date) -> Quote:
    """The quote for a request, as it is said today; how long it took is measured."""
    with metrics.rating():
        made = quote(asked.request, editions)
    said = (*_of_the_day(made, today), *_of_the_ledger(made, asked), *_of_the_name(asked.request))
    notices = [notice(text) for text in said]
    return replace(made, prior_found=tuple(asked.found), notices=(*notices, *made.notices)) if notices else made


def _of_the_day(made: Quote, today: date) -> Iterator[Text]:
    """That a contract would have begun before it is quoted."""
    if made.request.starts_on < today:
        yield Text("start_in_the_past", {"start": made.request.starts_on, "today": today})


def _of_the_ledger(made: Quote, asked: Asked) -> Iterator[Text]:
    """What the ledger added to a request, and what of it will keep the quote from being accepted."""
    if asked.found:
        yield Text("prior_waiver_found", {"quotes": numbers(asked.found)})
    if asked.known and made.policy and made.waiver.period:
        own = made.waiver.period.overlap(horizon_of(made.request))
        if exceeds((own, *made.request.prior_waiver, *(each.period for each in asked.known)), made.policy.months):
            params = {"quotes": numbers(asked.known), "months": made.policy.months}
            yield Text("waiver_used_by_later_contract", params)


def _of_the_name(request: QuoteRequest) -> Iterator[Text]:
    """What of the company's name the printed quote cannot show."""
    letters = missing(request.company.name or "")
    if letters:
        yield Text("name_not_printable", {"letters": " ".join(letters), "codes": ", ".join(map(code_point, letters))})


def numbers(earlier: Sequence[EarlierWaiver]) -> tuple[str, ...]:
    """The quotes behind earlier waivers, each once."""
    return tuple(dict.fromkeys(waiver.quote for waiver in earlier))

"""The whole quote: waiver, licences, lines, months, invoices. Pure: the same request against the same editions gives
the same quote, years later. What is said beside the figures is added one floor above, by `advice`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fee_service.model import (
    EarlierWaiver,
    Eligibility,
    Invoice,
    Licence,
    Line,
    Monthly,
    Notice,
    QuoteRequest,
    Reading,
    Text,
    Totals,
    Unpriced,
    Waiver,
)
from fee_service.periods import Period, months_after
from fee_service.published.catalogue import ApiStatus, Requested
from fee_service.published.company_sizes import SizeDecision
from fee_service.published.editions import ListSpan, PriceList, WaiverPolicy
from fee_service.published.onboarding import OnboardingPlan
from fee_service.published.terms import Term, terms_of
from fee_service.rules.deciding import decide
from fee_service.rules.invoicing import invoices_of
from fee_service.rules.licensing import Price, sufficient_licences
from fee_service.rules.lines import lines_of
from fee_service.rules.pricing import Pricing, pricing_of
from fee_service.rules.rating import RatedMonths, monthly, rate_months, rate_totals, rated_lines
from fee_service.rules.resolving import Resolved


@dataclass(frozen=True, slots=True)
class Quote:
    """Everything that a quote says, as values; notices and readings come with `advice.advised`."""

    asked: Resolved
    waiver: Waiver
    licences: tuple[Licence, ...]
    lines: tuple[Line, ...]
    rated: RatedMonths
    test: Period | None  # free test period before the paid contract
    invoices: tuple[Invoice, ...]
    totals: Totals
    monthly: Monthly
    eligibility: Eligibility
    company_size: SizeDecision | None  # None where the caller stated the size without figures
    onboarding: OnboardingPlan
    unpriced: tuple[Unpriced, ...]
    pricing: Pricing  # what the totals are
    terms: tuple[Term, ...]  # of the contracts, as far as they bear on the quote
    notices: tuple[Notice, ...] = ()
    readings: tuple[Reading, ...] = ()
    prior_found: tuple[EarlierWaiver, ...] = ()  # what the waiver ledger added to the request

    @property
    def request(self) -> QuoteRequest:
        """The request as understood."""
        return self.asked.request

    @property
    def policy(self) -> WaiverPolicy | None:
        """The waiver policy of the contract; None before the first one."""
        return self.asked.policy

    @property
    def lists(self) -> tuple[ListSpan, ...]:
        """The price lists over the horizon."""
        return self.asked.lists

    @property
    def price_list(self) -> PriceList:
        """The list in force on the start day (or the one that was named)."""
        return self.asked.price_list


def quote(asked: Resolved) -> Quote:
    """The itemised, explained quote for a request that intake has found free of contradictions."""
    request, lists = asked.request, asked.lists
    decision = decide(asked)
    waiver = decision.waiver
    licences = _licences(asked, waiver.period)
    lines = lines_of(licences, asked.platform, request.channel, lists, asked.policy)
    rated = rate_months(rated_lines(lines, lists), asked.horizon, lists, waiver.period)
    invoices = invoices_of(rated, lists)
    unpriced = tuple(_unpriced(asked.apis, request.starts_on))
    return Quote(
        asked=asked,
        waiver=waiver,
        licences=licences,
        lines=lines,
        rated=rated,
        test=_free_test(request, waiver),
        invoices=invoices,
        totals=Totals(rated.list, rated.waiver, rated.net, sum([invoice.vat for invoice in invoices])),
        monthly=monthly(lines, waiver.granted, lists, waiver.period),
        eligibility=decision.eligibility,
        company_size=decision.company_size,
        onboarding=decision.onboarding,
        unpriced=unpriced,
        pricing=pricing_of(lines, unpriced),
        terms=terms_of(asked.price_list.terms, licences, lines, request.channel),
    )


def _licences(asked: Resolved, waived: Period | None) -> tuple[Licence, ...]:
    """The licences asked for, and the cheapest others that the requested APIs need."""
    request, lists = asked.request, asked.lists

    def cost_of(licences: Sequence[Licence]) -> Price:
        priced = lines_of(tuple(licences), None, request.channel, lists, asked.policy)
        amounts = rate_totals(rated_lines(priced, lists), asked.horizon, lists, waived)
        return Price(amounts.net, amounts.list)

    return sufficient_licences(asked.apis, request.licences, request.channel, lists, cost_of)


def _free_test(request: QuoteRequest, waiver: Waiver) -> Period | None:
    """The free test period before the paid contract; part of the support, so none where it is refused."""
    if not request.test_months or not waiver.granted:
        return None
    return Period(months_after(request.starts_on, -request.test_months), request.starts_on)


def _unpriced(apis: Iterable[Requested], day: date) -> Iterator[Unpriced]:
    for asked, api in apis:
        why = api.unpriced_on(day)
        if why is not None:
            yield Unpriced(asked, ApiStatus.ON_REQUEST, Text("unpriced_api", {"api": api.label, "why": why}))

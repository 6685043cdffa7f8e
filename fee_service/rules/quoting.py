"""The whole quote: waiver, licences, lines, months, invoices. Pure: the same request against the same editions gives
the same quote, years later. What is said beside the figures is added one floor above, by `advice`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fee_service.model import (
    Channel,
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
from fee_service.rules.lines import Platform, lines_of
from fee_service.rules.pricing import Pricing, pricing_of
from fee_service.rules.rating import RatedLine, RatedMonths, monthly, rate_months, rate_totals, rated_lines
from fee_service.rules.resolving import Resolved


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What a quote comes to, and what it is for. To all of it a company matters only through the period of its waiver.

    Each is itself alone, so that what is kept of figures is found by which they are.
    """

    licences: tuple[Licence, ...]
    lines: tuple[Line, ...]
    to_rate: tuple[RatedLine, ...]  # the lines, as far as months depend on them
    rated: RatedMonths
    invoices: tuple[Invoice, ...]
    totals: Totals
    monthly: Monthly
    unpriced: tuple[Unpriced, ...]
    pricing: Pricing  # what the totals are
    terms: tuple[Term, ...]  # of the contracts, as far as they bear on the quote


@dataclass(frozen=True, slots=True)
class Quote:
    """Everything that a quote says, as values; notices and readings come with `advice.advised`."""

    asked: Resolved
    waiver: Waiver
    figures: Figures
    test: Period | None  # free test period before the paid contract
    eligibility: Eligibility
    company_size: SizeDecision | None  # None where the caller stated the size without figures
    onboarding: OnboardingPlan
    notices: tuple[Notice, ...] = ()
    readings: tuple[Reading, ...] = ()
    prior_found: tuple[EarlierWaiver, ...] = ()  # what the waiver ledger added to the request

    def saying(self, notices: tuple[Notice, ...], readings: tuple[Reading, ...]) -> Quote:
        """The same quote with what is said beside its figures."""
        return Quote(
            self.asked,
            self.waiver,
            self.figures,
            self.test,
            self.eligibility,
            self.company_size,
            self.onboarding,
            notices,
            readings,
            self.prior_found,
        )

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

    @property
    def licences(self) -> tuple[Licence, ...]:
        """The licences asked for, and the cheapest others that the requested APIs need."""
        return self.figures.licences

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every fee with the cells that it rests on."""
        return self.figures.lines

    @property
    def rated(self) -> RatedMonths:
        """What each month costs."""
        return self.figures.rated

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        """What is billed on which day."""
        return self.figures.invoices

    @property
    def totals(self) -> Totals:
        """The sums over the horizon (KRW)."""
        return self.figures.totals

    @property
    def monthly(self) -> Monthly:
        """What a full month costs (KRW)."""
        return self.figures.monthly

    @property
    def unpriced(self) -> tuple[Unpriced, ...]:
        """What was asked for and has no published price."""
        return self.figures.unpriced

    @property
    def pricing(self) -> Pricing:
        """What the totals are."""
        return self.figures.pricing

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the contracts that bear on the quote."""
        return self.figures.terms


def quote(asked: Resolved) -> Quote:
    """The itemised, explained quote for a request that intake has found free of contradictions."""
    request = asked.request
    decision = decide(asked)
    waiver = decision.waiver
    wanted = _Wanted(request.licences, asked.apis, asked.platform, request.channel, asked.policy)
    return Quote(
        asked=asked,
        waiver=waiver,
        figures=_figures(wanted, asked.horizon, asked.lists, waiver.period),
        test=_free_test(request, waiver),
        eligibility=decision.eligibility,
        company_size=decision.company_size,
        onboarding=decision.onboarding,
    )


class _Wanted(NamedTuple):
    """What is asked for and looked up, and who may waive of it."""

    licences: tuple[Licence, ...]
    apis: tuple[Requested, ...]
    platform: Platform | None
    channel: Channel
    policy: WaiverPolicy | None


@lru_cache(maxsize=512)
def _figures(wanted: _Wanted, horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None) -> Figures:
    """Kept for a while: the next company that asks for the same and is waived as long has the very same figures."""
    licences = _licences(wanted, horizon, lists, waived)
    lines = lines_of(licences, wanted.platform, wanted.channel, lists, wanted.policy)
    to_rate = rated_lines(lines, lists)
    rated = rate_months(to_rate, horizon, lists, waived)
    invoices = invoices_of(rated, lists)
    unpriced = tuple(_unpriced(wanted.apis, horizon.start))
    return Figures(
        licences=licences,
        lines=lines,
        to_rate=to_rate,
        rated=rated,
        invoices=invoices,
        totals=Totals(rated.list, rated.waiver, rated.net, sum([vat for _, _, vat in invoices])),
        monthly=monthly(lines, waived is not None, lists, waived),
        unpriced=unpriced,
        pricing=pricing_of(lines, unpriced),
        terms=terms_of(lists[0][1].terms, licences, lines, wanted.channel),
    )


def _licences(
    wanted: _Wanted, horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> tuple[Licence, ...]:
    """The licences asked for, and the cheapest others that the requested APIs need."""

    def cost_of(licences: Sequence[Licence]) -> Price:
        priced = lines_of(tuple(licences), None, wanted.channel, lists, wanted.policy)
        amounts = rate_totals(rated_lines(priced, lists), horizon, lists, waived)
        return Price(amounts.net, amounts.list)

    return sufficient_licences(wanted.apis, wanted.licences, wanted.channel, lists, cost_of)


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

"""The whole quote: waiver, licences, lines, months, invoices, notices. Pure: the same request against the
same editions gives the same quote, years later."""

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
from fee_service.periods import Period, first_of_month_after, months_after
from fee_service.published import onboarding
from fee_service.published.catalogue import ApiStatus, Requested
from fee_service.published.company_sizes import SizeDecision
from fee_service.published.editions import Editions, ListSpan, PriceList, WaiverPolicy
from fee_service.published.terms import Term, terms_of
from fee_service.rules import advice, eligibility, waivers
from fee_service.rules.invoicing import invoices_of
from fee_service.rules.licensing import Price, sufficient_licences
from fee_service.rules.lines import Platform, lines_of
from fee_service.rules.pricing import Pricing, pricing_of
from fee_service.rules.rating import RatedMonths, monthly, rate_months, rated_lines
from fee_service.rules.readings import readings_of


@dataclass(frozen=True, slots=True)
class Quote:
    """Everything that a quote says, as values; `lists` are the price lists over its horizon."""

    request: QuoteRequest
    lists: tuple[ListSpan, ...]
    policy: WaiverPolicy | None
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
    onboarding: onboarding.OnboardingPlan
    unpriced: tuple[Unpriced, ...]
    notices: tuple[Notice, ...]
    readings: tuple[Reading, ...]
    pricing: Pricing  # what the totals are
    terms: tuple[Term, ...]  # of the contracts, as far as they bear on the quote
    prior_found: tuple[EarlierWaiver, ...] = ()  # what the waiver ledger added to the request

    @property
    def price_list(self) -> PriceList:
        """The list in force on the start day (or the one that was named)."""
        return self.lists[0][1]


def horizon_of(request: QuoteRequest) -> Period:
    """From the start day through so many calendar months, or through the last day of the contract."""
    end = first_of_month_after(request.starts_on, request.months)
    if request.ends_on is not None:
        end = min(end, Period.through(request.starts_on, request.ends_on).end)
    return Period(request.starts_on, end)


def lists_for(request: QuoteRequest, editions: Editions) -> tuple[ListSpan, ...]:
    """The price lists of the horizon: the named one throughout, or each from its own start.

    Raises NotFound.
    """
    horizon = horizon_of(request)
    if request.price_list is not None:
        return ((horizon, editions.price_list(request.price_list)),)
    return editions.price_lists_over(horizon)


def policy_for(request: QuoteRequest, editions: Editions) -> WaiverPolicy | None:
    """The named policy, or the one in force on the start day; a contract keeps it. Raises NotFound."""
    if request.waiver_policy is not None:
        return editions.policy(request.waiver_policy)
    return editions.policy_on(request.starts_on)


def quote(request: QuoteRequest, editions: Editions) -> Quote:
    """The itemised, explained quote for a request that intake has found free of contradictions."""
    lists, policy = lists_for(request, editions), policy_for(request, editions)
    horizon = horizon_of(request)
    assessed = eligibility.assess(request.company, editions.onboarding, request.starts_on)
    waiver = waivers.decide(request, policy, assessed)
    apis = requested_apis(request, editions)
    platform, evidence = platform_of(request, apis, editions), request.company.size_evidence

    def cost_of(licences: Sequence[Licence]) -> Price:
        priced = lines_of(tuple(licences), None, request.channel, lists, policy)
        amounts = rate_months(rated_lines(priced, lists), horizon, lists, waiver.period)
        return Price(amounts.net, amounts.list)

    licences = sufficient_licences(apis, request.licences, request.channel, lists, cost_of)
    lines = lines_of(licences, platform, request.channel, lists, policy)
    rated = rate_months(rated_lines(lines, lists), horizon, lists, waiver.period)
    invoices = invoices_of(rated, lists)
    unpriced = tuple(_unpriced(apis, request.starts_on))
    case = advice.Case(
        request,
        horizon,
        lists,
        policy,
        waiver,
        assessed,
        licences,
        platform,
        lines,
        rated,
        apis,
        monthly(lines, waiver.granted, lists, waiver.period),
        unpriced,
        pricing_of(lines, unpriced),
        tuple(terms_of(lists[0][1].terms, licences, lines, request.channel)),
    )
    return Quote(
        request=request,
        lists=lists,
        policy=policy,
        waiver=waiver,
        licences=licences,
        lines=lines,
        rated=rated,
        test=free_test(request, waiver),
        invoices=invoices,
        totals=Totals(rated.list, rated.waiver, rated.net, sum(invoice.vat for invoice in invoices)),
        monthly=case.monthly,
        eligibility=assessed,
        company_size=editions.company_sizes.decide(evidence, request.starts_on) if evidence else None,
        onboarding=onboarding.plan(
            editions.onboarding,
            policy.id if policy else None,
            (api.transaction_data for _, api in apis),
            request.starts_on,
        ),
        unpriced=unpriced,
        notices=tuple(advice.notices(case, editions)),
        readings=readings_of(case, editions),
        pricing=case.pricing,
        terms=case.terms,
    )


def platform_of(request: QuoteRequest, apis: Iterable[Requested], editions: Editions) -> Platform | None:
    """The use of the Open API platform, where the request says how many calls or asks for services with a fee."""
    day = request.starts_on
    ids = [service for _, api in apis if api.status_on(day) is ApiStatus.PRICED for service in api.services]
    if request.api_calls_per_month is None and not ids:
        return None
    return Platform(request.api_calls_per_month, editions.services.in_order(ids), editions.services)


def free_test(request: QuoteRequest, waiver: Waiver) -> Period | None:
    """The free test period before the paid contract; part of the support, so none where it is refused."""
    if not request.test_months or not waiver.granted:
        return None
    return Period(months_after(request.starts_on, -request.test_months), request.starts_on)


def requested_apis(request: QuoteRequest, editions: Editions) -> tuple[Requested, ...]:
    """The catalogue's entries for the requested APIs; intake has found them all."""
    found = ((name, editions.catalogue.find(name)) for name in request.apis)
    return tuple(Requested(name, api) for name, api in found if api is not None)


def _unpriced(apis: Sequence[Requested], day: date) -> Iterator[Unpriced]:
    for asked, api in apis:
        why = api.unpriced_on(day)
        if why is not None:
            yield Unpriced(asked, ApiStatus.ON_REQUEST, Text("unpriced_api", {"api": api.label, "why": why}))

"""A request with the published editions that it rests on: looked up once, and handed on as one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fee_service.model import QuoteRequest
from fee_service.periods import Period, first_of_month_after
from fee_service.published.catalogue import ApiStatus, Requested
from fee_service.published.editions import Editions, ListSpan, PriceList, WaiverPolicy
from fee_service.rules.lines import Platform


@dataclass(frozen=True, slots=True)
class ResolvedCompany:
    """What a decision on a company alone needs: no price list and no licence."""

    request: QuoteRequest
    editions: Editions
    policy: WaiverPolicy | None
    apis: tuple[Requested, ...]


@dataclass(frozen=True, slots=True)
class Resolved(ResolvedCompany):
    """What a quote needs; `lists` are the price lists of its horizon, `platform` its use of the Open API platform."""

    horizon: Period
    lists: tuple[ListSpan, ...]
    platform: Platform | None

    @property
    def price_list(self) -> PriceList:
        """The list in force on the start day (or the one that was named)."""
        return self.lists[0][1]


def resolve(request: QuoteRequest, editions: Editions) -> Resolved:
    """The request with everything that it rests on. Raises NotFound."""
    named = None if request.price_list is None else editions.price_list(request.price_list)
    return resolved(company_resolved(request, editions), named)


def company_resolved(request: QuoteRequest, editions: Editions) -> ResolvedCompany:
    """The request with its policy (the named one, or that of the start day; a contract keeps it) and its APIs.

    Raises NotFound.
    """
    name = request.waiver_policy
    policy = editions.policy_on(request.starts_on) if name is None else editions.policy(name)
    return ResolvedCompany(request, editions, policy, _requested(request, editions))


def resolved(asked: ResolvedCompany, named: PriceList | None) -> Resolved:
    """The same with the lists of its horizon: the named one throughout, or each from its own start.

    Raises NotFound where a day of the horizon has none.
    """
    request, editions, policy, apis = asked.request, asked.editions, asked.policy, asked.apis
    horizon = horizon_of(request)
    lists = editions.price_lists_over(horizon) if named is None else ((horizon, named),)
    return Resolved(request, editions, policy, apis, horizon, lists, platform_of(request, apis, editions))


def horizon_of(request: QuoteRequest) -> Period:
    """From the start day through so many calendar months, or through the last day of the contract."""
    end = first_of_month_after(request.starts_on, request.months)
    if request.ends_on is not None:
        end = min(end, Period.through(request.starts_on, request.ends_on).end)
    return Period(request.starts_on, end)


def _requested(request: QuoteRequest, editions: Editions) -> tuple[Requested, ...]:
    """The catalogue's entries for the requested APIs; intake has found them all."""
    found = ((name, editions.catalogue.find(name)) for name in request.apis)
    return tuple(Requested(name, api) for name, api in found if api is not None)


def platform_of(request: QuoteRequest, apis: Iterable[Requested], editions: Editions) -> Platform | None:
    """The use of the platform, where the request says how many calls, or asks for services with a fee."""
    day = request.starts_on
    ids = [service for _, api in apis if api.status_on(day) is ApiStatus.PRICED for service in api.services]
    if request.api_calls_per_month is None and not ids:
        return None
    return Platform(request.api_calls_per_month, editions.services.in_order(ids), editions.services)

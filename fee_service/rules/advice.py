"""Notices: what the reader of a quote should know beside its figures, and what another choice would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from fee_service.model import Label, Line, Text
from fee_service.periods import (
    ONE_DAY,
    Period,
    calendar_months,
    first_of_month_after,
    months_after,
)
from fee_service.prices import CellKind, Flat
from fee_service.published.catalogue import Requested
from fee_service.published.editions import CellKey, Editions, ListSpan, PackageLimit, PriceList, WaiverPolicy
from fee_service.published.services import Service
from fee_service.rules import eligibility, waivers
from fee_service.rules.notices import notice
from fee_service.rules.quoting import Figures, Quote
from fee_service.rules.rating import rate_totals, rate_waived, under_policy
from fee_service.rules.readings import readings_of

MISSED_LATELY = 12  # months: an age limit missed longer ago than this is not worth an advice


def advised(quote: Quote) -> Quote:
    """The quote with its notices, the most important first, and the readings of unclear texts that it rests on."""
    return quote.saying(tuple(map(notice, _texts(quote))), readings_of(quote))


def _texts(quote: Quote) -> Sequence[Text]:
    """What all notices say, the most important first."""
    return (
        *_waiver_end(quote),
        *_refusal(quote),
        *_qualification(quote),
        *_first_of_next_month(quote),
        *_before_too_old(quote),
        *_broader_policy(quote),
        *_ids_or_queries(quote.figures, quote.price_list),
        *_calls(quote),
        *_services_that_end(quote),
        *_of_licences(quote.figures, quote.asked.apis, quote.price_list),
        *_named_editions(quote),
        *_price_lists(quote.lists, quote.request.starts_on),
        *_test_months(quote),
    )


def _waiver_end(quote: Quote) -> Iterator[Text]:
    period = quote.waiver.period
    if period is None:
        return
    if _waivable(quote.figures) is None:
        yield Text("nothing_waivable")  # then its end changes no bill
        return
    instead = quote.pricing.instead_monthly
    if instead is not None:
        yield Text("waiver_ends_without_price", {"last_day": period.last_day, "price": instead})
        return
    after = {"last_day": period.last_day, "from_day": period.end, "amount": quote.monthly.after_waiver}
    yield Text("waiver_ends", after)


@lru_cache(maxsize=512)
def _waivable(figures: Figures) -> int | None:
    """What of the fees of a month a waiver takes off (KRW); None where it covers none. Kept like the figures."""
    covered = [line.cells[0].charge for line in figures.lines if line.waivable]
    return sum(covered) if covered else None


def _refusal(quote: Quote) -> Iterator[Text]:
    if not quote.waiver.granted:
        unmet = tuple(condition.text for condition in quote.waiver.conditions if not condition.met)
        yield Text("waiver_refused", {"reasons": unmet})


def _qualification(quote: Quote) -> Iterator[Text]:
    if quote.eligibility.status == "needs_review":
        yield Text("qualification_needs_review" if quote.waiver.granted else "qualification_unknown")


def _first_of_next_month(quote: Quote) -> Iterator[Text]:
    """A start on the first of the next month, compared up to the same last day."""
    start = first_of_month_after(quote.request.starts_on, 1)
    if quote.request.starts_on.day == 1 or start >= quote.asked.horizon.end or quote.pricing.instead is not None:
        return
    horizon = Period(start, quote.asked.horizon.end)
    assessed = eligibility.assess(quote.request.company, quote.asked.editions.onboarding, start)
    waived = waivers.period_of(quote.request, quote.policy, assessed, start)
    now, then = quote.totals.net, _net_within(quote.figures, horizon, quote.lists, waived)
    if then is None:
        return
    params = {"start": start, "until": horizon.last_day, "now": now, "then": then, "difference": abs(then - now)}
    change = "same" if then == now else "less" if then < now else "more"
    if waived is not None:
        yield Text(f"start_next_month_{change}", {**params, "last_day": waived.last_day})
    else:
        yield Text(f"start_next_month_{change}_unwaived", params)


@lru_cache(maxsize=512)
def _net_within(figures: Figures, horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None) -> int | None:
    """What the same lines come to over a later horizon, waived for another period (KRW); None where something asked
    for is not offered any more by then. Kept like the figures.

    The lists stay in their places, so that the cells of a line still belong to them.
    """
    if any(line.until is not None and line.until <= horizon.start for line in figures.lines):
        return None
    within = tuple([(span.overlap(horizon), price_list) for span, price_list in lists])
    return rate_totals(figures.to_rate, horizon, within, waived).net


def _before_too_old(quote: Quote) -> Iterator[Text]:
    """The last day on which a start is still waived, or what an earlier start would have been worth."""
    policy = quote.policy
    unmet = {condition.code for condition in quote.waiver.conditions if not condition.met}
    waivable = _waivable(quote.figures)
    if policy is None or not waivable or unmet - {"company_age"}:
        return
    limit = waivers.age_limit_end(quote.request.company.founded_on, policy.age)
    params = {"last_day": limit - ONE_DAY, "years": policy.age.years, "amount": waivable}
    if quote.waiver.cut_short_by == "company_age":
        yield Text("earlier_start_waives_more", params)
    elif quote.waiver.granted:
        yield Text("waiver_start_deadline", params)
    elif months_after(limit, MISSED_LATELY) > quote.request.starts_on:
        yield Text("waiver_missed_by_age", params)


def _broader_policy(quote: Quote) -> Iterator[Text]:
    """What a published policy that waives more fees would have waived in addition."""
    if quote.policy is None:
        return
    for policy in _broader(quote.policy, quote.asked.editions, quote.request.starts_on):
        additional = quote.totals.waiver - _waiver_under(quote, policy)
        if additional > 0:
            yield Text("broader_policy", {"policy": policy.label, "id": policy.id, "amount": additional})


@lru_cache(maxsize=512)
def _broader(policy: WaiverPolicy, editions: Editions, day: date) -> tuple[WaiverPolicy, ...]:
    """The policies in force on a day that waive every fee that a policy does, and more."""
    return tuple([other for other in editions.policies_on(day) if set(other.fees) > set(policy.fees)])


def _waiver_under(quote: Quote, policy: WaiverPolicy) -> int:
    """The waiver over the horizon, had the contract been under another policy (KRW, not positive)."""
    waived = waivers.period_of(quote.request, policy, quote.eligibility, quote.request.starts_on)
    return _waived(quote.figures, quote.asked.horizon, quote.lists, policy, waived)


@lru_cache(maxsize=512)
def _waived(
    figures: Figures, horizon: Period, lists: tuple[ListSpan, ...], policy: WaiverPolicy, waived: Period | None
) -> int:
    """What another policy takes off the same lines in a period; kept like the figures."""
    return rate_waived(under_policy(figures.lines, figures.to_rate, policy), horizon, lists, waived)


@lru_cache(maxsize=512)
def _ids_or_queries(figures: Figures, price_list: PriceList) -> tuple[Text, ...]:
    """The point from which an ID is cheaper than queries, for each usage that is given; kept like the figures."""
    usage = [line for line in figures.lines if line.fee == "usage_fee"]
    used = [line for line in usage if line.cells[0].cell is CellKind.AMOUNT and line.quantity]
    return tuple([text for line in used for text in _break_even(line, price_list)])


def _break_even(line: Line, price_list: PriceList) -> Iterator[Text]:
    prices, amount = _flat_prices(price_list, line.contract, line.product), line.cells[0].charge
    product = price_list.contracts[line.contract].products[line.product].label
    params = {"product": product, "quantity": line.quantity, "amount": amount}
    if "query" not in prices:
        return
    if line.user_type in prices:
        per_id = _least_as_dear(prices[line.user_type], prices["query"])
        params |= {"queries": _least_as_dear(amount, prices["query"]), "per_id": per_id}
        yield Text(f"queries_instead_of_{line.user_type}_ids", params)
    elif line.user_type is None and prices.keys() >= {"standard", "personal"}:
        ids = {kind: _least_as_dear(amount, prices[kind]) for kind in ("personal", "standard")}
        if ids["standard"] > 1:
            yield Text("ids_instead_of_queries", {**params, **ids})
        elif ids["personal"] > 1:
            yield Text("personal_ids_instead_of_queries", {**params, **ids})


def _least_as_dear(amount: int, unit_price: int) -> int:
    """The least number of units that costs at least so much: fewer are cheaper (KRW)."""
    return -(-amount // unit_price)


@lru_cache(maxsize=512)
def _flat_prices(price_list: PriceList, contract: str, product: str) -> dict[str, int]:
    """What an ID of each user type and a query cost, as far as the list has one price for each, without bounds.

    Read once for each product: it is the same for all who ask.
    """
    prices = {}
    for column in ("standard", "personal", "query"):
        cell = price_list.cells.get(CellKey(contract, "usage_fee", product, column))
        if cell is not None and isinstance(cell.price, Flat) and cell.price.unit_price and not cell.is_bounded:
            prices[column] = cell.price.unit_price
    return prices


def _calls(quote: Quote) -> Iterable[Text]:
    platform = quote.asked.platform
    if platform is not None and platform.calls_per_month is not None:
        limit = quote.price_list.call_limit
        return _calls_a_day(platform.calls_per_month, quote.asked.horizon, platform.services, limit)
    return (Text("platform_fees_left_out"),) if quote.request.channel == "open_api" else ()


@lru_cache(maxsize=512)
def _calls_a_day(
    calls: int, horizon: Period, services: tuple[Service, ...], limit: PackageLimit | None
) -> tuple[Text, ...]:
    """Calls of a month that are more in a day of the shortest month than anything takes."""
    return tuple(_too_many(calls, horizon, services, limit))


def _too_many(calls: int, horizon: Period, services: Iterable[Service], limit: PackageLimit | None) -> Iterator[Text]:
    shortest = min(calendar_months(horizon), key=lambda month: month.days_in_month)
    per_day = -(-calls // shortest.days_in_month)
    if limit is not None and calls > limit.calls_per_day * shortest.days_in_month:
        yield Text(
            "calls_over_daily_limit",
            {"calls": calls, "month": shortest.label, "per_day": per_day, "limit": limit.calls_per_day},
        )
    slower: dict[int, list[Label]] = {}  # by the cap of the services that take fewer calls
    for service in services:
        if service.calls_per_day is not None and (limit is None or service.calls_per_day < limit.calls_per_day):
            slower.setdefault(service.calls_per_day, []).append(service.label)
    for cap, of_it in slower.items():
        if per_day > cap:
            params = {"services": tuple(of_it), "month": shortest.label, "per_day": per_day}
            yield Text("calls_over_service_limit", {**params, "calls": calls, "limit": cap})


def _services_that_end(quote: Quote) -> Iterator[Text]:
    """Services that are withdrawn inside the quoted period."""
    ending: dict[date, list[Label]] = {}
    for service in quote.asked.platform.services if quote.asked.platform else ():
        if service.last_offered is not None and service.last_offered < quote.asked.horizon.last_day:
            ending.setdefault(service.last_offered, []).append(service.label)
    for last_day, services in ending.items():
        yield Text("service_ends_within", {"last_day": last_day, "services": tuple(services)})


@lru_cache(maxsize=512)
def _of_licences(figures: Figures, apis: tuple[Requested, ...], price_list: PriceList) -> tuple[Text, ...]:
    """What is in no total, and what covers an API; kept like the figures."""
    return tuple(_licences(figures, apis, price_list))


def _licences(figures: Figures, apis: Iterable[Requested], price_list: PriceList) -> Iterator[Text]:
    if figures.unpriced:
        yield Text("unpriced_not_in_totals", {"count": len(figures.unpriced)})
    withheld = {
        line.product: _product(line, price_list) for line in figures.lines if line.cells[0].cell is CellKind.WITHHELD
    }
    if withheld:
        yield Text("withheld_fees", {"products": tuple(withheld.values())})
    for licence in figures.licences:
        upgraded = [
            api.label
            for asked, api in apis
            if asked in licence.for_apis and (licence.contract, licence.product) != api.covered_by[0]
        ]
        if upgraded:
            product = price_list.contracts[licence.contract].products[licence.product].label
            yield Text("closing_covered_by_real_time", {"apis": tuple(upgraded), "product": product})


def _product(line: Line, price_list: PriceList) -> object:
    return price_list.contracts[line.contract].products[line.product].label


def _named_editions(quote: Quote) -> Iterator[Text]:
    """A list or policy that the caller named although another was in force."""
    start = quote.request.starts_on
    if quote.request.waiver_policy is not None and quote.policy is not None:
        usual = quote.asked.editions.policy_on(start)
        if usual is None or usual.id != quote.policy.id:
            usual_id = usual.id if usual else "-"
            in_force = quote.policy in quote.asked.editions.policies_on(start)
            standing = Text("policy_stands_beside" if in_force else "policy_not_in_force")
            params = {"named": quote.policy.id, "usual": usual_id, "start": start, "standing": standing}
            yield Text("policy_named", params)
    if quote.request.price_list is not None:
        yield Text("price_list_named", {"named": quote.price_list.id, "until": quote.asked.horizon.last_day})


@lru_cache(maxsize=512)
def _price_lists(lists: tuple[ListSpan, ...], start: date) -> tuple[Text, ...]:
    """How old the list is on the start day, what follows it, and how long the contract runs."""
    return tuple(_in_force(lists[0][1], lists[1:], start))


def _in_force(price_list: PriceList, following: Iterable[ListSpan], start: date) -> Iterator[Text]:
    for span, later in following:
        yield Text("price_list_changes", {"id": later.id, "on": span.start})
    if price_list.valid_from <= start:
        age = relativedelta(start, price_list.valid_from)
        yield Text(
            "price_list_age",
            {
                "id": price_list.id,
                "valid_from": price_list.valid_from,
                "years": age.years,
                "months": age.months,
            },
        )
    last = date(start.year, 12, 31)
    yield Text("contract_renewal", {"last_day": last, "terms": price_list.renewal})


def _test_months(quote: Quote) -> Iterator[Text]:
    if quote.request.test_months:
        if quote.waiver.granted:
            first = months_after(quote.request.starts_on, -quote.request.test_months)
            last = quote.request.starts_on - ONE_DAY
            yield Text("test_months_free", {"first_day": first, "last_day": last})
        else:
            yield Text("test_months_refused", {"months": quote.request.test_months})

"""What a caller asked, as understood: defaults filled in, every contradiction found, all at once.

Works on what the schemas found valid, so that one answer names the faults of form and of meaning together.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from fee_service.errors import Fault, FeeError, pointer
from fee_service.model import (
    Channel,
    Company,
    CompanySize,
    Exclusion,
    Licence,
    Qualification,
    QuoteRequest,
    SizeEvidence,
    Text,
    Usage,
)
from fee_service.periods import Period
from fee_service.published.catalogue import Api, ApiStatus, without_query
from fee_service.published.editions import Edition, Editions, NotFound, PriceList, Product, WaiverPolicy
from fee_service.rules.licensing import is_offered_throughout
from fee_service.rules.lines import Charge, Platform, charges_of, is_offered, offers, platform_charges
from fee_service.rules.quoting import lists_for, requested_apis

Values = Mapping[str, Any]


class _Ground(NamedTuple):
    """What the checks of one request stand on; None where it is missing or was refused."""

    values: Values
    refused: frozenset[str]  # where the schema found a fault
    editions: Editions
    starts_on: date | None
    channel: Channel
    price_list: PriceList
    policy: WaiverPolicy | None
    licences: list[Licence]  # those found sound so far


def understand(
    values: Values, faults: Iterable[Fault], editions: Editions, today: date, at: Sequence[str | int] = ()
) -> QuoteRequest:
    """The request for a quote that `values` (what the schema found valid) stand for.

    `faults` are those of the schema; `at` is where the request stands in a larger body.
    Raises FeeError with every fault.
    """
    checks = (
        _editions_exist,
        _company,
        _something_requested,
        _apis,
        _licences,
        _platform,
        _times,
        _prior_waiver,
    )
    request = _understood(values, faults, editions, today, pointer(*at), checks)
    later = [fault._replace(pointer=pointer(*at) + fault.pointer) for fault in _throughout(request, editions)]
    if later:
        raise FeeError(later)
    return request


def understand_company(values: Values, faults: Iterable[Fault], editions: Editions, today: date) -> QuoteRequest:
    """The request for a decision on a company alone: no price list and no licence is needed for it."""
    return _understood(values, faults, editions, today, "", (_policy_exists, _company, _apis, _times, _prior_waiver))


def _understood(
    values: Values,
    faults: Iterable[Fault],
    editions: Editions,
    today: date,
    prefix: str,
    checks: Iterable[Callable[[_Ground], Iterator[Fault]]],
) -> QuoteRequest:
    found = list(faults)
    refused = frozenset(fault.pointer.removeprefix(prefix) for fault in found)
    starts_on = None if "/starts_on" in refused else values.get("starts_on") or today
    ground = _Ground(
        values,
        refused,
        editions,
        starts_on,
        Channel(values.get("channel") or Channel.OPEN_API),
        _price_list(values, editions, starts_on),
        _policy(values, editions, starts_on),
        licences=[],
    )
    found += [fault._replace(pointer=prefix + fault.pointer) for check in checks for fault in check(ground)]
    if found:
        raise FeeError(found)
    return _request(ground)


def _price_list(values: Values, editions: Editions, starts_on: date | None) -> PriceList:
    """The list to check products against; the newest where the right one is not known."""
    try:
        if values.get("price_list"):
            return editions.price_list(values["price_list"])
        if starts_on:
            return editions.price_list_on(starts_on)
    except NotFound:
        pass
    return editions.price_lists[-1]


def _policy(values: Values, editions: Editions, starts_on: date | None) -> WaiverPolicy | None:
    try:
        if values.get("waiver_policy"):
            return editions.policy(values["waiver_policy"])
    except NotFound:
        return None
    return editions.policy_on(starts_on) if starts_on else None


# -- editions ------------------------------------------------------------------------------------------


def _editions_exist(ground: _Ground) -> Iterator[Fault]:
    start, first = ground.starts_on, ground.editions.first_price_list
    if start and start < first.valid_from:
        params = {"value": start, "first": first.valid_from, "id": first.id}
        yield Fault("no_price_list_on_date", "/starts_on", params)
    yield from _named("price_list", ground.values, ground.editions.price_lists)
    yield from _policy_exists(ground)


def _policy_exists(ground: _Ground) -> Iterator[Fault]:
    yield from _named("waiver_policy", ground.values, ground.editions.policies)


def _named(field: str, values: Values, editions: Iterable[Edition]) -> Iterator[Fault]:
    known = tuple(edition.id for edition in editions)
    if values.get(field) and values[field] not in known:
        yield Fault(f"unknown_{field}", pointer(field), {"value": values[field], "known": known})


# -- the company ---------------------------------------------------------------------------------------


def _company(ground: _Ground) -> Iterator[Fault]:
    company: Values = ground.values.get("company") or {}
    founded = company.get("founded_on")
    if founded and ground.starts_on and founded > ground.starts_on:
        yield Fault("founded_after_start", "/company/founded_on", {"value": founded, "start": ground.starts_on})
    yield from _size(ground, company)


def _size(ground: _Ground, company: Values) -> Iterator[Fault]:
    """A size or the figures for it; where both are given they must not contradict each other."""
    if not company.get("size") and not company.get("size_evidence"):
        if not any(place == "/company" or place.startswith("/company/size") for place in ground.refused):
            yield Fault("missing_field", "/company/size", {"field": "size / size_evidence"})
        return
    evidence = _evidence(company)
    if evidence is None:
        return
    if ground.editions.company_sizes.industry(evidence.ksic) is None:
        known = tuple(sorted(ground.editions.company_sizes.ceilings))
        yield Fault("unknown_industry", "/company/size_evidence/ksic", {"value": evidence.ksic, "known": known})
    elif ground.starts_on and company.get("size"):
        decided = ground.editions.company_sizes.decide(evidence, ground.starts_on)
        stated = CompanySize(company["size"])
        if (stated is CompanySize.SME) != (decided.size is CompanySize.SME):
            telling = [c.text for c in decided.conditions if c.met is (decided.size is CompanySize.SME)]
            yield Fault(
                "size_contradicts_evidence",
                "/company/size",
                {
                    "stated": Text(f"size_{stated}"),
                    "decided": Text(f"size_{decided.size}"),
                    "because": tuple(telling),
                },
            )


def _evidence(company: Values) -> SizeEvidence | None:
    """The figures, where all that are needed were valid."""
    given = company.get("size_evidence")
    needed = ("ksic", "average_sales", "total_assets", "business_group", "large_holder")
    if not given or any(given.get(name) is None for name in needed):
        return None
    return SizeEvidence(**{name: value for name, value in given.items() if value is not None})


# -- what is asked for ---------------------------------------------------------------------------------


def _something_requested(ground: _Ground) -> Iterator[Fault]:
    asked = ground.values.get("apis") or ground.values.get("licences")
    if not asked and not any(place.startswith(("/apis", "/licences")) for place in ground.refused):
        yield Fault("missing_field", "/licences", {"field": "apis / licences"})


def _apis(ground: _Ground) -> Iterator[Fault]:
    for index, asked in enumerate(ground.values.get("apis") or ()):
        if asked is None:  # refused by the schema
            continue
        api = ground.editions.catalogue.find(asked)
        place = pointer("apis", index)
        if api is None:
            nearest = ground.editions.catalogue.nearest(asked)
            yield Fault("unknown_api", place, {"value": asked, "nearest": nearest})
        elif ground.starts_on:
            yield from _status(api, asked, place, ground.starts_on)
            yield from _channel_of_service(api, asked, place, ground)


def _channel_of_service(api: Api, asked: str, place: str, ground: _Ground) -> Iterator[Fault]:
    """A service is one of the platform: a direct feed does not have it."""
    is_service = api.services or (api.kind == "service" and not api.members)
    if is_service and ground.channel is Channel.DIRECT and "/channel" not in ground.refused:
        yield Fault("service_needs_open_api", place, {"value": asked, "api": api.label})


def _status(api: Api, asked: str, place: str, day: date) -> Iterator[Fault]:
    status = api.status_on(day)
    params = {"value": asked, "api": api.label, "why": api.why_on(day)}
    if status is ApiStatus.NOT_OFFERED:
        yield Fault("api_not_offered", place, params)
    elif status is ApiStatus.TOO_BROAD:
        yield Fault("api_too_broad", place, {**params, "members": api.members})


def _licences(ground: _Ground) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for index, given in enumerate(ground.values.get("licences") or ()):
        contract, product = (given or {}).get("contract"), (given or {}).get("product")
        if not contract or not product:  # refused by the schema
            continue
        terms = ground.price_list.contracts.get(contract)
        if terms is None or product not in terms.products:
            known = terms.products if terms else ()
            params = {"value": product, "contract": terms.label if terms else contract}
            place = pointer("licences", index, "product")
            yield Fault("unknown_product", place, {**params, "nearest": _nearest(product, known)})
            continue
        if (contract, product) in seen:
            yield Fault(
                "duplicate_licence",
                pointer("licences", index),
                {"product": terms.products[product].label, "first": seen[contract, product]},
            )
        seen.setdefault((contract, product), index)
        for fault in _licence(ground, given, terms.products[product]):
            yield fault._replace(pointer=pointer("licences", index) + fault.pointer)


def _licence(ground: _Ground, given: Values, product: Product) -> Iterator[Fault]:
    """What the price list does not offer of a product."""
    options = _options(ground.price_list, given)
    if given.get("options") == [] and product.options:
        labels = ground.price_list.contracts[given["contract"]].options
        offered = tuple(labels[option] for option in product.options)
        yield Fault("no_option_chosen", "/options", {"product": product.label, "offered": offered})
    yield from _duplicates("options", options)
    yield from _duplicates("non_display_use", given.get("non_display_use") or ())
    unoffered = [index for index, option in enumerate(options) if option not in product.options]
    for index in unoffered:
        option = options[index]
        if option is not None:  # not refused by the schema
            place = pointer("options", index) if given.get("options") else "/options"
            yield _not_applicable(place, option, product, ground.price_list, product.options)
    if ground.channel is not Channel.DIRECT and "/channel" not in ground.refused:
        for field in ("reception_sets", "disaster_recovery_sets"):
            if (given.get(field) or 0) > (1 if field == "reception_sets" else 0):
                yield Fault("reception_needs_direct_channel", pointer(field), {"value": given[field]})
    if not unoffered:
        yield from _fees_not_offered(ground, given, product)


def _duplicates(field: str, values: Iterable[str | None]) -> Iterator[Fault]:
    seen = set()
    for index, value in enumerate(values):
        if value is not None and value in seen:
            yield Fault("duplicate_option", pointer(field, index), {"value": value})
        seen.add(value)


_PLACES = {
    "affiliate_extension": "/affiliate_extension",
    "additional_reception": "/reception_sets",
    "standard": "/usage/standard_ids",
    "personal": "/usage/personal_ids",
    "query": "/usage/queries",
}


def _fees_not_offered(ground: _Ground, given: Values, product: Product) -> Iterator[Fault]:
    """Fees that the list marks as not applicable, or does not print, for what is asked of a product."""
    told = set()
    licence = _as_licence(ground, given)
    ground.licences.append(licence)
    for charge in charges_of(licence, ground.channel, ground.price_list):
        if not is_offered(charge, ground.price_list):
            place = _PLACES.get(charge.column or "") or _PLACES.get(charge.fee) or "/non_display_use"
            if place not in told:
                told.add(place)
                others = _other_columns(charge, ground.price_list)
                yield _not_applicable(place, charge.column or charge.fee, product, ground.price_list, others)


def _other_columns(charge: Charge, price_list: PriceList) -> list[str]:
    """What the list offers in place of a fee's column, e.g. IDs where it has no queries."""
    columns = [key.column for key in price_list.cells if key[:3] == charge[:3]]
    return [name for name in columns if name and is_offered(charge._replace(column=name), price_list)]


def _not_applicable(place: str, value: str, product: Product, price_list: PriceList, offered: Sequence[str]) -> Fault:
    params = {"value": value, "product": product.label, "list": price_list.id, "offered": tuple(offered)}
    return Fault("option_not_applicable", place, params)


def _platform(ground: _Ground) -> Iterator[Fault]:
    calls, place = ground.values.get("api_calls_per_month"), "/api_calls_per_month"
    if calls is None:
        return
    if ground.channel is Channel.DIRECT:
        yield Fault("api_calls_need_open_api", place)
    elif not all(is_offered(charge, ground.price_list) for charge in platform_charges(Platform(calls))):
        yield Fault("platform_not_priced", place, {"list": ground.price_list.id})


# -- times ---------------------------------------------------------------------------------------------


def _times(ground: _Ground) -> Iterator[Fault]:
    values, start = ground.values, ground.starts_on
    ends_on, test_months = values.get("ends_on"), values.get("test_months") or 0
    if start and ends_on and ends_on < start:
        yield Fault("ends_before_start", "/ends_on", {"value": ends_on, "start": start})
    limit = ground.policy.test_months if ground.policy else 0
    if start and test_months > limit:
        policy = ground.policy.id if ground.policy else "-"
        yield Fault(
            "test_months_exceed_policy",
            "/test_months",
            {"value": test_months, "limit": limit, "policy": policy},
        )


def _prior_waiver(ground: _Ground) -> Iterator[Fault]:
    earlier: list[tuple[Period, int]] = []
    for index, given in enumerate(ground.values.get("prior_waiver") or ()):
        first, last = (given or {}).get("starts_on"), (given or {}).get("ends_on")
        if not first or not last:  # refused by the schema
            continue
        place = pointer("prior_waiver", index)
        if last < first:
            yield Fault("ends_before_start", place + "/ends_on", {"value": last, "start": first})
            continue
        if ground.starts_on and last >= ground.starts_on:
            yield Fault("prior_waiver_after_start", place, {"last": last, "start": ground.starts_on})
        period = Period.through(first, last)
        clash = next((number for other, number in earlier if other.overlap(period).days), None)
        if clash is not None:
            yield Fault("prior_waiver_overlaps", place, {"other": clash, "first": first, "last": last})
        earlier.append((period, index))


def _throughout(request: QuoteRequest, editions: Editions) -> Iterator[Fault]:
    """Days of the horizon without a list; licences and APIs that a list of the horizon does not offer."""
    try:
        lists = lists_for(request, editions)
    except NotFound:
        yield Fault("price_list_ends", "/months", {"start": request.starts_on, "months": request.months})
        return
    for span, price_list in lists[1:]:  # the first has been asked
        for licence in request.licences:
            if not offers(price_list, licence, request.channel):
                params = {"product": licence.product, "id": price_list.id, "on": span.start}
                yield Fault("not_in_price_list", "/licences", params)
    held = {(licence.contract, licence.product) for licence in request.licences}
    for asked, api in requested_apis(request, editions):
        keys = api.covered_by
        if keys and not any(key in held or is_offered_throughout(key, request.channel, lists) for key in keys):
            params = {"product": asked, "id": lists[-1][1].id, "on": lists[-1][0].start}
            yield Fault("not_in_price_list", "/apis", params)


# -- the request as understood -------------------------------------------------------------------------


def _request(ground: _Ground) -> QuoteRequest:
    values = ground.values
    assert ground.starts_on is not None  # a refused start is a fault
    prior = (Period.through(given["starts_on"], given["ends_on"]) for given in values.get("prior_waiver") or ())
    return QuoteRequest(
        company=_as_company(values["company"], ground),
        starts_on=ground.starts_on,
        apis=_in_catalogue_order(values.get("apis") or (), ground.editions),
        licences=tuple(sorted(ground.licences, key=lambda one: ground.price_list.position(one.contract, one.product))),
        channel=ground.channel,
        api_calls_per_month=values.get("api_calls_per_month"),
        ends_on=values.get("ends_on"),
        months=values.get("months") or 60,
        test_months=values.get("test_months") or 0,
        prior_waiver=tuple(sorted(prior)),
        waiver_policy=values.get("waiver_policy") or None,
        price_list=values.get("price_list") or None,
    )


def _as_company(given: Values, ground: _Ground) -> Company:
    evidence, size = _evidence(given), given.get("size") or ""
    if not size and evidence and ground.starts_on:
        size = ground.editions.company_sizes.decide(evidence, ground.starts_on).size
    qualification = given.get("qualification")
    exclusions = {Exclusion(ground_) for ground_ in given.get("exclusions") or ()}
    return Company(
        founded_on=given["founded_on"],
        size=CompanySize(size),
        name=given.get("name"),
        business_number=given.get("business_number"),
        size_evidence=evidence,
        corporation=given.get("corporation", True),
        qualification=Qualification(qualification) if qualification else None,
        exclusions=tuple(ground_ for ground_ in Exclusion if ground_ in exclusions),
        left_open=frozenset(name for name in ("corporation", "exclusions") if given.get(name) is None),
    )


def _as_licence(ground: _Ground, given: Values) -> Licence:
    usage = given.get("usage") or {}
    order = list(ground.price_list.contracts[given["contract"]].options)
    options = [option for option in _options(ground.price_list, given) if option in order]
    return Licence(
        contract=given["contract"],
        product=given["product"],
        options=tuple(sorted(options, key=order.index)),
        affiliate_extension=given.get("affiliate_extension") or False,
        reception_sets=given.get("reception_sets", 1),
        disaster_recovery_sets=given.get("disaster_recovery_sets") or 0,
        usage=Usage(*(usage.get(name) or 0 for name in Usage._fields)),
        non_display_use=tuple(sorted({use for use in given.get("non_display_use") or () if use})),
    )


def _options(price_list: PriceList, given: Values) -> Sequence[str]:
    """The options asked for, or those that a request gets where it names none."""
    return given.get("options") or price_list.contracts[given["contract"]].default_options


def _in_catalogue_order(asked: Iterable[str], editions: Editions) -> tuple[str, ...]:
    """Each API once, under the first name by which it was asked for."""
    names: dict[str, str] = {}
    for name in asked:
        api = editions.catalogue.find(name)
        if api is not None:
            names.setdefault(api.id, without_query(name))
    return tuple(names[api.id] for api in editions.catalogue.apis if api.id in names)


def _nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(word, list(known), 3, cutoff=0.3))

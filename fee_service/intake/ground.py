"""What the checks of one request stand on: the values, and what is published of them, looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from fee_service.errors import Fault
from fee_service.model import Channel, Licence, SizeEvidence, Usage
from fee_service.published.catalogue import Api
from fee_service.published.editions import Editions, NotFound, PriceList, WaiverPolicy

Values = Mapping[str, Any]


class Ground(NamedTuple):
    """A request with the editions that it names or falls under; None where it is missing or was refused."""

    values: Values
    refused: frozenset[str]  # where the schema found a fault
    editions: Editions
    starts_on: date | None
    channel: Channel
    price_list: PriceList
    policy: WaiverPolicy | None
    apis: tuple[Api | None, ...]  # in the places where they were asked for
    licences: tuple[Licence | None, ...]  # so are these


def ground_of(values: Values, faults: Iterable[Fault], prefix: str, editions: Editions, today: date) -> Ground:
    """The ground under what the schema found valid; `prefix` is where the request stands in a larger body."""
    refused = frozenset(fault.pointer.removeprefix(prefix) for fault in faults)
    starts_on = None if "/starts_on" in refused else values.get("starts_on") or today
    price_list = _price_list(values, editions, starts_on)
    return Ground(
        values=values,
        refused=refused,
        editions=editions,
        starts_on=starts_on,
        channel=Channel(values.get("channel") or Channel.OPEN_API),
        price_list=price_list,
        policy=_policy(values, editions, starts_on),
        apis=tuple(editions.catalogue.find(name) if name else None for name in values.get("apis") or ()),
        licences=tuple(_licence(given or {}, price_list) for given in values.get("licences") or ()),
    )


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


def _licence(given: Values, price_list: PriceList) -> Licence | None:
    """A licence in the price list's order; None where the list does not have its product."""
    contract, product = given.get("contract") or "", given.get("product") or ""
    terms = price_list.contracts.get(contract)
    if terms is None or product not in terms.products:
        return None
    usage, order = given.get("usage") or {}, list(terms.options)
    options = [option for option in options_of(given, price_list) if option in order]
    return Licence(
        contract=terms.id,
        product=product,
        options=tuple(sorted(options, key=order.index)),
        affiliate_extension=given.get("affiliate_extension") or False,
        reception_sets=given.get("reception_sets", 1),
        disaster_recovery_sets=given.get("disaster_recovery_sets") or 0,
        usage=Usage(*[usage.get(name) or 0 for name in Usage._fields]),
        non_display_use=tuple(sorted({use for use in given.get("non_display_use") or () if use})),
    )


def options_of(given: Values, price_list: PriceList) -> Sequence[str]:
    """The options asked for, or those that a request gets where it names none."""
    return given.get("options") or price_list.contracts[given["contract"]].default_options


def evidence_of(company: Values) -> SizeEvidence | None:
    """The figures for a size, where all that are needed were valid."""
    given = company.get("size_evidence")
    needed = ("ksic", "average_sales", "total_assets", "business_group", "large_holder")
    if not given or any(given.get(name) is None for name in needed):
        return None
    return SizeEvidence(**{name: value for name, value in given.items() if value is not None})

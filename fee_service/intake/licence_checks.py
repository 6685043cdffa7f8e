"""What of the licences and of the platform the price list does not offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fee_service.errors import Fault, pointer
from fee_service.intake.ground import Ground, Values, options_of
from fee_service.model import Channel, Licence
from fee_service.published.editions import PriceList, Product
from fee_service.rules.lines import Charge, Platform, charges_of, is_offered, platform_charges
from fee_service.spelling import nearest


def licences(ground: Ground) -> Iterator[Fault]:
    """Products that the list does not have, those asked for twice, and what it does not offer of the others."""
    seen: dict[tuple[str, str], int] = {}
    for index, (given, licence) in enumerate(zip(ground.values.get("licences") or (), ground.licences, strict=True)):
        if licence is None:
            yield from _unknown_product(ground, given or {}, pointer("licences", index, "product"))
            continue
        place = pointer("licences", index)
        product = ground.price_list.contracts[licence.contract].products[licence.product]
        first = seen.setdefault((licence.contract, licence.product), index)
        if first != index:
            yield Fault("duplicate_licence", place, {"product": product.label, "first": first})
        for fault in _licence(ground, given, licence, product):
            yield fault._replace(pointer=place + fault.pointer)


def _unknown_product(ground: Ground, given: Values, place: str) -> Iterator[Fault]:
    contract, product = given.get("contract"), given.get("product")
    if contract and product:  # not refused by the schema
        terms = ground.price_list.contracts.get(contract)
        alike = nearest(product, terms.products if terms else (), 3, likeness=0.3)
        params = {"value": product, "contract": terms.label if terms else contract}
        yield Fault("unknown_product", place, {**params, "nearest": alike})


def _licence(ground: Ground, given: Values, licence: Licence, product: Product) -> Iterator[Fault]:
    """What the price list does not offer of a product."""
    options = options_of(given, ground.price_list)
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
        yield from _fees_not_offered(ground, licence, product)


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


def _fees_not_offered(ground: Ground, licence: Licence, product: Product) -> Iterator[Fault]:
    """Fees that the list marks as not applicable, or does not print, for what is asked of a product."""
    told = set()
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


def platform(ground: Ground) -> Iterator[Fault]:
    """Calls of the platform where they cannot be had, or have no price."""
    calls, place = ground.values.get("api_calls_per_month"), "/api_calls_per_month"
    if calls is None:
        return
    if ground.channel is Channel.DIRECT:
        yield Fault("api_calls_need_open_api", place)
    elif not all(is_offered(charge, ground.price_list) for charge in platform_charges(Platform(calls))):
        yield Fault("platform_not_priced", place, {"list": ground.price_list.id})

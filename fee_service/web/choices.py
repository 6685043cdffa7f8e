"""What the form offers: products and APIs in the order of the price list, industries, options and policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from fee_service.model import Label
from fee_service.prices import Cell, CellKind
from fee_service.published.catalogue import Api, ApiStatus
from fee_service.published.editions import Editions, NotFound, PriceList, WaiverPolicy
from fee_service.published.services import Service
from fee_service.web.filling_in import Form, licence_field
from fee_service.web.typed import date_of
from fee_service.wording import OneLanguage

Option = tuple[str, str]


class Choice(NamedTuple):
    value: str
    label: Label


class Column(NamedTuple):
    """An option of a product with its price."""

    value: str
    label: Label
    cell: Cell


class Offer(NamedTuple):
    """A product as the form offers it; `cells` are its monthly prices, one for each option if it has any."""

    field: str
    product: str
    label: Label
    columns: tuple[Column, ...]
    cell: Cell | None  # of a product without options
    has_affiliate: bool
    has_usage: bool
    non_display: tuple[Choice, ...]


class OfferGroup(NamedTuple):
    """The products of a contract."""

    contract: str
    label: Label
    default_options: tuple[str, ...]
    offers: tuple[Offer, ...]


class ApiGroup(NamedTuple):
    """A licence of the usage guide with its endpoints, a service of the platform, or a family without either."""

    licence: Api
    endpoints: tuple[Api, ...]
    service: Service | None


def list_for(form: Form, editions: Editions, today: date) -> PriceList:
    """The price list whose products a form shows: the one named, that of the start day, or the newest."""
    try:
        if form.get("price_list"):
            return editions.price_list(form["price_list"])
        return editions.price_list_on(first_day(form, today))
    except NotFound:
        return editions.price_lists[-1]


def offers(price_list: PriceList) -> list[OfferGroup]:
    """Everything that can be licensed under a price list, in the printed order."""
    return [
        OfferGroup(
            terms.id,
            terms.label,
            terms.default_options,
            tuple(_offer(price_list, terms.id, name) for name in terms.products),
        )
        for terms in price_list.contracts.values()
        if terms.id != "open_api_platform"
    ]


def _offer(price_list: PriceList, contract: str, name: str) -> Offer:
    terms = price_list.contracts[contract]
    product = terms.products[name]
    cells = {key: cell for key, cell in price_list.cells.items() if (key.contract, key.product) == (contract, name)}
    fees = {key.fee for key, cell in cells.items() if cell.kind is not CellKind.NOT_APPLICABLE}
    priced = {key.column: cell for key, cell in cells.items() if key.fee == product.fee}
    return Offer(
        field=licence_field(contract, name),
        product=name,
        label=product.label,
        columns=tuple(
            Column(option, terms.options[option], priced[option]) for option in product.options if option in priced
        ),
        cell=priced.get(None),
        has_affiliate="affiliate_extension" in fees,
        has_usage="usage_fee" in fees,
        non_display=tuple(
            Choice(key.column or "", price_list.columns[contract, key.fee, key.column])
            for key in cells
            if key.fee == "non_display"
        ),
    )


def api_groups(editions: Editions, day: date) -> list[ApiGroup]:
    """What can be asked for on a day: the licences of the usage guide, each with its documented endpoints, and the
    services of the platform; a family of services is left to its services."""
    apis = [api for api in editions.catalogue.apis if api.status_on(day) in (ApiStatus.PRICED, ApiStatus.ON_REQUEST)]
    endpoints: dict[str | None, list[Api]] = {}
    for api in apis:
        if api.kind == "endpoint":
            endpoints.setdefault(api.licence, []).append(api)
    return [
        ApiGroup(
            api,
            tuple(endpoints.get(api.licence, ())) if api.kind == "licence" else (),
            editions.services.services.get(api.id),
        )
        for api in apis
        if api.kind in ("licence", "service") or (api.kind == "family" and not api.services)
    ]


class AskedApis(NamedTuple):
    """The APIs that a form asks for: those that have a box, under the name that was used for them, and the others."""

    by_id: Mapping[str, str]
    others: tuple[str, ...]


def asked_apis(form: Form, groups: Iterable[ApiGroup], editions: Editions) -> AskedApis:
    """Which boxes are ticked, whatever name an API was asked for by; what has no box is listed beside them."""
    boxes = {api.id for group in groups for api in (group.licence, *group.endpoints)}
    by_id: dict[str, str] = {}
    others = []
    for name in dict.fromkeys(form.getlist("apis")):
        api = editions.catalogue.find(name)
        if api is not None and api.id in boxes and api.id not in by_id:
            by_id[api.id] = name
        else:
            others.append(name)
    return AskedApis(by_id, tuple(others))


def not_offered(form: Form, groups: Iterable[OfferGroup]) -> list[str]:
    """Ticked products that the price list of the page does not have."""
    known = {offer.field for group in groups for offer in group.offers}
    return [name for name in form if name.count(".") == 1 and name not in known]


def first_day(form: Form, today: date) -> date:
    """The first day of the contract that a form asks for; today until it can be read."""
    return date_of(form.get("starts_on", "")) or today


def qualifications(editions: Editions) -> Mapping[str, Label]:
    """What, beside being an SME, opens the platform; what is no ground any more says until when it was."""
    return {
        ground.id: ground.label
        if ground.last_day is None
        else Label(f"{ground.label.ko}({ground.last_day}까지)", f"{ground.label.en} (until {ground.last_day})")
        for ground in editions.onboarding.grounds.values()
    }


def exclusions(editions: Editions) -> Mapping[str, Label]:
    """What closes the platform to a company."""
    return {ground.id: ground.label for ground in editions.onboarding.exclusions.values()}


def industries(editions: Editions) -> Mapping[str, Label]:
    """The main industries of the SME table, by code."""
    return {
        code: Label(f"{code} {label.ko}", f"{code} {label.en}")
        for code, label in sorted(editions.company_sizes.industries.items())
    }


def choices(named: Mapping[str, Label] | Iterable[WaiverPolicy | PriceList], language: OneLanguage) -> list[Option]:
    """What a list offers, in a language: values with their names."""
    if isinstance(named, Mapping):
        pairs = [(str(value), label) for value, label in named.items()]
    else:
        pairs = [(each.id, each.title if isinstance(each, PriceList) else each.label) for each in named]
    return [(value, label.ko if language == "ko" else label.en) for value, label in pairs]

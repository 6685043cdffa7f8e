"""What is published: price lists (two side by side), waiver policies in plain words, and the API catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Response, request

from fee_service.http.context import editions, today
from fee_service.model import Label
from fee_service.prices import Cell
from fee_service.published.catalogue import Api, ApiStatus, mentions, searched_names
from fee_service.published.editions import CellKey, NotFound, PriceList
from fee_service.published.price_changes import changed_cells, changed_terms
from fee_service.spelling import cleaned
from fee_service.web.choices import Offer, api_groups, offers
from fee_service.web.languages import _, page_language, won
from fee_service.web.shell import blueprint, page
from fee_service.wording import in_language


class Table(NamedTuple):
    """One printed table: a fee of a contract, with a row a product and a column each option or user type."""

    contract: Label
    fee: Label
    source: str
    columns: list[tuple[str | None, Label | None]]
    rows: list[tuple[Label, list[tuple[CellKey, Cell | None]]]]


def printed(cell: Cell | None) -> str:
    """A cell as it is printed: an amount, or the word that stands in its place."""
    if cell is None:
        return _("not printed")
    if cell.unit_price is not None:
        return won(cell.unit_price)
    words = {"withheld": _("withheld"), "not_applicable": _("N/A"), "none": "–", "amount": _("by tiers")}
    return words[cell.kind]


@blueprint.get("/price-lists")
def price_lists_page() -> Response:
    """One list, or two side by side with what changes."""
    known = sorted(editions().price_lists, key=lambda each: each.valid_from)
    shown = _named(request.args.get("list")) or _in_force() or known[-1]
    other = _named(request.args.get("with"))
    if other is shown:
        other = None
    changed = {change.key for change in changed_cells(shown, other)} if other else set()
    return page(
        "price_lists.html",
        title=_("Price lists"),
        known=known,
        shown=shown,
        other=other,
        tables=_tables(shown, other),
        changed=changed,
        printed=printed,
        terms=list(changed_terms(shown, other)) if other else [],
    )


def _named(name: str | None) -> PriceList | None:
    try:
        return editions().price_list(name) if name else None
    except NotFound:
        return None


def _in_force() -> PriceList | None:
    try:
        return editions().price_list_on(today())
    except NotFound:
        return None


def _tables(price_list: PriceList, other: PriceList | None) -> list[Table]:
    """Every table of a list, with rows and columns that only the other has at their ends."""
    tables = []
    cells = [*price_list.cells, *(other.cells if other else ())]
    for contract, fee in dict.fromkeys((key.contract, key.fee) for key in cells):
        home = price_list if (contract, fee) in price_list.cell_sources else other
        assert home is not None
        own = [key for key in dict.fromkeys(cells) if (key.contract, key.fee) == (contract, fee)]
        columns = list(dict.fromkeys(key.column for key in own))
        tables.append(
            Table(
                home.contracts[contract].label,
                home.fees[fee].label,
                home.cell_sources[contract, fee],
                [(column, home.columns.get((contract, fee, column))) for column in columns],
                [
                    (
                        _product(price_list, other, contract, product),
                        [
                            (key, price_list.cells.get(key))
                            for key in (CellKey(contract, fee, product, column) for column in columns)
                        ],
                    )
                    for product in dict.fromkeys(key.product for key in own)
                ],
            )
        )
    return tables


def _product(price_list: PriceList, other: PriceList | None, contract: str, product: str) -> Label:
    for each in (price_list, other):
        if each is not None and contract in each.contracts and product in each.contracts[contract].products:
            return each.contracts[contract].products[product].label
    return Label(product, product)


@blueprint.get("/waiver-policies")
def policies_page() -> Response:
    """The policies in the order of time, each in plain words with its sources."""
    policies = sorted(editions().policies, key=lambda policy: policy.valid_from)
    return page(
        "waiver_policies.html",
        title=_("Waiver policies"),
        policies=policies,
        in_force=editions().policies_on(today()),
        by_default=editions().policy_on(today()),
        fees=editions().price_lists[-1].fees,
        options={
            option: label
            for price_list in editions().price_lists
            for terms in price_list.contracts.values()
            for option, label in terms.options.items()
        },
    )


@blueprint.get("/apis")
def apis_page() -> Response:
    """Every API with the licences that cover it and what these cost, and the services of the platform."""
    price_list = _in_force() or editions().price_lists[-1]
    priced: dict[tuple[str, str], Offer] = {}
    contracts: dict[str, Any] = {}
    for group in offers(price_list):
        contracts[group.contract] = group
        priced |= {(group.contract, offer.product): offer for offer in group.offers}
    search = cleaned(request.args.get("search", ""))
    fits = _fitting(search)
    groups = [group for group in api_groups(editions(), today()) if not group.service]
    table = editions().services
    together = [api for api in _of_kind("family") if api.services and not _not_given(api) and fits(api)]
    services = [(api, table.services[api.id]) for api in _of_kind("service") if fits(api)]
    refused = [api for api in _of_kind("family") if _not_given(api) and fits(api)]
    return page(
        "apis.html",
        title=_("APIs, their licences and prices"),
        search=search,
        groups=[group for group in groups if fits(group.licence, *group.endpoints)],
        services=services,
        families=table.families,
        together=[(api, table.in_order(api.services)) for api in together],
        refused=[(api, _instead(api)) for api in refused],
        why={api.id: in_language(why, page_language()) for api in refused if (why := api.why_on(today()))},
        price_list=price_list,
        priced=priced,
        contracts=contracts,
    )


def _fitting(search: str) -> Callable[..., bool]:
    """Whether one of some APIs has what is searched for in a name, its URI, family or provider."""
    table = editions().services
    return lambda *apis: not search or any(mentions(search, searched_names(api, table)) for api in apis)


def _of_kind(kind: str) -> Iterator[Api]:
    return (api for api in editions().catalogue.apis if api.kind == kind)


def _not_given(api: Api) -> bool:
    return api.status_on(today()) in (ApiStatus.NOT_OFFERED, ApiStatus.TOO_BROAD)


def _instead(api: Api) -> list[Label]:
    """What to name in place of a family of several."""
    if api.status_on(today()) is not ApiStatus.TOO_BROAD:
        return []
    found = (editions().catalogue.find(member) for member in api.members)
    return [member.label for member in found if member is not None]

"""Requested APIs → the cheapest sufficient set of licences (usage guide, charges page).

An API of the closing family is covered by the closing licence or by the real-time licence of the same
product, so the cheapest set is not always one licence per API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from fee_service.model import Channel, Licence
from fee_service.published.catalogue import LicenceKey, Requested
from fee_service.published.editions import ListSpan, PriceList
from fee_service.rules.lines import offers

Alternatives = frozenset[LicenceKey]


class Price(NamedTuple):
    """What a set of licences costs over the horizon, in the order in which sets are compared."""

    net: int
    list: int


CostOf = Callable[[Sequence[Licence]], Price]


def sufficient_licences(
    apis: Sequence[Requested],
    explicit: Sequence[Licence],
    channel: Channel,
    lists: Sequence[ListSpan],
    cost_of: CostOf,
) -> tuple[Licence, ...]:
    """The explicit licences and the cheapest others that cover all APIs, in the price list's order.

    Equal costs go to the lower list price, then to the narrower licence (closing before real-time).
    """
    price_list = lists[0][1]
    held = {LicenceKey(licence.contract, licence.product): licence for licence in explicit}
    needs = {
        frozenset(key for key in api.covered_by if key in held or is_offered_throughout(key, channel, lists))
        for _, api in apis
        if api.covered_by
    }
    for need in needs:
        if len(need) == 1:
            _add(held, need, price_list)
    open_needs = [need for need in needs if not need & held.keys()]
    for group in _connected(open_needs):
        cheapest = min(_choices(group), key=lambda keys: _rank(keys, held, price_list, cost_of))
        _add(held, cheapest, price_list)
    return tuple(
        replace(licence, for_apis=_served(key, apis, held)) if apis else licence
        for key, licence in sorted(held.items(), key=lambda item: price_list.position(*item[0]))
    )


def is_offered_throughout(key: LicenceKey, channel: Channel, lists: Sequence[ListSpan]) -> bool:
    """Whether every list of a horizon offers a licence as a request gets it by default."""
    first = lists[0][1]
    if key.contract not in first.contracts:
        return False
    return all(offers(price_list, default_licence(key, first), channel) for _, price_list in lists)


def default_licence(key: LicenceKey, price_list: PriceList) -> Licence:
    """A licence with the options that a request gets where it names none."""
    return Licence(key.contract, key.product, options=price_list.contracts[key.contract].default_options)


def _add(held: dict[LicenceKey, Licence], keys: Iterable[LicenceKey], price_list: PriceList) -> None:
    for key in keys:
        held.setdefault(key, default_licence(key, price_list))


def _choices(needs: Sequence[Alternatives]) -> set[Alternatives]:
    """Every set that takes one alternative for each need."""
    return {frozenset(choice) for choice in product(*(sorted(need) for need in needs))}


def _rank(
    keys: Alternatives, held: dict[LicenceKey, Licence], price_list: PriceList, cost_of: CostOf
) -> tuple[Price, int, list[LicenceKey]]:
    candidates = dict(held)
    _add(candidates, keys, price_list)
    return cost_of(tuple(candidates.values())), len(candidates), sorted(keys)


def _connected(needs: Iterable[Alternatives]) -> list[list[Alternatives]]:
    """Needs grouped so that no product is in two groups: the price of one group is not touched by another."""
    groups: list[tuple[set[str], list[Alternatives]]] = []
    for need in sorted(needs, key=sorted):
        products, members = {key.product for key in need}, [need]
        for group in [group for group in groups if group[0] & products]:
            groups.remove(group)
            products |= group[0]
            members = group[1] + members
        groups.append((products, members))
    return [members for _, members in groups]


def _served(key: LicenceKey, apis: Sequence[Requested], held: dict[LicenceKey, Licence]) -> tuple[str, ...]:
    """The APIs that rest on a licence: each on the first of its alternatives that is held."""
    return tuple(asked for asked, api in apis if key == next((k for k in api.covered_by if k in held), None))

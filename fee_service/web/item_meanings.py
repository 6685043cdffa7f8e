"""What an item name may stand for, as a form offers it: every fee that the newest price list prints, and two more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fee_service.http.context import editions
from fee_service.published.editions import CellKey
from fee_service.web.languages import _
from fee_service.web.reconciliation_words import Named

FIELDS = ("fee", "agreement", "product", "option", "user_type")
TOTAL, IGNORED = "total", "ignored"
SEPARATOR = "|"


class Group(NamedTuple):
    """Meanings of one agreement: the value of the form and its words."""

    label: str
    options: list[tuple[str, str]]


def meanings() -> list[Group]:
    """All that can be chosen, in the order of the price list; left open, the option is that of the contract."""
    named, price_list = Named(), editions().price_lists[-1]
    groups: dict[str, dict[str, str]] = {}
    for key in price_list.cells:
        group = groups.setdefault(named.agreement(key.contract), {})
        for says in _of_cell(key):
            group[value_of(says)] = named.of(says)
    return [*(Group(label, [*options.items()]) for label, options in groups.items()), _others()]


def _of_cell(key: CellKey) -> Iterator[dict[str, str | None]]:
    """What a cell may be chosen as: a fee of a product, and that with its option or user type."""
    open_ended = {"fee": key.fee, "agreement": key.contract, "product": key.product, "option": None, "user_type": None}
    column = "user_type" if key.fee == "usage_fee" else "option"
    if column == "option":
        yield open_ended
    if key.column is not None:
        yield {**open_ended, column: key.column}


def _others() -> Group:
    return Group(
        _("Anything else"),
        [(TOTAL, _("The total of an invoice or a month")), (IGNORED, _("Nothing of market data: not to be judged"))],
    )


def value_of(says: Mapping[str, Any]) -> str:
    """A meaning as the value of a form."""
    for flag in (TOTAL, IGNORED):
        if says.get(flag):
            return flag
    return SEPARATOR.join(says.get(name) or "" for name in FIELDS)


def says_of(value: str) -> dict[str, str | bool]:
    """The inverse of `value_of`, without what is left open."""
    if value in (TOTAL, IGNORED):
        return {value: True}
    parts = dict(zip(FIELDS, value.split(SEPARATOR), strict=False))
    return {name: part for name, part in parts.items() if part}


def words_of(says: Mapping[str, Any]) -> str:
    """A meaning in words."""
    if says.get(TOTAL):
        return _("The total of an invoice or a month")
    if says.get(IGNORED):
        return _("Nothing of market data: not to be judged")
    return Named().of({name: says.get(name) for name in FIELDS})

"""The cells of a price list: an amount, a word that is not an amount, or tiers, packages and bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields, post_load

from fee_service.prices import Cell, CellKind, Flat, Graduated, Package, Price, Tier, Volume
from schemas.edition_fields import (
    ByName,
    Collected,
    StrictSchema,
    WholeNumber,
    refusal,
    unknown_key,
    whole_number,
)

WORDS = [kind.value for kind in CellKind if kind is not CellKind.AMOUNT]


class CellField(fields.Field[Cell]):
    """One cell of a price list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Cell:
        return cell(value)


class Row(fields.Field[Any]):
    """A product's row: one cell, or a cell for each column."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Cell | dict[str, Cell]:
        if isinstance(value, dict) and not value.keys() & set(_PRICE_KEYS):
            row: dict[str, Cell] = ByName(CellField()).deserialize(value)
            return row
        return cell(value)


def cell(value: object) -> Cell:
    """The cell that a value of the file stands for; `value` is what the file says."""
    if isinstance(value, str):
        if value not in WORDS:
            hint = f"Write digits only, or one of the words {', '.join(WORDS)}."
            raise refusal(f'"{value}" is neither an amount nor a known word', hint)
        return Cell(CellKind(value))
    if isinstance(value, dict):
        return _stated(value)
    return Cell(CellKind.AMOUNT, _flat(value))


def _stated(block: Mapping[str, Any]) -> Cell:
    """A price that says its kind, with bounds in KRW for a month where there are any."""
    collected = Collected()
    for key in block:
        if key not in _PRICE_KEYS:
            collected.faults.update(unknown_key(key, _PRICE_KEYS).messages_dict)
    kinds = [kind for kind in _PRICES if kind in block]
    if len(kinds) != 1:
        raise refusal("does not say one way of pricing", f"State exactly one of {', '.join(_PRICES)}.")
    price = collected.read(kinds[0], _PRICES[kinds[0]], block[kinds[0]])
    low, high = (collected.read(key, whole_number, block[key]) if key in block else None for key in _BOUNDS)
    collected.raise_faults()
    if low is not None and high is not None and low > high:
        raise refusal(f"{low} is over the maximum of {high}", "Put the smaller amount here.", at="minimum")
    return Cell(CellKind.AMOUNT, price, low, high)


class TierSchema(StrictSchema):
    up_to = WholeNumber(at_least=1)
    unit_price = WholeNumber(required=True)

    @post_load
    def tier(self, data: dict[str, Any], **_: Any) -> Tier:
        return Tier(data.get("up_to"), data["unit_price"])


class PackageSchema(StrictSchema):
    size = WholeNumber(at_least=1, required=True)
    price = WholeNumber(required=True)
    at_least = WholeNumber(required=True)

    @post_load
    def package(self, data: dict[str, Any], **_: Any) -> Package:
        return Package(data["size"], data["price"], data["at_least"])


def _tiers(value: object) -> tuple[Tier, ...]:
    """Tiers that ascend, of which the last and only the last is open."""
    if not isinstance(value, list) or not value:
        raise refusal("is not a list of tiers", "Write one tier a line: - {up_to: 50000, unit_price: 2000}")
    collected = Collected()
    tiers: list[Tier] = [collected.read(i, TierSchema().load, item) for i, item in enumerate(value)]
    collected.raise_faults()
    below = 0
    for position, tier in enumerate(tiers[:-1]):
        collected.read(position, _check_upper, (below, tier.up_to))
        below = tier.up_to or below
    if tiers[-1].up_to is not None:
        hint = "Leave up_to out of the last tier: it holds all further units."
        collected.faults[len(tiers) - 1] = refusal("closes the last tier", hint, at="up_to").messages
    collected.raise_faults()
    return tuple(tiers)


def _check_upper(bounds: tuple[int, int | None]) -> None:
    below, upper = bounds
    if upper is None:
        raise refusal("is missing", "Only the last tier has no up_to.", at="up_to")
    if upper <= below:
        what = f"{upper} is not over {below}, where the tier before ends"
        raise refusal(what, "Sort the tiers upwards.", at="up_to")


def _flat(value: object) -> Flat:
    return Flat(whole_number(value))


def _graduated(value: object) -> Graduated:
    return Graduated(_tiers(value))


def _volume(value: object) -> Volume:
    return Volume(_tiers(value))


def _package(value: Any) -> Package:
    package: Package = PackageSchema().load(value)
    return package


_PRICES: dict[str, Callable[[Any], Price]] = {
    "flat": _flat,
    "graduated": _graduated,
    "volume": _volume,
    "package": _package,
}
_BOUNDS = ("minimum", "maximum")
_PRICE_KEYS = (*_PRICES, *_BOUNDS)

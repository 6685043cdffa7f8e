"""Why the total of an invoice differs of which no lines are known, and how its VAT was rounded. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from fee_service.money import Rounding
from fee_service.published.editions import PriceList, Rate
from fee_service.rules.invoicing import vat_of
from fee_service.rules.reckoning import Reckoned
from fee_service.rules.reconciling import (
    MOST_AFFILIATES,
    ORDER,
    Mistake,
    looked_for,
    mistakes_giving,
    mistakes_in,
    pairs_giving,
)

TELLING = 1000  # KRW a unit; where one costs less, some usage beside another mistake gives nearly any amount
ALIKE_BY = (
    "billed_until",
    "list",
    "mode",
    "piece",
    "billed_as",
    "sets",
    "times",
)  # what the same mistake has in common


class Place(NamedTuple):
    """A mistake in one of the dues of an invoice."""

    number: int  # of the due
    mistake: Mistake


def explanations_of_total(
    dues: Sequence[Reckoned], billed: int, lists: Sequence[PriceList]
) -> tuple[tuple[Place, ...], ...]:
    """What explains a total of which no lines are known: a mistake in one of its lines or the same in all, else two.

    Each answer names the lines and what is wrong in them.
    """
    excess = billed - sum(due.net for due in dues)
    found: list[tuple[Place, ...]] = [
        (Place(number, mistake),)
        for number, due in enumerate(dues)
        for mistake in mistakes_giving(due, due.net + excess, lists)
    ]
    known = [[Place(number, mistake) for mistake in mistakes_in(due, lists)] for number, due in enumerate(dues)]
    alike = [*_alike(known), *_per_affiliate(dues, excess)]
    found += [places for places in alike if _excess(places, dues) == excess]
    distinct = {_said(places): places for places in found or _two(known, dues, excess, lists)}
    return tuple(sorted(distinct.values(), key=_rank_of_places))


class VatExplained(NamedTuple):
    """How a billed VAT was rounded, where that gives it: each part by itself, and in which way."""

    parts: tuple[int, ...]
    rounding: Rounding


def vat_rounding(parts: Iterable[Sequence[int]], rate: Rate, billed: int) -> VatExplained | None:
    """How a billed VAT came about if not as one sum rounded once: by document, by line, or rounded otherwise.

    `parts` are ways to divide the same supply (KRW): as a whole, by document, by line.
    """
    ways = list(parts)
    for mode in sorted(Rounding, key=lambda mode: mode is not rate.rounding):
        for amounts in ways:
            if sum(vat_of(amount, rate, mode) for amount in amounts) == billed:
                return VatExplained(tuple(amounts), mode)
    return None


def _alike(known: Iterable[Iterable[Place]]) -> Iterator[tuple[Place, ...]]:
    """The same mistake in every line that can have it: of one kind, and the same day, list or price in it."""
    kinds: dict[Hashable, list[Place]] = {}
    for places in known:
        ways: dict[Hashable, int] = {}  # how often a line can have it
        for place in places:
            params = place.mistake.text.params
            kind = place.mistake.text.code, *(params.get(name) for name in ALIKE_BY)
            ways[kind] = ways.get(kind, 0) + 1
            kinds.setdefault((kind, ways[kind]), []).append(place)
    yield from (tuple(places) for places in kinds.values() if len(places) > 1)


def _per_affiliate(dues: Sequence[Reckoned], excess: int) -> Iterator[tuple[Place, ...]]:
    """Every affiliate extension billed for the same number of affiliates."""
    extended = [number for number, due in enumerate(dues) if due.key.fee == "affiliate_extension" and due.net > 0]
    once = sum(dues[number].net for number in extended)
    if len(extended) > 1:
        for times in range(max(2, excess // once), min(excess // once + 3, MOST_AFFILIATES)):
            found = [[Place(number, each) for each in _times(dues[number], times)] for number in extended]
            yield from (tuple(places) for places in zip(*found, strict=False))


def _times(due: Reckoned, times: int) -> Iterator[Mistake]:
    per_affiliate = looked_for(due, due.net * times)
    return (each for each in per_affiliate if each.reckoned is not None and each.reckoned.times == times)


def _two(
    known: Sequence[Sequence[Place]], dues: Sequence[Reckoned], excess: int, lists: Sequence[PriceList]
) -> Iterator[tuple[Place, ...]]:
    """A mistake in each of two lines, or two in one."""
    for one, other in combinations(known, 2):
        by_excess: dict[int, list[Place]] = {}
        for place in other:
            by_excess.setdefault(_excess((place,), dues), []).append(place)
        for place in one:
            for second in by_excess.get(excess - _excess((place,), dues), ()):
                yield place, second
    for number, due in enumerate(dues):
        if _is_looked_for(due):
            yield from _beside(number, known, dues, excess)
        for pair in pairs_giving(due, due.net + excess, lists):
            yield tuple(Place(number, mistake) for mistake in pair.mistakes)


def _is_looked_for(due: Reckoned) -> bool:
    """Whether a line can have a mistake that is found from its amount alone, and that says something."""
    dear = all((cell.unit_price or 0) >= TELLING for cell in due.cells)
    return due.key.fee == "affiliate_extension" or (due.key.fee == "usage_fee" and dear)


def _beside(
    number: int, known: Sequence[Sequence[Place]], dues: Sequence[Reckoned], excess: int
) -> Iterator[tuple[Place, ...]]:
    """A mistake in a line that is found from its amount, beside one in each other line."""
    due = dues[number]
    for place in (place for at, places in enumerate(known) if at != number for place in places):
        billed = due.net + excess - _excess((place,), dues)
        for mistake in looked_for(due, billed):
            if mistake.amount == billed != due.net:
                yield tuple(sorted((place, Place(number, mistake)), key=lambda each: each.number))


def _excess(places: Iterable[Place], dues: Sequence[Reckoned]) -> int:
    """By how much mistakes in different lines raise a total (KRW)."""
    return sum(place.mistake.amount - dues[place.number].net for place in places)


def _said(places: Iterable[Place]) -> Hashable:
    return tuple((place.number, place.mistake.text) for place in places)


def _rank_of_places(places: Sequence[Place]) -> tuple[int, ...]:
    """One line before several, then in the order of the causes."""
    return len({place.number for place in places}), len(places), *(ORDER[place.mistake.cause] for place in places)

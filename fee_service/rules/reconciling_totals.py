"""Why the total of an invoice differs of which no lines are known, and how its VAT was rounded. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from fee_service.money import Rounding
from fee_service.published.editions import PriceList, Rate
from fee_service.rules.invoicing import vat_of
from fee_service.rules.reckoning import Reckoned
from fee_service.rules.reconciling import ORDER, Cause, Mistake, mistakes_giving, mistakes_in


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
    found += [places for places in _alike(known) if _excess(places, dues) == excess]
    distinct = {_said(places): places for places in found or _two(known, dues, excess)}
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
    """The same mistake in every line that can have it: of one kind, and the same day or list in it."""
    kinds: dict[tuple[Cause, Hashable], list[Place]] = {}
    for places in known:
        for place in places:
            params = place.mistake.text.params
            kind = place.mistake.cause, params.get("billed_until", params.get("list"))
            kinds.setdefault(kind, []).append(place)
    for places in kinds.values():
        numbers = [place.number for place in places]
        if len(numbers) > 1 and len(set(numbers)) == len(numbers):
            yield tuple(places)


def _two(known: Sequence[Sequence[Place]], dues: Sequence[Reckoned], excess: int) -> Iterator[tuple[Place, ...]]:
    """A mistake in each of two lines."""
    for one, other in combinations(known, 2):
        by_excess: dict[int, list[Place]] = {}
        for place in other:
            by_excess.setdefault(_excess((place,), dues), []).append(place)
        for place in one:
            for second in by_excess.get(excess - _excess((place,), dues), ()):
                yield place, second


def _excess(places: Iterable[Place], dues: Sequence[Reckoned]) -> int:
    return sum(place.mistake.amount - dues[place.number].net for place in places)


def _said(places: Iterable[Place]) -> Hashable:
    return tuple((place.number, place.mistake.text) for place in places)


def _rank_of_places(places: Sequence[Place]) -> tuple[int, ...]:
    """One line before several, then in the order of the causes."""
    return len(places), *(ORDER[place.mistake.cause] for place in places)

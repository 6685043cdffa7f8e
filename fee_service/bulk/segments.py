"""From segments to months: what many fees cost in every month, by the rule of `rules.rating`, in arrays.

A segment is one fee of one contract over some days: with its charge in a full month under each price list, and the
days on which it is waived. What happens to a contract is told by its segments alone. An end moves `end`; a withdrawn
waiver moves `waived_end`; a usage report makes the days of its month a segment of their own with a charge of their
own; a fee that is owed once is a segment that ends with its first month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from fee_service.bulk.days import Flags, Whole, first_days, months_of, number_of
from fee_service.model import PartlyWaived
from fee_service.money import Rounding, rounded
from fee_service.published.editions import ListSpan

MOST_CHARGE = 10**16  # KRW a month: times the days of a month, doubled to round half up, it stays within 64 bits

ROUNDINGS = tuple(Rounding)
NEVER = number_of(date.max)
PARTLY = {PartlyWaived.BY_DAYS: 0, PartlyWaived.WHOLE: 1, PartlyWaived.NONE: 2}  # as `Segments.partly_waived` has them


class TooMuch(ArithmeticError):
    """An amount that 64 bits may not hold; refused, never wrapped. `segments` are those that have it."""

    def __init__(self, segments: Whole) -> None:
        self.segments = segments
        super().__init__(f"{len(segments)} charges over {MOST_CHARGE:,} won a month")


class Segments(NamedTuple):
    """Fees over days; each array has one entry a segment, `charges` one row a segment and one column a list."""

    under: Whole  # which of the sequences of `Lists`
    first: Whole  # the first day on which it is owed
    end: Whole  # the day from which it is not owed any more
    waived_first: Whole
    waived_end: Whole  # not after `waived_first`: never waived
    charges: Whole  # KRW of a full month
    prorated: Flags  # whether a part of a month is charged by its days
    waivable: Flags
    partly_waived: NDArray[np.int8]  # what of it is waived in a month that the waiver covers in part: see PARTLY


class Lists(NamedTuple):
    """Sequences of price lists in the order of time; in each a list holds until the next begins.

    Contracts differ in them by their start and their end. One row a sequence, one column a list; a sequence that has
    fewer than another is filled up with lists that never begin.
    """

    starts: Whole  # days; that of the first does not matter
    roundings: NDArray[np.int8]  # places in ROUNDINGS


class Amounts(NamedTuple):
    """What the segments cost, a row for each month of each: segment by segment, in the order of time."""

    segment: Whole
    month: Whole
    list: Whole  # KRW without VAT
    net: Whole  # KRW without VAT, what is waived taken off

    @property
    def waiver(self) -> Whole:
        """What is waived (KRW, not positive)."""
        return self.net - self.list


class _Runs(NamedTuple):
    """Months in a row with the same amounts: the first of them, and how many."""

    segment: Whole
    month: Whole
    length: Whole


def lists_of(sequences: Sequence[Sequence[ListSpan]]) -> Lists:
    """The lists over each of several horizons, as `Editions.price_lists_over` answers them."""
    most = max(len(spans) for spans in sequences)
    starts = np.full((len(sequences), most), NEVER, dtype=np.int64)
    roundings = np.zeros((len(sequences), most), dtype=np.int8)
    for row, spans in enumerate(sequences):
        for column, (span, price_list) in enumerate(spans):
            starts[row, column] = number_of(span.start)
            roundings[row, column] = ROUNDINGS.index(price_list.rounding)
    return Lists(starts, roundings)


def month_number(day: date) -> int:
    """The number of the month that holds a day."""
    return day.year * 12 + day.month - (1970 * 12 + 1)


def rate(segments: Segments, lists: Lists, since: int | None = None, until: int | None = None) -> Amounts:
    """The list amount and the net of every month of every segment; of the months from `since` up to, not including,
    `until`, where they are given.

    Raises TooMuch where a charge is beyond what 64 bits hold with its days.
    """
    _refuse_too_much(segments.charges)
    runs = _runs(segments, lists, since, until)
    amounts, nets = _amounts_of(runs, segments, lists)
    starts = np.cumsum(runs.length) - runs.length  # the row of each run's first month
    rows = np.arange(int(runs.length.sum()), dtype=np.int64)
    return Amounts(
        np.repeat(runs.segment, runs.length),
        rows + np.repeat(runs.month - starts, runs.length),
        np.repeat(amounts, runs.length),
        np.repeat(nets, runs.length),
    )


def months_in(segments: Segments) -> Whole:
    """How many months each segment touches: the rows that it gives."""
    owed = segments.end > segments.first
    return np.where(owed, months_of(segments.end - 1) + 1 - months_of(segments.first), 0)


def in_parts(rows: Whole, most: int) -> Iterator[slice]:
    """Slices of segments that give at most so many rows each (one that gives more stands alone)."""
    ends = np.cumsum(rows)
    start = 0
    while start < len(rows):
        before = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield slice(start, end)
        start = end


def _refuse_too_much(charges: Whole) -> None:
    if charges.size and int(charges.max()) > MOST_CHARGE:
        raise TooMuch(np.flatnonzero((charges > MOST_CHARGE).any(axis=1)))


def _runs(segments: Segments, lists: Lists, since: int | None, until: int | None) -> _Runs:
    """The months of each segment, cut before and after each that holds a boundary: its own ends, those of its waiver,
    and the days on which another price list begins. All months of a run cost the same."""
    first, end = months_of(segments.first), months_of(segments.end - 1) + 1
    if since is not None:
        first = np.maximum(first, since)
    if until is not None:
        end = np.minimum(end, until)
    end = np.maximum(first, np.where(segments.end > segments.first, end, first))
    holding = [
        *(months_of(days) for days in (segments.first, segments.end, segments.waived_first, segments.waived_end)),
        *(months_of(starts[segments.under]) for starts in lists.starts.T[1:]),
    ]
    cuts = np.stack([first, *holding, *(month + 1 for month in holding), end], axis=1)
    np.clip(cuts, first[:, None], end[:, None], out=cuts)
    cuts.sort(axis=1)
    lengths = np.diff(cuts, axis=1)
    segment, place = np.nonzero(lengths)
    return _Runs(segment, cuts[segment, place], lengths[segment, place])


def _amounts_of(runs: _Runs, segments: Segments, lists: Lists) -> tuple[Whole, Whole]:
    """The list amount and the net of the first month of each run, each rounded once (P1 §10.2, P2 §6).

    A fee that is not prorated costs a whole month under the list of the month's first contract day; a waiver of some of
    its days takes what the policy says of it: by default their share of the contract days. As `rules.rating` has it.
    """
    of = runs.segment
    month_start, month_end = first_days(runs.month), first_days(runs.month + 1)
    start = np.maximum(segments.first[of], month_start)
    end = np.minimum(segments.end[of], month_end)
    begins = lists.starts[segments.under[of]]
    in_force = (begins[:, 1:] <= start[:, None]).sum(axis=1)
    prorated, charges = segments.prorated[of], segments.charges[of]
    at_first = charges[np.arange(len(of)), in_force]
    waived_first, waived_end = segments.waived_first[of], segments.waived_end[of]
    full, charged, charged_days = np.zeros((3, len(of)), dtype=np.int64)
    most = charges.shape[1]
    for number in range(most):
        since = np.maximum(start, begins[:, number]) if number else start
        until = np.minimum(end, begins[:, number + 1]) if number + 1 < most else end
        days = np.maximum(until - since, 0)
        waived = np.maximum(np.minimum(until, waived_end) - np.maximum(since, waived_first), 0)
        charge = np.where(prorated, charges[:, number], at_first)
        full += charge * days
        charged += charge * (days - waived)
        charged_days += days - waived
    days = end - start
    divisor = np.where(prorated, month_end - month_start, days)
    rounding = lists.roundings[segments.under[of], in_force]
    amount, net = _rounded(full, divisor, rounding), _rounded(charged, divisor, rounding)
    partly = segments.partly_waived[of]
    undivided = (partly != PARTLY[PartlyWaived.BY_DAYS]) & (charged_days > 0) & (charged_days < days)
    net = np.where(undivided, np.where(partly == PARTLY[PartlyWaived.NONE], amount, 0), net)
    return amount, np.where(segments.waivable[of], net, amount)


def _rounded(numerator: Whole, denominator: Whole, rounding: NDArray[np.int8]) -> Whole:
    """Whole won as `money.rounded` has them; each as the list in force says."""
    exactly = cast(Any, rounded)  # its arithmetic is that of arrays, too
    result = np.empty_like(numerator)
    for number in np.unique(rounding):
        here = rounding == number
        result[here] = exactly(numerator[here], denominator[here], ROUNDINGS[number])
    return result

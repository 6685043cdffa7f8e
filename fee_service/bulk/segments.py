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
NEVER = number_of(date(2400, 1, 1))
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


class Runs(NamedTuple):
    """The same, with months in a row that cost the same as one row: the first of them, and how many."""

    segment: Whole
    month: Whole
    length: Whole
    list: Whole  # of each month
    net: Whole

    def by_month(self) -> Amounts:
        """A row for each month."""
        starts = np.cumsum(self.length) - self.length  # the row of each run's first month
        rows = np.arange(int(self.length.sum()), dtype=np.int64)
        segment, offset, amounts, nets = (
            np.repeat(column, self.length) for column in (self.segment, self.month - starts, self.list, self.net)
        )
        return Amounts(segment, rows + offset, amounts, nets)


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
    return rate_runs(segments, lists, since, until).by_month()


def rate_runs(segments: Segments, lists: Lists, since: int | None = None, until: int | None = None) -> Runs:
    """The same as `rate`, with months in a row that cost the same told once: whole months need no division."""
    _refuse_too_much(segments.charges)
    segment, month, length = _cut(segments, lists, since, until)
    return Runs(segment, month, length, *_amounts_of(segment, month, segments, lists))


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


def _cut(segments: Segments, lists: Lists, since: int | None, until: int | None) -> tuple[Whole, Whole, Whole]:
    """The months of each segment as runs: which segment, the first month, how many. Cut before and after each month
    that holds a boundary (its own ends, those of its waiver, the first day of another price list), so that all months
    of a run cost the same."""
    first, end = months_of(segments.first), months_of(segments.end - 1) + 1
    if since is not None:
        first = np.maximum(first, since)
    if until is not None:
        end = np.minimum(end, until)
    end = np.maximum(first, np.where(segments.end > segments.first, end, first))
    holding = [months_of(segments.first), months_of(segments.waived_end)]
    if (segments.waived_first != segments.first).any():
        holding.append(months_of(segments.waived_first))
    holding += [months_of(starts[segments.under]) for starts in lists.starts.T[1:]]
    last = months_of(segments.end)  # holds a boundary, too, where the end is not its first day
    cuts = [np.clip(month, first, end) for month in (*holding, *(month + 1 for month in holding), last)]
    bounds = np.stack([first, *_in_order(cuts), end], axis=1)
    lengths = np.diff(bounds, axis=1).ravel()
    run = np.flatnonzero(lengths)
    each = bounds.shape[1]
    return run // (each - 1), bounds.ravel()[run + run // (each - 1)], lengths[run]


def _in_order(columns: list[Whole]) -> list[Whole]:
    """The same numbers in ascending order from column to column (a sorting network: few columns, many rows)."""
    for step in range(len(columns)):
        for left in range(step % 2, len(columns) - 1, 2):
            one, other = columns[left], columns[left + 1]
            columns[left], columns[left + 1] = np.minimum(one, other), np.maximum(one, other)
    return columns


def _amounts_of(of: Whole, month: Whole, segments: Segments, lists: Lists) -> tuple[Whole, Whole]:
    """The list amount and the net of one month each `of` a segment, each rounded once (P1 §10.2, P2 §6).

    A fee that is not prorated costs a whole month under the list of the month's first contract day; a waiver of some of
    its days takes what the policy says of it: by default their share of the contract days. As `rules.rating` has it.
    """
    month_start, month_end = first_days(month), first_days(month + 1)
    start = np.maximum(segments.first[of], month_start)
    end = np.minimum(segments.end[of], month_end)
    waived_first, waived_end = segments.waived_first[of], segments.waived_end[of]
    prorated, under = segments.prorated[of], segments.under[of]
    in_force = _in_force(start, under, lists)
    at_first = segments.charges[of, in_force]
    full, charged, charged_days = np.zeros((3, len(of)), dtype=np.int64)
    for number, since, until in _parts(start, end, under, lists):
        days = np.maximum(until - since, 0)
        unwaived = days - np.maximum(np.minimum(until, waived_end) - np.maximum(since, waived_first), 0)
        charge = np.where(prorated, segments.charges[of, number], at_first) if number else at_first
        full += charge * days
        charged += charge * unwaived
        charged_days += unwaived
    days = end - start
    divisor = np.where(prorated, month_end - month_start, days)
    rounding = lists.roundings[under, in_force]
    amount, net = _rounded(full, divisor, rounding), _rounded(charged, divisor, rounding)
    partly = segments.partly_waived[of]
    undivided = (partly != PARTLY[PartlyWaived.BY_DAYS]) & (charged_days > 0) & (charged_days < days)
    net = np.where(undivided, np.where(partly == PARTLY[PartlyWaived.NONE], amount, 0), net)
    return amount, np.where(segments.waivable[of], net, amount)


def _in_force(start: Whole, under: Whole, lists: Lists) -> Whole:
    """The list that is in force on each day, by its number in the sequence."""
    found = np.zeros(len(start), dtype=np.int64)
    for later in lists.starts.T[1:]:
        found += later[under] <= start
    return found


def _parts(start: Whole, end: Whole, under: Whole, lists: Lists) -> Iterator[tuple[int, Whole, Whole]]:
    """The days of each run under each list: from when, and until when (no day, where that is not later)."""
    begins = [start, *(np.maximum(start, later[under]) for later in lists.starts.T[1:])]
    ends = [*(np.minimum(end, later[under]) for later in lists.starts.T[1:]), end]
    return zip(range(len(begins)), begins, ends, strict=True)


def _rounded(numerator: Whole, denominator: Whole, rounding: NDArray[np.int8]) -> Whole:
    """Whole won as `money.rounded` has them; each as the list in force says."""
    exactly = cast(Any, rounded)  # its arithmetic is that of arrays, too
    result = np.zeros_like(numerator)
    for number in np.flatnonzero(np.bincount(rounding, minlength=len(ROUNDINGS))):
        here = rounding == number
        won = exactly(numerator, denominator, ROUNDINGS[number])
        result = won if here.all() else np.where(here, won, result)
    return result

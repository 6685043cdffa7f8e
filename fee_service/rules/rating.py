"""From lines to months: what each costs in every calendar month of the horizon.

Pure and exact: whole won, one rounding per line and month, no clock. A company matters here only through the period
of its waiver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from fee_service.model import Line, MonthLine, Monthly, PartlyWaived
from fee_service.money import Rounding, rounded
from fee_service.periods import CalendarMonth, Period, calendar_months
from fee_service.published.editions import ListSpan, WaiverPolicy
from fee_service.rules.waivable import waivable


class RatedLine(NamedTuple):
    """What of a line its amounts depend on: its charge in a full month under each list, and its rules."""

    id: int
    charges: tuple[int, ...]
    prorated: bool
    waivable: bool
    partly_waived: PartlyWaived
    once: bool
    delay: int  # months until the invoice
    until: date | None  # the day from which it is not owed any more


class ListDays(NamedTuple):
    """The contract days and, among them, the charged (not waived) days of a month under one price list."""

    number: int  # of the list, in the order of time
    days: int
    charged: int


class RatedMonth(NamedTuple):
    """The amounts of a month; `billed` is their net by months of delay until the invoice."""

    lines: tuple[MonthLine, ...]
    list: int
    waiver: int
    net: int
    billed: tuple[tuple[int, int], ...]


class Run(NamedTuple):
    """Months in a row with the same amounts: several whole ones, or one with a boundary inside."""

    months: tuple[CalendarMonth, ...]
    waived_days: int | None  # None: all days of each
    amounts: RatedMonth


@dataclass(frozen=True, slots=True, eq=False)
class RatedMonths:
    """The amounts of a horizon, run by run, and their sums."""

    runs: tuple[Run, ...]
    list: int
    waiver: int
    net: int


def rated_lines(lines: tuple[Line, ...], lists: tuple[ListSpan, ...]) -> tuple[RatedLine, ...]:
    """The lines as `rate_months` needs them."""
    end = lists[-1][0].end
    return tuple([_rated(line, end) for line in lines])


def _rated(line: Line, end: date) -> RatedLine:
    """A line over a horizon that ends on a day."""
    return RatedLine(
        id=line.id,
        charges=tuple([cell.charge for cell in line.cells]),
        prorated=line.prorated,
        waivable=line.waivable,
        partly_waived=line.partly_waived,
        once=line.once,
        delay=line.months_after,
        until=line.until if line.until is not None and line.until < end else None,
    )


def under_policy(
    lines: Iterable[Line], rated: Iterable[RatedLine], policy: WaiverPolicy | None
) -> tuple[RatedLine, ...]:
    """The same lines under another policy: nothing differs but what of them is waived."""
    return tuple([_under(policy, line, each) for line, each in zip(lines, rated, strict=True)])


def _under(policy: WaiverPolicy | None, line: Line, rated: RatedLine) -> RatedLine:
    waived = waivable(policy, line.fee, line.options, line.prorated)
    return RatedLine(
        id=rated.id,
        charges=rated.charges,
        prorated=rated.prorated,
        waivable=waived.waivable,
        partly_waived=waived.partly_waived,
        once=rated.once,
        delay=rated.delay,
        until=rated.until,
    )


class Share(NamedTuple):
    """The days of a month that a fee is for: under each list that is in force in it, and in all."""

    parts: tuple[ListDays, ...]
    days: int
    days_in_month: int
    charged: int

    @property
    def is_whole(self) -> bool:
        """Whether the month is full, under one list, and waived in whole or not at all."""
        return self.parts[0].days == self.days_in_month and (self.charged == self.days or not self.charged)


Amounts = Sequence[tuple[int, int]]  # list amount and net of each line


def rate_months(
    lines: tuple[RatedLine, ...], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> RatedMonths:
    """The amounts of every calendar month of a horizon; months without a boundary inside are rated once."""
    walk = _walk(lines, horizon, lists, waived)
    runs = tuple([Run(months, _waived_days(share), _month(rated, amounts)) for months, share, rated, amounts in walk])
    total_list = sum([run.amounts.list * len(run.months) for run in runs])
    total_net = sum([run.amounts.net * len(run.months) for run in runs])
    return RatedMonths(runs, total_list, total_net - total_list, total_net)


class RatedTotals(NamedTuple):
    """The sums of `RatedMonths` alone."""

    list: int
    net: int


def rate_totals(
    lines: tuple[RatedLine, ...], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> RatedTotals:
    """What `rate_months` sums up to, without its months: for what another choice would cost."""
    total_list = total_net = 0
    for months, _, _, amounts in _walk(lines, horizon, lists, waived):
        total_list += sum([amount for amount, _ in amounts]) * len(months)
        total_net += sum([net for _, net in amounts]) * len(months)
    return RatedTotals(total_list, total_net)


def rate_waived(lines: Iterable[RatedLine], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None) -> int:
    """What a waiver takes off a horizon (KRW, not positive); a line that it does not cover adds nothing to it."""
    covered = tuple([line for line in lines if line.waivable])
    if waived is None or not covered:
        return 0
    totals = rate_totals(covered, horizon, lists, waived)
    return totals.net - totals.list


def months_alone(
    line: Line, horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> Iterator[tuple[CalendarMonth, int, int]]:
    """The months that are not filled, not waived as a whole or not under one list, with what a line comes to in each:
    its list amount and its net (KRW). What is charged once comes in the first month or not at all."""
    rated = (_rated(line, lists[-1][0].end),)
    ends = _ends(rated)
    shares = _shares(horizon, lists, waived, ends)
    for (month, *more), share in shares[:1] if line.once else shares:
        if not more and (ends or not share.is_whole):
            amounts = _amounts(rated, share, lists)
            [(amount, net)] = _ended(amounts, rated, month, lists, waived) if ends else amounts
            yield month, amount, net


def _walk(
    lines: Sequence[RatedLine], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> Iterator[tuple[tuple[CalendarMonth, ...], Share, Sequence[RatedLine], Amounts]]:
    """The months of a horizon run by run: their days, and the amounts of the lines that are charged in each.

    What is charged once is so in the first run, which holds the boundary of the start and is one month.
    """
    ends = _ends(lines)
    charged, recurring = lines, [line for line in lines if not line.once]
    for months, share in _shares(horizon, lists, waived, ends):
        amounts = _amounts(charged, share, lists)
        yield months, share, charged, _ended(amounts, charged, months[0], lists, waived) if ends else amounts
        charged = recurring


def _ends(lines: Iterable[RatedLine]) -> frozenset[date]:
    """The days from which a line is not owed any more."""
    return frozenset([line.until for line in lines if line.until is not None])


def _month(lines: Iterable[RatedLine], amounts: Amounts) -> RatedMonth:
    rows: list[MonthLine] = []
    billed: dict[int, int] = {}
    total_list = 0
    for line, (amount, net) in zip(lines, amounts, strict=True):
        rows.append(_month_line((line.id, amount, net - amount, net)))
        billed[line.delay] = billed.get(line.delay, 0) + net
        total_list += amount
    total_net = sum(billed.values())
    return RatedMonth(tuple(rows), total_list, total_net - total_list, total_net, tuple(billed.items()))


_month_line: Callable[[tuple[int, int, int, int]], MonthLine] = partial(tuple.__new__, MonthLine)  # in half the time


def _waived_days(share: Share) -> int | None:
    return share.days - share.charged if share.charged else None


@lru_cache(maxsize=512)
def _shares(
    horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None, ends: frozenset[date]
) -> tuple[tuple[tuple[CalendarMonth, ...], Share], ...]:
    """The runs of months that are alike, with the days of one; kept, as nothing matters to them that costs."""
    runs = _alike(horizon, lists, waived, ends)
    return tuple([(months, _share(months[0].span, months[0].days_in_month, lists, waived)) for months in runs])


def _alike(
    horizon: Period, lists: Sequence[ListSpan], waived: Period | None, ends: Iterable[date]
) -> Iterator[tuple[CalendarMonth, ...]]:
    """The months of a horizon, cut before and after each that holds a boundary: its own ends, those of the
    waiver, and the days on which another price list begins or a line is not owed any more."""
    months = calendar_months(horizon)
    days = [horizon.start, horizon.end, *[span.start for span, _ in lists], *(waived or ()), *ends]
    first = horizon.start.year * 12 + horizon.start.month
    bounded = {day.year * 12 + day.month - first for day in days if horizon.start <= day <= horizon.end}
    start = 0
    for number in sorted(bounded):
        if start < number:
            yield months[start:number]
        if number < len(months):
            yield months[number : number + 1]
        start = number + 1


def _share(span: Period, days_in_month: int, lists: Sequence[ListSpan], waived: Period | None) -> Share:
    """The days of a part of a month, under each list that is in force in it."""
    if len(lists) == 1:
        days = span.days
        charged = days - (span.days_within(waived) if waived else 0)
        return Share((ListDays(0, days, charged),), days, days_in_month, charged)
    parts = []
    for number, (in_force, _) in enumerate(lists):
        part = span.overlap(in_force)
        if part.days:
            charged = part.days - (part.days_within(waived) if waived else 0)
            parts.append(ListDays(number, part.days, charged))
    return Share(tuple(parts), span.days, days_in_month, sum(part.charged for part in parts))


def _amounts(
    lines: Iterable[RatedLine], share: Share, lists: Sequence[ListSpan], rounding: Rounding | None = None
) -> Amounts:
    """The list amount and the net of each line in a month or a part of one, rounded as the list says or as given."""
    number = share.parts[0].number
    if share.is_whole:
        return _whole(lines, number, waived=not share.charged)
    as_said = rounding or lists[number][1].rounding
    return [_by_days(line, share, as_said) for line in lines]


def _ended(
    amounts: Amounts,
    lines: Iterable[RatedLine],
    month: CalendarMonth,
    lists: Sequence[ListSpan],
    waived: Period | None,
) -> Amounts:
    """The same amounts, but those of a line that ends before the month does: it is owed until then."""
    return [
        amount if line.until is None or line.until >= month.span.end else _until(line, line.until, month, lists, waived)
        for line, amount in zip(lines, amounts, strict=True)
    ]


def _until(
    line: RatedLine, until: date, month: CalendarMonth, lists: Sequence[ListSpan], waived: Period | None
) -> tuple[int, int]:
    """The amounts of a line that is owed only before a day."""
    owed = month.span.overlap(Period(month.span.start, max(until, month.span.start)))
    return rate_span(line, owed, month.days_in_month, lists, waived)


def rate_span(
    line: RatedLine,
    span: Period,
    days_in_month: int,
    lists: Sequence[ListSpan],
    waived: Period | None,
    rounding: Rounding | None = None,
) -> tuple[int, int]:
    """The list amount and the net (KRW) of a line for a part of one month; nothing for no day.

    Rounded as the list says, unless another way is given.
    """
    if not span.days:
        return 0, 0
    [amounts] = _amounts((line,), _share(span, days_in_month, lists, waived), lists, rounding)
    return amounts


def _whole(lines: Iterable[RatedLine], number: int, *, waived: bool) -> Amounts:
    """Lines that fill the month, waived in whole or not at all, take their charge under a list as it is."""
    return [(line.charges[number], 0 if waived and line.waivable else line.charges[number]) for line in lines]


def _by_days(line: RatedLine, share: Share, rounding: Rounding) -> tuple[int, int]:
    """A line's list amount and net in a month with a boundary inside, each rounded once.

    A fee that is not prorated costs a whole month under the list of the month's first contract day;
    a waiver of some of its days takes what the policy says of it: by default their share of the contract days.
    """
    parts, days, days_in_month, charged_days = share
    full = charged = 0
    for number, of_list, charged_of_list in parts:
        charge = line.charges[number if line.prorated else parts[0].number]
        full += charge * of_list
        charged += charge * charged_of_list
    divisor = days_in_month if line.prorated else days
    amount = rounded(full, divisor, rounding)
    if not line.waivable or charged_days == days:
        return amount, amount
    if line.partly_waived is not PartlyWaived.BY_DAYS and charged_days:
        return amount, amount if line.partly_waived is PartlyWaived.NONE else 0
    return amount, rounded(charged, divisor, rounding)


def monthly(lines: Iterable[Line], granted: bool, lists: Sequence[ListSpan], after: Period | None) -> Monthly:
    """The recurring net of a whole month: waived, under the first list; and unwaived, under the list then."""
    recurring = [line for line in lines if not line.once]
    end = after.end if after else lists[0][0].start
    later = next((i for i, (span, _) in enumerate(lists) if end < span.end), len(lists) - 1)
    during = sum(line.cells[0].charge for line in recurring if not line.waivable) if granted else None
    day = min(end, lists[-1][0].last_day)  # what is withdrawn beyond the horizon does not matter
    owed_then = [line for line in recurring if line.until is None or day < line.until]
    return Monthly(during, sum(line.cells[later].charge for line in owed_then))

"""From lines to months: what each costs in every calendar month of the horizon.

Pure and exact: whole won, one rounding per line and month, no clock. A company matters here only through the period
of its waiver, so results are kept for a while: the next company with the same licences has the same months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fee_service.model import Line, MonthLine, Monthly, PartlyWaived
from fee_service.money import Rounding, rounded
from fee_service.periods import CalendarMonth, Period, calendar_months
from fee_service.published.editions import ListSpan


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


@lru_cache(maxsize=1024)
def rated_lines(lines: tuple[Line, ...], lists: tuple[ListSpan, ...]) -> tuple[RatedLine, ...]:
    """The lines as `rate_months` needs them."""
    end = lists[-1][0].end
    return tuple(
        RatedLine(
            line.id,
            tuple([cell.charge for cell in line.cells]),
            line.prorated,
            line.waivable,
            line.partly_waived,
            line.once,
            line.months_after,
            line.until if line.until is not None and line.until < end else None,
        )
        for line in lines
    )


@lru_cache(maxsize=1024)
def rate_months(
    lines: tuple[RatedLine, ...], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> RatedMonths:
    """The amounts of every calendar month of a horizon; months without a boundary inside are rated once."""
    recurring = [line for line in lines if not line.once]
    runs: list[Run] = []
    total_list = total_net = 0
    for months in _alike(horizon, lists, waived, lines):
        parts = _list_days(months[0].span, lists, waived)
        amounts = _amounts(recurring if runs else lines, months[0], parts, lists, waived)
        runs.append(Run(months, _waived_days(months[0], parts), amounts))
        total_list += amounts.list * len(months)
        total_net += amounts.net * len(months)
    return RatedMonths(tuple(runs), total_list, total_net - total_list, total_net)


class RatedTotals(NamedTuple):
    """The sums of `RatedMonths` alone."""

    list: int
    net: int


@lru_cache(maxsize=1024)
def rate_totals(
    lines: tuple[RatedLine, ...], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> RatedTotals:
    """What `rate_months` sums up to, without its months: for what another choice would cost."""
    recurring = [line for line in lines if not line.once]
    total_list = total_net = 0
    for count, months in enumerate(_alike(horizon, lists, waived, lines)):
        parts = _list_days(months[0].span, lists, waived)
        amounts = [_of_line(line, months[0], parts, lists, waived) for line in (recurring if count else lines)]
        total_list += sum([amount for amount, _ in amounts]) * len(months)
        total_net += sum([net for _, net in amounts]) * len(months)
    return RatedTotals(total_list, total_net)


def _waived_days(month: CalendarMonth, parts: tuple[ListDays, ...]) -> int | None:
    charged = sum(part.charged for part in parts)
    return month.days - charged if charged else None


def _alike(
    horizon: Period, lists: Sequence[ListSpan], waived: Period | None, lines: Iterable[RatedLine]
) -> Iterator[tuple[CalendarMonth, ...]]:
    """The months of a horizon, cut before and after each that holds a boundary: its own ends, those of the
    waiver, and the days on which another price list begins or a line is not owed any more."""
    months = calendar_months(horizon)
    days = [horizon.start, horizon.end, *(span.start for span, _ in lists), *(waived or ())]
    days += [line.until for line in lines if line.until is not None]
    first = horizon.start.year * 12 + horizon.start.month
    bounded = {day.year * 12 + day.month - first for day in days if horizon.start <= day <= horizon.end}
    start = 0
    for number in sorted(bounded):
        if start < number:
            yield months[start:number]
        if number < len(months):
            yield months[number : number + 1]
        start = number + 1


def _list_days(span: Period, lists: Sequence[ListSpan], waived: Period | None) -> tuple[ListDays, ...]:
    """The days of a month under each list that is in force in it."""
    if len(lists) == 1:
        return (ListDays(0, span.days, span.days - (span.overlap(waived).days if waived else 0)),)
    parts = []
    for number, (in_force, _) in enumerate(lists):
        part = span.overlap(in_force)
        if part.days:
            charged = part.days - (part.overlap(waived).days if waived else 0)
            parts.append(ListDays(number, part.days, charged))
    return tuple(parts)


def _amounts(
    lines: Sequence[RatedLine],
    month: CalendarMonth,
    parts: tuple[ListDays, ...],
    lists: Sequence[ListSpan],
    waived: Period | None,
) -> RatedMonth:
    month_lines = []
    total_list = total_net = 0
    billed: dict[int, int] = {}
    for line in lines:
        amount, net = _of_line(line, month, parts, lists, waived)
        month_lines.append(MonthLine(line.id, amount, net - amount, net))
        total_list += amount
        total_net += net
        billed[line.delay] = billed.get(line.delay, 0) + net
    waiver = total_net - total_list
    return RatedMonth(tuple(month_lines), total_list, waiver, total_net, tuple(billed.items()))


def _of_line(
    line: RatedLine,
    month: CalendarMonth,
    parts: tuple[ListDays, ...],
    lists: Sequence[ListSpan],
    waived: Period | None,
) -> tuple[int, int]:
    """A line's list amount and net in a month. One that is whole, under one list and waived in whole or not at
    all takes the charge as it is; every other is counted by days and rounded."""
    if line.until is not None and line.until < month.span.end:
        month, parts = _before(line.until, month, lists, waived)
        if not month.days:
            return 0, 0
    number, days, charged = parts[0]
    if days == month.days_in_month and (charged == days or not charged):
        charge = line.charges[number]
        return charge, 0 if line.waivable and not charged else charge
    return _by_days(line, month, parts, lists[number][1].rounding)


def _before(
    day: date, month: CalendarMonth, lists: Sequence[ListSpan], waived: Period | None
) -> tuple[CalendarMonth, tuple[ListDays, ...]]:
    """What of a month lies before a day."""
    span = month.span.overlap(Period(month.span.start, max(day, month.span.start)))
    return month._replace(span=span, days=span.days), _list_days(span, lists, waived)


def _by_days(line: RatedLine, month: CalendarMonth, parts: tuple[ListDays, ...], rounding: Rounding) -> tuple[int, int]:
    """A line's list amount and net in a month with a boundary inside, each rounded once.

    A fee that is not prorated costs a whole month under the list of the month's first contract day;
    a waiver of some of its days takes what the policy says of it: by default their share of the contract days.
    """
    full = charged = 0
    for number, days, charged_days in parts:
        charge = line.charges[number if line.prorated else parts[0].number]
        full += charge * days
        charged += charge * charged_days
    divisor = month.days_in_month if line.prorated else month.days
    amount = rounded(full, divisor, rounding)
    if not line.waivable:
        return amount, amount
    in_part = 0 < sum(part.charged for part in parts) < month.days
    if in_part and line.partly_waived is not PartlyWaived.BY_DAYS:
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

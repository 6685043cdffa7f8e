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
def under_policy(
    lines: tuple[Line, ...], lists: tuple[ListSpan, ...], policy: WaiverPolicy | None
) -> tuple[RatedLine, ...]:
    """The same lines under another policy: nothing differs but what of them is waived."""
    return tuple(
        [
            RatedLine(
                rated.id,
                rated.charges,
                rated.prorated,
                *waivable(policy, line.fee, line.options, line.prorated),
                rated.once,
                rated.delay,
                rated.until,
            )
            for line, rated in zip(lines, rated_lines(lines, lists), strict=True)
        ]
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


@lru_cache(maxsize=1024)
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


@lru_cache(maxsize=1024)
def rate_totals(
    lines: tuple[RatedLine, ...], horizon: Period, lists: tuple[ListSpan, ...], waived: Period | None
) -> RatedTotals:
    """What `rate_months` sums up to, without its months: for what another choice would cost."""
    total_list = total_net = 0
    for months, _, _, amounts in _walk(lines, horizon, lists, waived):
        total_list += sum([amount for amount, _ in amounts]) * len(months)
        total_net += sum([net for _, net in amounts]) * len(months)
    return RatedTotals(total_list, total_net)


def _walk(
    lines: Sequence[RatedLine], horizon: Period, lists: Sequence[ListSpan], waived: Period | None
) -> Iterator[tuple[tuple[CalendarMonth, ...], Share, Sequence[RatedLine], Amounts]]:
    """The months of a horizon run by run: their days, and the amounts of the lines that are charged in each.

    What is charged once is so in the first run, which holds the boundary of the start and is one month.
    """
    charged = lines
    for months in _alike(horizon, lists, waived, lines):
        share = _share(months[0].span, months[0].days_in_month, lists, waived)
        yield months, share, charged, _amounts(charged, months[0], share, lists, waived)
        charged = [line for line in charged if not line.once]


def _month(lines: Iterable[RatedLine], amounts: Amounts) -> RatedMonth:
    month_lines = []
    total_list = total_net = 0
    billed: dict[int, int] = {}
    for line, (amount, net) in zip(lines, amounts, strict=True):
        month_lines.append(MonthLine(line.id, amount, net - amount, net))
        total_list += amount
        total_net += net
        billed[line.delay] = billed.get(line.delay, 0) + net
    return RatedMonth(tuple(month_lines), total_list, total_net - total_list, total_net, tuple(billed.items()))


def _waived_days(share: Share) -> int | None:
    return share.days - share.charged if share.charged else None


def _alike(
    horizon: Period, lists: Sequence[ListSpan], waived: Period | None, lines: Iterable[RatedLine]
) -> Iterator[tuple[CalendarMonth, ...]]:
    """The months of a horizon, cut before and after each that holds a boundary: its own ends, those of the
    waiver, and the days on which another price list begins or a line is not owed any more."""
    months = calendar_months(horizon)
    days = [horizon.start, horizon.end, *[span.start for span, _ in lists], *(waived or ())]
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


def _share(span: Period, days_in_month: int, lists: Sequence[ListSpan], waived: Period | None) -> Share:
    """The days of a part of a month, under each list that is in force in it."""
    if len(lists) == 1:
        days = span.days
        charged = days - (span.overlap(waived).days if waived else 0)
        return Share((ListDays(0, days, charged),), days, days_in_month, charged)
    parts = []
    for number, (in_force, _) in enumerate(lists):
        part = span.overlap(in_force)
        if part.days:
            charged = part.days - (part.overlap(waived).days if waived else 0)
            parts.append(ListDays(number, part.days, charged))
    return Share(tuple(parts), span.days, days_in_month, sum(part.charged for part in parts))


def _amounts(
    lines: Iterable[RatedLine],
    month: CalendarMonth,
    share: Share,
    lists: Sequence[ListSpan],
    waived: Period | None,
) -> Amounts:
    """The list amount and the net of each line in a month; a line that ends inside it is owed until then."""
    ending = month.span.end
    of_share = _whole if share.is_whole else _by_days
    rounding = lists[share.parts[0].number][1].rounding
    return [
        of_share(line, share, rounding)
        if line.until is None or line.until >= ending
        else _until(line, line.until, month, lists, waived)
        for line in lines
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
    share = _share(span, days_in_month, lists, waived)
    of_share = _whole if share.is_whole else _by_days
    return of_share(line, share, rounding or lists[share.parts[0].number][1].rounding)


def _whole(line: RatedLine, share: Share, _rounding: Rounding) -> tuple[int, int]:
    """A line that fills the month, waived in whole or not at all, takes its charge as it is."""
    charge = line.charges[share.parts[0].number]
    return charge, 0 if line.waivable and not share.charged else charge


def _by_days(line: RatedLine, share: Share, rounding: Rounding) -> tuple[int, int]:
    """A line's list amount and net in a month with a boundary inside, each rounded once.

    A fee that is not prorated costs a whole month under the list of the month's first contract day;
    a waiver of some of its days takes what the policy says of it: by default their share of the contract days.
    """
    full = charged = 0
    for number, days, charged_days in share.parts:
        charge = line.charges[number if line.prorated else share.parts[0].number]
        full += charge * days
        charged += charge * charged_days
    divisor = share.days_in_month if line.prorated else share.days
    amount = rounded(full, divisor, rounding)
    if not line.waivable:
        return amount, amount
    if line.partly_waived is not PartlyWaived.BY_DAYS and 0 < share.charged < share.days:
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

"""From lines to months: what each costs in every calendar month of the horizon.

Pure and exact: whole won, one rounding per line and month, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fee_service.editions import Billed, ListSpan
from fee_service.model import Line, Month, MonthLine, Monthly
from fee_service.money import rounded
from fee_service.periods import CalendarMonth, Period, calendar_months


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


class RatedMonths(NamedTuple):
    months: tuple[tuple[CalendarMonth, int, RatedMonth], ...]  # the month, its waived days, its amounts

    @property
    def net(self) -> int:
        return sum(rated.net for _, _, rated in self.months)

    @property
    def list(self) -> int:
        return sum(rated.list for _, _, rated in self.months)

    @property
    def waiver(self) -> int:
        return sum(rated.waiver for _, _, rated in self.months)


def rate_months(
    lines: Sequence[Line], horizon: Period, lists: Sequence[ListSpan], waived: Period | None
) -> RatedMonths:
    """The amounts of every calendar month of a horizon. Months alike in days and lists are rated once."""
    once = {line.id for line in lines if lists[0][1].fees[line.fee].billed is Billed.ONCE}
    recurring = tuple(line for line in lines if line.id not in once)
    delays = {line.id: lists[0][1].fees[line.fee].months_after for line in lines}
    rated: dict[object, RatedMonth] = {}
    months = []
    for month in calendar_months(horizon):
        waived_days = month.span.overlap(waived).days if waived else 0
        parts = _list_days(month, lists, waived)
        first = month.span.start == horizon.start
        whole = len(parts) == 1 and parts[0].days == month.days_in_month
        key = (
            (first, parts[0].number, waived_days == month.days)
            if whole and waived_days in (0, month.days)
            else (first, month.days_in_month, parts)
        )
        if key not in rated:
            rated[key] = _rate(lines if first else recurring, month, parts, lists, delays)
        months.append((month, waived_days, rated[key]))
    return RatedMonths(tuple(months))


def _list_days(
    month: CalendarMonth, lists: Sequence[ListSpan], waived: Period | None
) -> tuple[ListDays, ...]:
    parts = []
    for number, (span, _) in enumerate(lists):
        part = month.span.overlap(span)
        if part.days:
            parts.append(
                ListDays(number, part.days, part.days - (part.overlap(waived).days if waived else 0))
            )
    return tuple(parts)


def _rate(
    lines: Sequence[Line],
    month: CalendarMonth,
    parts: tuple[ListDays, ...],
    lists: Sequence[ListSpan],
    delays: dict[int, int],
) -> RatedMonth:
    rounding = lists[parts[0].number][1].rounding
    month_lines = []
    billed: dict[int, int] = {}
    for line in lines:
        full, charged, days = _weighed(line, month, parts)
        amount = rounded(full, days, rounding)
        net = rounded(charged, days, rounding) if line.waivable else amount
        month_lines.append(MonthLine(line.id, amount, net - amount, net))
        billed[delays[line.id]] = billed.get(delays[line.id], 0) + net
    return RatedMonth(
        tuple(month_lines),
        sum(line.list for line in month_lines),
        sum(line.waiver for line in month_lines),
        sum(line.net for line in month_lines),
        tuple(sorted(billed.items())),
    )


def _weighed(line: Line, month: CalendarMonth, parts: tuple[ListDays, ...]) -> tuple[int, int, int]:
    """A line's won-days of a month: of all contract days, of the charged ones, and the days to divide by.

    A fee that is not prorated costs a whole month under the list of the month's first contract day;
    a waiver of some of its days takes their share of the contract days.
    """
    if line.prorated:
        full = sum(line.cells[part.number].charge * part.days for part in parts)
        return full, sum(line.cells[part.number].charge * part.charged for part in parts), month.days_in_month
    charge = line.cells[parts[0].number].charge
    return charge * month.days, charge * sum(part.charged for part in parts), month.days


def with_test_months(rated: RatedMonths, test: Period | None) -> tuple[Month, ...]:
    """All months as a quote shows them: free test months first, then those of the contract."""
    test_days = {month.label: month for month in calendar_months(test)} if test else {}
    months = []
    for month, waived_days, amounts in rated.months:
        tested = test_days.pop(month.label, None)
        months.append(
            Month(
                month.label,
                month.days,
                month.days_in_month,
                tested.days if tested else 0,
                waived_days,
                amounts.list,
                amounts.waiver,
                amounts.net,
                amounts.lines,
            )
        )
    before = (Month(m.label, 0, m.days_in_month, m.days, 0, 0, 0, 0, ()) for m in test_days.values())
    return (*before, *months)


def monthly(lines: Iterable[Line], granted: bool, lists: Sequence[ListSpan], after: Period | None) -> Monthly:
    """The recurring net of a whole month: waived, under the first list; and unwaived, under the list then."""
    recurring = [line for line in lines if lists[0][1].fees[line.fee].billed is not Billed.ONCE]
    end = after.end if after else lists[0][0].start
    later = next((i for i, (span, _) in enumerate(lists) if end < span.end), len(lists) - 1)
    during = sum(line.cells[0].charge for line in recurring if not line.waivable) if granted else None
    return Monthly(during, sum(line.cells[later].charge for line in recurring))

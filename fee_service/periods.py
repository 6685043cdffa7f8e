"""Half-open periods `[start, end)` of days, and months that end as the Civil Act says."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, Self

ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """The days from `start` up to, not including, `end`."""

    start: date
    end: date

    @classmethod
    def through(cls, first: date, last: date) -> Self:
        """The period whose last day is `last`, as people write it."""
        return cls(first, last + ONE_DAY)

    @property
    def last_day(self) -> date:
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        return max(0, (self.end - self.start).days)

    def days_within(self, other: Period) -> int:
        """How many of the days are also those of the other."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days)

    def overlap(self, other: Period) -> Period:
        """The days common to both; a period of 0 days where there are none."""
        start = max(self.start, other.start)
        return Period(start, max(start, min(self.end, other.end)))


class CalendarMonth(NamedTuple):
    """The part of one calendar month that lies inside a horizon; `label` is `YYYY-MM`."""

    label: str
    span: Period
    days: int
    days_in_month: int


def months_after(day: date, months: int) -> date:
    """The day on which a period of `months` (may be negative) that begins on `day` is over: its exclusive end.

    Where the last month lacks the day, the period ends at the close of that month (Civil Act 160 III),
    so its exclusive end is the first day of the month after.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return first_of_month_after(date(year, month + 1, 1), 1)


def whole_months_and_days(period: Period) -> tuple[int, int]:
    """The whole months of a period and the days that remain."""
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    if months_after(period.start, months) > period.end:
        months -= 1
    return months, (period.end - months_after(period.start, months)).days


@lru_cache(maxsize=16384)
def first_of_month_after(day: date, months: int) -> date:
    """The first day of the month that comes so many months after the one that holds `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


@lru_cache(maxsize=1024)
def calendar_months(horizon: Period) -> tuple[CalendarMonth, ...]:
    """The calendar months of a horizon in order; the first and the last may be partial."""
    months = []
    start = horizon.start
    while start < horizon.end:
        following = first_of_month_after(start, 1)
        span = Period(start, min(following, horizon.end))
        label, days_in_month = f"{start.year:04d}-{start.month:02d}", monthrange(start.year, start.month)[1]
        months.append(CalendarMonth(label, span, span.days, days_in_month))
        start = following
    return tuple(months)

"""Months end as the Civil Act says."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from fee_service.periods import Period, calendar_months, first_of_month_after, months_after, whole_months_and_days

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-12-09", 36, "2029-12-09"),
        ("2028-02-29", 36, "2031-03-01"),  # no 29 February: the close of the month
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-01-31", 1, "2026-03-01"),
        ("2026-01-30", 1, "2026-03-01"),
        ("2026-01-28", 1, "2026-02-28"),
        ("2027-08-31", 1, "2027-10-01"),
        ("2026-12-31", 2, "2027-03-01"),
        ("2027-08-31", -6, "2027-03-01"),
        ("2027-03-15", 0, "2027-03-15"),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day_or_at_the_close_of_the_month(
    start: str, months: int, end: str
) -> None:
    assert months_after(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(DAYS, st.integers(-600, 600))
def test_only_a_day_that_the_month_lacks_differs_from_clipped_month_arithmetic(day: date, months: int) -> None:
    clipped = day + relativedelta(months=months)
    found = months_after(day, months)
    assert found == clipped if clipped.day == day.day else found == clipped + timedelta(days=1)


@given(DAYS, st.integers(0, 4000))
def test_whole_months_and_days_lead_back_to_the_end(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    months, rest = whole_months_and_days(Period(start, end))
    assert months_after(start, months) + timedelta(days=rest) == end
    assert months_after(start, months + 1) > end


@given(DAYS, st.integers(1, 4000))
def test_the_calendar_months_of_a_horizon_hold_each_of_its_days_once(start: date, days: int) -> None:
    horizon = Period(start, start + timedelta(days=days))
    months = calendar_months(horizon)
    assert sum(month.days for month in months) == days
    assert all(month.span.last_day.strftime("%Y-%m") == month.label for month in months)
    assert all(one.span.end == other.span.start for one, other in pairwise(months))
    assert all(month.days <= month.days_in_month <= 31 for month in months)


@given(DAYS, st.integers(0, 600))
def test_the_first_of_a_later_month_is_a_first(day: date, months: int) -> None:
    assert first_of_month_after(day, months) == day.replace(day=1) + relativedelta(months=months)

"""Periods counted by hand: their days, what two have in common, and the months of a horizon."""

import pytest
from support.core import day, days

from fee_service.periods import CalendarMonth, Period, calendar_months, whole_months_and_days


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-12-09", "2026-12-10", 1),
        ("2026-12-09", "2026-12-09", 0),
        ("2026-12-09", "2026-12-08", 0),
        ("2028-02-01", "2028-03-01", 29),
    ],
)
def test_a_period_has_the_days_before_its_end_and_never_fewer_than_none(start: str, end: str, count: int) -> None:
    assert days(start, end).days == count


def test_a_period_is_written_by_its_last_day_and_kept_by_the_day_after() -> None:
    period = Period.through(day("2026-12-09"), day("2026-12-31"))
    assert period == days("2026-12-09", "2027-01-01")
    assert period.last_day == day("2026-12-31")


@pytest.mark.parametrize(
    ("other", "common"),
    [
        (("2026-12-01", "2026-12-15"), ("2026-12-09", "2026-12-15")),
        (("2026-12-10", "2026-12-11"), ("2026-12-10", "2026-12-11")),
        (("2026-12-20", "2027-03-01"), ("2026-12-20", "2027-01-01")),
        (("2026-01-01", "2028-01-01"), ("2026-12-09", "2027-01-01")),
        (("2027-01-01", "2027-02-01"), ("2027-01-01", "2027-01-01")),  # they touch: no day
        (("2026-12-01", "2026-12-09"), ("2026-12-09", "2026-12-09")),
        (("2026-11-01", "2026-11-05"), ("2026-12-09", "2026-12-09")),
    ],
)
def test_two_periods_have_the_days_in_common_that_lie_in_both(other: tuple[str, str], common: tuple[str, str]) -> None:
    december = days("2026-12-09", "2027-01-01")
    assert december.overlap(days(*other)) == days(*common)


def test_the_months_of_a_horizon_are_cut_at_its_ends_alone() -> None:
    assert calendar_months(days("2027-01-30", "2027-03-02")) == (
        CalendarMonth("2027-01", days("2027-01-30", "2027-02-01"), 2, 31),
        CalendarMonth("2027-02", days("2027-02-01", "2027-03-01"), 28, 28),
        CalendarMonth("2027-03", days("2027-03-01", "2027-03-02"), 1, 31),
    )
    assert calendar_months(days("2027-01-30", "2027-01-30")) == ()
    assert calendar_months(days("2026-12-31", "2027-01-01")) == (
        CalendarMonth("2026-12", days("2026-12-31", "2027-01-01"), 1, 31),
    )


@pytest.mark.parametrize(
    ("start", "end", "months_and_days"),
    [
        ("2026-01-31", "2026-02-28", (0, 28)),
        ("2026-01-31", "2026-03-01", (1, 0)),
        ("2026-01-15", "2026-03-15", (2, 0)),
        ("2026-01-15", "2026-03-14", (1, 27)),
        ("2025-12-15", "2026-12-16", (12, 1)),
        ("2026-05-05", "2026-05-05", (0, 0)),
    ],
)
def test_a_period_is_whole_months_and_the_days_that_remain(
    start: str, end: str, months_and_days: tuple[int, int]
) -> None:
    assert whole_months_and_days(days(start, end)) == months_and_days

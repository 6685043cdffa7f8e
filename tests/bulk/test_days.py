"""Days and months in arrays are those of the calendar and of the Civil Act."""

from datetime import date, timedelta

import numpy as np

from fee_service.bulk.days import day_of, days_of, first_days, months_after, months_of, number_of
from fee_service.periods import first_of_month_after
from fee_service.periods import months_after as one_after

FIRST, LAST = date(1899, 12, 1), date(2240, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
NUMBERS = np.array([number_of(day) for day in DAYS])


def test_every_day_has_the_number_by_which_it_is_found_again() -> None:
    """1 January 1970 is 0; days before it are negative."""
    assert number_of(date(1970, 1, 1)) == 0
    assert [day_of(int(number)) for number in NUMBERS] == DAYS
    assert days_of(np.array(DAYS, dtype="M8[D]")).tolist() == NUMBERS.tolist()


def test_every_day_lies_in_its_month() -> None:
    """From the first of the month up to the first of the next."""
    starts, ends = first_days(months_of(NUMBERS)), first_days(months_of(NUMBERS) + 1)
    assert starts.tolist() == [number_of(day.replace(day=1)) for day in DAYS]
    assert ends.tolist() == [number_of(first_of_month_after(day, 1)) for day in DAYS]


def test_months_after_every_day_end_as_the_civil_act_says() -> None:
    """The same as the rule for one day, over three centuries, forward and back; 36 months from a leap day too."""
    for months in (0, 1, 11, 12, 35, 36, 84, -1, -13, -100):
        found = months_after(NUMBERS, months)
        assert found.tolist() == [number_of(one_after(day, months)) for day in DAYS], months
    leap = np.array([number_of(date(2028, 2, 29))])
    assert day_of(int(months_after(leap, 36)[0])) == date(2031, 3, 1)
    assert months_after(leap.repeat(2), np.array([36, 12])).tolist() == [
        number_of(date(2031, 3, 1)),
        number_of(date(2029, 3, 1)),
    ]

"""Days and months as numbers in arrays: days since 1970-01-01, months since 1970-01.

The periods are those of `fee_service.periods`, half-open.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()

# The calendar as tables, a lookup for each day: of all years in which something is rated, and many more.
SINCE, UNTIL = (1700 - 1970) * 12, (2500 - 1970) * 12
FIRSTS = np.arange(SINCE, UNTIL + 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
MONTHS = np.repeat(np.arange(SINCE, UNTIL), np.diff(FIRSTS))


def number_of(day: date) -> int:
    """The number of a day."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The day of a number."""
    return date.fromordinal(number + EPOCH)


def months_of(days: Whole) -> Whole:
    """The number of the month that holds each day."""
    if len(days) and (days.min() < FIRSTS[0] or days.max() >= FIRSTS[-1]):
        return days.astype("M8[D]").astype("M8[M]").astype(np.int64)
    found: Whole = MONTHS[days - FIRSTS[0]]
    return found


def first_days(months: Whole) -> Whole:
    """The first day of each month."""
    if len(months) and (months.min() < SINCE or months.max() > UNTIL):
        return months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    found: Whole = FIRSTS[months - SINCE]
    return found


def months_after(days: Whole, months: Whole | int) -> Whole:
    """The exclusive end of a period of `months` (may be negative) that begins on each day.

    Where the last month lacks the day, its first of the month after (Civil Act 160 III), as `periods.months_after`.
    """
    begun = months_of(days)
    ends = begun + months
    lengths = first_days(ends + 1) - first_days(ends)
    found: Whole = first_days(ends) + np.minimum(days - first_days(begun), lengths)
    return found


def days_of(column: NDArray[Any]) -> Whole:
    """The numbers of an array of `datetime64[D]`."""
    return column.astype("M8[D]").astype(np.int64)

"""What people type, understood wholly or not at all.

A text that is no whole day or no whole number is handed on as it was typed, and the schema refuses it by its field:
a part of it must never become another value.
"""

from __future__ import annotations

import re
from datetime import date

from fee_service.spelling import one_width
from fee_service.web.counting import count_of

# Year first, because 10/05/2023 is one day in Seoul and another in London; the same sign between all three parts.
_DAY = re.compile(r"(\d{4}) ?([-./ ]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?: ?\.)?", re.ASCII)
_NAMED_DAY = re.compile(r"(\d{4}) ?[년年] ?(\d{1,2}) ?[월月] ?(\d{1,2}) ?[일日]", re.ASCII)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def plain(typed: str) -> str:
    """A text in the signs of a plain keyboard: width, dashes and spaces evened out, nothing hidden."""
    return " ".join(one_width(typed).split())


def date_of(typed: str) -> date | None:
    """A day as people type it (2023.5.10, 20230510, 2023년 5월 10일); None where it is no whole day."""
    text = plain(typed)
    if match := _DAY.fullmatch(text):
        parts = match[1], match[3], match[4]
    elif match := _NAMED_DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text):
        parts = match[1], match[2], match[3]
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:  # no day of the calendar
        return None


def day_of(typed: str) -> str:
    """A day as people type it as YYYY-MM-DD; what is no whole day as typed."""
    day = date_of(typed)
    return typed if day is None else day.isoformat()


def number_of(typed: str, field: str = "") -> int | str:
    """A whole number as people write it (12,000, 100만; with 원 or 건 where the field counts these), else as typed."""
    count = count_of(plain(typed), field)
    return typed if count is None else count

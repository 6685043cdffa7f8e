"""What was understood of a field, in words below it: 2023. 5. 10 is 2023년 5월 10일, 업력 3년."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fee_service.periods import Period, whole_months_and_days
from fee_service.web.filling_in import Form
from fee_service.web.forms import Filled
from fee_service.web.languages import _, day, number, won

FOUNDED, START = "founded_on", "starts_on"
AMOUNTS = ("average_sales", "total_assets")  # in won
MOST = 10**15  # more than any field takes: it is refused, and need not be said in words


def echoes(filled: Filled, form: Form, today: date) -> dict[str, str]:
    """The words for every day of a form, and for every number that is written otherwise than it was typed."""
    start = filled.understood.get("starts_on", today)
    sound = {field: value for field, value in filled.understood.items() if isinstance(value, date) or abs(value) < MOST}
    told = {field: _in_words(field, value, start, today) for field, value in sound.items()}
    return {field: words for field, words in told.items() if words != form.get(field, "").strip()}


def days_in_words(days: Mapping[str, date]) -> dict[str, str]:
    """The words for days alone, e.g. those of a search."""
    return {field: day(value) for field, value in days.items()}


def _in_words(field: str, value: date | int, start: date | int, today: date) -> str:
    if isinstance(value, int):
        return won(value) if field in AMOUNTS else number(value)
    if field == START and value < today:
        return _("%(day)s, which is over", day=day(value))
    if field == FOUNDED and isinstance(start, date) and value <= start:
        return f"{day(value)}, {_age(value, start)}"
    return day(value)


def _age(founded_on: date, start: date) -> str:
    """How long a company is in business when its contract starts; the founding day counts."""
    years = whole_months_and_days(Period(founded_on, start))[0] // 12
    if years == 0:
        return _("less than a year in business")
    return _("a year in business") if years == 1 else _("%(years)s years in business", years=years)

"""The time of a quote as a page shows it: first and last day, the waiver's strip, the steps of the cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from flask_babel import ngettext

from fee_service.documents.issued_quote import is_waived
from fee_service.strict_json import Data
from fee_service.web.languages import _

STRIP = 1000  # units of the waiver's strip from the first to the last day


class Step(NamedTuple):
    """Months in a row with the same amounts, and why they are what they are."""

    first: str
    last: str
    list: int
    waiver: int
    net: int
    why: str


class Strip(NamedTuple):
    """The waiver within the quoted period; `left` and `width` in units of the strip."""

    left: int
    width: int
    waived_days: int
    days: int


class ResultTime:
    """When an answer's quote begins and ends, and what its months have in common."""

    def __init__(self, answer: Data) -> None:
        self._answer = answer
        self._waived = is_waived(answer)
        self._paid_once = {line["id"] for line in answer["lines"] if line["unit"] == "once"}

    @cached_property
    def starts_on(self) -> date:
        return date.fromisoformat(self._answer["request"]["starts_on"])

    @cached_property
    def last_day(self) -> date:
        """The last day of the quoted period."""
        year, month = map(int, self._answer["months"][-1]["month"].split("-"))
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        asked = self._answer["request"]["ends_on"]
        return min(end, date.fromisoformat(asked)) if asked else end

    @property
    def ends_within(self) -> bool:
        """Whether the waiver ends before the quoted period does."""
        return self._waived and date.fromisoformat(self._answer["waiver"]["ends_on"]) < self.last_day

    @property
    def strip(self) -> Strip:
        days = (self.last_day - self.starts_on).days + 1
        if not self._waived:
            return Strip(0, 0, 0, days)
        waiver = self._answer["waiver"]
        first = max(date.fromisoformat(waiver["starts_on"]), self.starts_on)
        last = min(date.fromisoformat(waiver["ends_on"]), self.last_day)
        waived = (last - first).days + 1
        return Strip(STRIP * (first - self.starts_on).days // days, STRIP * waived // days, waived, days)

    @property
    def steps(self) -> list[Step]:
        """The months, those alike together, each with the reason that holds for all of them."""

        def alike(month: Data) -> tuple[int, int, int, str]:
            return month["list"], month["waiver"], month["net"], " · ".join(self._why(month))

        groups = ((key, list(months)) for key, months in groupby(self._answer["months"], alike))
        return [Step(months[0]["month"], months[-1]["month"], *key) for key, months in groups]

    def _why(self, month: Data) -> Iterator[str]:
        days, waived = month["days"], month["waived_days"]
        if month["test_days"] == month["days_in_month"]:
            yield _("free test")
        elif month["test_days"]:
            yield ngettext("%(num)s free test day", "%(num)s free test days", month["test_days"])
        if days and days < month["days_in_month"]:
            yield _("%(days)s of %(of)s days", days=days, of=month["days_in_month"])
        if month["waiver"]:
            in_part = ngettext("waived for %(num)s day", "waived for %(num)s days", waived)
            yield _("waived") if waived == days else in_part
        elif days and self._waived and month["month"] > self._answer["waiver"]["ends_on"][:7]:
            yield _("after the waiver")
        if days and any(entry["line"] in self._paid_once for entry in month["lines"]):
            yield _("with the set-up fee")

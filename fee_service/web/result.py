"""A quote's answer as a page shows it: the headline, the waiver's strip, the steps of the cost, chart and lines.

Nothing is computed anew: months with the same amounts are put together, and names are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import ngettext
from markupsafe import Markup

from fee_service.documents.chart import NARROW, WIDE, chart
from fee_service.documents.issued_quote import IssuedQuote, during_waiver, is_waived, notices_for, standing
from fee_service.documents.words import WORDS, price_word
from fee_service.model import Label
from fee_service.published.editions import Editions
from fee_service.strict_json import Data
from fee_service.web.languages import _
from fee_service.wording import OneLanguage

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


class Result:
    """What a page shows of a quote."""

    def __init__(self, answer: Data, language: OneLanguage, editions: Editions, *, for_seller: bool = False) -> None:
        self.answer = answer
        self.language = language
        self._for_seller = for_seller
        self._editions = editions

    def __getattr__(self, name: str) -> Any:
        try:
            return self.answer[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def is_issued(self) -> bool:
        return self.answer["number"] is not None

    # -- the headline --

    @property
    def waived(self) -> bool:
        """Whether there is a time with and a time without the waiver."""
        return is_waived(self.answer)

    @property
    def granted(self) -> bool:
        return bool(self.answer["waiver"]["granted"])

    @property
    def instead(self) -> str | None:
        """What is shown instead of the totals, the chart and the tables; None where they are amounts."""
        return self._said("instead")

    @property
    def instead_monthly(self) -> str | None:
        """What is shown instead of the amount of a month."""
        return self._said("instead_monthly")

    @property
    def beside(self) -> str | None:
        """What the amounts do not hold."""
        return self._said("beside")

    def _said(self, name: str) -> str | None:
        text = self.answer["pricing"][name]
        return None if text is None else str(text[self.language])

    @property
    def only_withheld(self) -> bool:
        """Whether nothing is charged only because every fee is withheld."""
        return bool(self.instead_monthly and self.answer["pricing"]["missing"] == ["withheld"])

    def price_word(self, line: Data) -> str | None:
        """What stands in the place of a line's amount: why there is none, or that it is free of charge."""
        return price_word(line, WORDS[self.language])

    @property
    def now(self) -> int:
        """A full month at the start."""
        monthly: dict[str, int] = self.answer["monthly"]
        return monthly["during_waiver"] if self.waived else monthly["after_waiver"]

    @property
    def now_at_most(self) -> int:
        """The most that a month costs while the waiver lasts."""
        return during_waiver(self.answer)[1] if self.waived else self.now

    @property
    def later(self) -> int:
        return int(self.answer["monthly"]["after_waiver"])

    @property
    def later_from(self) -> date:
        """The first day without the waiver."""
        return date.fromisoformat(self.answer["waiver"]["ends_on"]) + timedelta(days=1)

    @property
    def once(self) -> int:
        """What is charged once, at the start."""
        return sum(
            cell["amount"]
            for line in self.answer["lines"]
            if line["unit"] == "once"
            for cell in line["cells"][:1]
            if cell["amount"]
        )

    @property
    def first_invoice(self) -> Data:
        first: Data = self.answer["invoices"][0]
        return first

    @property
    def unmet(self) -> list[Data]:
        return [condition for condition in self.answer["waiver"]["conditions"] if not condition["met"]]

    # -- the time --

    @cached_property
    def starts_on(self) -> date:
        return date.fromisoformat(self.answer["request"]["starts_on"])

    @cached_property
    def last_day(self) -> date:
        """The last day of the quoted period."""
        year, month = map(int, self.answer["months"][-1]["month"].split("-"))
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        asked = self.answer["request"]["ends_on"]
        return min(end, date.fromisoformat(asked)) if asked else end

    @property
    def ends_within(self) -> bool:
        """Whether the waiver ends before the quoted period does."""
        return self.waived and date.fromisoformat(self.answer["waiver"]["ends_on"]) < self.last_day

    @property
    def strip(self) -> Strip:
        days = (self.last_day - self.starts_on).days + 1
        if not self.waived:
            return Strip(0, 0, 0, days)
        waiver = self.answer["waiver"]
        first = max(date.fromisoformat(waiver["starts_on"]), self.starts_on)
        last = min(date.fromisoformat(waiver["ends_on"]), self.last_day)
        waived = (last - first).days + 1
        return Strip(STRIP * (first - self.starts_on).days // days, STRIP * waived // days, waived, days)

    @property
    def steps(self) -> list[Step]:
        """The months, those alike together, each with the reason that holds for all of them."""

        def alike(month: Data) -> tuple[int, int, int, str]:
            return month["list"], month["waiver"], month["net"], " · ".join(self._why(month))

        groups = ((key, list(months)) for key, months in groupby(self.answer["months"], alike))
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
        elif days and self.waived and month["month"] > self.answer["waiver"]["ends_on"][:7]:
            yield _("after the waiver")
        if days and any(self._line(entry["line"])["unit"] == "once" for entry in month["lines"]):
            yield _("with the set-up fee")

    # -- lines and names --

    @cached_property
    def _lines(self) -> dict[int, Data]:
        return {line["id"]: line for line in self.answer["lines"]}

    def _line(self, line_id: int) -> Data:
        return self._lines[line_id]

    @cached_property
    def line_sums(self) -> dict[int, Data]:
        """What each line comes to over the quoted period."""
        sums = {line["id"]: {"list": 0, "waiver": 0, "net": 0} for line in self.answer["lines"]}
        for month in self.answer["months"]:
            for entry in month["lines"]:
                for name, total in sums[entry["line"]].items():
                    sums[entry["line"]][name] = total + entry[name]
        return sums

    def source(self, code: str) -> str:
        """The document behind the letter of a source."""
        named = self.answer["price_list"]["source"].get(code)
        label = Label(**named["label"]) if named else sources(self._editions).get(code)
        return code if label is None else label.ko if self.language == "ko" else label.en

    @property
    def policy(self) -> str | None:
        """The name of the waiver policy."""
        wanted = self.answer["waiver"]["policy"]
        for policy in self._editions.policies:
            if policy.id == wanted:
                return policy.label.ko if self.language == "ko" else policy.label.en
        return str(wanted) if wanted else None

    def api_name(self, asked: str) -> str:
        """The name of a requested API."""
        api = self._editions.catalogue.find(asked)
        return asked if api is None else api.label.ko if self.language == "ko" else api.label.en

    @property
    def to_know(self) -> list[Data]:
        """What the customer should know, too."""
        return notices_for(self.answer, seller=False)

    @property
    def for_seller(self) -> list[Data]:
        """What only the seller is told; nothing on a page that a customer sees."""
        return [notice for notice in notices_for(self.answer, self._for_seller) if notice["audience"] == "seller"]

    standing = staticmethod(standing)

    # -- the chart --

    @property
    def chart(self) -> Markup:
        return Markup(chart(IssuedQuote(self.answer, ""), self.language, WIDE))

    @property
    def narrow_chart(self) -> Markup:
        return Markup(chart(IssuedQuote(self.answer, ""), self.language, NARROW))


def sources(editions: Editions) -> Mapping[str, Label]:
    """Every cited document by its letter."""
    found = {name: source.title for policy in editions.policies for name, source in policy.sources.items()}
    found |= {name: source.title for price_list in editions.price_lists for name, source in price_list.sources.items()}
    return found

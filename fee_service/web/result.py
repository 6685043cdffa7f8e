"""A quote's answer as a page shows it: the headline, lines, notices and chart; its time and its names are parts.

Nothing is computed anew: months with the same amounts are put together, and names are looked up.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from markupsafe import Markup

from fee_service.documents.chart import NARROW, WIDE, chart
from fee_service.documents.issued_quote import IssuedQuote, during_waiver, is_waived, notices_for, standing
from fee_service.documents.words import WORDS, price_word
from fee_service.published.editions import Editions
from fee_service.strict_json import Data
from fee_service.web.result_names import ResultNames
from fee_service.web.result_time import ResultTime
from fee_service.wording import OneLanguage


class Result:
    """What a page shows of a quote."""

    def __init__(self, answer: Data, language: OneLanguage, editions: Editions, *, for_seller: bool = False) -> None:
        self.answer = answer
        self.language = language
        self._for_seller = for_seller
        self.time = ResultTime(answer)
        self.names = ResultNames(answer, language, editions)

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

    # -- lines and notices --

    @cached_property
    def line_sums(self) -> dict[int, Data]:
        """What each line comes to over the quoted period."""
        sums = {line["id"]: {"list": 0, "waiver": 0, "net": 0} for line in self.answer["lines"]}
        for month in self.answer["months"]:
            for entry in month["lines"]:
                for name, total in sums[entry["line"]].items():
                    sums[entry["line"]][name] = total + entry[name]
        return sums

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

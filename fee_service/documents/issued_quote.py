"""What every document is made from, and how its names, dates and months are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Literal, NamedTuple

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

Standing = Literal["met", "unmet", "assumed"]

# Marks without a shape of their own that turn the direction of the text around them, or hide in it.
HIDDEN_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
FIRST_INVOICES = 12  # calendar months whose invoices a printed quote lists


class IssuedQuote(NamedTuple):
    """The public answer of a quote, its sentences in the language of the document, and where to check it.

    A preview has no number and is marked as a draft. What is meant for the seller is told only where it is asked for.
    """

    answer: Data
    verify_url: str
    for_seller: bool = False

    @property
    def notices(self) -> list[Data]:
        """What is to be known by whoever reads it."""
        return notices_for(self.answer, self.for_seller)

    def instead(self, language: OneLanguage) -> str | None:
        """What stands in the place of the totals, and of every table and chart; None where they are amounts."""
        text = self.answer["pricing"]["instead"]
        return None if text is None else str(text[language])

    @property
    def is_draft(self) -> bool:
        return self.answer["number"] is None

    @property
    def issued_on(self) -> date | None:
        """The day of issue in Korea."""
        at = self.answer["issued_at"]
        return datetime.fromisoformat(at).astimezone(KOREA_STANDARD_TIME).date() if at else None

    @property
    def made_at(self) -> datetime:
        """The instant that files bear: that of the issue, or midnight of the start day for a draft."""
        at = self.answer["issued_at"]
        if at:
            return datetime.fromisoformat(at).replace(microsecond=0)
        starts_on = date.fromisoformat(self.answer["request"]["starts_on"])
        return datetime.combine(starts_on, time(), KOREA_STANDARD_TIME)

    @property
    def company_name(self) -> str:
        return visible(self.answer["request"]["company"]["name"] or "")


def notices_for(answer: Data, seller: bool) -> list[Data]:
    """The customer's notices; for the seller all of them."""
    return [notice for notice in answer["notices"] if seller or notice["audience"] == "customer"]


def standing(condition: Data) -> Standing:
    """How a condition stands: what is only assumed is never shown as met."""
    return "assumed" if condition["assumed"] else "met" if condition["met"] else "unmet"


class Run(NamedTuple):
    """Months in a row whose amounts are alike; amounts are those of one month (KRW)."""

    first: int  # index of the first month
    months: Sequence[Data]

    @property
    def list(self) -> int:
        return int(self.months[0]["list"])

    @property
    def waiver(self) -> int:
        return int(self.months[0]["waiver"])

    @property
    def net(self) -> int:
        return int(self.months[0]["net"])

    @property
    def span(self) -> str:
        first, last = self.months[0]["month"], self.months[-1]["month"]
        return str(first) if first == last else f"{first} – {last}"


def runs(months: Sequence[Data]) -> Iterator[Run]:
    """The months, those alike together."""
    first = 0
    for _, alike in groupby(months, lambda month: (month["list"], month["waiver"], month["net"])):
        run = Run(first, list(alike))
        yield run
        first += len(run.months)


def is_waived(answer: Data) -> bool:
    """Whether the waiver saves anything: it may be granted where nothing that is asked for can be waived."""
    return bool(answer["waiver"]["granted"] and answer["waiver"]["amount"])


def during_waiver(answer: Data) -> tuple[int, int]:
    """The least and the most that a month costs during the waiver: a new price list may come into force in it."""
    once = {line["id"] for line in answer["lines"] if line["unit"] == "once"}
    first = int(answer["monthly"]["during_waiver"])
    nets = [first] + [
        sum(entry["net"] for entry in month["lines"] if entry["line"] not in once)
        for month in answer["months"]
        if month["days"] == month["days_in_month"] == month["waived_days"]
    ]
    return min(nets), max(nets)


def first_invoices(answer: Data) -> list[Data]:
    """The invoices of the first calendar months from the start on."""
    start = date.fromisoformat(answer["request"]["starts_on"])
    end = start.year * 12 + start.month + FIRST_INVOICES

    def is_early(invoice: Data) -> bool:
        day = date.fromisoformat(invoice["issued_on"])
        return day.year * 12 + day.month < end

    return [invoice for invoice in answer["invoices"] if is_early(invoice)]


def visible(text: str) -> str:
    """A caller's text, its syllables whole, with hidden marks written out: nothing may reorder what stands beside."""
    return HIDDEN_MARKS.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", unicodedata.normalize("NFC", text))

"""Stored quotes: the query of a list, requests without fields, and what is answered about their lives."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from fee_service.errors import Fault
from fee_service.quote_status import QuoteStatus
from schemas import kinds as a
from schemas.answers import ChangeSchema, PricingSchema, TotalsSchema
from schemas.fields import INVALID, BusinessNumber, Day, Faults, OneOf, Strict, StrictSchema, Words, documented, refused
from schemas.quote import LONGEST_ID, LONGEST_NAME, says

MOST_ON_A_PAGE = 200
USUAL_ON_A_PAGE = 50


class WrittenWhole(Strict, fields.Integer):
    """A whole number as it is written in a query string."""

    def __init__(self, minimum: int, maximum: int, **options: Any) -> None:
        self.minimum, self.maximum = minimum, maximum
        super().__init__(**documented(options, minimum=minimum, maximum=maximum))

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            return refused(faults, "not_an_integer", place, value)
        if len(value) > 18 or not self.minimum <= int(value) <= self.maximum:
            bounds = {"minimum": str(self.minimum), "maximum": str(self.maximum)}
            return refused(faults, "out_of_range", place, value, **bounds)
        return int(value)


class QuotesQuerySchema(StrictSchema):
    """Which quotes to list, newest first. Filters are combined with and; days are inclusive."""

    company = Words(LONGEST_NAME, metadata=says("Part of the company's name; case and width do not matter."))
    business_number = BusinessNumber(
        metadata=says("Business registration number, the whole of it, in any spelling.", examples=["124-81-00998"])
    )
    status = OneOf(QuoteStatus, metadata=says("Only quotes of this status today."))
    issued_from = Day(metadata=says("Issued on this day in Korea or later."))
    issued_to = Day(metadata=says("Issued on this day in Korea or earlier."))
    starts_from = Day(metadata=says("The contract starts on this day or later."))
    starts_to = Day(metadata=says("The contract starts on this day or earlier."))
    policy = Words(LONGEST_ID, metadata=says("Waiver policy of the quote."))
    text = Words(
        LONGEST_NAME,
        metadata=says(
            "Part of the company's name, a quote's number (whole, or without its year: `123`), "
            "or a business registration number."
        ),
    )
    limit = WrittenWhole(1, MOST_ON_A_PAGE, metadata=says("Quotes on the page.", default=USUAL_ON_A_PAGE))
    cursor = Words(100, metadata=says("`next_cursor` of the page before, with the same filters."))

    def read(self, data: object, place: str, faults: Faults) -> Any:
        """No range ends before it begins."""
        values = super().read(data, place, faults)
        for name in ("issued", "starts") if values is not INVALID else ():
            first, last = values.get(f"{name}_from"), values.get(f"{name}_to")
            if first and last and last < first:
                params = {"value": last, "start": first}
                faults.append(Fault("range_reversed", f"{place}/{name}_to", params))
        return values


class NothingSchema(StrictSchema):
    """An object without a field; the body may be left out, too."""


# -- answers -------------------------------------------------------------------------------------------


class ListedCompanySchema(Schema):
    """Whose quote it is."""

    name = a.text(nullable=True)
    business_number = a.text(nullable=True)


class ListedWaiverSchema(Schema):
    """Whether and from when to when something is waived."""

    granted = a.flag()
    policy = a.text(nullable=True)
    starts_on = a.day(nullable=True)
    ends_on = a.day("The last waived day.", nullable=True)


class ListedTotalsSchema(Schema):
    """Sums over the horizon."""

    net = a.krw()
    total = a.krw("KRW with VAT.")


class ListedQuoteSchema(Schema):
    """A quote in a list."""

    id = a.text()
    number = a.text()
    status = a.word(*QuoteStatus)
    issued_at = a.text("UTC.")
    valid_until = a.day()
    digest = a.text()
    company = a.one(ListedCompanySchema)
    starts_on = a.day()
    price_list = a.text()
    waiver = a.one(ListedWaiverSchema)
    totals = a.one(ListedTotalsSchema)
    pricing = a.one(PricingSchema)


class QuotesSchema(Schema):
    """A page of quotes."""

    quotes = a.many(ListedQuoteSchema, "Newest first.")
    next_cursor = a.text("Of the following page; null on the last one.", nullable=True)


class AlarmSchema(Schema):
    """Something that is not as it should be, or a reason."""

    code = a.text()
    text = a.text(a.PROSE)


class TodaySchema(Schema):
    """What the same request would give today."""

    differs = a.flag()
    causes = a.many(AlarmSchema, "Why it differs.")
    digest = a.text(nullable=True)
    totals = a.one(TotalsSchema, nullable=True)
    difference = a.one(TotalsSchema, "Today's totals less the quote's.", nullable=True)
    changes = a.many(ChangeSchema, "Facts that come out differently, up to 50.")


class ReplaySchema(Schema):
    """A stored quote computed anew from the editions of its day."""

    id = a.text()
    number = a.text()
    same = a.flag("Whether nothing is wrong: no alarm.")
    digest = a.text("As issued.")
    recomputed = a.text("Computed anew.", nullable=True)
    alarms = a.many(AlarmSchema)
    changes = a.many(ChangeSchema, "Facts that come out differently, up to 50.")
    today = a.one(TodaySchema)

"""Usage reports and audits of the use: what is asked and what is answered."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from fee_service.errors import Fault
from schemas import kinds as a
from schemas.fields import (
    FIRST_DAY,
    INVALID,
    LAST_DAY,
    Day,
    Faults,
    ListOf,
    Nest,
    Strict,
    StrictSchema,
    Whole,
    Won,
    Words,
    documented,
    refused,
)
from schemas.quote import LONGEST_ID, says
from schemas.stored import MOST_ON_A_PAGE, USUAL_ON_A_PAGE, WrittenWhole

MOST_PRODUCTS = 100
MOST_MONTHS = 120
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
CONTRACT = says("Number or id of an accepted quote.", examples=["Q-2026-000001"])


class Month(Strict, fields.String):
    """A calendar month, written YYYY-MM; read as its first day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**documented(options, pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-12"]))

    def read(self, value: Any, place: str, faults: Faults) -> Any:
        if value.__class__ is not str or not _MONTH.fullmatch(value):
            return refused(faults, "invalid_month", place, value)
        year = int(value[:4])
        if not FIRST_DAY.year <= year <= LAST_DAY.year:
            bounds = {"minimum": f"{FIRST_DAY:%Y-%m}", "maximum": f"{LAST_DAY:%Y-%m}"}
            return refused(faults, "out_of_range", place, value, **bounds)
        return date(year, int(value[5:]), 1)


class ProductUsageSchema(StrictSchema):
    """Use of one product in a month."""

    product = Words(LONGEST_ID, required=True, metadata=says("A product of the contract.", examples=["securities_a"]))
    standard_ids = Whole(metadata=says("Standard IDs in the month.", default=0))
    personal_ids = Whole(metadata=says("Personal IDs in the month.", default=0))
    queries = Whole(metadata=says("Queries in the month.", default=0))


class UsageReportSchema(StrictSchema):
    """What was used under a contract in a month."""

    contract = Words(LONGEST_ID, required=True, metadata=CONTRACT)
    month = Month(required=True, metadata=says("The month that was used."))
    reported_on = Day(allow_none=True, metadata=says("The day on which it came in; today in Korea by default."))
    usage = ListOf(
        Nest(ProductUsageSchema),
        MOST_PRODUCTS,
        required=True,
        metadata=says("Use by product; a product that is left out was not used."),
    )
    corrects = Words(LONGEST_ID, allow_none=True, metadata=says("Id of the report that it replaces."))


class UsageReportsQuerySchema(StrictSchema):
    """Which reports to list, those entered last first."""

    contract = Words(LONGEST_ID, metadata=CONTRACT)
    month = Month(metadata=says("Only reports of this month."))
    limit = WrittenWhole(1, MOST_ON_A_PAGE, metadata=says("Reports on the page.", default=USUAL_ON_A_PAGE))
    cursor = Words(100, metadata=says("`next_cursor` of the page before, with the same filters."))


# -- audits --------------------------------------------------------------------------------------------


class AuditedPeriodSchema(StrictSchema):
    """The audited months, both inclusive."""

    vars()["from"] = Month(required=True, metadata=says("The first month."))  # a word of Python's own
    to = Month(required=True, metadata=says("The last month."))

    def read(self, data: object, place: str, faults: Faults) -> Any:
        """No period ends before it begins."""
        values = super().read(data, place, faults)
        if values is not INVALID and "from" in values and "to" in values and values["to"] < values["from"]:
            params = {"value": f"{values['to']:%Y-%m}", "start": f"{values['from']:%Y-%m}"}
            faults.append(Fault("range_reversed", f"{place}/to", params))
            return INVALID
        return values


class FoundUsageSchema(StrictSchema):
    """What was used in a month, as the audit found it."""

    month = Month(required=True, metadata=says("A month of the period."))
    usage = ListOf(
        Nest(ProductUsageSchema),
        MOST_PRODUCTS,
        required=True,
        metadata=says("Use by product; a product that is left out was not used."),
    )


class AuditSchema(StrictSchema):
    """What an audit of the use found."""

    audited_on = Day(allow_none=True, metadata=says("The day of the audit; today in Korea by default."))
    period = Nest(AuditedPeriodSchema, required=True, metadata=says("The audited months."))
    found = ListOf(
        Nest(FoundUsageSchema), MOST_MONTHS, required=True, metadata=says("The use of each month of the period.")
    )
    cost = Won(required=True, metadata=says("What the audit cost, KRW without VAT."))


# -- answers -------------------------------------------------------------------------------------------


class ReportedProductSchema(Schema):
    """Use of one product in a month."""

    product = a.text()
    standard_ids = a.number()
    personal_ids = a.number()
    queries = a.number()


class KeptReportSchema(Schema):
    """A usage report as it is kept."""

    id = a.text()
    contract = a.text("Number of the contract.")
    month = a.text("`YYYY-MM`.")
    reported_on = a.day()
    reported_by = a.text("Id of the API key.")
    usage = a.many(ReportedProductSchema)
    corrects = a.text("The report that it replaces.", nullable=True)
    corrected_by = a.text("The report that replaces it.", nullable=True)
    counts = a.flag("Whether it is the one that counts now.")
    created_at = a.text("Time in Korea.")


class UsageReportsSchema(Schema):
    """A page of reports."""

    reports = a.many(KeptReportSchema, "Those entered last first.")
    next_cursor = a.text("Of the following page; null on the last one.", nullable=True)


class UsageImportSchema(Schema):
    """What became of a file."""

    id = a.text("Of the file, as the audit log names it.")
    reports = a.number("Reports that were kept.")
    corrections = a.number("Those among them that replace another.")
    months = a.words("The months that they are for.")


class UsageImportAskedSchema(Schema):
    """A large file, which is kept by a worker; `Location` is its job."""

    id = a.text("Of the job.")
    status = a.text("`queued`.")


class AuditedMonthSchema(Schema):
    """A month of an audit: what was found, what was reported, and the fees of both."""

    month = a.text("`YYYY-MM`.")
    found = a.many(ReportedProductSchema)
    report = a.text("The report that counted on the day of the audit.", nullable=True)
    reported = a.many(ReportedProductSchema)
    fees_found = a.krw()
    fees_reported = a.krw()
    under_reported = a.krw("KRW without VAT; a month that was reported too high makes up for no other.")


class AuditTotalsSchema(Schema):
    """Sums over the audited months."""

    fees_found = a.krw()
    fees_reported = a.krw()
    under_reported = a.krw()


class PeriodOfMonthsSchema(Schema):
    """Months, both inclusive."""

    vars()["from"] = a.text("`YYYY-MM`.")
    to = a.text("`YYYY-MM`.")


class AuditNoticeSchema(Schema):
    """Something to know about an audit."""

    code = a.text()
    text = a.text(a.PROSE)


class KeptAuditSchema(Schema):
    """An audit as it was entered, and who bears its cost."""

    id = a.text()
    contract = a.text("Number of the contract.")
    audited_on = a.day()
    recorded_by = a.text("Id of the API key.")
    created_at = a.text("Time in Korea.")
    period = a.one(PeriodOfMonthsSchema)
    cost = a.krw()
    borne_by = a.word("customer", "koscom")
    months = a.many(AuditedMonthSchema)
    totals = a.one(AuditTotalsSchema)
    limit = a.krw("What may be under-reported without bearing the cost, KRW without VAT.")
    source = a.text()
    explanation = a.text(a.PROSE)
    notices = a.many(AuditNoticeSchema)
    readings = a.words("How the unclear text is read.")


class AuditsSchema(Schema):
    """The audits of a contract."""

    audits = a.many(KeptAuditSchema, "In the order in which they were entered.")

"""Dues: the queries, and what is answered."""

from __future__ import annotations

from marshmallow import Schema

from fee_service.contract import Basis
from schemas import kinds as a
from schemas.answers import ReadingSchema
from schemas.fields import Day, OneOf, StrictSchema
from schemas.quote import says
from schemas.usage import Month

AS_OF = "What was known on this day; by default today, or the day of the last report where it is later."


class ContractDuesQuerySchema(StrictSchema):
    """Which months of service are asked for; by default those that were quoted."""

    class Meta(StrictSchema.Meta):
        include = {  # noqa: RUF012 (marshmallow's way to name a field as no variable can be)
            "from": Month(metadata=says("The first month of service; by default the contract's first."))
        }

    to = Month(metadata=says("The last month of service; by default the last that was quoted."))
    as_of = Day(metadata=says(AS_OF))


class DuesQuerySchema(StrictSchema):
    """Which invoices are asked for."""

    invoice_month = Month(required=True, metadata=says("The month of the invoices."))
    as_of = Day(metadata=says(AS_OF))
    lang = OneOf(("ko", "en"), metadata=says("Language of a file; by default as Accept-Language asks, else Korean."))


class LateInterestQuerySchema(StrictSchema):
    """Which invoice was paid when."""

    issued_on = Day(required=True, metadata=says("The day of the invoice.", examples=["2026-12-09"]))
    due_on = Day(required=True, metadata=says("The due day that the invoice names.", examples=["2026-12-31"]))
    paid_on = Day(required=True, metadata=says("The day of payment.", examples=["2027-01-20"]))
    as_of = Day(metadata=says(AS_OF))


class DuesLineSchema(Schema):
    """A fee of a month of service; `contract` is the agreement. A settlement is the difference to what was billed."""

    service_month = a.text("YYYY-MM.")
    fee = a.text()
    contract = a.text()
    product = a.text()
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    quantity = a.number("Charged units; of a settlement the difference, which may be negative.")
    unit_price = a.krw("Of the list in force on the first day; null where units cost differently.", nullable=True)
    days = a.number("Contract days of the month.")
    charged_days = a.number("Those that are not waived.")
    days_in_month = a.number()
    list = a.krw()
    waiver = a.krw("KRW without VAT, not positive unless settled.")
    net = a.krw()
    invoice_on = a.day("The day of the invoice.")
    basis = a.word(*Basis)
    price_list = a.text("In force on the first day.")
    source = a.text()


class ExplainedDuesLineSchema(DuesLineSchema):
    """A line with its printed name and how it came about."""

    label = a.by_name(a.text(), "`ko` and `en`.")
    explanation = a.text()


class DueInvoiceSchema(Schema):
    """An invoice."""

    issued_on = a.day()
    supply = a.krw()
    vat = a.krw("KRW; toward zero.")
    total = a.krw("KRW with VAT.")


class AskedDueInvoiceSchema(DueInvoiceSchema):
    """An invoice as far as its lines are asked for."""

    complete = a.flag("Whether all lines of that day's invoice are among the months asked for.")


class DuesTotalsSchema(Schema):
    """Sums of the lines and of their invoices."""

    list = a.krw()
    waiver = a.krw()
    net = a.krw()
    vat = a.krw("KRW.")
    total = a.krw("KRW with VAT.")


class ContractDuesSchema(Schema):
    """What a contract owes for some months of service."""

    class Meta:
        include = {"from": a.text("YYYY-MM.")}  # noqa: RUF012 (as above)

    contract = a.text("Its number.")
    to = a.text("YYYY-MM.")
    as_of = a.day()
    lines = a.many(ExplainedDuesLineSchema)
    invoices = a.many(AskedDueInvoiceSchema)
    totals = a.one(DuesTotalsSchema)
    readings = a.many(ReadingSchema)


class BilledContractSchema(Schema):
    """What a contract is billed by the invoices of a month."""

    contract = a.text("Its number.")
    company = a.text(nullable=True)
    business_number = a.text(nullable=True)
    lines = a.many(DuesLineSchema)
    invoices = a.many(DueInvoiceSchema)
    totals = a.one(DuesTotalsSchema)


class DuesSchema(Schema):
    """The invoices of a month, contract by contract."""

    invoice_month = a.text("YYYY-MM.")
    as_of = a.day()
    contracts = a.many(BilledContractSchema)
    totals = a.one(DuesTotalsSchema)


class LateInterestSchema(Schema):
    """Interest on an invoice that was paid late, on what it should come to."""

    contract = a.text("Its number.")
    issued_on = a.day()
    supply = a.krw()
    vat = a.krw("KRW.")
    total = a.krw("KRW with VAT; the interest is on it.")
    due_on = a.day()
    paid_on = a.day()
    days = a.number("From the day after the due day to the day of payment.")
    rate = a.text("A year, e.g. `6%`.")
    days_in_year = a.number()
    interest = a.krw("KRW.")
    price_list = a.text("By whose rule; in force on the due day.")
    source = a.text()
    explanation = a.text(a.PROSE)
    readings = a.many(ReadingSchema)

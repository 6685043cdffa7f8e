"""What to ask for of an invoice of a reconciliation: the query of a letter, and the correction as it is answered."""

from __future__ import annotations

from marshmallow import Schema

from schemas import kinds as a
from schemas.fields import OneOf, StrictSchema
from schemas.quote import says


class LetterQuerySchema(StrictSchema):
    """How a letter is wanted."""

    lang = OneOf(("ko", "en"), metadata=says("Its language; by default as Accept-Language asks, else Korean."))


class LineToIssueSchema(Schema):
    """A line of a corrected invoice."""

    item = a.text("As the invoice names it.", nullable=True)
    contract = a.text(nullable=True)
    agreement = a.text(nullable=True)
    fee = a.text(nullable=True)
    product = a.text(nullable=True)
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    service_month = a.text("`YYYY-MM`.", nullable=True)
    supply = a.krw("KRW without VAT; a credit is negative.")


class InvoiceToIssueSchema(Schema):
    """A corrected invoice that is to be issued."""

    issued_on = a.day("Code 02: the day of the reconciliation; else that of the original.")
    lines = a.many(LineToIssueSchema)
    supply = a.krw()
    vat = a.krw("KRW.")
    total = a.krw("KRW with VAT.")


class CorrectionSchema(Schema):
    """The correction to ask for."""

    code = a.word("01", "02", "06")
    code_label = a.text(a.PROSE)
    corrects = a.text("The original's number.")
    reason = a.text(a.PROSE)
    invoices = a.many(InvoiceToIssueSchema, "Those to be issued.")
    supply = a.krw("KRW without VAT: by how much the chain changes.")
    vat = a.krw("KRW.")
    total = a.krw("KRW with VAT.")


class AskedForSchema(Schema):
    """What to ask for of an invoice, by what its chain comes to."""

    run = a.text("The reconciliation.")
    invoice_number = a.text()
    chain = a.text("The original's number; null where nothing is wrong.", nullable=True)
    wrong_lines = a.number("Lines with something wrong.")
    correction = a.one(
        CorrectionSchema, "Null where nothing is wrong, or the original is in none of the files.", nullable=True
    )

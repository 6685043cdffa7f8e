"""Reconciliations: what is asked and what is answered."""

from __future__ import annotations

from marshmallow import Schema

from fee_service.verdict import Cause, CheckedAgainst, Status
from schemas import kinds as a
from schemas.fields import BusinessNumber, OneOf, StrictSchema, Words, WrittenFlag
from schemas.jobs import ProgressSchema
from schemas.problem import FaultSchema
from schemas.quote import LONGEST_ID, says
from schemas.stored import USUAL_ON_A_PAGE, WrittenWhole
from schemas.usage import Month

LONGEST_NUMBER = 100
MOST_LINES = 500  # on a page
THE_STATUS = (Status.MISSING.value, Status.DUPLICATE.value, Status.UNEXPECTED.value)


class ReconciliationQuerySchema(StrictSchema):
    """How files are taken."""

    preview = WrittenFlag(metadata=says("Only what was understood of the files, at once.", default=False))
    own_number = BusinessNumber(
        metadata=says("Business number of the company whose files they are, where they do not say it.")
    )


class LinesQuerySchema(StrictSchema):
    """Which lines of a result to list, in the order of the files."""

    status = OneOf(Status, metadata=says("Only lines that stand like this."))
    cause = OneOf(
        [*(cause.value for cause in Cause), *THE_STATUS],
        metadata=says("Only lines with this cause, alone or as one of two."),
    )
    also = OneOf(Cause, metadata=says("Only lines of which this cause would give the same amount."))
    contract = Words(LONGEST_ID, metadata=says("Only lines of the contract with this number."))
    invoice_number = Words(LONGEST_NUMBER, metadata=says("Only lines of this invoice, without hyphens."))
    month = Month(metadata=says("Only lines for this month of service."))
    limit = WrittenWhole(1, MOST_LINES, metadata=says("Lines on the page.", default=USUAL_ON_A_PAGE))
    cursor = Words(100, metadata=says("`next` of the page before, with the same filters."))


class ResultFileQuerySchema(StrictSchema):
    """How a file of a result is written."""

    lang = OneOf(("ko", "en"), metadata=says("Language of its words; by default as Accept-Language asks, else Korean."))


class InvoiceRowsSchema(Schema):
    """A list of rows, one a line of an invoice, under the names of own columns or of an issuing service."""


class ReconciliationAskedSchema(Schema):
    """A reconciliation that a worker does; `Location` is where it is."""

    id = a.text()
    status = a.text("`queued`.")


class UnderstoodSchema(Schema):
    """What was understood of files, before anything runs."""

    files = a.anything("Of each its tables: format, encoding, header row, columns, whose it is, period, totals.")
    rows = a.anything("The first lines as they were read.")
    rejected = a.anything("Rows that cannot be read as cells.")
    unknown_items = a.anything("Items that nobody has named, with suggestions.")


class ReconciliationSchema(Schema):
    """How far a reconciliation is, and what it came to. Ask again every few seconds."""

    id = a.text()
    kind = a.text("`reconciliation`.")
    status = a.word("queued", "running", "done", "failed", "cancelled")
    progress = a.one(ProgressSchema)
    created_at = a.text("In Korea.")
    finished_at = a.text("In Korea.", nullable=True)
    summary = a.anything(
        "Rows, lines and money by status, cause, file, invoice, contract and month; null until it is done. "
        "`amount` = `expected` + what `by_cause` has + `unexplained`; what is not judged stands `aside`."
    )
    result = a.text("Where the lines are; null until it is done.", nullable=True)
    errors = a.many(FaultSchema, "Why it could not be done.")
    more_errors = a.number("How many more there are than are told.")


class PlaceOfRowSchema(Schema):
    """Where a row stands."""

    file = a.text()
    sheet = a.text(nullable=True)
    line = a.number("As people count, from 1.")


class LineFaultSchema(Schema):
    """Why a value of a line says nothing certain."""

    field = a.text()
    code = a.text()
    shown = a.text("The value, where it may be shown.", nullable=True)
    detail = a.text()
    hint = a.text()


class ReconciledLineSchema(Schema):
    """A line with how it stands; KRW, supply without VAT."""

    row = a.one(PlaceOfRowSchema, "Null of what was not billed.", nullable=True)
    invoice_number = a.text(nullable=True)
    issued_on = a.day(nullable=True)
    supplier = a.text(nullable=True)
    customer = a.text(nullable=True)
    corrects = a.text("The number of the original.", nullable=True)
    correction_code = a.text("01 to 06.", nullable=True)
    item = a.text(nullable=True)
    specification = a.text(nullable=True)
    remark = a.text(nullable=True)
    quantity = a.anything("A number, or a text where it has decimals.")
    contract = a.text("Its number.", nullable=True)
    agreement = a.text(nullable=True)
    fee = a.text(nullable=True)
    product = a.text(nullable=True)
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    service_month = a.text("`YYYY-MM`; null of a total.", nullable=True)
    status = a.word(*(status.value for status in Status))
    amount = a.krw(nullable=True)
    expected = a.krw("Null where nothing is judged.", nullable=True)
    difference = a.krw("Of a claim of several rows the first bears it.", nullable=True)
    vat = a.krw("VAT.", nullable=True)
    vat_expected = a.krw("VAT as it should be, by chains.", nullable=True)
    vat_difference = a.krw("VAT that is wrong for the billed supply.", nullable=True)
    cause = a.text("One, or two joined by `+`; `unexplained`; null where nothing is wrong.", nullable=True)
    also = a.words("Rival causes that give the same amount.")
    explanation = a.text("Days, prices, rule, clause.", nullable=True)
    chain = a.text("The number of the original.", nullable=True)
    checked_against = a.word(*(each.value for each in CheckedAgainst), nullable=True)
    finding = a.text("Its id.", nullable=True)
    candidates = a.words("The contracts that it fits.")
    faults = a.many(LineFaultSchema)
    extra = a.anything("Unknown columns as they came.")


class ReconciledLinesSchema(Schema):
    """A page of the lines of a result."""

    lines = a.many(ReconciledLineSchema)
    next = a.text("Cursor of the page behind; null on the last one.", nullable=True)

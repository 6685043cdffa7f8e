"""Findings of reconciliations: what people say of them, which to list, and what is answered."""

from __future__ import annotations

from marshmallow import Schema

from fee_service.finding import SET_BY_PEOPLE, FindingLife, FindingState
from schemas import kinds as a
from schemas.fields import Name, OneOf, StrictSchema, Words
from schemas.quote import LONGEST_ID, says
from schemas.stored import MOST_ON_A_PAGE, USUAL_ON_A_PAGE, WrittenWhole
from schemas.usage import CONTRACT, Month

LONGEST_NOTE = 1_000
LONGEST_CAUSE = 100


class FindingWordSchema(StrictSchema):
    """What becomes of a finding, as a person says it."""

    state = OneOf(
        SET_BY_PEOPLE,
        required=True,
        metadata=says(
            "`disputed` with the supplier; `accepted`: not new again while its amount is the same; `credited` by the "
            "supplier; `closed`: done with, a run that sees it again says that it came back."
        ),
    )
    note = Name(
        LONGEST_NOTE,
        allow_none=True,
        metadata=says("What is to be remembered of it; no resident numbers, no e-mail addresses."),
    )


class FindingsQuerySchema(StrictSchema):
    """Which findings to list, those that came last first. Filters are combined with and."""

    state = OneOf(FindingState, metadata=says("What people say of them; `open`: nothing yet."))
    life = OneOf(FindingLife, metadata=says("What the last run says of them; with `run`, what that run said."))
    contract = Words(LONGEST_ID, metadata=CONTRACT)
    cause = Words(LONGEST_CAUSE, metadata=says("Only with this cause.", examples=["not_prorated"]))
    month = Month(metadata=says("Only of this month of service."))
    run = Words(LONGEST_ID, metadata=says("Only what this reconciliation had something to say of, in its order."))
    limit = WrittenWhole(1, MOST_ON_A_PAGE, metadata=says("Findings on the page.", default=USUAL_ON_A_PAGE))
    cursor = Words(100, metadata=says("`next_cursor` of the page before, with the same filters."))


# -- answers -------------------------------------------------------------------------------------------


class FindingSchema(Schema):
    """Something that a reconciliation found wrong, as it was last seen."""

    id = a.text("Follows from what it is about: the same fault has the same id in every run.")
    contract = a.text("Number of the contract.")
    chain = a.text("Number of the invoice that others correct; null of what nothing bills.", nullable=True)
    agreement = a.text(nullable=True)
    fee = a.text("`vat` of the VAT of a chain; null of a total.", nullable=True)
    product = a.text(nullable=True)
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    month = a.text("`YYYY-MM`, of service; of a total and of VAT the month of the invoice.")
    life = a.word(*FindingLife, says="What the last run that had something to say of it says.")
    state = a.word(*FindingState, says="What a person has said of it.")
    status = a.text("How the line stood.")
    cause = a.text(nullable=True)
    difference = a.krw("KRW without VAT: billed less due.")
    vat_difference = a.krw("KRW.")
    amount = a.krw("As billed.", nullable=True)
    expected = a.krw(nullable=True)
    invoice_number = a.text(nullable=True)
    issued_on = a.day(nullable=True)
    explanation = a.text(a.PROSE, nullable=True)
    run = a.text("The last reconciliation that saw it.")


class FindingsSchema(Schema):
    """A page of findings."""

    findings = a.many(FindingSchema, "Those that came last first.")
    next_cursor = a.text("Of the following page; null on the last one.", nullable=True)


class FindingEventSchema(Schema):
    """What a run or a person said of a finding, and how it stood after it."""

    run = a.text("The reconciliation; null of a person's word.", nullable=True)
    life = a.word(*FindingLife)
    state = a.word(*FindingState)
    status = a.text("As the run saw it, `match` where it is solved; null of a person's word.", nullable=True)
    cause = a.text(nullable=True)
    difference = a.krw("KRW without VAT: billed less due, as it was last seen.")
    vat_difference = a.krw("KRW.")
    amount = a.krw("As billed.", nullable=True)
    expected = a.krw(nullable=True)
    invoice_number = a.text(nullable=True)
    issued_on = a.day(nullable=True)
    explanation = a.text(a.PROSE, nullable=True)
    note = a.text(nullable=True)
    entered_at = a.text("UTC.")
    entered_by = a.text("The API key.")


class FindingStorySchema(FindingSchema):
    """A finding with all that was said of it."""

    story = a.many(FindingEventSchema, "In the order in which it was said.")

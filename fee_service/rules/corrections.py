"""The correction to ask for where an invoice is wrong: with it every claim of its chain is what was due. Pure.

Codes of corrected e-tax invoices (VAT Act and its decree): 01 entered by mistake, a cancellation and a right one, dated
as the original; 02 supply value changed, one invoice of the difference, dated on the day of the change; 06 issued
twice, a cancellation dated as the original.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from fee_service.published.editions import Rate
from fee_service.rules.invoicing import vat_of
from fee_service.rules.judging import ASIDE, Claim, Status, Verdict

Of = TypeVar("Of")


class CorrectionCode(StrEnum):
    """Why an invoice is corrected, of the codes those that a reconciliation asks for."""

    MISTAKE = "01"
    SUPPLY_CHANGED = "02"
    ISSUED_TWICE = "06"


class Stood(NamedTuple, Generic[Of]):
    """Something that is billed, and the supply that is right for it: as billed, where nobody can say (KRW)."""

    of: Of
    billed: int
    right: int
    is_duplicate: bool = False

    @property
    def difference(self) -> int:
        return self.billed - self.right


class CorrectedLine(NamedTuple, Generic[Of]):
    """A line to be issued: what it is for, and the supply to add to it (KRW, a credit is negative)."""

    of: Of
    supply: int


class CorrectedInvoice(NamedTuple, Generic[Of]):
    """An invoice to be issued (KRW)."""

    issued_on: date
    lines: tuple[CorrectedLine[Of], ...]
    vat: int

    @property
    def supply(self) -> int:
        return sum(line.supply for line in self.lines)


class Correction(NamedTuple, Generic[Of]):
    """What to ask the supplier for, of the invoice with that number."""

    code: CorrectionCode
    corrects: str
    invoices: tuple[CorrectedInvoice[Of], ...]

    @property
    def supply(self) -> int:
        """By how much the supply of the chain changes."""
        return sum(invoice.supply for invoice in self.invoices)

    @property
    def vat(self) -> int:
        return sum(invoice.vat for invoice in self.invoices)


def correction_of(verdicts: Sequence[Verdict], vat: int, rate: Rate, today: date) -> Correction[Claim] | None:
    """What to ask for, of a chain whose claims are these and whose VAT is billed like this; None where all is right."""
    first = verdicts[0].claim
    return correction(first.chain, first.issued_on, list(_stood(verdicts)), vat, rate, today)


def correction(
    chain: str, issued_on: date, stood: Sequence[Stood[Of]], vat: int, rate: Rate, today: date
) -> Correction[Of] | None:
    """The same of whatever a chain bills, whose original was issued on a day.

    Nothing is asked for what cannot be judged: it is left as it was billed.
    """
    right_vat = vat_of(sum(each.right for each in stood), rate)
    wrong = [each for each in stood if each.difference]
    if not wrong and right_vat == vat:
        return None
    cancelled = CorrectedInvoice(issued_on, tuple(CorrectedLine(each.of, -each.billed) for each in stood), -vat)
    if wrong and all(each.is_duplicate for each in stood):
        return Correction(CorrectionCode.ISSUED_TWICE, chain, (cancelled,))
    if wrong and any(each.right for each in stood):
        changed = tuple(CorrectedLine(each.of, -each.difference) for each in wrong)
        invoice = CorrectedInvoice(today, changed, right_vat - vat)
        return Correction(CorrectionCode.SUPPLY_CHANGED, chain, (invoice,))
    kept = tuple(CorrectedLine(each.of, each.right) for each in stood if each.right)
    right = (CorrectedInvoice(issued_on, kept, right_vat),) if kept else ()
    return Correction(CorrectionCode.MISTAKE, chain, (cancelled, *right))


def _stood(verdicts: Sequence[Verdict]) -> Iterator[Stood[Claim]]:
    for verdict in verdicts:
        billed = verdict.claim.amount
        right = billed if verdict.status in ASIDE else verdict.expected
        yield Stood(verdict.claim, billed, right, verdict.status is Status.DUPLICATE)

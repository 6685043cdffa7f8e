"""The correction to ask for where an invoice is wrong: with it every claim of its chain is what was due. Pure.

Codes of corrected e-tax invoices (VAT Act and its decree): 01 entered by mistake, a cancellation and a right one, dated
as the original; 02 supply value changed, one invoice of the difference, dated on the day of the change; 06 issued
twice, a cancellation dated as the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from fee_service.published.editions import Rate
from fee_service.rules.invoicing import vat_of
from fee_service.rules.judging import Claim, Status, Verdict


class CorrectionCode(StrEnum):
    """Why an invoice is corrected, of the codes those that a reconciliation asks for."""

    MISTAKE = "01"
    SUPPLY_CHANGED = "02"
    ISSUED_TWICE = "06"


class CorrectedLine(NamedTuple):
    """A line to be issued: what the claim is for, and the supply to add to it (KRW, a credit is negative)."""

    claim: Claim
    supply: int


class CorrectedInvoice(NamedTuple):
    """An invoice to be issued (KRW)."""

    issued_on: date
    lines: tuple[CorrectedLine, ...]
    vat: int

    @property
    def supply(self) -> int:
        return sum(line.supply for line in self.lines)


class Correction(NamedTuple):
    """What to ask the supplier for, of the invoice with that number."""

    code: CorrectionCode
    corrects: str
    invoices: tuple[CorrectedInvoice, ...]

    @property
    def supply(self) -> int:
        """By how much the supply of the chain changes."""
        return sum(invoice.supply for invoice in self.invoices)

    @property
    def vat(self) -> int:
        return sum(invoice.vat for invoice in self.invoices)


def correction_of(verdicts: Sequence[Verdict], vat: int, rate: Rate, today: date) -> Correction | None:
    """What to ask for, of a chain whose claims are these and whose VAT is billed like this; None where all is right.

    Nothing is asked for what cannot be judged: such a claim is left as it was billed.
    """
    judged = [verdict for verdict in verdicts if verdict.status is not Status.NOT_JUDGED]
    right_vat = vat_of(sum(_right(verdict) for verdict in verdicts), rate)
    wrong = [verdict for verdict in judged if verdict.difference]
    if not wrong and right_vat == vat:
        return None
    first = verdicts[0].claim
    cancelled = CorrectedInvoice(first.issued_on, tuple(_line(each, -each.claim.amount) for each in verdicts), -vat)
    if wrong and all(verdict.status is Status.DUPLICATE for verdict in verdicts):
        return Correction(CorrectionCode.ISSUED_TWICE, first.chain, (cancelled,))
    if wrong and any(_right(verdict) for verdict in verdicts):
        changed = tuple(_line(verdict, -verdict.difference) for verdict in wrong)
        return Correction(
            CorrectionCode.SUPPLY_CHANGED, first.chain, (CorrectedInvoice(today, changed, right_vat - vat),)
        )
    kept = tuple(_line(verdict, _right(verdict)) for verdict in verdicts if _right(verdict))
    right = (CorrectedInvoice(first.issued_on, kept, right_vat),) if kept else ()
    return Correction(CorrectionCode.MISTAKE, first.chain, (cancelled, *right))


def _right(verdict: Verdict) -> int:
    """What the claim should come to; as billed, where nobody can say."""
    return verdict.claim.amount if verdict.status is Status.NOT_JUDGED else verdict.expected


def _line(verdict: Verdict, supply: int) -> CorrectedLine:
    return CorrectedLine(verdict.claim, supply)

"""A finding is what a run found wrong, and lives over months: new, still open, solved, come back. Pure.

Its id follows from what it is about, so that a run that is done again, or killed and gone on with, names it alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from fee_service.finding import SETTLING, FindingLife, FindingState, finding_id
from fee_service.published.editions import CellKey

VAT = "vat"  # in the place of a fee: the VAT of a chain is a finding of its own


class Subject(NamedTuple):
    """What a finding is about.

    A total has no fee, VAT the fee `vat`; the month of both is that in which the chain's original was issued.
    """

    contract: str  # its number
    month: date  # of service, its first day
    chain: str | None = None  # the original's number; None of what nothing bills
    agreement: str | None = None
    fee: str | None = None
    product: str | None = None
    option: str | None = None
    user_type: str | None = None


class Amounts(NamedTuple):
    """By how much a finding differs from what is due, as it was last seen (KRW): its supply, or its VAT."""

    difference: int = 0
    vat_difference: int = 0


class Seen(NamedTuple):
    """What a run found wrong, as it says it; several of one subject are one finding (KRW)."""

    subject: Subject
    status: str  # overbilled, underbilled, missing, unexpected, duplicate
    cause: str | None = None  # the one of the result's line, or its status where that is the cause
    difference: int = 0  # supply: billed less due; 0 where it is about VAT
    vat_difference: int = 0  # 0 where it is about supply
    amount: int | None = None
    expected: int | None = None
    explanation_ko: str | None = None
    explanation_en: str | None = None
    invoice_number: str | None = None
    issued_on: date | None = None

    @property
    def amounts(self) -> Amounts:
        return Amounts(self.difference, self.vat_difference)


class Covered(NamedTuple):
    """What a run has judged: one chain of a contract and month, or without a chain all that is billed for them."""

    contract: str
    month: date
    chain: str | None = None


class Standing(NamedTuple):
    """How a finding stands: what runs say, what people say, and the amounts that a person is done with."""

    life: FindingLife
    state: FindingState
    amounts: Amounts
    settled: Amounts | None = None  # none, too, once a run has found otherwise

    @property
    def is_open(self) -> bool:
        """Whether the last run that looked found it wrong."""
        return self.life is not FindingLife.SOLVED


def subject(
    contract: str,
    chain: str | None,
    key: CellKey | None,
    month: date,
    *,
    vat: bool = False,
) -> Subject:
    """What is wrong, by the cell of its fee; without one it is a total, or the VAT of the chain."""
    if key is None:
        return Subject(contract, month, chain, fee=VAT if vat else None)
    option, user_type = (None, key.column) if key.fee == "usage_fee" else (key.column, None)
    return Subject(contract, month, chain, key.contract, key.fee, key.product, option, user_type)


def id_of(subject: Subject) -> str:
    """The id of a finding about this."""
    return finding_id(*subject)


def gathered(seen: Iterable[Seen]) -> dict[str, Seen]:
    """What a run saw, by the ids of the findings, in its order; of several rows of a subject the sum."""
    found: dict[str, Seen] = {}
    for each in seen:
        named = id_of(each.subject)
        found[named] = each if named not in found else _together(found[named], each)
    return found


def _together(first: Seen, other: Seen) -> Seen:
    return first._replace(
        difference=first.difference + other.difference,
        vat_difference=first.vat_difference + other.vat_difference,
        amount=_sum(first.amount, other.amount),
        expected=_sum(first.expected, other.expected),
    )


def _sum(*amounts: int | None) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def is_covered(subject: Subject, covered: Collection[Covered]) -> bool:
    """Whether a run would have seen this, had it still been wrong."""
    of_it = Covered(subject.contract, subject.month)
    return of_it in covered or (subject.chain is not None and of_it._replace(chain=subject.chain) in covered)


def life(known: Mapping[str, Standing], seen: Mapping[str, Amounts], covered: Iterable[str]) -> dict[str, FindingLife]:
    """What a run says of findings, by their ids: of all that it saw, and of those known that it judged to be right.

    What it neither saw nor judged is not in the answer, nor what was solved before and is not seen again.
    """
    said = {each: _seen(known.get(each), amounts) for each, amounts in seen.items()}
    gone = (each for each in covered if each in known and each not in seen and known[each].is_open)
    return said | dict.fromkeys(gone, FindingLife.SOLVED)


def after_run(before: Standing | None, said: FindingLife, amounts: Amounts | None) -> Standing:
    """How a finding stands after a run, which saw it with these amounts, or, without, found nothing wrong any more."""
    state = FindingState.OPEN if before is None else before.state
    settled = None if before is None else before.settled
    if amounts is None:
        return Standing(said, state, Amounts() if before is None else before.amounts, settled)
    holds = state is FindingState.ACCEPTED and settled == amounts
    return Standing(said, state, amounts, settled if holds else None)


def after_word(before: Standing, state: FindingState) -> Standing:
    """How a finding stands after a person's word; the runs' word is left as it is."""
    is_settled = state in SETTLING and before.is_open
    return before._replace(state=state, settled=before.amounts if is_settled else None)


def _seen(before: Standing | None, amounts: Amounts) -> FindingLife:
    """What is accepted is neither new nor back again while it is the same amount; another amount is new."""
    if before is None:
        return FindingLife.NEW
    if before.state is FindingState.ACCEPTED and before.settled is not None:
        return FindingLife.STILL_OPEN if before.settled == amounts else FindingLife.NEW
    is_back = not before.is_open or before.settled is not None
    return FindingLife.CAME_BACK if is_back else FindingLife.STILL_OPEN

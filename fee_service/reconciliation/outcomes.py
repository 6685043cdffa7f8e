"""How each line of an upload stands, once the invoices of every contract are judged; VAT by chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from fee_service.answers.reconciled import LineFault
from fee_service.model import Text
from fee_service.published.editions import CellKey, Rate
from fee_service.reconciliation.documents import Billed, Document
from fee_service.reconciliation.judged import Claimed, OfContract
from fee_service.rules.chains import Chain
from fee_service.rules.invoicing import vat_of
from fee_service.rules.judging import ASIDE, TELLS_WHY, Expected, Status, Verdict, causes_of
from fee_service.rules.reconciling import Cause
from fee_service.rules.reconciling_totals import vat_rounding

_SAID = {Status.DUPLICATE: "line_billed_twice", Status.UNEXPECTED: "line_not_due"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a line stands (KRW); `expected` is None where nothing is judged. Of a claim the first line bears the rest."""

    status: Status
    contract: str | None = None
    chain: str | None = None
    issued_on: date | None = None  # of the chain's original; of what is missing the day on which it was due
    key: CellKey | None = None
    month: date | None = None
    amount: int | None = None
    expected: int | None = None
    vat: int | None = None
    vat_expected: int | None = None
    cause: str | None = None
    also: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    checked_against: str | None = None
    candidates: tuple[str, ...] = ()
    faults: tuple[LineFault, ...] = ()
    finding: str | None = None

    @property
    def difference(self) -> int:
        return (self.amount or 0) - (self.expected or 0) if self.expected is not None else 0

    @property
    def vat_difference(self) -> int:
        return (self.vat or 0) - (self.vat_expected or 0) if self.vat_expected is not None else 0


def of_contract(found: OfContract, shown: Mapping[str, str]) -> Iterator[tuple[Billed | None, Outcome]]:
    """Every line that was billed on a contract with how it stands; without a line what a verdict of none is of.

    `shown`: how the number of a chain is printed.
    """
    for claimed in found.claimed:
        yield from _of_claim(found.contract.number, claimed, shown)
    for line, ambiguous in found.unclear:
        fault = LineFault(
            "item", "line_item_ambiguous", ", ".join(" ".join(filter(None, key)) for key in ambiguous.keys)
        )
        yield line, Outcome(Status.UNREADABLE, found.contract.number, amount=line.amount, vat=line.vat, faults=(fault,))


def _of_claim(number: str, claimed: Claimed, shown: Mapping[str, str]) -> Iterator[tuple[Billed, Outcome]]:
    """The first line of the upload bears the difference of the claim; if it has none, the first of all."""
    verdict = claimed.verdict
    causes = tuple(causes_of(verdict))
    bears = next((line for line in claimed.lines if line.row is not None), claimed.lines[0])
    is_aside = verdict.status in ASIDE
    due = verdict.dues[0] if len(verdict.dues) == 1 else None
    told = Outcome(
        status=verdict.status,
        contract=number,
        chain=shown[verdict.claim.chain],
        issued_on=verdict.claim.issued_on,
        key=verdict.claim.key or (due.key if due else None),
        month=verdict.claim.month or (due.month if due else None),
        cause=causes[0] if causes else _without_cause(verdict.status, verdict.difference),
        also=causes[1:],
        texts=claimed.texts or tuple(_without_mistake(verdict)),
        checked_against=verdict.checked_against.value,
        faults=(LineFault("item", "line_item_unknown"),) if verdict.status is Status.UNREADABLE else (),
    )
    for line in claimed.lines:
        rest = verdict.difference if line is bears else 0
        expected = None if is_aside else line.amount - rest
        yield line, replace(told, amount=line.amount, expected=expected, vat=line.vat)


def _without_mistake(verdict: Verdict) -> Iterator[Text]:
    """What is said of a claim that no known mistake explains."""
    status = verdict.status
    if status in _SAID:
        yield Text(_SAID[status])
    elif status is Status.NOT_JUDGED:
        yield Text("line_use_not_reported", {"expected": verdict.expected})
    elif verdict.difference and status is not Status.UNREADABLE:
        yield Text("line_differs", {"expected": verdict.expected, "billed": verdict.claim.amount})


def _without_cause(status: Status, difference: int) -> str | None:
    """What is told where no rule gives the amount."""
    if status in TELLS_WHY:
        return status.value
    return Cause.UNEXPLAINED.value if difference and status not in ASIDE else None


def missing(number: str, dues: Iterable[Expected]) -> Iterator[Outcome]:
    """What is due and was not billed."""
    for due in dues:
        params = {"day": due.invoice_on, "amount": due.amount}
        yield Outcome(
            status=Status.MISSING,
            contract=number,
            issued_on=due.invoice_on,
            key=due.key,
            month=due.month,
            amount=0,
            expected=due.amount,
            cause=Status.MISSING.value,
            texts=(Text("line_missing", params),),
            checked_against=due.checked_against.value,
        )


# -- VAT of a chain ----------------------------------------------------------------------------------------


class VatFound(NamedTuple):
    """The VAT of a chain that is not that of its supply (KRW)."""

    difference: int
    cause: Cause
    text: Text


def vat_found(chain: Chain[Document], rate: Rate) -> VatFound | None:
    """What is wrong with the VAT of a chain, whatever is wrong with its supply; None where nothing is."""
    right = vat_of(chain.supply, rate)
    if not all(document.has_vat for document in chain.documents) or chain.vat == right:
        return None
    by_document = [document.supply for document in chain.documents]
    by_line = [line.amount for document in chain.documents for line in document.lines]
    explained = vat_rounding([[chain.supply], by_document, by_line], rate, chain.vat)
    params = {"supply": chain.supply, "right": right, "vat": chain.vat}
    if explained is None:
        return VatFound(chain.vat - right, Cause.UNEXPLAINED, Text("vat_differs", params))
    mode = Text(f"rounding_{explained.rounding}")
    return VatFound(
        chain.vat - right, Cause.VAT_ROUNDING,
        Text("cause_vat_rounding", {**params, "parts": len(explained.parts), "mode": mode}),
    )  # fmt: skip


def with_vat(outcome: Outcome, found: VatFound | None) -> Outcome:
    """A line with the VAT that it should have; the one that bears what is wrong with that of its chain says why."""
    if outcome.status in ASIDE or outcome.vat is None:
        return outcome
    if found is None:
        return replace(outcome, vat_expected=outcome.vat)
    status = outcome.status
    if status is Status.MATCH:
        status = Status.OVERBILLED if found.difference > 0 else Status.UNDERBILLED
    cause = found.cause.value if outcome.cause is None else f"{outcome.cause}+{found.cause}"
    return replace(
        outcome, status=status, cause=cause, vat_expected=outcome.vat - found.difference,
        texts=(*outcome.texts, found.text),
    )  # fmt: skip


def bearer(chain: Chain[Document], outcomes: Sequence[Outcome | None]) -> int | None:
    """The line that says what is wrong with the VAT of a chain: the first of its last invoice in the upload."""
    for document in reversed(chain.documents):
        for row in document.rows:
            outcome = outcomes[row]
            if outcome is not None and outcome.status not in ASIDE:
                return row
    return None

"""What of a run is a finding: claims that differ, the VAT of a chain, what is missing; and what it would have seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from fee_service.reconciliation.outcomes import Outcome
from fee_service.reconciliation.reconciling import Reconciled
from fee_service.rules.findings import Covered, Seen, Subject, id_of, subject
from fee_service.rules.judging import TELLS_WHY, Status
from fee_service.strict_json import Data
from fee_service.wording import in_language_once

WRONG = frozenset({Status.OVERBILLED, Status.UNDERBILLED, *TELLS_WHY})


class Named(NamedTuple):
    """A result whose lines bear the ids of their findings, and the findings."""

    found: Reconciled
    seen: tuple[Seen, ...]


def named_findings(found: Reconciled) -> Named:
    """Name every finding of a run; one that is in no row of the upload is among those seen alone."""
    seen = [each for outcome in (*found.outcomes, *found.missing, *found.beyond) for each in _seen(outcome)]
    outcomes, missing = ([_with_id(outcome) for outcome in part] for part in (found.outcomes, found.missing))
    return Named(replace(found, outcomes=outcomes, missing=missing), tuple(seen))


def covered_by(found: Reconciled) -> Sequence[Covered]:
    """What the run would have seen: the chains that it judged, and of some months all that is due."""
    chains = {
        Covered(outcome.contract, month, outcome.chain or None)
        for outcome in (*found.outcomes, *found.beyond)
        if outcome.contract and outcome.issued_on and outcome.expected is not None
        for month in (outcome.month, outcome.issued_on.replace(day=1))
        if month
    }
    whole = {Covered(contract, month) for contract, month in found.whole_months}
    return sorted(chains | whole, key=lambda each: (each.contract, each.month, each.chain or ""))


def _seen(outcome: Outcome) -> Iterator[Seen]:
    """What is wrong with a line: its supply, and what it says of the VAT of its chain."""
    if (of := _subject(outcome)) is None:
        return
    said = {f"explanation_{lang}": in_language_once(outcome.texts, lang) for lang in ("ko", "en") if outcome.texts}
    if outcome.difference or outcome.status in TELLS_WHY:
        yield Seen(
            of, outcome.status.value, outcome.cause, outcome.difference, 0, outcome.amount, outcome.expected,
            invoice_number=outcome.chain or None, issued_on=outcome.issued_on, **said,
        )  # fmt: skip
    if outcome.vat_difference and outcome.issued_on:
        yield Seen(
            _of_vat(outcome), outcome.status.value, outcome.cause, 0, outcome.vat_difference, outcome.vat,
            outcome.vat_expected, invoice_number=outcome.chain or None, issued_on=outcome.issued_on, **said,
        )  # fmt: skip


def _with_id(outcome: Outcome) -> Outcome:
    of = _subject(outcome)
    if of is None:
        return outcome
    return replace(
        outcome, finding=id_of(_of_vat(outcome) if outcome.vat_difference and not outcome.difference else of)
    )


def _subject(outcome: Outcome) -> Subject | None:
    """What a line that is wrong is about; None of one that is right, or not judged."""
    day = outcome.month or (outcome.issued_on and outcome.issued_on.replace(day=1))
    if outcome.status not in WRONG or outcome.contract is None or day is None:
        return None
    return subject(outcome.contract, outcome.chain or None, outcome.key, day)


def _of_vat(outcome: Outcome) -> Subject:
    assert outcome.contract is not None
    assert outcome.issued_on is not None
    return subject(outcome.contract, outcome.chain or None, None, outcome.issued_on.replace(day=1), vat=True)


# -- as a job keeps them -----------------------------------------------------------------------------------


def seen_data(seen: Seen) -> Data:
    """What was seen as JSON; `seen_from` is its inverse."""
    return {**seen._asdict(), "subject": seen.subject._asdict()}


def seen_from(told: Data) -> Seen:
    """What was seen, as it was kept."""
    of = told["subject"]
    issued_on = told["issued_on"]
    about = Subject(**{**of, "month": date.fromisoformat(of["month"])})
    return Seen(**{**told, "subject": about, "issued_on": issued_on and date.fromisoformat(issued_on)})


def covered_from(told: Sequence[Any]) -> Covered:
    """What a run has judged, as it was kept."""
    contract, month, chain = told
    return Covered(contract, date.fromisoformat(month), chain)

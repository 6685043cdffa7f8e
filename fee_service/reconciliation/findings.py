"""What a run found wrong is entered in the moment in which the run is done: what is new, still open, solved, back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from fee_service.finding import FindingLife, FindingState
from fee_service.quotes.calls import Call
from fee_service.rules.findings import (
    Amounts,
    Covered,
    Seen,
    Standing,
    Subject,
    after_run,
    gathered,
    is_covered,
    life,
)
from fee_service.rules.judging import Status
from fee_service.storage import audit, findings
from fee_service.storage.attested_findings import FOUND, seal_of
from fee_service.storage.findings import KeptFinding, NewEvent

Counts = dict[str, int]


def enter(connection: Connection, run: str, seen: Iterable[Seen], covers: Iterable[Covered], call: Call) -> Counts:
    """Enter what a run saw, in the transaction that finishes it (inside `Database.write`); by life how many.

    `run` is the id of the job, `call` who asked for it and when. `seen` has one or more for each thing that is wrong:
    of a claim one with its subject by `rules.findings.subject` (all of its difference, not that of a row alone), of
    the VAT of a chain one more (`vat=True`), of what is missing one without a chain; nothing of lines that are not
    judged. `covers` says what the run would have seen: for each chain that it judged `Covered(contract, month, chain)`
    with every month that the chain's claims are for and that of its original's issue; `Covered(contract, month)`
    alone only where it judged all that is billed for a contract and month, by the horizon of what is missing. The
    same run entered by another worker says the same to the byte.
    """
    found, covered = gathered(seen), set(covers)
    before = _known(connection, found, covered)
    standing = {each.id: standing_of(each) for each in before.values()}
    gone = [each.id for each in before.values() if is_covered(subject_of(each), covered)]
    said = life(standing, {each: saw.amounts for each, saw in found.items()}, gone)
    events = list(_events(run, said, found, before, standing, call))
    new = [
        {"id": event.finding, **found[event.finding].subject._asdict(), **event.stands}
        for event in events
        if event.finding not in before
    ]
    findings.enter(connection, run, new, events)
    counted = Counter(said.values())
    counts = {each.value: counted[each] for each in FindingLife}
    audit.append(connection, call.told(FOUND, run, {**counts, "seal": seal_of(events)}))
    return counts


def subject_of(kept: KeptFinding) -> Subject:
    """What a finding is about."""
    return Subject(*(getattr(kept, name) for name in Subject._fields))


def standing_of(kept: KeptFinding) -> Standing:
    """How a finding stands."""
    settled = None
    if kept.settled_difference is not None and kept.settled_vat_difference is not None:
        settled = Amounts(kept.settled_difference, kept.settled_vat_difference)
    amounts = Amounts(kept.difference, kept.vat_difference)
    return Standing(FindingLife(kept.life), FindingState(kept.state), amounts, settled)


def columns_of(standing: Standing) -> dict[str, Any]:
    """How a finding stands, by the names of the columns."""
    return {
        "life": standing.life.value,
        "state": standing.state.value,
        "difference": standing.amounts.difference,
        "vat_difference": standing.amounts.vat_difference,
        "settled_difference": None if standing.settled is None else standing.settled.difference,
        "settled_vat_difference": None if standing.settled is None else standing.settled.vat_difference,
    }


def _known(connection: Connection, found: Mapping[str, Seen], covered: set[Covered]) -> dict[str, KeptFinding]:
    """The findings that the run saw again, and those that it might have seen."""
    contracts = sorted({each.contract for each in covered})
    known = {each.id: each for each in findings.open_of(connection, contracts)}
    return known | {each.id: each for each in findings.known(connection, (id_ for id_ in found if id_ not in known))}


def _events(
    run: str,
    said: Mapping[str, FindingLife],
    found: Mapping[str, Seen],
    before: Mapping[str, KeptFinding],
    standing: Mapping[str, Standing],
    call: Call,
) -> Iterator[NewEvent]:
    """What the run says of each finding, first of those that it saw."""
    for named, word in said.items():
        saw = found.get(named)
        after = after_run(standing.get(named), word, None if saw is None else saw.amounts)
        yield NewEvent(
            batch=run,
            finding=named,
            cause=before[named].cause if saw is None else saw.cause,
            seen=before[named].seen if saw is None else run,
            note=None,
            entered_at=call.now,
            entered_by=call.actor.key_id,
            **columns_of(after),
            **_sight(saw),
        )


def _sight(saw: Seen | None) -> dict[str, Any]:
    """How a run saw a finding, which matches where nothing is wrong with it any more."""
    if saw is None:
        return {**dict.fromkeys(findings.SIGHT), "status": Status.MATCH.value}
    return {name: getattr(saw, name) for name in findings.SIGHT}

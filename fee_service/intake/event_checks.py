"""What may happen to a contract, given what was agreed and what happened to it before: every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from fee_service.contract import Contract, ContractEvent, EventKind
from fee_service.errors import Fault
from fee_service.periods import ONE_DAY
from fee_service.rules.standing import in_effect, standing_of

# What is wrong only because something else happened before.
CONFLICTS = frozenset(("contract_ended_already", "event_annulled_already"))


def event_faults(event: ContractEvent, contract: Contract) -> list[Fault]:
    """Why an event cannot be entered; nothing where it can. What it lacks yet is not looked at."""
    match event.kind:
        case EventKind.ENDED:
            return list(_of_an_end(event, contract))
        case EventKind.WAIVER_WITHDRAWN:
            return list(_of_a_withdrawal(event, contract))
        case EventKind.ANNULLED:
            return list(_of_an_annulment(event, contract.events))


def _of_an_end(event: ContractEvent, contract: Contract) -> Iterator[Fault]:
    agreed = contract.request.ends_on
    yield from _outside(event.on, contract, agreed)
    for before in in_effect(contract.events):
        if before.kind is EventKind.ENDED:
            yield Fault("contract_ended_already", "", {"day": before.on, "event": before.id})


def _of_a_withdrawal(event: ContractEvent, contract: Contract) -> Iterator[Fault]:
    standing = standing_of(contract)
    last_day = None if standing.end is None else standing.end - ONE_DAY
    yield from _outside(event.on, contract, last_day)
    if contract.waived is None:
        yield Fault("no_waiver_to_withdraw", "/kind", {"number": contract.number})
    elif standing.waived is None:
        yield Fault("waiver_over_by_then", "/on", {"day": event.on, "last_day": contract.request.starts_on - ONE_DAY})
    elif event.on is not None and event.on >= standing.waived.end and (last_day is None or event.on <= last_day):
        yield Fault("waiver_over_by_then", "/on", {"day": event.on, "last_day": standing.waived.last_day})


def _outside(day: date | None, contract: Contract, last_day: date | None) -> Iterator[Fault]:
    """A day before the contract starts, or after it ends."""
    start = contract.request.starts_on
    if day is not None and day < start:
        yield Fault("event_before_start", "/on", {"day": day, "start": start})
    if day is not None and last_day is not None and day > last_day:
        yield Fault("event_after_end", "/on", {"day": day, "last_day": last_day})


def _of_an_annulment(event: ContractEvent, events: Sequence[ContractEvent]) -> Iterator[Fault]:
    meant = next((each for each in events if each.id == event.annuls), None)
    by = next((each for each in events if each.annuls == event.annuls), None)
    if event.annuls is None:
        return
    if meant is None:
        known = tuple(each.id for each in in_effect(events)) or ("-",)
        yield Fault("event_unknown", "/event", {"value": event.annuls, "known": known})
    elif meant.kind is EventKind.ANNULLED:
        yield Fault("event_is_annulment", "/event", {"value": meant.id})
    elif by is not None:
        yield Fault("event_annulled_already", "/event", {"value": meant.id, "event": by.id})

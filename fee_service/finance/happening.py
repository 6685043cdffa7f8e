"""What happens to a contract is entered once, never edited: it ends, its waiver is withdrawn, an event is annulled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from fee_service.answers.contract import contract_data, events_data
from fee_service.contract import Contract, ContractEvent
from fee_service.errors import Fault, FeeError
from fee_service.finance.finding import find_contract
from fee_service.finance.showing import entered, shown_contract
from fee_service.intake.event_checks import CONFLICTS, event_faults
from fee_service.periods import ONE_DAY
from fee_service.permissions import Action, require
from fee_service.quotes.answering_once import Answered, first_of, keep, once, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.quotes.issued import CONFLICT
from fee_service.rules.standing import standing_of
from fee_service.spelling import cleaned
from fee_service.storage import audit, contracts
from fee_service.storage.attested_contracts import CONTRACT_EVENT, told_of
from fee_service.storage.contracts import Stands, StoredEvent
from fee_service.strict_json import Data
from schemas.fields import Loaded


def enter(desk: Desk, key: str, loaded: Loaded, call: Call) -> Reply:
    """Enter an event of a contract. Raises FeeError (403, 404, 409, 422) and StorageError."""
    require(call.actor, Action.ENTER_EVENTS)
    return once(desk.database, call, lambda: _enter(desk, key, loaded, call))


def _enter(desk: Desk, key: str, loaded: Loaded, call: Call) -> Reply:
    """Checked once more where nobody else writes: of two that cannot both happen one is refused."""
    event = event_from(loaded.values) if "kind" in loaded.values else None
    with desk.database.reading() as connection:
        _require_possible(event, find_contract(connection, key, call).contract, loaded.faults)
    assert event is not None  # its kind is needed

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        found = find_contract(connection, key, call)
        _require_possible(event, found.contract)
        new = StoredEvent(len(found.events) + 1, event, call.now, call.actor.key_id)
        then = replace(found, events=(*found.events, new))
        row, stands = contracts.row_of_event(found.quote.position, new), stands_of(then.contract)
        contracts.enter_event(connection, row, stands)
        shown = shown_contract(connection, then, desk.editions)
        stand = contract_data(shown, desk.editions.contract_rules, call.today, call.language)
        *_, own = events_data([entered(each) for each in then.events])
        body = orjson.dumps({**own, "contract": found.quote.number, "stands": stand})
        reply = Reply(201, f"/v1/contracts/{found.quote.id}", body, None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        told: Data = {"number": found.quote.number, "quote": found.quote.id, "kind": event.kind.value}
        told |= {"seal": contracts.seal_of_event(row), "stands": told_of(stands), **first.told}
        audit.append(connection, call.told(CONTRACT_EVENT, event.id, told))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


def event_from(values: Mapping[str, Any]) -> ContractEvent:
    """The event of a body as far as it is without a fault, with an id of its own."""
    annuls = values.get("event")
    return ContractEvent(
        id=str(uuid7()),
        kind=values["kind"],
        on=values.get("on"),
        ground=values.get("ground"),
        reason=values.get("reason"),
        annuls=None if annuls is None else cleaned(annuls).lower(),
    )


def stands_of(contract: Contract) -> Stands:
    """The last contract day and the last waived day, as all events leave them."""
    standing = standing_of(contract)
    last_day = None if standing.end is None else standing.end - ONE_DAY
    return Stands(last_day, standing.waived.last_day if standing.waived else None)


def _require_possible(event: ContractEvent | None, contract: Contract, faults: Sequence[Fault] = ()) -> None:
    """Stop what cannot have happened. Raises FeeError (409 where only another event forbids it, else 422)."""
    every = [*faults, *(event_faults(event, contract) if event is not None else ())]
    if every:
        raise FeeError(every, CONFLICT if {fault.code for fault in every} <= CONFLICTS else 422)

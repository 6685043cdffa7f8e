"""What becomes of findings: listed, shown with their story, and what a person says of one, never edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from fee_service.answers.findings import finding_data, story_data
from fee_service.errors import Fault, FeeError
from fee_service.finance import held
from fee_service.finance.held import Held
from fee_service.invoices.personal import masked
from fee_service.permissions import Action, require
from fee_service.quotes.answering_once import Answered, first_of, keep, once, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.cursors import cursor_at, position_at
from fee_service.quotes.desk import Desk
from fee_service.quotes.issued import instant
from fee_service.reconciliation.findings import columns_of, standing_of
from fee_service.rules.findings import after_word
from fee_service.storage import audit, findings, installation
from fee_service.storage.attested_findings import SAID, seal_of
from fee_service.storage.findings import ListedFinding, NewEvent, Wanted
from fee_service.strict_json import Data
from schemas.fields import Loaded, shown

USUAL = 50
NOT_FOUND = 404
_NOT_SEEN: Data = dict.fromkeys(findings.SIGHT)  # a person's word is no sight


def list_findings(desk: Desk, wishes: Mapping[str, Any], call: Call) -> Data:
    """A page of findings. Raises FeeError (400 for a foreign cursor, 403, 404)."""
    require(call.actor, Action.FOLLOW_UP)
    cursor, limit = wishes.get("cursor"), wishes.get("limit") or USUAL
    with desk.database.reading() as connection:
        wanted = Wanted(**{name: wishes.get(name) for name in Wanted._fields})
        if wanted.contract is not None:
            wanted = wanted._replace(contract=_number(connection, wanted.contract, call))
        of = orjson.dumps(["findings", *wanted])
        secret = installation.cursor_key(connection)
        before = position_at(cursor, of, secret) if cursor else None
        if cursor and before is None:
            raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
        page = findings.page(connection, wanted, before, limit + 1)
    following = cursor_at(page[limit - 1][0], of, secret) if len(page) > limit else None
    told = [finding_data(found, call.language) for _, found in page[:limit]]
    return {"findings": told, "next_cursor": following}


def show(desk: Desk, finding_id: str, call: Call) -> Data:
    """A finding with its story. Raises FeeError (403, 404)."""
    require(call.actor, Action.FOLLOW_UP)
    with desk.database.snapshot() as connection:
        return _told(connection, finding_id, call)


def say(desk: Desk, finding_id: str, loaded: Loaded, call: Call) -> Reply:
    """Enter what a person says of a finding. Raises FeeError (403, 404, 422) and StorageError."""
    require(call.actor, Action.FOLLOW_UP)
    return once(desk.database, call, lambda: _say(desk, finding_id, loaded, call))


def _say(desk: Desk, finding_id: str, loaded: Loaded, call: Call) -> Reply:
    with desk.database.reading() as connection:
        _found(connection, finding_id)
    note = loaded.values.get("note") or None
    faults = [*loaded.faults, *_faults_of(note)]
    if faults:
        raise FeeError(faults)

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        found = _found(connection, finding_id)
        event = _event(found, loaded.values["state"], note, call)
        findings.enter(connection, event.batch, [], [event])
        reply = Reply(200, None, orjson.dumps(_told(connection, found.kept.id, call)), None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        told = {"finding": found.kept.id, "state": event.state, "seal": seal_of([event]), **first.told}
        audit.append(connection, call.told(SAID, event.batch, told))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


def _faults_of(note: str | None) -> Iterator[Fault]:
    """What belongs to persons is refused, not changed: a note is somebody's own words."""
    if note is not None and masked(note) != note:
        yield Fault("note_names_person", "/note")


def _event(found: ListedFinding, state: Any, note: str | None, call: Call) -> NewEvent:
    kept = found.kept
    return NewEvent(
        batch=str(uuid7()),
        finding=kept.id,
        cause=kept.cause,
        seen=kept.seen,
        **columns_of(after_word(standing_of(kept), state)),
        **_NOT_SEEN,
        note=note,
        entered_at=call.now,
        entered_by=call.actor.key_id,
    )


def _told(connection: Connection, finding_id: str, call: Call) -> Data:
    found = _found(connection, finding_id)
    story = [(instant(each.event.entered_at), each.event) for each in findings.story(connection, found.kept.id)]
    return {**finding_data(found, call.language), "story": story_data(story, call.language)}


def _found(connection: Connection, finding_id: str) -> ListedFinding:
    found = findings.find(connection, finding_id)
    if found is None:
        raise FeeError([Fault("finding_not_found", "", {"value": shown(finding_id)})], NOT_FOUND)
    return found


def _number(connection: Connection, key: str, call: Call) -> str:
    found = held.find(connection, [key], call.actor.owner).get(key)
    if not isinstance(found, Held):
        raise FeeError([Fault("contract_not_found", "/query/contract", {"value": shown(key)})], NOT_FOUND)
    return found.number

"""The same key and request, the same first answer: across threads, workers and crashes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.issued import packed, unpacked
from fee_service.storage import idempotency
from fee_service.storage.attested import FIRST_ANSWER
from fee_service.storage.database import Database
from fee_service.storage.seals import OF_AN_ANSWER, instant, seal

KEY_REUSED = 422
SWEEPING = "00"  # one request in 256 sweeps out the expired keys


class AlreadyAnswered(Exception):
    """Another request with the same key was quicker."""


class Answered(NamedTuple):
    """A call, its first answer, and the answer's tail as it is kept."""

    call: Call
    reply: Reply
    packed_tail: bytes | None


def first_answer(database: Database, call: Call) -> Reply | None:
    """What was answered to this key before. Raises FeeError (422) where it stood for another request."""
    if call.once is None:
        return None
    with database.reading() as connection:
        first = idempotency.find(connection, call.actor.key_id, call.once.key, call.now)
    if first is None:
        return None
    if first.request != call.once.request:
        raise FeeError([Fault("idempotency_key_reused", "", {"key": call.once.key})], KEY_REUSED)
    tail = None if first.tail is None else unpacked(first.tail)
    return Reply(first.status, first.location, first.head, tail, replayed=True)


def once(database: Database, call: Call, answer: Callable[[], Reply]) -> Reply:
    """The first answer to the call's key, or a new one."""
    known = first_answer(database, call)
    if known is not None:
        return known
    try:
        return answer()
    except AlreadyAnswered:
        first = first_answer(database, call)
        assert first is not None  # it was committed, or we could not have met it
        return first


def require_unanswered(connection: Connection, call: Call) -> None:
    """Stop before something is done or refused that this very key has already done. Raises AlreadyAnswered."""
    if answered(connection, [call]):
        raise AlreadyAnswered


def answered(connection: Connection, calls: Sequence[Call]) -> set[tuple[str, str]]:
    """The owners and keys among those of some calls that have a first answer."""
    moments = {call.owner_and_key: call.now for call in calls if call.owner_and_key is not None}
    until = idempotency.expiries(connection, moments.keys())
    return {key for key, now in moments.items() if key in until and until[key] > now}


class First(NamedTuple):
    """A first answer as it is kept; nothing where the call has no key."""

    row: dict[str, Any] | None

    @property
    def told(self) -> dict[str, Any]:
        """What the audit log says of it."""
        if self.row is None:
            return {}
        return {FIRST_ANSWER: {"seal": seal(self.row, OF_AN_ANSWER), "until": instant(self.row["expires_at"])}}


def first_of(answered: Answered, hours: int) -> First:
    """The answer to a call as it is to be kept."""
    return First(None if answered.call.once is None else _row(*answered, hours))


def keep(connection: Connection, answers: Sequence[First]) -> None:
    """Keep first answers in the transaction of what they tell of; nobody has answered these keys before."""
    rows = [first.row for first in answers if first.row is not None]
    if not rows:
        return
    idempotency.enter(connection, rows)
    if any(row["request"].startswith(SWEEPING) for row in rows):
        idempotency.forget(connection, min(row["now"] for row in rows))


def _row(call: Call, reply: Reply, packed_tail: bytes | None, hours: int) -> dict[str, Any]:
    assert call.once is not None
    return {
        "owner": call.actor.key_id,
        "key": call.once.key,
        "request": call.once.request,
        "status": reply.status,
        "location": reply.location,
        "head": reply.head,
        "tail": packed_tail,
        "expires_at": call.now + timedelta(hours=hours),
        "now": call.now,
    }


def pack_tail(call: Call, tail: bytes) -> bytes | None:
    """The tail as it is kept; packed before the transaction, which has to be short."""
    return None if call.once is None else packed(tail)

"""The same key and request, the same first answer: across threads, workers and crashes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from fee_service.desk.calls import Call, Reply
from fee_service.desk.issued import packed, unpacked
from fee_service.errors import Fault, FeeError
from fee_service.storage import idempotency
from fee_service.storage.database import Database

KEY_REUSED = 422
SWEEPING = "00"  # one request in 256 sweeps out the expired keys


class AlreadyAnswered(Exception):
    """Another request with the same key was quicker."""


def first_answer(database: Database, call: Call) -> Reply | None:
    """What was answered to this key before. Raises FeeError (422) where it stood for another request."""
    if call.once is None:
        return None
    with database.reading() as connection:
        row = idempotency.find(connection, call.actor.key_id, call.once.key, call.now)
    if row is None:
        return None
    if row.request != call.once.request:
        raise FeeError([Fault("idempotency_key_reused", "", {"key": call.once.key})], KEY_REUSED)
    tail = None if row.tail is None else unpacked(row.tail)
    return Reply(row.status, row.location, row.head, tail, replayed=True)


def require_unanswered(connection: Connection, call: Call) -> None:
    """Stop before something is refused that this very key has already done. Raises AlreadyAnswered."""
    once = call.once
    if once is not None and idempotency.find(connection, call.actor.key_id, once.key, call.now) is not None:
        raise AlreadyAnswered


def keep(connection: Connection, call: Call, reply: Reply, packed_tail: bytes | None, hours: int) -> None:
    """Keep an answer in the transaction of what it tells of. Raises AlreadyAnswered, which undoes it."""
    if call.once is None:
        return
    values = {
        "owner": call.actor.key_id,
        "key": call.once.key,
        "request": call.once.request,
        "status": reply.status,
        "location": reply.location,
        "head": reply.head,
        "tail": packed_tail,
        "expires_at": call.now + timedelta(hours=hours),
    }
    if not idempotency.enter(connection, values, call.now):
        raise AlreadyAnswered
    if call.once.request.startswith(SWEEPING):
        idempotency.forget(connection, call.now)


def pack_tail(call: Call, tail: bytes) -> bytes | None:
    """The tail as it is kept; packed before the transaction, which has to be short."""
    return None if call.once is None else packed(tail)

"""The audit log: who did what, when, from where; each entry is chained to the one before by its hash."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, insert, select

from fee_service.actors import Actor
from fee_service.storage.tables import audit_head, audit_log

ORIGIN_OF_CHAIN = "0" * 64
ENTRIES_AT_ONCE = 1000
_HEAD = "audit_head"  # where a writing transaction remembers the end of the chain

_LOCK_HEAD = select(audit_head.c.sequence, audit_head.c.hash).with_for_update()
_INSERT = insert(audit_log)
_FOLLOWING = (
    select(audit_log)
    .where(audit_log.c.sequence > bindparam("after"))
    .order_by(audit_log.c.sequence)
    .limit(ENTRIES_AT_ONCE)
)


class Entry(NamedTuple):
    """Who did what to whom, from where and when. No secrets in `details`."""

    actor: Actor
    action: str
    subject: str
    details: Mapping[str, Any]
    origin: str
    at: datetime


class StoredEntry(NamedTuple):
    """An entry as it stands in the log, whatever was done to it by hand."""

    sequence: int
    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    details: str  # canonical JSON
    origin: str
    previous: str
    hash: str


class Break(NamedTuple):
    """A place where the chain is not as it was written: an edit, a gap, a reorder or a missing end."""

    sequence: int
    what: str


@contextlib.contextmanager
def held(connection: Connection) -> Iterator[None]:
    """Be the only writer until the transaction ends."""
    head = connection.execute(_LOCK_HEAD).one()
    info = connection.info  # of the driver's connection, which outlives the transaction
    info[_HEAD] = (head.sequence, head.hash)
    try:
        yield
    finally:
        info.pop(_HEAD, None)


def append(connection: Connection, *entries: Entry) -> None:
    """Add entries in the transaction of what they tell of (inside `Database.write`)."""
    last, previous = connection.info[_HEAD]
    rows: list[dict[str, Any]] = []
    for entry in entries:
        row = {
            "sequence": last + len(rows) + 1,
            "at": entry.at.astimezone(UTC),
            "actor": entry.actor.key_id,
            "role": str(entry.actor.role),
            "action": entry.action,
            "subject": entry.subject,
            "details": orjson.dumps(entry.details, option=orjson.OPT_SORT_KEYS).decode(),
            "origin": entry.origin,
            "previous": previous,
        }
        row["hash"] = previous = chained(previous, row)
        rows.append(row)
    if rows:
        connection.execute(_INSERT, rows)
        connection.info[_HEAD] = (last + len(rows), previous)


def chained(previous: str, entry: Mapping[Any, Any]) -> str:
    """SHA-256 over the hash before and the entry as JSON with sorted keys."""
    told = {name: entry[name] for name in ("sequence", "actor", "role", "action", "subject", "details", "origin")}
    told["at"] = entry["at"].isoformat(timespec="microseconds")
    canonical = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + canonical).hexdigest()


def verify(connection: Connection) -> list[Break]:
    """Every place where the chain is broken; empty where it is whole, its end included."""
    return follow(connection).breaks


class Chain(NamedTuple):
    """The chain as it was found: how long it is, how it ends, and where it is broken.

    `behind` is how many entries follow the one with the hash that was looked for; None where there is none.
    """

    entries: int
    head: str
    breaks: list[Break]
    behind: int | None


def follow(connection: Connection, expected: str | None = None) -> Chain:
    """Go along the chain from its origin, and look for an end that it had earlier."""
    breaks: list[Break] = []
    sequence, last, count = 0, ORIGIN_OF_CHAIN, 0
    behind = 0 if expected == ORIGIN_OF_CHAIN else None
    for entry in entries(connection):
        breaks += _breaks(entry, sequence, last)
        sequence, last = entry.sequence, entry.hash
        count += 1
        behind = 0 if last == expected else None if behind is None else behind + 1
    recorded = select(audit_head.c.sequence, audit_head.c.hash).where(audit_head.c.id == 1)
    head = connection.execute(recorded).one_or_none()
    if head is None:
        breaks.append(Break(sequence, "the end of the chain is not recorded"))
    elif tuple(head) != (sequence, last):
        breaks.append(Break(head.sequence, f"the chain ends at {sequence}, but {head.sequence} is recorded"))
    return Chain(count, last, breaks, behind)


def entries(connection: Connection) -> Iterator[StoredEntry]:
    """All entries in their order, some at a time."""
    after = 0
    while True:
        rows = connection.execute(_FOLLOWING, {"after": after}).all()
        yield from (StoredEntry(**row._mapping) for row in rows)
        if len(rows) < ENTRIES_AT_ONCE:
            return
        after = rows[-1].sequence


def details_of(text: str) -> dict[str, Any]:
    """What an entry tells; nothing where it was edited into what is no JSON object."""
    try:
        details = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return details if isinstance(details, dict) else {}


def _breaks(entry: StoredEntry, sequence: int, last: str) -> Iterator[Break]:
    if entry.sequence != sequence + 1:
        yield Break(entry.sequence, f"follows {sequence}: entries are missing")
    if entry.previous != last:
        yield Break(entry.sequence, "does not follow the entry before it")
    if entry.hash != chained(entry.previous, entry._asdict()):
        yield Break(entry.sequence, "was changed")

"""First answers by idempotency key: entered in the transaction of what they answer, so both last or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from fee_service.storage.tables import idempotency_keys

_FIND = select(idempotency_keys).where(
    idempotency_keys.c.owner == bindparam("of"),
    idempotency_keys.c.key == bindparam("named"),
    idempotency_keys.c.expires_at > bindparam("now"),
)
_EXPIRIES = select(idempotency_keys.c.owner, idempotency_keys.c.key, idempotency_keys.c.expires_at)


class FirstAnswer(NamedTuple):
    """What was answered first under a key, and the SHA-256 of the request that it answered; `tail` is compressed."""

    request: str
    status: int
    location: str | None
    head: bytes
    tail: bytes | None


def _enter(dialect: Any) -> Any:
    new = dialect.insert(idempotency_keys)
    return new.on_conflict_do_update(
        index_elements=["owner", "key"],
        set_={name: new.excluded[name] for name in (*FirstAnswer._fields, "expires_at")},
        where=idempotency_keys.c.expires_at <= bindparam("now"),
    )


_ENTER = {"sqlite": _enter(sqlite), "postgresql": _enter(postgresql)}


def find(connection: Connection, owner: str, key: str, now: datetime) -> FirstAnswer | None:
    """The first answer to a key that has not expired."""
    row = connection.execute(_FIND, {"of": owner, "named": key, "now": now}).one_or_none()
    return None if row is None else FirstAnswer(**{name: row._mapping[name] for name in FirstAnswer._fields})


def expiries(connection: Connection, keys: Set[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """Until when those keys, each with its owner, have a first answer; without those that have none."""
    if not keys:
        return {}
    given: dict[str, str] = {}
    for place, (owner, key) in enumerate(keys):
        given |= {f"owner_{place}": owner, f"key_{place}": key}
    rows = connection.execute(_expiries_of(len(keys)), given)
    return {(row.owner, row.key): row.expires_at for row in rows}


@lru_cache(maxsize=256)
def _expiries_of(count: int) -> Select[Any]:
    """The question for so many keys, which is not put together anew each time."""
    # SQLite scans the table for `(owner, key) IN (VALUES …)`; for one condition a key it looks each of them up.
    owner, key = idempotency_keys.c.owner, idempotency_keys.c.key
    those = [and_(owner == bindparam(f"owner_{place}"), key == bindparam(f"key_{place}")) for place in range(count)]
    return _EXPIRIES.where(or_(*those))


def enter(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep first answers under keys that have none, or none any more at `now` (inside `Database.write`)."""
    if rows:
        connection.execute(_ENTER[connection.dialect.name], rows)


def forget(connection: Connection, now: datetime) -> int:
    """Remove expired keys; answers how many."""
    expired = delete(idempotency_keys).where(idempotency_keys.c.expires_at <= now)
    return connection.execute(expired).rowcount

"""First answers by idempotency key: entered in the transaction of what they answer, so both last or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from fee_service.storage.tables import idempotency_keys

_FIND = select(idempotency_keys).where(
    idempotency_keys.c.owner == bindparam("of"),
    idempotency_keys.c.key == bindparam("named"),
    idempotency_keys.c.expires_at > bindparam("now"),
)
_OWNER_AND_KEY = tuple_(idempotency_keys.c.owner, idempotency_keys.c.key)
_ANSWERED = select(idempotency_keys.c.owner, idempotency_keys.c.key).where(
    _OWNER_AND_KEY.in_(bindparam("keys", expanding=True)), idempotency_keys.c.expires_at > bindparam("now")
)
_ANSWER = ("request", "status", "location", "head", "tail", "expires_at")


def _enter(dialect: Any) -> Any:
    new = dialect.insert(idempotency_keys)
    return new.on_conflict_do_update(
        index_elements=["owner", "key"],
        set_={name: new.excluded[name] for name in _ANSWER},
        where=idempotency_keys.c.expires_at <= bindparam("now"),
    )


_ENTER = {"sqlite": _enter(sqlite), "postgresql": _enter(postgresql)}


def find(connection: Connection, owner: str, key: str, now: datetime) -> Row[Any] | None:
    """The first answer to a key that has not expired."""
    return connection.execute(_FIND, {"of": owner, "named": key, "now": now}).one_or_none()


def answered(connection: Connection, keys: Set[tuple[str, str]], now: datetime) -> set[tuple[str, str]]:
    """Those keys, each with its owner, that have a first answer already."""
    if not keys:
        return set()
    return {(row.owner, row.key) for row in connection.execute(_ANSWERED, {"keys": sorted(keys), "now": now})}


def enter(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Keep first answers under keys that are not `answered` (inside `Database.write`)."""
    if rows:
        connection.execute(_ENTER[connection.dialect.name], [{**row, "now": now} for row in rows])


def forget(connection: Connection, now: datetime) -> int:
    """Remove expired keys; answers how many."""
    expired = delete(idempotency_keys).where(idempotency_keys.c.expires_at <= now)
    return connection.execute(expired).rowcount

"""First answers by idempotency key: entered in the transaction of what they answer, so both last or neither."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from fee_service.storage.tables import idempotency_keys

_FIND = select(idempotency_keys).where(
    idempotency_keys.c.owner == bindparam("of"),
    idempotency_keys.c.key == bindparam("named"),
    idempotency_keys.c.expires_at > bindparam("now"),
)


def _enter(dialect: Any) -> Any:
    new = dialect.insert(idempotency_keys)
    over = {name: new.excluded[name] for name in ("request", "status", "location", "head", "tail", "expires_at")}
    return new.on_conflict_do_update(
        index_elements=["owner", "key"], set_=over, where=idempotency_keys.c.expires_at <= bindparam("now")
    ).returning(idempotency_keys.c.key)


_ENTER = {"sqlite": _enter(sqlite), "postgresql": _enter(postgresql)}


def find(connection: Connection, owner: str, key: str, now: datetime) -> Row[Any] | None:
    """The first answer to a key that has not expired."""
    return connection.execute(_FIND, {"of": owner, "named": key, "now": now}).one_or_none()


def enter(connection: Connection, values: Mapping[str, Any], now: datetime) -> bool:
    """Whether the key was free, and now has this answer (inside `Database.write`)."""
    statement = _ENTER[connection.dialect.name]
    return connection.execute(statement, {**values, "now": now}).one_or_none() is not None


def forget(connection: Connection, now: datetime) -> int:
    """Remove expired keys; answers how many."""
    expired = delete(idempotency_keys).where(idempotency_keys.c.expires_at <= now)
    return connection.execute(expired).rowcount

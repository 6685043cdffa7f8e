"""API keys as they are kept: id, hash, role and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from fee_service.storage.tables import api_keys

_FIND = select(api_keys).where(api_keys.c.id == bindparam("named"))
_ALL = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)


def find(connection: Connection, key_id: str) -> Row[Any] | None:
    """A key by its id, revoked and expired ones too."""
    return connection.execute(_FIND, {"named": key_id}).one_or_none()


def everything(connection: Connection) -> Sequence[Row[Any]]:
    """All keys in the order in which they were made."""
    return connection.execute(_ALL).all()


def store(connection: Connection, values: Mapping[str, Any]) -> None:
    """Enter a new key (inside `Database.write`)."""
    connection.execute(insert(api_keys), dict(values))


def revoke(connection: Connection, key_id: str, at: datetime) -> bool:
    """Whether the key was not revoked before, and now is (inside `Database.write`)."""
    still_open = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    return connection.execute(still_open.values(revoked_at=at)).rowcount == 1

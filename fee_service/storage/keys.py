"""API keys as they are kept: id, hash, role and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from fee_service.storage.tables import api_keys

_FIND = select(api_keys).where(api_keys.c.id == bindparam("named"))
_ALL = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)


class StoredKey(NamedTuple):
    """A key as it is kept: the SHA-256 of it alone; `expires_on` is its last day in Korea."""

    id: str
    hash: str
    role: str  # the text, which another version of this service may have written
    name: str
    created_at: datetime
    expires_on: date | None = None
    revoked_at: datetime | None = None


def find(connection: Connection, key_id: str) -> StoredKey | None:
    """A key by its id, revoked and expired ones too."""
    row = connection.execute(_FIND, {"named": key_id}).one_or_none()
    return None if row is None else StoredKey(**row._mapping)


def everything(connection: Connection) -> Sequence[StoredKey]:
    """All keys in the order in which they were made."""
    return [StoredKey(**row._mapping) for row in connection.execute(_ALL)]


def store(connection: Connection, key: StoredKey) -> None:
    """Enter a new key (inside `Database.write`)."""
    connection.execute(insert(api_keys), key._asdict())


def revoke(connection: Connection, key_id: str, at: datetime) -> bool:
    """Whether the key was not revoked before, and now is (inside `Database.write`)."""
    still_open = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    return connection.execute(still_open.values(revoked_at=at)).rowcount == 1

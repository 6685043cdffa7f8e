"""Sessions of the pages: who has signed in with which key, and until when. All are short-lived rows, few a key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from fee_service.storage.keys import StoredKey
from fee_service.storage.tables import api_keys, sessions

MOST_OF_A_KEY = 100  # the oldest ends when one more begins

_FIND = (
    select(api_keys)
    .join(sessions, sessions.c.key_id == api_keys.c.id)
    .where(sessions.c.hash == bindparam("of"), sessions.c.expires_at > bindparam("now"))
)
_SURPLUS = (
    select(sessions.c.hash)
    .where(sessions.c.key_id == bindparam("named"))
    .order_by(sessions.c.began_at.desc())
    .offset(MOST_OF_A_KEY)
)


def begin(connection: Connection, session: str, key_id: str, now: datetime, until: datetime) -> None:
    """Enter a session by its hash, and remove those that are over (inside `Database.write`)."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    values = {"hash": session, "key_id": key_id, "began_at": now, "expires_at": until}
    connection.execute(insert(sessions), values)
    for surplus in connection.execute(_SURPLUS, {"named": key_id}).scalars().all():
        end(connection, surplus)


def key_of(connection: Connection, session: str, now: datetime) -> StoredKey | None:
    """The key of a session that is not over, be it revoked or not."""
    row = connection.execute(_FIND, {"of": session, "now": now}).one_or_none()
    return None if row is None else StoredKey(**row._mapping)


def end(connection: Connection, session: str) -> None:
    """Remove a session (inside `Database.write`)."""
    connection.execute(delete(sessions).where(sessions.c.hash == session))


def end_all_of(connection: Connection, key_id: str) -> None:
    """Remove the sessions of a key (inside `Database.write`)."""
    connection.execute(delete(sessions).where(sessions.c.key_id == key_id))

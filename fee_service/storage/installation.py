"""Random values that this installation made for itself."""

from __future__ import annotations

from sqlalchemy import Connection, select

from fee_service.storage.tables import installation

_CURSOR_KEY = select(installation.c.value).where(installation.c.name == "cursor_key")


def cursor_key(connection: Connection) -> bytes:
    """The key that signs cursors."""
    key: bytes = connection.execute(_CURSOR_KEY).scalar_one()
    return key

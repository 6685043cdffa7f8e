"""Random values that an installation made for itself when its tables were made."""

from __future__ import annotations

from sqlalchemy import select

from fee_service.storage.database import Database
from fee_service.storage.tables import installation


def page_key(database: Database) -> str:
    """The key that signs sessions and links where the settings name none. Raises StorageError."""
    with database.reading() as connection:
        value: bytes = connection.execute(
            select(installation.c.value).where(installation.c.name == "page_key")
        ).scalar_one()
    return value.hex()

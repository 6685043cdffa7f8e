"""The database of a command, for those that have one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fee_service.cli.commands import fail
from fee_service.errors import Fault
from fee_service.model import EarlierWaiver
from fee_service.quotes.desk import known_waivers
from fee_service.settings import PREFIX, Settings
from fee_service.storage.addresses import why_unusable
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.wording import fault_answer


@contextmanager
def database_of(settings: Settings) -> Iterator[Database]:
    """The database while a command runs; ends the command where it cannot be used."""
    database = Database(settings.database)
    try:
        yield database
    except StorageError as error:
        fail(_told(error, database))
    finally:
        database.close()


def waivers_known_to(settings: Settings, business_number: str) -> Sequence[EarlierWaiver]:
    """The waivers of a company's accepted contracts in this installation; ends the command where it cannot read."""
    with database_of(settings) as database:
        return known_waivers(database, business_number)


def _told(error: StorageError, database: Database) -> str:
    """What keeps the database from being used: its address, or what is the matter with it at the moment."""
    why = why_unusable(database.engine.url, error) if error.code == "storage_unavailable" else None
    if why is not None:
        return f"{PREFIX}DATABASE_URL: {why}."
    told = fault_answer(Fault(error.code, "", {"retry_after": error.retry_after}), "en")
    return f"{told['message']} {told['hint']}"

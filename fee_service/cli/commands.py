"""What commands share: settings, editions and database, and how a fault ends a command."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import make_url

from fee_service.edition_files import EditionFaults, read_editions
from fee_service.model import EarlierWaiver
from fee_service.published.editions import Editions
from fee_service.quotes.desk import known_waivers
from fee_service.quotes.previewing import Ledger, nothing_known
from fee_service.settings import PREFIX, BadSettings, Settings, read_settings
from fee_service.storage.addresses import why_unusable
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.wording.faults import FAULTS


def settings_given() -> Settings:
    """The settings of this process; ends the command with every fault."""
    try:
        return read_settings()
    except BadSettings as error:
        fail(str(error))


def editions_in(folder: Path) -> Editions:
    """The editions in a folder; ends the command with every fault."""
    try:
        return read_editions(folder)
    except EditionFaults as error:
        fail(str(error))


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


def ledger_of(settings: Settings) -> Ledger:
    """The waiver ledger of this installation, opened when it is asked; nothing is known where nothing was issued."""

    def known(business_number: str) -> Sequence[EarlierWaiver]:
        with database_of(settings) as database:
            return known_waivers(database, business_number)

    kept = settings.database_url is not None or Path(make_url(settings.database).database or "").exists()
    return known if kept else nothing_known


def _told(error: StorageError, database: Database) -> str:
    """What keeps the database from being used: its address, or what is the matter with it at the moment."""
    why = why_unusable(database.engine.url, error) if error.code == "storage_unavailable" else None
    if why is not None:
        return f"{PREFIX}DATABASE_URL: {why}."
    wording = FAULTS[error.code]
    return f"{wording.message_en} {wording.hint_en}"


def place() -> str:
    """From where a command comes, for the audit log: the machine's own user."""
    try:
        return f"terminal of {getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name
        return "terminal"


def fail(message: str) -> NoReturn:
    """End the command with a message."""
    click.echo(message, err=True)
    sys.exit(1)

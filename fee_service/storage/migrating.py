"""Brings a database to the newest revision, one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from fee_service.storage.faults import StorageError

ADVISORY_LOCK = 0x6665655F73657276  # "fee_serv": the lock of this service's migrations in PostgreSQL


def newest() -> str:
    """The revision that this code needs."""
    head = ScriptDirectory.from_config(alembic()).get_current_head()
    assert head is not None
    return head


def current(connection: Connection) -> str | None:
    """The revision that a database has; None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Apply what is missing and answer the revisions before and after.

    Of two processes one does it, the other waits and then finds nothing to do.
    """
    with _alone(engine), _patient(engine) as connection:
        with connection.begin():
            before = current(connection)
            if before != newest():
                config = alembic()
                if not is_known(before):
                    raise StorageError("storage_newer")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        return before, newest()


def is_known(revision: str | None) -> bool:
    """Whether this code knows a revision; an empty database has none, and that is known."""
    try:
        return revision is None or ScriptDirectory.from_config(alembic()).get_revision(revision) is not None
    except CommandError:
        return False


def alembic() -> Config:
    """Where Alembic finds the revisions."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold the lock of migrations: of the file beside an SQLite database, or PostgreSQL's own."""
    if engine.dialect.name == "sqlite":
        with _opened(f"{engine.url.database}.migrating") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with _patient(engine) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        yield  # the lock ends with the connection


@contextlib.contextmanager
def _patient(engine: Engine) -> Iterator[Connection]:
    """A connection of which nobody else gets hold, and whose statements may take as long as they need."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            driver: Any = connection.connection.driver_connection
            driver.silence = None
            connection.detach()
            for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET {limit} = 0"))
            connection.commit()
        yield connection


def _opened(path: str) -> TextIO:
    try:
        return open(path, "w")
    except OSError as error:
        raise StorageError("storage_read_only") from error

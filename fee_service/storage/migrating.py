"""Brings a database to the newest revision, one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from fee_service.storage.faults import StorageError
from fee_service.storage.private_files import opened_for_its_owner

ADVISORY_LOCK = 0x6665655F73657276  # "fee_serv": the lock of this service's migrations in PostgreSQL


class NoWayBack(Exception):
    """A revision that is not an earlier one; `earlier` are those that are."""

    def __init__(self, earlier: tuple[str, ...]) -> None:
        self.earlier = earlier
        super().__init__(", ".join(earlier))


def newest() -> str:
    """The revision that this code needs."""
    head = ScriptDirectory.from_config(alembic()).get_current_head()
    assert head is not None
    return head


def current(connection: Connection) -> str | None:
    """The revision that a database has; None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, patience: float | None = None) -> tuple[str | None, str]:
    """Apply what is missing and answer the revisions before and after.

    Of two processes one does it, the other waits and then finds nothing to do; no longer than `patience` seconds,
    where given. Raises StorageError.
    """
    with _alone(engine, patience), _patient(engine) as connection:
        with connection.begin():
            before = current(connection)
            if before != newest():
                config = alembic()
                if not is_known(before):
                    raise StorageError("storage_newer")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        return before, newest()


def downgrade(engine: Engine, revision: str) -> tuple[str | None, str]:
    """Take back what came after a revision, and answer the revisions before and after.

    What only the later revisions keep is lost. Raises NoWayBack for a revision that is not an earlier one.
    """
    with _alone(engine, None), _patient(engine) as connection:
        with connection.begin():
            before = current(connection)
            if not is_known(before):
                raise StorageError("storage_newer")
            earlier = _earlier(before)
            if revision not in earlier:
                raise NoWayBack(earlier)
            config = alembic()
            config.attributes["connection"] = connection
            command.downgrade(config, revision)
        return before, revision


def _earlier(revision: str | None) -> tuple[str, ...]:
    """The revisions before one, newest first; never none at all, which would be a database without its quotes."""
    if revision is None:
        return ()
    script = ScriptDirectory.from_config(alembic())
    return tuple(each.revision for each in script.walk_revisions("base", revision) if each.revision != revision)


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
def _alone(engine: Engine, patience: float | None) -> Iterator[None]:
    """Hold the lock of migrations: of the file beside an SQLite database, or PostgreSQL's own."""
    if engine.dialect.name == "sqlite":
        with _opened(f"{engine.url.database}.migrating") as file:
            _wait(lambda: _locked(file), patience)
            yield
        return
    with _patient(engine) as connection:
        asked = text("SELECT pg_try_advisory_lock(:key)")
        _wait(lambda: bool(connection.execute(asked, {"key": ADVISORY_LOCK}).scalar_one()), patience)
        yield  # the lock ends with the connection


def _wait(has_it: Callable[[], bool], patience: float | None) -> None:
    give_up = None if patience is None else time.monotonic() + patience
    while not has_it():
        if give_up is not None and time.monotonic() > give_up:
            raise StorageError("storage_busy", 1)
        time.sleep(0.05)


def _locked(file: TextIO) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


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
        return opened_for_its_owner(path)
    except OSError as error:
        raise StorageError("storage_read_only") from error

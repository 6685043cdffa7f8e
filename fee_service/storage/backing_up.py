"""Copies of an SQLite database, taken while the service runs, and the way back."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from fee_service.storage import migrating
from fee_service.storage.private_files import kept_from_others, made_for_its_owner


class NoBackup(Exception):
    """A file that cannot be written as a backup, or be read as one; the message says why."""


def back_up(database: Path, target: Path) -> None:
    """Copy a database as it is at one moment; writers go on meanwhile. Raises NoBackup."""
    if target.exists():
        raise NoBackup(f"{target} exists already; give the name of a new file")
    if not database.exists():
        raise NoBackup(f"there is no database at {database} yet")
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)  # of a copy that was broken off
        made_for_its_owner(unfinished)
        _copy(database, unfinished)
        check(unfinished)
        unfinished.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise NoBackup(f"{target} cannot be written: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(source: Path, database: Path, former: Path) -> None:
    """Put a backup in the place of a database, whose content is kept in `former`. Raises NoBackup."""
    check(source)
    try:
        if database.exists():
            if source.samefile(database):
                raise NoBackup(f"{source} is the database itself; give the file of a backup")
            back_up(database, former)
        database.parent.mkdir(parents=True, exist_ok=True)
        made_for_its_owner(database)
        _replace(source, database)
        kept_from_others(database)
    except (sqlite3.Error, OSError) as error:
        raise NoBackup(f"{database} cannot be written: {error}") from error


def _replace(source: Path, database: Path) -> None:
    """Copy a backup over a database that nobody else has open, and keep it so until the end."""
    with _opened(source, "mode=ro") as one, _opened(database, "mode=rwc") as other:
        try:
            other.execute("PRAGMA busy_timeout = 1000")
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("PRAGMA journal_mode = DELETE")  # refused while anybody has the database open
            other.execute("BEGIN EXCLUSIVE").execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise NoBackup(f"{database} is in use: stop the service first; nothing was changed ({error})") from error
        one.backup(other)


def check(path: Path) -> str:
    """The revision of a whole backup of a database of this service. Raises NoBackup for anything else."""
    if not path.is_file():
        raise NoBackup(f"there is no file {path}")
    try:
        with _opened(path, "mode=ro") as connection:
            broken = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            for table in ("quotes", "audit_log", "numbers"):
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1")
    except sqlite3.Error as error:
        raise NoBackup(f"{path} is no database of this service: {error}") from error
    if broken:
        raise NoBackup(f"{path} is damaged: {broken[0]}")
    if revision is None or not migrating.is_known(revision[0]):
        raise NoBackup(f"{path} was made by a newer version of this service; install that one first")
    return str(revision[0])


def _copy(source: Path, target: Path) -> None:
    with _opened(source, "mode=rw") as one, _opened(target, "mode=rwc") as other:
        one.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=30)
    try:
        yield connection
    finally:
        connection.close()

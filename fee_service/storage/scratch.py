"""A copy of a database at a scratch place, made the way a backup is made and restored, and removed again."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import URL

from fee_service.storage.backing_up import NoBackup, back_up, restore

LONGEST = 6 * 3_600  # seconds that a tool of PostgreSQL may take


class Copy(NamedTuple):
    """A restored backup: where it is, how large the backup was in bytes, and the seconds of both ways."""

    url: str
    size: int
    backing_up: float
    restoring: float


@contextlib.contextmanager
def restored(url: URL, folder: Path) -> Iterator[Copy]:
    """Back a database up into an empty folder and restore it elsewhere. Raises NoBackup."""
    if url.get_backend_name() == "sqlite":
        yield _of_file(Path(url.database or ""), folder)
        return
    name = f"fee_service_drill_{os.getpid()}_{int(time.time())}"
    with _database(url, name):
        yield _of_server(url, url.set(database=name), folder)


def _of_file(database: Path, folder: Path) -> Copy:
    backup, scratch = folder / "backup.db", folder / "restored.db"
    began = time.monotonic()
    back_up(database, backup)
    backed_up = time.monotonic()
    restore(backup, scratch, folder / "former.db")
    return Copy(f"sqlite:///{scratch}", backup.stat().st_size, backed_up - began, time.monotonic() - backed_up)


def _of_server(url: URL, scratch: URL, folder: Path) -> Copy:
    backup = folder / "backup"
    began = time.monotonic()
    _run("pg_dump", url, "--format=custom", f"--file={backup}")
    backed_up = time.monotonic()
    _run("pg_restore", scratch, "--no-owner", "--exit-on-error", str(backup))
    restoring = time.monotonic() - backed_up
    return Copy(scratch.render_as_string(hide_password=False), backup.stat().st_size, backed_up - began, restoring)


@contextlib.contextmanager
def _database(url: URL, name: str) -> Iterator[None]:
    """A database of the same server, for as long as it is needed."""
    try:
        with psycopg.connect(_plain(url), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise NoBackup(f"no scratch database can be made ({said}): a drill needs a role that may CREATEDB") from error
    try:
        yield
    finally:
        with psycopg.connect(_plain(url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(tool: str, url: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL; the password goes by its environment, which others cannot read."""
    found = shutil.which(tool)
    if found is None:
        raise NoBackup(f"{tool} is not on the PATH: install PostgreSQL's client programs, no older than the server")
    secret = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(
        [found, f"--dbname={_plain(url.set(password=None))}", *arguments],
        env={**os.environ, **secret}, capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoBackup(f"{tool} failed: {' '.join(done.stderr.split())[:400]}")


def _plain(url: URL) -> str:
    """As PostgreSQL's own programs write it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)

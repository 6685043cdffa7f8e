"""Whose turn it is to write to SQLite: processes wake each other, where SQLite itself would poll and sleep."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from typing import TextIO

from fee_service.storage.faults import StorageError
from fee_service.storage.private_files import opened_for_its_owner

PATIENCE = 5.0  # seconds
PATIENCE_AFTER_ALL = 0.5  # seconds, once somebody has waited in vain: threads that wait answer no previews


class Turn:
    """The turn of one process; a lock of the file beside the database, nothing where there is no such file.

    One thread of the process at a time may ask for it.
    """

    def __init__(self, database: str | None) -> None:
        self._path = f"{database}.turn" if database else None
        self._file: TextIO | None = None
        self._proxy: _Proxy | None = None

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn. Raises StorageError after having waited too long: somebody else blocks the database."""
        if self._path is None:
            yield
            return
        if self._file is None:
            self._file = _opened(self._path)
        self._take(self._file)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _take(self, file: TextIO) -> None:
        known, self._proxy = self._proxy, None
        if known is not None and known.take_over():  # still in the queue since somebody gave up
            proxy, patience = known, PATIENCE_AFTER_ALL
        else:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            proxy, patience = _Proxy(file), PATIENCE
        if not proxy.has_come(patience):
            self._proxy = proxy
            raise StorageError("storage_busy", 1)


class _Proxy:
    """Stands in the kernel's queue, which knows no limit of time, for somebody who waits only so long.

    Polling would know one, but then whoever polls is passed by those who come at the right moment.
    """

    def __init__(self, file: TextIO) -> None:
        self._mutex = threading.Lock()
        self._come = threading.Event()
        self._wanted, self._gone = True, False
        threading.Thread(target=self._stand, args=(file,), daemon=True).start()

    def _stand(self, file: TextIO) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            self._gone = True
            return
        with self._mutex:
            if self._wanted:
                self._come.set()
            else:
                fcntl.flock(file, fcntl.LOCK_UN)
                self._gone = True

    def take_over(self) -> bool:
        """Whether it is still in the queue, and now for somebody else."""
        with self._mutex:
            self._wanted = not self._gone
            return self._wanted

    def has_come(self, patience: float) -> bool:
        """Whether the turn came within some seconds; where it comes later, it is given back."""
        self._come.wait(patience)
        with self._mutex:
            self._wanted = self._come.is_set()
            return self._wanted


def _opened(path: str) -> TextIO:
    try:
        return opened_for_its_owner(path)  # kept open as long as the process lives
    except OSError as error:
        raise StorageError("storage_read_only") from error

"""A lease on a job, held for longer while its chunk is made."""

from __future__ import annotations

import logging
import os
import threading
import time
from types import TracebackType
from typing import Self

from fee_service.storage import jobs
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.jobs import Job, LeaseLost

logger = logging.getLogger(__name__)

HUNG = 70  # exit status of a worker whose chunk never ends


class Lease:
    """Renews the lease of a job in a thread, three times in its length, until it is left or lost.

    A chunk that takes longer than it may is nothing that Python could end: the process ends, whoever supervises it
    starts another, and the job is free when the lease has run out.
    """

    def __init__(self, database: Database, job: Job, seconds: float, longest: float) -> None:
        self._database, self._job, self._seconds, self._longest = database, job, seconds, longest
        self._left = threading.Event()
        self._lost = threading.Event()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._renew, daemon=True, name="lease")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._left.set()
        self._thread.join()

    def check(self) -> None:
        """Note that a chunk is there. Raises LeaseLost where the job is no longer held."""
        self._began = time.monotonic()
        if self._lost.is_set():
            raise LeaseLost(self._job.id)

    def _renew(self) -> None:
        while not self._left.wait(self._seconds / 3):
            if time.monotonic() - self._began > self._longest:
                logger.critical("job %s: a chunk takes more than %.0f seconds", self._job.id, self._longest)
                os._exit(HUNG)
            try:
                self._database.write(lambda connection: jobs.renew(connection, self._job, self._seconds))
            except LeaseLost:
                self._lost.set()
                return
            except StorageError:
                continue  # told by the database's own watch; nobody else can take the job meanwhile either

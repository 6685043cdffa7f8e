"""A worker: takes one job after the other, chunk by chunk, and gives it up cleanly when it is asked to stop."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from typing import TypeVar

import orjson
from sqlalchemy import Connection

from fee_service.errors import Fault, FeeError
from fee_service.jobs.kinds import ChangedMeanwhile, Kind, Kinds, Made, Task, nothing_entered
from fee_service.jobs.leases import Lease
from fee_service.jobs.sweeping import clear, sweep, tidy
from fee_service.jobs.telling import kept
from fee_service.storage import jobs
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.jobs import Job, LeaseLost

logger = logging.getLogger(__name__)

T = TypeVar("T")

LEASE = 30.0  # seconds
POLL = 1.0  # seconds between looks for something to do
DAYS_KEPT = 7  # of a job that is over, with its result
MOST_TRIES = 5  # attempts in which no chunk was made
MOST_OF_A_CHUNK = 16_000_000  # bytes
SWEEP_EVERY = 3_600.0  # seconds
TIDY_EVERY = 60.0
PATIENCE = 60.0  # seconds that a chunk waits for a database that is away
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds; the last one again and again


class Worker:
    """Works until it is stopped; any number of them may, on one machine or several, with one database."""

    def __init__(
        self, database: Database, kinds: Kinds, *, lease: float = LEASE, poll: float = POLL, days: int = DAYS_KEPT
    ) -> None:
        self._database, self._kinds, self._names = database, kinds, sorted(kinds)
        self._lease, self._poll, self._days = lease, poll, days
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._swept = self._tidied = float("-inf")

    def stop(self) -> None:
        """Hand back what is being done as soon as its chunk is kept, and take nothing more."""
        self._stopping.set()

    def run(self, *, once: bool = False, is_needed: Callable[[], bool] = lambda: True) -> None:
        """Work until stopped or not needed any more; `once` until nothing is left to do."""
        logger.info("worker %s begins", self._name)
        idle = 0
        while not self._stopping.is_set() and is_needed():
            try:
                worked = self.work_once()
            except StorageError:  # told by the database's own watch
                self._stopping.wait(PAUSES[min(idle, len(PAUSES) - 1)])
                idle += 1
                continue
            idle = 0
            if not worked and once:
                return
            if not worked:
                self._stopping.wait(self._poll)

    def work_once(self) -> bool:
        """Do a job as far as it goes; whether there was one. Raises StorageError where none can be looked for."""
        with self._database.reading() as connection:
            due = jobs.is_due(connection, self._names)
        job = self._database.write(self._take) if due else None
        if job is None:
            self._clean()
            return False
        self._do(job)
        return True

    def _take(self, connection: Connection) -> Job | None:
        return jobs.take(connection, self._name, self._lease, self._names)

    def _do(self, job: Job) -> None:
        """An attempt at a job, whatever becomes of it."""
        kind = self._kinds[job.kind]
        try:
            with Lease(self._database, job, self._lease, kind.longest) as lease:
                if job.tries > MOST_TRIES:
                    raise FeeError([Fault("job_given_up", "", {"tries": MOST_TRIES})])
                self._attempt(kind, job, lease)
        except LeaseLost:
            logger.warning("job %s (%s) is no longer ours: cancelled, or taken by another", job.id, job.kind)
        except FeeError as error:
            self._fail(job, error)
        except ChangedMeanwhile:
            logger.info("job %s (%s) begins anew: what it is made from has changed", job.id, job.kind)
            self._begin_anew(job)
        except StorageError as error:
            self._hand_back(job, error.retry_after, counted=False)
        except Exception:
            logger.exception("job %s (%s) fails at attempt %d", job.id, job.kind, job.tries)
            self._hand_back(job, min(2.0**job.tries, 60.0), counted=True)

    def _attempt(self, kind: Kind, job: Job, lease: Lease) -> None:
        """Make the chunks that are missing, and finish."""
        task = Task(self._database, job)
        for number, made in enumerate(kind.chunks(task), task.first):
            content, enter = made if isinstance(made, Made) else Made(made, nothing_entered)
            if len(content) > MOST_OF_A_CHUNK:
                raise ValueError(f"chunk {number} of a {kind.name} has {len(content):,} bytes")
            lease.check()
            keep = partial(jobs.keep, job=job, number=number, content=content, total=task.total, seconds=self._lease)
            self._patiently(partial(_keep, keep, enter))
            if self._stopping.is_set():
                self._hand_back(job, 0, counted=False)
                return
        lease.check()
        self._patiently(lambda connection: _finish(connection, kind, job, task))
        self._clear(job, results=False)

    def _patiently(self, write: Callable[[Connection], T]) -> T:
        """Write, again where the database is away for some time: who makes a chunk anew needs longer."""
        give_up = time.monotonic() + PATIENCE
        for pause in _pauses():
            try:
                return self._database.write(write)
            except StorageError:
                if time.monotonic() > give_up or self._stopping.wait(pause):
                    raise
        raise AssertionError("pauses have no end")

    def _fail(self, job: Job, error: FeeError) -> None:
        logger.warning("job %s (%s) cannot be done: %s", job.id, job.kind, error)
        faults = kept(error.faults)
        try:
            self._patiently(lambda connection: jobs.fail(connection, job, faults))
            self._clear(job, results=True)
        except (LeaseLost, StorageError):
            logger.warning("job %s is tried once more", job.id)

    def _hand_back(self, job: Job, seconds: float, *, counted: bool) -> None:
        """Let others take it; where that cannot be said, they see it when the lease has run out."""
        try:
            self._database.write(lambda connection: jobs.hand_back(connection, job, seconds, counted=counted))
        except (LeaseLost, StorageError) as error:
            logger.warning("job %s cannot be handed back: %s", job.id, error)

    def _begin_anew(self, job: Job) -> None:
        """Let others make all chunks; where that cannot be said, they find out themselves."""
        try:
            while not self._database.write(lambda connection: jobs.begin_anew(connection, job)):
                pass
        except (LeaseLost, StorageError) as error:
            logger.warning("job %s cannot begin anew: %s", job.id, error)

    def _clear(self, job: Job, *, results: bool) -> None:
        try:
            clear(self._database, job.id, results=results)
        except StorageError:
            return  # the next round of tidying does it

    def _clean(self) -> None:
        """Now and then, where there is nothing else to do."""
        now = time.monotonic()
        if now - self._tidied > TIDY_EVERY:
            self._tidied = now
            tidy(self._database)
        if now - self._swept > SWEEP_EVERY:
            self._swept = now
            sweep(self._database, self._days)


def _keep(keep: Callable[[Connection], bool], enter: Callable[[Connection], None], connection: Connection) -> None:
    """Keep a chunk, and enter what comes with it unless both are there."""
    if keep(connection):
        enter(connection)


def _finish(connection: Connection, kind: Kind, job: Job, task: Task) -> None:
    """Become done and store what the job is for, both or neither."""
    jobs.finish(connection, job)
    summary = kind.finish(connection, task)
    if summary is not None:
        jobs.sum_up(connection, job, orjson.dumps(summary).decode())


def _pauses() -> Iterator[float]:
    yield from PAUSES
    yield from repeat(PAUSES[-1])

"""One commit for all that waits for one: threads of a process share the cost of making writes durable."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from fee_service.storage.faults import StorageError

T = TypeVar("T")
Job = Callable[[Connection], T]
Transaction = Callable[[Callable[[Connection], None]], None]

MOST_TOGETHER = 16


class _Waiting(Generic[T]):
    """A job, and what became of it."""

    def __init__(self, job: Job[T]) -> None:
        self.job = job
        self.woken = threading.Event()
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def outcome(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.result


class SharedCommits:
    """Runs jobs one after the other in one transaction, as many as wait when it begins.

    The first thread that comes leads; the others sleep until their job is done or it is their turn to lead.
    A job that fails undoes the transaction; then each job gets one of its own, so that none fails for another.
    Where the database itself fails, whoever waits is told so with the leader: one after the other, each would wait
    as long again, and what was perhaps committed would be done twice.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._mutex = threading.Lock()
        self._queue: list[_Waiting[Any]] = []
        self._led = False

    def run(self, job: Job[T]) -> T:
        """What the job answers, once it is durable. Raises what the job raises, and StorageError."""
        waiting = _Waiting(job)
        with self._mutex:
            self._queue.append(waiting)
            leads = not self._led
            self._led = True
        if not leads:
            waiting.woken.wait()
        if not waiting.done:
            self._lead()
        result: T = waiting.outcome()
        return result

    def _lead(self) -> None:
        with self._mutex:
            batch, self._queue = self._queue[:MOST_TOGETHER], self._queue[MOST_TOGETHER:]
        try:
            self._together(batch)
        except StorageError as error:
            with self._mutex:
                batch, self._queue = batch + self._queue, []
            for waiting in batch:
                waiting.error = error
        finally:
            with self._mutex:
                following = self._queue[0] if self._queue else None
                self._led = following is not None
            for waiting in batch:
                waiting.done = True
                waiting.woken.set()
            if following is not None:
                following.woken.set()

    def _together(self, batch: list[_Waiting[Any]]) -> None:
        def all_jobs(connection: Connection) -> None:
            for waiting in batch:
                waiting.result = waiting.job(connection)

        try:
            self._transaction(all_jobs)
        except StorageError:
            raise
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for waiting in batch:
                self._together([waiting])
        except BaseException as error:  # the process is asked to stop
            for waiting in batch:
                waiting.error = error
            raise

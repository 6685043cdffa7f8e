"""One commit for all that waits for one: threads of a process share the cost of making writes durable."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from fee_service.storage.faults import StorageError

T = TypeVar("T")
Item = TypeVar("Item")
Job = Callable[[Connection], T]
# What becomes of each item; an exception among the outcomes is raised to that item's caller alone.
Work = Callable[[Connection, Sequence[Item]], Sequence[T | Exception]]
Transaction = Callable[[Callable[[Connection], None]], None]

MOST_TOGETHER = 32


class _Waiting(Generic[T]):
    """An item of some work, and what became of it."""

    def __init__(self, work: Work[Any, T], item: Any) -> None:
        self.work, self.item = work, item
        self.woken = threading.Event()
        self.done = self.settled = False
        self.result: T | Exception | None = None
        self.error: BaseException | None = None

    def outcome(self) -> Any:
        failed = self.error or self.result
        if isinstance(failed, BaseException):
            raise failed
        return self.result


class SharedCommits:
    """Does what waits when it begins in one transaction; items of the same work are handed to it together.

    The first thread that comes leads; the others sleep until theirs is done or it is their turn to lead.
    Work that raises undoes the transaction; then each item gets one of its own, so that none fails for another.
    Where the database itself fails, whoever waits is told so with the leader: one after the other, each would wait
    as long again, and what was perhaps committed would be done twice.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._mutex = threading.Lock()
        self._queue: list[_Waiting[Any]] = []
        self._led = False

    def run(self, work: Work[Item, T], item: Item) -> T:
        """What becomes of the item, once it is durable. Raises what the work raises or answers, and StorageError."""
        waiting = _Waiting(work, item)
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
        batch: list[_Waiting[Any]] = []
        try:
            self._together(batch)
        except BaseException as error:
            if isinstance(error, StorageError) or not batch:
                with self._mutex:
                    batch, self._queue = batch + self._queue, []
            for waiting in batch:
                if not waiting.settled:
                    waiting.error = error
            if not isinstance(error, Exception):  # the process is asked to stop
                raise
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
        """Do all that waits once the transaction has begun, and say in `batch` what that was."""

        def everything(connection: Connection) -> None:
            with self._mutex:
                batch[:], self._queue = self._queue[:MOST_TOGETHER], self._queue[MOST_TOGETHER:]
            _do(connection, batch)

        try:
            self._transaction(everything)
        except StorageError:
            raise
        except Exception as error:
            if not batch:  # nothing was begun
                raise
            if len(batch) == 1:
                batch[0].error = error
                return
            for waiting in batch:
                self._alone(waiting)

    def _alone(self, waiting: _Waiting[Any]) -> None:
        try:
            self._transaction(lambda connection: _do(connection, [waiting]))
        except StorageError:
            raise
        except Exception as error:
            waiting.error = error
        waiting.settled = True  # whatever becomes of those behind it


def _do(connection: Connection, batch: Sequence[_Waiting[Any]]) -> None:
    for work in dict.fromkeys(waiting.work for waiting in batch):
        those = [waiting for waiting in batch if waiting.work == work]
        outcomes = work(connection, [waiting.item for waiting in those])
        for waiting, outcome in zip(those, outcomes, strict=True):
            waiting.result = outcome


def one_by_one(connection: Connection, jobs: Sequence[Job[T]]) -> list[T | Exception]:
    """Jobs that have nothing in common, each run in its turn."""
    return [job(connection) for job in jobs]

"""What a kind of job says of itself, and what it is given to work with."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from fee_service.actors import Actor, Role
from fee_service.storage import jobs
from fee_service.storage.database import Database
from fee_service.strict_json import Data

LONGEST_CHUNK = 600.0  # seconds
RESULT_TYPES = (
    "application/json",
    "text/csv; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
    "application/zip",
    "application/octet-stream",
)


class ChangedMeanwhile(Exception):
    """What a job is made from is not what it was when the chunks that are kept were made: it begins anew."""


class Task:
    """One attempt at a job: what was asked and by whom, its files, and from which chunk on to go."""

    def __init__(self, database: Database, job: jobs.Job) -> None:
        self.database = database
        self.id = job.id
        self.params: Data = orjson.loads(job.params)
        self.actor = Actor(job.owner, Role(job.role))
        self.origin = job.origin
        self.created_at = job.created_at
        self.first = job.chunks_done  # the first chunk that is missing
        self.total = job.chunks_total

    def expect(self, total: int) -> None:
        """Say how many chunks there will be, for the progress that is shown."""
        self.total = total

    def file(self, number: int = 0) -> Iterator[bytes]:
        """An uploaded file in pieces. Raises StorageError."""
        yield from file_of(self.database, self.id, number)

    @contextlib.contextmanager
    def saved(self, number: int = 0) -> Iterator[Path]:
        """An uploaded file on the disk, for as long as it is needed; only its owner can read it."""
        with tempfile.NamedTemporaryFile(prefix="fee-service-job-") as copy:
            for piece in self.file(number):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)

    def require_same(self, number: int, content: bytes) -> None:
        """Compare a chunk with the one that is kept. Raises ChangedMeanwhile and StorageError."""
        with self.database.reading() as connection:
            if jobs.chunk(connection, self.id, number) != content:
                raise ChangedMeanwhile(self.id)

    def chunk(self, connection: Connection, number: int) -> bytes:
        """One that was made, for what finishes the job in a transaction of its own."""
        content = jobs.chunk(connection, self.id, number)
        assert content is not None  # a job is finished when all are there
        return content

    def chunks(self, connection: Connection) -> Iterator[bytes]:
        """All that was made, one chunk at a time, for what finishes the job in a transaction of its own."""
        return jobs.chunks(connection, self.id)


def file_of(database: Database, job_id: str, number: int = 0) -> Iterator[bytes]:
    """A file that came with a job, in pieces. Raises StorageError."""
    yield from _each(database, lambda connection, at: jobs.piece(connection, job_id, number, at))


def chunks_of(database: Database, job_id: str, first: int = 0) -> Iterator[bytes]:
    """What a job has made, from a chunk on, each read by itself, so that nobody waits. Raises StorageError."""
    yield from _each(database, lambda connection, at: jobs.chunk(connection, job_id, at), first)


def _each(database: Database, read: Callable[[Connection, int], bytes | None], first: int = 0) -> Iterator[bytes]:
    number = first
    while True:
        with database.reading() as connection:
            content = read(connection, number)
        if content is None:
            return
        yield content
        number += 1


class Made(NamedTuple):
    """A chunk that is also entered elsewhere, in the transaction that keeps it: both or neither, once.

    What is entered bears the job's id and is not to be seen by anybody before the job is done; where it fails or is
    taken back, `storage.jobs.clear` removes it. `enter` may be called again where the database was away.
    """

    content: bytes
    enter: Callable[[Connection], None]


def nothing_entered(_connection: Connection) -> None:
    """What comes with a chunk that is all there is to it."""


def nothing_more(_connection: Connection, _task: Task) -> None:
    """How a job ends whose chunks are all there is to it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a job's chunks are for whoever asked: a file of a type; `joined` makes it of the chunks, in pieces."""

    content_type: str
    suffix: str
    joined: Callable[[Iterator[bytes]], Iterator[bytes]] | None = None  # None: one behind the other


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    `chunks` yields the chunks from `task.first` on. The same job always has the same chunks, whoever makes them and
    when: what may change meanwhile (a day, what is known) belongs into its params; where it cannot, the chunks are
    compared with those that are kept (`Task.require_same`). Files are read anew each time. It
    raises FeeError where the job cannot be done; what else it raises is tried again. A chunk takes `longest` seconds
    at most and at most MOST_OF_A_CHUNK bytes.

    `finish` stores what the job is for, in the one transaction in which it becomes done, and answers the summary that
    is shown: short, because nobody else writes meanwhile. It may raise FeeError, too. What is not short is entered
    before, with the chunks (`Made`).
    """

    name: str
    chunks: Callable[[Task], Iterator[bytes | Made]]
    finish: Callable[[Connection, Task], Mapping[str, Any] | None] = nothing_more
    result: Result | None = None
    longest: float = LONGEST_CHUNK


Kinds = Mapping[str, Kind]


def kinds(each: Iterable[Kind]) -> Kinds:
    """The kinds by their names. Raises ValueError for two of one name, or a type of results that is not documented."""
    found: dict[str, Kind] = {}
    for kind in each:
        if found.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of jobs are called {kind.name}")
        if kind.result is not None and kind.result.content_type not in RESULT_TYPES:
            raise ValueError(f"{kind.name} makes {kind.result.content_type}, which is none of RESULT_TYPES")
    return found

"""What callers do with jobs: have one done, look how far it is, take it back, fetch what it made."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from fee_service.actors import Actor, Role
from fee_service.errors import Fault, FeeError
from fee_service.job_state import WAITING, JobState
from fee_service.jobs.kinds import Kind, chunks_of
from fee_service.jobs.sweeping import clear
from fee_service.storage import jobs
from fee_service.storage.database import Database
from fee_service.storage.jobs import Job, LeaseLost

PIECE = 1_048_576  # bytes of a file in one row
MOST_WAITING = 100  # jobs of one key that are not over
SEES_ALL = frozenset((Role.FINANCE, Role.ADMIN))

Also = Callable[[Connection, str], None]  # what is to be kept in the transaction that makes the job one, by its id


def enqueue(
    database: Database,
    kind: str,
    actor: Actor,
    origin: str,
    params: Mapping[str, Any],
    files: Sequence[Iterable[bytes]] = (),
    also: Also | None = None,
) -> str:
    """Have a job done; answers its id. No worker sees it before all its files are kept.

    The files come in pieces of any size, and no more of them than PIECE is in memory. Raises FeeError (429) where
    too many jobs of the key wait, StorageError, and what `also` raises or the files raise while they are read; then
    there is no job.
    """
    job_id = hold(database, kind, actor, origin, params, files)
    database.write(lambda connection: _queue(connection, job_id, also))
    return job_id


def hold(
    database: Database,
    kind: str,
    actor: Actor,
    origin: str,
    params: Mapping[str, Any],
    files: Sequence[Iterable[bytes]] = (),
) -> str:
    """Keep the files of a job that nobody does until it is begun; answers its id.

    Raises FeeError (429), StorageError, and what the files raise while they are read.
    """
    job_id = str(uuid7())
    owner = (actor.key_id, str(actor.role), origin)
    asked = orjson.dumps(params, option=orjson.OPT_SORT_KEYS).decode()
    with database.reading() as connection:
        if jobs.waiting_of(connection, actor.key_id) >= MOST_WAITING:
            raise FeeError([Fault("too_many_jobs", "", {"maximum": MOST_WAITING, "retry_after": 60})], 429)
    database.write(lambda connection: jobs.enter(connection, job_id, kind, owner, asked))
    for number, file in enumerate(files):
        for at, piece in enumerate(_pieces(file)):
            database.write(partial(_add, job_id, number, at, piece))
    return job_id


def replace_file(database: Database, job: Job, number: int, content: bytes) -> None:
    """Put another file in the place of one of a held job. Raises StorageError."""

    def replace(connection: Connection) -> None:
        jobs.remove_file(connection, job.id, number)
        for at, piece in enumerate(_pieces([content])):
            jobs.add_piece(connection, job.id, number, at, piece)

    database.write(replace)


def begin(database: Database, job: Job, params: Mapping[str, Any], also: Also) -> None:
    """Have a held job done with what is known by now; once more is the same.

    Raises StorageError, and what `also` raises.
    """
    asked = orjson.dumps(params, option=orjson.OPT_SORT_KEYS).decode()

    def queued(connection: Connection) -> None:
        jobs.ask_for(connection, job.id, asked)
        _queue(connection, job.id, also)

    with contextlib.suppress(LeaseLost):  # it was begun or thrown away meanwhile
        database.write(queued)


def drop(database: Database, job: Job) -> None:
    """Throw a held job away with its files. Raises StorageError."""
    if database.write(lambda connection: jobs.drop(connection, job.id)):
        clear(database, job.id, results=True)


def latest(database: Database, kind: str, actor: Actor, most: int) -> Sequence[Job]:
    """The newest jobs of a kind that the caller may see, held ones too. Raises StorageError."""
    owner = None if actor.role in SEES_ALL else actor.key_id
    with database.reading() as connection:
        return jobs.latest(connection, kind, owner, most)


def found(database: Database, job_id: str, actor: Actor, *, held: bool = False) -> Job:
    """A job that the caller may see: his own, or any for finance; `held`: also one that was not begun yet.

    Raises FeeError (404).
    """
    with database.reading() as connection:
        job = jobs.find(connection, job_id)
    is_hidden = job is not None and job.state == JobState.ARRIVING and not held
    if job is None or is_hidden or (job.owner != actor.key_id and actor.role not in SEES_ALL):
        named = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in job_id[:60])
        raise FeeError([Fault("job_not_found", "", {"value": named})], 404)
    return job


def cancel(database: Database, job_id: str, actor: Actor) -> None:
    """Take a job back, with all that it has read and made; once more is the same. Raises FeeError (404, 409)."""
    job = found(database, job_id, actor)
    if not database.write(lambda connection: jobs.cancel(connection, job.id)):
        job = found(database, job_id, actor)
        if job.state != JobState.CANCELLED:
            raise FeeError([Fault("job_over", "", {"state": job.state})], 409)
    clear(database, job.id, results=True)


def require_done(job: Job) -> None:
    """Stop who wants what a job has made before it has. Raises FeeError (409)."""
    if job.state != JobState.DONE:
        again = {"retry_after": 2} if job.state in WAITING else {}
        raise FeeError([Fault("job_not_done", "", {"state": job.state, **again})], 409)


def result(database: Database, job: Job, kind: Kind | None) -> Iterator[bytes]:
    """What a job has made, in pieces. Raises FeeError (404, 409) where there is nothing."""
    require_done(job)
    if kind is None or kind.result is None:
        raise FeeError([Fault("job_without_result", "", {"value": job.id})], 404)
    pieces = chunks_of(database, job.id)
    return pieces if kind.result.joined is None else kind.result.joined(pieces)


def _pieces(file: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size, the last one aside."""
    waiting = bytearray()
    for part in file:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def _add(job_id: str, file: int, at: int, piece: bytes, connection: Connection) -> None:
    jobs.add_piece(connection, job_id, file, at, piece)


def _queue(connection: Connection, job_id: str, also: Also | None) -> None:
    jobs.queue(connection, job_id)
    if also is not None:
        also(connection, job_id)

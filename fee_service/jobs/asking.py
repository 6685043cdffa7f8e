"""What callers do with jobs: have one done, look how far it is, take it back, fetch what it made."""

from __future__ import annotations

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
from fee_service.storage.jobs import Job

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
    database.write(lambda connection: _queue(connection, job_id, also))
    return job_id


def found(database: Database, job_id: str, actor: Actor) -> Job:
    """A job that the caller may see: his own, or any for finance. Raises FeeError (404)."""
    with database.reading() as connection:
        job = jobs.find(connection, job_id)
    if job is None or job.state == JobState.ARRIVING or (job.owner != actor.key_id and actor.role not in SEES_ALL):
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

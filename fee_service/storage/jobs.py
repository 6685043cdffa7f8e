"""Jobs as they are kept: who holds which, the files they read, the chunks they have made.

A job is taken for some seconds by the database's own clock. Each taking raises its `attempt`; what was taken before
writes nothing any more, however long it slept. All but the queries go inside `Database.write`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from fee_service.clock import now_in_utc
from fee_service.job_state import OVER, WAITING, JobState
from fee_service.storage import reconciled_invoices, usage_reports
from fee_service.storage.tables import job_chunks, job_inputs, jobs

MOST_ROWS_CLEARED = 1_000  # of those that it has entered elsewhere under its id
MOST_CLEARED = 32  # pieces or chunks that one transaction removes: others wait meanwhile
_TAKE_OUT = usage_reports.take_out, reconciled_invoices.take_out  # what was entered with the chunks
_NOW = text("SELECT clock_timestamp()")
_DUE = (jobs.c.state.in_(WAITING), jobs.c.free_from <= bindparam("now"))
_FIND = select(jobs).where(jobs.c.id == bindparam("named"))
_NEXT = select(jobs).where(*_DUE, jobs.c.kind.in_(bindparam("kinds", expanding=True))).order_by(jobs.c.id).limit(1)
_PIECES = (
    select(job_inputs.c.content)
    .where(job_inputs.c.job == bindparam("named"), job_inputs.c.file == bindparam("of"))
    .where(job_inputs.c.piece == bindparam("at"))
)
_CHUNK = select(job_chunks.c.content).where(
    job_chunks.c.job == bindparam("named"), job_chunks.c.chunk == bindparam("at")
)
_ENTER_CHUNK = {
    "sqlite": sqlite.insert(job_chunks).on_conflict_do_nothing().returning(job_chunks.c.chunk),
    "postgresql": postgresql.insert(job_chunks).on_conflict_do_nothing().returning(job_chunks.c.chunk),
}


class LeaseLost(Exception):
    """The job is no longer whose it was: cancelled, or taken by another because the lease had run out."""


class Job(NamedTuple):
    """A job as it is kept; `attempt` says which taking of it this is."""

    id: str
    kind: str
    owner: str
    role: str
    origin: str
    params: str
    state: str
    free_from: datetime | None
    held_by: str | None
    attempt: int
    tries: int
    chunks_done: int
    chunks_total: int | None
    result_bytes: int
    created_at: datetime
    finished_at: datetime | None
    summary: str | None
    faults: bytes | None


class Standing(NamedTuple):
    """How many jobs wait and run, and for how many seconds the oldest has waited."""

    queued: int
    running: int
    oldest: float


def now(connection: Connection) -> datetime:
    """The time by which leases are counted: PostgreSQL's own; SQLite has no other clock than its machine's."""
    if connection.dialect.name == "sqlite":
        return now_in_utc()
    instant: datetime = connection.execute(_NOW).scalar_one()
    return instant.astimezone(UTC)


# -- what is there ---------------------------------------------------------------------------------------


def find(connection: Connection, job_id: str) -> Job | None:
    """A job by its id."""
    row = connection.execute(_FIND, {"named": job_id}).one_or_none()
    return None if row is None else Job(**row._mapping)


def is_due(connection: Connection, kinds: Sequence[str]) -> bool:
    """Whether there is a job of these kinds to take."""
    return connection.execute(_NEXT, {"now": now(connection), "kinds": kinds}).one_or_none() is not None


def waiting_of(connection: Connection, owner: str) -> int:
    """How many jobs of an owner are not over."""
    counted = (
        select(func.count())
        .select_from(jobs)
        .where(jobs.c.state.in_((JobState.ARRIVING, *WAITING)), jobs.c.owner == owner)
    )
    return int(connection.execute(counted).scalar_one())


def latest(connection: Connection, kind: str, owner: str | None, limit: int) -> Sequence[Job]:
    """The newest jobs of a kind, first the last one; those of an owner, or of all."""
    asked = select(jobs).where(jobs.c.kind == kind).order_by(jobs.c.id.desc()).limit(limit)
    rows = connection.execute(asked if owner is None else asked.where(jobs.c.owner == owner))
    return [Job(**row._mapping) for row in rows]


def standing(connection: Connection) -> Standing:
    """How much there is to do."""
    oldest = func.min(case((jobs.c.state == JobState.QUEUED, jobs.c.created_at)))
    running = func.count(case((jobs.c.state == JobState.RUNNING, 1)))
    asked = select(func.count(), running, oldest).where(jobs.c.state.in_(WAITING))
    count, at_work, since = connection.execute(asked).one()
    waited = (now(connection) - since).total_seconds() if since is not None else 0.0
    return Standing(count - at_work, at_work, max(waited, 0.0))


def piece(connection: Connection, job_id: str, file: int, number: int) -> bytes | None:
    """A piece of a file; None behind the last one."""
    content: bytes | None = connection.execute(_PIECES, {"named": job_id, "of": file, "at": number}).scalar()
    return content


def chunk(connection: Connection, job_id: str, number: int) -> bytes | None:
    """A chunk that was made; None where it is missing."""
    content: bytes | None = connection.execute(_CHUNK, {"named": job_id, "at": number}).scalar()
    return content


def chunks(connection: Connection, job_id: str) -> Iterator[bytes]:
    """All chunks in their order, one at a time."""
    number = 0
    while (content := chunk(connection, job_id, number)) is not None:
        yield content
        number += 1


# -- a job comes and is done -----------------------------------------------------------------------------


def enter(connection: Connection, job_id: str, kind: str, owner: tuple[str, str, str], params: str) -> None:
    """A new job of an owner (key, role, origin), which nobody takes yet."""
    at = now(connection)
    key_id, role, origin = owner
    connection.execute(
        insert(jobs).values(
            id=job_id, kind=kind, owner=key_id, role=role, origin=origin, params=params, state=JobState.ARRIVING,
            free_from=at, attempt=0, tries=0, chunks_done=0, result_bytes=0, created_at=at,
        )
    )  # fmt: skip


def add_piece(connection: Connection, job_id: str, file: int, number: int, content: bytes) -> None:
    """More of a file of a job that still arrives."""
    connection.execute(insert(job_inputs).values(job=job_id, file=file, piece=number, content=content))


def remove_file(connection: Connection, job_id: str, file: int) -> None:
    """Take a small file of a job away, for another to come in its place."""
    connection.execute(delete(job_inputs).where(job_inputs.c.job == job_id, job_inputs.c.file == file))


def ask_for(connection: Connection, job_id: str, params: str) -> None:
    """Change what is asked of a job that nobody takes yet."""
    arriving = update(jobs).where(jobs.c.id == job_id, jobs.c.state == JobState.ARRIVING)
    connection.execute(arriving.values(params=params))


def queue(connection: Connection, job_id: str) -> None:
    """All is there: whoever is free may take it."""
    arriving = update(jobs).where(jobs.c.id == job_id, jobs.c.state == JobState.ARRIVING)
    if connection.execute(arriving.values(state=JobState.QUEUED)).rowcount != 1:
        raise LeaseLost(job_id)  # it took so long that it was swept away


def take(connection: Connection, by: str, seconds: float, kinds: Sequence[str]) -> Job | None:
    """The oldest job that is free, now held; None where there is none."""
    at = now(connection)
    row = connection.execute(_NEXT, {"now": at, "kinds": kinds}).one_or_none()
    if row is None:
        return None
    held: dict[str, Any] = {
        "state": JobState.RUNNING,
        "held_by": by,
        "free_from": at + timedelta(seconds=seconds),
        "attempt": row.attempt + 1,
        "tries": row.tries + 1,
    }
    connection.execute(update(jobs).where(jobs.c.id == row.id).values(held))
    return Job(**{**row._mapping, **held})


def renew(connection: Connection, job: Job, seconds: float) -> None:
    """Hold it for longer. Raises LeaseLost."""
    _change(connection, job, free_from=now(connection) + timedelta(seconds=seconds))


def keep(connection: Connection, job: Job, number: int, content: bytes, total: int | None, seconds: float) -> bool:
    """Keep a chunk, once, and hold the job for longer; whether it was not there yet. Raises LeaseLost."""
    until = now(connection) + timedelta(seconds=seconds)
    new = {"job": job.id, "chunk": number, "content": content}
    added = len(connection.execute(_ENTER_CHUNK[connection.dialect.name], new).all())
    _change(
        connection,
        job,
        free_from=until,
        tries=0,
        chunks_total=total,
        chunks_done=jobs.c.chunks_done + literal(added),
        result_bytes=jobs.c.result_bytes + literal(added * len(content)),
    )
    return bool(added)


def hand_back(connection: Connection, job: Job, seconds: float, *, counted: bool) -> None:
    """Let others take it after some seconds; `counted` where it was tried in vain. Raises LeaseLost."""
    free_from = now(connection) + timedelta(seconds=seconds)
    tries = jobs.c.tries if counted else case((jobs.c.tries > 0, jobs.c.tries - 1), else_=0)
    _change(connection, job, state=JobState.QUEUED, held_by=None, free_from=free_from, tries=tries)


def finish(connection: Connection, job: Job) -> None:
    """It is done. Raises LeaseLost."""
    _change(connection, job, **_over(connection, JobState.DONE), chunks_total=jobs.c.chunks_done)


def sum_up(connection: Connection, job: Job, summary: str) -> None:
    """What is told of a job that was just finished, as JSON."""
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(summary=summary))


def fail(connection: Connection, job: Job, faults: bytes) -> None:
    """It cannot be done, and why. Raises LeaseLost."""
    _change(connection, job, **_over(connection, JobState.FAILED), faults=faults)


def cancel(connection: Connection, job_id: str) -> bool:
    """Whether it was not over, and now is; what was asked of it is forgotten."""
    still_open = update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(WAITING))
    over = _over(connection, JobState.CANCELLED)
    return connection.execute(still_open.values(**over, params="{}")).rowcount == 1


def drop(connection: Connection, job_id: str) -> bool:
    """Whether it was not begun yet, and now is over; what was asked of it is forgotten."""
    arriving = update(jobs).where(jobs.c.id == job_id, jobs.c.state == JobState.ARRIVING)
    over = _over(connection, JobState.CANCELLED)
    return connection.execute(arriving.values(**over, params="{}")).rowcount == 1


def _over(connection: Connection, state: JobState) -> dict[str, Any]:
    """What a job is when it is over."""
    at = now(connection)
    return {"state": state, "held_by": None, "free_from": at, "finished_at": at}


def _change(connection: Connection, job: Job, **values: Any) -> None:
    """Change a job that is still held by this attempt."""
    held = update(jobs).where(jobs.c.id == job.id, jobs.c.attempt == job.attempt, jobs.c.state == JobState.RUNNING)
    if connection.execute(held.values(values)).rowcount != 1:
        raise LeaseLost(job.id)


# -- what is not needed any more -------------------------------------------------------------------------


def litter(connection: Connection, limit: int = 100) -> Sequence[tuple[str, bool]]:
    """Jobs that are over and have left something; whether their chunks go too, because there is no result."""
    over = jobs.c.state.in_(OVER), jobs.c.free_from <= now(connection)
    asked = select(jobs.c.id, jobs.c.state).where(*over).limit(limit)
    return [(row.id, row.state != JobState.DONE) for row in connection.execute(asked)]


def clear(connection: Connection, job_id: str, *, results: bool) -> bool:
    """Remove some of the files of a job that is over, and of what it made where that goes too; whether that was all."""
    if results and not _unmake(connection, job_id):
        return False
    removed = _remove(connection, job_inputs, job_id)
    if removed < MOST_CLEARED:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(free_from=None))
    return removed < MOST_CLEARED


def begin_anew(connection: Connection, job: Job) -> bool:
    """Remove some of what was made, and where that was all let others take it; whether it was. Raises LeaseLost."""
    if not _unmake(connection, job.id):
        _change(connection, job, state=JobState.RUNNING)
        return False
    none = {"chunks_done": 0, "chunks_total": None, "result_bytes": 0}
    _change(connection, job, state=JobState.QUEUED, held_by=None, free_from=now(connection), **none)
    return True


def forget(connection: Connection, job_id: str) -> None:
    """Remove a job of which nothing else is left."""
    connection.execute(delete(jobs).where(jobs.c.id == job_id))


def outlived(connection: Connection, days: int, hours: int, limit: int = 100) -> Sequence[str]:
    """Jobs that were over so many days ago, or have not arrived whole for so many hours."""
    at = now(connection)
    over = select(jobs.c.id).where(jobs.c.finished_at < at - timedelta(days=days)).limit(limit)
    stuck = jobs.c.state == JobState.ARRIVING, jobs.c.free_from < at - timedelta(hours=hours)
    arriving = select(jobs.c.id).where(*stuck).limit(limit)
    return [*connection.execute(over).scalars(), *connection.execute(arriving).scalars()]


def _unmake(connection: Connection, job_id: str) -> bool:
    """Remove as much of what a job made as one transaction may; whether that was all."""
    if any(take_out(connection, job_id, MOST_ROWS_CLEARED) for take_out in _TAKE_OUT):
        return False
    return _remove(connection, job_chunks, job_id) < MOST_CLEARED


def _remove(connection: Connection, table: Table, job_id: str) -> int:
    """Remove as many rows as one transaction may; answers how many."""
    keys = [*table.primary_key.columns]
    found = connection.execute(select(*keys).where(table.c.job == job_id).limit(MOST_CLEARED)).all()
    if found:
        one = delete(table).where(*(key == bindparam(f"of_{key.name}") for key in keys))
        connection.execute(one, [{f"of_{name}": value for name, value in row._mapping.items()} for row in found])
    return len(found)

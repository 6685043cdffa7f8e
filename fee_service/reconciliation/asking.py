"""A reconciliation is asked for, and done by a worker: its chunks are tables, the last one says what is no line.

The libraries of columns are imported where a worker needs them: who only asks does not pay for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from fee_service.errors import Fault, FeeError
from fee_service.jobs import asking
from fee_service.jobs.kinds import Kind, Made, Task, chunks_of, nothing_entered
from fee_service.permissions import Action, require
from fee_service.quotes.answering_once import Answered, first_of, keep, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, contracts, reconciled_invoices
from fee_service.storage.attested import RECONCILIATION_ASKED
from fee_service.storage.database import Database
from fee_service.storage.jobs import Job
from fee_service.storage.reconciled_invoices import KeptInvoice
from fee_service.strict_json import Data

NAME = "reconciliation"
ACCEPTED = 202
PIECE = 1_048_576
LONGEST = 3_600.0  # seconds until the first table is there
INVOICES_AT_ONCE = 2_000
FINDINGS_AT_ONCE = 5_000
OF_FINDINGS, OF_THE_RUN = b"[", b"{"  # how chunks begin that are no tables
NOTHING = b"{}"

Sent = Sequence[tuple[Path, str]]  # files on the disk, with the names by which people call them


def ask(desk: Desk, files: Sent, own_number: str | None, call: Call) -> Reply:
    """Have files reconciled; answers where the job is. Raises FeeError (403, 409, 429) and StorageError."""
    require(call.actor, Action.RECONCILE)
    replies: list[Reply] = []

    def also(connection: Connection, job_id: str) -> None:
        require_unanswered(connection, call)
        body = orjson.dumps({"id": job_id, "status": "queued"})
        reply = Reply(ACCEPTED, f"/v1/reconciliations/{job_id}", body, None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        audit.append(connection, call.told(RECONCILIATION_ASKED, job_id, {"files": len(files), **first.told}))
        keep(connection, [first])
        replies[:] = [reply]

    params = params_of(desk, [name for _, name in files], own_number, call)
    asking.enqueue(desk.database, NAME, call.actor, call.origin, params, [pieces_of(path) for path, _ in files], also)
    return replies[0]


def params_of(desk: Desk, names: Sequence[str], own_number: str | None, call: Call) -> Data:
    """What a worker is to know: all that could change meanwhile. Raises StorageError."""
    with desk.database.reading() as connection:
        through = contracts.last_place(connection)
    return {
        "files": list(names),
        "own_number": own_number,
        "today": call.today.isoformat(),
        "now": call.now.isoformat(),
        "through": through,
    }


def found(desk: Desk, job_id: str, call: Call) -> Job:
    """A reconciliation that the caller may see. Raises FeeError (404)."""
    require(call.actor, Action.RECONCILE)
    job = asking.found(desk.database, job_id, call.actor)
    if job.kind != NAME:
        raise FeeError([Fault("job_not_found", "", {"value": job_id})], 404)
    return job


def tables_of(desk: Desk, job: Job, first: int = 0) -> Iterator[bytes]:
    """The chunks of a result that are tables, from one on. Raises FeeError (409) where there is none yet."""
    asking.require_done(job)
    return tables_in(desk.database, job.id, first)


def tables_in(database: Database, job_id: str, first: int = 0) -> Iterator[bytes]:
    """The same of a reconciliation that is known to be done; none of one that is gone meanwhile."""
    chunks = chunks_of(database, job_id, first)
    return (chunk for chunk in chunks if not chunk.startswith((OF_FINDINGS, OF_THE_RUN)))


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file on the disk, a piece at a time."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


# -- by a worker -------------------------------------------------------------------------------------------


def reconciliation(desk: Desk) -> Kind:
    """The kind of job that reconciles files."""
    return Kind(NAME, lambda task: _chunks(desk, task), _finish, longest=LONGEST)


def _chunks(desk: Desk, task: Task) -> Iterator[Made | bytes]:
    """The tables, each with some of the invoices that later uploads are judged with; last what the run comes to."""
    from fee_service.answers.reconciled import packed
    from fee_service.reconciliation.documents import contracts_in
    from fee_service.reconciliation.files import SentFile
    from fee_service.reconciliation.finding_out import seen_data
    from fee_service.reconciliation.knowing import AsOf, document_data
    from fee_service.reconciliation.naming import item_names
    from fee_service.reconciliation.running import run, summary, understood
    from fee_service.reconciliation.summing import Sums

    params = task.params
    as_of = AsOf(date.fromisoformat(params["today"]), params["through"], params["own_number"])
    with ExitStack() as held:
        files = [SentFile(held.enter_context(task.saved(at)), name) for at, name in enumerate(params["files"])]
        of = run(desk, files, item_names(desk), as_of)
    new = [
        KeptInvoice(task.id, document.number, contract, document_data(document).decode())
        for document in of.found.new
        for contract in sorted(contracts_in([document]))
    ]
    sums = Sums()
    chunks: list[bytes] = []
    for table in of.tables():
        sums.add(table)
        chunks.append(packed(table))
    seen = [orjson.dumps([seen_data(each) for each in part]) for part in _parts(of.seen, FINDINGS_AT_ONCE)]
    entered = _parts(new, INVOICES_AT_ONCE)
    chunks += [NOTHING] * (len(entered) - len(chunks)) + seen
    task.expect(len(chunks) + 1)
    for number, content in enumerate(chunks):
        if number >= task.first:
            yield Made(content, partial(_enter, entered[number] if number < len(entered) else ()))
    told = {"summary": summary(sums, of, {}), **understood(of, "both"), "covers": [tuple(each) for each in of.covers]}
    yield Made(orjson.dumps(told), nothing_entered)


def _parts(all_of: Sequence[Any], at_once: int) -> list[Sequence[Any]]:
    return [all_of[first : first + at_once] for first in range(0, len(all_of), at_once)]


def _enter(invoices: Sequence[KeptInvoice], connection: Connection) -> None:
    reconciled_invoices.enter(connection, invoices)


def _finish(connection: Connection, task: Task) -> Data:
    """Enter what was found wrong; answers what the run comes to."""
    from fee_service.reconciliation.finding_out import covered_from, seen_from
    from fee_service.reconciliation.findings import enter

    told: Data = {}
    seen = []
    for chunk in task.chunks(connection):
        if chunk.startswith(OF_FINDINGS):
            seen += [seen_from(each) for each in orjson.loads(chunk)]
        elif chunk.startswith(OF_THE_RUN):
            told = orjson.loads(chunk) or told
    params = task.params
    call = Call(task.actor, task.origin, datetime.fromisoformat(params["now"]), date.fromisoformat(params["today"]))
    counts = enter(connection, task.id, seen, [covered_from(each) for each in told["covers"]], call)
    return {**told["summary"], "findings": counts}

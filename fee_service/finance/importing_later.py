"""A large file of usage reports is kept by a worker: checked as a small one is, entered some rows at a time.

Nobody sees them before the job is done (`storage/usage_reports.py`), and nobody waits long for the database meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial

import orjson
from sqlalchemy import Connection

from fee_service.actors import Actor
from fee_service.errors import Fault, FeeError
from fee_service.finance.importing import reports_of, sealed, summary
from fee_service.finance.report_checks import CONFLICT
from fee_service.jobs.asking import enqueue
from fee_service.jobs.kinds import Kind, Made, Task, nothing_entered
from fee_service.quotes.answering_once import Answered, first_of, keep, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, usage_reports
from fee_service.storage.attested import USAGE_ASKED, USAGE_REPORTED
from fee_service.storage.usage_reports import NewReport, Taken
from fee_service.strict_json import Data

NAME = "usage_import"
ACCEPTED = 202
OF_A_CHUNK = 1_000  # reports: others wait as long as it takes to enter them


def ask(desk: Desk, raw: bytes, call: Call) -> Reply:
    """Have a file kept; answers where its job is. Raises FeeError (429) and StorageError."""
    replies: list[Reply] = []

    def also(connection: Connection, job_id: str) -> None:
        require_unanswered(connection, call)
        body = orjson.dumps({"id": job_id, "status": "queued"})
        reply = Reply(ACCEPTED, f"/v1/jobs/{job_id}", body, None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        audit.append(connection, call.told(USAGE_ASKED, job_id, first.told))
        keep(connection, [first])
        replies[:] = [reply]

    params = {"today": call.today.isoformat(), "now": call.now.isoformat()}
    enqueue(desk.database, NAME, call.actor, call.origin, params, [[raw]], also)
    return replies[0]


def usage_import(desk: Desk) -> Kind:
    """The kind of job that keeps a file; its summary is what a small file is answered."""
    return Kind(NAME, lambda task: _chunks(desk, task), _finish)


def _chunks(desk: Desk, task: Task) -> Iterator[Made]:
    """The reports of the file, which is sound as a whole before the first is entered; last, what they are together."""
    raw = b"".join(task.file())
    reports = reports_of(desk, raw, _call(task), task.id)
    starts = range(0, len(reports), OF_A_CHUNK)
    task.expect(len(starts) + 1)
    for first in starts[task.first :]:
        part = reports[first : first + OF_A_CHUNK]
        yield Made(orjson.dumps({"reports": len(part)}), partial(_enter, part))
    yield Made(orjson.dumps({**summary(reports, task.id), "seal": sealed(reports)}), nothing_entered)


def _enter(reports: Sequence[NewReport], connection: Connection) -> None:
    try:
        usage_reports.enter(connection, reports)
    except Taken as taken:
        raise FeeError([Fault("usage_reported_meanwhile")], CONFLICT) from taken


def _finish(connection: Connection, task: Task) -> Data:
    """Tell of the rows that count from now on; that they are all there is asked of the table."""
    assert task.total is not None
    told: Data = orjson.loads(task.chunk(connection, task.total - 1))
    entered, places = usage_reports.places(connection, task.id)
    if entered != told["reports"]:
        raise RuntimeError(f"{entered} of {told['reports']} reports are entered")
    seal = told.pop("seal")
    details = {"reports": entered, "seal": seal, "places": places}
    audit.append(connection, _call(task).told(USAGE_REPORTED, task.id, details))
    return told


def _call(task: Task) -> Call:
    """The call with which the file came."""
    day, now = date.fromisoformat(task.params["today"]), datetime.fromisoformat(task.params["now"])
    return Call(Actor(task.actor.key_id, task.actor.role), task.origin, now, day)

"""A large file of usage reports is kept by a worker: checked as a small one is, stored in the moment it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import orjson
from sqlalchemy import Connection

from fee_service.actors import Actor
from fee_service.errors import Fault, FeeError
from fee_service.finance.importing import reports_of, sealed, summary
from fee_service.finance.report_checks import CONFLICT
from fee_service.jobs.asking import enqueue
from fee_service.jobs.kinds import Kind, Task
from fee_service.quotes.answering_once import Answered, first_of, keep, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, usage_reports
from fee_service.storage.attested import USAGE_ASKED, USAGE_REPORTED
from fee_service.storage.usage_reports import NewReport, Taken
from fee_service.strict_json import Data

NAME = "usage_import"
ACCEPTED = 202
OF_A_CHUNK = 20_000  # reports


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


def _chunks(desk: Desk, task: Task) -> Iterator[bytes]:
    """The reports of the file, which is sound as a whole before the first of them comes."""
    raw = b"".join(task.file())
    reports = reports_of(desk, raw, _call(task), task.id)
    starts = range(0, len(reports), OF_A_CHUNK)
    task.expect(len(starts))
    for first in starts[task.first :]:
        yield orjson.dumps([_row(report) for report in reports[first : first + OF_A_CHUNK]])


def _finish(connection: Connection, task: Task) -> Data:
    reports = [_report(row) for chunk in task.chunks(connection) for row in orjson.loads(chunk)]
    try:
        usage_reports.enter(connection, reports)
    except Taken as taken:
        raise FeeError([Fault("usage_reported_meanwhile")], CONFLICT) from taken
    told = {"reports": len(reports), "seal": sealed(reports)}
    audit.append(connection, _call(task).told(USAGE_REPORTED, task.id, told))
    return summary(reports, task.id)


def _call(task: Task) -> Call:
    """The call with which the file came."""
    day, now = date.fromisoformat(task.params["today"]), datetime.fromisoformat(task.params["now"])
    return Call(Actor(task.actor.key_id, task.actor.role), task.origin, now, day)


def _row(report: NewReport) -> Data:
    """As it is kept until the job is done."""
    return report._asdict()


def _report(row: Data) -> NewReport:
    """The inverse of `_row`."""
    days = {name: date.fromisoformat(row[name]) for name in ("month", "reported_on")}
    return NewReport(**{**row, **days, "created_at": datetime.fromisoformat(row["created_at"])})

"""Files that wait for a word: kept, looked at, and reconciled only when somebody says so."""

from __future__ import annotations

import tempfile
from pathlib import Path

import orjson
from sqlalchemy import Connection

from fee_service.errors import Fault, FeeError
from fee_service.jobs import asking as jobs
from fee_service.jobs.kinds import file_of
from fee_service.permissions import Action, require
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.asking import NAME, Sent, params_of, pieces_of
from fee_service.reconciliation.previewing import preview
from fee_service.storage import audit
from fee_service.storage.attested import RECONCILIATION_ASKED
from fee_service.storage.jobs import Job
from fee_service.strict_json import Data

NOT_FOUND = 404


def hold(desk: Desk, files: Sent, call: Call) -> str:
    """Keep files with what was understood of them; answers the id of the run that they may become.

    What was understood is kept as one more file behind them. Raises FeeError (403, 422, 429) and StorageError.
    """
    require(call.actor, Action.RECONCILE)
    told = _understood(desk, files, call)
    params = params_of(desk, [name for _, name in files], None, call)
    kept = [*(pieces_of(path) for path, _ in files), [told]]
    return jobs.hold(desk.database, NAME, call.actor, call.origin, params, kept)


def found(desk: Desk, job_id: str, call: Call) -> Job:
    """A run that the caller may see, begun or not. Raises FeeError (403, 404)."""
    require(call.actor, Action.RECONCILE)
    job = jobs.found(desk.database, job_id, call.actor, held=True)
    if job.kind != NAME:
        raise FeeError([Fault("job_not_found", "", {"value": job_id[:60]})], NOT_FOUND)
    return job


def understood(desk: Desk, job: Job, call: Call) -> Data:
    """What was understood of held files, in the caller's language. Raises FeeError (422) and StorageError."""
    told: Data = orjson.loads(b"".join(file_of(desk.database, job.id, len(_names(job)))))
    return told if told["language"] == call.language else look_again(desk, job, call)


def look_again(desk: Desk, job: Job, call: Call) -> Data:
    """Understand held files anew, as after names were told. Raises FeeError (422) and StorageError."""
    names = _names(job)
    with tempfile.TemporaryDirectory(prefix="fee-service-held-") as folder:
        files = [(Path(folder) / str(number), name) for number, name in enumerate(names)]
        for number, (path, _) in enumerate(files):
            with path.open("wb") as copy:
                copy.writelines(file_of(desk.database, job.id, number))
        told = _understood(desk, files, call)
    jobs.replace_file(desk.database, job, len(names), told)
    kept: Data = orjson.loads(told)
    return kept


def begin(desk: Desk, job: Job, call: Call) -> None:
    """Have held files reconciled by what is known now; once more is the same. Raises StorageError."""
    names = _names(job)

    def also(connection: Connection, job_id: str) -> None:
        audit.append(connection, call.told(RECONCILIATION_ASKED, job_id, {"files": len(names)}))

    jobs.begin(desk.database, job, params_of(desk, names, None, call), also)


def _names(job: Job) -> list[str]:
    names: list[str] = orjson.loads(job.params).get("files", [])
    return names


def _understood(desk: Desk, files: Sent, call: Call) -> bytes:
    return orjson.dumps({"language": call.language, **preview(desk, files, None, call)})

"""Files of a result: of few lines at once, of many by a worker, whose page tells when the file is there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import orjson
from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.documents.billed_files import CONTENT_TYPES
from fee_service.documents.reconciled_jobs import KINDS, at_once, is_large, name_of, params_of
from fee_service.http.context import database, the_desk
from fee_service.job_state import JobState
from fee_service.jobs import asking
from fee_service.jobs.kinds import chunks_of
from fee_service.reconciliation.asking import tables_of
from fee_service.storage.jobs import Job
from fee_service.strict_json import Data
from fee_service.web.languages import _, page_language
from fee_service.web.run_page import running
from fee_service.web.shell import blueprint, call, page

MOST_LOOKED_AT = 50  # files made before, among which the same one is looked for


def downloads(job: Job) -> list[tuple[str, str]]:
    """The address and the name of each kind of file."""
    names = {"xlsx": _("Spreadsheet (XLSX)"), "csv": "CSV", "parquet": "Parquet", "focus.csv": "FOCUS"}
    return [(url_for("web.reconciliation_page", key=f"{job.id}.{kind}"), names[kind]) for kind in names]


def file_of(job: Job, kind: str) -> AnyResponse:
    """A file of a run, or the page of the job that makes it. Raises NotFound and StorageError."""
    if kind not in KINDS or job.state != JobState.DONE:
        abort(404)
    params = params_of(job, page_language())
    if is_large(params):
        made = _asked_before(kind, params) or _asked(kind, params)
        return redirect(url_for("web.reconciled_file_page", key=job.id, made=made), 303)
    with tempfile.TemporaryDirectory(prefix="fee-service-reconciled-") as folder:
        written = at_once(kind, params, tables_of(the_desk(), job), Path(folder))
        return _attached(Response(written.path.read_bytes(), content_type=written.content_type), written.name)


def _asked(kind: str, params: Data) -> str:
    asker = call()
    return asking.enqueue(database(), name_of(kind), asker.actor, asker.origin, params)


def _asked_before(kind: str, params: Data) -> str | None:
    """The job that makes or has made the same file; a reload makes no further one."""
    for job in asking.latest(database(), name_of(kind), call().actor, MOST_LOOKED_AT):
        if orjson.loads(job.params) == params and job.state not in (JobState.FAILED, JobState.CANCELLED):
            return job.id
    return None


@blueprint.get("/reconciliations/<key>/files/<made>")
def reconciled_file_page(key: str, made: str) -> AnyResponse:
    """How far a file is; the file itself where it is asked for and there."""
    job = asking.found(database(), made, call().actor)
    kind = job.kind.partition(".")[2]
    if job.kind != name_of(kind) or orjson.loads(job.params).get("of") != key:
        abort(404)
    name = f"reconciliation-{key}.{kind}"
    if job.state != JobState.DONE:
        return running(job, name)
    if "download" not in request.args:
        address = url_for("web.reconciled_file_page", key=key, made=made, download="now")
        return page("reconciled_file.html", key=key, name=name, address=address)
    return _attached(Response(chunks_of(database(), job.id), content_type=CONTENT_TYPES[kind]), name)


def _attached(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

"""Reconciliations: files of invoices held against what is owed, asked for here and done by a worker."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response
from werkzeug.routing import BaseConverter

from fee_service.api.replies import JSON, answer, file_of, job_asked
from fee_service.documents import reconciled_jobs
from fee_service.http.body import query
from fee_service.http.context import call, the_desk
from fee_service.http.language import language
from fee_service.http.uploads import fingerprint, uploads
from fee_service.jobs import asking as jobs
from fee_service.jobs import telling
from fee_service.quotes.answering_once import once
from fee_service.reconciliation import asking, previewing
from fee_service.reconciliation.lines import list_lines
from fee_service.wording import OneLanguage
from schemas.reconciliations import LinesQuerySchema, ReconciliationQuerySchema, ResultFileQuerySchema


class RunKey(BaseConverter):
    """What may stand for a run in a path; what has a dot is a file of one."""

    regex = r"[^/.]+"


blueprint = Blueprint("reconciliations", __name__, url_prefix="/v1/reconciliations")


@blueprint.post("")
def ask_reconciliation() -> Response:
    """Have files reconciled, or look at what is understood of them."""
    asked = query(ReconciliationQuerySchema)
    own_number = asked.get("own_number")
    with uploads() as files:
        sent = [(file.path, file.name) for file in files]
        if asked.get("preview"):
            told = previewing.preview(the_desk(), sent, own_number, call())
            return Response(orjson.dumps(told), content_type=JSON)
        this = call(fingerprint(files))
        return answer(once(the_desk().database, this, lambda: asking.ask(the_desk(), sent, own_number, this)))


@blueprint.get("/<run:job_id>")
def show_reconciliation(job_id: str) -> Response:
    """Show how far a reconciliation is, and what it came to."""
    query()
    job = asking.found(the_desk(), job_id, call())
    told = telling.answer(job, language(), f"/v1/reconciliations/{job.id}/lines")
    return Response(orjson.dumps(told), content_type=JSON)


@blueprint.delete("/<run:job_id>")
def cancel_reconciliation(job_id: str) -> Response:
    """Take a reconciliation back; nothing of it is left."""
    query()
    job = asking.found(the_desk(), job_id, call())
    jobs.cancel(the_desk().database, job.id, call().actor)
    gone = Response(status=204)
    gone.headers.remove("Content-Type")
    return gone


@blueprint.get("/<job_id>/lines")
def lines_of_reconciliation(job_id: str) -> Response:
    """List the lines of a result, page by page."""
    wishes = query(LinesQuerySchema)
    job = asking.found(the_desk(), job_id, call())
    return Response(list_lines(the_desk(), job, wishes, call()), content_type=JSON)


@blueprint.get("/<job_id>.csv", defaults={"kind": "csv"})
@blueprint.get("/<job_id>.xlsx", defaults={"kind": "xlsx"})
@blueprint.get("/<job_id>.parquet", defaults={"kind": "parquet"})
@blueprint.get("/<job_id>.focus.csv", defaults={"kind": "focus.csv"})
def reconciliation_as_file(job_id: str, kind: str) -> Response:
    """The whole result as a file."""
    asked = query(ResultFileQuerySchema)
    wanted: OneLanguage = asked.get("lang") or ("en" if language() == "en" else "ko")
    job = asking.found(the_desk(), job_id, call())
    tables = asking.tables_of(the_desk(), job)
    params = reconciled_jobs.params_of(job, wanted)
    if reconciled_jobs.is_large(params):
        return job_asked(reconciled_jobs.name_of(kind), params)
    return file_of(lambda folder: reconciled_jobs.at_once(kind, params, tables, folder))


@blueprint.get("/<job_id>/lines.csv", defaults={"kind": "csv"})
@blueprint.get("/<job_id>/lines.xlsx", defaults={"kind": "xlsx"})
@blueprint.get("/<job_id>/lines.parquet", defaults={"kind": "parquet"})
@blueprint.get("/<job_id>/lines.focus.csv", defaults={"kind": "focus.csv"})
def lines_as_file(job_id: str, kind: str) -> Response:
    """The same under the address of the lines."""
    return reconciliation_as_file(job_id, kind)

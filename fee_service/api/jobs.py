"""Jobs: how far one is, what it has made, and taking it back. They are asked for where what they do is asked for."""

from __future__ import annotations

from typing import cast

import orjson
from flask import Blueprint, Response, current_app

from fee_service.http.body import query
from fee_service.http.context import actor, database
from fee_service.http.language import language
from fee_service.jobs import asking, telling
from fee_service.jobs.kinds import Kind, Kinds
from fee_service.storage.jobs import Job

blueprint = Blueprint("jobs", __name__, url_prefix="/v1/jobs")


@blueprint.get("/<job_id>")
def show_job(job_id: str) -> Response:
    """Show how far a job is, and where its result is to be had."""
    query()
    job = asking.found(database(), job_id, actor())
    kind = _kind_of(job)
    place = f"/v1/jobs/{job.id}/result" if kind is not None and kind.result is not None else None
    return Response(orjson.dumps(telling.answer(job, language(), place)), content_type="application/json")


@blueprint.delete("/<job_id>")
def cancel_job(job_id: str) -> Response:
    """Take a job back; nothing of it is left."""
    query()
    asking.cancel(database(), job_id, actor())
    answer = Response(status=204)
    answer.headers.remove("Content-Type")
    return answer


@blueprint.get("/<job_id>/result")
def result_of_job(job_id: str) -> Response:
    """Send what a job has made, piece by piece."""
    query()
    job = asking.found(database(), job_id, actor())
    kind = _kind_of(job)
    pieces = asking.result(database(), job, kind)
    assert kind is not None
    assert kind.result is not None
    answer = Response(pieces, content_type=kind.result.content_type)
    name = f"{kind.name}-{job.id}.{kind.result.suffix}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if kind.result.joined is None:
        answer.headers["Content-Length"] = str(job.result_bytes)
    return answer


def _kind_of(job: Job) -> Kind | None:
    """None where another version of the service has done it."""
    return cast(Kinds, current_app.extensions["job_kinds"]).get(job.kind)

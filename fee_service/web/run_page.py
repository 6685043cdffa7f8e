"""A job as long as it runs, and one that came to nothing: its page asks again by itself, with a script or without."""

from __future__ import annotations

from flask import Response, url_for

from fee_service.job_state import WAITING
from fee_service.jobs import telling
from fee_service.storage.jobs import Job
from fee_service.web.languages import _, page_language
from fee_service.web.runs import progress_of, title_of
from fee_service.web.shell import page


def running(job: Job, files: str | None = None) -> Response:
    """How far a job is; `files` names what it is about."""
    return page(
        "reconciliation_running.html",
        key=job.id,
        title=_("Reconciliation") if files is None else _("A file is made"),
        files=title_of(job) if files is None else files,
        is_waiting=job.state in WAITING,
        told=telling.answer(job, page_language(), None)["errors"],
        progress_at=url_for("web.reconciliation_progress", key=job.id),
        **progress_of(job)._asdict(),
    )

"""Invoices reconciled at the desk: files dropped, how they were understood, how far it is, and what came of it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import Fault, FeeError
from fee_service.http.context import database, the_desk
from fee_service.http.uploads import FIELD, plain_names
from fee_service.invoices.sizes import MOST_BYTES
from fee_service.job_state import WAITING, JobState
from fee_service.jobs import asking
from fee_service.jobs.working import DAYS_KEPT
from fee_service.reconciliation import holding
from fee_service.reconciliation.asking import NAME
from fee_service.reconciliation.lines import list_lines
from fee_service.storage.jobs import Job
from fee_service.strict_json import Data
from fee_service.web.item_meanings import meanings
from fee_service.web.item_names_page import tell, told_in_form
from fee_service.web.languages import page_language
from fee_service.web.previewed import previewed
from fee_service.web.reconciled import Outcome, filters_of
from fee_service.web.reconciled_files import downloads, file_of
from fee_service.web.run_page import running
from fee_service.web.runs import checks_of, progress_of, run_of, shown_lines, summary_of, title_of
from fee_service.web.saying import message
from fee_service.web.shell import blueprint, call, page
from schemas import load
from schemas.reconciliations import LinesQuerySchema

MOST_SHOWN = 50  # runs
LINES_ON_A_PAGE = 50
FILTERS = ("status", "cause", "contract", "invoice_number", "month")


@blueprint.get("/reconciliations")
def reconciliations_page() -> Response:
    """Where files are dropped, and what was handed in before."""
    return _start()


def _start(status: int = 200, wrong: list[str] | None = None) -> Response:
    runs = asking.latest(database(), NAME, call().actor, MOST_SHOWN)
    return page(
        "reconciliations.html",
        status,
        wrong=wrong,
        runs=[run_of(job) for job in runs if job.state != JobState.CANCELLED],
        most_megabytes=f"{MOST_BYTES // 1_000_000:,}",
        days_kept=DAYS_KEPT,
    )


@blueprint.post("/reconciliations")
def upload_invoices() -> AnyResponse:
    """Keep files and look at them; nothing is judged before somebody says so."""
    try:
        with _sent_files() as files:
            key = holding.hold(the_desk(), files, call())
    except FeeError as error:
        if error.status >= 500:
            raise
        return _start(error.status, [message(fault, page_language()) for fault in error.faults])
    return redirect(url_for("web.reconciliation_page", key=key), 303)


@contextlib.contextmanager
def _sent_files() -> Iterator[list[tuple[Path, str]]]:
    """The files of the form on the disk, with their names. Raises FeeError (422) where there is none."""
    sent = [file for file in request.files.getlist(FIELD) if file.filename]
    if not sent:
        raise FeeError([Fault("upload_without_file", "", {"field": FIELD})])
    with tempfile.TemporaryDirectory(prefix="fee-service-upload-") as folder:
        files = []
        for number, (file, name) in enumerate(
            zip(sent, plain_names([each.filename or "" for each in sent]), strict=True)
        ):
            path = Path(folder) / str(number)
            file.save(path)
            files.append((path, name))
        yield files


# -- one run -----------------------------------------------------------------------------------------------


@blueprint.get("/reconciliations/<key>")
def reconciliation_page(key: str) -> AnyResponse:
    """A run as far as it is: how its files were understood, its progress, or its result; a file where one is named."""
    name, dot, kind = key.partition(".")
    job = holding.found(the_desk(), name, call())
    if dot:
        return file_of(job, kind)
    if job.state == JobState.ARRIVING:
        return _preview(job)
    summary = summary_of(job)
    return running(job) if summary is None else _result(job, summary)


def _preview(job: Job, status: int = 200, wrong: list[str] | None = None) -> Response:
    told = holding.understood(the_desk(), job, call())
    return page(
        "reconciliation_preview.html",
        status,
        key=job.id,
        wrong=wrong,
        meanings=meanings(),
        **previewed(told),
    )


def _result(job: Job, summary: Data) -> Response:
    typed = filters_of(request.args, FILTERS)
    wrong: list[str] = []
    found: Data = {"lines": [], "next": None}
    try:
        found = _lines(job, typed)
    except FeeError as error:
        if error.status >= 500:
            raise
        wrong = [message(fault, page_language()) for fault in error.faults]

    def address(**wanted: Any) -> str:
        return url_for("web.reconciliation_page", key=job.id, _anchor="lines", **wanted)

    outcome = Outcome(summary)
    return page(
        "reconciliation.html",
        422 if wrong else 200,
        key=job.id,
        files=title_of(job),
        finished_at=job.finished_at,
        outcome=outcome,
        checks=list(checks_of(summary["checks"])),
        found=[(name, count) for name, count in summary["findings"].items() if count],
        statuses=[(name, f"{word} ({lines})") for name, word, lines in outcome.statuses],
        filtered=address,
        lines=list(shown_lines(found["lines"])),
        next_page=address(**typed, cursor=found["next"]) if found["next"] else None,
        from_start=address(**typed) if "cursor" in request.args else None,
        downloads=downloads(job),
        form=request.args,
        errors={},
        wrong=wrong,
    )


def _lines(job: Job, typed: dict[str, str]) -> Data:
    """The lines that the filters want, as the API answers them. Raises FeeError (400, 422)."""
    cursor = {"cursor": request.args["cursor"]} if "cursor" in request.args else {}
    loaded = load(LinesQuerySchema, {**typed, "limit": str(LINES_ON_A_PAGE), **cursor})
    if loaded.faults:
        raise FeeError(loaded.faults)
    found: Data = orjson.loads(list_lines(the_desk(), job, loaded.values, call()))
    return found


# -- what is done with a run -------------------------------------------------------------------------------


@blueprint.post("/reconciliations/<key>/start")
def start_reconciliation(key: str) -> AnyResponse:
    """Have the files judged; once more is the same."""
    holding.begin(the_desk(), holding.found(the_desk(), key, call()), call())
    return redirect(url_for("web.reconciliation_page", key=key), 303)


@blueprint.post("/reconciliations/<key>/cancellation")
def cancel_reconciliation(key: str) -> AnyResponse:
    """Throw files away, or stop what runs; nothing of it is left."""
    job = holding.found(the_desk(), key, call())
    if job.state == JobState.ARRIVING:
        asking.drop(database(), job)
    elif job.state in WAITING:
        with contextlib.suppress(FeeError):  # it was done meanwhile: the page says so
            asking.cancel(database(), key, call().actor)
    else:
        return redirect(url_for("web.reconciliation_page", key=key), 303)
    return redirect(url_for("web.reconciliations_page"), 303)


@blueprint.get("/reconciliations/<key>/progress")
def reconciliation_progress(key: str) -> Response:
    """How far a run is, for the script of its page: answered at once, nothing waits here."""
    told: dict[str, Any] = progress_of(asking.found(database(), key, call().actor, held=True))._asdict()
    answer = Response(orjson.dumps(told), content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/reconciliations/<key>/names")
def tell_names(key: str) -> AnyResponse:
    """Keep what items stand for, and look at the files anew."""
    job = holding.found(the_desk(), key, call())
    try:
        if told := told_in_form():
            tell(told)
            holding.look_again(the_desk(), job, call())
    except FeeError as error:
        if error.status >= 500:
            raise
        return _preview(job, error.status, [message(fault, page_language()) for fault in error.faults])
    return redirect(url_for("web.reconciliation_page", key=key), 303)

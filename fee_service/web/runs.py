"""The runs of a reconciliation as its pages show them: what was handed in, how far it is, its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from flask_babel import ngettext

from fee_service.job_state import WAITING, JobState
from fee_service.storage.jobs import Job
from fee_service.strict_json import Data
from fee_service.web.languages import _, number
from fee_service.web.reconciliation_words import Named, job_word

NAMED = 2  # files that the title of a run names


class Run(NamedTuple):
    """A run in the list; lines and the difference (KRW) are known of one that is done."""

    id: str
    title: str
    state: str
    word: str
    lines: int | None
    difference: int | None
    created_at: Any


class Progress(NamedTuple):
    """How far a run is, in words too; `total` is None as long as nobody knows."""

    state: str
    word: str
    said: str
    done: int
    total: int | None
    over: bool


def run_of(job: Job) -> Run:
    """A job in the list of runs."""
    summary = summary_of(job)
    return Run(
        id=job.id,
        title=title_of(job),
        state=job.state,
        word=job_word(job.state),
        lines=None if summary is None else summary["lines"],
        difference=None if summary is None else summary["amount"] - summary["expected"],
        created_at=job.created_at,
    )


def summary_of(job: Job) -> Data | None:
    """What a run came to; None as long as it is not done."""
    return orjson.loads(job.summary) if job.state == JobState.DONE and job.summary else None


def title_of(job: Job) -> str:
    """The names of the files; of many the first ones."""
    names: list[str] = orjson.loads(job.params).get("files", [])
    if not names:
        return _("Removed")
    more = len(names) - NAMED
    first = ", ".join(names[:NAMED])
    if more <= 0:
        return first
    return str(ngettext("%(first)s and %(num)s more", "%(first)s and %(num)s more", more, first=first))


def progress_of(job: Job) -> Progress:
    """How far a run is."""
    return Progress(
        job.state, job_word(job.state), _said(job), job.chunks_done, job.chunks_total, job.state not in WAITING
    )


def _said(job: Job) -> str:
    if job.state == JobState.QUEUED:
        return _("It begins as soon as it is its turn.")
    if job.state == JobState.RUNNING and job.chunks_total:
        return _("Part %(done)s of %(total)s is done.", done=number(job.chunks_done), total=number(job.chunks_total))
    if job.state == JobState.RUNNING:
        return _("The files are read and held against the contracts.")
    return job_word(job.state)


# -- lines -------------------------------------------------------------------------------------------------


def shown_lines(lines: list[Data]) -> Iterator[Data]:
    """The lines of a page, each with what it is for and where it stands."""
    named = Named()
    for line in lines:
        title = named.of(line) or line.get("item") or _("Total of the invoice")
        yield {**line, "title": title, "month": line["service_month"], "place": place_of(line["row"])}


def place_of(row: Mapping[str, Any] | None) -> str | None:
    """Where a line stands, as people look for it; None of what no file has."""
    if row is None:
        return None
    where = row["file"] if row["sheet"] is None else f"{row['file']} · {row['sheet']}"
    return _("%(where)s, line %(line)s", where=where, line=row["line"])


def checks_of(checks: list[Data]) -> Iterator[Data]:
    """Control totals of the files, each with what it is called."""
    words = {
        "supply": _("Supply value stated"),
        "vat": _("VAT stated"),
        "total": _("Total stated"),
        "sum_row_amount": _("Supply value in the row of sums"),
        "sum_row_vat": _("VAT in the row of sums"),
        "sum_row_total": _("Total in the row of sums"),
    }
    for check in checks:
        called = words.get(check["name"], check["name"])
        file = check.get("file")
        yield {**check, "words": called if file is None else f"{file}: {called}"}

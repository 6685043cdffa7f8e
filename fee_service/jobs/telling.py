"""Why a job could not be done, as it is kept and as it is told; and a job as callers see it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import orjson

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.errors import Fault
from fee_service.job_state import JobState
from fee_service.storage.jobs import Job
from fee_service.strict_json import Data
from fee_service.wording import Language, fault_answer

MOST_FAULTS = 10_000  # that are told one by one
TOLD = ("message", "hint")


def kept(faults: Sequence[Fault]) -> bytes:
    """Faults with their sentences in both languages, compressed; how many more there are where they are too many."""
    told = [{lang: fault_answer(fault, lang) for lang in ("ko", "en")} for fault in faults[:MOST_FAULTS]]
    return zlib.compress(orjson.dumps({"errors": told, "more": max(0, len(faults) - MOST_FAULTS)}))


def answer(job: Job, language: Language, result: str | None) -> Data:
    """A job as callers see it; `result` is where to fetch what it has made."""
    faults: Data = {"errors": (), "more": 0}
    if job.faults is not None:
        faults = orjson.loads(zlib.decompress(job.faults))
    return {
        "id": job.id,
        "kind": job.kind,
        "status": job.state,
        "progress": {"done": job.chunks_done, "total": job.chunks_total},
        "created_at": _instant(job.created_at),
        "finished_at": _instant(job.finished_at),
        "summary": orjson.loads(job.summary) if job.summary is not None else None,
        "result": result if job.state == JobState.DONE else None,
        "errors": [_in(each, language) for each in faults["errors"]],
        "more_errors": faults["more"],
    }


def _in(told: dict[str, dict[str, str]], language: Language) -> dict[str, str]:
    if language != "both":
        return told[language]
    korean, english = told["ko"], told["en"]
    return {**korean, **{name: f"{korean[name]} / {english[name]}" for name in TOLD}}


def _instant(at: Any) -> str | None:
    return None if at is None else at.astimezone(KOREA_STANDARD_TIME).isoformat(timespec="seconds")

"""Files of a reconciliation: of few lines at once, by a process of its own; of many as jobs, by a worker."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from fee_service.documents.billed_files import CONTENT_TYPES, Written
from fee_service.documents.dues_jobs import LONGEST, in_chunks
from fee_service.errors import Fault, FeeError
from fee_service.jobs.aside import aside, taken
from fee_service.jobs.kinds import Kind, Result, Task
from fee_service.storage.jobs import Job
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

KINDS = ("csv", "xlsx", "parquet", "focus.csv")  # by the end of the file's name
MOST_AT_ONCE = 20_000  # lines of which a file is answered at once: more are a job
SECONDS = 120.0

Chunks = Callable[[], Iterable[bytes]]  # from the first each time


def name_of(kind: str) -> str:
    """What a job for a kind of file is called."""
    return f"reconciliation.{kind}"


def params_of(job: Job, language: OneLanguage) -> Data:
    """What is asked for: the file of a reconciliation that is done, with what it came to and its day."""
    of = orjson.loads(job.params)
    return {"of": job.id, "summary": orjson.loads(job.summary or "{}"), "day": of["today"], "language": language}


def is_large(params: Data) -> bool:
    """Whether a file has more lines than are answered at once."""
    return _lines(params) > MOST_AT_ONCE


def at_once(kind: str, params: Data, chunks: Iterable[bytes], folder: Path) -> Written:
    """Have a file written to a folder by another process. Raises what the chunks raise."""
    aside(__name__, {"kind": kind, "folder": str(folder), **params}, chunks, SECONDS)
    path = folder / f"{_name(params)}.{kind}"
    return Written(path, path.name, CONTENT_TYPES[kind])


def reconciled_kinds(tables: Callable[[str], Iterable[bytes]]) -> Iterator[Kind]:
    """A kind of job for each kind of file; `tables` has the chunks of a reconciliation by its id."""
    for kind in KINDS:
        result = Result(CONTENT_TYPES[kind], kind)
        yield Kind(name_of(kind), partial(_chunks, tables, kind), _summary, result, LONGEST)


def _chunks(tables: Callable[[str], Iterable[bytes]], kind: str, task: Task) -> Iterator[bytes]:
    params = task.params
    with tempfile.TemporaryDirectory(prefix="fee-service-reconciled-") as folder:
        made = _write(kind, params, partial(tables, params["of"]), Path(folder))
        yield from in_chunks(task, made.path)


def _write(kind: str, params: Data, chunks: Chunks, folder: Path) -> Written:
    from fee_service.documents.reconciled_columns import Result as Found
    from fee_service.documents.reconciled_files import write

    found = Found(lambda: _whole(chunks(), params), params["summary"], date.fromisoformat(params["day"]))
    return write(kind, _name(params), found, params["language"], folder)


def _whole(chunks: Iterable[bytes], params: Data) -> Iterator[Any]:
    """The tables, all of them. Raises FeeError where the result is gone meanwhile."""
    from fee_service.answers.reconciled import unpacked

    rows = 0
    for chunk in chunks:
        table = unpacked(chunk)
        rows += len(table)
        yield table
    if rows != _lines(params):
        raise FeeError([Fault("job_not_found", "", {"value": params["of"]})])


def _lines(params: Data) -> int:
    return sum(each["lines"] for each in params["summary"]["by_status"].values())


def _name(params: Data) -> str:
    return f"reconciliation-{params['of']}"


def _summary(_connection: Connection, task: Task) -> Data:
    return {"reconciliation": task.params["of"]}


def _answer() -> None:
    """In the process of its own: the chunks go to the disk, because a file goes over them more than once."""
    asked, chunks = taken()
    folder = Path(asked.pop("folder"))
    with tempfile.TemporaryDirectory(prefix="chunks-", dir=folder) as kept:
        places = [_kept(Path(kept) / str(number), chunk) for number, chunk in enumerate(chunks)]
        _write(asked.pop("kind"), asked, lambda: (place.read_bytes() for place in places), folder)


def _kept(path: Path, chunk: bytes) -> Path:
    path.write_bytes(chunk)
    return path


if __name__ == "__main__":
    _answer()

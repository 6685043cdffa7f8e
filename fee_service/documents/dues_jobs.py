"""Files of dues as jobs, for more contracts than are answered at once: made by a worker, then kept piece by piece."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from fee_service.documents.billed_files import CONTENT_TYPES, HOMETAX, ZIP, Asked, pieces, write
from fee_service.finance.billing import Billing, billed_all, in_columns
from fee_service.jobs.kinds import ChangedMeanwhile, Kind, Result, Task
from fee_service.quotes.desk import Desk
from fee_service.strict_json import Data

PIECE = 8_000_000  # bytes of a chunk
LONGEST = 3_600.0  # seconds until the file is there


def dues_kinds(desk: Desk) -> Iterator[Kind]:
    """A kind of job for each kind of file."""
    for kind, content_type in CONTENT_TYPES.items():
        many = kind == HOMETAX  # so many contracts are several files
        result = Result(ZIP, "hometax.zip") if many else Result(content_type, kind)
        yield Kind(name_of(kind), partial(_chunks, desk, kind), _summary, result, LONGEST)


def name_of(kind: str) -> str:
    """What a job for a kind of file is called."""
    return f"dues.{kind}"


def params_of(billing: Billing, language: str) -> Data:
    """What a job is to know: everything that could change meanwhile."""
    return {
        "invoice_month": billing.invoice_month.isoformat(),
        "as_of": billing.as_of.isoformat(),
        "through": billing.through,
        "language": language,
    }


def _chunks(desk: Desk, kind: str, task: Task) -> Iterator[bytes]:
    params = task.params
    invoice_month, as_of = (date.fromisoformat(params[name]) for name in ("invoice_month", "as_of"))
    billing = Billing(invoice_month, as_of, params["through"])
    contracts = billed_all(desk.database, desk.editions, billing, in_columns(desk.editions, billing))
    with tempfile.TemporaryDirectory(prefix="fee-service-dues-") as folder:
        asked = Asked(invoice_month, as_of)
        made = write(kind, contracts, asked, params["language"], Path(folder), together=True)
        yield from in_chunks(task, made.path)


def in_chunks(task: Task, path: Path) -> Iterator[bytes]:
    """A file that a job has made, as the chunks that are missing. Raises ChangedMeanwhile where it is another file."""
    total = -(-path.stat().st_size // PIECE)
    task.expect(total)
    if task.first > total:
        raise ChangedMeanwhile(task.id)
    for number, piece in enumerate(pieces(path, PIECE)):
        if number < task.first:
            task.require_same(number, piece)  # or the rest would not go with it: reports and events come meanwhile
        else:
            yield piece


def _summary(_connection: Connection, task: Task) -> Data:
    params = task.params
    return {"invoice_month": params["invoice_month"][:7], "as_of": params["as_of"]}

"""What is owed: by one contract, explained; by all of them in the invoices of a month, as JSON and as files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
from flask import Blueprint, Response

from fee_service.documents import billed_files, dues_jobs
from fee_service.documents.billed_files import CONTENT_TYPES, JSON
from fee_service.finance import billing, owing
from fee_service.http.body import query
from fee_service.http.context import actor, call, database, editions, origin, the_desk, today
from fee_service.http.language import language
from fee_service.jobs import asking, telling
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage
from schemas.dues import ContractDuesQuerySchema, DuesQuerySchema

ACCEPTED = 202

blueprint = Blueprint("dues", __name__, url_prefix="/v1")


@blueprint.get("/contracts/<quote:key>/dues")
def show_dues(key: str) -> Response:
    """Show what a contract owes for some months of service, line by line."""
    asked = query(ContractDuesQuerySchema)
    months = owing.Months(asked.get("from"), asked.get("to"))
    answer = owing.owed_by(the_desk(), key, months, asked.get("as_of"), call())
    return Response(answer, content_type=CONTENT_TYPES[JSON])


@blueprint.get("/dues")
def list_dues() -> Response:
    """List what all contracts are billed by the invoices of a month."""
    return _billed(JSON)


@blueprint.get("/dues.csv", defaults={"kind": "csv"})
@blueprint.get("/dues.xlsx", defaults={"kind": "xlsx"})
@blueprint.get("/dues.parquet", defaults={"kind": "parquet"})
@blueprint.get("/dues.focus.csv", defaults={"kind": "focus.csv"})
@blueprint.get("/dues.hometax.xlsx", defaults={"kind": "hometax.xlsx"})
def dues_as_file(kind: str) -> Response:
    """The same as a file."""
    return _billed(kind)


def _billed(kind: str) -> Response:
    asked = query(DuesQuerySchema)
    wanted: OneLanguage = asked.get("lang") or ("en" if language() == "en" else "ko")
    found, count = billing.billing_of(database(), asked["invoice_month"], asked.get("as_of"), today())
    if count > billing.MOST_AT_ONCE:
        return _job(kind, dues_jobs.params_of(found, wanted))
    contracts = list(billing.billed_all(database(), editions(), found, billing.one_by_one(editions(), found)))
    folder = tempfile.TemporaryDirectory(prefix="fee-service-dues-")
    try:
        of = billed_files.Asked(found.invoice_month, found.as_of)
        written = billed_files.write(kind, contracts, of, wanted, Path(folder.name), aside=True)
    except BaseException:
        folder.cleanup()
        raise
    response = Response(_sent(written.path, folder), content_type=written.content_type)
    response.headers["Content-Length"] = str(written.path.stat().st_size)
    if kind != JSON:
        response.headers["Content-Disposition"] = f'attachment; filename="{written.name}"'
    return response


def _job(kind: str, params: Data) -> Response:
    """Have a worker make the file; the answer says where to ask for it."""
    job_id = asking.enqueue(database(), dues_jobs.name_of(kind), actor(), origin(), params)
    told = telling.answer(asking.found(database(), job_id, actor()), language(), None)
    response = Response(orjson.dumps(told), ACCEPTED, content_type=CONTENT_TYPES[JSON])
    response.headers["Location"] = f"/v1/jobs/{job_id}"
    return response


def _sent(path: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder:
        yield from billed_files.pieces(path)

"""What is owed: by one contract, explained; by all of them in the invoices of a month, as JSON and as files."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from fee_service.api.replies import file_of, job_asked
from fee_service.documents import billed_files, dues_jobs
from fee_service.documents.billed_files import CONTENT_TYPES, JSON
from fee_service.finance import billing, owing, paying_late
from fee_service.http.body import query
from fee_service.http.context import call, database, editions, the_desk, today
from fee_service.http.language import language
from fee_service.wording import OneLanguage
from schemas.dues import ContractDuesQuerySchema, DuesQuerySchema, LateInterestQuerySchema

blueprint = Blueprint("dues", __name__, url_prefix="/v1")


@blueprint.get("/contracts/<quote:key>/dues")
def show_dues(key: str) -> Response:
    """Show what a contract owes for some months of service, line by line."""
    asked = query(ContractDuesQuerySchema)
    months = owing.Months(asked.get("from"), asked.get("to"))
    answer = owing.owed_by(the_desk(), key, months, asked.get("as_of"), call())
    return Response(answer, content_type=CONTENT_TYPES[JSON])


@blueprint.get("/contracts/<quote:key>/late-interest")
def show_late_interest(key: str) -> Response:
    """Show the interest on an invoice that is paid late."""
    asked = query(LateInterestQuerySchema)
    answer = paying_late.interest_on(the_desk(), key, asked, call())
    return Response(orjson.dumps(answer), content_type=CONTENT_TYPES[JSON])


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
        return job_asked(dues_jobs.name_of(kind), dues_jobs.params_of(found, wanted))
    contracts = list(billing.billed_all(database(), editions(), found, billing.one_by_one(editions(), found)))
    of = billed_files.Asked(found.invoice_month, found.as_of)
    return file_of(
        lambda folder: billed_files.write(kind, contracts, of, wanted, folder, aside=True), kept=kind != JSON
    )

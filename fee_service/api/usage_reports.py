"""Usage reports: one as JSON, many as a file; and which of them count."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from fee_service.api.replies import JSON, answer
from fee_service.errors import Fault, FeeError
from fee_service.finance import listing_reports, reporting
from fee_service.finance.taking_in import take_in
from fee_service.http.body import admit_file, posted, query, sent_file
from fee_service.http.context import call, the_desk
from schemas.fields import shown
from schemas.usage import UsageReportSchema, UsageReportsQuerySchema

blueprint = Blueprint("usage_reports", __name__, url_prefix="/v1/usage-reports")

LARGEST_FILE = 16_000_000  # bytes: 100,000 rows with the ids of contracts
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.post("")
def report_usage() -> Response:
    """Keep what was used in a month: a report, or a file of many."""
    kind = admit_file(LARGEST_FILE)
    asking = call()
    if kind is None:
        loaded, _ = posted(UsageReportSchema)
        return answer(reporting.report(the_desk(), loaded, asking))
    if kind not in (CSV, XLSX):
        raise FeeError([Fault("unsupported_file_type", "", {"value": shown(kind), "known": (CSV, XLSX)})], 415)
    query()
    return answer(take_in(the_desk(), sent_file(), asking))


@blueprint.get("")
def list_usage_reports() -> Response:
    """List the reports that the caller may see."""
    page = listing_reports.list_reports(the_desk(), query(UsageReportsQuerySchema), call())
    return Response(orjson.dumps(page), content_type=JSON)

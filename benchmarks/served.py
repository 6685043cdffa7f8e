"""The application under measurement beside a bare route: the same server, body and bytes."""

from __future__ import annotations

from datetime import date

from flask import Response, request

from benchmarks.requests import standard
from fee_service.answers import quote_answer
from fee_service.api.access import PROBE
from fee_service.app import create_app
from fee_service.service import preview
from fee_service.strict_json import parse
from schemas import load
from schemas.quote import QuoteRequestSchema

app = create_app()
editions = app.extensions["editions"]
READY_MADE = quote_answer(preview(load(QuoteRequestSchema, standard()), editions, date(2026, 1, 1)), "ko")


@app.post("/bare")
def bare() -> Response:
    """What any Flask route has to do: read the body, parse it, send so many bytes."""
    parse(request.get_data())
    return Response(READY_MADE, content_type="application/json")


app.extensions["access"]["bare", "POST"] = PROBE  # neither key nor limit

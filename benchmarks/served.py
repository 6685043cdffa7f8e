"""The application under measurement beside a bare route: the same server, body and bytes."""

from __future__ import annotations

from flask import Response, request

from benchmarks.requests import standard
from fee_service.app import create_app
from fee_service.strict_json import parse

app = create_app()


@app.post("/bare")
def bare() -> Response:
    """What any Flask route has to do: read the body, parse it, send so many bytes."""
    parse(request.get_data())
    return Response(READY_MADE, content_type="application/json")


READY_MADE = app.test_client().post("/v1/quotes/preview", json=standard(), headers={"Accept-Language": "ko"}).data

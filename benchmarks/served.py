"""The application under measurement beside a bare route: the same server, body and bytes."""

from __future__ import annotations

from datetime import date

from flask import Response, request
from sqlalchemy import Connection, text

from benchmarks.requests import standard
from benchmarks.served_rows import FLOOR
from fee_service.answers.quote import quote_answer
from fee_service.app import create_app
from fee_service.http.access import PROBE
from fee_service.quotes.previewing import nothing_known, preview
from fee_service.strict_json import parse
from schemas import load
from schemas.quote import QuoteRequestSchema

app = create_app()
editions, database = app.extensions["editions"], app.extensions["database"]
READY_MADE = quote_answer(
    preview(load(QuoteRequestSchema, standard()), editions, date(2026, 1, 1), nothing_known), "ko"
)


@app.post("/bare")
def bare() -> Response:
    """What any Flask route has to do: read the body, parse it, send so many bytes."""
    parse(request.get_data())
    return Response(READY_MADE, content_type="application/json")


app.extensions["access"]["bare", "POST"] = PROBE  # neither key nor limit


FILLERS = {table: "x" * size for table, size in FLOOR.items()}


def _insert_ready_made(connection: Connection) -> None:
    for table, filler in FILLERS.items():
        connection.execute(text(f"INSERT INTO {table} (content) VALUES (:content)"), {"content": filler})


@app.post("/floor")
def floor() -> Response:
    """What any route that lasts has to do: the bare route, and ready-made rows of the same size in one commit."""
    parse(request.get_data())
    with database.engine.connect() as connection, connection.begin():
        _insert_ready_made(connection)
    return Response(READY_MADE, 201, content_type="application/json")


app.extensions["access"]["floor", "POST"] = PROBE

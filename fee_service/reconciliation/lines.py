"""The lines of a result, page by page, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call
from fee_service.quotes.cursors import cursor_at, position_at
from fee_service.quotes.desk import Desk
from fee_service.quotes.listing import USUAL
from fee_service.reconciliation.asking import tables_of
from fee_service.reconciliation.page_aside import page_of
from fee_service.reconciliation.places import Place
from fee_service.storage import installation
from fee_service.storage.jobs import Job


def list_lines(desk: Desk, job: Job, wishes: Mapping[str, Any], call: Call) -> bytes:
    """A page of the lines that a query asks for as its schema read it. Raises FeeError (400, 409)."""
    filters = {name: value for name, value in wishes.items() if name not in ("cursor", "limit")}
    of = orjson.dumps((job.id, filters), option=orjson.OPT_SORT_KEYS)
    cursor = wishes.get("cursor")
    with desk.database.reading() as connection:
        key = installation.cursor_key(connection)
    start = position_at(cursor, of, key) if cursor else 0
    if start is None:
        raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
    found = page_of(
        tables_of(desk, job, Place.at(start).chunk), filters, start, wishes.get("limit") or USUAL, call.language
    )
    following = None if found.next is None else cursor_at(found.next, of, key)
    return orjson.dumps({"lines": found.lines, "next": following})

"""Lists of stored quotes, page by page."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, select

from fee_service.calls import Call
from fee_service.cursors import cursor_at, position_at
from fee_service.desk import Desk
from fee_service.errors import Fault, FeeError
from fee_service.issued import instant, status_on
from fee_service.storage import searching
from fee_service.storage.searching import Wanted
from fee_service.storage.tables import installation

MOST = 200  # quotes on a page
USUAL = 50


class Page(NamedTuple):
    """Quotes, newest first, and the cursor of the page behind them."""

    quotes: list[dict[str, Any]]
    next_cursor: str | None


def list_quotes(
    desk: Desk, wanted: Wanted, call: Call, cursor: str | None = None, limit: int = USUAL
) -> Page:
    """A page of the quotes that the caller may see. Raises FeeError (400) for a foreign cursor."""
    seen = replace(wanted, owner=call.actor.owner)
    of = orjson.dumps(asdict(seen))
    with desk.database.reading() as connection:
        key = _cursor_key(connection) if cursor else b""
        before = position_at(cursor, of, key) if cursor else None
        if cursor and before is None:
            raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
        rows = searching.page(connection, seen, call.today, before, limit + 1)
        more = len(rows) > limit
        following = cursor_at(rows[limit - 1].position, of, key or _cursor_key(connection)) if more else None
    return Page([_listed(row, call) for row in rows[:limit]], following)


def _cursor_key(connection: Connection) -> bytes:
    key: bytes = connection.execute(
        select(installation.c.value).where(installation.c.name == "cursor_key")
    ).scalar_one()
    return key


def _listed(row: Row[Any], call: Call) -> dict[str, Any]:
    """A quote in a list: what it is about and what it comes to."""
    return {
        "id": row.id,
        "number": row.number,
        "status": status_on(call.today, row.status, row.valid_until),
        "issued_at": instant(row.issued_at),
        "valid_until": row.valid_until,
        "digest": row.digest,
        "company": {"name": row.company_name, "business_number": row.business_number},
        "starts_on": row.starts_on,
        "price_list": row.price_list,
        "waiver": {
            "granted": row.waiver_starts_on is not None,
            "policy": row.policy,
            "starts_on": row.waiver_starts_on,
            "ends_on": row.waiver_ends_on,
        },
        "totals": {"net": row.net, "total": row.total},
    }

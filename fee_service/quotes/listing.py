"""Lists of stored quotes, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import orjson

from fee_service.answers.plan import joined
from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call
from fee_service.quotes.cursors import cursor_at, position_at
from fee_service.quotes.desk import Desk
from fee_service.storage import installation, searching
from fee_service.storage.searching import Wanted

MOST = 200  # quotes on a page
USUAL = 50


class Page(NamedTuple):
    """Quotes as JSON objects, newest first, and the cursor of the page behind them."""

    quotes: list[bytes]
    next_cursor: str | None

    def json(self) -> bytes:
        quotes = [orjson.Fragment(quote) for quote in self.quotes]
        return orjson.dumps({"quotes": quotes, "next_cursor": self.next_cursor})


def list_asked(desk: Desk, wishes: Mapping[str, Any], call: Call, usual: int = USUAL) -> Page:
    """A page of the list that a query asks for as its schema read it, be it of the API or of the pages.

    Raises FeeError (400) for a foreign cursor.
    """
    filters = {name: value for name, value in wishes.items() if name not in ("cursor", "limit")}
    return list_quotes(desk, Wanted(**filters), call, wishes.get("cursor"), wishes.get("limit") or usual)


def list_quotes(desk: Desk, wanted: Wanted, call: Call, cursor: str | None = None, limit: int = USUAL) -> Page:
    """A page of the quotes that the caller may see. Raises FeeError (400) for a foreign cursor."""
    seen = replace(wanted, owner=call.actor.owner)
    of = orjson.dumps(asdict(seen))
    with desk.database.reading() as connection:
        key = installation.cursor_key(connection) if cursor else b""
        before = position_at(cursor, of, key) if cursor else None
        if cursor and before is None:
            raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
        found = searching.page(connection, seen, call.today, before, limit + 1)
        following = None
        if len(found) > limit:
            following = cursor_at(found[limit - 1].position, of, key or installation.cursor_key(connection))
    shown = [joined(each.shown.encode(), orjson.dumps({"status": each.status})) for each in found[:limit]]
    return Page(shown, following)

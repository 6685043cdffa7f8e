"""Lists of usage reports, page by page, those entered last first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.finance import held
from fee_service.finance.held import Held
from fee_service.finance.reports_told import report_data
from fee_service.permissions import Action, require
from fee_service.quotes.calls import Call
from fee_service.quotes.cursors import cursor_at, position_at
from fee_service.quotes.desk import Desk
from fee_service.storage import installation, usage_reports
from fee_service.storage.usage_reports import Wanted
from fee_service.strict_json import Data

USUAL = 50


def list_reports(desk: Desk, wishes: Mapping[str, Any], call: Call) -> Data:
    """A page of the reports that the caller may see. Raises FeeError (400 for a foreign cursor, 404)."""
    require(call.actor, Action.READ_USAGE)
    cursor, limit = wishes.get("cursor"), wishes.get("limit") or USUAL
    with desk.database.reading() as connection:
        position = None
        if (key := wishes.get("contract")) is not None:
            found = held.find(connection, [key], call.actor.owner).get(key)
            if not isinstance(found, Held):
                raise FeeError([Fault("contract_not_found", "/query/contract", {"value": key})], 404)
            position = found.position
        wanted = Wanted(position, wishes.get("month"), call.actor.owner)
        of = orjson.dumps(["usage", *wanted])
        secret = installation.cursor_key(connection)
        before = position_at(cursor, of, secret) if cursor else None
        if cursor and before is None:
            raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
        rows = usage_reports.page(connection, wanted, before, limit + 1)
    following = cursor_at(rows[limit - 1].sequence, of, secret) if len(rows) > limit else None
    return {
        "reports": [report_data(row, row.number, row.corrected_by) for row in rows[:limit]],
        "next_cursor": following,
    }

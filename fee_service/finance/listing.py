"""Lists of contracts, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call
from fee_service.quotes.cursors import cursor_at, position_at
from fee_service.quotes.desk import Desk
from fee_service.quotes.listing import USUAL
from fee_service.storage import contracts, installation, searching
from fee_service.storage.contracts import Listed
from fee_service.storage.searching import Wanted
from fee_service.strict_json import Data


def list_contracts(desk: Desk, wishes: Mapping[str, Any], call: Call) -> bytes:
    """A page of the list that a query asks for as its schema read it. Raises FeeError (400) for a foreign cursor."""
    filters = {name: value for name, value in wishes.items() if name not in ("cursor", "limit")}
    wanted = Wanted(owner=call.actor.owner, contracts=True, **filters)
    cursor, limit = wishes.get("cursor"), wishes.get("limit") or USUAL
    of = orjson.dumps(asdict(wanted))
    with desk.database.reading() as connection:
        key = installation.cursor_key(connection)
        before = position_at(cursor, of, key) if cursor else None
        if cursor and before is None:
            raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
        positions = [each.position for each in searching.page(connection, wanted, call.today, before, limit + 1)]
        found = contracts.listed(connection, positions[:limit])
    following = cursor_at(positions[limit - 1], of, key) if len(positions) > limit else None
    return orjson.dumps({"contracts": [_shown(each) for each in found], "next_cursor": following})


def _shown(each: Listed) -> Data:
    agreed, stands = each.agreed, each.stands
    return {
        "id": each.id,
        "number": each.number,
        "company": {"name": each.company_name, "business_number": agreed.business_number},
        "products": each.products,
        "starts_on": agreed.starts_on,
        "ends_on": stands.ends_on,
        "quoted_until": agreed.quoted_until,
        "waiver": {
            "granted": agreed.waiver_starts_on is not None,
            "policy": each.policy,
            "starts_on": agreed.waiver_starts_on if stands.waiver_ends_on else None,
            "ends_on": stands.waiver_ends_on,
        },
    }

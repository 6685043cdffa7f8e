"""The waiver ledger: months granted and days used, by business number, entered when a quote is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from fee_service.model import EarlierWaiver
from fee_service.periods import Period
from fee_service.storage.tables import quotes, waiver_ledger

_INSERT = insert(waiver_ledger)
_OF_COMPANY = (
    select(quotes.c.number, waiver_ledger.c.starts_on, waiver_ledger.c.ends_on)
    .join(quotes, quotes.c.position == waiver_ledger.c.position)
    .where(waiver_ledger.c.business_number == bindparam("business_number"))
    .order_by(waiver_ledger.c.starts_on, waiver_ledger.c.position)
)
_MOST_GRANTED = select(func.max(waiver_ledger.c.granted_months)).where(
    waiver_ledger.c.business_number == bindparam("business_number")
)


def enter(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note the waiver of an accepted quote (inside `Database.write`)."""
    connection.execute(_INSERT, dict(values))


def most_granted(connection: Connection, business_number: str) -> int:
    """The months that the most generous policy of a company's accepted contracts grants; 0 where there is none."""
    return connection.execute(_MOST_GRANTED, {"business_number": business_number}).scalar_one() or 0


def earlier_waivers(connection: Connection, business_number: str) -> tuple[EarlierWaiver, ...]:
    """The waived periods of a company's accepted contracts, whatever it was called then."""
    rows = connection.execute(_OF_COMPANY, {"business_number": business_number})
    return tuple(EarlierWaiver(row.number, Period.through(row.starts_on, row.ends_on)) for row in rows)

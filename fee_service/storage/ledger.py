"""The waiver ledger: months granted and days used, by business number, entered when a quote is accepted."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select

from fee_service.model import EarlierWaiver
from fee_service.periods import Period
from fee_service.storage.tables import contract_states, quotes, waiver_ledger

_INSERT = insert(waiver_ledger)
_OF_COMPANY = (
    select(
        quotes.c.number,
        waiver_ledger.c.starts_on,
        waiver_ledger.c.ends_on,
        contract_states.c.waiver_ends_on.label("used"),
    )
    .join(quotes, quotes.c.position == waiver_ledger.c.position)
    .join(contract_states, contract_states.c.position == waiver_ledger.c.position)
    .where(waiver_ledger.c.business_number == bindparam("business_number"))
    .order_by(waiver_ledger.c.starts_on, waiver_ledger.c.position)
)
_MOST_GRANTED = select(func.max(waiver_ledger.c.granted_months)).where(
    waiver_ledger.c.business_number == bindparam("business_number")
)


class UsedWaiver(NamedTuple):
    """What an accepted quote uses of a company's waiver: the waived days inside the contract, both inclusive."""

    business_number: str
    policy: str
    granted_months: int
    starts_on: date
    ends_on: date

    @property
    def period(self) -> Period:
        return Period.through(self.starts_on, self.ends_on)


def enter(connection: Connection, position: int, used: UsedWaiver, at: datetime) -> None:
    """Note the waiver of an accepted quote (inside `Database.write`)."""
    connection.execute(_INSERT, {**used._asdict(), "position": position, "entered_at": at})


def most_granted(connection: Connection, business_number: str) -> int:
    """The months that the most generous policy of a company's accepted contracts grants; 0 where there is none."""
    return connection.execute(_MOST_GRANTED, {"business_number": business_number}).scalar_one() or 0


def earlier_waivers(connection: Connection, business_number: str) -> tuple[EarlierWaiver, ...]:
    """The waived periods of a company's accepted contracts, whatever it was called then.

    What was granted counts as far as it was used: a contract that ended, or whose waiver was withdrawn, used less (S).
    """
    rows = connection.execute(_OF_COMPANY, {"business_number": business_number})
    return tuple(
        EarlierWaiver(row.number, Period.through(row.starts_on, min(row.ends_on, row.used)))
        for row in rows
        if row.used is not None
    )

"""The quoting desk: what every use case of quotes needs; they are named for what is done: `issuing`, `closing`, …

Everything that takes time (computing, rendering, compressing) is done before the one short transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fee_service.model import EarlierWaiver
from fee_service.published.editions import Editions
from fee_service.quotes.calls import Reply
from fee_service.quotes.storing import New, store
from fee_service.storage import ledger
from fee_service.storage.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """What every use case needs."""

    database: Database
    editions: Editions
    valid_days: int = 30
    idempotency_hours: int = 24
    share_days: int | None = None  # after the day on which a link is made; without, a link lasts as its quote does

    def ledger(self, business_number: str) -> tuple[EarlierWaiver, ...]:
        """The waivers of a company's accepted contracts. Raises StorageError."""
        return known_waivers(self.database, business_number)

    def store(self, connection: Connection, new: Sequence[New]) -> Sequence[Reply | Exception]:
        """Make new quotes lasting, as many as wait at once."""
        return store(connection, new, self.idempotency_hours)


def known_waivers(database: Database, business_number: str) -> tuple[EarlierWaiver, ...]:
    """The waivers of a company's accepted contracts. Raises StorageError."""
    with database.reading() as connection:
        return ledger.earlier_waivers(connection, business_number)

"""A stored quote as a value: what is kept of it for ever, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from fee_service.periods import Period
from fee_service.quote_status import QuoteStatus


class Reference(NamedTuple):
    """Another quote of the same chain of revisions."""

    id: str
    number: str


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """What never changes of an issued quote, column by column; amounts are KRW."""

    position: int  # the day of issue and the number, as one integer
    id: str
    number: str
    issued_at: datetime
    issued_on: date  # in Korea
    valid_until: date
    validity_days: int
    owner: str  # the API key whose quote it is
    company_name: str | None
    company_name_id: int | None
    business_number: str | None
    price_list: str
    policy: str | None
    starts_on: date
    waiver_starts_on: date | None
    waiver_ends_on: date | None  # the last waived day, even if the contract ends before it
    waiver_months: int | None  # months that the policy grants
    net: int
    total: int
    revises: int | None  # the position of the quote that it replaced
    digest: str
    listed: str  # what a list shows of it, as JSON
    facts: bytes  # the JSON that the digest covers
    said: bytes  # the whole answer in both languages, compressed

    @property
    def columns(self) -> dict[str, Any]:
        """Its row, by the names of the columns."""
        return {name: getattr(self, name) for name in COLUMNS}

    @property
    def waived(self) -> Period | None:
        """The time that is free of charge; None where nothing is waived."""
        if self.waiver_starts_on is None or self.waiver_ends_on is None:
            return None
        return Period.through(self.waiver_starts_on, self.waiver_ends_on)


COLUMNS = tuple(field.name for field in fields(KeptQuote))


@dataclass(frozen=True, slots=True)
class StoredQuote(KeptQuote):
    """A quote with its life: the status since when, and its neighbours in the chain of revisions."""

    status: QuoteStatus  # as it was entered: it does not know what day it is
    changed_at: datetime
    earlier: Reference | None
    later: Reference | None

    def status_on(self, today: date) -> QuoteStatus:
        """How it stands on a day."""
        return self.status.on(today, self.valid_until)

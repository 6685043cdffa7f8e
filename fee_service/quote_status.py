"""How an issued quote stands on a day, and what may be done with it then."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class QuoteStatus(StrEnum):
    """A status, by the word that stands in answers and tables; nobody enters EXPIRED, it comes by itself."""

    ISSUED = "issued"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    REVISED = "revised"
    EXPIRED = "expired"

    def on(self, today: date, valid_until: date) -> QuoteStatus:
        """The status on a day: an issued quote expires once its last day is over."""
        return QuoteStatus.EXPIRED if self is QuoteStatus.ISSUED and valid_until < today else self

    @property
    def is_open(self) -> bool:
        """Whether it may still be accepted or withdrawn."""
        return self is QuoteStatus.ISSUED

    @property
    def may_be_revised(self) -> bool:
        """Whether another may still be issued in its place; that it has expired does not stand against it."""
        return self in (QuoteStatus.ISSUED, QuoteStatus.EXPIRED)

    @property
    def stands(self) -> bool:
        """Whether what the quote says holds."""
        return self in (QuoteStatus.ISSUED, QuoteStatus.ACCEPTED)

    @property
    def may_be_shared(self) -> bool:
        """Whether a link may show it: only what stands is shown to others."""
        return self.stands


KEPT = tuple(status for status in QuoteStatus if status is not QuoteStatus.EXPIRED)

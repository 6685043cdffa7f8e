"""Contracts as usage is checked against: their days, their products, whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import orjson
from sqlalchemy import Connection

from fee_service.periods import ONE_DAY, Period
from fee_service.published.editions import Editions, PriceList
from fee_service.rules.reportable import Licensed
from fee_service.storage import held
from fee_service.storage.held import HeldQuote


@dataclass(frozen=True, slots=True)
class Held:
    """A contract; `end` is exclusive and as its events leave it, None where none is known."""

    position: int
    number: str
    owner: str
    horizon: Period  # as quoted
    end: date | None
    price_list: str | None  # that the request named, for the horizon
    licensed: Licensed

    @property
    def start(self) -> date:
        return self.horizon.start

    def days_in(self, month: Period) -> Period:
        """Those of a month on which the contract runs; none where it does not."""
        return month.overlap(Period(self.start, self.end or month.end))

    def lists_in(self, days: Period, editions: Editions) -> tuple[PriceList, ...]:
        """The lists in force on some days of the contract. Raises NotFound."""
        if self.price_list is not None and days.start < self.horizon.end:
            return (editions.price_list(self.price_list),)
        spans = editions.price_lists_over(Period(self.start, days.end))
        return tuple(price_list for span, price_list in spans if span.overlap(days).days)


class NotAccepted(NamedTuple):
    """A quote that nobody has accepted."""

    number: str


def find(connection: Connection, keys: Iterable[str], owner: str | None) -> dict[str, Held | NotAccepted]:
    """Contracts by keys as callers write them, where named those of one API key; some may not be."""
    spelled = {key: held.spelled(key) for key in keys}
    found = {
        name: held_of(quote) or NotAccepted(quote.number)
        for name, quote in held.find(connection, {name for name in spelled.values() if name is not None})
        if owner in (None, quote.owner)
    }
    return {key: found[name] for key, name in spelled.items() if name in found}


def held_of(quote: HeldQuote) -> Held | None:
    """What of a contract reports are checked against; None where nobody has accepted the quote."""
    if quote.request is None or quote.starts_on is None or quote.quoted_until is None:
        return None
    request = orjson.loads(quote.request)
    return Held(
        position=quote.position,
        number=quote.number,
        owner=quote.owner,
        horizon=Period.through(quote.starts_on, quote.quoted_until),
        end=None if quote.ends_on is None else quote.ends_on + ONE_DAY,
        price_list=request["price_list"],
        licensed=tuple((each["contract"], each["product"]) for each in request["licences"]),
    )

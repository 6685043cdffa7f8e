"""A contract is found by the id or number of its quote, with everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from fee_service.answers.request import request_from
from fee_service.contract import Contract, UsageReport
from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call
from fee_service.storage import contracts, quotes, usage_reports
from fee_service.storage.contracts import StoredContract, StoredEvent
from fee_service.storage.stored_quote import StoredQuote

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Found:
    """A contract as it is kept, with its quote and its events."""

    quote: StoredQuote
    stored: StoredContract
    events: tuple[StoredEvent, ...]
    reports: tuple[UsageReport, ...]

    @property
    def contract(self) -> Contract:
        """As the rules take it."""
        agreed = self.stored.agreed
        return Contract(
            number=self.stored.number,
            request=request_from(orjson.loads(agreed.request)),
            horizon=agreed.horizon,
            waived=agreed.waived,
            events=tuple(each.event for each in self.events),
            reports=self.reports,
        )


def find_contract(connection: Connection, key: str, call: Call) -> Found:
    """A contract that the caller may see. Raises FeeError (404), also for a quote that is none."""
    quote = quotes.find(connection, key)
    if quote is None or call.actor.owner not in (None, quote.owner):
        named = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in key[:60])
        raise FeeError([Fault("contract_not_found", "", {"value": named})], NOT_FOUND)
    stored = contracts.find(connection, quote.position)
    if stored is None:
        raise FeeError([Fault("quote_not_accepted", "", {"number": quote.number})], NOT_FOUND)
    events, reports = (
        contracts.events(connection, quote.position),
        usage_reports.of_contract(connection, quote.position),
    )
    return Found(quote, stored, events, reports)

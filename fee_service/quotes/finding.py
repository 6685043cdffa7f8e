"""A stored quote is found by whoever may see it."""

from __future__ import annotations

from typing import Any

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.storage import quotes
from fee_service.storage.stored_quote import KeptQuote, StoredQuote

NOT_FOUND = 404


def find(desk: Desk, key: str, call: Call) -> StoredQuote:
    """A quote that the caller may see; a foreign one is not found. Raises FeeError (404)."""
    with desk.database.reading() as connection:
        quote = quotes.find(connection, key)
    if quote is None or call.actor.owner not in (None, quote.owner):
        named = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in key[:60])
        raise FeeError([Fault("quote_not_found", "", {"value": named})], NOT_FOUND)
    return quote


def facts_of(quote: KeptQuote) -> dict[str, Any]:
    """The facts of a stored quote."""
    facts: dict[str, Any] = orjson.loads(quote.facts)
    return facts

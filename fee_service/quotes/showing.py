"""A stored quote shown again, or taken as what is asked next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from fee_service.answers.plan import joined
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import facts_of, find
from fee_service.quotes.issued import body_of, head


def show(desk: Desk, key: str, call: Call) -> bytes:
    """A stored quote, by its id or number, as it was said and as it stands. Raises FeeError (404)."""
    quote = find(desk, key, call)
    return joined(head(quote, call.today), body_of(quote.said).in_language(call.language))


def request_of(desk: Desk, key: str, call: Call) -> dict[str, Any]:
    """The request of a stored quote, to ask it again: what was left open is left open still. Raises FeeError (404)."""
    quote = find(desk, key, call)
    said = orjson.loads(body_of(quote.said).in_language(call.language))
    return as_asked({**said, "request": facts_of(quote)["request"]})


def as_asked(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The request of a quote's answer, to ask it again: what was left open is left open still.

    Nor is stated what the ledger found: it will find it again, cut by whatever day the contract starts on then.
    """
    request: dict[str, Any] = answer["request"]
    left_open = {condition["code"] for condition in answer["waiver"]["conditions"] if condition["assumed"]}
    found = [(each["starts_on"], each["ends_on"]) for each in answer["waiver"]["prior_found"]]
    return {
        **request,
        "company": {name: value for name, value in request["company"].items() if name not in left_open},
        "prior_waiver": [
            period for period in request["prior_waiver"] if (period["starts_on"], period["ends_on"]) not in found
        ],
    }

"""How tests speak with the quoting desk: who calls when, for what."""

import copy
from datetime import UTC, date, datetime
from typing import Any

import orjson

from fee_service.actors import Actor, Role
from fee_service.quotes import issuing, showing
from fee_service.quotes.calls import Call, Once, Reply
from fee_service.quotes.desk import Desk
from schemas import load
from schemas.fields import Loaded
from schemas.quote import QuoteRequestSchema

TODAY = date(2026, 12, 9)
NUMBER, OTHER_NUMBER = "124-81-00998", "220-81-62517"
DESK = Actor("sales-key", Role.ADMIN)  # may do everything
SALES = Actor("sales-key", Role.SALES)
PORTAL, OTHER_PORTAL = Actor("portal-key", Role.PORTAL), Actor("other-portal-key", Role.PORTAL)
REQUEST: dict[str, Any] = {
    "company": {
        "founded_on": "2023-05-10",
        "size": "sme",
        "name": "(주)스타트업",
        "business_number": NUMBER,
        "qualification": "fintech",
    },
    "licences": [{"contract": "real_time", "product": "securities_a"}],
    "starts_on": "2026-12-09",
    "months": 60,
}


def call(today: date = TODAY, actor: Actor = DESK, key: str | None = None, **changes: Any) -> Call:
    """A call on a day; `key` is its idempotency key, for the request named by `request`."""
    once = Once(key, changes.pop("request", "same")) if key else None
    at = datetime(today.year, today.month, today.day, 3, 4, 5, 678901, UTC)
    return Call(actor, "test", at, today, changes.pop("language", "both"), once)


def asked(**changes: Any) -> dict[str, Any]:
    """The usual request with some fields replaced; those named `company_…` are the company's."""
    request = copy.deepcopy(REQUEST)
    for name, value in changes.items():
        if name.startswith("company_"):
            request["company"][name.removeprefix("company_")] = value
        else:
            request[name] = value
    return request


def loaded(**changes: Any) -> Loaded:
    """The usual request, read."""
    return load(QuoteRequestSchema, asked(**changes))


def issue(at: Desk, by: Call | None = None, **changes: Any) -> dict[str, Any]:
    """Issue a quote and answer it."""
    return said(issuing.issue(at, loaded(**changes), by or call()))


def shown(at: Desk, key: str, by: Call | None = None) -> dict[str, Any]:
    """A stored quote."""
    content: dict[str, Any] = orjson.loads(showing.show(at, key, by or call()))
    return content


def said(reply: Reply) -> dict[str, Any]:
    """What a reply says."""
    content: dict[str, Any] = orjson.loads(reply.body)
    return content

"""A quote that lasts: issued, or issued in the place of another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from uuid_utils import uuid7

from fee_service.operations import metrics
from fee_service.permissions import Action, require
from fee_service.quotes import issued, previewing
from fee_service.quotes.answering_once import once, pack_tail
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import facts_of, find
from fee_service.quotes.previewing import Loaded, business_number_of
from fee_service.quotes.storing import New
from fee_service.rules.quoting import Quote
from fee_service.storage.stored_quote import StoredQuote

Check = Callable[[Quote], None]


def issue(desk: Desk, loaded: Loaded, call: Call, check: Check | None = None) -> Reply:
    """Issue a quote. Raises FeeError and StorageError; `check` may refuse it."""
    require(call.actor, Action.ISSUE)
    return once(desk.database, call, lambda: _issue(desk, loaded, call, check, None))


def revise(desk: Desk, key: str, loaded: Loaded, call: Call, check: Check | None = None) -> Reply:
    """Issue a quote in the place of another that is neither accepted nor withdrawn nor revised yet."""
    require(call.actor, Action.REVISE)
    return once(desk.database, call, lambda: _issue(desk, loaded, call, check, find(desk, key, call)))


def _issue(desk: Desk, loaded: Loaded, call: Call, check: Check | None, earlier: StoredQuote | None) -> Reply:
    number = business_number_of(loaded)
    known = desk.ledger(number) if number is not None else ()
    with desk.database.computing:  # nobody waits for the database in here
        made = previewing.preview(loaded, desk.editions, call.today, lambda _number: known)
        if check is not None:
            check(made)
        drafted = issued.draft(made, facts_of(earlier) if earlier else None)
        tail = drafted.in_language(call.language)
        new = New(
            columns=_columns(desk, drafted, call, earlier),
            pricing=drafted.ko["pricing"],
            call=call,
            tail=tail,
            packed_tail=pack_tail(call, tail),
            earlier=earlier,
        )
    reply = desk.database.write_together(desk.store, new)
    metrics.quoted("revision" if earlier else "issue", made.eligibility.status, made.waiver.granted)
    return reply


def _columns(desk: Desk, drafted: issued.Draft, call: Call, earlier: StoredQuote | None) -> dict[str, Any]:
    """Everything of the new row that is known before it has its number."""
    return {
        **issued.columns(drafted),
        "id": str(uuid7()),
        "issued_at": call.now,
        "issued_on": call.today,
        "valid_until": call.today + timedelta(days=desk.valid_days),
        "validity_days": desk.valid_days,
        "owner": earlier.owner if earlier else call.actor.key_id,
        "revises": earlier.position if earlier else None,
    }

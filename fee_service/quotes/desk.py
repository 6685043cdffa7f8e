"""The quoting desk: quotes that last. Issued, shown, revised, accepted, withdrawn; what was promised stays.

Everything that takes time (computing, rendering, compressing) is done before the one short transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row
from uuid_utils import uuid7

from fee_service.errors import Fault, FeeError
from fee_service.model import EarlierWaiver, QuoteRequest
from fee_service.operations import metrics
from fee_service.periods import Period
from fee_service.permissions import Action, require
from fee_service.published.editions import Editions
from fee_service.quotes import issued, previewing
from fee_service.quotes.answering_once import (
    AlreadyAnswered,
    Answered,
    first_answer,
    first_of,
    keep,
    pack_tail,
    require_unanswered,
)
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.previewing import Comparison, EligibilityAnswer, Loaded, business_number_of, numbers
from fee_service.quotes.replaying import request_from
from fee_service.quotes.storing import New, store
from fee_service.rules.prior_use import before, covers, exceeds
from fee_service.rules.quoting import Quote, horizon_of
from fee_service.storage import audit, ledger, quotes, sealing
from fee_service.storage.database import Database

Check = Callable[[Quote], None]

NOT_FOUND = 404


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


def preview(desk: Desk, loaded: Loaded, today: date) -> Quote:
    """The quote for a request, with the earlier waivers that the ledger knows. Raises FeeError, StorageError."""
    return previewing.preview(loaded, desk.editions, today, desk.ledger)


def compare(desk: Desk, loaded: Loaded, today: date) -> Comparison:
    """The quotes for several requests, each as its preview. Raises FeeError, StorageError."""
    return previewing.compare(loaded, desk.editions, today, desk.ledger)


def check_eligibility(desk: Desk, loaded: Loaded, today: date) -> EligibilityAnswer:
    """Whether a company may use the platform, with the waiver of its preview. Raises FeeError, StorageError."""
    return previewing.check_eligibility(loaded, desk.editions, today, desk.ledger)


def known_waivers(database: Database, business_number: str) -> tuple[EarlierWaiver, ...]:
    """The waivers of a company's accepted contracts. Raises StorageError."""
    with database.reading() as connection:
        return ledger.earlier_waivers(connection, business_number)


def issue(desk: Desk, loaded: Loaded, call: Call, check: Check | None = None) -> Reply:
    """Issue a quote. Raises FeeError and StorageError; `check` may refuse it."""
    require(call.actor, Action.ISSUE)
    return _once(desk, call, lambda: _issue(desk, loaded, call, check, None))


def revise(desk: Desk, key: str, loaded: Loaded, call: Call, check: Check | None = None) -> Reply:
    """Issue a quote in the place of another that is neither accepted nor withdrawn nor revised yet."""
    require(call.actor, Action.REVISE)
    return _once(desk, call, lambda: _issue(desk, loaded, call, check, find(desk, key, call)))


def show(desk: Desk, key: str, call: Call) -> bytes:
    """A stored quote, by its id or number, as it was said and as it stands. Raises FeeError (404)."""
    row = find(desk, key, call)
    return issued.joined(issued.head(row._mapping, call.today), _tail(row, call))


def accept(desk: Desk, key: str, call: Call) -> Reply:
    """Make a valid quote the contract; its waiver is entered into the ledger."""
    require(call.actor, Action.ACCEPT)
    return _once(desk, call, lambda: _close(desk, key, call, "accepted", sealing.ACCEPTED))


def withdraw(desk: Desk, key: str, call: Call) -> Reply:
    """Take a quote back that nobody has accepted yet."""
    require(call.actor, Action.WITHDRAW)
    return _once(desk, call, lambda: _close(desk, key, call, "withdrawn", sealing.WITHDRAWN))


def find(desk: Desk, key: str, call: Call) -> Row[Any]:
    """The row of a quote that the caller may see; a foreign one is not found. Raises FeeError (404)."""
    with desk.database.reading() as connection:
        row = quotes.find(connection, key)
    if row is None or call.actor.owner not in (None, row.owner):
        named = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in key[:60])
        raise FeeError([Fault("quote_not_found", "", {"value": named})], NOT_FOUND)
    return row


def facts_of(row: Row[Any]) -> dict[str, Any]:
    """The facts of a stored quote."""
    facts: dict[str, Any] = orjson.loads(row.facts)
    return facts


def request_of(desk: Desk, key: str, call: Call) -> dict[str, Any]:
    """The request of a stored quote, to ask it again: what was left open is left open still. Raises FeeError (404)."""
    row = find(desk, key, call)
    return as_asked({**orjson.loads(_tail(row, call)), "request": facts_of(row)["request"]})


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


# -- issuing -------------------------------------------------------------------------------------------


def _once(desk: Desk, call: Call, answer: Callable[[], Reply]) -> Reply:
    """The first answer to the call's key, or a new one."""
    known = first_answer(desk.database, call)
    if known is not None:
        return known
    try:
        return answer()
    except AlreadyAnswered:
        first = first_answer(desk.database, call)
        assert first is not None  # it was committed, or we could not have met it
        return first


def _issue(desk: Desk, loaded: Loaded, call: Call, check: Check | None, earlier: Row[Any] | None) -> Reply:
    number = business_number_of(loaded)
    known = desk.ledger(number) if number is not None else ()
    with desk.database.computing:  # nobody waits for the database in here
        made = previewing.preview(loaded, desk.editions, call.today, lambda _number: known)
        if check is not None:
            check(made)
        drafted = issued.draft(made, facts_of(earlier) if earlier else None)
        tail = drafted.in_language(call.language)
        new = New(
            _columns(desk, drafted, call, earlier), drafted.ko["pricing"], call, tail, pack_tail(call, tail), earlier
        )
    reply = desk.database.write_together(desk.store, new)
    metrics.quoted("revision" if earlier else "issue", made.eligibility.status, made.waiver.granted)
    return reply


def _columns(desk: Desk, drafted: issued.Draft, call: Call, earlier: Row[Any] | None) -> dict[str, Any]:
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


# -- accepting and withdrawing -------------------------------------------------------------------------


def _close(desk: Desk, key: str, call: Call, status: str, action: str) -> Reply:
    row = find(desk, key, call)
    tail = _tail(row, call)
    packed_tail = pack_tail(call, tail)
    request = request_from(facts_of(row)["request"])
    waiver = _ledger_entry(row, request) if status == "accepted" else None

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        issued.require_open(quotes.status(connection, row.position), row, call.today)
        if waiver is not None:
            _require_nothing_new(connection, row, request)
            ledger.enter(connection, {**waiver, "position": row.position, "entered_at": call.now})
        quotes.change_state(connection, row.position, status, call.now)
        after = {**row._mapping, "status": status, "changed_at": call.now}
        reply = Reply(200, None, issued.head(after, call.today), tail)
        first = first_of(Answered(call, reply, packed_tail), desk.idempotency_hours)
        told = {"number": row.number} | ({"waiver": waiver} if waiver else {})
        audit.append(connection, call.told(action, row.id, {**told, **first.told}))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


def _ledger_entry(row: Row[Any], request: QuoteRequest) -> dict[str, Any] | None:
    """What accepting a quote uses of a company's waiver; None where nothing is waived or nobody is named."""
    if row.waiver_starts_on is None or row.business_number is None:
        return None
    used = Period.through(row.waiver_starts_on, row.waiver_ends_on).overlap(horizon_of(request))
    return {
        "business_number": row.business_number,
        "policy": row.policy,
        "granted_months": row.waiver_months,
        "starts_on": used.start,
        "ends_on": used.last_day,
    }


def _require_nothing_new(connection: Connection, row: Row[Any], request: QuoteRequest) -> None:
    """Another quote accepted meanwhile may have used the waiver that this one grants. Raises FeeError (409)."""
    known = ledger.earlier_waivers(connection, row.business_number)
    granted = max(row.waiver_months, ledger.most_granted(connection, row.business_number))
    own = Period.through(row.waiver_starts_on, row.waiver_ends_on).overlap(horizon_of(request))
    code = None
    if not covers(request.prior_waiver, (before(request, waiver.period) for waiver in known)):
        code = "waiver_used_meanwhile"
    elif exceeds((own, *request.prior_waiver, *(waiver.period for waiver in known)), granted):
        code = "waiver_used_by_later_contract"
    if code is not None:
        params = {"number": row.number, "others": numbers(known), "months": granted}
        raise FeeError([Fault(code, "", params)], issued.CONFLICT)


def _tail(row: Row[Any], call: Call) -> bytes:
    return issued.body_of(row.said).in_language(call.language)

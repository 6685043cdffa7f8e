"""The end of an open quote: accepted, which makes it the contract and uses its waiver, or withdrawn."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from fee_service.answers.request import request_from
from fee_service.errors import Fault, FeeError
from fee_service.model import QuoteRequest
from fee_service.periods import Period
from fee_service.permissions import Action, require
from fee_service.quotes import issued
from fee_service.quotes.answering_once import Answered, first_of, keep, once, pack_tail, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import facts_of, find
from fee_service.quotes.previewing import numbers
from fee_service.rules.prior_use import before, covers, exceeds
from fee_service.rules.resolving import horizon_of
from fee_service.storage import audit, ledger, quotes, sealing


def accept(desk: Desk, key: str, call: Call) -> Reply:
    """Make a valid quote the contract; its waiver is entered into the ledger."""
    require(call.actor, Action.ACCEPT)
    return once(desk.database, call, lambda: _close(desk, key, call, "accepted", sealing.ACCEPTED))


def withdraw(desk: Desk, key: str, call: Call) -> Reply:
    """Take a quote back that nobody has accepted yet."""
    require(call.actor, Action.WITHDRAW)
    return once(desk.database, call, lambda: _close(desk, key, call, "withdrawn", sealing.WITHDRAWN))


def _close(desk: Desk, key: str, call: Call, status: str, action: str) -> Reply:
    row = find(desk, key, call)
    tail = issued.body_of(row.said).in_language(call.language)
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

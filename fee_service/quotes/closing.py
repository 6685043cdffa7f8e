"""The end of an open quote: accepted, which makes it the contract and uses its waiver, or withdrawn."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from fee_service.answers.request import request_from
from fee_service.errors import Fault, FeeError
from fee_service.model import QuoteRequest
from fee_service.permissions import Action, require
from fee_service.quote_status import QuoteStatus
from fee_service.quotes import issued
from fee_service.quotes.answering_once import Answered, first_of, keep, once, pack_tail, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import facts_of, find
from fee_service.quotes.previewing import numbers
from fee_service.rules.prior_use import before, covers, exceeds
from fee_service.rules.resolving import horizon_of
from fee_service.storage import audit, ledger, quotes, sealing
from fee_service.storage.ledger import UsedWaiver
from fee_service.storage.stored_quote import StoredQuote


def accept(desk: Desk, key: str, call: Call) -> Reply:
    """Make a valid quote the contract; its waiver is entered into the ledger."""
    require(call.actor, Action.ACCEPT)
    return once(desk.database, call, lambda: _close(desk, key, call, QuoteStatus.ACCEPTED))


def withdraw(desk: Desk, key: str, call: Call) -> Reply:
    """Take a quote back that nobody has accepted yet."""
    require(call.actor, Action.WITHDRAW)
    return once(desk.database, call, lambda: _close(desk, key, call, QuoteStatus.WITHDRAWN))


def _close(desk: Desk, key: str, call: Call, status: QuoteStatus) -> Reply:
    quote = find(desk, key, call)
    tail = issued.body_of(quote.said).in_language(call.language)
    packed_tail = pack_tail(call, tail)
    request = request_from(facts_of(quote)["request"])
    waiver = _used_by(quote, request) if status is QuoteStatus.ACCEPTED else None

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        issued.require_open(quotes.status(connection, quote.position), quote, call.today)
        if waiver is not None:
            _require_nothing_new(connection, quote, waiver, request)
            ledger.enter(connection, quote.position, waiver, call.now)
        quotes.change_state(connection, quote.position, status, call.now)
        reply = Reply(200, None, issued.head(replace(quote, status=status, changed_at=call.now), call.today), tail)
        first = first_of(Answered(call, reply, packed_tail), desk.idempotency_hours)
        told = {"number": quote.number} | ({"waiver": waiver._asdict()} if waiver else {})
        audit.append(connection, call.told(sealing.ACTION_TO[status], quote.id, {**told, **first.told}))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


def _used_by(quote: StoredQuote, request: QuoteRequest) -> UsedWaiver | None:
    """What accepting a quote uses of a company's waiver; None where nothing is waived or nobody is named."""
    if quote.waived is None or quote.business_number is None:
        return None
    # what is waived is waived by a policy
    assert quote.policy is not None
    assert quote.waiver_months is not None
    used = quote.waived.overlap(horizon_of(request))
    return UsedWaiver(
        business_number=quote.business_number,
        policy=quote.policy,
        granted_months=quote.waiver_months,
        starts_on=used.start,
        ends_on=used.last_day,
    )


def _require_nothing_new(connection: Connection, quote: StoredQuote, own: UsedWaiver, request: QuoteRequest) -> None:
    """Another quote accepted meanwhile may have used the waiver that this one grants. Raises FeeError (409)."""
    known = ledger.earlier_waivers(connection, own.business_number)
    granted = max(own.granted_months, ledger.most_granted(connection, own.business_number))
    code = None
    if not covers(request.prior_waiver, (before(request, waiver.period) for waiver in known)):
        code = "waiver_used_meanwhile"
    elif exceeds((own.period, *request.prior_waiver, *(waiver.period for waiver in known)), granted):
        code = "waiver_used_by_later_contract"
    if code is not None:
        params = {"number": quote.number, "others": numbers(known), "months": granted}
        raise FeeError([Fault(code, "", params)], issued.CONFLICT)

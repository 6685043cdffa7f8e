"""The end of an open quote: accepted, which makes it the contract and uses its waiver, or withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from fee_service.answers.facts import canonical
from fee_service.answers.request import agreed_request, request_facts, request_from
from fee_service.contract import Contract
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
from fee_service.rules.standing import standing_of
from fee_service.storage import audit, contracts, ledger, quotes, sealing
from fee_service.storage.attested_contracts import told_of
from fee_service.storage.contracts import Agreed, Stands
from fee_service.storage.ledger import UsedWaiver
from fee_service.storage.stored_quote import StoredQuote
from fee_service.strict_json import Data


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
    facts = facts_of(quote)
    request = request_from(facts["request"])
    agreed = agreed_by(quote, facts) if status is QuoteStatus.ACCEPTED else None
    waiver = _used_by(quote, agreed) if agreed else None

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        issued.require_open(quotes.status(connection, quote.position), quote, call.today)
        if waiver is not None:
            _require_nothing_new(connection, quote, waiver, request)
            ledger.enter(connection, quote.position, waiver, call.now)
        if agreed is not None:
            contracts.enter(connection, agreed.terms, agreed.products, agreed.stands)
        quotes.change_state(connection, quote.position, status, call.now)
        reply = Reply(200, None, issued.head(replace(quote, status=status, changed_at=call.now), call.today), tail)
        first = first_of(Answered(call, reply, packed_tail), desk.idempotency_hours)
        told: Data = {"number": quote.number} | ({"waiver": waiver._asdict()} if waiver else {})
        told |= {"contract": contracts.seal_of(agreed.terms), "stands": told_of(agreed.stands)} if agreed else {}
        audit.append(connection, call.told(sealing.ACTION_TO[status], quote.id, {**told, **first.told}))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


class AgreedBy(NamedTuple):
    """What accepting a quote agrees: the terms, the products, and how the contract stands at first."""

    terms: Agreed
    products: tuple[str, ...]
    stands: Stands


def agreed_by(quote: StoredQuote, facts: Data) -> AgreedBy:
    """The contract that a quote becomes when it is accepted."""
    request = agreed_request(facts)
    horizon = horizon_of(request)
    standing = standing_of(Contract(quote.number, request, horizon, quote.waived))
    terms = Agreed(
        position=quote.position,
        business_number=quote.business_number,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        quoted_until=horizon.last_day,
        waiver_starts_on=quote.waiver_starts_on,
        waiver_ends_on=quote.waiver_ends_on,
        request=canonical(request_facts(request)).decode(),
    )
    last_waived = standing.waived.last_day if standing.waived else None
    products = tuple(licence.product for licence in request.licences)
    return AgreedBy(terms, products, Stands(request.ends_on, last_waived))


def _used_by(quote: StoredQuote, agreed: AgreedBy) -> UsedWaiver | None:
    """What accepting a quote uses of a company's waiver over the quoted horizon; None where nothing is waived or nobody
    is named."""
    if quote.waived is None or quote.business_number is None:
        return None
    used = quote.waived.overlap(agreed.terms.horizon)
    # what is waived is waived by a policy
    assert quote.policy is not None
    assert quote.waiver_months is not None
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

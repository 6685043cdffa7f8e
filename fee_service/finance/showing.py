"""A contract as it stands, with what happened to it and why it owes other than was quoted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import orjson
from sqlalchemy import Connection

from fee_service.answers.contract import Entered, ShownContract, contract_data
from fee_service.contract import Contract
from fee_service.finance.finding import Found, find_contract
from fee_service.model import EarlierWaiver
from fee_service.periods import Period
from fee_service.published.editions import Editions, ListSpan, NotFound
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import facts_of
from fee_service.quotes.issued import instant
from fee_service.rules.differing import Difference, differences
from fee_service.rules.prior_use import exceeds
from fee_service.rules.standing import standing_of
from fee_service.storage import ledger
from fee_service.storage.contracts import StoredEvent
from fee_service.strict_json import Data


def show(desk: Desk, key: str, call: Call) -> bytes:
    """A contract by the id or number of its quote, as it stands today. Raises FeeError (404)."""
    with desk.database.reading() as connection:
        found = find_contract(connection, key, call)
        shown = shown_contract(connection, found, desk.editions)
    return orjson.dumps(contract_data(shown, desk.editions.contract_rules, call.today, call.language))


def shown_contract(connection: Connection, found: Found, editions: Editions) -> ShownContract:
    """Everything that is told of a contract."""
    facts, contract = facts_of(found.quote), found.contract
    exceeding, months = _exceeding(connection, found)
    return ShownContract(
        id=found.quote.id,
        accepted_at=instant(found.quote.changed_at),
        policy=found.quote.policy,
        facts=facts,
        contract=contract,
        events=tuple(entered(each) for each in found.events),
        differences=_differences(contract, facts, editions),
        exceeding=exceeding,
        granted_months=months,
    )


def entered(stored: StoredEvent) -> Entered:
    """An event as it is told."""
    return Entered(stored.event, instant(stored.entered_at), stored.entered_by)


def _differences(contract: Contract, facts: Data, editions: Editions) -> tuple[Difference, ...]:
    standing = standing_of(contract)
    quoted = [(date.fromisoformat(each["from"]), each["id"]) for each in facts["price_lists"]]
    lists = _lists(contract, standing.end, editions)
    return differences(contract, standing, quoted, lists, editions.contract_rules.withdrawal_grounds)


def _lists(contract: Contract, end: date | None, editions: Editions) -> Sequence[ListSpan]:
    """The lists over the quoted days as far as the contract runs; a named one may hold for all of them."""
    horizon = contract.horizon
    until = horizon.end if end is None else min(end, horizon.end)
    if contract.request.price_list is not None and editions.contract_rules.named_price_list.holds:
        return ()
    try:
        return editions.price_lists_over(Period(horizon.start, until))
    except NotFound:  # an edition is gone: what is owed cannot be told, and says so itself
        return ()


def _exceeding(connection: Connection, found: Found) -> tuple[tuple[EarlierWaiver, ...], int]:
    """The company's contracts that together are waived for longer than any policy of theirs grants.

    Accepting sees to it that they are not; to annul what let another contract be waived in the meantime does not.
    """
    number = found.quote.business_number
    if number is None or not any(each.event.annuls for each in found.events):
        return (), 0
    known, months = ledger.earlier_waivers(connection, number), ledger.most_granted(connection, number)
    if not known or not exceeds((each.period for each in known), months):
        return (), 0
    return tuple(each for each in known if each.quote != found.quote.number), months

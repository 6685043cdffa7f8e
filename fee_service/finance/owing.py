"""What one contract owes, explained."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import orjson

from fee_service.answers.dues import dues_data
from fee_service.errors import Fault, FeeError
from fee_service.finance.finding import find_contract
from fee_service.periods import first_of_month_after
from fee_service.permissions import Action, require
from fee_service.published.editions import NotFound
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.rules.dues import dues

MOST_MONTHS = 240  # that are asked for at once


class Months(NamedTuple):
    """Months of service, by their first days, both inclusive; None: as quoted."""

    first: date | None
    last: date | None


def owed_by(desk: Desk, key: str, months: Months, as_of: date | None, call: Call) -> bytes:
    """The dues of a contract as JSON. Raises FeeError (404, 422)."""
    require(call.actor, Action.SEE_DUES)
    with desk.database.reading() as connection:
        contract = find_contract(connection, key, call).contract
    first = months.first or contract.request.starts_on.replace(day=1)
    last = months.last or max(first, contract.horizon.last_day.replace(day=1))
    _require_bounded(first, last)
    known = known_on(as_of, [report.reported_on for report in contract.reports], call.today)
    try:
        owing = dues(contract, desk.editions, first, last, known)
    except NotFound as error:
        raise FeeError([Fault("dues_without_prices", "/query/to", {"why": str(error)})]) from error
    told = {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}", "as_of": known}
    answer = dues_data(contract.number, owing, call.language)
    return orjson.dumps({"contract": answer.pop("contract"), **told, **answer})


def known_on(as_of: date | None, reported_on: list[date], today: date) -> date:
    """The day whose knowledge counts: the one asked for, else today, or that of the last report where it is later."""
    return as_of or max((*reported_on, today))


def _require_bounded(first: date, last: date) -> None:
    if last < first:
        raise FeeError([Fault("range_reversed", "/query/to", {"value": f"{last:%Y-%m}", "start": f"{first:%Y-%m}"})])
    if first_of_month_after(first, MOST_MONTHS) <= last:
        raise FeeError([Fault("too_many_months", "/query/to", {"maximum": MOST_MONTHS})])

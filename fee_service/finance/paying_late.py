"""Interest on an invoice of a contract that is paid late; told only where somebody gives the days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fee_service.answers.late_interest import late_interest_data
from fee_service.errors import Fault, FeeError
from fee_service.finance.finding import find_contract
from fee_service.finance.owing import known_on
from fee_service.permissions import Action, require
from fee_service.published.editions import NotFound
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.rules.dues import dues_billed_in, list_on
from fee_service.rules.late_interest import late_interest
from fee_service.strict_json import Data


def interest_on(desk: Desk, key: str, asked: Mapping[str, Any], call: Call) -> Data:
    """Interest on what the invoice of a day should come to, VAT included. Raises FeeError (403, 404, 422).

    An invoice names its own due day (P1 §10.2, P2 §6.2), so that is asked for beside the day of payment.
    """
    require(call.actor, Action.SEE_DUES)
    with desk.database.reading() as connection:
        contract = find_contract(connection, key, call).contract
    issued_on, due_on, paid_on = asked["issued_on"], asked["due_on"], asked["paid_on"]
    if due_on < issued_on:
        raise FeeError([Fault("range_reversed", "/query/due_on", {"value": due_on, "start": issued_on})])
    known = known_on(asked.get("as_of"), [report.reported_on for report in contract.reports], call.today)
    try:
        owing = dues_billed_in(contract, desk.editions, issued_on.replace(day=1), known)
    except NotFound as error:
        raise FeeError([Fault("dues_without_prices", "/query/issued_on", {"why": str(error)})]) from error
    invoice = next((each for each, _ in owing.invoices if each.issued_on == issued_on), None)
    if invoice is None or owing.running is None:
        raise FeeError([Fault("no_invoice_on_day", "/query/issued_on", {"number": contract.number, "day": issued_on})])
    price_list = list_on(owing.running, due_on)
    late = late_interest(invoice.total, due_on, paid_on, price_list)
    told = late_interest_data(invoice, due_on, paid_on, late, price_list, call.language)
    return {"contract": contract.number, **told}

"""How a due came about: the way from the published cell to the month's amount, and what it is billed by."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from fee_service.contract import Basis
from fee_service.model import Reading, Text
from fee_service.periods import CalendarMonth
from fee_service.rules.billing_usage import Billing
from fee_service.rules.dues import NOTHING, Due, Dues, Running
from fee_service.rules.explaining import explanation_of


def explained(due: Due, running: Running) -> tuple[Text, ...]:
    """The sentences that lead to what is due, as a quote would tell them of this month alone."""
    return (*_amount(due, running), *_events(due, running), *_billed(due))


def _amount(due: Due, running: Running) -> Iterator[Text]:
    """Of a line whose use a later report does not name, nothing but that."""
    if due.billing and due.amount == NOTHING != due.billed:
        yield Text("due_not_used", {"month": _label(due)})
        return
    here = [
        (cell, (held.overlap(due.span), price_list))
        for cell, (held, price_list) in zip(due.line.cells, running.lists, strict=True)
        if held.overlap(due.span).days
    ]
    line = due.line._replace(cells=tuple(cell for cell, _ in here))
    _, total, net = due.amount
    month = CalendarMonth(_label(due), due.span, due.span.days, due.days_in_month)
    lists = tuple(span for _, span in here)
    yield from explanation_of(line, [(month, total, net)], lists, running.standing.waived, running.policy)


def _events(due: Due, running: Running) -> Iterator[Text]:
    """What happened to the contract, where it bears on the month."""
    withdrawn, ended = running.standing.withdrawn, running.standing.ended
    if withdrawn and withdrawn.on and due.line.waivable and withdrawn.on < due.span.end:
        yield Text("due_waiver_withdrawn", {"day": withdrawn.on})
    if ended and ended.on and due.span.end == running.standing.end:
        yield Text("due_ended", {"last_day": ended.on})


def _billed(due: Due) -> Iterator[Text]:
    billing = due.billing
    if billing is None:
        return
    of_month = {"month": _label(due), "invoice_on": billing.on}
    if billing.basis is Basis.ASSUMED:
        yield Text("due_assumed", of_month)
    elif billing.basis is Basis.ESTIMATE:
        yield _estimated(billing, of_month)
    elif billing.report is not None:
        yield Text("due_reported", {**of_month, "reported_on": billing.report.reported_on})
    if billing.basis is Basis.SETTLEMENT:
        sums = {"billed": due.billed.net, "difference": due.owed.net, "invoice_on": billing.on}
        yield Text("due_settled", sums)


def _estimated(billing: Billing, of_month: Mapping[str, Hashable]) -> Text:
    if billing.report is None:
        return Text("due_estimated_as_quoted", of_month)
    like = {"like": f"{billing.report.month:%Y-%m}", "reported_on": billing.report.reported_on}
    return Text("due_estimated", {**of_month, **like})


def readings_of(dues: Dues) -> tuple[Reading, ...]:
    """How the unclear texts are read that these dues rest on beyond those of the quote."""
    running = dues.running
    if running is None:
        return ()
    rules, found = running.editions.contract_rules, []
    if {Basis.ESTIMATE, Basis.SETTLEMENT} & {due.basis for due in dues.lines}:
        found.append(rules.estimate.written.reading)
    contract = running.contract
    if contract.request.price_list and any(due.span.end > contract.horizon.end for due in dues.lines):
        found.append(rules.named_price_list.written.reading)
    return tuple(reading for reading in found if reading is not None)


def _label(due: Due) -> str:
    return f"{due.month:%Y-%m}"

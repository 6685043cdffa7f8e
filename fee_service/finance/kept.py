"""Contracts with their events and reports, as the rules take them, from where they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson
from sqlalchemy import Connection

from fee_service.answers.request import request_from
from fee_service.contract import Contract, ContractEvent, UsageReport
from fee_service.finance.window import Window
from fee_service.storage import contracts, usage_reports
from fee_service.storage.contracts import Terms

Events = Mapping[int, Sequence[ContractEvent]]  # by the position of the contract


def contracts_between(
    connection: Connection, after: int, through: int, events: Events, window: Window
) -> Iterator[Contract]:
    """The contracts behind one position up to another, in order, with the reports that a month's invoices rest on."""
    found = contracts.between(connection, after, through)
    reports = _reports(connection, after, through, found, window)
    for position, number, request, horizon, waived in found:
        asked = request_from(orjson.loads(request))
        yield Contract(number, asked, horizon, waived, tuple(events.get(position, ())), reports.get(position, ()))


def _reports(
    connection: Connection, after: int, through: int, found: Sequence[Terms], window: Window
) -> dict[int, tuple[UsageReport, ...]]:
    """Those of the window; all of a contract where they are not enough."""
    recent = usage_reports.since(connection, after, through, window.since)
    late = usage_reports.settled(connection, after, through, window.came_in, window.newest)
    wanting = [
        terms.position
        for terms in found
        if not window.holds_all(terms.horizon.start)
        and (terms.position in late or not window.suffices(recent.get(terms.position, ())))
    ]
    return recent | usage_reports.of_contracts(connection, wanting)

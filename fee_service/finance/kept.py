"""Contracts with their events and reports, as the rules take them, from where they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson
from sqlalchemy import Connection

from fee_service.answers.request import request_from
from fee_service.contract import Contract, ContractEvent
from fee_service.storage import contracts, usage_reports

Events = Mapping[int, Sequence[ContractEvent]]  # by the position of the contract


def contracts_between(connection: Connection, after: int, through: int, events: Events) -> Iterator[Contract]:
    """The contracts behind one position up to another, in order."""
    found = contracts.between(connection, after, through)
    reports = usage_reports.of_contracts(connection, [terms.position for terms in found])
    for position, number, request, horizon, waived in found:
        asked = request_from(orjson.loads(request))
        yield Contract(number, asked, horizon, waived, tuple(events.get(position, ())), reports.get(position, ()))

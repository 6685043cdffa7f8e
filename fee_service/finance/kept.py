"""Contracts with their events and reports, as the rules take them, from where they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson
from sqlalchemy import Connection

from fee_service.answers.request import request_from
from fee_service.contract import Contract, ContractEvent, UsageReport
from fee_service.storage import contracts, usage_reports
from fee_service.storage.contracts import StoredContract

Events = Mapping[int, Sequence[ContractEvent]]  # by the position of the contract
Reports = Mapping[int, Sequence[UsageReport]]


def contracts_between(connection: Connection, after: int, through: int, events: Events) -> Iterator[Contract]:
    """The contracts behind one position up to another, in order."""
    found = list(contracts.between(connection, after, through))
    reports = usage_reports.of_contracts(connection, [stored.agreed.position for stored in found])
    for stored in found:
        yield _contract(stored, events, reports)


def _contract(stored: StoredContract, events: Events, reports: Reports) -> Contract:
    agreed = stored.agreed
    return Contract(
        stored.number,
        request_from(orjson.loads(agreed.request)),
        agreed.horizon,
        agreed.waived,
        tuple(events.get(agreed.position, ())),
        tuple(reports.get(agreed.position, ())),
    )

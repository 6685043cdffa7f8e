"""Contracts against the audit log: what was agreed, what happened since, and how each stands after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from fee_service.storage import audit, contracts
from fee_service.storage.attested import Finding
from fee_service.storage.contracts import Stands
from fee_service.storage.tables import contract_events, contract_products, contract_states, quotes

CONTRACT_EVENT = "contract.event"  # its subject is the event's id


def told_of(stands: Stands) -> list[str | None]:
    """How a contract stands, as the audit log tells it."""
    return [day.isoformat() if day else None for day in stands]


class ToldOfContracts(NamedTuple):
    """What the audit log says: seals of contracts and of events by their ids, and how each contract was left."""

    seals: dict[str, str]
    stands: dict[str, list[str | None]]
    events: dict[str, str]

    @classmethod
    def nothing(cls) -> ToldOfContracts:
        return cls({}, {}, {})

    def note(self, entry: audit.StoredEntry) -> None:
        """Take in one entry, in the order of the log."""
        details = audit.details_of(entry.details)
        if "contract" in details and "stands" in details:
            self.seals[entry.subject] = details["contract"]
            self.stands[entry.subject] = details["stands"]
        elif entry.action == CONTRACT_EVENT:
            self.events[entry.subject] = details.get("seal", "")
            self.stands[details.get("quote", "")] = details.get("stands", [])

    def findings(self, connection: Connection) -> Iterator[Finding]:
        """Every contract, product, state and event that is not as it was told."""
        kept, named = {}, set()
        for contract in contracts.following(connection):
            kept[contract.id] = contract.agreed
            named |= {(contract.agreed.position, each) for each in _products(contract.agreed.request)}
            if contract.id in self.seals and contracts.seal_of(contract.agreed) != self.seals[contract.id]:
                yield Finding(contract.number, "the contract was changed after it was agreed")
        for quote in sorted(self.seals.keys() - kept.keys()):
            yield Finding(quote, "the contract is missing")
        rows = connection.execute(select(contract_products.c.position, contract_products.c.product))
        for position, product in sorted(named ^ {(row.position, row.product) for row in rows}):
            yield Finding(str(position), f"its products and {product} do not go together")
        yield from self._states(connection, {agreed.position for agreed in kept.values()})
        yield from self._events(connection)

    def _states(self, connection: Connection, positions: set[int]) -> Iterator[Finding]:
        query = select(contract_states, quotes.c.id).outerjoin(quotes, quotes.c.position == contract_states.c.position)
        found = set()
        for row in connection.execute(query):
            found.add(row.position)
            left = told_of(Stands(row.ends_on, row.waiver_ends_on))
            if left != self.stands.get(row.id, left):
                yield Finding(str(row.id), "the contract's state is not what its events left")
        for position in sorted(positions ^ found):
            yield Finding(str(position), "a contract and its state do not go together")

    def _events(self, connection: Connection) -> Iterator[Finding]:
        kept = {row.id: contracts.seal_of_event(row._mapping) for row in connection.execute(select(contract_events))}
        for event in sorted(kept.keys() | self.events.keys()):
            if kept.get(event) != self.events.get(event):
                yield Finding(event, "this event of a contract is not as it was entered")


def _products(request: str) -> set[str]:
    try:
        licences: list[Any] = orjson.loads(request)["licences"]
        return {licence["product"] for licence in licences}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return set()

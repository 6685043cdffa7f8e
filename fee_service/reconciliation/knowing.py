"""What is known of the contracts that an upload is about: as they are kept, with what was billed on them before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from fee_service.answers.request import request_from
from fee_service.contract import Contract
from fee_service.finance.owing import known_on
from fee_service.invoices.items import Named
from fee_service.invoices.values import Direction
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.documents import Billed, Document, number_of
from fee_service.reconciliation.files import Taken
from fee_service.reconciliation.matching import Contracts, Held
from fee_service.reconciliation.reconciling import Known
from fee_service.storage import contracts, reconciled_invoices, usage_reports
from fee_service.storage.contracts import StoredContract

NAMED_ONE_BY_ONE = 500  # companies; of more than that all contracts are read


class AsOf(NamedTuple):
    """When an upload is judged: by what is known on a day, of the contracts up to a position."""

    today: date
    through: int
    own_number: str | None = None


def known(desk: Desk, taken: Taken, as_of: AsOf) -> Known:
    """The contracts of an upload, and the invoices that were judged before. Raises StorageError."""
    with desk.database.reading() as connection:
        found = list(_contracts(connection, taken, as_of))
        held = Contracts.of(_held(connection, found))
        earlier = reconciled_invoices.of_contracts(connection, sorted(held.held))
        earlier |= reconciled_invoices.numbered(connection, _numbers(taken.lines))
    reported_on = [report.reported_on for each in held.held.values() for report in each.contract.reports]
    return Known(
        contracts=held,
        earlier=[document_from(orjson.loads(content)) for content in earlier.values()],
        editions=desk.editions,
        as_of=known_on(None, reported_on, as_of.today),
        today=as_of.today,
        own_number=as_of.own_number,
    )


def _contracts(connection: Connection, taken: Taken, as_of: AsOf) -> Iterator[StoredContract]:
    """Those of the companies and quotes that the files name; all where a file lists everything that was sold."""
    companies = {*_distinct(taken.lines["customer"]), *(each.own_number for each in taken.covered)} - {None}
    sold = any(each.direction is Direction.SALE for each in taken.covered)
    if sold or len(companies) > NAMED_ONE_BY_ONE or not companies:
        yield from (each for each in contracts.following(connection) if each.agreed.position <= as_of.through)
        return
    quotes = sorted(filter(None, _distinct(taken.lines["quote"])))
    own = [as_of.own_number] if as_of.own_number else []
    found = [*contracts.held_by(connection, sorted({*companies, *own} - {None}), as_of.through)]
    found += contracts.named(connection, quotes, as_of.through)
    yield from {each.agreed.position: each for each in found}.values()


def _held(connection: Connection, found: Sequence[StoredContract]) -> Iterator[Held]:
    positions = [each.agreed.position for each in found]
    reports = usage_reports.of_contracts(connection, positions)
    events = contracts.events_of(connection, positions)
    for each in found:
        agreed = each.agreed
        contract = Contract(
            each.number, request_from(orjson.loads(agreed.request)), agreed.horizon, agreed.waived,
            events.get(agreed.position, ()), reports.get(agreed.position, ()),
        )  # fmt: skip
        yield Held(contract, each.id, agreed.business_number)


def _distinct(column: pa.ChunkedArray) -> list[Any]:
    found: list[Any] = pc.unique(column).to_pylist()
    return found


def _numbers(lines: pa.Table) -> list[str]:
    """The numbers of the invoices in a table, and of those that they correct, as they are kept."""
    found = set()
    for name in ("invoice_number", "corrects"):
        pairs = zip(lines[name].to_pylist(), lines["supplier"].to_pylist(), strict=True)
        found |= {number_of(number, supplier) for number, supplier in pairs if number}
    return sorted(found)


# -- an invoice as it is kept, and back --------------------------------------------------------------------


def document_data(document: Document) -> bytes:
    """An invoice as JSON; `document_from` is its inverse, but for the rows of the upload."""
    told = {
        "number": document.number,
        "shown": document.shown,
        "issued_on": document.issued_on,
        "corrects": document.corrects,
        "as_total": document.as_total,
        "whole": document.whole,
        "lines": [
            [line.contract, None if line.named is None else line.named._asdict(), line.amount, line.vat]
            for line in document.lines
        ],
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def document_from(told: Any) -> Document:
    """An invoice as it was kept."""
    lines = tuple(Billed(contract, _named(named), amount, vat, None) for contract, named, amount, vat in told["lines"])
    return Document(**{**told, "issued_on": date.fromisoformat(told["issued_on"]), "lines": lines})


def _named(told: Any) -> Named | None:
    if told is None:
        return None
    month = told["service_month"]
    return Named(**{**told, "service_month": month and date.fromisoformat(month), "faults": ()})

"""Invoices that reconciliations have judged, by number and by contract; they count once their job is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, select

from fee_service.job_state import JobState
from fee_service.storage.tables import jobs, reconciled_invoices

AT_ONCE = 500
_INSERT = insert(reconciled_invoices)
_COUNTS = ~exists().where(and_(jobs.c.id == reconciled_invoices.c.run, jobs.c.state != JobState.DONE))


class KeptInvoice(NamedTuple):
    """An invoice of a run, as far as it is for a contract; `content` is the JSON of the whole invoice."""

    run: str
    number: str
    contract: str
    content: str


def enter(connection: Connection, invoices: Sequence[KeptInvoice]) -> None:
    """Keep invoices of a run that is not done yet (inside `Database.write`)."""
    if invoices:
        connection.execute(_INSERT, [invoice._asdict() for invoice in invoices])


def of_contracts(connection: Connection, contracts: Sequence[str]) -> dict[str, str]:
    """The invoices of some contracts, whole, by number; of several runs the first."""
    return dict(_found(connection, reconciled_invoices.c.contract, contracts))


def numbered(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Those of the invoices with these numbers that came before, whole, by number."""
    return dict(_found(connection, reconciled_invoices.c.number, numbers))


def take_out(connection: Connection, run: str, limit: int) -> int:
    """Remove some of the invoices of a run of which nothing came, or that is taken back; answers how many."""
    some = select(reconciled_invoices.c.number).where(reconciled_invoices.c.run == run).distinct().limit(limit)
    named = list(connection.execute(some).scalars())
    if named:
        of_run = reconciled_invoices.c.run == run, reconciled_invoices.c.number.in_(named)
        connection.execute(delete(reconciled_invoices).where(*of_run))
    return len(named)


def _found(connection: Connection, column: ColumnElement[Any], values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Number and content, those of later runs first, so that the first stays in a dict."""
    for first in range(0, len(values), AT_ONCE):
        named = column.in_(values[first : first + AT_ONCE])
        asked = select(reconciled_invoices.c.number, reconciled_invoices.c.content).where(named, _COUNTS)
        ordered = asked.order_by(reconciled_invoices.c.run.desc(), reconciled_invoices.c.number)
        yield from (tuple(row) for row in connection.execute(ordered))

"""What all contracts are billed by the invoices of a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fee_service.answers.billed import BilledContract, billed
from fee_service.contract import Contract
from fee_service.errors import Fault, FeeError
from fee_service.finance.kept import Events, contracts_between
from fee_service.finance.owing import known_on
from fee_service.finance.window import Window, window_of
from fee_service.published.editions import Editions, NotFound
from fee_service.rules.dues import dues_billed_in
from fee_service.storage import contracts, usage_reports
from fee_service.storage.database import Database

CONTRACTS_AT_ONCE = 1000
MOST_AT_ONCE = 1000  # contracts whose dues are answered at once: more are a job


class Billing(NamedTuple):
    """Invoices of a month as far as is known on a day, of the contracts up to a position (of those there were then)."""

    invoice_month: date
    as_of: date
    through: int


Rate = Callable[[Sequence[Contract]], Iterator[BilledContract]]


def billing_of(database: Database, invoice_month: date, as_of: date | None, today: date) -> tuple[Billing, int]:
    """What is asked for, and how many contracts there are. Raises StorageError."""
    with database.reading() as connection:
        places = contracts.places(connection)
        latest = usage_reports.latest(connection)
    known = known_on(as_of, [latest] if latest else [], today)
    return Billing(invoice_month, known, places[-1] if places else 0), len(places)


def ranges(database: Database, through: int) -> list[tuple[int, int]]:
    """The positions of the contracts up to one, some at a time: behind the first, up to the last of each."""
    with database.reading() as connection:
        places = [place for place in contracts.places(connection) if place <= through]
    last = [0, *places[CONTRACTS_AT_ONCE - 1 :: CONTRACTS_AT_ONCE]]
    if places and last[-1] != places[-1]:
        last.append(places[-1])
    return list(pairwise(last))


def all_events(database: Database) -> Events:
    """What happened to all contracts."""
    with database.reading() as connection:
        return contracts.all_events(connection)


def billed_all(database: Database, editions: Editions, billing: Billing, rate: Rate) -> Iterator[BilledContract]:
    """What each contract is billed, in the order of their numbers. Raises FeeError where one cannot be."""
    events, window = all_events(database), window_of(editions, billing.invoice_month, billing.as_of)
    for part in ranges(database, billing.through):
        yield from billed_in(database, part, events, window, rate)


def billed_in(
    database: Database, part: tuple[int, int], events: Events, window: Window, rate: Rate
) -> Iterator[BilledContract]:
    """Those of some contracts, without those that are billed nothing at all."""
    with database.reading() as connection:
        found = list(contracts_between(connection, *part, events, window))
    try:
        yield from (each for each in rate(found) if each.lines or each.invoices)
    except NotFound as error:
        numbers = f"{found[0].number} – {found[-1].number}"
        raise FeeError([Fault("dues_without_prices", "", {"why": f"{numbers}: {error}"})]) from error


def one_by_one(editions: Editions, billing: Billing) -> Rate:
    """The scalar engine: it needs no library of arrays."""

    def rate(found: Sequence[Contract]) -> Iterator[BilledContract]:
        for contract in found:
            yield billed(contract, dues_billed_in(contract, editions, billing.invoice_month, billing.as_of))

    return rate


def in_columns(editions: Editions, billing: Billing) -> Rate:
    """The engine for many, imported where it is needed."""
    from fee_service.bulk.dues import DuesOfMonth

    return DuesOfMonth(editions, billing.invoice_month, billing.as_of).billed

"""A whole reconciliation of files with one contract of the buyer, by what is published; nothing is stored."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from fee_service.answers.reconciled import ResultLine, read
from fee_service.contract import Contract
from fee_service.invoices.items import ItemNames
from fee_service.published.editions import Editions
from fee_service.reconciliation.files import SentFile, Taken, taken
from fee_service.reconciliation.matching import Contracts, Held
from fee_service.reconciliation.naming import named_lines
from fee_service.reconciliation.reconciling import Known, reconciled
from fee_service.reconciliation.results import tables
from fee_service.reconciliation.summing import Given, summed_up
from support.invoice_files import BUYER
from support.labelled_files import Named, invoiced
from support.labelled_invoices import PUBLISHED, a_month_of, bills_of, life_of, mixed
from support.naive import months_after, name_of_month

LATE = date(2060, 1, 1)  # every report is in, no use is assumed any more
MONTHS = 6  # of service that an invoice may be for


@dataclass(frozen=True)
class Ran:
    """What a reconciliation read, and what it came to."""

    taken: Taken
    lines: list[ResultLine]
    summary: dict[str, Any]


def ran(files: Sequence[Path], contract: Contract, editions: Editions, names: ItemNames) -> Ran:
    """Reconcile files. Raises FeeError where none can be read."""
    took = taken([SentFile(path, path.name) for path in files])
    held = Contracts.of([Held(contract, "id-1", BUYER)])
    found = reconciled(took, lambda lines: named_lines(lines, names), Known(held, (), editions, LATE, LATE))
    result = list(tables(took.lines, found.outcomes, found.missing))
    counted = Given(len(took.lines) + len(took.others), Counter(row.kind.value for row in took.others))
    return Ran(took, [line for part in result for line in read(part)], summed_up(result, counted))


def a_file(rng: Random, editions: Editions) -> tuple[dict[str, Any], list[Named]]:
    """The invoices of a month to a contract, some lines of them wrong."""
    while True:
        life = life_of(rng)
        month = date.fromisoformat(f"{a_month_of(rng, life)}-01")
        services = [name_of_month(months_after(month, -before)) for before in range(MONTHS)]
        bills = [
            bill
            for service in reversed(services)
            for bill in bills_of(life, service, LATE)
            if bill.invoice_on.replace(day=1) == month
        ]
        if bills:
            return life, invoiced(mixed(rng, bills, (PUBLISHED,)), editions.price_list(PUBLISHED.name))

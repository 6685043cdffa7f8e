"""Labelled invoices through a whole reconciliation, in files of every format: labels found, no row and no won lost."""

import json
import os
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.contracts import SEED_VARIABLE
from support.invoice_files import BUYER
from support.labelled_files import FORMATS, Named, invoiced
from support.labelled_invoices import PUBLISHED, Labelled, a_month_of, bills_of, life_of, mixed
from support.naive import months_after, name_of_month
from support.running import contract_of

from fee_service.answers.reconciled import ResultLine, read
from fee_service.contract import Contract
from fee_service.invoices.items import ItemNames
from fee_service.published.editions import Editions
from fee_service.published.item_names import published_names
from fee_service.reconciliation.files import Given, taken
from fee_service.reconciliation.matching import Contracts, Held
from fee_service.reconciliation.naming import named_lines
from fee_service.reconciliation.reconciling import Known, reconciled
from fee_service.reconciliation.results import tables
from fee_service.reconciliation.summing import Given as Counted
from fee_service.reconciliation.summing import summed_up

FILES = int(os.environ.get("LABELLED_FILES", "17"))  # more with `LABELLED_FILES=1000`
SEED = os.environ.get(SEED_VARIABLE) or str(secrets.randbits(32))
LATE = date(2040, 1, 1)
MONTHS = 6  # of service that an invoice may be for


@pytest.fixture(scope="module")
def names(editions: Editions) -> ItemNames:
    """The texts that are known to everybody."""
    return ItemNames(published_names(editions))


@dataclass(frozen=True)
class Ran:
    """What a reconciliation came to."""

    lines: list[ResultLine]
    summary: dict[str, Any]


def ran(files: Sequence[Path], contract: Contract, editions: Editions, names: ItemNames) -> Ran:
    """Reconcile files with one contract of the buyer."""
    took = taken([Given(path, path.name) for path in files])
    held = Contracts.of([Held(contract, "id-1", BUYER)])
    known = Known(held, (), editions, LATE, LATE)
    found = reconciled(took, lambda lines: named_lines(lines, names), known)
    result = list(tables(took.lines, found.outcomes, found.missing))
    others: dict[str, int] = {}
    for row in took.others:
        others[row.kind.value] = others.get(row.kind.value, 0) + 1
    counted = Counted(len(took.lines) + len(took.others), others)
    return Ran([line for part in result for line in read(part)], summed_up(result, counted))


def a_file(rng: random.Random, editions: Editions) -> tuple[dict[str, Any], list[Named]]:
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


def again(number: int, *told: Any) -> str:
    written = json.dumps(told, default=str, ensure_ascii=False)
    return f"number {number} of seed {SEED} (set {SEED_VARIABLE}={SEED} to repeat)\n{written}"


def test_labels_are_found_in_files_of_every_format(editions: Editions, names: ItemNames, tmp_path: Path) -> None:
    """Each line with its label or right, in the order of the file; rows and won all there."""
    for number in range(FILES):
        rng = random.Random(f"files:{SEED}:{number}")
        life, named = a_file(rng, editions)
        form = list(FORMATS)[number % len(FORMATS)]
        path = FORMATS[form](rng, named, tmp_path)
        found = ran([path], contract_of(life, editions), editions, names)
        assert found.summary["closes"], again(number, form, life, found.summary)
        lines = [line for line in found.lines if line.status != "missing"]
        assert len(lines) == len(named), again(number, form, life)
        assert sum(line.amount or 0 for line in lines) == sum(each.billed.amount for each in named)
        for each, line in zip(named, lines, strict=True):
            wrong = what_is_wrong(each.label, line)
            assert not wrong, again(number, form, wrong, life, each, line)
        assert not [line for line in found.lines if line.status == "missing"], again(number, form, life)


def what_is_wrong(label: Labelled, line: ResultLine) -> str | None:
    """How a line of the result is not what its label says."""
    difference = label.billed - label.bill.amount
    if (line.difference or 0) != difference:
        return f"difference {line.difference}, not {difference}"
    if not difference:
        return None if line.status == "match" else f"{line.status} {line.cause}, and it is right"
    told = [cause for cause in (line.cause, *line.also) if cause]
    wanted = sorted(label.causes)
    if any(sorted(cause.split("+")) == wanted for cause in told):
        return None
    is_one = len(wanted) == 2 and "+" not in told[0] and told[0] not in ("unexplained", "unexpected", "duplicate")
    return None if is_one else f"{told}, not {wanted}"

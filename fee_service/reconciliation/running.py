"""A reconciliation as it is run, by a worker or on the command line: files in, tables and a summary out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from fee_service.invoices.items import ItemNames
from fee_service.invoices.values import OtherRow
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.files import SentFile, Taken, taken
from fee_service.reconciliation.finding_out import covered_by, named_findings
from fee_service.reconciliation.knowing import AsOf, known
from fee_service.reconciliation.naming import named_lines
from fee_service.reconciliation.reconciling import Reconciled, Watch, nobody_watches, reconciled
from fee_service.reconciliation.results import tables
from fee_service.reconciliation.summing import Given, Sums
from fee_service.rules.findings import Covered, Seen
from fee_service.strict_json import Data
from fee_service.wording import Language, fault_answer


class Run(NamedTuple):
    """A run that is over but for what it tells: its lines, and what it found wrong."""

    taken: Taken
    found: Reconciled
    seen: Sequence[Seen]
    covers: Sequence[Covered]

    def tables(self) -> Iterator[pa.Table]:
        """The result in pieces (`answers.reconciled.RESULT`)."""
        return tables(self.taken.lines, self.found.outcomes, self.found.missing)


def run(desk: Desk, files: Iterable[SentFile], names: ItemNames, as_of: AsOf, watch: Watch = nobody_watches) -> Run:
    """Reconcile files. Raises FeeError (422) where none of them can be read, and StorageError."""
    took = taken(files, as_of.own_number)
    found = reconciled(took, lambda lines: named_lines(lines, names), known(desk, took, as_of), watch)
    named, seen = named_findings(found)
    return Run(took, named, seen, covered_by(found))


def summary(sums: Sums, of: Run, findings: dict[str, int]) -> Data:
    """What the run comes to."""
    took = of.taken
    checks = [
        {"file": file, **check._asdict(), "holds": check.holds}
        for file, account in took.accounts
        for check in account.checks
    ]
    return sums.summary(
        Given(
            rows=len(took.lines) + len(took.others),
            other_rows=dict(Counter(row.kind.value for row in took.others)),
            checks=checks,
            months_without_rows=[_month(*each) for each in of.found.without_rows],
            findings=findings,
        )
    )


def understood(of: Run, language: Language) -> Data:
    """What of the files is no line: rows with their places, and files that could not be read."""
    return {
        "other_rows": [_place(row) for row in of.taken.others],
        "refused": [{"file": one.file, **fault_answer(one.fault, language)} for one in of.taken.refused],
    }


def _place(row: OtherRow) -> Data:
    return {**row.place._asdict(), "kind": row.kind.value, "code": row.code}


def _month(company: str | None, month: date) -> str:
    return f"{month:%Y-%m}" if company is None else f"{company} {month:%Y-%m}"

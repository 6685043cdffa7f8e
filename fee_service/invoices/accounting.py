"""Rows in are rows out: what came out of a file, counted and summed, and the totals that it states against its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow.compute as pc

from fee_service.invoices.shape import Batch
from fee_service.invoices.values import Check, OtherKind, Refused, Totals, Understood


class Account(NamedTuple):
    """Rows, lines and sums of a file; `others` counts the rows that are no lines by their kind."""

    rows: int
    lines: int
    others: dict[OtherKind, int]
    unreadable: int  # lines with at least one value that cannot be read
    amount: int
    vat: int
    invoices: Totals  # of their own totals, each invoice once, where the file has them
    first_day: date | None
    last_day: date | None
    checks: tuple[Check, ...]
    refused: tuple[Refused, ...]


class Accounting:
    """Adds up batches; one at a time, in whole numbers without an end."""

    def __init__(self) -> None:
        self._rows = self._lines = self._unreadable = 0
        self._others: Counter[OtherKind] = Counter()
        self._sums: Counter[str] = Counter()
        self._invoices: dict[str, tuple[int, int, int]] = {}
        self._days: list[date] = []
        self._refused: list[Refused] = []
        self._sum_row: dict[str, int] = {}

    def add(self, batch: Batch) -> None:
        """One batch, as it is handed out."""
        self._rows += batch.rows
        self._lines += len(batch.lines)
        self._unreadable += len(batch.unreadable)
        self._refused += batch.refused
        for row in batch.others:
            self._others[row.kind] += 1
            self._sum_row = dict(row.sums) if row.kind is OtherKind.SUM else self._sum_row
        for name in ("amount", "vat", "total"):
            self._sums[name] += pc.sum(batch.lines[name]).as_py() or 0
        bounds = pc.min_max(batch.lines["issued_on"]).as_py()
        self._days += [day for day in bounds.values() if day]
        self._days = [min(self._days), max(self._days)] if self._days else []
        self._add_invoices(batch.lines)

    def _add_invoices(self, lines: Any) -> None:
        """Of an invoice with many rows each has its totals: they count once."""
        if lines["invoice_supply"].null_count == len(lines):
            return
        names = ("invoice_number", "line", "invoice_supply", "invoice_vat", "invoice_total")
        for number, line, *sums in zip(*(lines[name].to_pylist() for name in names), strict=True):
            supply, vat, total = (each or 0 for each in sums)
            self._invoices.setdefault(number or f"line {line}", (supply, vat, total))

    def account(self, understood: Sequence[Understood]) -> Account:
        """All that was added, against what the preambles and the last sum row state."""
        invoices = Totals(*(sum(each) for each in zip(*self._invoices.values(), strict=True)))
        found = {"supply": invoices.supply, "vat": invoices.vat, "total": invoices.total}
        if invoices.supply is None:
            supply, vat = self._sums["amount"], self._sums["vat"]
            found = {"supply": supply, "vat": vat, "total": self._sums["total"] or supply + vat}
        stated = [(name, won) for one in understood for name, won in one.stated._asdict().items() if won is not None]
        checks = [Check(name, won, found[name] or 0) for name, won in stated] if len(understood) == 1 else []
        sum_row = self._sum_row if self._others[OtherKind.SUM] == 1 else {}  # of several some are sums of a part
        checks += [
            Check(f"sum_row_{name}", won, self._sums[name]) for name, won in sum_row.items() if name in self._sums
        ]
        first, last = self._days or (None, None)
        return Account(
            self._rows, self._lines, dict(self._others), self._unreadable, self._sums["amount"], self._sums["vat"],
            invoices, first, last, tuple(checks), tuple(self._refused),
        )  # fmt: skip

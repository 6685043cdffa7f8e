"""What an upload covers: whose invoices, of which months. Only there something can be called missing (P1 §10.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fee_service.invoices.values import Direction
from fee_service.periods import first_of_month_after
from fee_service.reconciliation.files import Covered
from fee_service.reconciliation.matching import Contracts, Held


class Months(NamedTuple):
    """Months by their first days, both included."""

    first: date
    last: date

    def each(self) -> Iterator[date]:
        month = self.first
        while month <= self.last:
            yield month
            month = first_of_month_after(month, 1)


@dataclass(slots=True)
class Coverage:
    """The lists of an upload, and the months of companies in which there is a row; None: of all companies at once."""

    bought: dict[str, list[Months]] = field(default_factory=dict)  # by the buyer
    sold: list[Months] = field(default_factory=list)
    with_rows: set[tuple[str | None, date]] = field(default_factory=set)  # a buyer, or None: any

    @classmethod
    def of(cls, covered: Iterable[Covered]) -> Coverage:
        """What the files are lists of."""
        found = cls()
        for own_number, direction, first, last in covered:
            months = Months(first.replace(day=1), last.replace(day=1))
            if direction is Direction.SALE and own_number:
                found.sold.append(months)
            elif own_number:
                found.bought.setdefault(own_number, []).append(months)
        return found

    def see(self, customer: str | None, issued_on: date) -> None:
        """A row of an invoice to a customer."""
        month = issued_on.replace(day=1)
        self.with_rows |= {(None, month), (customer, month)}

    def contracts(self, known: Contracts) -> set[str]:
        """The contracts of which the lists must have every invoice."""
        if self.sold:
            return set(known.held)
        return {each.contract.number for own in self.bought for each in known.of_company(own)}

    def months_of(self, held: Held) -> Sequence[date]:
        """The months of whose invoices of a contract the lists have all, or of whose invoices there is one."""
        listed = [*self.bought.get(held.business_number or "", ()), *self.sold]
        months = {month for each in listed for month in each.each()}
        return sorted(months | {month for customer, month in self.with_rows if customer == held.business_number})

    def has_rows(self, held: Held, month: date) -> bool:
        """Whether there is a row in a month: of the contract's company, or of a list of everything sold."""
        sold = any(each.first <= month <= each.last for each in self.sold)
        return ((None if sold else held.business_number), month) in self.with_rows

    def without_rows(self) -> list[tuple[str | None, date]]:
        """Months inside a list in which it has no row: a file may be missing."""
        bought = ((own, month) for own, lists in self.bought.items() for each in lists for month in each.each())
        sold = ((None, month) for each in self.sold for month in each.each())
        return sorted({*bought, *sold} - self.with_rows, key=lambda each: (each[0] or "", each[1]))

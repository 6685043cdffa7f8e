"""From lines to invoices: which lines are one invoice, what it comes to, and whether its lines are all there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from fee_service.invoices.items import Named

APPROVAL = 24  # characters of an approval number, which no other supplier gives


class Billed(NamedTuple):
    """A line of an invoice as far as it is judged (KRW); `row` is its place among those of the upload."""

    contract: str
    named: Named | None
    amount: int
    vat: int | None
    row: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a correction; `number` tells it from those of other suppliers, `shown` is what is printed.

    `as_total`: what its lines come to is not what it is for, so only its total can be judged. `whole`: all of its lines
    are here, so that its VAT can be judged.
    """

    number: str
    shown: str
    issued_on: date
    corrects: str | None
    lines: tuple[Billed, ...]
    as_total: bool
    whole: bool

    @property
    def supply(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def has_vat(self) -> bool:
        """Whether its VAT can be judged."""
        return self.whole and all(line.vat is not None for line in self.lines)

    @property
    def vat(self) -> int:
        """Of the lines whose VAT is known."""
        return sum(line.vat or 0 for line in self.lines)

    def as_earlier(self) -> Document:
        """The same for a later upload, which does not have its rows."""
        return replace(self, lines=tuple(line._replace(row=None) for line in self.lines))

    @property
    def rows(self) -> Iterator[int]:
        """Its lines in the upload; none of an invoice that came earlier."""
        return (line.row for line in self.lines if line.row is not None)


class Stated(NamedTuple):
    """What an invoice says of itself as a whole (KRW)."""

    supply: int | None
    vat: int | None


def number_of(number: str, supplier: str | None) -> str:
    """A number that no other invoice has: approval numbers are unique, others only with their supplier."""
    return number if len(number) == APPROVAL else f"{supplier or ''}/{number}"


def lines_with_total(lines: Sequence[Billed], stated: Stated) -> tuple[tuple[Billed, ...], bool]:
    """The lines of an invoice, and whether it is to be judged by its total; then the first bears what they lack.

    Lists often print the first item of an invoice only, beside the total of all.
    """
    first, *others = lines
    supply = sum(line.amount for line in lines)
    as_total = stated.supply is not None and stated.supply != supply
    if as_total:
        first = first._replace(amount=first.amount + (stated.supply or 0) - supply)
    if stated.vat is not None and (as_total or all(line.vat is None for line in lines)):
        others = [line._replace(vat=line.vat or 0) for line in others]
        first = first._replace(vat=stated.vat - sum(line.vat or 0 for line in others))
    return (first, *others), as_total


def contracts_in(documents: Iterable[Document]) -> set[str]:
    """The contracts that invoices are for."""
    return {line.contract for document in documents for line in document.lines}

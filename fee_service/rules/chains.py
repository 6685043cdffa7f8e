"""Invoices and their corrections as chains: an invoice, what cancels it and what takes its place are judged as one.

Codes of corrections (수정세금계산서): 01 entered by mistake, 02 supply value changed, 03 returned, 04 contract
cancelled, 05 local letter of credit, 06 issued twice. All of them name the invoice that they correct. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar


class Document(Protocol):
    """An invoice or a correction, as far as chains need it; amounts are KRW, a credit is negative."""

    @property
    def number(self) -> str: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def corrects(self) -> str | None: ...
    @property
    def supply(self) -> int: ...
    @property
    def vat(self) -> int: ...


D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class Chain(Generic[D]):
    """An invoice with everything that corrects it, in the order of their days.

    `number` is the original's, also where the original itself is not there: `is_whole` says so.
    """

    number: str
    documents: tuple[D, ...]

    @property
    def original(self) -> D | None:
        """The invoice that the others correct; None where no file holds it."""
        return next((document for document in self.documents if document.number == self.number), None)

    @property
    def is_whole(self) -> bool:
        return self.original is not None

    @property
    def issued_on(self) -> date:
        """The day of the original, in whose month the chain is judged; without it, of its first correction."""
        return (self.original or self.documents[0]).issued_on

    @property
    def supply(self) -> int:
        """What is left to pay without VAT."""
        return sum(document.supply for document in self.documents)

    @property
    def vat(self) -> int:
        return sum(document.vat for document in self.documents)


def chains_of(documents: Iterable[D]) -> tuple[Chain[D], ...]:
    """Documents as chains, those of the earliest originals first; every document is in exactly one.

    A correction of a correction belongs to the chain of what that one corrects. Documents that name each other in a
    circle have no original: they are one chain, named after the smallest number.
    """
    given = list(documents)
    corrected = {document.number: document.corrects for document in given}
    found: dict[str, list[D]] = {}
    for document in given:
        found.setdefault(_original(document.number, corrected), []).append(document)
    made = (Chain(number, tuple(sorted(each, key=_in_time))) for number, each in found.items())
    return tuple(sorted(made, key=lambda chain: (chain.issued_on, chain.number)))


def seen_before(documents: Sequence[D], known: Iterable[str] = ()) -> tuple[list[D], list[D]]:
    """Documents by whether their number came for the first time, or was there before: in these or among the known."""
    numbers = set(known)
    first: list[D] = []
    again: list[D] = []
    for document in documents:
        (again if document.number in numbers else first).append(document)
        numbers.add(document.number)
    return first, again


def _original(number: str, corrected: dict[str, str | None]) -> str:
    passed = [number]
    while (before := corrected.get(passed[-1])) is not None:
        if before in passed:
            return min(passed[passed.index(before) :])
        passed.append(before)
    return passed[-1]


def _in_time(document: Document) -> tuple[date, str]:
    return document.issued_on, document.number

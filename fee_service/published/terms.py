"""Clauses of the licence contracts as data: what each means for money, and on which quotes it bears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from fee_service.model import Label, Licence, Line, Reading
from fee_service.prices import CellKind


class TermClause(NamedTuple):
    """Where a term is written in a contract; `reading` where that contract is silent or unclear."""

    contract: str
    source: str
    clause: Label
    reading: Reading | None


class Bearing(NamedTuple):
    """What a contract of a quote must be for a term to bear on it; None: either way. All that is said must hold.

    From `ids` on its fields are those of `_Taken`, in their order.
    """

    channels: tuple[str, ...] | None = None
    options: tuple[str, ...] | None = None  # any of them
    ids: bool | None = None
    usage: bool | None = None  # IDs or queries
    affiliates: bool | None = None
    non_display_use: bool | None = None
    withheld: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A term in words of our own; it bears where any of `when` holds, always where there is none."""

    id: str
    text: Label
    clauses: tuple[TermClause, ...]
    when: tuple[Bearing, ...]

    @property
    def source(self) -> str:
        """The document of its first clause."""
        return self.clauses[0].source

    @property
    def clause(self) -> Label:
        """Every clause with its document, e.g. "P1 §2.1, P2 §2.1"."""
        cited = [(f"{place.source} {place.clause.ko}", f"{place.source} {place.clause.en}") for place in self.clauses]
        return Label(*(", ".join(dict.fromkeys(names)) for names in zip(*cited, strict=True)))


class _Taken(NamedTuple):
    """What a quote takes of a contract."""

    channel: str
    options: frozenset[str]
    ids: bool
    usage: bool
    affiliates: bool
    non_display_use: bool
    withheld: bool

    def is_as(self, wanted: Bearing) -> bool:
        if wanted.channels is not None and self.channel not in wanted.channels:
            return False
        if wanted.options is not None and self.options.isdisjoint(wanted.options):
            return False
        flags = zip(wanted[2:], self[2:], strict=True)
        return all([said is None or said == found for said, found in flags])  # noqa: C419 -- seven, in half the time


def terms_of(
    terms: tuple[Term, ...], licences: Sequence[Licence], lines: Sequence[Line], channel: str
) -> tuple[Term, ...]:
    """The terms that bear on a quote, each with only the clauses of the contracts on which it does."""
    contracts = dict.fromkeys(licence.contract for licence in licences)
    return _bearing(terms, tuple([(contract, _taken(contract, licences, lines, channel)) for contract in contracts]))


@lru_cache(maxsize=1024)
def _bearing(terms: tuple[Term, ...], taken: tuple[tuple[str, _Taken], ...]) -> tuple[Term, ...]:
    """Kept, because the ways to take a contract are few: the very same terms come again, not only equal ones."""
    always = frozenset([contract for contract, _ in taken])
    found = [_within(term, _bearing_on(term, taken) if term.when else always) for term in terms]
    return tuple([term for term in found if term is not None])


def _bearing_on(term: Term, taken: Sequence[tuple[str, _Taken]]) -> frozenset[str]:
    return frozenset([contract for contract, of_it in taken if any(map(of_it.is_as, term.when))])


@lru_cache(maxsize=512)
def _within(term: Term, contracts: frozenset[str]) -> Term | None:
    """A term with only its clauses in some contracts, None where it has none; kept, as it is the same for all."""
    clauses = tuple([clause for clause in term.clauses if clause.contract in contracts])
    if not clauses:
        return None
    return term if clauses == term.clauses else replace(term, clauses=clauses)


def _taken(contract: str, licences: Sequence[Licence], lines: Sequence[Line], channel: str) -> _Taken:
    own = [licence for licence in licences if licence.contract == contract]
    ids = any(licence.usage.standard_ids or licence.usage.personal_ids for licence in own)
    return _Taken(
        channel=channel,
        options=frozenset(option for licence in own for option in licence.options),
        ids=ids,
        usage=ids or any(licence.usage.queries for licence in own),
        affiliates=any(licence.affiliate_extension for licence in own),
        non_display_use=any(licence.non_display_use for licence in own),
        withheld=any(
            cell.cell is CellKind.WITHHELD for line in lines if line.contract == contract for cell in line.cells
        ),
    )

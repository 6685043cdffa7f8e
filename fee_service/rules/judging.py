"""What is billed held against what is due: which claim is for which due, and how each stands. Pure.

A claim is what a chain of invoices bills for one fee and month of service, or as a total where no lines are known.
Every claim and every due is judged once, so that no won is lost: what is billed is what is due plus the differences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from fee_service.contract import Basis
from fee_service.published.editions import CellKey, PriceList
from fee_service.rules.reckoning import Reckoned
from fee_service.rules.reconciling import explanations_of
from fee_service.rules.reconciling_totals import Place, explanations_of_total

MOST_TRIED = 12  # dues of which every selection is tried for a total


class Status(StrEnum):
    """How a line of an invoice stands."""

    MATCH = "match"
    OVERBILLED = "overbilled"
    UNDERBILLED = "underbilled"
    MISSING = "missing"  # due, and not billed
    UNEXPECTED = "unexpected"  # billed, and not due
    DUPLICATE = "duplicate"  # billed beyond what is due, which another claim bills
    ALREADY_SEEN = "already_seen"  # the same approval number again
    UNREADABLE = "unreadable"  # nothing certain can be said of it
    NOT_JUDGED = "not_judged"  # of another company, or of a use that nobody has reported


ASIDE = (Status.ALREADY_SEEN, Status.UNREADABLE, Status.NOT_JUDGED)  # nothing is expected of these
TELLS_WHY = (Status.MISSING, Status.UNEXPECTED, Status.DUPLICATE)  # where no cause is known the status is it


class CheckedAgainst(StrEnum):
    """What an amount was held against."""

    CONTRACT = "contract"
    REPORT = "report"
    ESTIMATE = "estimate"
    NONE = "none"


CHECKED: Mapping[Basis, CheckedAgainst] = {
    Basis.CONTRACT: CheckedAgainst.CONTRACT,
    Basis.REPORT: CheckedAgainst.REPORT,
    Basis.SETTLEMENT: CheckedAgainst.REPORT,
    Basis.ESTIMATE: CheckedAgainst.ESTIMATE,
    Basis.ASSUMED: CheckedAgainst.NONE,
}


class Expected(NamedTuple):
    """A due: for which fee and month of service, billed on which day, and what it is reckoned from."""

    key: CellKey
    month: date  # its first day
    invoice_on: date
    checked_against: CheckedAgainst
    reckoned: Reckoned

    @property
    def amount(self) -> int:
        return self.reckoned.net


class Claim(NamedTuple):
    """What a chain bills for a fee and a month of service; as a total where `key` and `month` are None (KRW)."""

    chain: str
    issued_on: date  # of the chain's original
    amount: int
    key: CellKey | None = None
    month: date | None = None
    is_told: bool = True  # False of a total of items that nobody has named: it may be for something else


class Verdict(NamedTuple):
    """How a claim stands against its dues; the places of an explanation number the dues (KRW)."""

    claim: Claim
    dues: tuple[Expected, ...]
    expected: int
    status: Status
    explanations: tuple[tuple[Place, ...], ...]  # the first is the cause, the others its rivals

    @property
    def difference(self) -> int:
        return self.claim.amount - self.expected

    @property
    def checked_against(self) -> CheckedAgainst:
        """Against what the amount was held; none, where one of the dues rests on nothing that is known."""
        found = {due.checked_against for due in self.dues}
        weakest = (CheckedAgainst.NONE, CheckedAgainst.ESTIMATE, CheckedAgainst.REPORT, CheckedAgainst.CONTRACT)
        return next((each for each in weakest if each in found), CheckedAgainst.NONE)


@dataclass(frozen=True, slots=True)
class Judged:
    """Every claim with its verdict, and the dues that nothing bills."""

    verdicts: tuple[Verdict, ...]
    not_billed: tuple[Expected, ...]


@dataclass(slots=True)
class _Bench:
    """What of the dues is still open while claims are judged one after the other."""

    lists: Sequence[PriceList]
    open: list[Expected]
    beside: Mapping[tuple[CellKey, date], Reckoned]
    verdicts: list[Verdict] = field(default_factory=list)

    def settle(self, claim: Claim, dues: Sequence[Expected], expected: int | None = None) -> None:
        """Judge a claim by its dues, which nothing else may bill any more."""
        for due in dues:
            self.open.remove(due)
        owed = sum(due.amount for due in dues) if expected is None else expected
        self.verdicts.append(
            Verdict(claim, tuple(dues), owed, _status(claim, owed, dues), self._why(claim, owed, dues))
        )

    def settle_net(self, claim: Claim, dues: Sequence[Expected], net: int) -> None:
        """Judge a claim by what is left of it once others are taken off (KRW)."""
        for due in dues:
            self.open.remove(due)
        owed = sum(due.amount for due in dues)
        left = claim._replace(amount=net)
        status, why = _status(left, owed, dues), self._why(left, owed, dues)
        self.verdicts.append(Verdict(claim, tuple(dues), owed + claim.amount - net, status, why))

    def refuse(self, claim: Claim, was_due: bool) -> None:
        """A claim for which nothing is left, because another bills it, or because nothing was due."""
        beyond = Status.DUPLICATE if was_due else Status.UNEXPECTED
        status = beyond if claim.amount else Status.MATCH
        beside = self.beside.get((claim.key, claim.month)) if claim.key and claim.month and not was_due else None
        why = () if beside is None else _of_one(beside, claim.amount, self.lists)
        self.verdicts.append(Verdict(claim, (), 0, status, why))

    def leave(self, claim: Claim) -> None:
        """A claim of which nobody can say what it is for."""
        self.verdicts.append(Verdict(claim, (), 0, Status.UNREADABLE, ()))

    def explains(self, claim: Claim, dues: Sequence[Expected]) -> bool:
        """Whether a known mistake in the dues gives the claim."""
        return bool(dues and self._why(claim, sum(due.amount for due in dues), dues))

    def _why(self, claim: Claim, owed: int, dues: Sequence[Expected]) -> tuple[tuple[Place, ...], ...]:
        if claim.amount == owed:
            return ()
        if len(dues) == 1:
            return _of_one(dues[0].reckoned, claim.amount, self.lists)
        return explanations_of_total([due.reckoned for due in dues], claim.amount, self.lists)


def judge(
    expected: Iterable[Expected],
    claims: Iterable[Claim],
    lists: Sequence[PriceList],
    beside: Mapping[tuple[CellKey, date], Reckoned] | None = None,
) -> Judged:
    """The claims on a contract held against its dues: those of known fees first, then totals, month by month.

    `beside` is what the licences may be billed for although nothing is due, to explain it.
    """
    bench = _Bench(lists, sorted(expected, key=_when), beside or {})
    ordered = sorted(claims, key=lambda claim: (claim.issued_on, claim.chain))
    for of_a_fee in _grouped([claim for claim in ordered if claim.key is not None]).values():
        _judge_fee(bench, of_a_fee)
    totals = [claim for claim in ordered if claim.key is None]
    for day in sorted({_month(claim.issued_on) for claim in totals}):
        _judge_totals(bench, day, [claim for claim in totals if _month(claim.issued_on) == day])
    return Judged(tuple(bench.verdicts), tuple(due for due in bench.open if due.amount))


def _judge_fee(bench: _Bench, claims: Sequence[Claim]) -> None:
    """The claims for one fee and month: together, then those that are exact, then the others in their order."""
    dues = [due for due in bench.open if (due.key, due.month) == (claims[0].key, claims[0].month)]
    if len(claims) > 1 and dues and sum(claim.amount for claim in claims) == sum(due.amount for due in dues):
        _together(bench, claims, dues)
        return
    waiting, left = [], list(dues)
    for claim in claims:
        exact = next((due for due in left if due.amount == claim.amount), None)
        if exact is None:
            waiting.append(claim)
        else:
            left.remove(exact)
            bench.settle(claim, [exact])
    if left and any(claim.amount < 0 for claim in waiting) and any(claim.amount > 0 for claim in waiting):
        _net_of_credits(bench, waiting, left)
        return
    for claim in waiting:
        if left and claim.amount > 0:
            bench.settle(claim, [left.pop(0)])
        else:
            bench.refuse(claim, bool(dues))


def _net_of_credits(bench: _Bench, claims: Sequence[Claim], dues: Sequence[Expected]) -> None:
    """Bills and credits of no original are judged by what is left of them; the first bill bears the difference."""
    first = next(claim for claim in claims if claim.amount > 0)
    net = sum(claim.amount for claim in claims)
    bench.settle_net(first, dues, net)
    for claim in claims:
        if claim is not first:
            bench.verdicts.append(Verdict(claim, tuple(dues), claim.amount, Status.MATCH, ()))


def _together(bench: _Bench, claims: Sequence[Claim], dues: Sequence[Expected]) -> None:
    """Claims that bill some dues in parts: each is what was expected of it."""
    first, *others = claims
    bench.settle(first, dues, first.amount)
    for claim in others:
        bench.verdicts.append(Verdict(claim, tuple(dues), claim.amount, bench.verdicts[-1].status, ()))


def _judge_totals(bench: _Bench, month: date, claims: Sequence[Claim]) -> None:
    """The totals of a month's invoices against what nothing else bills then: exact selections first, then the rest."""
    were_due = any(_month(due.invoice_on) == month for due in bench.open)
    waiting = []
    for claim in claims:
        dues = _of_month(bench, month)
        chosen = _selection(dues, claim.amount) if claim.amount else ()
        if chosen:
            bench.settle(claim, chosen)
        else:
            waiting.append(claim)
    for claim in waiting:
        dues = _of_month(bench, month)
        if not claim.is_told and not bench.explains(claim, dues):
            bench.leave(claim)
        elif dues and claim.amount:
            bench.settle(claim, dues)
        else:
            bench.refuse(claim, were_due)


def _of_month(bench: _Bench, month: date) -> list[Expected]:
    return [due for due in bench.open if _month(due.invoice_on) == month]


def _selection(dues: Sequence[Expected], amount: int) -> tuple[Expected, ...]:
    """The dues that a total is exactly for: all, else the one selection that gives it; none where several do."""
    if sum(due.amount for due in dues) == amount:
        return tuple(dues)
    owed = [due for due in dues if due.amount]
    if len(owed) > MOST_TRIED:
        return ()
    found = [
        chosen
        for size in range(1, len(owed))
        for chosen in combinations(owed, size)
        if sum(due.amount for due in chosen) == amount
    ]
    return found[0] if len(found) == 1 else ()


def _status(claim: Claim, owed: int, dues: Sequence[Expected]) -> Status:
    if any(due.checked_against is CheckedAgainst.NONE for due in dues):
        return Status.NOT_JUDGED
    if claim.amount == owed:
        return Status.MATCH
    return Status.OVERBILLED if claim.amount > owed else Status.UNDERBILLED


def _of_one(due: Reckoned, billed: int, lists: Sequence[PriceList]) -> tuple[tuple[Place, ...], ...]:
    return tuple(tuple(Place(0, mistake) for mistake in each.mistakes) for each in explanations_of(due, billed, lists))


def _grouped(claims: Iterable[Claim]) -> dict[tuple[CellKey | None, date | None], list[Claim]]:
    found: dict[tuple[CellKey | None, date | None], list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.key, claim.month), []).append(claim)
    return found


def _when(due: Expected) -> tuple[date, date, str]:
    return due.invoice_on, due.month, str(due.key)


def _month(day: date) -> date:
    return day.replace(day=1)


def causes_of(verdict: Verdict) -> Iterator[str]:
    """The cause of a difference, then its rivals: each one word, or two that hold together."""
    yield from dict.fromkeys("+".join(place.mistake.cause for place in places) for places in verdict.explanations)

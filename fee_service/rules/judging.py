"""What is billed held against what is due: which claim is for which due, and how each stands. Pure.

A claim is what a chain of invoices bills for one fee and month of service, or as a total where no lines are known.
Every claim and every due is judged once, so that no won is lost: what is billed is what is due plus the differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import NamedTuple

from fee_service.contract import Basis
from fee_service.published.editions import CellKey, PriceList
from fee_service.rules.reckoning import Reckoned
from fee_service.rules.reconciling import explanations_of
from fee_service.rules.reconciling_totals import Place, explanations_of_total
from fee_service.verdict import CheckedAgainst as CheckedAgainst
from fee_service.verdict import Status as Status

MOST_TRIED = 12  # dues of which every selection is tried for a total


ASIDE = (Status.ALREADY_SEEN, Status.UNREADABLE, Status.NOT_JUDGED)  # nothing is expected of these
TELLS_WHY = (Status.MISSING, Status.UNEXPECTED, Status.DUPLICATE)  # where no cause is known the status is it


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
    """What a chain bills for a fee and a month of service; as a total where `key` and `month` are None (KRW).

    Of what was billed and `cancelled` as a whole nothing is left: its due is as open as if it had never been billed.
    """

    chain: str
    issued_on: date  # of the chain's original
    amount: int
    key: CellKey | None = None
    month: date | None = None
    is_told: bool = True  # False of a total of items that nobody has named: it may be for something else
    cancelled: bool = False
    part: int = 0  # of a chain that bills the same twice, which of the lines

    @property
    def bills(self) -> bool:
        """Whether it may be for a due; 0 is, where somebody billed 0."""
        return not (self.cancelled and not self.amount)


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
    """The claims for one fee and month: together, then those that are exact, then the others: each by the due that is
    billed in its month, what is left of them in their order, and those that bill nothing last.

    A claim for which something is billed in its month is not for what is billed in another, whatever it comes to.
    """
    dues = [due for due in bench.open if (due.key, due.month) == (claims[0].key, claims[0].month)]
    in_parts = len(claims) > len({due.invoice_on for due in dues}) > 0
    if in_parts and sum(claim.amount for claim in claims) == sum(due.amount for due in dues):
        _together(bench, claims, dues)
        return
    waiting = list(claims)
    _settle_fitting(bench, waiting, dues, (_is_exact_then, _is_exact))
    left = [due for due in dues if due in bench.open]
    if len(waiting) == 1 and waiting[0].amount and _is_exact(waiting[0], left):
        bench.settle(waiting[0], left)
        return
    if left and _are_credits_of_bills(waiting, left):
        _net_of_credits(bench, waiting, left)
        return
    _settle_fitting(bench, waiting, left, (_is_billed_then, _is_any))
    for claim in waiting:
        bench.refuse(claim, bool(dues))


Fits = Callable[[Claim, Sequence[Expected]], bool]


def _settle_fitting(bench: _Bench, waiting: list[Claim], dues: Sequence[Expected], ways: Iterable[Fits]) -> None:
    """Settle the claims that fit some of the dues, one way after the other, those that bill nothing last; the others
    stay waiting."""
    for fits in ways:
        for claim in sorted(waiting, key=lambda claim: not claim.amount):
            left = [due for due in dues if due in bench.open]
            has_own = fits is _is_exact and any(_is_billed_then(claim, [due]) for due in left)
            wanted = claim.bills and not has_own
            chosen = next((some for some in _choices(left) if wanted and fits(claim, some)), None)
            if chosen is not None:
                waiting.remove(claim)
                bench.settle(claim, chosen)


def _are_credits_of_bills(claims: Iterable[Claim], dues: Iterable[Expected]) -> bool:
    """Whether some claims take back what others bill; not where a credit may be due, by a settlement."""
    amounts = [claim.amount for claim in claims]
    return any(won < 0 for won in amounts) and any(won > 0 for won in amounts) and not _is_settled(dues)


def _choices(dues: Sequence[Expected]) -> Iterator[Sequence[Expected]]:
    """What one line may bill: the dues of a day together, else one of them; what comes to nothing behind the others."""
    of_days: dict[date, list[Expected]] = {}
    for due in dues:
        of_days.setdefault(due.invoice_on, []).append(due)
    yield from sorted(of_days.values(), key=lambda of_a_day: not any(due.amount for due in of_a_day))
    yield from ([due] for of_a_day in of_days.values() if len(of_a_day) > 1 for due in of_a_day)


def _is_exact_then(claim: Claim, dues: Sequence[Expected]) -> bool:
    return _is_exact(claim, dues) and _is_billed_then(claim, dues)


def _is_exact(claim: Claim, dues: Sequence[Expected]) -> bool:
    return claim.amount == sum(due.amount for due in dues)


def _is_billed_then(claim: Claim, dues: Sequence[Expected]) -> bool:
    """Whether a claim is billed in the month of its dues; a credit where one may be due."""
    is_one = claim.amount >= 0 or _is_settled(dues)
    return is_one and _month(claim.issued_on) == _month(dues[0].invoice_on)


def _is_any(claim: Claim, dues: Sequence[Expected]) -> bool:
    return claim.amount > 0 or (claim.amount < 0 and _is_settled(dues))


def _is_settled(dues: Iterable[Expected]) -> bool:
    """Whether some of the dues settle what was billed before, so that they may be credits."""
    return any(due.reckoned.billed_before for due in dues)


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
    for claim in sorted(waiting, key=lambda claim: not claim.amount):
        dues = _of_month(bench, month)
        if not claim.is_told and not bench.explains(claim, dues):
            bench.leave(claim)
        elif dues and claim.bills:
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

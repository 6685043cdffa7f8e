"""The invoices of one contract held against what it owes: every line of them with how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fee_service.contract import Contract
from fee_service.invoices.items import Named
from fee_service.model import Text
from fee_service.periods import first_of_month_after
from fee_service.published.editions import CellKey, Editions
from fee_service.reconciliation.documents import Billed, Document
from fee_service.reconciliation.matching import Ambiguous, key_of
from fee_service.rules.chains import Chain
from fee_service.rules.expecting import Expecting, expecting
from fee_service.rules.judging import Claim, Expected, Judged, Status, Verdict, judge
from fee_service.rules.lines import label_of
from fee_service.rules.reconciling_totals import Place

MONTHS_BEFORE = 3  # of service that an invoice may still bill
MONTHS_AHEAD = 12  # that it may bill in advance: nothing is reckoned of a later month that a line names


class ClaimKey(NamedTuple):
    """What lines of a chain are for; a total where there is no fee."""

    chain: str
    key: CellKey | None
    month: date | None
    part: int = 0  # which line, where each of several bills as much as is due


@dataclass(frozen=True, slots=True)
class Claimed:
    """A verdict with the lines that it is of, and the words for it."""

    verdict: Verdict
    lines: tuple[Billed, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class OfContract:
    """How all that was billed on a contract stands; `unclear` are lines that name several of its fees."""

    contract: Contract
    expecting: Expecting
    claimed: tuple[Claimed, ...]
    not_billed: tuple[Expected, ...]
    unclear: tuple[tuple[Billed, Ambiguous], ...]

    @property
    def unreadable(self) -> Iterator[Claim]:
        """The claims of which nothing certain can be said."""
        return (each.verdict.claim for each in self.claimed if each.verdict.status is Status.UNREADABLE)


@dataclass(slots=True)
class _Claims:
    """Claims as they add up, and the lines of each."""

    lines: dict[ClaimKey, list[Billed]] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)  # of the originals
    unclear: list[tuple[Billed, Ambiguous]] = field(default_factory=list)
    credits: list[tuple[str, Billed, CellKey]] = field(default_factory=list)  # of no month, each a chain of its own

    def add(self, key: ClaimKey, line: Billed) -> None:
        self.lines.setdefault(key, []).append(line)

    def place_credits(self, expected: Expecting) -> None:
        """A credit that names neither month nor original belongs to the month that it sets right, if it is one."""
        for chain, line, key in self.credits:
            months = list(self._too_much(key, -line.amount, expected))
            month = months[0] if len(months) == 1 else _month(key, self.days[chain], expected)
            self.add(ClaimKey(chain, key, month), line)

    def _too_much(self, key: CellKey, amount: int, expected: Expecting) -> Iterator[date]:
        """The months in which a fee is billed by an amount too high."""
        billed: dict[date, int] = {}
        for of, lines in self.lines.items():
            if of.key == key and of.month is not None:
                billed[of.month] = billed.get(of.month, 0) + sum(line.amount for line in lines)
        for month, won in billed.items():
            if won - sum(due.amount for due in expected.dues if (due.key, due.month) == (key, month)) == amount:
                yield month

    def split_copies(self, expected: Expecting) -> None:
        """Lines of a chain that each bill as much as is due are no parts of it: one is the bill, the others are beyond
        it."""
        for of, lines in list(self.lines.items()):
            if of.key is None or len(lines) < 2 or min(line.amount for line in lines) <= 0:
                continue
            due = sum(due.amount for due in expected.dues if (due.key, due.month) == (of.key, of.month))
            if any(line.amount == due for line in lines) or _are_alike(lines, due):
                first = next((line for line in lines if line.amount == due), lines[0])
                others = [line for line in lines if line is not first]
                self.lines[of] = [first]
                self.lines |= {of._replace(part=part): [line] for part, line in enumerate(others, 1)}

    def made(self) -> list[Claim]:
        return [
            Claim(
                of.chain, self.days[of.chain], sum(line.amount for line in lines), of.key, of.month,
                cancelled=not sum(line.amount for line in lines) and any(line.amount for line in lines),
                part=of.part,
                is_told=of.key is not None or any(line.named for line in lines),
            )
            for of, lines in self.lines.items()
        ]  # fmt: skip


def judged(
    contract: Contract, chains: Sequence[Chain[Document]], months: Sequence[date], editions: Editions, as_of: date
) -> OfContract:
    """Judge the invoices of a contract by what it owes as known on a day; `months` (first days) are looked at anyway.

    Raises NotFound like `dues`.
    """
    expected = expecting(contract, editions, *_range(contract.number, chains, months), as_of)
    claims = _claims(contract.number, chains, expected)
    owed = {(due.key, due.month) for due in expected.dues}
    beyond = {of.month for of in claims.lines if of.key and of.month and (of.key, of.month) not in owed}
    beside = expected.beside(sorted(month for month in beyond if month))
    found = judge(expected.dues, claims.made(), editions.price_lists, beside)
    return OfContract(contract, expected, _claimed(found, claims), found.not_billed, tuple(claims.unclear))


def _range(number: str, chains: Sequence[Chain[Document]], months: Sequence[date]) -> tuple[date, date]:
    """The months of service that the lines may be for: those named, and those that invoices of their days bill."""
    issued = [*months, *(chain.issued_on.replace(day=1) for chain in chains)]
    latest = first_of_month_after(max(issued), MONTHS_AHEAD)
    named = {
        line.named.service_month
        for chain in chains
        for document in chain.documents
        for line in document.lines
        if line.contract == number and line.named and line.named.service_month
    }
    near = [month for month in named if month <= latest]
    return min((first_of_month_after(min(issued), -MONTHS_BEFORE), *near)), max((*issued, *near))


def _claims(number: str, chains: Iterable[Chain[Document]], expected: Expecting) -> _Claims:
    claims = _Claims()
    for chain in chains:
        claims.days[chain.number] = chain.issued_on
        as_total = any(document.as_total for document in chain.documents)
        for document in chain.documents:
            for line in document.lines:
                if line.contract == number:
                    _add(claims, chain, line, as_total, expected)
    claims.place_credits(expected)
    claims.split_copies(expected)
    return claims


def _add(claims: _Claims, chain: Chain[Document], line: Billed, as_total: bool, expected: Expecting) -> None:
    named = line.named
    if as_total or named is None or named.total:
        claims.add(ClaimKey(chain.number, None, None), line)
        return
    key = _key(named, chain.issued_on, expected)
    if isinstance(key, Ambiguous):
        claims.unclear.append((line, key))
        return
    if named.service_month is None and line.amount < 0 and len(chain.documents) == 1:
        claims.credits.append((chain.number, line, key))
        return
    month = named.service_month or _month(key, chain.issued_on, expected)
    claims.add(ClaimKey(chain.number, key, month), line)


def _key(named: Named, issued_on: date, expected: Expecting) -> CellKey | Ambiguous:
    """The fee that an item names: of what is due, else of what the licences may be billed for."""
    due = dict.fromkeys(each.key for each in expected.dues)
    key = key_of(named, due)
    if isinstance(key, Ambiguous) or key in due:
        return key
    month = named.service_month or issued_on.replace(day=1)
    beside = key_of(named, dict.fromkeys(each for each, _ in expected.beside([month])))
    return key if isinstance(beside, Ambiguous) else beside


def _month(key: CellKey, issued_on: date, expected: Expecting) -> date:
    """The month of service of a fee that is billed on a day; of several, as by a settlement, the last one."""
    issued = issued_on.replace(day=1)
    found = [due.month for due in expected.dues if due.key == key and due.invoice_on.replace(day=1) == issued]
    return max(found, default=issued)


def _claimed(found: Judged, claims: _Claims) -> tuple[Claimed, ...]:
    return tuple(
        Claimed(
            verdict,
            tuple(claims.lines[ClaimKey(*_place(verdict.claim))]),
            _texts(verdict),
        )
        for verdict in found.verdicts
    )


def _place(claim: Claim) -> tuple[str, CellKey | None, date | None, int]:
    return claim.chain, claim.key, claim.month, claim.part


def _are_alike(lines: Sequence[Billed], due: int) -> bool:
    """Whether lines bill the same amount, each at least what is due."""
    return len({line.amount for line in lines}) == 1 and lines[0].amount >= due


def _texts(verdict: Verdict) -> tuple[Text, ...]:
    """Why a claim differs: days, prices, rule and clause; of a total with the lines that the mistakes are in."""
    if not verdict.explanations:
        return ()
    places = verdict.explanations[0]
    if len(verdict.dues) < 2:
        return tuple(place.mistake.text for place in places)
    return tuple(_in_line(place, verdict.dues) for place in places)


def _in_line(place: Place, dues: Sequence[Expected]) -> Text:
    due = dues[place.number]
    label = label_of(due.reckoned.lists[0][1], *due.key)
    return Text("cause_in_line", {"line": label, "month": f"{due.month:%Y-%m}", "why": place.mistake.text})

"""An upload held against what is owed: every row once, and what nobody billed. Pure: all that is known is handed in."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from fee_service.answers.reconciled import LineFault
from fee_service.invoices.items import Named
from fee_service.invoices.values import Direction, Unreadable
from fee_service.periods import first_of_month_after
from fee_service.published.editions import Editions, NotFound
from fee_service.reconciliation.coverage import Coverage
from fee_service.reconciliation.documents import (
    Billed,
    Document,
    Stated,
    contracts_in,
    lines_with_total,
    number_of,
)
from fee_service.reconciliation.files import Taken
from fee_service.reconciliation.judged import OfContract, judged
from fee_service.reconciliation.matching import Contracts, Match, Sides, match
from fee_service.reconciliation.outcomes import Outcome, bearer, missing, of_contract, vat_found, with_vat
from fee_service.rules.chains import Chain, chains_of
from fee_service.rules.judging import Status

# What is wrong with these does not keep a line from being judged.
NOT_NEEDED = frozenset({"quantity", "unit_price", "specification", "remark", "total", "invoice_total", "item_date"})
NEEDED = (
    "file", "invoice_number", "issued_on", "direction", "supplier", "customer", "correction", "corrects", "amount",
    "vat", "invoice_supply", "invoice_vat", "quote",
)  # fmt: skip

Watch = Callable[[int, int], None]  # is told how many contracts of how many are done
Names = Callable[[Any], Sequence[Named | None]]  # of lines in columns, what each is for


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before an upload is judged, as on a day."""

    contracts: Contracts
    earlier: Sequence[Document]  # invoices that were judged before, of the same contracts
    editions: Editions
    as_of: date
    today: date
    own_number: str | None = None


class Row(NamedTuple):
    """A line of the upload, by the columns that judging needs (NEEDED), with its place among all of them."""

    file: str
    invoice_number: str | None
    issued_on: date | None
    direction: str | None
    supplier: str | None
    customer: str | None
    correction: bool
    corrects: str | None
    amount: int | None
    vat: int | None
    invoice_supply: int | None
    invoice_vat: int | None
    quote: str | None
    place: int
    given: int  # the file as it was handed in, which may be an archive of files
    named: Named | None


@dataclass(slots=True)
class Reconciled:
    """How every row stands, what is missing, and the invoices that came for the first time."""

    outcomes: list[Outcome]  # by the row
    missing: list[Outcome]
    chains: Sequence[Chain[Document]]
    of_contracts: Mapping[str, OfContract]
    new: list[Document]
    without_rows: list[tuple[str | None, date]]  # companies and months of which no file has a row
    whole_months: list[tuple[str, date]]  # contracts and months of service of which all that is due was looked for
    beyond: list[Outcome] = field(default_factory=list)  # how invoices of earlier uploads stand


def nobody_watches(_done: int, _total: int) -> None:
    """How many contracts are done is told to nobody."""


def reconciled(taken: Taken, names: Names, known: Known, watch: Watch = nobody_watches) -> Reconciled:
    """Judge an upload. Every row of it gets exactly one outcome."""
    rows = list(_rows(taken, names(taken.lines)))
    outcomes: list[Outcome | None] = [None] * len(rows)
    coverage = Coverage.of(taken.covered)
    new, unreadable = _documents(rows, outcomes, taken, known, coverage)
    documents = [*known.earlier, *new]
    chains = chains_of(documents)
    shown = {each.number: each.shown for each in documents}
    printed = {chain.number: shown.get(chain.number) or _bare(chain.number) for chain in chains}
    by_contract = _by_contract(chains)
    in_scope = sorted(contracts_in(new) | coverage.contracts(known.contracts))
    of_contracts: dict[str, OfContract] = {}
    beyond: list[Outcome] = []
    for done, number in enumerate(in_scope, 1):
        found = _judged(number, by_contract.get(number, []), coverage, known, outcomes)
        if found is not None:
            of_contracts[number] = found
            for line, outcome in of_contract(found, printed):
                if line is not None and line.row is not None:
                    outcomes[line.row] = outcome
                else:
                    beyond.append(outcome)
        watch(done, len(in_scope))
    beyond += _settle_vat(chains, of_contracts, outcomes)
    not_billed, whole = _missing(of_contracts, coverage, unreadable, known)
    assert all(outcome is not None for outcome in outcomes)
    return Reconciled(
        outcomes=[each for each in outcomes if each is not None],
        missing=not_billed,
        chains=chains,
        of_contracts=of_contracts,
        new=new,
        without_rows=coverage.without_rows(),
        whole_months=whole,
        beyond=beyond,
    )


def _rows(taken: Taken, named: Sequence[Named | None]) -> Iterator[Row]:
    columns = [taken.lines[name].to_pylist() for name in NEEDED]
    places = range(len(named))
    given = (bisect(taken.starts, place) for place in places)
    return map(Row._make, zip(*columns, places, given, named, strict=True))


# -- from rows to invoices ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sorting:
    """Rows as they become invoices, or get the outcome that there is none."""

    taken: Taken
    known: Known
    coverage: Coverage
    outcomes: list[Outcome | None]
    unreadable: set[tuple[str | None, date | None]] = field(default_factory=set)  # companies and months
    _first_file: dict[str, tuple[int, str]] = field(default_factory=dict)
    _lines: dict[str, list[tuple[Row, Billed]]] = field(default_factory=dict)
    _left_out: set[str] = field(default_factory=set)  # numbers of which a row is no line of the document
    _matches: dict[tuple[Any, ...], Match] = field(default_factory=dict)
    _sides: dict[str, tuple[str | None, Direction | None]] = field(default_factory=dict)

    def add(self, row: Row, seen: set[str]) -> None:
        number = number_of(row.invoice_number, row.supplier) if row.invoice_number else f"row {row.place}"
        day = row.issued_on or (row.named.service_month if row.named else None)
        if day is not None and not row.correction and (row.amount is None or row.amount > 0):
            # a correction or a credit belongs to the month of what it corrects
            self.coverage.see(row.customer or self.known.contracts.only_company, day)
        file = row.given, row.file
        if number in seen or self._first_file.setdefault(number, file) != file:
            self.outcomes[row.place] = Outcome(Status.ALREADY_SEEN, amount=row.amount, vat=row.vat)
            return
        unreadable = (*self.taken.unreadable.get(row.place, ()), *(row.named.faults if row.named else ()))
        faults = tuple(_faults(row, unreadable, day))
        if faults or day is None:
            self._leave(row, number, Match(None, Status.UNREADABLE), faults)
            return
        found = self._match(row, (row.named.service_month if row.named else None) or day.replace(day=1))
        if found.contract is None:
            faults = (LineFault("item", found.code, None),) if found.code else ()
            self._leave(row, number, found, faults)
            return
        self._lines.setdefault(number, []).append(
            (row, Billed(found.contract, row.named, row.amount or 0, row.vat, row.place))
        )

    def documents(self) -> Iterator[Document]:
        """The invoices of all rows that were added."""
        for number, lines in self._lines.items():
            first = lines[0][0]
            stated = _stated(row for row, _ in lines)
            billed = tuple(line for _, line in self._once(lines, stated))
            whole, as_total = number not in self._left_out, False
            if whole and len({line.contract for line in billed}) == 1:
                billed, as_total = lines_with_total(billed, stated)
            day = first.issued_on or (first.named and first.named.service_month)
            corrects = next((row.corrects for row, _ in lines if row.corrects), None)
            assert day is not None
            yield Document(
                number=number,
                shown=first.invoice_number or "",
                issued_on=day,
                corrects=number_of(corrects, first.supplier) if corrects else None,
                lines=billed,
                as_total=as_total,
                whole=whole,
            )

    def _once(self, lines: list[tuple[Row, Billed]], stated: Stated) -> Iterable[tuple[Row, Billed]]:
        """The lines without rows that stand there again, where the invoice's own total says that they count once."""
        if stated.supply in (None, sum(line.amount for _, line in lines)):
            return lines
        first: dict[Row, tuple[Row, Billed]] = {}
        for row, line in lines:
            first.setdefault(row._replace(place=0), (row, line))
        if sum(line.amount for _, line in first.values()) != stated.supply:
            return lines
        kept = {row.place for row, _ in first.values()}
        for row, _ in lines:
            if row.place not in kept:
                self.outcomes[row.place] = Outcome(Status.ALREADY_SEEN, amount=row.amount, vat=row.vat)
        return first.values()

    def _leave(self, row: Row, number: str, found: Match, faults: tuple[LineFault, ...]) -> None:
        status = found.status or Status.UNREADABLE
        self._left_out.add(number)
        if status is Status.UNREADABLE:
            self.unreadable.add((row.customer, row.issued_on and row.issued_on.replace(day=1)))
        self.outcomes[row.place] = Outcome(
            status, amount=row.amount, vat=row.vat, candidates=found.candidates, faults=faults
        )

    def _match(self, row: Row, month: date) -> Match:
        """The same for all rows that are alike."""
        own = self.known.own_number or self._own_number(row.file)
        key = (row.quote, row.supplier, row.customer, own, row.direction, row.named, month)
        if key not in self._matches:
            direction = Direction(row.direction) if row.direction else None
            sides = Sides(row.supplier, row.customer, own, direction)
            self._matches[key] = match(self.known.contracts, row.quote, sides, row.named, month)
        return self._matches[key]

    def _own_number(self, file: str) -> str | None:
        if not self._sides:
            self._sides.update({one.file: (one.own_number, one.direction) for one in self.taken.understood})
        return self._sides.get(file, (None, None))[0]


def _stated(rows: Iterable[Row]) -> Stated:
    """The totals of an invoice, which lists print beside each of its lines."""
    told = (Stated(row.invoice_supply, row.invoice_vat) for row in rows if row.invoice_supply is not None)
    return next(told, Stated(None, None))


def _documents(
    rows: Iterable[Row], outcomes: list[Outcome | None], taken: Taken, known: Known, coverage: Coverage
) -> tuple[list[Document], set[tuple[str | None, date | None]]]:
    """The invoices that came for the first time; the companies and months of which a row says nothing certain."""
    sorting = _Sorting(taken, known, coverage, outcomes)
    seen = {document.number for document in known.earlier}
    for row in rows:
        sorting.add(row, seen)
    return list(sorting.documents()), sorting.unreadable


def _faults(row: Row, unreadable: Sequence[Unreadable], day: date | None) -> Iterator[LineFault]:
    """Why a row cannot be judged."""
    needed = [each for each in unreadable if each.field not in NOT_NEEDED or each.code.startswith("item_")]
    yield from (LineFault(*each) for each in needed)
    told = {each.field for each in needed}
    if row.amount is None and row.invoice_supply is None and "amount" not in told:
        yield LineFault("amount", "line_amount_missing")
    if day is None and "issued_on" not in told:
        yield LineFault("issued_on", "line_issued_on_missing")


def _by_contract(chains: Iterable[Chain[Document]]) -> dict[str, list[Chain[Document]]]:
    found: dict[str, list[Chain[Document]]] = {}
    for chain in chains:
        for number in contracts_in(chain.documents):
            found.setdefault(number, []).append(chain)
    return found


# -- contract by contract, chain by chain ------------------------------------------------------------------


def _judged(
    number: str, chains: Sequence[Chain[Document]], coverage: Coverage, known: Known, outcomes: list[Outcome | None]
) -> OfContract | None:
    """How the invoices of a contract stand; None where nothing can be reckoned, which its lines then say."""
    held = known.contracts.held[number]
    months = [month for month in coverage.months_of(held) if month <= known.as_of]
    if not chains and not months:
        return None
    try:
        return judged(held.contract, chains, months, known.editions, known.as_of)
    except NotFound as error:
        fault = LineFault("service_month", "line_without_prices", str(error))
        for line in (line for chain in chains for document in chain.documents for line in document.lines):
            if line.contract == number and line.row is not None:
                outcomes[line.row] = Outcome(
                    Status.NOT_JUDGED, number, amount=line.amount, vat=line.vat, faults=(fault,)
                )
        return None


def _settle_vat(
    chains: Iterable[Chain[Document]], of_contracts: Mapping[str, OfContract], outcomes: list[Outcome | None]
) -> list[Outcome]:
    """The VAT of each chain against that of its supply; answers what is wrong with chains without a row here."""
    beyond = []
    for chain in chains:
        number = next((each for each in sorted(contracts_in(chain.documents)) if each in of_contracts), None)
        rate = None if number is None else of_contracts[number].expecting.vat_rate(chain.issued_on)
        if rate is None:
            continue
        found = vat_found(chain, rate)
        bears = bearer(chain, outcomes)
        for row in (row for document in chain.documents for row in document.rows):
            outcome = outcomes[row]
            if outcome is not None:
                outcomes[row] = with_vat(outcome, found if row == bears else None)
        if found is not None and bears is None:
            of_none = Outcome(
                Status.MATCH, number, chain.documents[0].shown, amount=0, expected=0, vat=found.difference
            )
            beyond.append(with_vat(of_none, found))
    return beyond


def _missing(
    of_contracts: Mapping[str, OfContract], coverage: Coverage, unreadable: set[tuple[str | None, date | None]],
    known: Known,
) -> tuple[list[Outcome], list[tuple[str, date]]]:  # fmt: skip
    """What is due, covered by the files, late enough to be missed, and in no row, be it one that is unclear."""
    found: list[Outcome] = []
    whole: set[tuple[str, date]] = set()
    for number, of_one in of_contracts.items():
        held = known.contracts.held[number]
        with_rows = (month for month in coverage.months_of(held) if coverage.has_rows(held, month))
        unclear = {month for company, month in unreadable if company in (None, held.business_number)}
        unclear |= {claim.issued_on.replace(day=1) for claim in of_one.unreadable}
        unclear |= {line.named.service_month for line, _ in of_one.unclear if line.named}
        if None in unclear:
            continue
        late = {month for month in with_rows if _is_late(month, known)} - unclear
        found += missing(number, (due for due in of_one.not_billed if due.invoice_on.replace(day=1) in late))
        whole |= {(number, due.month) for due in of_one.expecting.dues if due.invoice_on.replace(day=1) in late}
    return found, sorted(whole)


def _is_late(month: date, known: Known) -> bool:
    """Whether an invoice of a month may be called missing by now."""
    rules = known.editions.contract_rules
    return known.today > first_of_month_after(month, 1).replace(day=rules.missing_after_day)


def _bare(number: str) -> str:
    """A number of an invoice that no file holds, as it is printed."""
    return number.rpartition("/")[2]

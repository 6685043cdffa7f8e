"""Published price lists and waiver policies as values, and the question which of them holds on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from fee_service.model import Label, PartlyWaived, Reading
from fee_service.money import Rounding
from fee_service.periods import Period
from fee_service.prices import Cell
from fee_service.published.catalogue import Catalogue
from fee_service.published.company_sizes import CompanySizes
from fee_service.published.contract_rules import ContractRules
from fee_service.published.item_words import ItemWords
from fee_service.published.onboarding import Onboarding
from fee_service.published.services import ServiceTable
from fee_service.published.terms import Term


class NotFound(LookupError):
    """Nothing is published under that name or on that day; never a price of 0."""


class Source(NamedTuple):
    """A published document that values are cited from; a law is cited as in force and bears no date."""

    id: str
    title: Label
    published_on: date | None


class Billed(StrEnum):
    """When a fee is invoiced."""

    IN_ADVANCE = "in_advance"  # on the 1st of the month it is for; at first on the start day
    AFTER_REPORT = "after_report"  # some months after the month of the usage
    ONCE = "once"  # with the first invoice


class FeeRule(NamedTuple):
    """When a fee is billed."""

    fee: str
    label: Label
    billed: Billed
    months_after: int
    source: str
    clause: Label | None
    reading: Reading | None


class UnitRule(NamedTuple):
    """Whether a month that the contract does not fill is charged by its days, by the unit of the fee (P1 §10.2)."""

    unit: str
    prorated: bool
    source: str
    clause: Label | None
    reading: Reading | None


class FirstInvoiceDay(StrEnum):
    """When a contract that starts inside a month is billed first."""

    START_DAY = "start_day"
    NEXT_MONTH = "next_month"  # with the invoice of the 1st of the month after


class FirstInvoice(NamedTuple):
    """The day of the first invoice of a contract that starts inside a month."""

    day: FirstInvoiceDay
    source: str
    reading: Reading | None


class Product(NamedTuple):
    """A product of a contract; `fee` is the fee of its monthly price, `options` those it is offered with."""

    id: str
    label: Label
    owner: str
    fee: str
    options: tuple[str, ...]


class ContractTerms(NamedTuple):
    """A contract's products in the printed order, its options and which option a request gets by default."""

    id: str
    label: Label
    options: Mapping[str, Label]
    default_options: tuple[str, ...]
    products: Mapping[str, Product]
    reading: Reading | None


class CellKey(NamedTuple):
    """Where a price stands: the fee's table, the product's row, the column (option, user type, use) if any."""

    contract: str
    fee: str
    product: str
    column: str | None


class IdsCovered(NamedTuple):
    """An ID entitled to product `by` uses product `product` without a usage fee (P1, variable fees, note 1)."""

    rule: str
    contract: str
    product: str
    by: str
    fee: str
    text: Label
    source: str
    clause: Label | None
    reading: Reading | None


class FreeBeside(NamedTuple):
    """`products` of a contract cost nothing beside the same product of contract `beside` (P2, note 2)."""

    rule: str
    contract: str
    products: tuple[str, ...]
    beside: str
    fees: tuple[str, ...]
    text: Label
    source: str
    clause: Label | None
    reading: Reading | None


class PackageLimit(NamedTuple):
    """The most calls that the platform takes in a day."""

    calls_per_day: int
    source: str


class Rate(NamedTuple):
    """A published rate, e.g. VAT, and how its fraction of a won is rounded."""

    rate: Fraction
    rounding: Rounding
    source: str
    reading: Reading | None


class LateInterest(NamedTuple):
    """Simple interest a year on what is paid late (Commercial Act 54)."""

    rate: Fraction
    days_in_year: int
    source: str
    reading: Reading | None


@dataclass(frozen=True, slots=True, eq=False)
class PriceList:
    """One published price list, complete in itself."""

    id: str
    sha256: str
    valid_from: date
    valid_from_for_running_contracts: date  # for contracts that run already on the first day
    valid_to: date | None
    published_on: date
    supersedes: str | None
    title: Label
    sources: Mapping[str, Source]
    owners: Mapping[str, Label]  # who owns the data of a product
    rounding: Rounding
    vat: Rate
    late_interest: LateInterest
    renewal: Label
    list_change: Reading | None  # how a month is split in which another list begins
    proration: Mapping[str, UnitRule]  # by unit
    first_invoice: FirstInvoice
    fees: Mapping[str, FeeRule]
    contracts: Mapping[str, ContractTerms]
    cells: Mapping[CellKey, Cell]
    cell_sources: Mapping[tuple[str, str], str]  # (contract, fee) -> where the table is printed
    cell_clauses: Mapping[tuple[str, str], Label | None]
    cell_readings: Mapping[tuple[str, str], Reading | None]
    units: Mapping[tuple[str, str, str | None], str]  # (contract, fee, column) -> unit
    columns: Mapping[tuple[str, str, str | None], Label]  # (contract, fee, column) -> printed name
    ids_covered: tuple[IdsCovered, ...] = ()
    free_beside: tuple[FreeBeside, ...] = ()
    call_limit: PackageLimit | None = None
    terms: tuple[Term, ...] = ()
    cited: Mapping[str, str] = field(default_factory=dict)  # block of no own type -> source
    readings: tuple[Reading, ...] = ()  # those that every quote rests on
    _positions: Mapping[tuple[str, str], tuple[int, int]] = field(init=False, repr=False)
    # Of the cells that cost something without any use; by plain tuples, which are equal and made in less time.
    _floors: Mapping[tuple[str, str, str, str | None], int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        positions = {
            (contract, product): (place, row)
            for place, (contract, terms) in enumerate(self.contracts.items())
            for row, product in enumerate(terms.products)
        }
        object.__setattr__(self, "_positions", positions)
        floors = {key: floor for key, cell in self.cells.items() if (floor := cell.charge(0))}
        object.__setattr__(self, "_floors", floors)

    def cell(self, contract: str, fee: str, product: str, column: str | None = None) -> Cell:
        """The printed cell. Raises NotFound where the list prints none."""
        try:
            return self.cells[CellKey(contract, fee, product, column)]
        except KeyError:
            raise NotFound(f"{self.id} prints no {fee} of {contract} {product} {column or ''}") from None

    def floor(self, contract: str, fee: str, product: str, column: str | None = None) -> int:
        """What a fee of a licensed product costs without any use: its minimum, or its fewest packages (KRW)."""
        return self._floors.get((contract, fee, product, column), 0)

    @property
    def owed_without_use(self) -> frozenset[str]:
        """The fees that cost something of some product without any use."""
        return frozenset(fee for _, fee, _, _ in self._floors)

    def source(self, contract: str, fee: str) -> str:
        """Where the table of a fee is printed."""
        return self.cell_sources[contract, fee]

    def position(self, contract: str, product: str) -> tuple[int, int]:
        """The printed order of products, to sort by."""
        return self._positions[contract, product]


ListSpan = tuple[Period, PriceList]  # a price list and the days of a horizon on which it holds


class AgeLimit(NamedTuple):
    """How old a company may be: "under" (미만) counts the founding day, "within" (이내) does not."""

    years: int
    founding_day_counts: bool
    ends_waiver: bool
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class WaiverPolicy:
    """One published waiver policy: whom it is for, what it waives and for how long."""

    id: str
    sha256: str
    valid_from: date
    valid_to: date | None
    supersedes: str | None
    label: Label
    sources: Mapping[str, Source]
    months: int
    fees: tuple[str, ...]
    options: tuple[str, ...] | None  # None: any
    channels: tuple[str, ...]
    age: AgeLimit
    qualifications: tuple[str, ...] | None  # None: any that opens the platform
    personal_ids_at_most: int | None
    test_months: int
    partial_month: PartlyWaived
    partial_month_undivided: PartlyWaived  # of fees that are not divided by days
    preferred_to: tuple[str, ...]  # policies in force beside it that apply only where a request names them
    withdrawal_grounds: tuple[Label, ...]
    cited: Mapping[str, str]  # block -> source
    readings: tuple[Reading, ...]
    summary: Label

    def covers(self, fee: str, options: Iterable[str]) -> bool:
        """Whether a fee of a licence with these options would be waived."""
        return fee in self.fees and (self.options is None or all(option in self.options for option in options))

    def reading(self, block: str) -> Reading | None:
        """How a block of the policy's file is read, where its text is not clear."""
        return next((reading for reading in self.readings if reading.id == f"{self.id}/{block}"), None)


class Edition(Protocol):
    """What price lists and policies have in common: a name and the days they hold."""

    @property
    def id(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def supersedes(self) -> str | None: ...


E = TypeVar("E", bound=Edition)

FOREVER = date.max


def in_force(editions: Iterable[E]) -> tuple[tuple[Period, E], ...]:
    """When each edition holds, in the order of time: until its last day or until another supersedes it.

    Policies may stand side by side; which of them applies is said by `preferred_to`.

    An edition that is superseded from its own first day on holds on no day and is left out.
    """
    published = tuple(editions)
    replaced_on = {later.supersedes: later.valid_from for later in published if later.supersedes}
    spans = []
    for edition in published:
        end = FOREVER if edition.valid_to is None else Period.through(edition.valid_from, edition.valid_to).end
        span = Period(edition.valid_from, min(end, replaced_on.get(edition.id, FOREVER)))
        if span.days:
            spans.append((span, edition))
    return tuple(sorted(spans, key=lambda pair: pair[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Editions:
    """Everything that is published, read once at the start."""

    price_lists: tuple[PriceList, ...]
    policies: tuple[WaiverPolicy, ...]
    catalogue: Catalogue
    company_sizes: CompanySizes
    onboarding: Onboarding
    services: ServiceTable
    contract_rules: ContractRules
    item_words: ItemWords
    _list_spans: tuple[ListSpan, ...] = field(init=False, repr=False)
    _policy_spans: tuple[tuple[Period, WaiverPolicy], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("price_lists", "policies"):  # in the order of time
            in_order = sorted(getattr(self, name), key=lambda edition: (edition.valid_from, edition.id))
            object.__setattr__(self, name, tuple(in_order))
        object.__setattr__(self, "_list_spans", in_force(self.price_lists))
        object.__setattr__(self, "_policy_spans", in_force(self.policies))

    def price_list(self, name: str) -> PriceList:
        """The list of that name. Raises NotFound."""
        return _named(self.price_lists, name)

    def policy(self, name: str) -> WaiverPolicy:
        """The policy of that name. Raises NotFound."""
        return _named(self.policies, name)

    def price_list_on(self, day: date) -> PriceList:
        """The list in force on a day. Raises NotFound before the first one."""
        return _on(self._list_spans, day)

    def policy_on(self, day: date) -> WaiverPolicy | None:
        """The policy that applies on a day where a request names none; None before the first one, when nothing
        was waived."""
        held = self.policies_on(day)
        lesser = {other for policy in held for other in policy.preferred_to}
        return next((policy for policy in held if policy.id not in lesser), None)

    def policies_on(self, day: date) -> tuple[WaiverPolicy, ...]:
        """Every policy in force on a day: several where one is preferred to the others."""
        return tuple(policy for span, policy in self._policy_spans if span.start <= day < span.end)

    def price_lists_over(self, horizon: Period) -> tuple[ListSpan, ...]:
        """The lists of a contract that runs over a horizon, each with the days on which it holds for it.

        The first is the list in force on the start day; each later one holds from its day for contracts that run
        already, unless a newer one holds by then. Raises NotFound where a day of the horizon has none.
        """
        found: list[ListSpan] = []
        end, following = horizon.end, FOREVER
        for span, price_list in reversed([held for held in self._list_spans if held[0].start < horizon.end]):
            holds_from = _holds_from(span, price_list, horizon.start)
            last = span.end if span.end < following else end  # where none follows at once, it ends by itself
            part = Period(max(holds_from, horizon.start), min(last, end))
            if part.days:
                found.insert(0, (part, price_list))
                end = part.start
            following = span.start
        if sum(part.days for part, _ in found) != horizon.days:
            raise NotFound(f"no price list on some days from {horizon.start} to {horizon.last_day}")
        return tuple(found)

    @property
    def first_price_list(self) -> PriceList:
        return self._list_spans[0][1]


def _holds_from(span: Period, price_list: PriceList, start: date) -> date:
    """From when on a list holds for a contract that starts on a day."""
    return span.start if start >= span.start else max(span.start, price_list.valid_from_for_running_contracts)


def _named(editions: Iterable[E], name: str) -> E:
    for edition in editions:
        if edition.id == name:
            return edition
    raise NotFound(name)


def _on(spans: tuple[tuple[Period, E], ...], day: date) -> E:
    for span, edition in spans:
        if span.start <= day < span.end:
            return edition
    raise NotFound(f"nothing in force on {day}")

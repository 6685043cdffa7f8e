"""The domain's words as immutable values: what is asked for, and what a quote says.

Money is whole won without VAT unless a name says otherwise; every period is half-open.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from fee_service.periods import Period
from fee_service.prices import Cell, CellKind


class Label(NamedTuple):
    """A published name in both languages."""

    ko: str
    en: str


def cited(source: str, clause: Label | None) -> Label:
    """A document's letter and the place in it."""
    return Label(f"{source} {clause.ko}", f"{source} {clause.en}") if clause else Label(source, source)


class Text:
    """A sentence to be: a code of `wording.texts` and what fills it. The core never writes prose."""

    __slots__ = ("_hash", "code", "params")
    _hash: int

    def __init__(self, code: str, params: Mapping[str, Hashable] = MappingProxyType({})) -> None:
        self.code, self.params = code, params

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.code == other.code and self.params == other.params

    def __hash__(self) -> int:
        """Found once: what is kept is asked for it again and again."""
        try:
            return self._hash
        except AttributeError:
            self._hash = hash((self.code, *self.params.values()))
            return self._hash

    def __repr__(self) -> str:
        return f"Text({self.code!r}, {dict(self.params)!r})"


class Reading(NamedTuple):
    """How we read a published text that is not clear."""

    id: str
    text: Label
    source: str


class CompanySize(StrEnum):
    SME = "sme"  # 중소기업
    MID_SIZED = "mid_sized"  # 중견기업
    LARGE = "large"  # 대기업


class Channel(StrEnum):
    OPEN_API = "open_api"  # Open API 플랫폼
    DIRECT = "direct"  # 직접수신


class Qualification(StrEnum):
    """What, beside being an SME, opens the platform to a company."""

    FINTECH = "fintech"
    ELECTRONIC_FINANCE = "electronic_finance"
    FINTECH_CENTRE = "fintech_centre"
    OTHERWISE_RECOGNISED = "otherwise_recognised"
    NONE = "none"


class Exclusion(StrEnum):
    """What closes the platform to a company."""

    GAMBLING = "gambling"
    INSOLVENCY = "insolvency"
    LARGE_COMPANY_OWNED = "large_company_owned"
    ILLEGAL_MODEL = "illegal_model"
    UNQUALIFIED = "unqualified"


class PartlyWaived(StrEnum):
    """What of a fee is waived in a month that the waiver covers in part."""

    BY_DAYS = "by_days"  # the share of the contract days that are waived
    WHOLE = "whole"
    NONE = "none"


ONCE = "once"  # the unit of a fee that is charged once, at the start

REAL_TIME = "real_time"
CLOSING_PRICE = "closing_price"
OPEN_API_PLATFORM = "open_api_platform"


# -- what is asked for ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SizeEvidence:
    """The figures that decide whether a company is an SME (KRW; see pricing_tables/company_sizes.yaml)."""

    ksic: str
    average_sales: int
    total_assets: int
    business_group: bool
    large_holder: bool
    outgrown_on: date | None = None
    grace_used: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    founded_on: date  # 법인설립등기일
    size: CompanySize
    name: str | None = None
    business_number: str | None = None
    size_evidence: SizeEvidence | None = None
    corporation: bool = True
    qualification: Qualification | None = None
    exclusions: tuple[Exclusion, ...] = ()
    # Of `corporation` and `exclusions` those of which nothing is said: the words of a quote differ, no figure does.
    left_open: frozenset[str] = field(default=frozenset(), compare=False)


class Usage(NamedTuple):
    """IDs and queries of one product in one month."""

    standard_ids: int = 0
    personal_ids: int = 0
    queries: int = 0


NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Licence:
    """A product of a contract with what is taken of it; `for_apis` are the requested APIs that need it."""

    contract: str
    product: str
    options: tuple[str, ...] = ()
    affiliate_extension: bool = False
    reception_sets: int = 1
    disaster_recovery_sets: int = 0
    usage: Usage = NO_USAGE
    non_display_use: tuple[str, ...] = ()
    for_apis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A request as understood: every default filled in, free of contradictions, in the price list's order."""

    company: Company
    starts_on: date
    apis: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = ()
    channel: Channel = Channel.OPEN_API
    api_calls_per_month: int | None = None
    ends_on: date | None = None
    months: int = 60
    test_months: int = 0
    prior_waiver: tuple[Period, ...] = ()
    waiver_policy: str | None = None
    price_list: str | None = None


# -- what a quote says ---------------------------------------------------------------------------------


class Condition(NamedTuple):
    """One condition, whether it is met, why, and where it is written.

    `assumed`: the request leaves it open; it counts as met until it is confirmed, and nobody may show it as fulfilled.
    """

    code: str
    met: bool
    text: Text
    source: str
    assumed: bool = False


class Eligibility(NamedTuple):
    """Who may use the platform: `eligible`, `ineligible` or `needs_review`, with every reason."""

    status: str
    reasons: tuple[Condition, ...]


class Waiver(NamedTuple):
    """The decision on the waiver, taken once per quote; `period` is None where it is refused."""

    policy: str | None
    period: Period | None
    cut_short_by: str | None
    conditions: tuple[Condition, ...]

    @property
    def granted(self) -> bool:
        return self.period is not None


class EarlierWaiver(NamedTuple):
    """A waived period of an accepted contract, found in the waiver ledger; `quote` is the contract's number."""

    quote: str
    period: Period


class PricedCell(NamedTuple):
    """A cell that a line rests on, and what the line costs under it in a full month.

    `units` are counted, `quantity` is what they are charged as: packages, where the cell sells packages.
    """

    price_list: str
    valid_from: date
    printed: Cell
    units: int
    quantity: int
    charge: int
    source: str
    clause: Label | None

    def __hash__(self) -> int:
        """Of what tells cells apart: all of a printed cell is hashed in many times as long."""
        return hash((self.price_list, self.units, self.charge))

    @property
    def cell(self) -> CellKind:
        return self.printed.kind

    @property
    def unit_price(self) -> int | None:
        return self.printed.unit_price


class Exempted(NamedTuple):
    """Units that a cross-product rule frees from a fee; `wholly`: nothing is left of the fee, no minimum either."""

    rule: str
    quantity: int
    wholly: bool
    text: Label
    source: str
    clause: Label | None


class Line(NamedTuple):
    """One fee of one licence; `cells` has one entry for each price list in force over the horizon.

    Each is itself alone, so that what is kept of lines is found by which they are, not by all that they say.
    """

    id: int
    fee: str
    contract: str
    product: str
    option: str | None
    user_type: str | None
    unit: str
    exempted: Exempted | None
    waivable: bool
    partly_waived: PartlyWaived
    prorated: bool
    proration: Label  # where it is written whether the fee is divided by days
    cells: tuple[PricedCell, ...]
    notes: tuple[Text, ...]
    label: Label  # what it is for, as printed
    months_after: int = 0  # from the month to its invoice
    until: date | None = None  # the day from which it is not owed any more, where it ends before the contract
    options: tuple[str, ...] = ()  # those that decide whether a policy waives it

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)

    @property
    def quantity(self) -> int:
        """What is charged for, in `unit`, once exempted units are taken off."""
        return self.cells[0].quantity

    @property
    def once(self) -> bool:
        """Whether the fee is charged once, with the first invoice; its unit says so, and nothing else."""
        return self.unit == ONCE


class MonthLine(NamedTuple):
    line: int
    list: int
    waiver: int
    net: int


class Invoice(NamedTuple):
    issued_on: date
    supply: int
    vat: int

    @property
    def total(self) -> int:
        return self.supply + self.vat


class Totals(NamedTuple):
    list: int
    waiver: int
    net: int
    vat: int

    @property
    def total(self) -> int:
        return self.net + self.vat


class Monthly(NamedTuple):
    """The recurring net of a full month inside the waiver (None without one) and after it."""

    during_waiver: int | None
    after_waiver: int


class Unpriced(NamedTuple):
    """A requested API without a published price."""

    api: str
    status: str
    text: Text


class Notice(NamedTuple):
    """Something to know; made by `notices.notice`, which knows the audience: `customer` or `seller`."""

    code: str
    text: Text
    audience: str

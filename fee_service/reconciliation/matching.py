"""From a line to its contract: by the quote that it names, else by the buyer's number and the product. No guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fee_service.contract import Contract
from fee_service.invoices.items import Named
from fee_service.invoices.values import Direction
from fee_service.model import OPEN_API_PLATFORM
from fee_service.published.editions import CellKey
from fee_service.rules.judging import Status
from fee_service.rules.standing import standing_of


class Held(NamedTuple):
    """A contract with what lines know of it: the quote's id, and the buyer's business number."""

    contract: Contract
    id: str
    business_number: str | None


class Sides(NamedTuple):
    """Who is on which side of a line, and which of them is the company whose file it is."""

    supplier: str | None
    customer: str | None
    own_number: str | None
    direction: Direction | None


class Match(NamedTuple):
    """The contract of a line, or why there is none: its status, the code of the reason, and the contracts it may be."""

    contract: str | None
    status: Status | None = None
    code: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts that lines may be for, by number."""

    held: Mapping[str, Held]
    _by_company: dict[str, list[Held]] = field(default_factory=dict)
    _by_name: dict[str, Held] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Iterable[Held]) -> Contracts:
        """All of some contracts."""
        found = cls({each.contract.number: each for each in held})
        for each in found.held.values():
            if each.business_number is not None:
                found._by_company.setdefault(each.business_number, []).append(each)
            found._by_name[each.id] = found._by_name[each.contract.number] = each
        return found

    def of_company(self, business_number: str) -> Sequence[Held]:
        return self._by_company.get(business_number, ())

    def named(self, quote: str) -> Held | None:
        """By the quote's number or id."""
        return self._by_name.get(quote)

    @property
    def only_company(self) -> str | None:
        """The one company that has contracts here; None where there are several."""
        return next(iter(self._by_company)) if len(self._by_company) == 1 else None


def match(contracts: Contracts, quote: str | None, sides: Sides, named: Named | None, month: date) -> Match:
    """The contract that a line is for, of service or issued in the month that begins on a day."""
    own, buys = sides.own_number, sides.direction is not Direction.SALE
    if own and (sides.customer if buys else sides.supplier) not in (None, own):
        return Match(None, Status.NOT_JUDGED, "line_of_another_company")
    if named is not None and named.ignored:
        return Match(None, Status.NOT_JUDGED, "line_is_none_of_ours")
    if quote is not None:
        held = contracts.named(quote)
        if held is None:
            return Match(None, Status.UNREADABLE, "line_contract_unknown")
        if sides.customer and held.business_number not in (None, sides.customer):
            return Match(None, Status.UNREADABLE, "line_contract_of_another_company", (held.contract.number,))
        return Match(held.contract.number)
    customer = sides.customer or contracts.only_company
    if customer is None:
        return Match(None, Status.UNREADABLE, "line_customer_unknown")
    of_customer = contracts.of_company(customer)
    if not of_customer:
        return Match(None, Status.NOT_JUDGED, "line_of_another_company")
    return _one_of(of_customer, named, month)


def _one_of(of_customer: Sequence[Held], named: Named | None, month: date) -> Match:
    """The one contract of a company that has the product, of several the one that runs in the month."""
    fitting = [each for each in of_customer if _has(each, named)] or list(of_customer)
    running = [each for each in fitting if runs_in(each.contract, month)] or fitting
    if len(running) == 1:
        return Match(running[0].contract.number)
    return Match(None, Status.UNREADABLE, "line_contract_ambiguous", tuple(each.contract.number for each in running))


def _has(held: Held, named: Named | None) -> bool:
    """Whether a contract has the product that a line names; the platform's fees belong to every contract."""
    if named is None or named.product is None:
        return True
    licences = {(each.contract, each.product) for each in held.contract.request.licences}
    if named.agreement is None:
        return any(product == named.product for _, product in licences)
    return named.agreement == OPEN_API_PLATFORM or (named.agreement, named.product) in licences


def runs_in(contract: Contract, month: date) -> bool:
    """Whether a contract has a day in the month that begins on a day."""
    end = standing_of(contract).end
    return contract.request.starts_on.replace(day=1) <= month and (end is None or end > month)


class Ambiguous(NamedTuple):
    """An item that names several fees of its contract."""

    keys: tuple[CellKey, ...]


def key_of(named: Named, keys: Iterable[CellKey]) -> CellKey | Ambiguous:
    """The fee of a contract that an item names. An option that the contract has not is one that was billed wrongly."""
    fits = [key for key in keys if _told(named.agreement, key.contract) and _told(named.fee, key.fee)
            and _told(named.product, key.product)]  # fmt: skip
    column = named.option or named.user_type
    exact = [key for key in fits if column is not None and key.column == column]
    if len(exact) == 1:
        return exact[0]
    if len({key[:3] for key in fits}) > 1:
        return Ambiguous(tuple(fits))
    if len(fits) == 1:
        return fits[0]
    if fits and column is None:
        return Ambiguous(tuple(fits))
    first = fits[0] if fits else None
    return CellKey(
        named.agreement or (first.contract if first else ""), named.fee or (first.fee if first else ""),
        named.product or (first.product if first else ""), column,
    )  # fmt: skip


def _told(given: str | None, own: str) -> bool:
    return given in (None, own)

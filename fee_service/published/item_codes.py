"""The codes by which an item of an invoice can be told, and how they go together: those of all price lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from fee_service.model import OPEN_API_PLATFORM
from fee_service.published.editions import PriceList
from fee_service.published.item_words import CODES, NOTHING, Says
from fee_service.published.services import SERVICE_FEE, ServiceTable

USAGE_FEE = "usage_fee"  # its columns are user types; those of any other fee are options, as in lines of dues


class CodeFault(NamedTuple):
    """A code that is not known, or does not go with the others: its field, the code of the fault, what goes."""

    field: str
    code: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A fee of a product, with the option and the user type that its table has a column for."""

    fee: str
    agreement: str
    product: str
    option: str | None
    user_type: str | None
    offered: frozenset[str]  # the options of the product


@dataclass(frozen=True, slots=True)
class ItemCodes:
    """All fees of all products that any price list prints, and those of the platform's services."""

    monthly: Mapping[tuple[str, str], str]  # (agreement, product) -> the fee that is its price of a month
    cells: tuple[_Cell, ...]
    known: Mapping[str, tuple[str, ...]] = field(init=False)  # by field

    def __post_init__(self) -> None:
        known = {name: {getattr(cell, name): None for cell in self.cells} for name in CODES}
        known["option"].update(dict.fromkeys(option for cell in self.cells for option in sorted(cell.offered)))
        object.__setattr__(self, "known", {name: tuple(filter(None, codes)) for name, codes in known.items()})

    def faults(self, says: Says) -> list[CodeFault]:
        """Codes that are not known; else, of known ones, that no price list has them together."""
        unknown = [
            CodeFault(name, "item_code_unknown", self.known[name])
            for name, code in says.codes().items()
            if code not in self.known[name]
        ]
        if unknown or len(says.codes()) < 2 or self._fitting(says):  # a known code goes with itself
            return unknown
        return [self._contradicting(says)]

    def _contradicting(self, says: Says) -> CodeFault:
        """The first field that does not go with those before it, the product before all others."""
        before = NOTHING
        for name in ("product", "agreement", "fee", "option", "user_type"):
            more = replace(before, **{name: getattr(says, name)})
            if not self._fitting(more):
                going = {code for cell in self._fitting(before) for code in _codes_of(cell, name)}
                return CodeFault(
                    name, "item_codes_contradict", tuple(code for code in self.known[name] if code in going)
                )
            before = more
        raise LookupError(says)

    def _fitting(self, says: Says) -> list[_Cell]:
        return [
            cell for cell in self.cells if all(code in _codes_of(cell, name) for name, code in says.codes().items())
        ]

    def completed(self, says: Says) -> Says | None:
        """With what follows of itself: the fee of a product that is named alone, the product of a fee that only
        one has; what a fee has no columns for is left out. None where no product is told, or no price list has it.

        The agreement stays open where several have the product (real-time and closing prices).
        """
        fitting = self._fitting(says)
        products = {cell.product for cell in fitting}
        if len(products) != 1:
            return None
        if says.fee is None:
            fitting = [cell for cell in fitting if cell.fee == self.monthly[cell.agreement, cell.product]] or fitting
            if len({cell.fee for cell in fitting}) != 1:
                return None
        agreements = {cell.agreement for cell in fitting}
        return Says(
            fee=fitting[0].fee,
            agreement=agreements.pop() if len(agreements) == 1 else None,
            product=fitting[0].product,
            option=says.option if any(cell.option for cell in fitting) else None,
            user_type=says.user_type if any(cell.user_type for cell in fitting) else None,
        )


def _codes_of(cell: _Cell, name: str) -> Iterable[str | None]:
    """What a cell may be called in a field: a fee that is not by option has all options of its product."""
    if name == "option" and cell.option is None:
        return cell.offered
    return (getattr(cell, name),)


def item_codes(price_lists: Iterable[PriceList], services: ServiceTable) -> ItemCodes:
    """The codes of all editions."""
    monthly: dict[tuple[str, str], str] = {}
    cells: dict[_Cell, None] = {}
    for prices in price_lists:
        for key in prices.cells:
            contract = prices.contracts[key.contract]
            product = contract.products[key.product]
            monthly.setdefault((key.contract, key.product), product.fee)
            option, user_type = (None, key.column) if key.fee == USAGE_FEE else (key.column, None)
            offered = frozenset(product.options)
            cells[_Cell(key.fee, key.contract, key.product, option, user_type, offered)] = None
    for service in services.services:
        monthly[OPEN_API_PLATFORM, service] = SERVICE_FEE
        cells[_Cell(SERVICE_FEE, OPEN_API_PLATFORM, service, None, None, frozenset())] = None
    return ItemCodes(monthly, tuple(cells))

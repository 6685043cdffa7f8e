"""How a price list states a price: flat, graduated, volume or package, with a minimum and a maximum.

Each price is per one unit of its table and answers `charge(quantity)` in KRW without VAT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What a cell of a published price list says; only `amount` is a price, and no other word means 0."""

    AMOUNT = "amount"
    WITHHELD = "withheld"  # 부과보류: licensed, not charged until notice is given
    NOT_APPLICABLE = "not_applicable"  # N/A: the option does not exist for this product
    NONE = "none"  # "-": the product has no such fee


@dataclass(frozen=True, slots=True)
class Flat:
    """The same amount for every unit."""

    unit_price: int

    def charge(self, quantity: int) -> int:
        return self.unit_price * quantity


@dataclass(frozen=True, slots=True)
class Tier:
    """A unit price that holds up to and including `up_to` units; None means without end."""

    up_to: int | None
    unit_price: int


@dataclass(frozen=True, slots=True)
class Graduated:
    """Each unit costs the price of the tier that it falls into."""

    tiers: tuple[Tier, ...]

    def charge(self, quantity: int) -> int:
        return sum(units * price for units, price in self.steps(quantity))

    def steps(self, quantity: int) -> Iterator[tuple[int, int]]:
        """The units and the unit price of every tier that `quantity` reaches."""
        below = 0
        for tier in self.tiers:
            upper = quantity if tier.up_to is None else min(quantity, tier.up_to)
            if upper > below:
                yield upper - below, tier.unit_price
                below = upper


@dataclass(frozen=True, slots=True)
class Volume:
    """All units cost the price of the tier that the whole quantity falls into."""

    tiers: tuple[Tier, ...]

    def charge(self, quantity: int) -> int:
        return quantity * self.tier(quantity)[1].unit_price

    def tier(self, quantity: int) -> tuple[int, Tier]:
        """The tier that a quantity falls into, and its first unit."""
        first = 1
        for tier in self.tiers:
            if tier.up_to is None or quantity <= tier.up_to:
                return first, tier
            first = tier.up_to + 1
        raise ValueError(f"no tier holds {quantity} units")  # the reader refuses a list whose last tier ends


@dataclass(frozen=True, slots=True)
class Package:
    """Sold in started packages of `size` units, at least `at_least` of them."""

    size: int
    package_price: int
    at_least: int

    def count(self, quantity: int) -> int:
        return max(self.at_least, -(-quantity // self.size))

    def charge(self, quantity: int) -> int:
        return self.count(quantity) * self.package_price


Price = Flat | Graduated | Volume | Package


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a price list: a price with its bounds in KRW, or one of the words that are not a price."""

    kind: CellKind
    price: Price | None = None
    minimum: int | None = None
    maximum: int | None = None

    def charge(self, quantity: int) -> int:
        """KRW without VAT for `quantity` units; a fee that is withheld or does not exist charges nothing."""
        amount = self.unbounded(quantity)
        if self.price is None:
            return amount
        if self.minimum is not None:
            amount = max(amount, self.minimum)
        return amount if self.maximum is None else min(amount, self.maximum)

    def unbounded(self, quantity: int) -> int:
        """The charge before minimum and maximum."""
        return 0 if self.price is None else self.price.charge(quantity)

    @property
    def is_bounded(self) -> bool:
        """Whether a minimum or a maximum may make another amount of the price."""
        return self.minimum is not None or self.maximum is not None

    @property
    def unit_price(self) -> int | None:
        """KRW of one unit (one package) where every unit costs the same, else None."""
        if isinstance(self.price, Flat):
            return self.price.unit_price
        return self.price.package_price if isinstance(self.price, Package) else None

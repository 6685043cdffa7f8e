"""What the amount of one fee in one month is reckoned from, as a value: the amount follows by the rule of rating."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fee_service.model import Label, PartlyWaived
from fee_service.money import Rounding, rounded
from fee_service.periods import Period
from fee_service.prices import Cell, Package
from fee_service.published.editions import CellKey, ListSpan, WaiverPolicy
from fee_service.rules.rating import RatedLine, rate_span


class Piece(StrEnum):
    """Of what a fraction of a won is rounded; right is the line."""

    LINE = "line"
    UNIT = "unit"  # what one unit costs in the month
    DAY = "day"  # what a day costs


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the amount of one fee in one month is reckoned from: everything in it that can be mistaken."""

    key: CellKey
    cells: tuple[Cell, ...]  # under each of `lists`
    units: int  # that are charged: exempted ones are taken off
    span: Period  # the days of the month on which the fee is owed
    days_in_month: int
    lists: tuple[ListSpan, ...]
    prorated: bool
    proration: Label  # where it is written
    waivable: bool
    partly_waived: PartlyWaived
    waived: Period | None  # as it stands
    quoted: Period | None = None  # the waiver as quoted, where an event cut it
    policy: WaiverPolicy | None = None
    exempted: int = 0  # units that a rule across products frees
    exemption: Label | None = None  # the rule
    wholly: bool = False  # whether it frees the fee as a whole
    recovery_sets: int = 0
    times: int = 1
    billed_before: int = 0  # of a settlement: what was billed for the month already
    rounding: Rounding | None = None  # None: that of the list
    piece: Piece = Piece.LINE
    coin: int = 1  # KRW; what is less is cut off

    @property
    def net(self) -> int:
        """What is due (KRW); of a settlement what is left, which may be a credit."""
        net = self._amounts[1] - self.billed_before
        return net if self.coin == 1 else _cut(net, self.coin)

    @property
    def list(self) -> int:
        """What would be due without a waiver (KRW)."""
        return self._amounts[0]

    @property
    def waived_days(self) -> int:
        return self.span.overlap(self.waived).days if self.waived and self.waivable else 0

    @property
    def is_flat(self) -> bool:
        """Whether every unit or package costs the same, so that what one costs may be rounded."""
        is_flat = all(cell.unit_price is not None and not cell.is_bounded for cell in self.cells)
        return is_flat and len({_count(cell, self.units) for cell in self.cells}) == 1

    @property
    def count(self) -> int:
        """How many units are charged, or packages."""
        return _count(self.cells[0], self.units) * self.times

    @property
    def _amounts(self) -> tuple[int, int]:
        if self.wholly:
            return 0, 0
        if self.piece is Piece.UNIT:
            full, charged = self._rated(tuple([cell.unit_price or 0 for cell in self.cells]))
            return self.count * full, self.count * charged
        charges = tuple([cell.charge(self.units) * self.times for cell in self.cells])
        if self.piece is Piece.DAY:
            return self._by_day(charges, lambda part: part.days), self._by_day(charges, self._charged)
        return self._rated(charges)

    def _rated(self, charges: tuple[int, ...]) -> tuple[int, int]:
        line = RatedLine(
            id=0,
            charges=charges,
            prorated=self.prorated,
            waivable=self.waivable,
            partly_waived=self.partly_waived,
            once=False,
            delay=0,
            until=None,
        )
        return rate_span(line, self.span, self.days_in_month, self.lists, self.waived, self.rounding)

    def _by_day(self, charges: tuple[int, ...], days: Callable[[Period], int]) -> int:
        """Days, each at what a day costs under its list, rounded."""
        return sum(
            days(part.overlap(self.span)) * rounded(charge, self.days_in_month, self.rounding or held.rounding)
            for charge, (part, held) in zip(charges, self.lists, strict=True)
        )

    def _charged(self, part: Period) -> int:
        return part.days - (part.overlap(self.waived).days if self.waived and self.waivable else 0)


def _count(cell: Cell, units: int) -> int:
    return cell.price.count(units) if isinstance(cell.price, Package) else units


def _cut(won: int, coin: int) -> int:
    """Won without what is under a coin; a credit like the same amount billed."""
    return won // coin * coin if won >= 0 else -(-won // coin * coin)

"""What the amount of one fee in one month is reckoned from, as a value: the amount follows by the rule of rating."""

from __future__ import annotations

from dataclasses import dataclass

from fee_service.model import Label, PartlyWaived
from fee_service.money import Rounding
from fee_service.periods import Period
from fee_service.prices import Cell
from fee_service.published.editions import CellKey, ListSpan, WaiverPolicy
from fee_service.rules.rating import RatedLine, rate_span


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

    @property
    def net(self) -> int:
        """What is due (KRW); of a settlement what is left, which may be a credit."""
        return self._amounts[1] - self.billed_before

    @property
    def list(self) -> int:
        """What would be due without a waiver (KRW)."""
        return self._amounts[0]

    @property
    def waived_days(self) -> int:
        return self.span.overlap(self.waived).days if self.waived and self.waivable else 0

    @property
    def _amounts(self) -> tuple[int, int]:
        charges = tuple(0 if self.wholly else cell.charge(self.units) * self.times for cell in self.cells)
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

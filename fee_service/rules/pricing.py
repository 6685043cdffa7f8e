"""What the total of a quote *is*: a price, a part of one, free, or nothing that has a price. An amount of 0 alone
does not tell: what is withheld, by agreement or on request is charged 0 here and yet has no price of 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from fee_service.model import Line, Text, Unpriced
from fee_service.prices import CellKind


class PriceStatus(StrEnum):
    PRICED = "priced"
    PARTLY_PRICED = "partly_priced"  # an amount, beside which something has no price
    FREE = "free"  # everything with a published price is published as free of charge
    UNPRICED = "unpriced"  # nothing has a price: the amount of 0 means nothing


class Pricing(NamedTuple):
    """What the sums of a quote are, and those of a month; `missing` is why something is in neither."""

    status: PriceStatus
    monthly: PriceStatus
    missing: tuple[str, ...]  # `withheld`, `on_request`

    @property
    def instead(self) -> Text | None:
        """What to say instead of the totals; None where they are amounts."""
        return _instead(self.status, self.missing)

    @property
    def instead_monthly(self) -> Text | None:
        """What to say instead of the amount of a month; None where it is one."""
        return _instead(self.monthly, self.missing)

    @property
    def beside(self) -> Text | None:
        """What the amounts do not hold; None where they hold everything, or where there are none."""
        if not self.missing or self.status is PriceStatus.UNPRICED:
            return None
        return Text(f"pricing_without_{'_and_'.join(self.missing)}")


def pricing_of(lines: Sequence[Line], unpriced: Sequence[Unpriced]) -> Pricing:
    """What the totals of these lines are, beside APIs that have no published price."""
    withheld = any(cell.cell is CellKind.WITHHELD for line in lines for cell in line.cells)
    missing = (*(("withheld",) if withheld else ()), *(("on_request",) if unpriced else ()))
    recurring = [line for line in lines if line.unit != "once"]
    return Pricing(_status(lines, missing), _status(recurring, missing), missing)


def _status(lines: Iterable[Line], missing: Sequence[str]) -> PriceStatus:
    amounts = [cell.charge for line in lines for cell in line.cells if cell.cell is CellKind.AMOUNT]
    if not amounts:
        return PriceStatus.UNPRICED
    if not any(amounts):
        return PriceStatus.FREE
    return PriceStatus.PARTLY_PRICED if missing else PriceStatus.PRICED


def _instead(status: PriceStatus, missing: Sequence[str]) -> Text | None:
    if status is PriceStatus.FREE:
        return Text("pricing_free")
    if status is PriceStatus.UNPRICED:
        return Text(f"pricing_{'_and_'.join(missing) or 'none'}")
    return None

"""What a contract is expected to be billed over some months of service, as judging takes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fee_service.contract import Contract
from fee_service.published.editions import CellKey, Editions, Rate
from fee_service.rules.dues import Running, dues, vat_rate
from fee_service.rules.judging import CHECKED, Expected
from fee_service.rules.reckoned_dues import reckoned, reckoned_beside
from fee_service.rules.reckoning import Reckoned


@dataclass(frozen=True, slots=True)
class Expecting:
    """The dues of a contract, and the contract as it runs; None where it has not started by then."""

    dues: tuple[Expected, ...]
    running: Running | None

    def beside(self, months: Iterable[date]) -> Mapping[tuple[CellKey, date], Reckoned]:
        """What the licences may be billed for in some months although nothing is due."""
        running = self.running
        if running is None:
            return {}
        return {(each.key, month): each for month in months for each in reckoned_beside(running, month)}

    def vat_rate(self, day: date) -> Rate | None:
        """The VAT of an invoice of a day."""
        return None if self.running is None else vat_rate(self.running, day)


def expecting(contract: Contract, editions: Editions, first: date, last: date, as_of: date) -> Expecting:
    """What is expected for the months of service from `first` through `last`. Raises NotFound like `dues`."""
    owed = dues(contract, editions, first, last, as_of)
    running = owed.running
    if running is None:
        return Expecting((), None)
    taken_apart = ((due, reckoned(running, due)) for due in owed.lines)
    found = tuple(
        Expected(of_it.key, due.month, due.invoice_on, CHECKED[due.basis], of_it) for due, of_it in taken_apart
    )
    return Expecting(found, running)

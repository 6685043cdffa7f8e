"""How a contract stands: what its events make of its end and its waiver, and the year that it runs in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fee_service.contract import Contract, ContractEvent, EventKind
from fee_service.periods import ONE_DAY, Period, months_after


class Standing(NamedTuple):
    """What holds of a contract once all its events are counted in; `end` is exclusive, None where none is known."""

    end: date | None
    waived: Period | None
    ended: ContractEvent | None  # the event that set the end
    withdrawn: ContractEvent | None  # the event that cut the waiver


class ContractYear(NamedTuple):
    """A term of a contract: through 31 December of its first year, then year by year (P1 §2.1, P2 §2.1)."""

    period: Period
    last_notice: date  # the last day on which written notice stops the renewal


def in_effect(events: Sequence[ContractEvent]) -> tuple[ContractEvent, ...]:
    """The events that nobody took back, without the annulments themselves."""
    annulled = {event.annuls for event in events}
    return tuple(event for event in events if event.kind is not EventKind.ANNULLED and event.id not in annulled)


def standing_of(contract: Contract) -> Standing:
    """The end and the waiver of a contract as its events leave them: what was agreed, or less."""
    ended = withdrawn = None
    agreed = contract.request.ends_on
    end, waived = (agreed + ONE_DAY if agreed else None), contract.waived
    for event in in_effect(contract.events):
        if event.kind is EventKind.ENDED and event.on is not None and (end is None or event.on + ONE_DAY < end):
            end, ended = event.on + ONE_DAY, event
        elif event.kind is EventKind.WAIVER_WITHDRAWN and event.on is not None and waived and event.on < waived.end:
            waived, withdrawn = _until(waived, event.on), event
    if withdrawn is not None and withdrawn.on is not None and end is not None and withdrawn.on >= end:
        withdrawn = None  # it was over before
    if waived and end is not None:
        waived = _until(waived, end)
    return Standing(end, waived, ended, withdrawn)


def contract_year(start: date, day: date, notice_months: int) -> ContractYear:
    """The term that a day lies in, of a contract from `start` on; before its start, the first one.

    Notice must be given so many months before the year ends: of 31 December, one month before, by 30 November.
    """
    year = max(start.year, day.year)
    end = date(year + 1, 1, 1)
    period = Period(start if year == start.year else date(year, 1, 1), end)
    return ContractYear(period, months_after(end, -notice_months) - ONE_DAY)


class Term(NamedTuple):
    """The year that a contract runs in; without a renewal it is the last one. `following` is the notice day after."""

    period: Period
    renews_on: date | None
    last_notice: date | None
    following: date | None

    def is_open(self, day: date) -> bool:
        """Whether notice that stops the renewal can be given on a day."""
        return self.last_notice is not None and day <= self.last_notice


def term_of(start: date, end: date | None, day: date, notice_months: int) -> Term | None:
    """The term that a day lies in of a contract that ends before `end`; None once it is over (P1 §2.1, P2 §2.1)."""
    if end is not None and day >= end:
        return None
    year = contract_year(start, day, notice_months)
    if end is not None and end <= year.period.end:
        return Term(Period(year.period.start, end), None, None, None)
    following = contract_year(start, year.period.end, notice_months)
    return Term(year.period, year.period.end, year.last_notice, following.last_notice)


def _until(waived: Period, day: date) -> Period | None:
    cut = Period(waived.start, min(waived.end, day))
    return cut if cut.days else None

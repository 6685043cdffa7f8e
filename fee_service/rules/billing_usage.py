"""When the usage of a month is billed, and as what: by reports, by an estimate where none came in time, settled by the
reports that come after (P1 §9.3, §10.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fee_service.contract import Basis, UsageReport
from fee_service.periods import ONE_DAY, first_of_month_after


class Billing(NamedTuple):
    """A day on which the usage of a month is billed: as in `report`, or as quoted where that is None.

    Of an estimate the report is one of an earlier month.
    """

    on: date
    basis: Basis
    report: UsageReport | None


class Reports:
    """The usage reports of a contract that are known on a day, by the first day of their month.

    `on_the_day`: whether one of the very day on which its month is billed without a report is still in time.
    """

    __slots__ = ("_by_month", "_on_the_day", "as_of")

    def __init__(self, reports: Iterable[UsageReport], as_of: date, *, on_the_day: bool = False) -> None:
        by_month: dict[date, list[UsageReport]] = {}
        for report in reports:
            if report.reported_on <= as_of:
                by_month.setdefault(report.month, []).append(report)
        self._by_month: Mapping[date, Sequence[UsageReport]] = by_month
        self._on_the_day = on_the_day
        self.as_of = as_of

    def of(self, month: date) -> Sequence[UsageReport]:
        """Those of a month, in the order in which they were entered."""
        return self._by_month.get(month, ())

    def newest(self, month: date, before: date) -> UsageReport | None:
        """What is known of a month before a day: the report entered last of those that came in before it."""
        return next((report for report in reversed(self.of(month)) if report.reported_on < before), None)

    def in_time(self, month: date, estimate: date) -> UsageReport | None:
        """What is known of a month in time for a day on which it is billed without a report (P1 §9.3)."""
        return self.newest(month, estimate + ONE_DAY if self._on_the_day else estimate)

    def months_billed(self, on: date) -> set[date]:
        """The months of which a report is billed on that 1st of a month."""
        return {
            month for month, reports in self._by_month.items() if any(billed_on(report) == on for report in reports)
        }


def billed_on(report: UsageReport) -> date:
    """The 1st of the month after the one in which a report came in (P1 §10.2)."""
    return first_of_month_after(report.reported_on, 1)


def billings(month: date, first: date, reports: Reports, estimated_on: Callable[[date], date]) -> Iterator[Billing]:
    """The days on which the usage of a month is billed, in order; what was billed before is to be taken off.

    `first` is the first day of the first contract month; `estimated_on` the day on which a month is billed without a
    report: a report that comes in in time is billed as reported, and so is a correction of it.
    """
    estimate = estimated_on(month)
    days = {billed_on(report) for report in reports.of(month)}
    if reports.in_time(month, estimate) is None:
        days.add(estimate)
    for number, day in enumerate(sorted(days)):
        report = reports.newest(month, day)
        if number:
            yield Billing(day, Basis.SETTLEMENT, report)
        elif report is not None:
            yield Billing(day, Basis.REPORT, report)
        elif day > reports.as_of:
            yield Billing(day, Basis.ASSUMED, None)
        else:
            yield Billing(day, Basis.ESTIMATE, _of_the_month_before(month, first, reports, estimated_on))


def _of_the_month_before(
    month: date, first: date, reports: Reports, estimated_on: Callable[[date], date]
) -> UsageReport | None:
    """What an estimate repeats: what was known of the month before, which itself may be an estimate."""
    while month > first:
        before = first_of_month_after(month, -1)
        report = reports.in_time(before, estimated_on(month))
        if report is not None:
            return report
        month = before
    return None

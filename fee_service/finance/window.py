"""Which usage reports the invoices of a month can depend on: those of the last months, mostly; else all of a contract.

A contract that runs for years has a report for every month, and a month's invoices rest on two or three of them. What
is left out changes nothing: a month that is billed has all of its reports, and an estimate finds what it repeats.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from fee_service.contract import UsageReport
from fee_service.periods import Period, first_of_month_after
from fee_service.published.editions import Editions
from fee_service.rules.dues import USAGE_FEE

MONTHS_BEFORE = 3  # in which an estimate mostly finds what it repeats


class Window(NamedTuple):
    """The months whose reports are read at once, and when one of an earlier month is billed."""

    since: date  # the first of the months
    oldest: date  # the first one that may be billed without a report
    newest: date  # the last one that may
    came_in: Period  # when the reports came in that these invoices bill
    delay: int  # the fewest months after its month that usage is billed
    as_of: date

    def holds_all(self, start: date) -> bool:
        """Whether a contract that starts on a day has no earlier month."""
        return start.replace(day=1) >= self.since

    def suffices(self, reports: Iterable[UsageReport]) -> bool:
        """Whether an estimate that looks back finds a report among those of the window that it may repeat."""
        return any(
            report.month < self.oldest
            and report.reported_on <= self.as_of
            and report.reported_on < first_of_month_after(report.month, 1 + self.delay)
            for report in reports
        )


def window_of(editions: Editions, invoice_month: date, as_of: date) -> Window:
    """The window of the invoices of a month, whichever price list a contract follows."""
    delays = _delays(editions)
    oldest = first_of_month_after(invoice_month, -max(delays))
    return Window(
        first_of_month_after(oldest, -MONTHS_BEFORE),
        oldest,
        first_of_month_after(invoice_month, -min(delays)),
        Period(first_of_month_after(invoice_month, -1), invoice_month),
        min(delays),
        as_of,
    )


def _delays(editions: Editions) -> Sequence[int]:
    return [held.fees[USAGE_FEE].months_after for held in editions.price_lists if USAGE_FEE in held.fees] or [0]

"""Earlier waivers that the ledger knows: counted in, whatever the caller stated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fee_service.model import EarlierWaiver, QuoteRequest
from fee_service.periods import Period
from fee_service.rules.waivers import unused_end, used_time


def with_earlier_waivers(
    request: QuoteRequest, known: Sequence[EarlierWaiver]
) -> tuple[QuoteRequest, tuple[EarlierWaiver, ...]]:
    """The request with the days before its start on which fees were waived, and those found in the ledger.

    A caller may state more than the ledger knows, not less: the days of both are united.
    """
    cut = (EarlierWaiver(waiver.quote, before(request, waiver.period)) for waiver in known)
    found = tuple(waiver for waiver in cut if waiver.period.days)
    if not found:
        return request, ()
    prior = united((*request.prior_waiver, *(waiver.period for waiver in found)))
    return replace(request, prior_waiver=prior), found


def before(request: QuoteRequest, period: Period) -> Period:
    """The part of a period that lies before the contract starts."""
    return Period(period.start, max(period.start, min(period.end, request.starts_on)))


def united(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days without an overlap. Periods that only touch stay two, since months are counted in each."""
    result: list[Period] = []
    for period in sorted(periods):
        if result and period.start < result[-1].end:
            result[-1] = Period(result[-1].start, max(result[-1].end, period.end))
        else:
            result.append(period)
    return tuple(result)


def exceeds(periods: Iterable[Period], months: int) -> bool:
    """Whether waivers of one company take more time than a policy grants, in whatever order they were accepted.

    Days that two contracts share count once. The last period may end where a waiver of so many months would that
    begins with it, less the time of those before: as `waivers` counts it.
    """
    *earlier, last = united(period for period in periods if period.days)
    return last.end > unused_end(last.start, months, used_time(earlier))


def covers(stated: Iterable[Period], known: Iterable[Period]) -> bool:
    """Whether every day of the known periods is among the stated ones."""
    days = united(stated)
    return all(sum(period.overlap(part).days for part in days) == period.days for period in known)

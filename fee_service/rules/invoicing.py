"""Invoices: what is billed on which day (P1 §10, P2 §6), with VAT on each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import accumulate

from fee_service.model import Invoice
from fee_service.money import Rounding, rounded
from fee_service.periods import first_of_month_after
from fee_service.published.editions import FirstInvoiceDay, ListSpan, PriceList, Rate
from fee_service.rules.rating import RatedMonths


def invoices_of(rated: RatedMonths, lists: tuple[ListSpan, ...]) -> tuple[Invoice, ...]:
    """One invoice a month, in order; a month of the contract has one even of 0.

    Fees of a month are billed on its first contract day, usage so many months after its 1st. Where the first list says
    so, a month that starts inside is billed with the month after.
    """
    supply, places = _supply(rated)
    if lists[0][1].first_invoice.day is FirstInvoiceDay.NEXT_MONTH and lists[0][0].start.day > 1:
        supply[1] += supply[0]
        places = sorted({*places, 1} - {0})
    days = _issue_days(rated.runs[0].months[0].span.start, len(supply))
    return _with_vat([days[place] for place in places], [supply[place] for place in places], lists)


def _supply(rated: RatedMonths) -> tuple[list[int], Sequence[int]]:
    """What is billed by months since the first, and in which of them: in each of the contract, after it where a fee is.

    What months that are alike have billed begins with the first of them and ends after the last.
    """
    months = sum([len(run.months) for run in rated.runs])
    longest = max([delay for run in rated.runs for delay, _ in run.amounts.billed], default=0)
    more = [0] * (months + longest + 2)  # than in the month before
    fees = [*more]  # how many begin and end
    first = 0
    for run in rated.runs:
        end = first + len(run.months)
        for delay, net in run.amounts.billed:
            more[first + delay] += net
            more[end + delay] -= net
            fees[first + delay] += 1
            fees[end + delay] -= 1
        first = end
    billed = accumulate(fees)
    return list(accumulate(more)), [place for place, count in enumerate(billed) if count or place < months]


def issue_day(start: date, later: int, first: PriceList) -> date:
    """The day of the invoice that comes so many months after the first contract month: at first the start day, or the
    1st of the month after where the first list says so, then the 1st of each month."""
    if not later and start.day > 1 and first.first_invoice.day is FirstInvoiceDay.NEXT_MONTH:
        return first_of_month_after(start, 1)
    return first_of_month_after(start, later) if later else start


@lru_cache(maxsize=512)
def _issue_days(start: date, count: int) -> tuple[date, ...]:
    """The start day, then the first of every month after."""
    return (start, *(first_of_month_after(start, later) for later in range(1, count)))


_invoice: Callable[[tuple[date, int, int]], Invoice] = partial(tuple.__new__, Invoice)  # in a third of the time


def _with_vat(days: Sequence[date], supply: Sequence[int], lists: Sequence[ListSpan]) -> tuple[Invoice, ...]:
    """Each invoice with the VAT of the list in force on its day; after the contract, of its last list."""
    taxed: list[int] = []
    start = 0
    for number, (span, price_list) in enumerate(lists, start=1):
        end = bisect_left(days, span.end) if number < len(lists) else len(days)
        amounts = supply[start:end]
        taxes = {amount: vat_of(amount, price_list.vat) for amount in set(amounts)}
        taxed += map(taxes.__getitem__, amounts)
        start = end
    return tuple(map(_invoice, zip(days, supply, taxed, strict=True)))


def vat_of(supply: int, rate: Rate, mode: Rounding | None = None) -> int:
    """The VAT of an invoice (KRW), rounded as the list says unless another way is given.

    Of a credit, which is negative, what it would be of the same amount billed.
    """
    share, whole = rate.rate.as_integer_ratio()
    vat = rounded(abs(supply) * share, whole, mode or rate.rounding)
    return vat if supply >= 0 else -vat

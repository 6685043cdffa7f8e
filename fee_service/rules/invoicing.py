"""Invoices: what is billed on which day (P1 §10, P2 §6), with VAT on each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from fee_service.model import Invoice
from fee_service.money import rounded
from fee_service.periods import first_of_month_after
from fee_service.published.editions import FirstInvoiceDay, ListSpan, PriceList
from fee_service.rules.rating import RatedMonths


def invoices_of(rated: RatedMonths, lists: tuple[ListSpan, ...]) -> tuple[Invoice, ...]:
    """One invoice a month, in order; a month of the contract has one even of 0.

    Fees of a month are billed on its first contract day, usage so many months after its 1st. Where the first list says
    so, a month that starts inside is billed with the month after.
    """
    months = sum([len(run.months) for run in rated.runs])
    supply = dict.fromkeys(range(months), 0)  # by months since the first
    first = 0
    for run in rated.runs:
        end = first + len(run.months)
        for delay, net in run.amounts.billed:
            for place in range(first + delay, end + delay):
                supply[place] = supply.get(place, 0) + net
        first = end
    if lists[0][1].first_invoice.day is FirstInvoiceDay.NEXT_MONTH and lists[0][0].start.day > 1:
        supply[1] = supply.get(1, 0) + supply.pop(0)
    places = sorted(supply)
    days = _issue_days(rated.runs[0].months[0].span.start, places[-1] + 1)
    return tuple(_with_vat([days[place] for place in places], [supply[place] for place in places], lists))


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


def _with_vat(days: Sequence[date], supply: Sequence[int], lists: Sequence[ListSpan]) -> Iterator[Invoice]:
    """Each invoice with the VAT of the list in force on its day; after the contract, of its last list."""
    start = 0
    for number, (span, price_list) in enumerate(lists, start=1):
        end = bisect_left(days, span.end) if number < len(lists) else len(days)
        amounts = supply[start:end]
        taxes = {amount: vat_of(amount, price_list) for amount in set(amounts)}
        yield from map(Invoice, days[start:end], amounts, [taxes[amount] for amount in amounts])
        start = end


def vat_of(supply: int, price_list: PriceList) -> int:
    """The VAT of an invoice (KRW); of a credit, which is negative, what it would be of the same amount billed."""
    share, whole = price_list.vat.rate.as_integer_ratio()
    vat = rounded(abs(supply) * share, whole, price_list.vat.rounding)
    return vat if supply >= 0 else -vat

"""Invoices: what is billed on which day (P1 §10, P2 §6), with VAT on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from fee_service.model import Invoice
from fee_service.money import rounded
from fee_service.periods import first_of_month_after
from fee_service.published.editions import FirstInvoiceDay, ListSpan, PriceList
from fee_service.rules.rating import RatedMonths


@lru_cache(maxsize=1024)
def invoices_of(rated: RatedMonths, lists: tuple[ListSpan, ...]) -> tuple[Invoice, ...]:
    """One invoice a month, in order; a month of the contract has one even of 0.

    Fees of a month are billed on its first contract day, usage so many months after its 1st. Where the first list says
    so, a month that starts inside is billed with the month after.
    """
    supply: dict[int, int] = {}  # by months since the first
    first = 0
    for months, _, amounts in rated.runs:
        places = range(first, first + len(months))
        for place in places:
            supply.setdefault(place, 0)
        for delay, net in amounts.billed:
            for place in places:
                supply[place + delay] = supply.get(place + delay, 0) + net
        first += len(months)
    if lists[0][1].first_invoice.day is FirstInvoiceDay.NEXT_MONTH and lists[0][0].start.day > 1:
        supply[1] = supply.get(1, 0) + supply.pop(0)
    days = _issue_days(rated.runs[0].months[0].span.start, max(supply) + 1)
    return tuple(_with_vat([(days[place], supply[place]) for place in sorted(supply)], lists))


@lru_cache(maxsize=1024)
def _issue_days(start: date, count: int) -> tuple[date, ...]:
    """The start day, then the first of every month after."""
    return (start, *(first_of_month_after(start, later) for later in range(1, count)))


def _with_vat(supply: Iterable[tuple[date, int]], lists: Sequence[ListSpan]) -> Iterator[Invoice]:
    """Each invoice with the VAT of the list in force on its day; after the contract, of its last list."""
    number, taxes = 0, dict[int, int]()
    for issued_on, amount in supply:
        while number < len(lists) - 1 and lists[number][0].end <= issued_on:
            number, taxes = number + 1, {}
        if amount not in taxes:
            taxes[amount] = _vat(amount, lists[number][1])
        yield Invoice(issued_on, amount, taxes[amount])


def _vat(supply: int, price_list: PriceList) -> int:
    share, whole = price_list.vat.rate.as_integer_ratio()
    return rounded(supply * share, whole, price_list.vat.rounding)

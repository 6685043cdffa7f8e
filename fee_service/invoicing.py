"""Invoices: what is billed on which day (P1 §10, P2 §6), with VAT on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from fee_service.editions import ListSpan
from fee_service.model import Invoice
from fee_service.money import rounded
from fee_service.periods import first_of_month_after
from fee_service.rating import RatedMonths


def invoices_of(rated: RatedMonths, lists: Sequence[ListSpan]) -> tuple[Invoice, ...]:
    """One invoice a month, in order; a month of the contract has one even of 0.

    Fees of a month are billed on its first contract day, usage so many months after its 1st.
    """
    supply: dict[int, int] = {}  # by months since the first
    place = 0
    for months, _, amounts in rated.runs:
        for place in range(place, place + len(months)):  # noqa: B020 - counts on over the runs
            supply.setdefault(place, 0)
            for delay, net in amounts.billed:
                supply[place + delay] = supply.get(place + delay, 0) + net
        place += 1
    days = _issue_days(rated.runs[0].months[0].span.start, max(supply) + 1)
    return tuple(_with_vat(((days[place], supply[place]) for place in sorted(supply)), lists))


@lru_cache(maxsize=1024)
def _issue_days(start: date, count: int) -> tuple[date, ...]:
    """The start day, then the first of every month after."""
    return (start, *(first_of_month_after(start, later) for later in range(1, count)))


def _with_vat(supply: Iterable[tuple[date, int]], lists: Sequence[ListSpan]) -> Iterator[Invoice]:
    """Each invoice with the VAT of the list in force on its day; after the contract, of its last list."""
    later = iter((*lists[1:], None))
    (span, price_list), following = lists[0], next(later)
    share, whole = price_list.vat.rate.as_integer_ratio()
    for issued_on, amount in supply:
        while following and span.end <= issued_on:
            (span, price_list), following = following, next(later)
            share, whole = price_list.vat.rate.as_integer_ratio()
        yield Invoice(issued_on, amount, rounded(amount * share, whole, price_list.vat.rounding))

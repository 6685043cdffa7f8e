"""Invoices: what is billed on which day (P1 §10, P2 §6), with VAT on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fee_service.editions import ListSpan, PriceList
from fee_service.model import Invoice
from fee_service.money import rounded
from fee_service.periods import months_after
from fee_service.rating import RatedMonths


def invoices_of(rated: RatedMonths, lists: Sequence[ListSpan]) -> tuple[Invoice, ...]:
    """One invoice a day, in order; a month of the contract has one even of 0.

    Fees of a month are billed on its first contract day, usage so many months after its 1st.
    """
    supply: dict[date, int] = {}
    for month, _, amounts in rated.months:
        start = month.span.start
        supply.setdefault(start, 0)
        for delay, net in amounts.billed:
            issued_on = months_after(start.replace(day=1), delay) if delay else start
            supply[issued_on] = supply.get(issued_on, 0) + net
    return tuple(_invoice(issued_on, supply[issued_on], lists) for issued_on in sorted(supply))


def _invoice(issued_on: date, supply: int, lists: Sequence[ListSpan]) -> Invoice:
    vat = _in_force(lists, issued_on).vat
    return Invoice(
        issued_on, supply, rounded(supply * vat.rate.numerator, vat.rate.denominator, vat.rounding)
    )


def _in_force(lists: Sequence[ListSpan], day: date) -> PriceList:
    """The list of a day; for invoices after the contract, its last one."""
    return next((price_list for span, price_list in lists if day < span.end), lists[-1][1])

"""Interest on what is paid late: simple, by days, from the day after the due day to the day of payment."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fee_service.money import rounded
from fee_service.published.editions import PriceList


class Late(NamedTuple):
    """How many days late a payment is, and the interest for them (KRW)."""

    days: int
    interest: int


def late_interest(amount: int, due_on: date, paid_on: date, price_list: PriceList) -> Late:
    """Interest on an amount (KRW, VAT included) that was due on one day and paid on another (Commercial Act 54).

    A payment on the due day or before it bears none; neither does a credit.
    """
    days = max(0, (paid_on - due_on).days)
    rule = price_list.late_interest
    share, whole = rule.rate.as_integer_ratio()
    return Late(days, rounded(max(0, amount) * share * days, whole * rule.days_in_year, price_list.rounding))

"""What a fee is counted in, in words: so many queries, a package of so many calls."""

from __future__ import annotations

from fee_service.model import Text
from fee_service.prices import Package, Price

COUNTED = {"id_month": "ids", "query": "queries", "call_month": "calls", "set_month": "sets"}  # by unit


def counted(unit: str, number: int) -> Text:
    """So many of what a unit counts; of a fee that is charged by the month, or once, only the number."""
    return Text(f"count_{COUNTED.get(unit, 'units')}", {"number": number})


def unit_of(unit: str, price: Price | None) -> Text:
    """What a unit price is for: one ID and month, one query, one package of so many queries."""
    if isinstance(price, Package):
        return Text(f"package_{unit}", {"size": counted(unit, price.size)})
    return Text(f"unit_{unit}")

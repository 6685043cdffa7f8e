"""What of the usage of a contract's products is reported: what its price list charges a usage fee for (P1 §9)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from fee_service.published.editions import PriceList
from fee_service.rules.lines import USAGE_COLUMNS, Charge, is_offered

Licensed = tuple[tuple[str, str], ...]  # contract and product of each licence
Kinds = tuple[bool, bool, bool]  # in the order of `Usage`


@lru_cache(maxsize=4096)
def reportable(licensed: Licensed, price_list: PriceList) -> Mapping[str, Kinds]:
    """The kinds of usage that a list charges for, by product; those without a usage fee are left out."""
    found = {}
    for contract, product in licensed:
        kinds = _kinds(contract, product, price_list)
        if any(kinds):
            found[product] = kinds
    return found


def _kinds(contract: str, product: str, price_list: PriceList) -> Kinds:
    standard, personal, query = (
        is_offered(Charge(contract, "usage_fee", product, column, 1), price_list) for column in USAGE_COLUMNS
    )
    return standard, personal, query

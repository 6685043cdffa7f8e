"""How tests build what an amount is reckoned from, out of a line as the engine makes it."""

from typing import Any

from fee_service.model import Label, PartlyWaived
from fee_service.periods import Period
from fee_service.published.editions import CellKey, Editions, ListSpan
from fee_service.rules.reckoning import Reckoned
from support.core import FAQ, LIST, A, days

WHOLE, SPLIT = days("2027-03-01", "2027-04-01"), days("2026-12-09", "2027-01-01")  # 31 of 31 days, 23 of 31


def reckoned(
    editions: Editions,
    product: str = A,
    column: str | None = "retail",
    fee: str = "base_fee",
    contract: str = "real_time",
    span: Period = WHOLE,
    lists: tuple[ListSpan, ...] = (),
    **of_it: Any,
) -> Reckoned:
    """The due of a fee in December 2026 or March 2027 under the published list: one unit, nothing waived."""
    price_list = editions.price_list(LIST)
    held = lists or ((span, price_list),)
    key = CellKey(contract, fee, product, column)
    unit = price_list.units[contract, fee, column]
    known: dict[str, Any] = {
        "units": 1,
        "days_in_month": 31,
        "prorated": price_list.proration[unit].prorated,
        "waivable": fee in ("base_fee", "affiliate_extension"),
        "waived": None,
        "policy": editions.policy(FAQ),
    }
    return Reckoned(
        key=key,
        cells=tuple(each.cells[key] for _, each in held),
        span=span,
        lists=held,
        proration=Label("P1 제10조 제2항", "P1 §10.2"),
        partly_waived=PartlyWaived.BY_DAYS,
        **known | of_it,
    )

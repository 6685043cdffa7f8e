"""What changes from one price list to another: its cells, and the terms beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fee_service.prices import Cell
from fee_service.published.editions import CellKey, PriceList


class CellChange(NamedTuple):
    """A cell that one of two lists prints otherwise, or not at all."""

    key: CellKey
    before: Cell | None
    after: Cell | None

    @property
    def kind(self) -> str:
        """The contract's word: added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def difference(self) -> int | None:
        """What the later amount is more (KRW); None where not both are plain amounts."""
        before = self.before.unit_price if self.before else None
        after = self.after.unit_price if self.after else None
        return None if before is None or after is None else after - before


class TermChange(NamedTuple):
    """A term beside the cells that differs, as it is written; None where a list has no such term."""

    term: str
    before: str | None
    after: str | None


def changed_cells(before: PriceList, after: PriceList) -> Iterator[CellChange]:
    """Every cell that was added, removed or changed, in the printed order."""
    for key in dict.fromkeys((*before.cells, *after.cells)):
        old, new = before.cells.get(key), after.cells.get(key)
        if old != new:
            yield CellChange(key, old, new)


def changed_terms(before: PriceList, after: PriceList) -> Iterator[TermChange]:
    """Every term that differs: VAT, rounding, how fees are counted and billed, the contracts' clauses."""
    old, new = _all_terms(before), _all_terms(after)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield TermChange(name, old.get(name), new.get(name))


def list_terms(price_list: PriceList) -> dict[str, Any]:
    """The terms of a whole list, by the contract's names."""
    limit = price_list.call_limit
    return {
        "vat_rate": f"{price_list.vat.rate.numerator}/{price_list.vat.rate.denominator}",
        "vat_rounding": price_list.vat.rounding,
        "rounding": price_list.rounding,
        "first_invoice": price_list.first_invoice.day,
        "calls_per_day_at_most": limit.calls_per_day if limit else None,
    }


def fee_terms(price_list: PriceList, fee: str) -> dict[str, Any]:
    """The terms of one fee, by the contract's names."""
    rule = price_list.fees[fee]
    return {"billed": rule.billed, "months_after": rule.months_after}


def _all_terms(price_list: PriceList) -> dict[str, str]:
    own = {name: str(value) for name, value in list_terms(price_list).items()}
    fees = {
        f"fees.{fee}.{name}": str(value)
        for fee in price_list.fees
        for name, value in fee_terms(price_list, fee).items()
    }
    clauses = {f"terms.{term.id}": f"{term.clause.en}: {term.text.en}" for term in price_list.terms}
    units = {f"proration.{unit}": str(rule.prorated) for unit, rule in price_list.proration.items()}
    return own | fees | clauses | units

"""Whose invoices they are: the own company and the direction, and who then is supplier and who customer of a line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from fee_service.invoices.shape import Batch
from fee_service.invoices.values import Direction


class Side(NamedTuple):
    """The own company, and on which side of the invoices it stands; None: not known."""

    own_number: str | None
    direction: Direction | None


def majority(lines: Any, own_number: str | None) -> Side | None:
    """What the lines tell: the side on which the own number stands most; without one, the side that is always the same.

    Where both sides are always the same, or neither is, nothing is told.
    """
    suppliers, customers = _counts(lines["supplier"]), _counts(lines["customer"])
    if own_number:
        bought, sold = customers.get(own_number, 0), suppliers.get(own_number, 0)
        return Side(own_number, _larger(bought, sold))
    if len(customers) == 1 < len(suppliers):
        return Side(next(iter(customers)), Direction.PURCHASE)
    if len(suppliers) == 1 < len(customers):
        return Side(next(iter(suppliers)), Direction.SALE)
    return None


def _larger(bought: int, sold: int) -> Direction | None:
    return None if bought == sold else Direction.PURCHASE if bought > sold else Direction.SALE


def _counts(column: Any) -> dict[str, int]:
    counted = pc.value_counts(column.cast(pa.string()).combine_chunks().drop_null())
    return {pair["values"]: pair["counts"] for pair in counted.to_pylist()}


def resolved(batch: Batch, side: Side) -> Batch:
    """Each line with its direction, and its counterparty as supplier or customer; the own company is the other."""
    lines, count = batch.lines, len(batch.lines)
    if not count:
        return batch
    direction = _plain(lines["direction"])
    own = pa.scalar(side.own_number, pa.string())
    supplier, customer = _plain(lines["supplier"]), _plain(lines["customer"])
    if side.own_number:
        as_told = pc.case_when(
            pc.make_struct(pc.equal(customer, own).fill_null(False), pc.equal(supplier, own).fill_null(False)),
            pa.scalar("purchase"), pa.scalar("sale"),
        )  # fmt: skip
        direction = pc.coalesce(direction, as_told)
    if side.direction:
        direction = direction.fill_null(side.direction.value)
    buys, sells = pc.equal(direction, "purchase").fill_null(False), pc.equal(direction, "sale").fill_null(False)
    nobody = pa.scalar(None, pa.string())
    new = {"direction": direction}
    told = lines["supplier"].null_count + lines["customer"].null_count == 0 == count - lines["counterparty"].null_count
    for suffix, mine in () if told else (("", own), ("_name", nobody)):
        other = _plain(lines[f"counterparty{suffix}"])
        for role, theirs, ours in (("supplier", buys, sells), ("customer", sells, buys)):
            filled = pc.if_else(theirs, other, pc.if_else(ours, mine, nobody))
            new[f"{role}{suffix}"] = pc.coalesce(_plain(lines[f"{role}{suffix}"]), filled)
        new[f"counterparty{suffix}"] = pc.if_else(pc.or_(buys, sells), nobody, other)
    for name, column in new.items():
        at = lines.column_names.index(name)
        lines = lines.set_column(at, name, column.dictionary_encode())
    return replace(batch, lines=lines)


def _plain(column: Any) -> Any:
    return column.cast(pa.string()).combine_chunks()

"""What each line of a table is for, by its texts and own columns; lines that are alike are looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from fee_service.finance.item_names_kept import known_names
from fee_service.invoices.items import ItemNames, Named, Own
from fee_service.quotes.desk import Desk


def item_names(desk: Desk) -> ItemNames:
    """The names of items that are published and told."""
    with desk.database.reading() as connection:
        return known_names(connection, desk.editions)


TEXTS = ("supplier", "item", "specification", "remark", "invoice_remark", "issued_on")
COLUMNS = Own._fields


def named_lines(lines: pa.Table, names: ItemNames) -> Sequence[Named | None]:
    """What each line is for, in their order; None of a text that nobody knows."""
    found: dict[tuple[Any, ...], Named | None] = {}

    def of(values: tuple[Any, ...]) -> Named | None:
        if values not in found:
            found[values] = _named(names, *values)
        return found[values]

    columns = [lines[name].to_pylist() for name in (*TEXTS, *COLUMNS)]
    return [of(values) for values in zip(*columns, strict=True)]


def _named(
    names: ItemNames, supplier: str | None, item: str | None, specification: str | None, remark: str | None,
    invoice_remark: str | None, issued_on: date | None, *own: Any,
) -> Named | None:  # fmt: skip
    return names.named(
        supplier=supplier, item=item, specification=specification, remarks=(remark, invoice_remark),
        issued_on=issued_on, own=Own(*own),
    )  # fmt: skip

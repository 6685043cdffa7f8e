"""The one shape of lines as columns (Arrow), a batch of it, and the same as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fee_service.invoices.values import Direction, InvoiceLine, OtherKind, OtherRow, Place, Refused, Unreadable

WORDS = pa.dictionary(pa.int32(), pa.string())  # texts that come again and again
_TYPES = {
    "file": WORDS, "sheet": WORDS, "line": pa.int64(), "invoice_number": pa.string(), "issued_on": pa.date32(),
    "direction": WORDS, "correction": pa.bool_(), "corrects": pa.string(), "quantity": pa.decimal128(20, 4),
    "amount": pa.int64(), "vat": pa.int64(), "total": pa.int64(), "invoice_supply": pa.int64(),
    "invoice_vat": pa.int64(), "invoice_total": pa.int64(), "quote": pa.string(), "service_month": pa.date32(),
}  # fmt: skip
FIELDS = tuple(name for name in InvoiceLine._fields if name not in ("place", "extra", "unreadable"))
SCHEMA = pa.schema([(name, _TYPES.get(name, WORDS)) for name in ("file", "sheet", "line", *FIELDS)])
EXTRA = "+"  # begins the name of an unknown column


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines in columns (SCHEMA, and unknown columns as `+NAME`), what of them is unreadable, and rows that are none."""

    lines: pa.Table
    unreadable: Mapping[int, tuple[Unreadable, ...]] = field(default_factory=dict)  # by the row of `lines`
    others: Sequence[OtherRow] = ()
    refused: Sequence[Refused] = ()

    @property
    def rows(self) -> int:
        """Rows in: lines, and rows that are none."""
        return len(self.lines) + len(self.others)

    def as_rows(self) -> Iterator[InvoiceLine]:
        """Each line as a value."""
        extras = {name: name.removeprefix(EXTRA) for name in self.lines.column_names if name.startswith(EXTRA)}
        for index, row in enumerate(self.lines.to_pylist()):
            extra = {bare: row.pop(name) for name, bare in extras.items()}
            kept = {name: value for name, value in extra.items() if value is not None}
            yield line_of(row, kept, self.unreadable.get(index, ()))


def line_of(row: dict[str, Any], extra: Mapping[str, str], unreadable: tuple[Unreadable, ...]) -> InvoiceLine:
    """A row of the columns as a value."""
    place = Place(row.pop("file"), row.pop("sheet"), row.pop("line"))
    quantity: Decimal | None = row.pop("quantity")
    whole = int(quantity) if quantity is not None and quantity == quantity.to_integral_value() else None
    direction = row.pop("direction")
    return InvoiceLine(
        place, **row, extra=extra, unreadable=unreadable, direction=Direction(direction) if direction else None,
        quantity=quantity.normalize() if whole is None and quantity is not None else whole,
    )  # fmt: skip


def blank(place: Place) -> OtherRow:
    """A row without anything."""
    return OtherRow(place, OtherKind.BLANK)


def rejected(place: Place, code: str) -> OtherRow:
    """A row that cannot be read as cells at all."""
    return OtherRow(place, OtherKind.REJECTED, code)


def empty() -> pa.Table:
    """No lines."""
    return SCHEMA.empty_table()


def words(text: str | None, count: int) -> pa.DictionaryArray:
    """A column of one and the same text."""
    indices = pa.nulls(count, pa.int32()) if text is None else pa.repeat(pa.scalar(0, pa.int32()), count)
    return pa.DictionaryArray.from_arrays(indices, pa.array([text or ""], pa.string()))

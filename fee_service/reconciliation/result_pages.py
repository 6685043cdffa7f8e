"""Pages of a result: the lines that filters leave, in their order, from a place on. Pure, over the chunks of a job."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from fee_service.answers.reconciled import ResultLine, read, unpacked
from fee_service.reconciliation.places import START, Place
from fee_service.reconciliation.summing import why

MOST = 500  # lines on a page
JOINS = "+"  # two causes that hold together
_LOOKED_AT = ("status", "cause", "also", "contract", "invoice_number", "service_month", "difference", "vat_difference")


class Filters(NamedTuple):
    """Which lines are wanted; None: all. A cause is found alone, as one of two, and where the status is the cause."""

    status: str | None = None
    cause: str | None = None
    also: str | None = None  # a rival that gives the same amount
    contract: str | None = None
    invoice_number: str | None = None
    month: date | None = None  # of service, its first day


class Page(NamedTuple):
    """Lines, and where the page behind them begins; None behind the last."""

    lines: tuple[ResultLine, ...]
    next: Place | None


def page(chunks: Iterable[bytes], filters: Filters, start: Place = START, most: int = MOST) -> Page:
    """At most so many lines of the chunks from that of `start` on; of a chunk without such lines only what is looked
    at is unpacked."""
    lines: list[ResultLine] = []
    for number, chunk in enumerate(chunks, start.chunk):
        rows = _rows(unpacked(chunk, _LOOKED_AT), filters)
        wanted = [row for row in rows if number > start.chunk or row >= start.row]
        if wanted and len(lines) == most:
            return Page(tuple(lines), Place(number, wanted[0]))
        taken = wanted[: most - len(lines)]
        if taken:
            lines += read(unpacked(chunk).take(taken))
        if len(taken) < len(wanted):
            return Page(tuple(lines), Place(number, wanted[len(taken)]))
    return Page(tuple(lines), None)


def _rows(table: pa.Table, filters: Filters) -> list[int]:
    """The rows that the filters leave."""
    masks = [
        _is_one_of(table[name], [wanted])
        for name, wanted in (
            ("status", filters.status), ("contract", filters.contract), ("invoice_number", filters.invoice_number),
        )
        if wanted is not None
    ]  # fmt: skip
    if filters.month is not None:
        masks.append(pc.fill_null(pc.equal(table["service_month"], pa.scalar(filters.month)), False))
    if filters.cause is not None:
        causes = why(table)
        named = [each for each in pc.unique(causes).to_pylist() if each and filters.cause in (each, *each.split(JOINS))]
        masks.append(_is_one_of(causes, named))
    rows = set(range(len(table))) if filters.also is None else _with_rival(table, filters.also)
    for mask in masks:
        rows &= set(pc.indices_nonzero(mask).to_pylist())
    return sorted(rows)


def _is_one_of(column: pa.ChunkedArray, wanted: list[str]) -> pa.ChunkedArray:
    return pc.is_in(column.cast(pa.string()), pa.array(wanted, pa.string()))


def _with_rival(table: pa.Table, rival: str) -> set[int]:
    also = table["also"].combine_chunks()
    parents, rivals = pc.list_parent_indices(also).to_pylist(), pc.list_flatten(also).to_pylist()
    return {row for row, each in zip(parents, rivals, strict=True) if rival in (each, *each.split(JOINS))}

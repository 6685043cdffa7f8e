"""Lines of invoices that come one by one, each with its head: e-tax XML and the JSON of issuing services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import pyarrow as pa

from fee_service.invoices.columns import PERSON, Header
from fee_service.invoices.shape import Batch
from fee_service.invoices.tables import Sheet, lines_in
from fee_service.invoices.values import Column

LINES = 20_000  # of a batch
NAMES = (
    "invoice_number", "issued_on", "supplier", "supplier_name", "customer", "customer_name", "kind", "purpose",
    "correction_code", "corrects", "invoice_remark", "invoice_supply", "invoice_vat", "invoice_total", "item",
    "specification", "remark", "quantity", "amount", "vat",
)  # fmt: skip
OF_LINES = ("item", "specification", "remark", "quantity", "amount", "vat")  # all others are of the head
PERSONS = ("person_1", "person_2", "person_3", "person_4")
SIGNATURE = "signature"  # comes out beside the lines, like a column that is unknown
HEADER = Header(
    (
        *(Column(index, name, name) for index, name in enumerate(NAMES)),
        *(Column(index, name, PERSON) for index, name in enumerate(PERSONS, len(NAMES))),
        Column(len(NAMES) + len(PERSONS), SIGNATURE, None),
    ),
    0, 0, (),
)  # fmt: skip

_OF_LINES = tuple(column for column in HEADER.columns if column.name in OF_LINES)
_OF_HEADS = tuple(column for column in HEADER.columns if column.name not in OF_LINES)


class DocumentLine(NamedTuple):
    """A line of a document: the number that it has there, the texts of the head, one for all its lines, and its own."""

    file: str
    line: int
    head: Mapping[str, str]
    texts: Mapping[str, str]


def batches(lines: Iterable[DocumentLine]) -> Iterator[Batch]:
    """All lines, many documents at once."""
    waiting = iter(lines)
    while some := list(islice(waiting, LINES)):
        yield batch(some)


def batch(some: list[DocumentLine]) -> Batch:
    """Lines of any number of documents."""
    heads: list[DocumentLine] = []
    indices = []
    for line in some:
        if not heads or heads[-1].head is not line.head:
            heads.append(line)
        indices.append(len(heads) - 1)
    of_head = pa.array(indices, pa.int32())
    columns = {column.at: _texts([line.texts.get(column.name) or None for line in some]) for column in _OF_LINES}
    for column in _OF_HEADS:
        columns[column.at] = _texts([head.head.get(column.name) or None for head in heads]).take(of_head)
    files = _texts([head.file for head in heads]).take(of_head)
    return lines_in(Sheet("", None, HEADER, files), columns, pa.array([line.line for line in some], pa.int64()))


def _texts(texts: list[str | None]) -> Any:
    return pa.array(texts, pa.string())

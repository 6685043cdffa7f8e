"""Lines of invoices that come one by one, each with its head: e-tax XML and the JSON of issuing services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

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


class DocumentLine(NamedTuple):
    """A line of a document: the number that it has there, and its texts by field, those of the head included."""

    file: str
    line: int
    texts: Mapping[str, str]


def batches(lines: Iterable[DocumentLine]) -> Iterator[Batch]:
    """All lines, many documents at once."""
    waiting = iter(lines)
    while some := list(islice(waiting, LINES)):
        yield batch(some)


def batch(some: list[DocumentLine]) -> Batch:
    """Lines of any number of documents."""
    columns = {
        column.at: pa.array([line.texts.get(column.name) or None for line in some], pa.string())
        for column in HEADER.columns
    }
    sheet = Sheet("", None, HEADER, files=pa.array([line.file for line in some], pa.string()))
    return lines_in(sheet, columns, pa.array([line.line for line in some], pa.int64()))

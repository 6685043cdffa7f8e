"""An HTML table that is called .xls, as many back offices make it: decoded here, read by lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from fee_service.errors import Fault, FeeError
from fee_service.invoices.columns import MOST_COLUMNS
from fee_service.invoices.row_tables import NumberedRow
from fee_service.sheets.decoding import decoded

MOST_BYTES = 30_000_000
MOST_SPANNED = 1_000
_BEGINS = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html|head|meta|table|style|body)",
    re.I | re.S,
)


def is_html(beginning: bytes) -> bool:
    """Whether a file begins like a page."""
    return _BEGINS.match(beginning) is not None or b"<table" in beginning.lower()


def tables(file: BinaryIO) -> tuple[str, Iterator[NumberedRow]]:
    """The encoding, and the rows of all tables. Raises FeeError (422): `html_unreadable`, `file_too_large`."""
    file.seek(0)
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise FeeError([Fault("file_too_large", "", {"most": MOST_BYTES // 1_000_000})])
    text, encoding = decoded(raw)
    return encoding, _rows(text)


def _rows(text: str) -> Iterator[NumberedRow]:
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8")
    try:
        root = etree.fromstring(re.sub("charset *= *[\"']?[-\\w]+", "charset=utf-8", text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.find(".//table") is None:
        raise FeeError([Fault("html_without_table")])
    below: dict[int, int] = {}  # in how many rows more a column is covered by a cell above
    for number, row in enumerate(root.iter("tr"), 1):
        yield NumberedRow(number, _cells(row, below))


def _cells(row: Any, below: dict[int, int]) -> list[str]:
    """The cells of a row: a merged one stands in its first place, and is blank in the others that it covers."""
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        _skip_covered(cells, below)
        across, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        if down > 1:
            below.update(dict.fromkeys(range(len(cells), len(cells) + across), down - 1))
        cells += [" ".join("".join(cell.itertext()).split()), *[""] * (across - 1)]
        if len(cells) > MOST_COLUMNS:
            break
    _skip_covered(cells, below)
    return cells


def _skip_covered(cells: list[str], below: dict[int, int]) -> None:
    while left := below.pop(len(cells), 0):
        if left > 1:
            below[len(cells)] = left - 1
        cells.append("")


def _span(text: str | None) -> int:
    return min(int(text), MOST_SPANNED) if text and re.fullmatch("[1-9][0-9]{0,6}", text) else 1

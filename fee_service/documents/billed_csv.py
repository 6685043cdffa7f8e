"""What contracts are billed, as CSV: a row for each line, and in the columns of FOCUS; streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO
from typing import Any

from fee_service.answers.billed import COLUMNS, BilledContract, BilledLine
from fee_service.documents.csv import plain
from fee_service.documents.focus import HEADER, focus_rows
from fee_service.documents.issued_quote import visible
from fee_service.wording import OneLanguage

PIECE = 256 * 1024  # characters that are written at once
LABEL_AT = 9  # the label stands before the quantity


def billed_csv(contracts: Iterable[BilledContract], language: OneLanguage) -> Iterator[bytes]:
    """A row for each line; UTF-8 with a byte-order mark, as Excel wants; amounts in KRW without VAT.

    The columns bear the public names, for programs that read them; the workbook has words. The label is in a language.
    """
    yield head("csv")
    yield from body("csv", contracts, language)


def focus_csv(contracts: Iterable[BilledContract], language: OneLanguage) -> Iterator[bytes]:
    """The same lines and the VAT of each invoice, in the columns of FOCUS 1.2."""
    yield head("focus.csv")
    yield from body("focus.csv", contracts, language)


def head(kind: str) -> bytes:
    """What stands above the rows."""
    if kind == "focus.csv":
        return b"".join(written([HEADER]))
    header = (*COLUMNS[:LABEL_AT], "label", *COLUMNS[LABEL_AT:])
    return b"\xef\xbb\xbf" + b"".join(written([header]))


def body(kind: str, contracts: Iterable[BilledContract], language: OneLanguage) -> Iterator[bytes]:
    """The rows of some contracts: those of all are the rows of some and the rows of the others."""
    if kind == "focus.csv":
        rows = (map(row.get, HEADER) for contract in contracts for row in focus_rows(contract, language))
        return written(rows)
    return written(_row(line, language) for contract in contracts for line in contract.lines)


def _row(line: BilledLine, language: OneLanguage) -> tuple[Any, ...]:
    contract, company, *middle = line[: len(COLUMNS)]
    label = line.label.ko if language == "ko" else line.label.en
    place = LABEL_AT - 2
    return (contract, guarded(company), *middle[:place], label, *middle[place:])


@lru_cache(maxsize=4096)
def guarded(name: str | None) -> str | None:
    """A name as a caller typed it: all of it visible, and no spreadsheet takes it for a formula."""
    return None if name is None else plain(visible(name))


def written(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        if text.tell() > PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()

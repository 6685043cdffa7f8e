"""What a reconciliation found, as CSV: a row for each line, table by table; codes for programs, words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pyarrow as pa
import pyarrow.csv as pa_csv

from fee_service.documents.billed_csv import written
from fee_service.documents.csv import plain
from fee_service.documents.reconciled_columns import Result, columns, heads, unknown_columns
from fee_service.documents.reconciled_focus import FOCUS_HEADER, focus_rows
from fee_service.strict_json import BOM
from fee_service.wording import OneLanguage

ONE_LINE = re.compile(r"[\r\n]+")


def reconciled_csv(result: Result, language: OneLanguage) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark, as Excel wants; amounts in KRW; nothing that a spreadsheet takes for a formula."""
    unknown = unknown_columns(result)
    yield BOM + b"".join(written([[_plain(head) for head in heads(unknown, language)]]))
    for table in result.tables():
        yield _rows(columns(table, unknown, language, _plain))


def reconciled_focus_csv(result: Result, language: OneLanguage) -> Iterator[bytes]:
    """What was billed, in the columns of FOCUS 1.2."""
    yield b"".join(written([FOCUS_HEADER]))
    for table in result.tables():
        yield from written(map(row.get, FOCUS_HEADER) for row in focus_rows(table, language))


def _plain(text: str) -> str:
    """No formula, and in one line."""
    return plain(ONE_LINE.sub(" ", text))


def _rows(table: pa.Table) -> bytes:
    file = BytesIO()
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed", eol="\r\n")
    pa_csv.write_csv(table, file, options)
    return file.getvalue()

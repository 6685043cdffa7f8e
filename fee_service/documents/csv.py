"""Months × lines as CSV: flat, for a spreadsheet or a join with invoices."""

from __future__ import annotations

import csv as standard_csv
import re
from collections.abc import Iterator
from io import StringIO

from fee_service.documents.issued_quote import IssuedQuote, Language, visible
from fee_service.documents.words import WORDS

# What a spreadsheet would read as the begin of a formula, also behind blanks or in full width.
FORMULA_LIKE = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")

Cell = str | int | None


def csv(document: IssuedQuote, language: Language) -> bytes:
    """One row for each month and line, in UTF-8 with a byte-order mark, as Excel wants; amounts in KRW."""
    text = StringIO()
    writer = standard_csv.writer(text, lineterminator="\r\n")
    writer.writerow(_header(language))
    for row in _rows(document, language):
        writer.writerow([plain(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA_LIKE.match(text) else text


def _header(language: Language) -> list[str]:
    words = WORDS[language]
    return [
        words.number, words.company, words.month, words.days, words.days_in_month, words.test_days,
        words.waived_days, words.line_number, words.label, words.contract, words.fee, words.product,
        words.option, words.user_type, words.list, words.waiver, words.net,
    ]  # fmt: skip


def _rows(document: IssuedQuote, language: Language) -> Iterator[list[Cell]]:
    answer = document.answer
    lines = {
        line["id"]: [line["id"], visible(line["label"][language])]
        + [line[name] for name in ("contract", "fee", "product", "option", "user_type")]
        for line in answer["lines"]
    }
    for month in answer["months"]:
        days = [month[name] for name in ("month", "days", "days_in_month", "test_days", "waived_days")]
        for amounts in month["lines"]:
            sums = [amounts[name] for name in ("list", "waiver", "net")]
            yield [answer["number"], document.company_name, *days, *lines[amounts["line"]], *sums]

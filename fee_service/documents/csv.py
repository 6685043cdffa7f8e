"""Months × lines as CSV: flat, for a spreadsheet or a join with invoices."""

from __future__ import annotations

import csv as standard_csv
import re
from collections.abc import Iterator
from io import StringIO

from fee_service.documents.issued_quote import IssuedQuote, visible
from fee_service.documents.words import WORDS, no_amount, price_word
from fee_service.wording import OneLanguage

# What a spreadsheet would read as the begin of a formula, also behind blanks or in full width.
FORMULA_LIKE = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")

Cell = str | int | None


def csv(document: IssuedQuote, language: OneLanguage) -> bytes:
    """One row for each month and line, one for what has no published price.

    UTF-8 with a byte-order mark, as Excel wants; amounts in KRW.
    """
    text = StringIO()
    writer = standard_csv.writer(text, lineterminator="\r\n")
    writer.writerow(_header(language))
    for row in _rows(document, language):
        writer.writerow([plain(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA_LIKE.match(text) else text


def _header(language: OneLanguage) -> list[str]:
    words = WORDS[language]
    return [
        words.number, words.company, words.month, words.days, words.days_in_month, words.test_days,
        words.waived_days, words.line_number, words.label, words.contract, words.fee, words.product,
        words.option, words.user_type, words.list, words.waiver, words.net, words.price_kind,
    ]  # fmt: skip


def _rows(document: IssuedQuote, language: OneLanguage) -> Iterator[list[Cell]]:
    answer, words = document.answer, WORDS[language]
    kinds = {line["id"]: price_word(line, words) or words.priced for line in answer["lines"]}
    without_sums = document.instead(language) is not None  # nothing to add up: no 0 that would be none
    empty = {line["id"] for line in answer["lines"] if without_sums and no_amount(line, words)}
    lines = {
        line["id"]: [line["id"], visible(line["label"][language])]
        + [line[name] for name in ("contract", "fee", "product", "option", "user_type")]
        for line in answer["lines"]
    }
    for month in answer["months"]:
        days = [month[name] for name in ("month", "days", "days_in_month", "test_days", "waived_days")]
        for amounts in month["lines"]:
            number = amounts["line"]
            sums = [None if number in empty else amounts[name] for name in ("list", "waiver", "net")]
            yield [answer["number"], document.company_name, *days, *lines[number], *sums, kinds[number]]
    for item in answer["unpriced"]:
        unknown: list[Cell] = [None] * 5
        others: list[Cell] = [None] * 8
        text = visible(item["text"])
        yield [answer["number"], document.company_name, *unknown, None, text, *others, words.on_request]

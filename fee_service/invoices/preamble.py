"""What stands above a header: the own company's number, the direction, the period and the control totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from fee_service.invoices import amounts, marks
from fee_service.invoices.columns import Cells, plain
from fee_service.invoices.values import Direction, Totals

_NUMBER = re.compile("^(?:사업자등록번호|사업자번호|등록번호|businessnumber)$")
_IN_TEXT = re.compile(r"(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{5}(?![0-9-])")
_STATED = {
    "supply": re.compile("^(?:총공급가액|공급가액합계|공급가액총액|totalsupply)$"),
    "vat": re.compile("^(?:총세액|세액합계|총부가세|부가세합계|totalvat)$"),
    "total": re.compile("^(?:총합계금액|총합계|합계금액|totalamount|grandtotal)$"),
}


class Preamble(NamedTuple):
    """What is told above the header."""

    own_number: str | None
    direction: Direction | None
    period: tuple[date, date] | None
    stated: Totals


def read_preamble(rows: Sequence[Cells]) -> Preamble:
    """All that the rows above a header tell."""
    pairs = [pair for row in rows for pair in _pairs(row)]
    texts = [cell for row in rows for cell in row if cell]
    stated = {name: _amount(pairs, words) for name, words in _STATED.items()}
    return Preamble(_own_number(pairs, texts), _direction(texts), _period(texts), Totals(**stated))


def _pairs(row: Cells) -> Iterator[tuple[str, str]]:
    """A label and what stands behind it, in the next cell or behind a colon."""
    filled = [cell for cell in row if cell and cell.strip()]
    for label, value in zip(filled, [*filled[1:], ""], strict=False):
        before, colon, behind = label.partition(":")
        yield (plain(before), behind.strip()) if colon else (plain(label), value)


def _own_number(pairs: Sequence[tuple[str, str]], texts: Sequence[str]) -> str | None:
    told = {marks.company(value).number for label, value in pairs if _NUMBER.match(label)} - {None}
    if not told:
        told = {marks.company(found).number for text in texts for found in _IN_TEXT.findall(text)} - {None}
    return told.pop() if len(told) == 1 else None


def _amount(pairs: Sequence[tuple[str, str]], words: re.Pattern[str]) -> int | None:
    return next((amounts.won(value).won for label, value in pairs if words.match(label)), None)


def _direction(texts: Sequence[str]) -> Direction | None:
    told = {found for text in texts if (found := _of_title(text))}
    return told.pop() if len(told) == 1 else None


def _of_title(text: str) -> Direction | None:
    return None if re.fullmatch("[0-9]+", text.strip()) else marks.direction(text)


def _period(texts: Sequence[str]) -> tuple[date, date] | None:
    return next((found for text in texts if (found := marks.period(text))), None)

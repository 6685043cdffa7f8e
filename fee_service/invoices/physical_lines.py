"""Lines of a text as a file has them, split into cells one by one: a quote that nobody closes spoils its line alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST_JOINED = 50  # lines of a cell with line breaks
QUOTE = '"'


class Record(NamedTuple):
    """A row of cells, its first line, from 0, and how many lines it takes; no cells where a quote is not closed."""

    cells: list[str] | None
    first: int
    lines: int


def records(lines: Sequence[str], delimiter: str, width: int = 0) -> Iterator[Record]:
    """Every line in one record. A cell may hold line breaks where its quote is closed as it should be.

    `width`: how many cells the table has; of a row that takes several lines there must not be more.
    """
    at = 0
    while at < len(lines):
        cells, taken = _record(lines, at, delimiter, width)
        yield Record(cells, at, taken)
        at += taken


def open_at_end(lines: Sequence[str], delimiter: str, width: int) -> int:
    """The first line of a row that goes on behind the last line; how many lines there are where none does."""
    at = 0
    while at < len(lines):
        cells, taken = _record(lines, at, delimiter, width)
        if cells is None:
            cells, is_open = _cells("\n".join(lines[at:]), delimiter)
            if is_open and cells is not None:
                return at
        at += taken
    return at


def _record(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    line = lines[at]
    if QUOTE not in line:
        return line.split(delimiter), 1
    for taken in range(1, min(MOST_JOINED, len(lines) - at) + 1):
        cells, is_open = _cells("\n".join(lines[at : at + taken]) if taken > 1 else line, delimiter)
        if not is_open:
            if taken == 1 or (cells is not None and (not width or len(cells) <= width)):
                return cells, taken
            return None, 1
        if cells is None:
            return None, 1
    return None, 1


def _cells(text: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """The cells, and whether the last one's quote is still open; no cells where a quote ends in the midst of a cell."""
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith(QUOTE, at):
            cell, at, closed = _quoted(text, at + 1)
            if not closed:
                return cells, True
            if at < len(text) and text[at] != delimiter:
                return None, True
        else:
            end = text.find(delimiter, at)
            cell, at = (text[at:], len(text)) if end < 0 else (text[at:end], end)
        cells.append(cell)
        if at >= len(text):
            return cells, False
        at += 1  # the delimiter


def _quoted(text: str, at: int) -> tuple[str, int, bool]:
    """A cell in quotes, where it ends, and whether it does."""
    begin = at
    while (end := text.find(QUOTE, at)) >= 0:
        if not text.startswith(QUOTE, end + 1):
            return text[begin:end].replace('""', '"'), end + 1, True
        at = end + 2
    return "", len(text), False

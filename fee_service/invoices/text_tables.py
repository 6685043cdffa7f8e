"""CSV and TSV: blocks of lines to columns all at once by Arrow, and line by line wherever the counts do not agree."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv

from fee_service.errors import Fault, FeeError
from fee_service.invoices import texts
from fee_service.invoices.columns import LOOKED_AT, Header, find_header
from fee_service.invoices.physical_lines import MOST_JOINED, Record, records
from fee_service.invoices.shape import WORDS, Batch, blank, empty, rejected
from fee_service.invoices.tables import Sheet, lines_in
from fee_service.invoices.values import OtherKind, OtherRow, Place

DELIMITERS = (",", "\t", ";", "|")
AT_ONCE = 2  # blocks in work beside the one that is handed out
DISTINCT = ("invoice_number", "corrects", "quote", None)  # fields whose texts hardly come again, and unknown columns
MOST_APART = 5_000  # rows of a block that are read one by one beside the others
SMALL = 100_000  # bytes that are read line by line in no time


class Head(NamedTuple):
    """The first records of a text, its delimiter, and the header found in them."""

    records: list[Record]
    delimiter: str
    header: Header
    width: int  # cells of the row of the header, those without a name included


def find_head(first: bytes) -> Head:
    """Of all delimiters the one under which a header has most names. Raises FeeError (422): `header_not_found`."""
    lines = first[: texts.LONGEST_LINE * 2].decode("utf-8", "ignore").split("\n", LOOKED_AT * 4)[: LOOKED_AT * 4]
    found = []
    for delimiter in DELIMITERS:
        rows = list(islice(records(lines, delimiter), LOOKED_AT))
        header = find_header([row.cells or () for row in rows])
        if header:
            known = sum(column.field is not None for column in header.columns)
            width = max(len(row.cells or ()) for row in rows[header.first : header.last + 1])
            found.append((known, -DELIMITERS.index(delimiter), Head(rows, delimiter, header, width)))
    if not found:
        raise FeeError([Fault("header_not_found")])
    return max(found)[2]


def batches(text: texts.Text, head: Head, sheet: Sheet) -> Iterator[Batch]:
    """Every line of the text in one batch or another, in order; two blocks are read at a time."""
    with ThreadPoolExecutor(AT_ONCE) as workers, closing(text.file):
        waiting: deque[Future[list[Batch]]] = deque()
        try:
            for block, first, skipped in _numbered(text, head):
                waiting.append(workers.submit(_batches, block, first, skipped, head, sheet))
                if len(waiting) > AT_ONCE:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def _numbered(text: texts.Text, head: Head) -> Iterator[tuple[bytes, int, int]]:
    """Blocks, the number of their first line from 1, and how many lines at its beginning are those of the head."""
    line = 1
    above = head.records[head.header.last]
    skipped = above.first + above.lines
    for block in texts.blocks(text, head.delimiter, head.width):
        yield block, line, skipped
        line += block.count(b"\n")
        skipped = 0


def _batches(block: bytes, first: int, skipped: int, head: Head, sheet: Sheet) -> list[Batch]:
    if not skipped:
        return _read(block, first, head, sheet)
    above = head.records[: head.header.last + 1]
    others = [_above(record, index, head, sheet) for index, record in enumerate(above)]
    cut = -1
    for _ in range(skipped):
        cut = block.find(b"\n", cut + 1)
        if cut < 0:
            return [Batch(empty(), {}, others)]
    return [Batch(empty(), {}, others), *_read(block[cut + 1 :], first + skipped, head, sheet)]


def _read(block: bytes, first: int, head: Head, sheet: Sheet) -> list[Batch]:
    """A block at once, if need be without the lines of open quotes; where that fails its halves, at last by lines."""
    if not block:
        return []
    numbers = np.arange(first, first + _count(block))
    is_plain = b'"' not in block or not len(_inside(np.frombuffer(block, np.uint8), head.delimiter))
    batch = (is_plain and _at_once(block, numbers, head, sheet)) or _with_others_apart(block, numbers, head, sheet)
    if batch:
        return [batch]
    middle = block.find(b"\n", len(block) // 2) + 1
    cut = texts.end_of_cells(block[:middle], head.delimiter, head.width) if len(block) > SMALL and middle else 0
    if not cut or cut == len(block):
        return [_one_by_one(block, first, head, sheet)]
    behind = first + block.count(b"\n", 0, cut)
    return [*_read(block[:cut], first, head, sheet), *_read(block[cut:], behind, head, sheet)]


def _above(record: Record, index: int, head: Head, sheet: Sheet) -> OtherRow:
    place = Place(sheet.file, sheet.sheet, record.first + 1)
    if record.cells is not None and not any(cell.strip() for cell in record.cells):
        return blank(place)
    return OtherRow(place, OtherKind.HEADER if index >= head.header.first else OtherKind.PREAMBLE)


# -- all lines of a block at once ----------------------------------------------------------------------


Apart = Sequence[tuple[int, Record]]  # rows that are read one by one, with the numbers of their lines


def _count(block: bytes) -> int:
    return block.count(b"\n") + (not block.endswith(b"\n"))


def _with_others_apart(block: bytes, numbers: Any, head: Head, sheet: Sheet) -> Batch | None:
    """At once what has no open quote; rows of several lines, and lines that nobody closes, one by one."""
    codes = np.frombuffer(block, np.uint8)
    ends = np.append(np.flatnonzero(codes == ord("\n")), [len(block)] * (not block.endswith(b"\n"))).astype(np.int64)
    starts = np.append(0, ends[:-1] + 1)
    rows: list[tuple[int, Record]] = []
    taken = np.zeros(len(ends), dtype=bool)
    for at in _suspects(codes, ends, head.delimiter):
        if not taken[at]:
            last = min(int(at) + MOST_JOINED, len(ends)) - 1
            lines = block[starts[at] : ends[last]].decode().split("\n")
            record = next(records(lines, head.delimiter, head.width))
            taken[at : at + record.lines] = True
            rows.append((int(numbers[at]), record))
    if not rows or len(rows) > MOST_APART:
        return None
    pieces = [block[starts[first] : ends[last] + 1] for first, last in _runs(~taken)]
    return _at_once(b"".join(pieces), numbers[~taken], head, sheet, rows) if pieces else None


def _suspects(codes: Any, ends: Any, delimiter: str) -> Any:
    """The lines with an odd count of quotes, or with one in the midst of a cell."""
    odd = np.flatnonzero(np.diff(np.searchsorted(np.flatnonzero(codes == ord('"')), ends), prepend=0) % 2)
    return np.union1d(odd, np.searchsorted(ends, _inside(codes, delimiter)))


def _inside(codes: Any, delimiter: str) -> Any:
    """Where quotes stand in the midst of a cell: Arrow would join what is before and behind ("100"0)."""
    quotes = np.flatnonzero(codes == ord('"'))
    is_edge = np.zeros(256, dtype=bool)
    is_edge[[ord(delimiter), ord("\n"), ord('"')]] = True
    before, behind = (
        codes[np.clip(quotes + step, 0, len(codes) - 1)] for step in (-1, 1)
    )  # at an end the quote itself
    return quotes[~is_edge[before] & ~is_edge[behind]]


def _runs(kept: Any) -> Iterator[tuple[int, int]]:
    """The first and the last of all that are kept in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], kept, [False])).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        yield int(first), int(end) - 1


def _at_once(block: bytes, numbers: Any, head: Head, sheet: Sheet, apart: Apart = ()) -> Batch | None:
    """Arrow reads a line a row; None where it does not: a cell with line breaks, or a quote that is not closed."""
    width, count = head.width, len(numbers)
    odd: list[tuple[int, str]] = []
    end = len(block) - block.endswith(b"\n")
    if block.count(b'"', block.rfind(b"\n", 0, end) + 1, end) % 2:  # the last line
        return None

    def keep(row: Any) -> str:
        odd.append((row.number, row.text))
        return "skip"

    names = [str(index) for index in range(width)]
    kinds = {str(column.at): pa.string() if column.field in DISTINCT else WORDS for column in head.header.columns}
    try:
        table = csv.read_csv(
            pa.BufferReader(block),
            csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            csv.ParseOptions(
                delimiter=head.delimiter, ignore_empty_lines=False, newlines_in_values=True, invalid_row_handler=keep
            ),
            csv.ConvertOptions(
                check_utf8=False,
                column_types=kinds,
                include_columns=list(kinds),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if len(table) + len(odd) != count or any(number is None for number, _ in odd):
        return None
    columns = {int(name): _whole(table[name]) for name in kinds}
    singly = [(int(numbers[number - 1]), next(records([text.rstrip("\n")], head.delimiter))) for number, text in odd]
    whole = np.delete(numbers, [number - 1 for number, _ in odd]) if odd else numbers
    lines, others = _lines_and_others(whole, [*singly, *apart], columns, head, sheet)
    batch = lines_in(sheet, columns, lines)
    return Batch(batch.lines, batch.unreadable, [*others, *batch.others])


def _whole(column: Any) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _lines_and_others(
    whole: Any, apart: Apart, columns: dict[int, Any], head: Head, sheet: Sheet
) -> tuple[Any, list[OtherRow]]:
    """The numbers of the lines, those of rows read one by one among them; `columns` get their cells."""
    if not apart:
        return pa.array(whole), []
    kept = [int(number) for number in whole]
    others: list[OtherRow] = []
    late: list[list[str]] = []
    for line, record in apart:
        told = _row(record, line, columns, head, sheet)
        if isinstance(told, OtherRow):
            others.append(told)
        else:
            kept.append(line)
            late.append(told)
    if not late:
        return pa.array(kept, pa.int64()), others
    ordered = pa.array(sorted(range(len(kept)), key=kept.__getitem__), pa.int64())
    for position, index in enumerate(columns):
        more = pa.array([row[position] or None for row in late], pa.string())
        columns[index] = pa.concat_arrays([columns[index].cast(pa.string()), more]).take(ordered)
    return pa.array(kept, pa.int64()).take(ordered), others


def _row(
    record: Record, line: int, columns: Sequence[int] | dict[int, Any], head: Head, sheet: Sheet
) -> OtherRow | list[str]:
    """The cells of the columns; a row that is cut short lacks the last, one with more says nothing certain."""
    place = Place(sheet.file, sheet.sheet, line)
    if record.cells is None:
        return rejected(place, "row_quote_unclosed")
    cells = record.cells
    if not any(cell.strip() for cell in cells):
        return blank(place)
    if any(cell.strip() for cell in cells[head.width :]):
        return rejected(place, "row_cells_too_many")
    return [cells[index] if index < len(cells) else "" for index in columns]


# -- line by line --------------------------------------------------------------------------------------


def _one_by_one(block: bytes, first: int, head: Head, sheet: Sheet) -> Batch:
    lines = block.removesuffix(b"\n").decode().split("\n")
    wanted = [column.at for column in head.header.columns]
    rows: list[list[str]] = []
    numbers: list[int] = []
    others: list[OtherRow] = []
    for record in records(lines, head.delimiter, head.width):
        told = _row(record, first + record.first, wanted, head, sheet)
        if isinstance(told, OtherRow):
            others.append(told)
        else:
            rows.append(told)
            numbers.append(first + record.first)
    columns = {at: pa.array([row[position] or None for row in rows], pa.string()) for position, at in enumerate(wanted)}
    batch = lines_in(sheet, columns, pa.array(numbers, pa.int64()))
    return Batch(batch.lines, batch.unreadable, [*others, *batch.others])


def head_of(file: BinaryIO) -> tuple[texts.Text, Head]:
    """A file as text, and its head."""
    text = texts.opened(file)
    blocks = texts.blocks(text)
    return text, find_head(next(chain(blocks, [b""])))

"""The lines of an invoice and of its chain, read by a process of its own, which alone has the library of columns."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import orjson

from fee_service.answers.result_line import ResultLine, kept_line, line_from
from fee_service.jobs.aside import aside, taken

if TYPE_CHECKING:
    import pyarrow as pa

SECONDS = 60.0
NUMBERS = ("invoice_number", "chain")


def lines_of(chunks: Iterable[bytes], number: str) -> list[ResultLine]:
    """The lines of the chain that an invoice is part of, in the order of the files. Raises what the chunks raise."""
    return [line_from(each) for each in orjson.loads(aside(__name__, {"number": number}, chunks, SECONDS))]


def chain_in(chunks: Iterable[bytes], number: str) -> Iterator[ResultLine]:
    """The same, in a process that has the library."""
    kept, numbers, before = list(chunks), {number}, 0
    while len(numbers) > before:  # an invoice names its original, and others may name that, too
        before = len(numbers)
        numbers |= {each for chunk in kept for each in _beside(chunk, numbers)}
    for chunk in kept:
        yield from _lines(chunk, numbers)


def _beside(chunk: bytes, numbers: set[str]) -> Iterator[str]:
    """The numbers that stand beside some numbers in a chunk."""
    from fee_service.answers.reconciled import unpacked

    table = unpacked(chunk, NUMBERS)
    rows = _rows(table, numbers)
    columns = (table[name].take(rows).to_pylist() for name in NUMBERS) if rows else ()
    return (each for column in columns for each in column if each)


def _lines(chunk: bytes, numbers: set[str]) -> Iterator[ResultLine]:
    """The lines of a chunk with one of some numbers; mostly only those are unpacked."""
    from fee_service.answers.reconciled import read, unpacked

    rows = _rows(unpacked(chunk, NUMBERS), numbers)
    return read(unpacked(chunk).take(rows)) if rows else iter(())


def _rows(table: pa.Table, numbers: set[str]) -> list[int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(numbers), pa.string())
    found = (pc.indices_nonzero(pc.is_in(table[name].cast(pa.string()), wanted)) for name in NUMBERS)
    return sorted({row for rows in found for row in rows.to_pylist()})


def _answer() -> None:
    asked, chunks = taken()
    found = [kept_line(line) for line in chain_in(chunks, asked["number"])]
    sys.stdout.buffer.write(orjson.dumps(found))


if __name__ == "__main__":
    _answer()

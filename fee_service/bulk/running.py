"""A table of licences rated from file to file: checked whole, written whole or not at all, in bounded memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from fee_service.bulk.checking import Checker
from fee_service.bulk.days import Whole
from fee_service.bulk.faults import MOST_TOLD, BadRows, RowFault
from fee_service.bulk.rating import rated
from fee_service.bulk.reading import Files, OutOfOrder, by_contract, whole_contracts
from fee_service.bulk.writing import beside, opened
from fee_service.published.editions import Editions

Progress = Callable[[int], object]  # told how many rows of the input are done


@dataclass(slots=True)
class Sums:
    """What was written: rows, and their amounts (KRW without VAT)."""

    rows: int = 0
    list: int = 0
    net: int = 0

    def add(self, table: pa.Table) -> None:
        """Count a table in."""
        self.rows += len(table)
        self.list += exact_sum(np.asarray(table["list"]))
        self.net += exact_sum(np.asarray(table["net"]))

    def join(self, other: Sums) -> None:
        """Count others in."""
        self.rows += other.rows
        self.list += other.list
        self.net += other.net

    @property
    def waiver(self) -> int:
        return self.net - self.list


@dataclass(slots=True)
class Bad:
    """The faults of a whole input, the first in full, of further rows the numbers."""

    faults: list[RowFault] = field(default_factory=list)
    further: list[int] = field(default_factory=list)
    rows: int = 0

    def add(self, error: BadRows) -> None:
        """Take the faults of a batch in."""
        for fault in error.faults:
            new = not self.faults or self.faults[-1].row != fault.row
            if self.rows + new > MOST_TOLD:
                if not self.further or self.further[-1] != fault.row:
                    self.further.append(fault.row)
            else:
                self.rows += new
                self.faults.append(fault)
        self.further += error.further

    def raise_any(self, malformed: list[RowFault]) -> None:
        """Raise BadRows where there is any."""
        found = sorted([*self.faults, *malformed], key=lambda fault: fault.row)
        if found:
            raise BadRows(found, sorted(self.further))


def exact_sum(amounts: Whole) -> int:
    """The sum of many amounts, which may be beyond 64 bits."""
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())


def rate_files(files: Files, out: Path, editions: Editions, until: int | None, progress: Progress) -> Sums:
    """Rate a table of licences into a file or a folder, in this process.

    Rows of one contract may stand anywhere; a table that is not in the order of its contracts is sorted first.
    Raises BadTable, BadRows and OutputExists; nothing is written then.
    """
    return in_order(files, out, lambda tables, place: _rate(files, tables, place, out, editions, until, progress))


def in_order(files: Files, out: Path, work: Callable[[Iterator[pa.Table], Path], Sums]) -> Sums:
    """Do some work on the tables of whole contracts and with a place beside the output, which takes its name then."""
    try:
        with beside(out) as place:
            return work(whole_contracts(files.tables()), place)
    except OutOfOrder:
        with beside(out) as place, by_contract(files.tables(), out.parent) as tables:
            return work(whole_contracts(tables), place)


def _rate(
    files: Files,
    tables: Iterator[pa.Table],
    place: Path,
    out: Path,
    editions: Editions,
    until: int | None,
    progress: Progress,
) -> Sums:
    checker, sums, bad, done = Checker(editions, until), Sums(), Bad(), 0
    with opened(place, out) as write:
        for table in tables:
            with noting(bad):
                if bad.rows:
                    checker.check(table)  # nothing will be written: only what else is wrong is looked for
                else:
                    for part in rated(table, checker):
                        sums.add(part)
                        write(part)
            done += len(table)
            progress(done)
    bad.raise_any(files.malformed)
    return sums


@contextlib.contextmanager
def noting(bad: Bad) -> Iterator[None]:
    """Go on after a batch with faults, and keep them."""
    try:
        yield
    except BadRows as error:
        bad.add(error)

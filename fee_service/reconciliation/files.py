"""The files of a reconciliation as one table of lines, with everything that was understood of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from fee_service.errors import FeeError
from fee_service.invoices.accounting import Account
from fee_service.invoices.reading import File, opened
from fee_service.invoices.shape import empty
from fee_service.invoices.values import Direction, OtherRow, Refused, Understood, Unreadable


class SentFile(NamedTuple):
    """A file on the disk, and what people call it."""

    path: Path
    name: str


class Covered(NamedTuple):
    """What a file is a list of: whose invoices, on which side, issued on which days (both included)."""

    own_number: str | None
    direction: Direction | None
    first_day: date
    last_day: date


@dataclass(slots=True)
class Taken:
    """All rows of all files, each once; `lines` as `invoices.shape.SCHEMA`, with unknown columns behind."""

    lines: pa.Table
    starts: list[int] = field(default_factory=list)  # of each file that could be opened, its first row
    unreadable: dict[int, tuple[Unreadable, ...]] = field(default_factory=dict)  # by the row of `lines`
    others: list[OtherRow] = field(default_factory=list)  # rows that are no lines
    understood: list[Understood] = field(default_factory=list)
    accounts: list[tuple[str, Account]] = field(default_factory=list)  # by the file
    covered: list[Covered] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)  # files that could not be read


def taken(files: Iterable[SentFile], own_number: str | None = None) -> Taken:
    """Read files as far as they can be read; a file that cannot says why, and the others are read nevertheless.

    Raises FeeError (422) where there is nothing but files that cannot be read.
    """
    found = Taken(empty())
    tables: list[pa.Table] = []
    faults: list[FeeError] = []
    for path, name in files:
        before = sum(len(table) for table in tables)
        try:
            with opened(path, name, own_number) as file:
                tables += _read(file, found, before)
                found.starts.append(before)
        except FeeError as error:
            faults.append(error)
            found.refused += [Refused(name, fault) for fault in error.faults]
    if faults and not found.accounts:
        raise FeeError([fault for error in faults for fault in error.faults], faults[0].status)
    if tables:
        found.lines = pa.concat_tables(tables, promote_options="default").unify_dictionaries().combine_chunks()
    return found


def _read(file: File, found: Taken, before: int) -> Sequence[pa.Table]:
    """The tables of a file; what else it says is kept only where all of it can be read."""
    tables: list[pa.Table] = []
    others: list[OtherRow] = []
    unreadable: dict[int, tuple[Unreadable, ...]] = {}
    for batch in file.batches():
        unreadable.update({before + row: faults for row, faults in batch.unreadable.items()})
        others += batch.others
        before += len(batch.lines)
        tables.append(batch.lines)
    account = file.account()
    found.unreadable |= unreadable
    found.others += others
    found.understood += file.understood
    found.refused += account.refused
    found.accounts.append((file.name, account))
    found.covered += _covered(file.understood, tables)
    return tables


def _covered(understood: Sequence[Understood], tables: Sequence[pa.Table]) -> Iterable[Covered]:
    """The days that a list states, else those of its invoices; corrections and credits belong to earlier ones."""
    plain = [table.filter(pc.and_not(pc.greater(table["amount"], 0), table["correction"])) for table in tables]
    days = [day for table in plain for day in pc.min_max(table["issued_on"]).as_py().values() if day]
    for one in understood:
        first, last = one.period or ((min(days), max(days)) if days else (None, None))
        if first and last:
            yield Covered(one.own_number, one.direction, first, last)

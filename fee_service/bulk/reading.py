"""Tables of licences as they are read: Parquet or CSV, one file or a folder of them, in batches of whole contracts.

Nothing is read before its columns are good and its size is bounded: 50 million rows fit in a Parquet file of 400 KB.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from fee_service.bulk.columns import COLUMNS, ROW, as_text, column_faults, in_one_type, type_faults
from fee_service.bulk.days import Whole
from fee_service.bulk.faults import MOST_TOLD, RowFault
from fee_service.errors import Fault

MOST_ROWS_IN = 20_000_000
MOST_GROUP_BYTES = 4 * 2**30  # of one row group of a Parquet file, uncompressed
ROWS_AT_ONCE = 16_384
MOST_OF_A_CONTRACT = 1_000  # rows that stand together; a contract of more has a licence twice
BLOCK = 4 * 2**20  # bytes of a CSV file at once; a longer line is none
PARQUET, CSV = (".parquet", ".pq"), (".csv",)


class Place(NamedTuple):
    """Where a row stands in the files."""

    file: str
    row: int  # from 1, the header not counted


class BadTable(Exception):
    """Files that cannot be rated, with every reason: which file, and what of it."""

    def __init__(self, faults: Sequence[tuple[str, Fault]]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(f"{file}: {fault.code} {fault.pointer}" for file, fault in faults))


class OutOfOrder(Exception):
    """Rows of one contract that may stand apart: the table is to be sorted first."""


class Files:
    """The files of an input, whose columns were found good; rows are numbered through all of them.

    Raises BadTable.
    """

    def __init__(self, path: Path) -> None:
        self.paths = _files_in(path)
        self._folder = path if path.is_dir() else path.parent
        self.malformed: list[RowFault] = []  # rows of CSV files with another number of cells
        self._firsts: list[int] = []  # the number before the first row of each file that was opened
        self._rows = 0
        faults = [(str(one), fault) for one in self.paths for fault in self._faults_of(one)]
        if not self.paths:
            faults.append((str(path), Fault("table_empty")))
        if faults:
            raise BadTable(faults)
        written = any(one.suffix.lower() in CSV for one in self.paths)
        self._mixed = written or any(self._parts(one) for one in self.paths)  # all is text then, as in a CSV file
        self.rows = None if written else sum(pq.read_metadata(one).num_rows for one in self.paths)

    def place(self, row: int) -> Place:
        """Where a row stands that has this number."""
        file = int(np.searchsorted(np.array(self._firsts), row)) - 1
        return Place(str(self.paths[file]), row - self._firsts[file])

    def tables(self) -> Iterator[pa.Table]:
        """All rows in order, with their numbers. Raises BadTable."""
        self._firsts, self._rows, self.malformed = [], 0, []
        for path in self.paths:
            self._firsts.append(self._rows)
            try:
                yield from self._csv(path) if path.suffix.lower() in CSV else self._parquet(path)
            except (pa.ArrowException, OSError, ValueError) as error:
                raise BadTable([(str(path), _unreadable(error))]) from error
        if not self._rows:
            raise BadTable([(str(self.paths[0]), Fault("table_empty"))])

    # -- what a file is ------------------------------------------------------------------------------------

    def _faults_of(self, path: Path) -> list[Fault]:
        """What is wrong with the columns or the size of a file, seen before any row of it is read."""
        parts = self._parts(path)
        try:
            if path.suffix.lower() in CSV:
                names = _csv_columns(path)
                return column_faults([*names, *parts])
            with pq.ParquetFile(path) as file:
                schema, about = file.schema_arrow, file.metadata
                groups = (about.row_group(number).total_byte_size for number in range(about.num_row_groups))
                return [
                    *column_faults([*schema.names, *parts]),
                    *type_faults(schema),
                    *_too_large("rows", about.num_rows, MOST_ROWS_IN),
                    *_too_large("bytes of a row group", max(groups, default=0), MOST_GROUP_BYTES),
                ]
        except (pa.ArrowException, OSError, ValueError) as error:
            return [_unreadable(error)]

    def _parts(self, path: Path) -> dict[str, str]:
        """The columns that a partitioned folder has in its names: channel=direct/part-0.parquet."""
        named = (part.partition("=") for part in path.relative_to(self._folder).parts[:-1])
        return {name: value for name, sign, value in named if sign and name in COLUMNS}

    def _parquet(self, path: Path) -> Iterator[pa.Table]:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE, use_threads=False):
                yield self._numbered(pa.Table.from_batches([batch]), path)

    def _csv(self, path: Path) -> Iterator[pa.Table]:
        malformed: list[Any] = []

        def told(row: Any) -> str:
            malformed.append(row)
            return "skip"

        names = _csv_columns(path)
        with pacsv.open_csv(
            path,
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK),
            parse_options=pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=told),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        ) as reader:
            for batch in reader:
                table = pa.Table.from_batches([batch])
                for start in range(0, len(table), ROWS_AT_ONCE):
                    yield self._numbered(table.slice(start, ROWS_AT_ONCE), path, malformed)
                self._note(malformed)
        self._rows = max([self._rows, *(fault.row for fault in self.malformed[-1:])])

    def _note(self, malformed: list[Any]) -> None:
        """Keep the faults of rows that could not be told apart into cells; the first of them in full."""
        for row in malformed:
            params = {"cells": row.actual_columns, "columns": row.expected_columns}
            number = self._firsts[-1] + row.number - 1  # the header is the first row of the file
            if len(self.malformed) < MOST_TOLD:
                self.malformed.append(RowFault(number, Fault("table_row_malformed", "", params)))
        malformed.clear()

    def _numbered(self, table: pa.Table, path: Path, malformed: Sequence[Any] = ()) -> pa.Table:
        """The columns in their order, with those that the path says, and the numbers of the rows."""
        numbers = self._numbers(len(table), [self._firsts[-1] + row.number - 1 for row in malformed])
        if self._rows > MOST_ROWS_IN:
            raise BadTable([(str(path), fault) for fault in _too_large("rows", self._rows, MOST_ROWS_IN)])
        parts = self._parts(path)
        said = {name: pa.chunked_array([pa.array([value] * len(table), pa.string())]) for name, value in parts.items()}
        alike = as_text if self._mixed else in_one_type
        columns = [said[name] if name in parts else alike(table[name], holds) for name, holds in COLUMNS.items()]
        return pa.table([*columns, pa.array(numbers)], names=[*COLUMNS, ROW])

    def _numbers(self, count: int, skipped: Sequence[int]) -> Whole:
        """The numbers of the next rows; those that were skipped keep theirs."""
        numbers = np.arange(self._rows + 1, self._rows + count + len(skipped) + 1)
        numbers = numbers[~np.isin(numbers, skipped)][:count] if skipped else numbers
        self._rows = int(numbers[-1]) if count else self._rows
        return numbers


def _files_in(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [one for one in path.rglob("*") if one.suffix.lower() in (*PARQUET, *CSV)]
    return sorted(one for one in found if not any(part.startswith((".", "_")) for part in one.relative_to(path).parts))


def _csv_columns(path: Path) -> tuple[str, ...]:
    options = pacsv.ReadOptions(use_threads=False, block_size=BLOCK)
    skipping = pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip")
    with pacsv.open_csv(path, read_options=options, parse_options=skipping) as reader:
        return tuple(reader.schema.names)


def _too_large(what: str, count: int, most: int) -> Iterator[Fault]:
    if count > most:
        yield Fault("table_too_large", "", {"what": what, "count": count, "maximum": most})


def _unreadable(error: Exception) -> Fault:
    if "Empty CSV file" in str(error):
        return Fault("table_empty")
    return Fault("table_unreadable", "", {"why": str(error).split("\n")[0][:200]})


# -- whole contracts ---------------------------------------------------------------------------------------


def whole_contracts(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in batches that hold all rows of each of their contracts. Raises OutOfOrder."""
    rest: pa.Table | None = None
    for table in tables:
        joined = table if rest is None else pa.concat_tables([rest, table])
        _refuse_disorder(joined["contract"])
        start = _start_of_last(joined["contract"])
        if not start and len(joined) > MOST_OF_A_CONTRACT:
            start = len(joined)
        if start:
            yield joined.slice(0, start).combine_chunks()
        rest = joined.slice(start)
    if rest is not None and len(rest):
        yield rest.combine_chunks()


def _refuse_disorder(keys: pa.ChunkedArray) -> None:
    keys = keys.combine_chunks()
    ascending = pc.all(pc.greater_equal(keys[1:], keys[:-1])).as_py()
    if ascending is False:
        raise OutOfOrder


def _start_of_last(keys: pa.ChunkedArray) -> int:
    """The first row of the last contract."""
    same = np.asarray(pc.fill_null(pc.equal(keys, keys[-1]), False))
    others = np.flatnonzero(~same)
    return int(others[-1]) + 1 if len(others) else 0


@contextlib.contextmanager
def by_contract(tables: Iterator[pa.Table], folder: Path) -> Iterator[Iterator[pa.Table]]:
    """The same rows in the order of their contracts, sorted beside memory in a folder."""
    import duckdb

    first = next(tables)

    def batches() -> Iterator[pa.RecordBatch]:
        yield from first.to_batches()
        for table in tables:
            yield from table.cast(first.schema).to_batches()

    reader = pa.RecordBatchReader.from_batches(first.schema, batches())
    with duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1}) as connection:
        connection.execute("SET memory_limit = '256MB'")
        connection.execute(f"SET temp_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        connection.register("licences", reader)
        found = connection.sql(f"SELECT * FROM licences ORDER BY contract NULLS FIRST, {ROW}")
        yield (pa.Table.from_batches([batch]) for batch in found.to_arrow_reader(ROWS_AT_ONCE))

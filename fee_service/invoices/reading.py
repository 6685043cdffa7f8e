"""A file of invoices of any format, as batches of lines in one shape: the way into this room.

`with opened(path, name) as file:` tells what was understood (`file.understood`), then `file.batches()` every row once,
and behind it `file.account()` what came out, with the control totals of the file against its rows.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from fee_service.errors import Fault, FeeError
from fee_service.invoices import (
    archives,
    documents,
    etax_xml,
    html_tables,
    json_files,
    parquet_tables,
    row_tables,
    sides,
    text_tables,
    workbook_tables,
)
from fee_service.invoices.accounting import Account, Accounting
from fee_service.invoices.columns import PERSON, Cells, Header
from fee_service.invoices.personal import masked, masked_file_name
from fee_service.invoices.preamble import read_preamble
from fee_service.invoices.shape import Batch, empty
from fee_service.invoices.sides import Side
from fee_service.invoices.signatures import MOST_CHECKED
from fee_service.invoices.sizes import refuse_size
from fee_service.invoices.tables import Sheet
from fee_service.invoices.values import Column, FileFormat, Refused, Totals, Understood
from fee_service.sheets.workbooks import Limits, is_workbook

BEGINNING = 65_536
MOST_UNDERSTOOD = 1_000  # of an archive: more than that nobody looks at
USUAL = workbook_tables.LIMITS


def opened(path: Path, name: str | None = None, own_number: str | None = None, limits: Limits = USUAL) -> File:
    """A file on the disk, as far as its first lines; `name` is what people call it.

    `own_number`: the business number of the company whose file it is, where the caller knows it (000-00-00000).
    Raises FeeError (422) with the codes of `wording.faults.invoices` and `wording.faults.sheets`.
    """
    refuse_size(path.stat().st_size)
    held = ExitStack()
    try:
        return File(held.enter_context(path.open("rb")), name or path.name, own_number, limits, held)
    except BaseException:
        held.close()
        raise


class File:
    """A file that is being read; its batches are handed out once, in order."""

    def __init__(self, file: BinaryIO, name: str, own_number: str | None, limits: Limits, held: ExitStack) -> None:
        self.name, self._own_number, self._limits, self._held = masked_file_name(name), own_number, limits, held
        self.understood: list[Understood] = []  # one a sheet, or a file of an archive
        self._accounting = Accounting()
        self._batches = self._begun(self._read(file, self.name))

    def __enter__(self) -> File:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._held.close()

    def batches(self) -> Iterator[Batch]:
        """Every row once. Raises FeeError (422) where the file turns out to be damaged further down."""
        for batch in self._batches:
            self._accounting.add(batch)
            yield batch

    def account(self) -> Account:
        """Rows and sums of all that was handed out, against what the file states."""
        return self._accounting.account(self.understood)

    def _begun(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The first batches are read at once, so that it is known what the file is; a fault of the file comes here."""
        first: list[Batch] = []
        for batch in batches:
            first.append(batch)
            if len(batch.lines):
                break
        return chain(first, batches)

    # -- by format -------------------------------------------------------------------------------------

    def _read(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        """By its content, whatever it is called."""
        file.seek(0)
        beginning = file.read(BEGINNING)
        if beginning.startswith(archives.BEGINS):
            return self._zipped(file, name)
        if is_workbook(beginning):
            return self._workbook(file, name)
        if beginning.startswith(parquet_tables.BEGINS):
            return self._parquet(file, name)
        if _is_etax(beginning):
            return self._xml(file, name)
        if html_tables.is_html(beginning):
            return self._html(file, name)
        if beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
            return self._json(file, name)
        if beginning.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
            raise FeeError([Fault("file_kind_unknown")])
        return self._text(file, name)

    def _zipped(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        archive = archives.opened(file)
        if archives.is_workbook(archive):
            return self._workbook(file, name)
        archives.refuse_bombs(archive)
        return self._archive(archive)

    def _archive(self, archive: zipfile.ZipFile) -> Iterator[Batch]:
        """A file that cannot be read is told, and all others are read."""
        waiting: list[documents.DocumentLine] = []
        found, invoices = False, 0
        for name, info in archives.files_of(archive):
            found = True
            try:
                raw = archives.unpacked(archive, info)
                if _is_etax(raw[:BEGINNING]):
                    invoices += 1
                    waiting += list(etax_xml.lines(raw, name, invoices <= MOST_CHECKED))
                else:
                    yield from self._member(raw, name)
            except FeeError as refused:
                yield Batch(empty(), {}, (), [Refused(name, fault) for fault in refused.faults])
            if len(waiting) >= documents.LINES:
                yield from self._documents(waiting)
                waiting = []
        yield from self._documents(waiting)
        if not found:
            raise FeeError([Fault("file_empty")])

    def _member(self, raw: bytes, name: str) -> Iterator[Batch]:
        file = io.BytesIO(raw)
        if raw.startswith(archives.BEGINS) and not archives.is_workbook(archives.opened(file)):
            raise FeeError([Fault("archive_in_archive")])
        with tempfile.TemporaryFile(prefix="fee-service-member-") as spooled:  # a child reads a workbook from a file
            spooled.write(raw)
            yield from self._read(spooled, name)

    def _documents(self, lines: list[documents.DocumentLine]) -> Iterator[Batch]:
        """E-tax invoices, those of many files at once."""
        if lines:
            batch = documents.batch(lines)
            yield from self._sided([batch], lambda side: self._tell(FileFormat.ETAX_XML, self.name, None, side))

    def _workbook(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        """Every sheet with a header; where no sheet has one, the file is none of invoices."""
        found, told = False, []
        for sheet, rows in workbook_tables.sheets(file, self._limits):
            head = row_tables.head_of(rows)
            if head.header is None:
                told += list(row_tables.without_header(chain(head.rows, rows), name, sheet))
                continue
            found = True
            yield from self._rows(FileFormat.WORKBOOK, head, rows, Sheet(name, sheet, head.header), None)
        if not found:
            raise FeeError([Fault("header_not_found")])
        yield from told

    def _html(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        encoding, rows = html_tables.tables(file)
        head = row_tables.head_of(rows)
        if head.header is None:
            raise FeeError([Fault("header_not_found")])
        return self._rows(FileFormat.HTML, head, rows, Sheet(name, None, head.header), encoding)

    def _json(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        encoding, objects = json_files.parsed(file)
        if json_files.are_documents(objects):
            lines = documents.batches(json_files.document_lines(objects, name))
            return self._sided(lines, lambda side: self._tell(FileFormat.JSON, name, encoding, side))
        rows = json_files.rows(objects)
        head = row_tables.head_of(rows)
        if head.header is None or head.header.last:
            raise FeeError([Fault("header_not_found")])
        batches = self._rows(FileFormat.JSON, head, rows, Sheet(name, None, head.header), encoding)
        return islice(batches, 1, None)  # names of objects are no row of the file

    def _xml(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        file.seek(0)
        lines = list(etax_xml.lines(file.read(etax_xml.MOST_BYTES + 1), name))
        return self._sided([documents.batch(lines)], lambda side: self._tell(FileFormat.ETAX_XML, name, None, side))

    def _parquet(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        parquet = parquet_tables.opened(file)
        sheet = Sheet(name, None, parquet.header)
        tell = self._teller(FileFormat.PARQUET, sheet, [], None, None, None)
        return self._sided(parquet_tables.batches(parquet, sheet), tell)

    def _text(self, file: BinaryIO, name: str) -> Iterator[Batch]:
        text, head = text_tables.head_of(file)
        self._held.callback(text.file.close)
        above = [record.cells or () for record in head.records[: head.header.first]]
        sheet = Sheet(name, None, head.header)
        line = head.records[head.header.last].first + 1
        tell = self._teller(FileFormat.TEXT, sheet, above, text.encoding, line, head.delimiter)
        return self._sided(text_tables.batches(text, head, sheet), tell)

    def _rows(
        self, kind: FileFormat, head: row_tables.Head, rows: Iterator[row_tables.NumberedRow], sheet: Sheet,
        encoding: str | None,
    ) -> Iterator[Batch]:  # fmt: skip
        above = [row.cells for row in head.rows[: sheet.header.first]]
        tell = self._teller(kind, sheet, above, encoding, head.rows[sheet.header.last].number or None, None)
        return self._sided(row_tables.batches(head, rows, sheet), tell)

    # -- what was understood ---------------------------------------------------------------------------

    def _sided(self, batches: Iterable[Batch], tell: Callable[[Side | None], Side]) -> Iterator[Batch]:
        """Whose invoices they are is told by the preamble, else by the first lines; then it holds for all."""
        waiting: list[Batch] = []
        side: Side | None = None
        for batch in batches:
            if side is None and not len(batch.lines):
                waiting.append(batch)
                continue
            side = side or tell(sides.majority(batch.lines, self._own_number))
            for one in (*waiting, batch):
                yield sides.resolved(one, side)
            waiting = []
        if side is None:
            tell(None)
        yield from waiting

    def _teller(
        self, kind: FileFormat, sheet: Sheet, above: Sequence[Cells], encoding: str | None, line: int | None,
        delimiter: str | None,
    ) -> Callable[[Side | None], Side]:  # fmt: skip
        told = read_preamble(above)

        def tell(found: Side | None) -> Side:
            own = self._own_number or told.own_number or (found.own_number if found else None)
            side = Side(own, told.direction or (found.direction if found else None))
            self.understood.append(
                Understood(
                    sheet.file, sheet.sheet, kind, encoding, delimiter, line, shown_columns(sheet.header),
                    tuple(map(masked, sheet.header.dropped)), side.own_number, side.direction, told.period, told.stated,
                )
            )  # fmt: skip
            return side

        return tell

    def _tell(self, kind: FileFormat, name: str, encoding: str | None, found: Side | None) -> Side:
        side = found or Side(self._own_number, None)
        if len(self.understood) < MOST_UNDERSTOOD:
            self.understood.append(Understood(name, None, kind, encoding, None, None, (), (), *side, None, Totals()))
        return side


def shown_columns(header: Header) -> tuple[Column, ...]:
    """The columns of which something comes out."""
    return tuple(each._replace(name=masked(each.name)) for each in header.columns if each.field != PERSON)


def _is_etax(beginning: bytes) -> bool:
    return etax_xml.is_xml(beginning) and not html_tables.is_html(beginning)

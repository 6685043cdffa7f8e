"""Text on a disk as UTF-8 in blocks of whole lines: decoded over the whole in a strict order, never by a guess."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import pyarrow as pa

from fee_service.errors import Fault, FeeError
from fee_service.invoices.physical_lines import MOST_JOINED, open_at_end
from fee_service.sheets.decoding import MARKS

BLOCK = 8_388_608
LONGEST_LINE = BLOCK // 2


class Text(NamedTuple):
    """A file of UTF-8 without a mark, and the encoding in which it came."""

    file: BinaryIO
    encoding: str
    begins_at: int


def opened(file: BinaryIO) -> Text:
    """The text of a file: as it stands where it is UTF-8, else written anew beside it.

    Raises FeeError (422): `file_empty`, `file_encoding_unknown`, `file_line_too_long`.
    """
    file.seek(0)
    beginning = file.read(4096)
    if not beginning.strip(b"\0 \t\r\n"):
        raise FeeError([Fault("file_empty")])
    marked = next(((mark, name) for mark, name in MARKS if beginning.startswith(mark)), None)
    if marked and marked[1] != "utf-8-sig":
        return Text(_anew(file, marked[1]), marked[1], 0)
    begins_at = len(codecs.BOM_UTF8) if marked else 0
    refused = _refused_line(file, begins_at)
    if refused is None:
        return Text(file, marked[1] if marked else "utf-8", begins_at)
    if marked:
        raise _unknown(refused)
    try:
        return Text(_anew(file, "cp949"), "cp949", 0)
    except FeeError as error:  # the encoding that could be read further is the one that was meant
        raise _unknown(max(refused, error.faults[0].params["line"])) from None


def blocks(text: Text, delimiter: str = ",", width: int = 0) -> Iterator[bytes]:
    """Whole lines, each ended by one \\n, the last perhaps not; a cell that is open at the end comes with the next."""
    text.file.seek(text.begins_at)
    rest = b""
    for raw in _pieces(text.file):
        piece = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in raw else raw
        block = rest + piece if rest else piece
        end = end_of_cells(block, delimiter, width)
        if end:
            yield block[:end]
        rest = block[end:]
    if rest:
        yield rest


def end_of_cells(block: bytes, delimiter: str, width: int) -> int:
    """Where the row begins in which a quote is opened that is open at the end of the block; its end where none is."""
    lines = block.rsplit(b"\n", MOST_JOINED)[-MOST_JOINED:]
    if not any(line.count(b'"') % 2 for line in lines):
        return len(block)
    index = open_at_end([line.decode() for line in lines], delimiter, width)
    return len(block) - sum(map(len, lines[index:])) - len(lines[index:]) + 1 if index < len(lines) else len(block)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Cut behind a line. A file without \\n has lines that end by \\r alone."""
    rest = b""
    while piece := file.read(BLOCK):
        rest = rest + piece if rest else piece
        end = rest.rfind(b"\n") + 1 or rest.rfind(b"\r", 0, -1) + 1
        if not end and len(rest) > LONGEST_LINE:
            raise FeeError([Fault("file_line_too_long", "", {"most": LONGEST_LINE})])
        if len(rest) - end > LONGEST_LINE:
            raise FeeError([Fault("file_line_too_long", "", {"most": LONGEST_LINE})])
        if end:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


def _refused_line(file: BinaryIO, begins_at: int) -> int | None:
    """The first line that is not UTF-8, from 1; None where all are. Raises FeeError where there is a NUL."""
    file.seek(begins_at)
    before, cut = begins_at, b""
    while read := file.read(BLOCK):
        piece = cut + read if cut else read
        if (at := piece.find(b"\0")) >= 0:
            raise _unknown(_line_at(file, before + at))
        whole = len(piece) - _cut_at_end(piece)
        if not _is_utf_8(piece, whole):
            try:
                piece[:whole].decode()
            except UnicodeDecodeError as error:
                return _line_at(file, before + error.start)
        before, cut = before + whole, piece[whole:]
    return _line_at(file, before) if cut and not _is_utf_8(cut, len(cut)) else None


def _cut_at_end(piece: bytes) -> int:
    """How many bytes at the end may be the beginning of a character that goes on."""
    for length in (1, 2, 3):
        if piece[-length:][0] >= 0xC0:
            return length
    return 0


def _line_at(file: BinaryIO, offset: int) -> int:
    """The number of the line, from 1, in which a byte stands."""
    file.seek(0)
    line = 1
    while offset > 0 and (piece := file.read(min(BLOCK, offset))):
        line += piece.count(b"\n")
        offset -= len(piece)
    return line


def _unknown(line: int) -> FeeError:
    return FeeError([Fault("file_encoding_unknown", "", {"line": line})])


def _is_utf_8(piece: bytes, length: int) -> bool:
    """So many bytes of it; many times as fast as to decode them."""
    offsets = pa.py_buffer(length.to_bytes(8, "little").rjust(16, b"\0"))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(piece)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _anew(file: BinaryIO, encoding: str) -> BinaryIO:
    """The file in UTF-8. Raises FeeError where a byte belongs to no character of the encoding."""
    anew = tempfile.TemporaryFile(prefix="fee-service-text-")  # noqa: SIM115 - closed by who reads it
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    line = 1
    try:
        while True:
            piece = file.read(BLOCK)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                line += str(error.object[: error.start].decode(encoding, "ignore")).count("\n")
                raise _unknown(line) from None
            if "\0" in text:
                raise _unknown(line + text.count("\n", 0, text.index("\0")))
            anew.write(text.encode())
            line += text.count("\n")
            if not piece:
                return anew
    except BaseException:
        anew.close()
        raise

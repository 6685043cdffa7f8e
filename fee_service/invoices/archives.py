"""ZIP of many files: judged by what it declares (count, size, ratio) before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from fee_service.errors import Fault, FeeError
from fee_service.invoices.personal import masked_file_name

BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
MOST_FILES = 65_000
MOST_UNPACKED = 2_000_000_000
MOST_OF_ONE = 400_000_000
RATIO = 200  # bytes for one that is packed; XML of one invoice has about 5
SMALL = 100_000  # what may be packed as well as it can
_END = struct.Struct("<4s4H2LH")


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """Raises FeeError (422): `archive_unreadable`, `archive_too_large`."""
    _bound_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, OverflowError):
        raise FeeError([Fault("archive_unreadable")]) from None
    return archive


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Raises FeeError (422): `archive_too_large`, `archive_encrypted`. A workbook is judged where it is opened."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise _too_large()
    if any(info.file_size > SMALL and info.file_size > RATIO * max(info.compress_size, 1) for info in infos):
        raise _too_large()
    if any(info.flag_bits & 1 for info in infos):
        raise FeeError([Fault("archive_encrypted")])


def _too_large() -> FeeError:
    return FeeError([Fault("archive_too_large", "", {"files": MOST_FILES, "most": MOST_UNPACKED // 1_000_000})])


def _bound_directory(file: BinaryIO) -> None:
    """The count of files as the end of the archive tells it, before its directory is read whole."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise FeeError([Fault("archive_unreadable")])
    _, _, _, _, files, directory, _, _ = _END.unpack_from(tail, at)
    if files > MOST_FILES or directory > 64_000_000:  # 65,535 also stands for more
        raise _too_large()
    file.seek(0)


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the parts are those of a workbook (XLSX, ODS)."""
    names = set(archive.namelist())
    return bool(names & {"[Content_Types].xml", "xl/workbook.xml", "content.xml"})


def files_of(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The name of each file and where it stands; folders and what a Mac adds are none."""
    for info in archive.infolist():
        name = masked_file_name(_name(info))
        if not info.is_dir() and not name.startswith("__MACOSX/") and not name.endswith((".DS_Store", "Thumbs.db")):
            yield name, info


def _name(info: zipfile.ZipInfo) -> str:
    """A name without the mark of UTF-8 comes from Korean Windows."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return info.filename


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a file, as many as it declares. Raises FeeError (422): `archive_unreadable`, `archive_too_large`."""
    if info.file_size > MOST_OF_ONE:
        raise _too_large()
    try:
        with archive.open(info) as member:
            return member.read(info.file_size)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise FeeError([Fault("archive_unreadable")]) from None

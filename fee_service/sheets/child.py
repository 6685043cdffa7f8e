"""Opens a workbook in a process of its own, which may run out of memory or time without harm to anybody else.

Run by its path with the limits of `workbooks.py`, so it imports nothing of this package. The workbook comes on standard
input; on standard output go JSON lines, `{"sheet": NAME}` and behind it `[number, cells]` for each row that is not
blank; the exit code says what was wrong.
A cell is text, a number, true or false, null, or what JSON does not know: `{"day": …}`, `{"at": …}`, `{"time": …}`,
`{"broken": "error" or "formula"}`.
"""

import datetime
import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

UNREADABLE, ENCRYPTED, TOO_LARGE = 3, 4, 5
RATIO = 400  # bytes for one that is packed: rows that are all alike, and nothing honest
MOST_PARTS = 2_000
BEGINS_LIKE_ZIP = b"PK\x03\x04"
BEGINS_LIKE_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class _TooLarge(Exception):
    """More than a workbook may hold."""


def main(memory: int, seconds: int, unpacked: int, rows: int, columns: int) -> int:
    """Write what the workbook holds; answers the exit code."""
    _limit(resource.RLIMIT_AS, memory, memory)
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_CORE, 0, 0)
    import orjson
    import python_calamine as calamine

    raw = sys.stdin.buffer.read()
    if raw.startswith(BEGINS_LIKE_OLE) and _is_encrypted(raw):
        return ENCRYPTED
    try:
        broken = _broken_cells(raw, unpacked) if raw.startswith(BEGINS_LIKE_ZIP) else {}
        workbook = calamine.load_workbook(io.BytesIO(raw))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height > rows or sheet.width > columns:
                raise _TooLarge
            sys.stdout.buffer.write(orjson.dumps({"sheet": name}) + b"\n")
            left = sheet.start[1] if sheet.start else 0  # rows left empty above come with the others, columns do not
            for number, cells in enumerate(sheet.iter_rows(), 1):
                row = [None] * left + [_plain(cell) for cell in cells]
                for column, what in broken.get(name, {}).get(number, {}).items():
                    row += [None] * (column + 1 - len(row))
                    row[column] = {"broken": what}
                if any(cell is not None for cell in row):
                    sys.stdout.buffer.write(orjson.dumps([number, row]) + b"\n")
    except (_TooLarge, MemoryError):
        return TOO_LARGE
    except calamine.PasswordError:
        return ENCRYPTED
    except (calamine.CalamineError, zipfile.BadZipFile, expat.ExpatError, OSError, ValueError, KeyError, EOFError):
        return UNREADABLE
    return 0


def _limit(what: int, soft: int, hard: int) -> None:
    """Limit this process, at most as far as whoever started it is limited."""
    _, most = resource.getrlimit(what)
    bound = hard if most == resource.RLIM_INFINITY else most
    resource.setrlimit(what, (min(soft, bound), min(hard, bound)))


_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # an XLSX with a password is kept in such a stream
_BEGIN = re.compile(rb"\x09\x08[\x06-\x14]\x00\x00[\x05\x06]\x05\x00")  # of an XLS: what its book says
_WRITE_PROTECTED, _PASSWORD = 0x86, 0x2F


def _is_encrypted(raw: bytes) -> bool:
    """Whether a file in an OLE container asks for a password; read without one, its numbers would be others."""
    if _PACKAGE in raw:
        return True
    for begin in _BEGIN.finditer(raw):
        at = begin.start()
        kind = int.from_bytes(raw[at : at + 2], "little")
        while at % 512 + 4 <= 512 and kind in (0x0809, _WRITE_PROTECTED):
            at += 4 + int.from_bytes(raw[at + 2 : at + 4], "little")
            kind = int.from_bytes(raw[at : at + 2], "little")
        if kind == _PASSWORD:
            return True
    return False


def _plain(cell: Any) -> Any:
    """A cell as JSON has it; a day comes before an instant, of which it is one."""
    if isinstance(cell, datetime.datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return {"time": str(cell)}
    return None if cell == "" else cell


# -- what calamine does not tell: cells in error, and formulas that nobody has computed ----------------


def _broken_cells(raw: bytes, unpacked: int) -> dict[str, dict[int, dict[int, str]]]:
    """By sheet, row (from 1) and column (from 0)."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        infos = parts.infolist()
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > unpacked:
            raise _TooLarge
        if any(info.file_size > RATIO * max(info.compress_size, 1_000) for info in infos):
            raise _TooLarge
        if "xl/workbook.xml" not in parts.namelist():
            return {}
        to_compute = b'fullCalcOnLoad="1"' in parts.read("xl/workbook.xml")
        found = {}
        for name, path in _sheets(parts):
            with parts.open(path) as sheet:
                if _is_suspect(sheet):
                    with parts.open(path) as again:
                        found[name] = _broken_in(again, to_compute)
        return found


def _sheets(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and where it is kept."""
    targets = {
        attributes["Id"]: attributes["Target"]
        for name, attributes in _elements(parts.read("xl/_rels/workbook.xml.rels"))
        if name == "Relationship"
    }
    for name, attributes in _elements(parts.read("xl/workbook.xml")):
        if name == "sheet":
            link = next(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
            target = targets[link]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in parts.namelist():
                yield attributes["name"], path


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, without the prefixes of their names."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    parser.Parse(xml, True)
    return found


_SUSPECT = re.compile(rb"<(?:\w+:)?f[ />]|t\s*=\s*[\"']e[\"']")


def _is_suspect(sheet: Any) -> bool:
    """Whether a sheet has a formula or an error at all: most have neither, and need no second reading."""
    before = b""
    while piece := sheet.read(1_048_576):
        if _SUSPECT.search(before + piece):
            return True
        before = piece[-16:]
    return False


def _broken_in(sheet: Any, to_compute: bool) -> dict[int, dict[int, str]]:
    """A formula without a value; where the workbook asks to be computed first, one of 0, too."""
    found: dict[int, dict[int, str]] = {}
    place, kind, formula, value, inside = "", "", False, "", ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal place, kind, formula, value, inside
        inside = name.rpartition(":")[2]
        if inside == "c":
            place, kind, formula, value = attributes.get("r", ""), attributes.get("t", ""), False, ""
        elif inside == "f":
            formula = True

    def text(characters: str) -> None:
        nonlocal value
        if inside == "v":
            value += characters

    def end(name: str) -> None:
        nonlocal inside
        inside = ""
        if name.rpartition(":")[2] != "c":
            return
        uncomputed = formula and (not value or (to_compute and value == "0"))
        at = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", place)
        if at and (kind == "e" or uncomputed):
            column = 0
            for letter in at[1]:
                column = column * 26 + ord(letter) - 64
            found.setdefault(int(at[2]), {})[column - 1] = "error" if kind == "e" else "formula"

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.ParseFile(sheet)
    return found


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

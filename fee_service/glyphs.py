"""Which letters the fonts of the printed quote have, read from the fonts themselves."""

from __future__ import annotations

import bisect
import re
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import manimgx_fonts  # type: ignore[import-untyped]
import pylopdf_fonts_ko

# Noto Sans KR, and for names in other scripts the Noto fonts beside it.
FONT_FOLDERS = (pylopdf_fonts_ko.sans_path().parent, Path(manimgx_fonts.__file__).parent)

_USUAL = re.compile("[ -~가-힣]*")
# Marks that have no shape of their own: joiners, variations, tags of flags.
_SHAPELESS = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
_UNICODE = {(0, 3), (0, 4), (3, 1), (3, 10)}  # platform and encoding of a table of code points


def missing(text: str) -> tuple[str, ...]:
    """The letters of a text that no font has, each once, in their order."""
    if _USUAL.fullmatch(text):
        return ()
    return tuple(sign for sign in dict.fromkeys(text) if not _is_printed(sign))


def code_point(sign: str) -> str:
    """What is printed in the place of a letter that no font has."""
    return f"[U+{ord(sign):04X}]"


def _is_printed(sign: str) -> bool:
    starts, ends = _covered()
    at = bisect.bisect_right(starts, ord(sign)) - 1
    return (at >= 0 and ord(sign) <= ends[at]) or sign.isspace() or bool(_SHAPELESS.fullmatch(sign))


@lru_cache(maxsize=1)
def _covered() -> tuple[list[int], list[int]]:
    """First and last code points of what is covered without a gap, in order."""
    files = (file for folder in FONT_FOLDERS for file in sorted(folder.glob("*.[ot]tf")))
    starts: list[int] = []
    ends: list[int] = []
    for first, last in sorted(span for file in files for span in _spans(file.read_bytes())):
        if ends and first <= ends[-1] + 1:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    return starts, ends


def _spans(font: bytes) -> Iterator[tuple[int, int]]:
    """The code points of a font by its character map (OpenType `cmap`, formats 4 and 12), first to last."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    cmap = tables[b"cmap"]
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)
        at = cmap + offset
        form = struct.unpack_from(">H", font, at)[0]
        if (platform, encoding) in _UNICODE and form == 4:
            yield from _segments(font, at)
        elif (platform, encoding) in _UNICODE and form == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last = struct.unpack_from(">II", font, at + 16 + 12 * group)
                yield first, last


def _segments(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    return ((first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)

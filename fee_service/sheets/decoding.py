"""Bytes to text in a strict order, never by a guess: a byte order mark, UTF-8, CP949, each over the whole."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from fee_service.errors import Fault, FeeError

MARKS = (  # the longer first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNMARKED = ("utf-8", "cp949")  # not euc-kr, which lacks most syllables


class Decoded(NamedTuple):
    """A text, and the encoding in which it came."""

    text: str
    encoding: str


def decoded(raw: bytes) -> Decoded:
    """The text of a file. Raises FeeError (422): `file_empty`, `file_encoding_unknown`."""
    if not raw.strip(b"\0 \t\r\n"):
        raise FeeError([Fault("file_empty")])
    known = next((encoding for mark, encoding in MARKS if raw.startswith(mark)), None)
    for encoding in (known,) if known else UNMARKED:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            # of several, the one that the first refused byte is in: what is before it can be read
            line = raw.count(b"\n", 0, error.start) + 1
            continue
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            break
        return Decoded(text, encoding)
    raise FeeError([Fault("file_encoding_unknown", "", {"line": line})])

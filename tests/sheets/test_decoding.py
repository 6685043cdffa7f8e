"""Bytes become text in one strict order: a mark, UTF-8, CP949; nothing is guessed."""

import pytest

from fee_service.errors import FeeError
from fee_service.sheets.decoding import decoded

KOREAN = "계약,월\n똠방각하,2026-12\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_text_is_read_in_every_encoding_that_is_taken(encoding: str) -> None:
    """The same text comes out, rare syllables included, which euc-kr lacks."""
    assert decoded(KOREAN.encode(encoding)) == (KOREAN, encoding)


def test_plain_ascii_is_utf_8() -> None:
    """What both encodings read alike is called by the first of them."""
    assert decoded(b"contract,month\n").encoding == "utf-8"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a,b\n\xff\xff\n", 2),  # neither
        (b"a,b\nc,\x00d\n", 2),  # no text holds a NUL
        ("계약\n월".encode("cp949")[:-1], 2),  # cut in the middle of a syllable
    ],
)
def test_what_is_neither_is_refused_with_its_line(raw: bytes, line: int) -> None:
    """A byte that no encoding reads over the whole file refuses the file."""
    with pytest.raises(FeeError) as refused:
        decoded(raw)
    assert [(fault.code, fault.params["line"]) for fault in refused.value.faults] == [("file_encoding_unknown", line)]


@pytest.mark.parametrize("raw", [b"", b" \r\n\n", b"\0\0"])
def test_an_empty_file_is_said_to_be_empty(raw: bytes) -> None:
    """Nothing, or nothing but blank, is no table without rows."""
    with pytest.raises(FeeError) as refused:
        decoded(raw)
    assert refused.value.faults[0].code == "file_empty"

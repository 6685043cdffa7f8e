"""What a printed quote shows of a name: whole syllables, every letter or its code point, and a word of warning."""

import io
import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from support.asking import asked

from fee_service.answers.quote import quote_answer
from fee_service.documents.issued_quote import IssuedQuote
from fee_service.documents.pdf import pdf
from fee_service.glyphs import missing
from fee_service.published.editions import Editions
from fee_service.quotes.previewing import nothing_known, preview
from schemas import load
from schemas.quote import QuoteRequestSchema

PREVIEW = "/v1/quotes/preview"
PRINTED = [
    "(주)각별한 핀테크",
    "㈜똠방각하 쀍쀏",
    "Société Générale Łódź ÅÄÖ ĐŠŽ",
    "株式會社 金融證券 東京",
    "가족👩‍👩‍👧 데이터 😀❤️",
    "Компания Ελλάς مرحبا שלום ไทย नमस्ते",
    "① ℃ … — “따옴표” ½ ² ™ ®",
]
NOT_PRINTED = [("𠮷野 龘", ("𠮷", "龘")), ("ᏣᎳᎩ 회사", ("Ꮳ", "Ꮃ", "Ꭹ")), ("𓀀", ("𓀀",)), ("\ue000 회사", ("\ue000",))]


def document(editions: Editions, name: str) -> IssuedQuote:
    """An issued quote for a company of a name that is stored as it stands."""
    loaded = load(QuoteRequestSchema, asked(company_name="회사"))
    answer: dict[str, Any] = json.loads(quote_answer(preview(loaded, editions, date(2026, 12, 9), nothing_known), "ko"))
    answer |= {"number": "Q-2026-000001", "status": "issued", "valid_until": "2027-01-08"}
    answer["issued_at"] = "2026-12-08T15:30:00.000Z"
    answer["request"]["company"]["name"] = name
    return IssuedQuote(answer, "https://fees.example/verify/1234")


def text_of(content: bytes) -> str:
    return "".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


@pytest.mark.parametrize("name", PRINTED)
def test_names_of_the_scripts_of_the_fonts_are_printed(editions: Editions, client: FlaskClient, name: str) -> None:
    """Every letter stands in the PDF, and nothing is said about it."""
    assert missing(name) == ()
    content = pdf(document(editions, name), "ko")
    assert b"pdfuaid:part" in content  # accessible: every letter has a glyph and a meaning
    if name.isascii() or name[0] in "(㈜S株":
        assert "".join(name.split()) in text_of(content)
    answer = client.post(PREVIEW, json=asked(company_name=name)).get_json()
    assert not [notice for notice in answer["notices"] if notice["code"] == "name_not_printable"]


@pytest.mark.parametrize(("name", "letters"), NOT_PRINTED)
def test_a_letter_that_no_font_has_is_told_before_issuing_and_printed_as_its_code_point(
    editions: Editions, client: FlaskClient, name: str, letters: tuple[str, ...]
) -> None:
    """Nothing is dropped, and whoever issues can choose another spelling."""
    assert missing(name) == letters
    content = pdf(document(editions, name), "ko")
    assert b"pdfuaid:part" in content
    answer = client.post(PREVIEW, json=asked(company_name=name), headers={"Accept-Language": "en"}).get_json()
    (notice,) = (notice for notice in answer["notices"] if notice["code"] == "name_not_printable")
    for letter in letters:
        assert f"[U+{ord(letter):04X}]" in text_of(content)
        assert letter in notice["text"]
        assert f"[U+{ord(letter):04X}]" in notice["text"]


def test_a_stored_name_in_parts_is_printed_in_whole_syllables(editions: Editions) -> None:
    """As macOS writes file names; quotes that are stored stay as they are, and print as they were meant."""
    name = "각별한핀테크데이터" * 5
    whole = text_of(pdf(document(editions, name), "ko"))
    assert text_of(pdf(document(editions, unicodedata.normalize("NFD", name)), "ko")) == whole
    assert name in whole


@pytest.mark.parametrize("cluster", ["👩‍👩‍👧", "e\u0323\u0302\u0308", "क्षि", "\u1112\u119e\u11ab"])
def test_a_long_word_breaks_between_letters_never_inside_one(editions: Editions, cluster: str) -> None:
    """Emoji families, letters with several marks, and old syllables are letters."""
    assert unicodedata.normalize("NFC", cluster * 12) in text_of(pdf(document(editions, cluster * 40), "ko"))


def test_marks_and_spaces_without_a_shape_are_no_missing_letters() -> None:
    """Nothing of them could be seen."""
    assert missing("") == ()
    assert missing("가\u3000나\u00a0다\u200b라\ufe0f마") == ()

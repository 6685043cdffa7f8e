"""The letter that asks for corrected invoices: its amounts, its words in both languages, and always the same bytes."""

import io
import re
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from support.invoice_files import hyphened
from support.result_lines import FIRST, FORMULA, JANUARY, SECOND, result_line, unjudged

from fee_service.documents.letter import Letter, letter, letter_of
from fee_service.published.editions import Editions
from fee_service.wording import OneLanguage as Language

LANGUAGES: list[Language] = ["ko", "en"]
RUN = "01890a5d-ac96-774b-bcce-b302099a8057"
WHY_KO, WHY_EN = "31일 가운데 23일만 계약 기간입니다(P1 제10조 제2항).", "Only 23 of 31 days are due (P1 §10.2)."
LINES = (
    result_line(vat=148_387),
    result_line(
        line=4, product="securities_b", status="overbilled", amount=800_000, expected=593_548, difference=206_452,
        vat=80_000, cause="not_prorated", item="주식실시간B 기본료", explanation_ko=WHY_KO, explanation_en=WHY_EN,
    ),
    unjudged(line=5, amount=70_000, vat=7_000, item="기타", chain=None),
    result_line(
        line=6, invoice_number=SECOND, chain=SECOND, issued_on=JANUARY, status="duplicate", expected=0,
        difference=1_483_870, vat=148_387, cause="duplicate",
    ),
    result_line(
        file=None, line=None, invoice_number=None, issued_on=None, chain=None, item=None, product="securities_b",
        status="missing", cause="missing", amount=0, expected=593_548, difference=-593_548, service_month=JANUARY,
    ),
)  # fmt: skip


def asked(editions: Editions, *lines: Any, **names: str) -> Letter:
    """A letter about some lines, on 15 January 2027."""
    found = letter_of(lines or LINES, editions, RUN, date(2027, 1, 15), **names)
    assert found is not None
    return found


def printed(content: bytes) -> str:
    """The text of all pages, without the blanks that depend on where lines break."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_is_wrong_and_what_to_issue_instead(editions: Editions, language: Language) -> None:
    """Each amount, its days, prices and clause; supply, VAT and total of each correction and of all."""
    text = printed(letter(asked(editions, supplier_name="(주)공급사"), language, editions))
    for amount in (
        "800,000",
        "593,548",
        "+206,452",
        "−206,452",
        "−1,690,322",
        hyphened(FIRST),
        hyphened(SECOND),
        "Q-2026-000001",
    ):
        assert amount in text, amount
    vat = (1_483_870 + 593_548 + 70_000) // 10 - (148_387 + 80_000 + 7_000)
    for change in (vat, vat - 206_452, vat - 148_387):
        assert f"{change:,}".replace("-", "−") in text
    words = {
        "ko": (
            "수정세금계산서발급요청서",
            WHY_KO,
            "02공급가액변동",
            "06착오에의한이중발급",
            "(주)공급사귀중",
            "다른항목1건",
        ),
        "en": (
            "Requestforcorrectedinvoices",
            WHY_EN,
            "02Supplyvaluechanged",
            "06Issuedtwicebymistake",
            "1furtherlineofthisinvoice",
        ),
    }
    for said in words[language]:
        assert re.sub(r"\s", "", said) in text, said
    assert ("일반정보이용계약" in text, "시장정보스타트업지원확대방안" in text) == (True, False)  # cited are P1, not S


def test_the_same_result_gives_the_same_bytes(editions: Editions) -> None:
    """The instant is that of the day on which it is asked."""
    assert letter(asked(editions), "ko", editions) == letter(asked(editions), "ko", editions)


@pytest.mark.parametrize("hostile", [FORMULA, "#eval(1) $x$ *bold*", "\u202egnp.exe\u202c مرحبا 😀"])
def test_what_a_file_says_is_text(editions: Editions, hostile: str) -> None:
    """No markup, no formula, nothing that turns the letters beside it."""
    text = printed(letter(asked(editions, LINES[1]._replace(item=hostile), supplier_name=hostile), "en", editions))
    assert "Requestforcorrectedinvoices" in text
    assert "\u202e" not in text
    assert ("U+202E" in text) is ("\u202e" in hostile)
    if hostile.isascii():
        assert re.sub(r"\s", "", hostile) in text


def test_without_the_original_it_says_why_nothing_is_asked(editions: Editions) -> None:
    """The correction could be wrong by a won, so it is not made up."""
    text = printed(letter(asked(editions, LINES[1]._replace(invoice_number=SECOND, corrects=FIRST)), "en", editions))
    assert "Theoriginalisinnoneofthefiles" in text


def test_nothing_wrong_makes_no_letter(editions: Editions) -> None:
    """There is nothing to ask for."""
    assert letter_of([LINES[0]], editions, RUN, date(2027, 1, 15)) is None


def test_what_is_missing_alone_is_a_letter_too(editions: Editions) -> None:
    """By the printed name of its fee, as no invoice has one."""
    text = printed(letter(asked(editions, LINES[4]), "ko", editions))
    assert "청구되지않은금액" in text
    assert "593,548" in text

"""What people type and paste is understood as the one thing it stands for, or refused: never as another."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from support.asking import asked

from fee_service import business_number
from fee_service.spelling import by_likeness, cleaned, nearest
from schemas import load
from schemas.quote import CompanySchema

PREVIEW = "/v1/quotes/preview"
HIDDEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
SPACES = " \u00a0\u2002\u2009\u3000"
DASHES = "-‐‑‒–—―−－ーㅡ"


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Business numbers that may have been allotted."""
    nine = f"{draw(st.integers(101, 999))}{draw(st.integers(1, 99)):02}{draw(st.integers(1, 9999)):04}"
    ten = f"{nine}{business_number.check_digit(nine)}"
    return f"{ten[:3]}-{ten[3:5]}-{ten[5:]}" if len(set(ten)) > 1 else "124-81-00998"


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A business number, and the same as somebody might type it."""
    number = draw(numbers())
    dash = draw(st.one_of(st.sampled_from(DASHES), st.sampled_from(SPACES), st.just("")))
    around = draw(st.sampled_from(["", " ", "\u3000", "\ufeff", "\n", "\t"]))
    beside = draw(st.sampled_from(["", " ", "\u00a0"]))
    typed = number.replace("-", f"{beside}{dash}{beside}")
    if draw(st.booleans()):
        typed = "".join(chr(ord(sign) + 0xFEE0) if sign in "0123456789" else sign for sign in typed)
    at = draw(st.integers(0, len(typed)))
    return number, f"{around}{typed[:at]}{draw(st.sampled_from(['', *HIDDEN]))}{typed[at:]}{around}"


@given(spellings())
def test_every_spelling_of_a_business_number_is_that_number(case: tuple[str, str]) -> None:
    """Width, dashes, spaces and hidden marks say nothing else."""
    number, typed = case
    assert business_number.read(typed) == (number, ())


@given(spellings())
def test_a_number_is_read_as_itself_again(case: tuple[str, str]) -> None:
    """What was understood is a spelling of itself."""
    understood = business_number.read(case[1]).number
    assert understood is not None
    assert business_number.read(understood).number == understood


@given(numbers(), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_no_business_number(number: str, place: int, more: int) -> None:
    """The check digit finds it, unless it makes an office, kind or serial that cannot be; then that is said."""
    digits = number.replace("-", "")
    wrong = f"{digits[:place]}{(int(digits[place]) + more) % 10}{digits[place + 1 :]}"
    read = business_number.read(wrong)
    # the ninth digit counts twice over, and a step of it may cancel out: 5·d + ⌊5·d/10⌋
    if business_number.check_digit(wrong[:9]) != int(wrong[9]):
        assert "business_number_check" in read.wrong
    assert read.number is None or read.number.replace("-", "") == wrong


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("000-00-00000", ("office", "kind", "serial", "repeated")),
        ("0000000000", ("office", "kind", "serial", "repeated")),
        ("100-81-00018", ("office",)),
        ("101-00-00018", ("kind",)),
        ("124-81-00006", ("serial",)),
        ("444-44-44444", ("repeated",)),
        ("888-88-88888", ("repeated",)),
        ("111-11-11111", ("repeated", "check")),
        ("123-45-67890", ("check",)),
        ("124-81-00999", ("check",)),
        ("99-987-00021", ("form",)),
        ("02-1234-5678", ("form",)),
        ("010-1234-567", ("form",)),
        ("110111-1234567", ("form",)),
        ("①24-81-00998", ("form",)),
        ("124-81-0099²", ("form",)),
        ("١٢٤-٨١-٠٠٩٩٨", ("form",)),
        ("124-81-00998-1", ("form",)),
        ("124--81-00998", ("form",)),
        ("124.81.00998", ("form",)),
        ("No. 124-81-00998", ("form",)),
        ("1 2 4 8 1 0 0 9 9 8", ("form",)),
        ("-124-81-00998", ("form",)),
    ],
)
def test_what_was_never_allotted_is_no_business_number(typed: str, wrong: tuple[str, ...]) -> None:
    """Tax offices begin at 101, kinds at 01, serial numbers at 0001; the check digit has to fit."""
    told = business_number.read(typed)
    assert told.number is None
    serious = [code.removeprefix("business_number_") for code in told.wrong]
    assert [code for code in serious if code != "check" or "check" in wrong] == list(wrong)


def test_the_example_numbers_of_the_contract_are_numbers() -> None:
    """Also those of tax offices that were opened later."""
    for number in ("999-87-00021", "999-81-00015", "999-86-00039", "124-81-00998", "220-81-62517"):
        assert business_number.read(number).number == number


@pytest.mark.parametrize("place", ["/v1/quotes/preview", "/v1/comparisons", "/v1/eligibility", "/v1/quotes"])
def test_a_placeholder_is_refused_wherever_a_company_is_named(client: FlaskClient, place: str) -> None:
    """With the same code and the same reasons everywhere."""
    request = asked(company_business_number="000-00-00000")
    body: Any = {"requests": [request, asked()]} if place == "/v1/comparisons" else request
    if place == "/v1/eligibility":
        body = {"company": request["company"]}
    answer = client.post(place, json=body)
    assert answer.status_code == 422
    faults = {fault["code"]: fault for fault in answer.get_json()["errors"]}
    fault = faults["invalid_business_number"]
    assert fault["pointer"].endswith("/company/business_number")
    for part in ("101", "01부터", "0001"):
        assert part in fault["message"]


def test_a_placeholder_is_refused_in_a_filter(client: FlaskClient) -> None:
    """Nothing is found under a number that cannot be; it is said rather than answered with an empty list."""
    answer = client.get("/v1/quotes", query_string={"business_number": "000-00-00000"})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == ["/query/business_number"]


# -- text --------------------------------------------------------------------------------------------------

TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(HIDDEN + SPACES + "가각\u1100\u1161\u11a8한é金\uf90a👩🏽️\ufe0f"),
    ),
    max_size=30,
)


@given(TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """What is kept is its own spelling, composed (NFC)."""
    once = cleaned(text)
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(st.characters(categories=("Lo", "Ll", "Lu", "Nd"), codec="utf-8"), min_size=1, max_size=20))
def test_letters_in_parts_are_the_letters(text: str) -> None:
    """A name that macOS wrote in parts (NFD) is the name as it is typed."""
    assert cleaned(unicodedata.normalize("NFD", text)) == cleaned(unicodedata.normalize("NFC", text))


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=20), st.data())
def test_hidden_marks_say_nothing(name: str, data: st.DataObject) -> None:
    """Also inside a syllable that is written in parts."""
    parts = unicodedata.normalize("NFD", name)
    at = data.draw(st.integers(0, len(parts)))
    mark = data.draw(st.sampled_from(HIDDEN))
    assert cleaned(parts[:at] + mark + parts[at:]) == name


@pytest.mark.parametrize(
    "name",
    [
        "👩‍👩‍👧 가족",
        "❤️ 하트",
        "1️⃣ 번",
        "می‌خواهم",
        "क्‍ष",
        "葛\U000e0100城",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_joiners_that_belong_to_a_spelling_stay(name: str) -> None:
    """Families of emoji, variations of a sign, and scripts that join letters by them."""
    assert cleaned(name) == name


def test_a_text_of_hidden_marks_alone_is_empty() -> None:
    """It would be a name that nobody can see."""
    loaded = load(CompanySchema, {"founded_on": "2023-05-10", "size": "sme", "name": HIDDEN})
    assert [fault.code for fault in loaded.faults] == ["empty_text"]


def test_one_request_in_two_spellings_has_one_digest(client: FlaskClient) -> None:
    """Names, numbers and APIs: whoever pastes from a PDF gets the same quote."""
    plain = asked(company_name="한국 증권데이터", company_business_number="124-81-00998", apis=["주식실시간A"])
    pasted = asked(
        company_name="\ufeff" + unicodedata.normalize("NFD", "한국\u00a0증권\u200b데이터") + " ",
        company_business_number="１２４－８１－００９９８",
        apis=[unicodedata.normalize("NFD", "주식\u200b실시간A") + "\ufeff"],
    )
    one, other = (client.post(PREVIEW, json=request).get_json() for request in (plain, pasted))
    assert one["digest"] == other["digest"]
    assert other["request"]["company"]["name"] == "한국 증권데이터"


def test_what_is_meant_is_found_by_likeness() -> None:
    """The most similar first, none that is not alike; all of them where an order is asked for."""
    known = ("securities_a", "securities_b", "gold")
    assert nearest("securites_b", known, 2) == ("securities_b", "securities_a")
    assert nearest("securites_b", known) == ("securities_b",)
    assert nearest("한국", known) == ()
    assert by_likeness("GOLD", known)[0] == "gold"
    assert sorted(by_likeness("GOLD", known)) == sorted(known)

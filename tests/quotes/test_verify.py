"""A printed quote is checked with whatever is printed on it, and its state comes first."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from support.asking import asked

from fee_service import quote_number
from fee_service.quotes.verifying import printed

QUOTES = "/v1/quotes"
DIGITS = st.text("0123456789abcdef", min_size=64, max_size=64)
NUMBERS = st.builds("Q-{:04}-{:06}".format, st.integers(2018, 2199), st.integers(1, 9_999_999))
BREAKS = ["", " ", "\n", "\r\n", "\t", "\u00a0", "\u200b", "\u00ad\n"]


def wide(text: str) -> str:
    """The text in full-width signs."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(DIGITS, st.integers(1, 63), st.sampled_from(BREAKS), st.booleans(), st.booleans(), st.booleans())
def test_every_spelling_of_a_code_is_that_code(
    digits: str, at: int, between: str, prefixed: bool, upper: bool, is_wide: bool
) -> None:
    """In lines, with spaces, in capitals or full width, with and without sha256."""
    typed = ("sha256:" if prefixed else "") + digits[:at] + between + digits[at:]
    typed = typed.upper() if upper else typed
    found = printed(wide(typed) if is_wide else typed)
    assert found is not None
    assert (found.number, found.digits) == (None, digits)


@given(DIGITS, st.sampled_from(["https://fees.example.kr", "http://127.0.0.1:8000", "fees.example.kr"]), st.data())
def test_the_printed_address_is_its_code(digits: str, root: str, data: st.DataObject) -> None:
    """As it is copied from the PDF, in pieces, or from a mail, with a full stop behind it."""
    address = f"{root}/verify/{data.draw(st.sampled_from(['', 'sha256:', 'sha256%3A']))}{digits}"
    at = data.draw(st.integers(0, len(address)))
    typed = address[:at] + data.draw(st.sampled_from(BREAKS)) + address[at:]
    found = printed(typed + data.draw(st.sampled_from(["", ".", "/", ")", "?lang=en", " "])))
    assert found is not None
    assert found.digits == digits


@given(NUMBERS, st.sampled_from(["-", "", " ", "–", "－", " - ", "\u200b-"]), st.booleans(), st.booleans())
def test_every_spelling_of_a_number_is_that_number(number: str, dash: str, lower: bool, is_wide: bool) -> None:
    """Other case, width and dashes, with spaces or without."""
    typed = number.lower() if lower else number
    typed = (wide(typed) if is_wide else typed).replace("－" if is_wide else "-", dash)
    assert quote_number.read(typed) == number
    found = printed(f" {typed}\n")
    assert found is not None
    assert (found.number, found.digits) == (number, None)


@pytest.mark.parametrize(
    "text",
    ["", "x", "Q-2026-12", "Q-26-000012", "Q-2026-00000012", "P-2026-000012", "2026-000012", "sha256:", "0" * 15,
     "0" * 65, "g" * 64, "0" * 63 + "o", "①" * 64, "Q-2026-00001²", "124-81-00998", "https://fees.example.kr/quotes/"],
)  # fmt: skip
def test_what_is_neither_code_nor_number_is_neither(text: str) -> None:
    """It is said, rather than looked for."""
    assert printed(text) is None
    assert quote_number.read(text) is None


@pytest.fixture
def issue(client: FlaskClient) -> Callable[..., dict[str, Any]]:
    """Issue a quote and answer it."""

    def issued(name: str) -> dict[str, Any]:
        request = asked(company_name=name, company_business_number=None)
        answer: dict[str, Any] = client.post(QUOTES, json=request).get_json()
        return answer

    return issued


def told(stranger: FlaskClient, code: str) -> tuple[int, str, str]:
    """Status, heading and text of the page that answers a code."""
    answer = stranger.get(
        "/verify", query_string={"code": code}, headers={"Accept-Language": "en"}, follow_redirects=True
    )
    text = unescape(re.sub(r"<[^>]+>", "", answer.text))
    heading = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert heading is not None
    return answer.status_code, unescape(heading[1]), text


def test_the_page_takes_number_codes_and_address(stranger: FlaskClient, issue: Callable[..., dict[str, Any]]) -> None:
    """A number alone is told not to prove anything, and shows the short code to compare."""
    quote = issue("Printed Ltd")
    digits = quote["digest"].removeprefix("sha256:")
    codes = (quote["digest"], digits[:30] + "\n" + digits[30:], f"sha256:{digits[:16]}…", wide(digits.upper()),
             f"https://fees.example.kr/verify/{digits}")  # fmt: skip
    for code in codes:
        status, heading, text = told(stranger, code)
        assert (status, heading) == (200, "This quote is genuine and valid"), code
        assert quote["number"] in text
        assert "Printed Ltd" not in text
        assert "A number alone proves nothing" not in text
    status, heading, text = told(stranger, quote["number"].lower().replace("-", " "))
    assert (status, heading) == (200, "This quote is genuine and valid")
    assert "A number alone proves nothing" in text
    assert f"sha256:{digits[:16]}…" in text
    assert digits not in text.replace(quote["digest"], "")


@pytest.mark.parametrize(
    ("change", "heading", "state"),
    [
        ("withdrawal", "This quote was withdrawn and is no longer valid", "withdrawn on"),
        ("revisions", "This quote was replaced by another and is no longer valid", "replaced on"),
        ("acceptance", "This quote is genuine and was accepted", "accepted on"),
    ],
)
def test_a_closed_quote_says_its_state_first_and_not_until_when_it_is_valid(
    client: FlaskClient, stranger: FlaskClient, issue: Callable[..., dict[str, Any]],
    change: str, heading: str, state: str,
) -> None:  # fmt: skip
    """Whoever reads `valid until` would rely on it."""
    quote = issue(f"Closed by {change}")
    body = asked(company_name="Other Ltd", company_business_number=None) if change == "revisions" else None
    done = client.post(f"{QUOTES}/{quote['number']}/{change}", json=body)
    assert done.status_code in (200, 201), done.text
    for code in (quote["digest"], quote["number"]):
        status, title, text = told(stranger, code)
        assert (status, title) == (200, heading)
        assert state in text
        assert "valid until" not in text


def test_an_unknown_code_and_a_text_that_is_none_are_told_apart(stranger: FlaskClient) -> None:
    """The one may be forged, the other mistyped."""
    assert told(stranger, "0" * 64)[:2] == (404, "No quote bears this code")
    assert told(stranger, "Q-2018-999999")[:2] == (404, "No quote bears this code")
    assert told(stranger, "hello")[:2] == (404, "This is no code and no number of a quote")


@pytest.mark.parametrize("spelling", ["{lower}", " {number} ", "{spaced}", "{wide}", "\ufeff{number}", "{id} ", "{ID}"])
def test_a_quote_is_found_by_its_number_however_it_is_spelled(
    client: FlaskClient, issue: Callable[..., dict[str, Any]], spelling: str
) -> None:
    """In the address of the API and in the search of the list."""
    quote = issue("Spelled Ltd")
    number, id_ = quote["number"], quote["id"]
    key = spelling.format(
        number=number, lower=number.lower(), spaced=number.replace("-", " "), wide=wide(number), id=id_, ID=id_.upper()
    )
    assert client.get(f"{QUOTES}/{key}").get_json()["number"] == number
    if "id" not in spelling.lower():
        found = client.get(QUOTES, query_string={"text": key}).get_json()["quotes"]
        assert [each["number"] for each in found] == [number]


@pytest.mark.parametrize(
    "part", ["124 81 00998", "１２４－８１", "124–81–00998", "81 00998", "\ufeff00998", "1248100998"]
)
def test_quotes_are_found_by_a_part_of_the_business_number_however_it_is_spelled(
    client: FlaskClient, part: str
) -> None:
    """Any dash, any width, spaces between the parts."""
    request = asked(company_name="Numbered Ltd", company_business_number="124-81-00998")
    number = client.post(QUOTES, json=request).get_json()["number"]
    found = client.get(QUOTES, query_string={"text": part, "limit": 200}).get_json()["quotes"]
    assert number in [each["number"] for each in found]
    assert all(each["company"]["business_number"] == "124-81-00998" for each in found)

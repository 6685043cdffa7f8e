"""What is typed at the desk in odd spellings is understood as over the API, or refused by its field."""

import re
from html import unescape

import pytest
from flask import Flask
from support.desk_forms import ASKED, Seat


@pytest.fixture
def seat(app: Flask, keys: dict[str, str]) -> Seat:
    """Somebody of sales, in English."""
    return Seat(app.test_client(), keys["sales"])


def said(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize("number", ["000-00-00000", "100-81-00018", "124-81-00999", "1", "02-1234-5678"])
def test_a_number_that_cannot_be_is_refused_in_form_panel_and_filter(seat: Seat, number: str) -> None:
    """With the part that is wrong, nowhere with an empty list."""
    form = seat.post("/quotes", {**ASKED, "business_number": number})
    panel = seat.post("/estimate", {**ASKED, "business_number": number})
    listed = seat.client.get("/quotes", query_string={"business_number": number})
    assert (form.status_code, listed.status_code) == (422, 422)
    part = {"000": "tax office", "100": "tax office", "124": "check digit"}.get(number[:3], "ten digits")
    assert part in said(form.text)
    assert part in said(listed.text)
    assert part in panel.get_json()["errors"][0]["message"]
    assert panel.get_json()["errors"][0]["id"] == "business-number"


@pytest.mark.parametrize("number", ["１２４－８１－００９９８", " 124 81 00998", "1248100998", "124–81–00998\u200b"])
def test_a_number_is_understood_in_form_and_filter(seat: Seat, number: str) -> None:
    """However it is typed."""
    issued = seat.issue(company_name=f"Spelled {number!a}", business_number=number)
    listed = seat.client.get("/quotes", query_string={"business_number": number})
    assert listed.status_code == 200
    assert issued in listed.text
    assert "124-81-00998" in seat.client.get(f"/quotes/{issued}").text


def test_a_name_that_cannot_be_printed_is_told_before_issuing(seat: Seat) -> None:
    """In the panel, while there is time to spell it otherwise."""
    panel = seat.post("/estimate", {**ASKED, "company_name": "𠮷野 회사"})
    assert "[U+20BB7]" in str(panel.get_json())


def test_a_key_may_be_pasted_with_what_a_mail_put_around_it(app: Flask, keys: dict[str, str]) -> None:
    """Line breaks and marks that nobody sees."""
    key = keys["sales"]
    assert Seat(app.test_client(), f"\ufeff{key[:40]}\n{key[40:]}\u200b ").token

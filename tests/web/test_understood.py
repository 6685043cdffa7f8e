"""What was typed at the desk: told in words as it was understood, or refused by its field, in both languages."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from support.desk_forms import ASKED, KOSPI, Seat, form_on
from werkzeug.test import TestResponse

PARTS = ("2019-11", "2023-12", "2023년 5월", "2023", "23.5.10", "2023-02-30", "2023-13-01", "2023051", "10/05/2023")
DAY_FIELDS = ("founded_on", "starts_on", "ends_on", "outgrown_on", "prior_from", "prior_to")
FILTERS = ("issued_from", "issued_to", "starts_from", "starts_to")
NUMBER_FIELDS = ("months", "test_months", "api_calls", "average_sales", "total_assets", f"{KOSPI}.personal",
                 f"{KOSPI}.standard", f"{KOSPI}.queries", f"{KOSPI}.sets", f"{KOSPI}.recovery")  # fmt: skip
FIGURES = {"size": "figures", "ksic": "J", "average_sales": "1,000", "total_assets": "1,000"}


@pytest.fixture(params=["ko", "en"])
def seat(request: pytest.FixtureRequest, app: Flask, keys: dict[str, str]) -> Seat:
    """Somebody of the sales team, who reads Korean or English."""
    return Seat(app.test_client(), keys["sales"], request.param)


def element(answer: TestResponse, id_: str) -> str:
    """The text of an element of a page; empty where it has none."""
    found = re.search(rf'id="{id_}"[^>]*>(.*?)</p>', answer.text, re.S)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


def is_korean(text: str) -> bool:
    return re.search("[가-힣]", text) is not None


@pytest.mark.parametrize("typed", PARTS)
def test_what_is_no_whole_day_is_refused_by_its_field(seat: Seat, typed: str) -> None:
    """A month is not its first day: nothing is estimated, nothing issued, and the field says what is missing."""
    for field in DAY_FIELDS:
        form = {**ASKED, **FIGURES, "prior_from": "2024-01-01", "prior_to": "2024-02-01", field: typed}
        at = f"{field}-0" if field.startswith("prior") else field
        for path in ("/", "/quotes"):
            answer = seat.post(path, form)
            assert answer.status_code == 422
            wrong = element(answer, f"{at.replace('_', '-')}-error")
            assert typed in wrong
            assert "2026-12-09" in wrong  # an example of what is wanted
            assert is_korean(wrong.replace(typed, "")) == (seat.client.environ_base["HTTP_ACCEPT_LANGUAGE"] == "ko")
            assert element(answer, f"{at.replace('_', '-')}-echo") == ""


@pytest.mark.parametrize("typed", PARTS)
def test_a_search_takes_whole_days_only(seat: Seat, typed: str) -> None:
    """No list is shown for a day that nobody typed."""
    for field in FILTERS:
        answer = seat.client.get("/quotes", query_string={field: typed})
        assert answer.status_code == 422
        assert typed in element(answer, f"{field.replace('_', '-')}-error")
        assert "<tbody>" not in answer.text


@pytest.mark.parametrize("typed", ["2026.12.9", "2026년 12월 9일", "20261209", "２０２６/１２/０９"])
def test_a_search_tells_the_day_that_it_understood(seat: Seat, typed: str) -> None:
    """In words below the field."""
    answer = seat.client.get("/quotes", query_string={"issued_from": typed})
    assert answer.status_code == 200
    assert element(answer, "issued-from-echo") in ("2026년 12월 9일", "9 December 2026")


@pytest.mark.parametrize(
    ("founded", "start", "korean", "english"),
    [
        ("2023.5.10", "2026-12-09", "2023년 5월 10일, 업력 3년", "10 May 2023, 3 years in business"),
        ("20191209", "2026-12-08", "2019년 12월 9일, 업력 6년", "9 December 2019, 6 years in business"),
        ("20191209", "2026-12-09", "2019년 12월 9일, 업력 7년", "9 December 2019, 7 years in business"),
        (
            "2026년 1월 2일",
            "2026-12-09",
            "2026년 1월 2일, 업력 1년 미만",
            "2 January 2026, less than a year in business",
        ),
        ("2025-12-09", "2026-12-09", "2025년 12월 9일, 업력 1년", "9 December 2025, a year in business"),
        ("2027-01-01", "2026-12-09", "2027년 1월 1일", "1 January 2027"),
    ],
)
def test_a_founding_day_is_told_with_its_age(seat: Seat, founded: str, start: str, korean: str, english: str) -> None:
    """On the day on which the contract starts; by the page, and by what the script gets."""
    form = {**ASKED, "founded_on": founded, "starts_on": start}
    told = {
        element(seat.post("/", form), "founded-on-echo"),
        seat.post("/estimate", form).get_json()["echoes"]["founded-on"],
    }
    assert told == {korean if seat.client.environ_base["HTTP_ACCEPT_LANGUAGE"] == "ko" else english}


def test_numbers_are_told_as_they_were_understood(seat: Seat) -> None:
    """Amounts in won, counts with their commas."""
    form = {**ASKED, **FIGURES, "average_sales": "1200000000", f"{KOSPI}.personal": "１００００"}
    echoes = seat.post("/estimate", form).get_json()["echoes"]
    assert "1,200,000,000" in echoes["average-sales"]
    assert echoes["real-time-securities-a-personal"] == "10,000"
    assert "months" not in echoes  # 60 is 60


@pytest.mark.parametrize("typed", ["1.000", "1e3", "10O", "1,00", "0x10", "1 00", "10²", "many"])
def test_what_is_no_whole_number_is_refused_by_its_field(seat: Seat, typed: str) -> None:
    """Whatever a part of it would be."""
    for field in NUMBER_FIELDS:
        form: dict[str, Any] = {
            **ASKED,
            **FIGURES,
            "channel": "direct" if field.endswith(("sets", "recovery")) else "open_api",
        }
        answer = seat.post("/quotes", {**form, field: typed})
        assert answer.status_code == 422
        assert typed in element(answer, f"{re.sub('[^a-z]+', '-', field)}-error"), field


def test_all_wrong_lines_of_pasted_apis_are_told_at_once(seat: Seat) -> None:
    """Each with its number, empty lines counted; right ones are not mentioned, and a name given twice is told once."""
    pasted = "주식실시간A\n\n주식실시간Z\nreal-time-kospi\n/v3/none\n주식실시간Z\n환율정보"
    wrong = element(seat.post("/quotes", {**ASKED, "other_apis": pasted}), "other-apis-error").splitlines()
    numbers = [re.search(r"\d", line) for line in wrong]
    assert [found[0] for found in numbers if found] == ["3", "5", "7"]
    assert "주식실시간Z" in wrong[0]
    errors = seat.post("/estimate", {**ASKED, "other_apis": pasted}).get_json()["errors"]
    assert [error["id"] for error in errors] == ["other-apis"]
    assert len(errors[0]["message"].splitlines()) == 3


def test_all_wrong_apis_with_a_box_are_told_at_once(seat: Seat) -> None:
    """Also those that a page of an earlier day had."""
    answer = seat.client.post(
        "/quotes", data={**ASKED, "csrf_token": seat.token, "apis": ["주식실시간Y", "주식실시간Z"]}
    )
    assert {name for name in ("주식실시간Y", "주식실시간Z") if name in element(answer, "apis-error")} == {
        "주식실시간Y",
        "주식실시간Z",
    }


@pytest.mark.parametrize("typed", PARTS)
def test_a_variant_begins_on_a_whole_day_or_is_not_made(seat: Seat, typed: str) -> None:
    """The comparison says what was typed and what is wanted; the variant that stands beside it stays."""
    compared = seat.post("/compare", {**ASKED, "from_desk": "1"})
    variants = form_on(compared, "variants").getlist("variant")
    answer = seat.post("/compare", {"variant": variants, "add": "start", "start_value": typed})
    assert answer.status_code == 422
    assert typed in unescape(answer.text)
    assert form_on(answer, "variants").getlist("variant") == variants
    right = seat.post("/compare", {"variant": variants, "add": "start", "start_value": "2027년 1월 2일"})
    assert '"starts_on":"2027-01-02"' in form_on(right, "variants").getlist("variant")[1]

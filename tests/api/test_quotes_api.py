"""Stored quotes over HTTP: what callers send and get, and every refusal they may meet."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.asking import NUMBER, asked

QUOTES = "/v1/quotes"
Caller = Callable[[str], FlaskClient]


@pytest.fixture
def caller(app: Flask, keys: dict[str, str]) -> Caller:
    """A caller with a role."""

    def calling(role: str) -> FlaskClient:
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {keys[role]}"
        return client

    return calling


@pytest.fixture
def issued(caller: Caller) -> dict[str, Any]:
    """A quote that the portal asked for."""
    answer = caller("portal").post(QUOTES, json=asked(company_business_number=None))
    assert answer.status_code == 201
    content: dict[str, Any] = answer.get_json()
    return content


def codes(answer: Any, status: int) -> list[str]:
    """The codes of a refusal, which is a problem+json with the status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    return [error["code"] for error in answer.get_json(force=True)["errors"]]


def test_a_quote_is_created_at_its_location(caller: Caller) -> None:
    """201, where it is, and there it is."""
    answer = caller("portal").post(QUOTES, json=asked())
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{QUOTES}/{answer.get_json()['id']}"
    assert answer.headers["Cache-Control"] == "no-store"
    shown = caller("portal").get(answer.headers["Location"])
    assert shown.status_code == 200
    assert shown.get_json() == answer.get_json()


def test_preview_and_quote_have_the_same_digest(caller: Caller) -> None:
    """Preview equals issued."""
    preview = caller("portal").post(f"{QUOTES}/preview", json=asked()).get_json()
    assert caller("portal").post(QUOTES, json=asked()).get_json()["digest"] == preview["digest"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_language_is_chosen_when_it_is_read(caller: Caller, issued: dict[str, Any], language: str) -> None:
    """Not when it is issued."""
    answer = caller("sales").get(f"{QUOTES}/{issued['number']}", headers={"Accept-Language": language})
    korean, english = issued["notices"][0]["text"].split(" / ")[0], issued["notices"][0]["text"].split(" / ")[-1]
    assert answer.get_json()["notices"][0]["text"] == (korean if language == "ko" else english)


def test_a_life_over_http(caller: Caller, issued: dict[str, Any]) -> None:
    """Revised by sales, accepted by finance, proved by replay, listed for the portal."""
    place = f"{QUOTES}/{issued['number']}"
    revised = caller("sales").post(f"{place}/revisions", json=asked(company_business_number=None, months=24))
    assert revised.status_code == 201
    number = revised.get_json()["number"]
    accepted = caller("finance").post(f"{QUOTES}/{number}/acceptance")
    assert accepted.status_code == 200
    assert accepted.get_json()["status"] == "accepted"
    assert codes(caller("sales").post(f"{QUOTES}/{number}/withdrawal", json={}), 409) == ["quote_already_accepted"]
    replayed = caller("sales").get(f"{QUOTES}/{number}/replay").get_json()
    assert (replayed["same"], replayed["today"]["differs"]) == (True, False)
    listed = caller("portal").get(f"{QUOTES}?text={number}").get_json()["quotes"]
    assert [(quote["number"], quote["status"]) for quote in listed] == [(number, "accepted")]


def test_an_ineligible_company_is_refused_where_that_is_wanted(caller: Caller) -> None:
    """?require_eligible=true, as for a preview."""
    request = asked(company_size="large")
    assert caller("portal").post(QUOTES, json=request).status_code == 201
    answer = caller("portal").post(f"{QUOTES}?require_eligible=true", json=request)
    assert codes(answer, 422) == ["company_ineligible"]


def test_a_key_makes_a_request_safe_to_repeat(caller: Caller) -> None:
    """The same answer, said to be given again; another body is refused."""
    headers = {"Idempotency-Key": "2f1e6a"}
    first = caller("portal").post(QUOTES, json=asked(), headers=headers)
    again = caller("portal").post(QUOTES, json=asked(), headers=headers)
    assert (again.status_code, again.data, again.headers["Location"]) == (201, first.data, first.headers["Location"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = caller("portal").post(QUOTES, json=asked(months=12), headers=headers)
    assert codes(other, 422) == ["idempotency_key_reused"]


def test_a_key_stands_for_one_resource(caller: Caller, issued: dict[str, Any]) -> None:
    """The same body at another place is another request."""
    headers = {"Idempotency-Key": "one-place"}
    assert caller("sales").post(QUOTES, json=asked(), headers=headers).status_code == 201
    answer = caller("sales").post(f"{QUOTES}/{issued['number']}/revisions", json=asked(), headers=headers)
    assert codes(answer, 422) == ["idempotency_key_reused"]


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "x" * 256, "\t", '"\x7f"'])
def test_a_malformed_key_is_refused(caller: Caller, key: str) -> None:
    """Before anything is done."""
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    assert codes(caller("portal").post(QUOTES, json=asked(), headers=headers), 400) == ["idempotency_key_malformed"]


def test_a_foreign_quote_is_not_found_by_the_portal(app: Flask, caller: Caller) -> None:
    """404, not 403: it is not even told that there is one."""
    foreign = caller("sales").post(QUOTES, json=asked()).get_json()
    assert codes(caller("portal").get(f"{QUOTES}/{foreign['id']}"), 404) == ["quote_not_found"]
    assert caller("sales").get(f"{QUOTES}/{foreign['id']}").status_code == 200
    listed = caller("portal").get(f"{QUOTES}?text={foreign['number']}").get_json()
    assert listed == {"quotes": [], "next_cursor": None}


@pytest.mark.parametrize("key", ["Q-2026-999999", "x", "%00", "'%20OR%201=1--", "..%2F..", "%EA%B0%80", "Q" * 3000])
def test_what_is_no_quote_is_not_found(caller: Caller, key: str) -> None:
    """For every resource of a quote."""
    for method, path, role in (
        ("get", "", "sales"),
        ("get", "/replay", "sales"),
        ("post", "/acceptance", "finance"),
        ("post", "/withdrawal", "sales"),
    ):
        answer = getattr(caller(role), method)(f"{QUOTES}/{key}{path}")
        assert codes(answer, 404)[0] in ("quote_not_found", "not_found")


NASTY = [
    "'; DROP TABLE quotes; --",
    "' OR '1'='1",
    "%",
    "_",
    "\\",
    '"',
    "${7*7}",
    "<script>",
    "가" * 200,
    "😀",
]
UNWANTED = ["\u200b", "\ufeff", "\x00", "a\x00b", "\x1f", "\n", "\x7f", "\x85", "가" * 201, " "]


@pytest.mark.parametrize("field", ["company", "text", "policy"])
def test_nasty_words_are_words(caller: Caller, issued: dict[str, Any], field: str) -> None:
    """SQL, wildcards and markup find only what holds them as they stand."""
    for word in NASTY:
        answer = caller("sales").get(QUOTES, query_string={field: word})
        if field == "policy" and len(word) > 100:
            assert codes(answer, 422) == ["text_too_long"]
        else:
            assert answer.status_code == 200, word
            for quote in answer.get_json()["quotes"]:
                assert field != "policy"
                assert word.casefold() in quote["company"]["name"].casefold(), word
            assert issued["number"] not in [quote["number"] for quote in answer.get_json()["quotes"]]


@pytest.mark.parametrize("field", ["company", "text", "policy", "business_number", "cursor"])
def test_control_characters_and_overlong_words_are_refused(caller: Caller, field: str) -> None:
    """In every filter, each with its code."""
    for word in UNWANTED:
        answer = caller("sales").get(QUOTES, query_string={field: word})
        assert codes(answer, 422)[0] in ("invalid_text", "text_too_long", "empty_text"), repr(word)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=0", 422, "out_of_range"),
        ("limit=201", 422, "out_of_range"),
        ("limit=" + "9" * 5000, 422, "out_of_range"),
        ("limit=-1", 422, "not_an_integer"),
        ("limit=1.0", 422, "not_an_integer"),
        ("limit=１", 422, "not_an_integer"),
        ("limit=", 422, "not_an_integer"),
        ("status=open", 422, "unknown_value"),
        ("issued_from=20260101", 422, "invalid_date"),
        ("issued_to=2026-02-30", 422, "invalid_date"),
        ("starts_from=2027-01-02&starts_to=2027-01-01", 422, "range_reversed"),
        ("business_number=124-81-00999", 422, "invalid_business_number"),
        ("owner=x", 422, "unknown_parameter"),
        ("limit=1&limit=2", 422, "repeated_parameter"),
        ("cursor=abc", 400, "invalid_cursor"),
        ("cursor=" + "A" * 32, 400, "invalid_cursor"),
    ],
)
def test_a_faulty_query_is_refused(caller: Caller, query: str, status: int, code: str) -> None:
    """Each with its own code and a pointer to the parameter."""
    answer = caller("sales").get(f"{QUOTES}?{query}")
    assert codes(answer, status) == [code]
    assert answer.get_json(force=True)["errors"][0]["pointer"].startswith("/query/")


@pytest.mark.parametrize("name", ["x" * 10_000, "a\x00b", "a\nb", "\ud800", " ", ""])
def test_names_that_cannot_be_are_refused(caller: Caller, name: str) -> None:
    """Ten thousand characters, control characters, half a character, nothing."""
    answer = caller("portal").post(QUOTES, json=asked(company_name=name))
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


def test_sql_in_a_name_is_a_name(caller: Caller) -> None:
    """It is kept, shown and found as it was written."""
    for name in NASTY[:-2]:
        number = caller("sales").post(QUOTES, json=asked(company_name=name, company_business_number=None)).get_json()
        assert number["request"]["company"]["name"] == name
        found = caller("sales").get(QUOTES, query_string={"company": name}).get_json()["quotes"]
        assert number["number"] in [quote["number"] for quote in found]


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"reason": "x"}', b"null", b'"x"'])
def test_a_closing_call_takes_no_field(caller: Caller, issued: dict[str, Any], body: bytes) -> None:
    """A body may be left out or be an empty object; the quote stays open."""
    path = f"{QUOTES}/{issued['number']}/withdrawal"
    answer = caller("sales").post(path, data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert caller("sales").get(f"{QUOTES}/{issued['number']}").get_json()["status"] == "issued"


def test_pages_follow_each_other(caller: Caller) -> None:
    """By next_cursor, with the same filters."""
    for _ in range(5):
        caller("sales").post(QUOTES, json=asked(company_name="페이지 회사"))
    query, seen = {"company": "페이지", "limit": 2}, []
    while True:
        page = caller("sales").get(QUOTES, query_string=query).get_json()
        seen += [quote["number"] for quote in page["quotes"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)
    assert codes(caller("portal").get(QUOTES, query_string={**query, "company": "다른"}), 400) == ["invalid_cursor"]


def test_the_database_away_is_told_with_when_to_come_back(
    app: Flask, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, for what needs it; a preview without a business number needs nothing."""
    from fee_service.quotes.desk import Desk
    from fee_service.storage.database import Database

    client = caller("portal")
    assert client.get(QUOTES).status_code == 200  # the key is remembered from now on
    away = Desk(Database("postgresql://127.0.0.1:1/away"), app.extensions["editions"])
    monkeypatch.setitem(app.extensions, "desk", away)
    for answer in (
        client.post(QUOTES, json=asked()),
        client.get(QUOTES),
        client.get(f"{QUOTES}/Q-2026-000001"),
        client.post(f"{QUOTES}/preview", json=asked(company_business_number=NUMBER)),
    ):
        assert codes(answer, 503) == ["storage_unavailable"]
        assert int(answer.headers["Retry-After"]) > 0
    assert client.post(f"{QUOTES}/preview", json=asked(company_business_number=None)).status_code == 200

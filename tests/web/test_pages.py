"""The pages without a browser: forms, sessions, forged posts, hostile names, languages, and that rules live below."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from python_calamine import CalamineWorkbook
from sqlalchemy import text as sql
from support.asking import call, issue
from support.desk_forms import ASKED, KOSPI, Seat
from werkzeug.test import TestResponse

from fee_service.actors import COMMAND_LINE, Role
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.quotes import sharing
from fee_service.web import shell
from fee_service.web.filling_in import form_of
from fee_service.web.forms import filled

WEB = Path(shell.__file__).parent
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://example.invalid";"click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202eevil\u202c 회사",
    "🚀 로켓 {{7*7}} %(day)s",
)


class Dangers(HTMLParser):
    """What a browser would run of a page, or fetch from elsewhere."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or "javascript:" in (value or "").lower():
                self.found.append(f"{tag} {name}={value}")
            if name in ("src", "href", "action", "formaction") and re.match(r"(https?:)?//(?!localhost/)", value or ""):
                self.found.append(f"{tag} {name}={value}")
        if tag in ("img", "iframe", "style", "object", "embed") or (tag == "script" and "src" not in given):
            self.found.append(tag)


def dangers(answer: TestResponse) -> list[str]:
    return Dangers(answer).found


def shown(answer: TestResponse) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


# -- the form ------------------------------------------------------------------------------------------


def test_the_estimate_is_what_the_api_says(seat: Seat, client: FlaskClient) -> None:
    """The page computes nothing: its number is that of the preview of the same request."""
    request = {
        "company": {"founded_on": "2023-05-10", "size": "sme"},
        "licences": [{"contract": "real_time", "product": "securities_a"}],
        "starts_on": "2026-12-09",
    }
    total = client.post("/v1/quotes/preview", json=request).get_json()["totals"]["total"]
    assert f"{total:,}" in shown(seat.post("/", ASKED))


def test_what_is_typed_becomes_the_request() -> None:
    """Every field has its place in the body of POST /v1/quotes, and is found again from there."""
    body = {
        "company": {
            "name": "(주)스타트업", "business_number": "124-81-00998", "founded_on": "2023-05-10", "size": None,
            "size_evidence": {"ksic": "J", "average_sales": 1_200_000_000, "total_assets": 900_000_000,
                              "business_group": False, "large_holder": True, "outgrown_on": None, "grace_used": False},
            "corporation": False, "qualification": "fintech", "exclusions": ["gambling"],
        },
        "apis": ["주식실시간A", "/v3/market/closed/kospi/lists"],
        "licences": [
            {"contract": "real_time", "product": "securities_a", "options": ["retail", "general"],
             "affiliate_extension": True, "reception_sets": 2, "disaster_recovery_sets": 1,
             "usage": {"standard_ids": 1, "personal_ids": 1000, "queries": 3}, "non_display_use": ["trading"]},
            {"contract": "closing_price", "product": "securities_b", "affiliate_extension": False},
        ],
        "channel": "direct", "api_calls_per_month": 5, "starts_on": "2026-12-09", "ends_on": "2027-12-08",
        "months": 24, "test_months": 2, "waiver_policy": "startup-12-months", "price_list": "market-data-2018-07-01",
        "prior_waiver": [{"starts_on": "2024-01-01", "ends_on": "2024-08-31"}],
    }  # fmt: skip
    form = form_of(body)
    understood = filled(form)
    expected = orjson.loads(orjson.dumps(body))
    del expected["company"]["size"], expected["company"]["size_evidence"]["outgrown_on"]
    del expected["company"]["size_evidence"]["grace_used"]
    assert understood.body == expected
    for place, field in understood.places.items():
        known = field in form or field.rpartition(".")[0] in form or field in ("licences", "grace_used", "outgrown_on")
        assert known or field.startswith(("prior_", "not_corporation", "business_group")), (place, field)
    assert understood.field_at("/licences/0/usage/personal_ids") == "real_time.securities_a.personal"
    assert understood.field_at("/licences/1/options/0") == "closing_price.securities_b"
    assert understood.field_at("/prior_waiver/0/ends_on") == "prior_to.0"
    assert understood.field_at("") is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"founded_on": ""}, "founded-on"),
        ({"founded_on": "2023-02-30"}, "founded-on"),
        ({"founded_on": "2027-01-01"}, "founded-on"),
        ({"business_number": "124-81-00999"}, "business-number"),
        ({"months": "121"}, "months"),
        ({"months": "many"}, "months"),
        ({"size": ""}, "size"),
        ({"size": "figures"}, "ksic"),
        ({f"{KOSPI}.personal": "-1"}, "real-time-securities-a-personal"),
        ({f"{KOSPI}.sets": "3"}, "real-time-securities-a-sets"),
        ({f"{KOSPI}.options": "sms"}, "real-time-securities-a-options"),
        ({"channel": "direct", "api_calls": "5"}, "api-calls"),
        ({"prior_from": "2024-01-01", "prior_to": ""}, "prior-to-0"),
        ({"prior_from": "2024-01-01", "prior_to": "2023-01-01"}, "prior-to-0"),
        ({"test_months": "7"}, "test-months"),
        ({"ends_on": "2026-12-01"}, "ends-on"),
        ({"other_apis": "주식실시간Z"}, "other-apis"),
        ({KOSPI: None}, "licences"),
    ],
)
def test_an_error_stands_beside_its_field(seat: Seat, typed: dict[str, Any], field: str) -> None:
    """In the summary with a link to the field, and beside the field itself; what was typed is still there."""
    sent = {name: value for name, value in {**ASKED, **typed, "company_name": "Typed Ltd"}.items() if value is not None}
    answer = seat.post("/quotes", sent)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert f'id="{field}"' in answer.text
    assert 'value="Typed Ltd"' in answer.text
    for name, value in typed.items():
        if value and name not in (f"{KOSPI}.options", "other_apis", "size", "channel"):
            assert f'value="{escape(value)}"' in answer.text, name


def test_an_estimate_assumes_a_founding_date_and_says_so(seat: Seat) -> None:
    """One click to a first number; a quote that is issued assumes nothing."""
    asked = {**ASKED, "founded_on": ""}
    assert "founded three years ago is assumed" in shown(seat.post("/", asked))
    assert "founded three years ago is assumed" not in shown(seat.post("/", ASKED))
    assert seat.post("/quotes", asked).status_code == 422


def test_the_script_gets_estimate_and_errors(seat: Seat) -> None:
    """The same texts as on the page, with the ids of the fields that are wrong."""
    good = seat.post("/estimate", ASKED).get_json()
    assert "2,000,000" in good["estimate"]
    assert "<svg" in good["details"]
    assert good["errors"] == []
    bad = seat.post("/estimate", {**ASKED, "founded_on": "soon"}).get_json()
    assert [error["id"] for error in bad["errors"]] == ["founded-on"]
    assert seat.post("/estimate", {"size": "sme"}).get_json()["errors"] == []  # nothing chosen yet is no error


def test_pages_have_no_inline_script_or_style(seat: Seat) -> None:
    """The strict policy holds because nothing needs more."""
    number = seat.issue()
    for path in ("/", "/quotes", f"/quotes/{number}", "/price-lists", "/apis", "/waiver-policies", "/verify"):
        answer = seat.client.get(path)
        assert answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert dangers(answer) == [], path


# -- sessions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/quotes", "/quotes/Q-2026-000001", "/compare"])
def test_who_is_not_signed_in_is_asked_to(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in?next={path}"


@pytest.mark.parametrize("key", ["", "fee_wrong", "fee_abcdefghjkmn_" + "x" * 43])
def test_a_wrong_key_signs_nobody_in(stranger: FlaskClient, key: str) -> None:
    token = re.search(r'csrf_token" value="([^"]+)', stranger.get("/sign-in").text)
    assert token
    answer = stranger.post("/sign-in", data={"csrf_token": token[1], "key": key})
    assert answer.status_code == 422
    assert 'id="key-error"' in answer.text
    assert stranger.get("/").status_code == 302
    assert not key or key not in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://example.invalid/", "//example.invalid", "/\\example.invalid", "javascript:1"]
)
def test_signing_in_leads_nowhere_else(stranger: FlaskClient, keys: dict[str, str], wanted: str) -> None:
    token = re.search(r'csrf_token" value="([^"]+)', stranger.get("/sign-in").text)
    assert token
    answer = stranger.post("/sign-in", data={"csrf_token": token[1], "key": keys["sales"], "next": wanted})
    assert answer.headers["Location"] == "/"


def test_the_session_cookie_is_guarded(app: Flask, keys: dict[str, str]) -> None:
    """Not for scripts, not for other sites, over TLS only where there is TLS; and it holds no key."""
    client = app.test_client()
    token = Seat(client, keys["sales"]).token
    client.post("/sign-out", data={"csrf_token": token})
    page = client.get("/sign-in", base_url="https://localhost")
    found = re.search(r'csrf_token" value="([^"]+)', page.text)
    assert found
    data = {"csrf_token": found[1], "key": keys["sales"]}
    cookie = client.post("/sign-in", data=data, base_url="https://localhost").headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Secure", "fee_session="))
    assert keys["sales"] not in cookie


def test_the_api_takes_no_session(seat: Seat) -> None:
    """A page of another site could post with the cookie: the API asks for the key itself."""
    assert seat.client.get("/v1/quotes").status_code == 401
    assert "Set-Cookie" not in seat.client.get("/v1/apis").headers


def test_a_revoked_key_ends_its_sessions_at_once(app: Flask) -> None:
    """In every worker, without a second of delay; those of other keys go on."""
    database = app.extensions["database"]
    key, other = (
        keyring.create(database, COMMAND_LINE, "tests", Role.SALES, name) for name in ("soon revoked", "other")
    )
    seat, another = Seat(app.test_client(), key), Seat(app.test_client(), other)
    keyring.revoke(database, COMMAND_LINE, "tests", key.split("_")[1])
    assert seat.client.get("/").status_code == 302
    assert another.client.get("/").status_code == 200


def test_an_expired_key_ends_its_sessions(app: Flask) -> None:
    """On the day after its last one."""
    key = keyring.create(
        app.extensions["database"], COMMAND_LINE, "tests", Role.SALES, "until today", date(2026, 12, 9)
    )
    seat = Seat(app.test_client(), key)
    clock = app.config["TODAY"]
    try:
        app.config["TODAY"] = lambda: date(2026, 12, 10)
        assert seat.client.get("/").status_code == 302
    finally:
        app.config["TODAY"] = clock


def test_a_copied_cookie_opens_nothing_after_signing_out(app: Flask, seat: Seat) -> None:
    """The session ends on the server; and a new one ends the one before it."""
    copy = app.test_client()
    copy.set_cookie("fee_session", cookie_of(seat.client))
    assert copy.get("/").status_code == 200
    assert seat.post("/sign-out").status_code == 303
    assert copy.get("/").status_code == 302


def test_signing_in_again_ends_the_session_before(app: Flask, seat: Seat, keys: dict[str, str]) -> None:
    """One browser, one session."""
    copy = app.test_client()
    copy.set_cookie("fee_session", cookie_of(seat.client))
    assert seat.post("/sign-in", {"key": keys["finance"]}).status_code == 303
    assert copy.get("/").status_code == 302
    assert seat.client.get("/").status_code == 200


def test_a_cookie_signed_with_what_the_database_holds_opens_nothing(app: Flask, seat: Seat) -> None:
    """Somebody with a copy of the database: no value in it signs a session, and none is one."""
    with app.extensions["database"].reading() as connection:
        kept = [str(row.value) for row in connection.execute(sql("SELECT value FROM installation"))]
        kept += [row.value.hex() for row in connection.execute(sql("SELECT value FROM installation"))]
        sessions = connection.execute(sql("SELECT * FROM sessions")).all()
    assert sessions
    genuine = app.secret_key
    with app.test_request_context():
        known = app.session_interface.get_signing_serializer(app)
        assert known is not None
        held = known.loads(cookie_of(seat.client))
        for secret in [*kept, "", "dev"]:
            app.secret_key = secret or "x"
            signed = app.session_interface.get_signing_serializer(app)
            app.secret_key = genuine
            assert signed is not None
            thief = app.test_client()
            thief.set_cookie("fee_session", str(signed.dumps(held)))
            assert thief.get("/").status_code == 302
        for row in sessions:
            thief = app.test_client()
            thief.set_cookie("fee_session", str(known.dumps({**held, "seat": row.hash})))
            assert thief.get("/").status_code == 302
    assert held["seat"] not in str(sessions)


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("fee_session")
    assert found is not None
    return str(found.value)


def test_a_forged_post_does_nothing(seat: Seat) -> None:
    """Without the page's token nothing is issued; a form of our own is shown again with all that was typed."""
    before = seat.client.get("/quotes").text.count("<tr>")
    answer = seat.client.post("/quotes", data={**ASKED, "company_name": "Forged Ltd"})
    assert answer.status_code == 400
    assert 'value="Forged Ltd"' in answer.text
    assert seat.client.post("/sign-out").status_code == 400
    assert seat.client.get("/quotes").text.count("<tr>") == before


def test_an_expired_session_loses_nothing(seat: Seat, keys: dict[str, str]) -> None:
    """Everything typed travels through the sign-in page and stands in the form again."""
    typed = {**ASKED, "company_name": "<b>Patient</b> 주식회사", "other_apis": "주식실시간A\n/v3/x", "once": "abc"}
    seat.client.delete_cookie("fee_session")
    asked = seat.post("/quotes", typed)
    assert asked.status_code == 401
    carried = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
    }
    wrong = seat.client.post("/sign-in", data={**carried, "key": "nonsense"})
    assert wrong.status_code == 422
    assert "Patient" in wrong.text  # not even a wrong key loses anything
    answer = seat.client.post("/sign-in", data={**carried, "key": keys["sales"]})
    assert answer.status_code == 200
    assert 'value="&lt;b&gt;Patient&lt;/b&gt; 주식회사"' in answer.text
    assert ">주식실시간A\n/v3/x</textarea>" in answer.text
    assert f'name="{KOSPI}" value="1" checked' in answer.text
    assert "kept.csrf_token" not in carried  # the token of the session that is over


def test_a_stale_estimate_asks_for_a_new_session(seat: Seat) -> None:
    """The script is told that nobody is signed in, not handed a page."""
    seat.client.delete_cookie("fee_session")
    answer = seat.post("/estimate", ASKED)
    assert (answer.status_code, answer.text) == (401, "")


# -- one quote -----------------------------------------------------------------------------------------


def test_a_double_submit_makes_one_quote(seat: Seat) -> None:
    """The same page sent twice finds the first quote; a changed form, or a new page, makes another."""
    first = seat.issue(company_name="Double Ltd")
    assert seat.issue(company_name="Double Ltd") == first
    assert seat.issue(company_name="Double Ltd", months="24") != first
    seat.once = "page-2"
    assert seat.issue(company_name="Double Ltd") != first


def test_no_line_breaks_inside_a_date(seat: Seat) -> None:
    """A browser may break a line at a hyphen: dates that stand in a table are kept in one piece."""
    for path in ("/apis", "/quotes", f"/quotes/{seat.issue()}", "/waiver-policies", "/price-lists"):
        text = re.sub(r"<script.*?</script>|<svg.*?</svg>", "", seat.client.get(path).text, flags=re.DOTALL)
        in_one_piece = re.sub(r'<span class="whole">[^<]*</span>', "", text)
        broken = re.findall(r"<t[dh][^>]*>[^<]*\d{4}-\d\d-\d\d", in_one_piece)
        assert not broken, path


def test_a_quote_is_revised_and_withdrawn(seat: Seat) -> None:
    """The revision's form holds what was asked for; the quote it replaces can do nothing any more."""
    first = seat.issue(company_name="Revised Ltd")
    form = seat.client.get(f"/quotes/{first}/revision")
    assert f'name="revises" value="{first}"' in form.text
    assert 'value="Revised Ltd"' in form.text
    second = seat.issue(company_name="Revised Ltd", months="24", revises=first)
    assert f"Replaced by {second}" in shown(seat.client.get(f"/quotes/{first}"))
    assert seat.post("/quotes", {**ASKED, "revises": first}).status_code == 409
    assert seat.post(f"/quotes/{second}/withdrawal").status_code == 303
    again = seat.post(f"/quotes/{second}/withdrawal", {"once": "other"})
    assert again.status_code == 409
    assert "was withdrawn" in shown(again)


def test_only_finance_accepts(app: Flask, keys: dict[str, str], seat: Seat) -> None:
    number = seat.issue()
    assert seat.post(f"/quotes/{number}/acceptance").status_code == 403
    finance = Seat(app.test_client(), keys["finance"])
    assert finance.post(f"/quotes/{number}/acceptance").status_code == 303
    assert "accepted" in shown(finance.client.get(f"/quotes/{number}"))


def test_quotes_are_found_and_filtered(seat: Seat) -> None:
    number = seat.issue(company_name="Needle 주식회사", business_number="124-81-00998")
    for query in (
        "text=needle",
        f"text={number}",
        "text=124-81-00998",
        "issued_from=2026.12.9&text=Needle",
        "status=issued",
    ):
        assert number in seat.client.get(f"/quotes?{query}").text, query
    for query in ("text=nothing+of+the+kind", "status=accepted&text=Needle", "issued_to=2020-01-01"):
        assert number not in seat.client.get(f"/quotes?{query}").text, query
    wrong = seat.client.get("/quotes?issued_from=yesterday&status=lost")
    assert wrong.status_code == 422
    assert 'href="#issued-from"' in wrong.text


def test_a_foreign_quote_is_not_found(app: Flask, keys: dict[str, str], seat: Seat) -> None:
    """A portal's key sees its own quotes alone, and no page tells that there are others."""
    number = seat.issue()
    portal = Seat(app.test_client(), keys["portal"])
    assert portal.client.get(f"/quotes/{number}").status_code == 404
    assert portal.client.get(f"/quotes/{number}.pdf").status_code == 404
    assert number not in portal.client.get("/quotes").text


# -- sharing and checking ------------------------------------------------------------------------------


def link_of(seat: Seat, number: str) -> str:
    assert seat.post(f"/quotes/{number}/shares").status_code == 303
    found = re.search(r"/s/[^\"]+", seat.client.get(f"/quotes/{number}").text)
    assert found
    return found[0]


def test_a_link_shows_one_quote_until_it_is_revoked(seat: Seat, stranger: FlaskClient) -> None:
    number = seat.issue(company_name="Shared Ltd")
    link = link_of(seat, number)
    assert "Shared Ltd" in stranger.get(link).text
    assert stranger.get(f"{link}.pdf").data.startswith(b"%PDF")
    revocation = re.search(r"/quotes/[^\"]+/revocation", seat.client.get(f"/quotes/{number}").text)
    assert revocation
    assert seat.post(revocation[0]).status_code == 303
    assert stranger.get(link).status_code == 404
    assert stranger.get(f"{link}.pdf").status_code == 404


def test_a_link_expires_with_its_quote(app: Flask, seat: Seat, stranger: FlaskClient) -> None:
    link = link_of(seat, seat.issue(company_name="Expired Ltd"))
    clock = app.config["TODAY"]
    try:
        app.config["TODAY"] = lambda: date(2027, 1, 8)
        assert stranger.get(link).status_code == 200
        app.config["TODAY"] = lambda: date(2027, 1, 9)
        answer = stranger.get(link)
    finally:
        app.config["TODAY"] = clock
    assert answer.status_code == 410
    assert "Expired Ltd" not in answer.text


def test_a_link_may_end_before_its_quote_does(app: Flask, keys: dict[str, str], stranger: FlaskClient) -> None:
    """Of an accepted quote, too, which no day of validity ends; the last day is open, and both are told."""
    seat = Seat(app.test_client(), keys["admin"])
    number = seat.issue(company_name="Ends Ltd", once="ends")
    assert seat.post(f"/quotes/{number}/acceptance").status_code == 303
    for wrong, says in (("2026-12-08", "is over"), ("2026-12", "no whole day"), ("soon", "no whole day")):
        answer = seat.post(f"/quotes/{number}/shares", {"expires_on": wrong})
        assert answer.status_code == 422
        assert says in answer.text
    assert seat.post(f"/quotes/{number}/shares", {"expires_on": "2027-01-31"}).status_code == 303
    page = seat.client.get(f"/quotes/{number}").text
    assert "Last day: 2027-01-31" in page
    link = re.search(r"/s/[^\"]+", page)
    assert link
    clock = app.config["TODAY"]
    try:
        for day, status in ((date(2027, 1, 31), 200), (date(2027, 2, 1), 410)):
            app.config["TODAY"] = lambda day=day: day
            assert stranger.get(link[0]).status_code == stranger.get(f"{link[0]}.pdf").status_code == status
        ended = stranger.get(link[0], headers={"Accept-Language": "en"})
    finally:
        app.config["TODAY"] = clock
    assert "open until 2027-01-31" in ended.text
    assert "Ends Ltd" not in ended.text


def test_links_may_end_by_a_setting(app: Flask, editions: Editions) -> None:
    """So many days after the day on which one is made; an earlier or later day may be named."""
    desk = replace(app.extensions["desk"], share_days=7)
    asking = call()
    number = issue(desk, asking, months=1)["number"]
    for named in (None, date(2027, 3, 1)):
        sharing.share(desk, number, asking, named)
    found = {row.expires_on for row in sharing.shares_of(desk, number, asking)}
    assert found == {date(2026, 12, 16), date(2027, 3, 1)}


def test_a_link_cannot_be_made_up(seat: Seat, stranger: FlaskClient) -> None:
    link = link_of(seat, seat.issue())
    for forged in (link[:-1] + ("A" if link[-1] != "A" else "B"), "/s/anything", "/s/" + "a.b" * 20):
        assert stranger.get(forged).status_code == 404


def test_anyone_can_check_a_quote_without_seeing_it(seat: Seat, client: FlaskClient, stranger: FlaskClient) -> None:
    number = seat.issue(company_name="Checked Ltd", founded_on="2022-01-03")
    digest = client.get(f"/v1/quotes/{number}").get_json()["digest"]
    for code in (digest, digest.removeprefix("sha256:"), digest.removeprefix("sha256:").upper()):
        answer = stranger.get(f"/verify/{code}", headers={"Accept-Language": "en"})
        assert "genuine and valid" in shown(answer)
        assert number in answer.text
        assert "Checked Ltd" not in answer.text
    seat.post(f"/quotes/{number}/withdrawal")
    assert "no longer valid" in shown(stranger.get(f"/verify/{digest}", headers={"Accept-Language": "en"}))
    assert stranger.get("/verify/" + "0" * 64).status_code == 404
    assert stranger.get("/verify/x").status_code == 404


# -- hostile input -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(app: Flask, keys: dict[str, str], stranger: FlaskClient, name: str) -> None:
    """On every page, in the PDF, the spreadsheet and the CSV."""
    seat = Seat(app.test_client(), keys["sales"])
    number = seat.issue(company_name=name)
    link = link_of(seat, number)
    pages = [
        seat.client.get("/quotes"),
        seat.client.get(f"/quotes/{number}"),
        seat.client.get(f"/quotes/{number}/revision"),
        seat.post("/compare", {**ASKED, "company_name": name, "from_desk": "1"}),
        stranger.get(link),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert dangers(answer) == []
        if not name.startswith("\u202e"):
            assert str(escape(name)) in answer.text or answer is pages[3]
    readable = {pages[0].text, pages[1].text, pages[4].text}
    assert not any("\u202e" in text for text in readable)  # direction marks are written out where they are read
    assert seat.client.get(f"/quotes/{number}.pdf").data.startswith(b"%PDF")
    sheet = CalamineWorkbook.from_filelike(BytesIO(seat.client.get(f"/quotes/{number}.xlsx").data))
    cells = [cell for each in sheet.sheet_names for row in sheet.get_sheet_by_name(each).to_python() for cell in row]
    assert any(isinstance(cell, str) and name.strip("\u202e\u202c")[:4] in cell for cell in cells)
    for line in seat.client.get(f"/quotes/{number}.csv").data.decode("utf-8-sig").splitlines():
        assert not re.search(r'(?:^|,)"?[=@+](?=\w)', line)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_in_any_field_is_shown_as_text(seat: Seat, typed: str) -> None:
    """Every text field, and every filter of the list."""
    for field in (
        "business_number",
        "founded_on",
        "months",
        "ksic",
        "other_apis",
        "waiver_policy",
        f"{KOSPI}.personal",
    ):
        answer = seat.post("/", {**ASKED, field: typed})
        assert answer.status_code in (200, 422)
        assert dangers(answer) == [], field
    for path in ("/quotes", "/price-lists", "/verify", "/sign-in"):
        answer = seat.client.get(path, query_string={"text": typed, "list": typed, "code": typed, "next": typed})
        assert answer.status_code < 500
        assert dangers(answer) == [], path


@pytest.mark.parametrize("variant", ["", "[]", "nonsense", '["x", {}]', '["x", {"licences": 5}]', "[1, 2]", "{" * 1000])
@pytest.mark.parametrize(
    "press", [{}, {"add": "closing"}, {"add": "policy:none"}, {"take": "0"}, {"drop": "0"}, {"add": "x"}]
)
def test_a_comparison_made_up_by_a_stranger_is_refused(seat: Seat, variant: str, press: dict[str, str]) -> None:
    """What the page carries along may have been changed: nothing fails, nothing is believed."""
    assert seat.post("/compare", {"variant": variant, **press}).status_code < 500


# -- languages -----------------------------------------------------------------------------------------


def extracted() -> Iterator[tuple[str, ...]]:
    """Every text of the pages that is to be translated."""
    methods = [("templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
    for _file, _line, message, _comments, _context in extract_from_dir(WEB, methods, options):
        yield message if isinstance(message, tuple) else (message,)


def korean() -> Catalog:
    with open(WEB / "translations/ko/LC_MESSAGES/messages.po", "rb") as file:
        return read_po(file, locale="ko")


def test_everything_is_translated() -> None:
    """Each text of the pages has a Korean sentence with the same values in it; none is left over."""
    wanted = {message[0] for message in extracted()}
    catalog = korean()
    known = {(m.id if isinstance(m.id, str) else m.id[0]): m for m in catalog if m.id}
    assert wanted - set(known) == set(), "without a Korean sentence"
    assert set(known) - wanted == set(), "no page says this any more"
    for text, message in known.items():
        sentence = message.string if isinstance(message.string, str) else message.string[0]
        assert sentence.strip(), text
        assert not message.fuzzy, text
        values = sorted(re.findall(r"%\(\w+\)s|%%", text))
        assert sorted(re.findall(r"%\(\w+\)s|%%", sentence)) == values or "%(num)s" in text, text
        assert not re.search("[가-힣]", text), "English is what stands in the code"


def test_the_compiled_translations_are_those_written() -> None:
    """Who edits the .po has to compile it: `make translations`."""
    compiled = BytesIO()
    write_mo(compiled, korean())
    assert (WEB / "translations/ko/LC_MESSAGES/messages.mo").read_bytes() == compiled.getvalue()


OWN_WORDS = re.compile(r"[A-Z]{2,}|API|Open|URI|[a-z]+_|-\d")


@pytest.mark.parametrize("path", ["/", "/quotes", "/price-lists", "/waiver-policies", "/apis", "/verify"])
def test_an_english_page_speaks_english(seat: Seat, path: str) -> None:
    """Korean stands only where it is marked as Korean, in the names of documents, and in what was typed."""
    text = seat.client.get(path).text
    text = re.sub(r'<(\w+)[^>]* lang="ko"[^>]*>.*?</\1>', "", text, flags=re.DOTALL)
    text = re.sub(r'value="[^"]*"|<bdi>.*?</bdi>', "", text)
    found = [line for line in unescape(re.sub(r"<[^>]+>", "\n", text)).splitlines() if re.search("[가-힣]", line)]
    named = re.compile(r"\((?:API 사용절차|시장정보 스타트업 지원확대 방안|일반 정보이용계약|종가정보 이용계약)\)")
    assert [line for line in found if re.search("[가-힣]", named.sub("", line))] == []


def test_the_language_is_that_of_the_browser_until_one_is_chosen(app: Flask) -> None:
    client = app.test_client()

    def language(path: str = "/verify", **headers: str) -> str | None:
        found = re.search(r'<html lang="(\w+)">', client.get(path, headers=headers).text)
        return found[1] if found else None

    assert language() == "ko"
    assert language(**{"Accept-Language": "en-GB,en;q=0.9"}) == "en"
    assert language(**{"Accept-Language": "en;q=0.9,ko;q=0.8"}) == "ko"
    assert language("/verify?lang=en") == "en"
    assert language(**{"Accept-Language": "ko"}) == "en"  # chosen before
    assert language("/verify?lang=xx", **{"Accept-Language": "en"}) == "en"


def test_changing_the_language_in_the_middle_of_a_form_loses_nothing(seat: Seat) -> None:
    answer = seat.post("/", {**ASKED, "company_name": "Kept Ltd", "lang": "ko"})
    assert '<html lang="ko">' in answer.text
    assert 'value="Kept Ltd"' in answer.text
    assert '<html lang="ko">' in seat.client.get("/").text


def test_won_and_days_are_written_by_language(seat: Seat) -> None:
    assert "KRW 2,000,000" in shown(seat.post("/", ASKED))
    assert "8 December 2029" in shown(seat.post("/", ASKED))
    korean_page = shown(seat.post("/", {**ASKED, "lang": "ko"}))
    assert "2,000,000원" in korean_page
    assert "2029년 12월 8일" in korean_page


# -- weight --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_first_page_weighs_less_than_100_kb(seat: Seat, language: str) -> None:
    """With everything it loads, as a browser asks for it."""
    page = seat.client.get(f"/?lang={language}")
    weight = len(page.data)
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        weight += len(seat.client.get(address, headers={"Accept-Encoding": "gzip"}).data)
    assert weight < 100_000


def test_static_files_are_kept_by_their_version(seat: Seat) -> None:
    address = re.findall(r'src="(/static/[^"]+)"', seat.client.get("/").text)[0]
    assert "immutable" in seat.client.get(address).headers["Cache-Control"]
    squeezed = seat.client.get(address, headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert len(squeezed.data) < len(seat.client.get(address).data)


# -- comparing, and what is published -------------------------------------------------------------------


def test_one_click_makes_a_variant(seat: Seat) -> None:
    """Up to four, each as the API would quote it, with its difference from the first."""
    answer = seat.post("/compare", {**ASKED, "from_desk": "1"})
    for press in ("closing", "next_month", "option:general"):
        carried = [unescape(value) for value in re.findall(r'name="variant" value="([^"]*)"', answer.text)]
        answer = seat.post("/compare", {"variant": carried, "add": press})
        assert answer.status_code == 200
    carried = [unescape(value) for value in re.findall(r'name="variant" value="([^"]*)"', answer.text)]
    assert len(carried) == 4
    assert 'name="add"' not in answer.text
    assert "−KRW 1,000,000" in shown(answer)
    dropped = seat.post("/compare", {"variant": carried, "drop": "1"})
    assert len(re.findall(r'name="variant"', dropped.text)) == 3
    taken = seat.post("/compare", {"variant": carried, "take": "1"})
    assert 'name="closing_price.securities_a" value="1" checked' in taken.text


def test_two_price_lists_stand_side_by_side(
    made_up_editions: Editions, app: Flask, monkeypatch: pytest.MonkeyPatch, stranger: FlaskClient
) -> None:
    """Every price that differs is marked, with both amounts."""
    monkeypatch.setitem(app.extensions, "editions", made_up_editions)
    answer = stranger.get("/price-lists?list=market-data-2018-07-01&with=market-data-2027-01-16")
    assert answer.status_code == 200
    changes = stranger.get("/v1/price-lists/market-data-2018-07-01/diff/market-data-2027-01-16").get_json()
    assert answer.text.count('class="num changed"') == len(changes["cells"])
    for known in made_up_editions.price_lists:
        for other in made_up_editions.price_lists:
            assert stranger.get(f"/price-lists?list={known.id}&with={other.id}").status_code == 200


def test_every_policy_and_api_is_told(stranger: FlaskClient, editions: Editions) -> None:
    policies = stranger.get("/waiver-policies").text
    assert all(policy.label.ko in unescape(policies) for policy in editions.policies)
    apis = unescape(stranger.get("/apis").text)
    assert all(api.label.ko in apis for api in editions.catalogue.apis)


@pytest.mark.parametrize("field", ["months", "api_calls", "real_time.securities_a.personal", "average_sales"])
@pytest.mark.parametrize("path", ["/", "/estimate", "/quotes", "/compare"])
def test_a_number_of_any_length_is_refused_and_never_a_fault_of_ours(seat: Seat, path: str, field: str) -> None:
    """More digits than a machine word holds, or than a number is read with, are out of range like any other."""
    for typed in ("9" * 19, "9" * 30, "-" + "9" * 30, "9" * 5000):
        answer = seat.post(path, {**ASKED, "size": "figures", field: typed})
        assert answer.status_code in (200, 422), (path, field, len(typed))
        assert "Q-2026-" not in answer.headers.get("Location", "")


def test_pages_import_no_rule() -> None:
    """The pages ask the use cases: none of them reaches for the engine's own modules."""
    engine = "rating|waivers|licensing|eligibility|invoicing|lines|advice"
    reached = re.compile(rf"from fee_service\.(?:rules\.(?:{engine})|intake)\b")
    assert [path.name for path in WEB.glob("*.py") if reached.search(path.read_text())] == []


# -- what an adversary found -----------------------------------------------------------------------------


def carried(answer: TestResponse) -> dict[str, list[str]]:
    """The hidden fields of a page."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


WITHOUT_FOUNDING = {name: value for name, value in ASKED.items() if name != "founded_on"}


def test_an_assumed_founding_date_is_never_issued(seat: Seat) -> None:
    """A comparison may assume one and says so; going on with a variant leaves the field empty."""
    answer = seat.post("/compare", {**WITHOUT_FOUNDING, "from_desk": "1"})
    for press in ({"add": "next_month"}, {}):
        assert "founded three years ago is assumed" in answer.text
        variants = carried(answer)["variant"]
        assert all('"founded_on":null' in variant for variant in variants)
        answer = seat.post("/compare", {"variant": variants, **press})
    desk = seat.post("/compare", {"variant": variants, "take": "1"})
    assert re.search(r'id="founded-on" name="founded_on" value=""', desk.text)
    assert seat.post("/quotes", WITHOUT_FOUNDING).status_code == 422


def test_nothing_to_compare_is_told(seat: Seat) -> None:
    """The summary says what is missing."""
    answer = seat.post("/compare", {"size": "sme", "from_desk": "1"})
    assert answer.status_code == 422
    assert 'href="#licences"' in answer.text


@pytest.mark.parametrize("action", ["withdrawal", "shares"])
def test_signed_out_on_a_quote_leads_back_to_it(seat: Seat, keys: dict[str, str], action: str) -> None:
    """The action itself is decided once more."""
    number = seat.issue()
    seat.client.delete_cookie("fee_session")
    asked = seat.post(f"/quotes/{number}/{action}")
    back = seat.client.post("/sign-in", data={**carried(asked), "key": keys["sales"]})
    assert back.headers["Location"] == f"/quotes/{number}"


def test_signed_out_in_a_comparison_leads_back_to_it(seat: Seat, keys: dict[str, str]) -> None:
    """With all its variants, and the one that was being made."""
    variants = carried(seat.post("/compare", {**ASKED, "from_desk": "1"}))["variant"]
    seat.client.delete_cookie("fee_session")
    asked = seat.post("/compare", {"variant": variants, "add": "next_month"})
    answer = seat.client.post("/sign-in", data={**carried(asked), "key": keys["sales"]})
    assert len(carried(answer)["variant"]) == 2


def test_the_language_of_the_sign_in_page_changes_without_a_loss(seat: Seat) -> None:
    """What was typed travels on, and no key is missed."""
    seat.client.delete_cookie("fee_session")
    asked = carried(seat.post("/quotes", {**ASKED, "company_name": "Patient Ltd"}))
    answer = seat.client.post("/sign-in", data={**asked, "lang": "ko"})
    assert answer.status_code == 200
    assert carried(answer)["kept.company_name"] == ["Patient Ltd"]
    assert "로그인" in answer.text


def test_a_product_with_one_option_has_it_ticked(seat: Seat) -> None:
    """One click, and there is a number."""
    page_text = seat.client.get("/").text
    for product in ("overseas_etf_nav", "etn_iiv", "elw_indicators"):
        assert f'name="real_time.{product}.options" value="general" checked' in page_text
    name = "real_time.overseas_etf_nav"
    answer = seat.post("/", {**ASKED, name: "1", f"{name}.options": ["", "general"]})
    assert answer.status_code == 200


def test_no_option_ticked_is_an_error(seat: Seat) -> None:
    """Not the option that would be the default of a request without any."""
    answer = seat.post("/", {**ASKED, f"{KOSPI}.options": ""})
    assert answer.status_code == 422
    assert f'id="{KOSPI.replace(".", "-").replace("_", "-")}-options-error"' in answer.text


@pytest.mark.parametrize("path", ["/", "/sign-in"])
def test_enter_does_not_change_the_language(seat: Seat, stranger: FlaskClient, path: str) -> None:
    """A browser presses the first button of a form."""
    answer = (seat.client if path == "/" else stranger).get(path)
    buttons = [button for button in re.findall(r"<button[^>]*>", answer.text) if 'form="' in button]
    assert 'name="lang"' not in buttons[0]


def test_withheld_is_a_word_and_no_price(seat: Seat) -> None:
    """Derivatives B are licensed and not charged until notice is given."""
    name = "real_time.derivatives_b"
    asked = {key: value for key, value in ASKED.items() if key != KOSPI}
    answer = seat.post("/", {**asked, name: "1"})
    figure = shown(answer).partition("Choose")[2]
    assert "withheld" in figure
    assert "KRW 0 until" not in figure


def test_a_waiver_that_saves_nothing_is_no_headline(seat: Seat) -> None:
    """The general option is not waived: one price, from the first day."""
    answer = seat.post("/", {**ASKED, f"{KOSPI}.options": "general"})
    assert "A month, during the waiver" not in shown(answer)
    assert "KRW 5,700,000" in shown(answer)


def test_the_reason_beside_months_holds_for_all_of_them(seat: Seat) -> None:
    """A partial month of 0 does not lend its days to the whole months of 0 behind it."""
    answer = seat.post("/", {**ASKED, f"{KOSPI}.options": "retail"})
    rows = re.findall(r"<tr>.*?</tr>", answer.text.replace("\n", " "))
    of_days = [re.sub(r"<[^>]+>", " ", row) for row in rows if "23 of 31 days" in row]
    assert of_days
    assert all("2027" not in row for row in of_days)


def test_a_quote_that_was_revised_is_not_typed_over_again(seat: Seat) -> None:
    """Told before anything is typed; and whoever was quicker costs nobody his form."""
    number = seat.issue(company_name="First Ltd")
    assert seat.post("/quotes", {**ASKED, "revises": number, "months": "12"}).status_code == 303
    assert seat.client.get(f"/quotes/{number}/revision").status_code == 409
    late = seat.post("/quotes", {**ASKED, "revises": number, "months": "24", "company_name": "Late Ltd"})
    assert late.status_code == 409
    assert "Late Ltd" in late.text
    assert "revised_by" not in late.text


def test_errors_name_their_fields(seat: Seat) -> None:
    """Three empty figures are three different sentences."""
    answer = seat.post("/", {**ASKED, "size": "figures"})
    summary = answer.text.partition('id="error-summary"')[2].partition("</ul>")[0]
    sentences = re.findall(r"<a [^>]*>([^<]*)</a>", summary)
    assert len(sentences) == len(set(sentences)) >= 3


def test_the_address_that_is_set_stands_in_documents_and_links(
    app: Flask, seat: Seat, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever host a caller names: the same bytes for the same quote."""
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://fees.example.kr")
    number = seat.issue()
    key = {"Authorization": f"Bearer {keys['sales']}"}
    path = f"/v1/quotes/{number}.pdf"
    files = [app.test_client().get(path, base_url=f"http://{host}", headers=key).data for host in ("localhost", "evil")]
    assert files[0] == files[1]
    assert files[0].startswith(b"%PDF")
    seat.post(f"/quotes/{number}/shares")
    page_text = seat.client.get(f"/quotes/{number}").text
    assert "https://fees.example.kr/s/" in page_text
    assert "https://fees.example.kr/verify/" in page_text


def test_the_newest_quotes_keep_the_filters(seat: Seat) -> None:
    """From a later page back to the first of the same search."""
    for number in range(27):
        seat.post("/quotes", {**ASKED, "company_name": f"Paging {number}", "once": str(number)})
    first = seat.client.get("/quotes?text=Paging")
    later = unescape(re.search(r'href="(/quotes\?cursor=[^"]*)"', first.text)[1])  # type: ignore[index]
    assert 'href="/quotes?text=Paging"' in seat.client.get(later).text

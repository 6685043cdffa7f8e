"""A quote at the desk once more: what nobody touched is issued as it was, whatever the form can show."""

import random
import re
from datetime import date
from html import unescape
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.desk_forms import Seat, form_on
from support.whole_requests import offered, random_request, spellings
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.keys import keyring
from fee_service.published.catalogue import Api
from fee_service.published.editions import Editions
from fee_service.quotes.showing import as_asked
from fee_service.settings import Settings
from fee_service.web.carrying import carried
from fee_service.web.filling_in import carrying, form_of
from fee_service.web.forms import filled
from fee_service.web.going_on import form_to_go_on

TODAY = "2026-12-09"
COMPANY = {"founded_on": "2023-05-10", "size": "sme"}


@pytest.fixture
def seat(app: Flask, keys: dict[str, str]) -> Seat:
    """Somebody of the sales team, who reads English."""
    return Seat(app.test_client(), keys["sales"])


def issued(client: FlaskClient, request: dict[str, Any]) -> dict[str, Any] | None:
    """The quote for a request; None where it is refused."""
    answer = client.post("/v1/quotes", json=request)
    quote: dict[str, Any] = answer.get_json(force=True)
    return quote if answer.status_code == 201 else None


def sent(seat: Seat, form: MultiDict[str, str]) -> TestResponse:
    """A form as the page had it, sent to be issued."""
    return seat.client.post("/quotes", data=form)


def issued_by(seat: Seat, client: FlaskClient, form: MultiDict[str, str]) -> dict[str, Any]:
    answer = sent(seat, form)
    assert answer.status_code == 303, unescape(re.sub("<[^>]+>", " ", answer.text))[:3000]
    quote: dict[str, Any] = client.get(f"/v1{answer.headers['Location']}").get_json()
    return quote


# -- over the whole catalogue --------------------------------------------------------------------------


def every_name(editions: Editions) -> list[list[str]]:
    """All APIs of today, again and again under another spelling, until every name had its turn."""
    names = [[*spellings(api)] for api in in_the_catalogue(editions)]
    most = max(map(len, names))
    return [[each[turn % len(each)] for each in names] for turn in range(most)]


def in_the_catalogue(editions: Editions) -> list[Api]:
    return offered(editions, date.fromisoformat(TODAY))


@pytest.mark.no_cover  # the whole catalogue again and again reaches nothing that one request does not
def test_every_api_under_every_name_is_revised_as_it_was_asked_for(
    seat: Seat, client: FlaskClient, editions: Editions
) -> None:
    """By id, Korean and English name, alias and URI; in other case, in full width, with spaces."""
    for names in every_name(editions):
        quote = issued(client, {"company": COMPANY, "apis": names, "starts_on": TODAY})
        assert quote, names
        assert len(quote["request"]["apis"]) == len(names)
        form = form_on(seat.client.get(f"/quotes/{quote['number']}/revision"))
        assert sorted(form.getlist("apis")) == sorted(quote["request"]["apis"])
        assert issued_by(seat, client, form)["digest"] == quote["digest"]


@pytest.mark.no_cover
def test_an_api_is_ticked_whatever_it_was_called(seat: Seat, client: FlaskClient, editions: Editions) -> None:
    """Each has one box on the page, which is ticked; none is hidden."""
    for api in in_the_catalogue(editions):
        name = [*spellings(api)][-1]
        quote = issued(client, {"company": COMPANY, "apis": [name], "starts_on": TODAY})
        assert quote, name
        shown = seat.client.get(f"/quotes/{quote['number']}/again").text
        ticked = re.findall(r'<input type="checkbox"[^>]* name="apis" value="([^"]*)" checked>', shown)
        assert [unescape(value) for value in ticked] == quote["request"]["apis"]
        if len(ticked) and api.kind == "licence":
            assert f'id="api-{re.sub("[^A-Za-z0-9]+", "-", api.id)}"' in shown


# -- over all fields -----------------------------------------------------------------------------------


@pytest.mark.no_cover
def test_an_untouched_form_has_the_digest_of_its_quote(seat: Seat, client: FlaskClient, editions: Editions) -> None:
    """Revised, issued again, taken from a comparison: random requests with every field of the schema."""
    rng = random.Random(2026)
    done = 0
    while done < 25:
        request = random_request(rng, editions)
        quote = issued(client, request) if request["starts_on"] >= TODAY else None
        if quote is None:
            continue
        done += 1
        number = quote["number"]
        template = form_on(seat.client.get(f"/quotes/{number}/again"))
        assert _said(issued_by(seat, client, template)) == _said(quote), request
        variant = orjson.dumps(["one", as_asked(quote)]).decode()  # as the page carries it: the ledger knows the rest
        taken = seat.post("/compare", {"variant": variant, "take": "0"})
        assert issued_by(seat, client, form_on(taken))["digest"] == quote["digest"], request
        variants = seat.client.post("/compare", data=MultiDict([*template.items(multi=True), ("from_desk", "1")]))
        one = MultiDict([*form_on(variants, "variants").items(multi=True), ("take", "0")])
        compared = issued_by(seat, client, form_on(seat.client.post("/compare", data=one)))
        assert _said(compared) == _said(quote), request
        revision = seat.client.get(f"/quotes/{number}/revision")
        assert _panel_total(revision) == quote["totals"]["total"]
        spoken_to = seat.client.post("/", data=MultiDict([*form_on(revision).items(multi=True), ("lang", "ko")]))
        seat.client.post("/", data=MultiDict([*form_on(revision).items(multi=True), ("lang", "en")]))
        revised = issued_by(seat, client, form_on(spoken_to))
        assert _said(revised) == _said(quote), request
        assert revised["revises"]["number"] == number


def _said(quote: dict[str, Any]) -> dict[str, Any]:
    """What a quote says beside its own life and the days of its notices: assumptions as assumptions, too."""
    return {name: quote[name] for name in ("digest", "request", "waiver", "eligibility", "lines", "totals", "unpriced")}


def _panel_total(answer: TestResponse) -> int:
    """What the panel says that the quoted period costs with VAT; 0 where it says no amount at all."""
    found = re.search(r'<div class="total"><dt>[^<]*</dt><dd>[^<0-9]*([0-9,]+)', answer.text)
    return int(found[1].replace(",", "")) if found else 0


def test_what_the_ledger_found_is_no_item_of_a_form(seat: Seat, client: FlaskClient) -> None:
    """Fifty days are as many as may be stated; that of an earlier contract is found beside them, again and again."""
    company = {**COMPANY, "business_number": "606-81-23455"}
    earlier = issued(client, {"company": company, "apis": ["주식실시간A"], "starts_on": "2027-01-01", "months": 1})
    assert earlier
    assert client.post(f"/v1/quotes/{earlier['number']}/acceptance").status_code == 200
    days = [f"2026-{month:02d}-{day:02d}" for month in (3, 5) for day in range(1, 26)]
    stated = [{"starts_on": day, "ends_on": day} for day in days]
    asked = {"company": company, "apis": ["주식실시간A"], "starts_on": "2027-06-01", "prior_waiver": stated}
    quote = issued(client, asked)
    assert quote
    assert len(quote["request"]["prior_waiver"]) == 51
    again = form_on(seat.client.get(f"/quotes/{quote['number']}/again"))
    assert issued_by(seat, client, again)["digest"] == quote["digest"]
    variants = seat.client.post("/compare", data=MultiDict([*again.items(multi=True), ("from_desk", "1")]))
    one = MultiDict([*form_on(variants, "variants").items(multi=True), ("take", "0")])
    assert issued_by(seat, client, form_on(seat.client.post("/compare", data=one)))["digest"] == quote["digest"]


def test_what_no_field_shows_is_carried(editions: Editions) -> None:
    """A field that comes to the schema later is no loss, wherever it stands; nor is what was typed over it."""
    request = {
        "company": {"founded_on": "2023-05-10", "size": "sme", "corporation": True, "later": {"deep": [1, 2]}},
        "licences": [{"contract": "real_time", "product": "securities_a", "options": ["retail"], "later": "kept"}],
        "starts_on": TODAY,
        "months": 60,
        "later": ["kept"],
    }
    form = carrying(request)
    assert filled(form).body == request
    form["months"], form["company_name"] = "12", "Typed"
    form["real_time.securities_a.personal"] = "1,000"
    body = filled(form).body
    assert body == {
        **request,
        "months": 12,
        "company": {**request["company"], "name": "Typed"},  # type: ignore[dict-item]
        "licences": [{**request["licences"][0], "usage": {"personal_ids": 1000}}],  # type: ignore[dict-item, index]
    }


def test_what_was_emptied_or_unticked_is_gone(editions: Editions) -> None:
    """Carrying along brings nothing back that a person took out."""
    request = {
        "company": {"founded_on": "2023-05-10", "size": "sme", "name": "(주)가", "exclusions": ["gambling"]},
        "apis": ["주식실시간A", "real-time-kosdaq"],
        "licences": [
            {"contract": "real_time", "product": "securities_a", "options": ["retail"]},
            {"contract": "closing_price", "product": "securities_b"},
        ],
        "starts_on": TODAY,
        "api_calls_per_month": 5,
        "prior_waiver": [{"starts_on": "2024-01-01", "ends_on": "2024-02-01"}],
    }
    form = carrying(request)
    for name in ("company_name", "exclusions", "closing_price.securities_b", "api_calls", "prior_from", "prior_to"):
        del form[name]
    form.setlist("apis", ["주식실시간A"])
    body = filled(form).body
    assert [each["product"] for each in body["licences"]] == ["securities_a"]
    assert body["apis"] == ["주식실시간A"]
    assert not body["company"].get("name")
    assert not body["company"].get("exclusions")
    assert not {"api_calls_per_month", "prior_waiver"} & body.keys()


def test_a_size_goes_with_the_figures_that_it_was_stated_for() -> None:
    """Stated beside figures it is kept with them; other figures decide anew."""
    figures = {"ksic": "J", "average_sales": 10**14, "total_assets": 1, "business_group": False, "large_holder": False}
    request = {
        "company": {"founded_on": "2023-05-10", "size": "large", "size_evidence": figures},
        "apis": ["주식실시간A"],
    }
    form = carrying(request)
    assert filled(form).body["company"]["size"] == "large"
    form["average_sales"] = "1,000,000"
    assert "size" not in filled(form).body["company"]
    form["size"] = "sme"
    assert filled(form).body["company"] == {"founded_on": "2023-05-10", "size": "sme"}


@pytest.mark.parametrize(
    "base",
    [
        "",
        "{",
        "[]",
        "3",
        '"text"',
        "{}",
        '{"company": 1}',
        '{"company": {}, "apis": 5}',
        "[" * 5000,
        '{"company":null}',
        '{"company": {"size_evidence": []}, "licences": [[]]}',
        '{"company": {}, "prior_waiver": [1]}',
    ],
)
def test_a_form_that_carries_nonsense_is_read_without_it(seat: Seat, base: str) -> None:
    """Nobody but this page writes it; what somebody else put there decides nothing and breaks nothing."""
    form = {"founded_on": "2023-05-10", "size": "sme", "starts_on": TODAY, "real_time.securities_a": "1", "base": base}
    answer = seat.post("/", form)
    assert answer.status_code in (200, 422)
    assert "2,000,000" in answer.text or answer.status_code == 422


def test_nothing_is_carried_where_everything_was_touched() -> None:
    """The law: what was typed, except where it is untouched."""
    assert carried(1, 2, 3) == 3
    assert carried(1, 2, 2) == 1
    assert carried({"a": 1, "b": 2}, {"a": 1}, {"a": 5}) == {"a": 5, "b": 2}


def test_the_form_of_a_quote_is_told_apart_from_its_request() -> None:
    """The fields alone show what people can change."""
    request = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}
    assert [*carrying(request)] == [*form_of(request), "base"]


# -- another price list --------------------------------------------------------------------------------


def test_a_product_that_another_list_lacks_is_refused_and_not_forgotten(
    made_up_editions: Editions, tmp_path: Any
) -> None:
    """Whoever goes on with an earlier day still sees the product, ticked, and reads why it cannot be had."""
    app = create_app(Settings(instance=tmp_path), made_up_editions)
    seat = Seat(
        app.test_client(), keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.SALES, "tests")
    )
    form = {
        "founded_on": "2010-05-10",
        "size": "sme",
        "starts_on": "2014-07-01",
        "closing_price.securities_a": "1",
        "real_time.securities_a": "1",
        "real_time.securities_a.queries": "7",
    }
    answer = seat.post("/", form)
    assert answer.status_code == 422
    kept = form_on(answer)
    assert kept["closing_price.securities_a"] == "1"
    assert kept["real_time.securities_a.queries"] == "7"
    assert 'id="closing-price-securities-a-error"' in answer.text


# -- a first day that is over --------------------------------------------------------------------------


BEGUN = {
    "company": COMPANY,
    "licences": [{"contract": "real_time", "product": "securities_a"}],
    "starts_on": "2026-11-01",
}


@pytest.mark.parametrize("path", ["again", "revision"])
def test_a_first_day_that_is_over_is_replaced_and_said(
    app: Flask, keys: dict[str, str], client: FlaskClient, path: str
) -> None:
    """Today is proposed, the page tells both days in its language, and what is issued begins today."""
    quote = issued(client, BEGUN)
    assert quote
    for language, words in (
        ("ko", ("2026년 11월 1일", "2026년 12월 9일")),
        ("en", ("1 November 2026", "9 December 2026")),
    ):
        seat = Seat(app.test_client(), keys["sales"], language)
        answer = seat.client.get(f"/quotes/{quote['number']}/{path}")
        told = re.search(r'id="other-start".*?</div>', answer.text, re.S)
        assert told
        assert all(word in told[0] for word in words)
        assert form_on(answer)["starts_on"] == TODAY
    later = issued_by(seat, client, form_on(answer))
    assert later["request"] == {**quote["request"], "starts_on": TODAY}
    assert "start_in_the_past" not in {notice["code"] for notice in later["notices"]}


def test_a_first_day_of_today_or_later_stays(seat: Seat, client: FlaskClient) -> None:
    """Nothing is changed that can be met; nothing is said."""
    for day in (TODAY, "2027-03-01"):
        quote = issued(client, {**BEGUN, "starts_on": day})
        assert quote
        answer = seat.client.get(f"/quotes/{quote['number']}/again")
        assert form_on(answer)["starts_on"] == day
        assert 'id="other-start"' not in answer.text


def test_with_transaction_data_the_lead_time_is_proposed(editions: Editions) -> None:
    """A month at least from today; without such data the contract may begin today."""
    day = date.fromisoformat(TODAY)
    asked = next(api for api in editions.catalogue.apis if api.transaction_data)
    request = {"company": {**COMPANY, "size_evidence": None}, "apis": [asked.names[0]], "starts_on": "2020-03-01"}
    form, former = form_to_go_on(request, editions, day)
    assert (form["starts_on"], former) == ("2027-01-09", date(2020, 3, 1))
    form, _ = form_to_go_on({**request, "apis": ["주식실시간A"]}, editions, day)
    assert form["starts_on"] == TODAY


def test_a_start_in_the_past_is_said_wherever_it_is_quoted(seat: Seat, client: FlaskClient) -> None:
    """By preview, comparison and issue, with both days; on the page as well. The day of the quote is not past."""
    previewed = client.post("/v1/quotes/preview", json=BEGUN).get_json()
    compared = client.post("/v1/comparisons", json={"requests": [BEGUN, BEGUN]}).get_json()["quotes"]
    quote = issued(client, BEGUN)
    assert quote
    for answer in (previewed, *compared, quote):
        told = [notice for notice in answer["notices"] if notice["code"] == "start_in_the_past"]
        assert len(told) == 1
        assert "2026-11-01" in told[0]["text"]
        assert TODAY in told[0]["text"]
    today = client.post("/v1/quotes/preview", json={**BEGUN, "starts_on": TODAY}).get_json()
    assert "start_in_the_past" not in {notice["code"] for notice in today["notices"]}
    typed = {"founded_on": "2023-05-10", "size": "sme", "starts_on": "2026-11-01", "real_time.securities_a": "1"}
    page = seat.post("/estimate", typed).get_json()
    assert "before the day of this quote" in page["details"]
    assert page["echoes"]["starts-on"] == "1 November 2026, which is over"


def test_what_the_desk_asks_for_leaves_open_what_the_api_would(client: FlaskClient) -> None:
    """A box that nobody ticked is no statement: the same request over both has the same body."""
    form = MultiDict({"founded_on": "2023-05-10", "size": "sme", "starts_on": TODAY, "real_time.securities_a": "1"})
    assert filled(form).body["company"] == {"founded_on": "2023-05-10", "size": "sme"}

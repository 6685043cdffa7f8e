"""Notices and whom they are for; conditions that are only assumed."""

import ast
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from support.calling import caller
from support.desk_forms import Seat, form_on

from fee_service.model import Text
from fee_service.rules.notices import AUDIENCES, notice
from fee_service.settings import REPOSITORY
from fee_service.wording.notices import NOTICES
from fee_service.wording.texts import TEXTS

Ask = Callable[[dict[str, Any]], dict[str, Any]]

REQUEST: dict[str, Any] = {
    "company": {"name": "(주)스타트업", "founded_on": "2023-05-10", "size": "sme"},
    "licences": [{"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 1000}}],
    "starts_on": "2026-12-09",
}
STATED = {"corporation": True, "exclusions": [], "qualification": "fintech"}
SELLERS = {"price_list_age", "broader_policy", "waiver_start_deadline", "queries_instead_of_personal_ids"}
ONLY_ASSUMED = ("corporation", "exclusions", "qualification")


def with_company(**changes: Any) -> dict[str, Any]:
    return {**REQUEST, "company": {**REQUEST["company"], **changes}}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# -- audiences -----------------------------------------------------------------------------------------


def test_what_another_choice_would_give_and_the_age_of_the_list_are_for_the_seller(ask: Ask) -> None:
    """The end of the waiver and the bill after it are for the customer; the plan's further waiver is not."""
    told = {entry["code"]: entry["audience"] for entry in ask(REQUEST)["notices"]}
    assert {code for code, audience in told.items() if audience == "seller"} >= SELLERS
    assert told["waiver_ends"] == told["contract_renewal"] == told["qualification_needs_review"] == "customer"
    assert set(told.values()) == {"customer", "seller"}


def test_every_notice_has_a_sentence_and_an_audience() -> None:
    """The service does not start where one of the two is missing."""
    assert NOTICES.keys() == AUDIENCES.keys()
    assert not NOTICES.keys() & TEXTS.keys()
    with pytest.raises(KeyError):
        notice(Text("a_new_one"))


@pytest.mark.parametrize("module", ["rules/advice.py", "quotes/previewing.py"])
def test_no_notice_is_yielded_whose_audience_nobody_decided(module: str) -> None:
    """Every code that is written out where notices are made is in the table."""
    tree = ast.parse((REPOSITORY / "fee_service" / module).read_text(encoding="utf-8"))
    yielded = [
        node.value.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Yield)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "Text"
    ]
    codes = [text.value for place in yielded for text in ast.walk(place) if isinstance(text, ast.Constant)]
    assert len(codes) > 1
    assert [code for code in codes if not any(known == code or code in known for known in AUDIENCES)] == []


@pytest.fixture
def issued(client: FlaskClient) -> dict[str, Any]:
    """An issued quote with notices of both audiences."""
    answer = client.post("/v1/quotes", json=REQUEST, headers={"Accept-Language": "ko"})
    assert answer.status_code == 201
    content: dict[str, Any] = answer.get_json()
    return content


def sentences(answer: dict[str, Any], audience: str) -> list[str]:
    return [squeezed(entry["text"]) for entry in answer["notices"] if entry["audience"] == audience]


def printed(client: FlaskClient, quote: dict[str, Any], query: str) -> str:
    content = client.get(f"/v1/quotes/{quote['id']}.pdf?lang=ko{query}").data
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def test_a_document_tells_the_customers_notices_and_for_the_seller_all(
    client: FlaskClient, issued: dict[str, Any]
) -> None:
    """`?notices=all` is for those who may see documents; anything else is refused."""
    plain, whole = printed(client, issued, ""), printed(client, issued, "&notices=all")
    assert printed(client, issued, "&notices=customer") == plain
    for text in sentences(issued, "customer"):
        assert text in plain
        assert text in whole
    for text in sentences(issued, "seller"):
        assert text not in plain
        assert text in whole
    assert client.get(f"/v1/quotes/{issued['id']}.pdf?notices=seller").status_code == 422


def test_a_portal_key_reads_no_document_at_all(app: Flask, keys: dict[str, str], issued: dict[str, Any]) -> None:
    """So it cannot ask for the seller's notices either."""
    portal = caller(app, keys["portal"])
    assert portal.get(f"/v1/quotes/{issued['id']}.pdf?notices=all").status_code in (403, 404)


# -- what is assumed -----------------------------------------------------------------------------------


def by_code(conditions: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {condition["code"]: condition for condition in conditions}


def test_what_the_request_leaves_open_is_assumed_and_said_so(ask: Ask) -> None:
    """Neither corporation nor exclusions nor qualification is stated: all three count as met, none as fulfilled."""
    answer = ask(REQUEST)
    for conditions in (answer["waiver"]["conditions"], answer["eligibility"]["reasons"]):
        found = by_code(conditions)
        assert all(found[code]["met"] and found[code]["assumed"] for code in ONLY_ASSUMED)
        assert not found["company_size"]["assumed"]
        assert all("확인이 필요" in found[code]["text"] for code in ONLY_ASSUMED)


def test_what_is_stated_is_not_assumed(ask: Ask) -> None:
    """An empty list of exclusions says that there is none; a missed condition is never assumed."""
    stated = by_code(ask(with_company(**STATED))["waiver"]["conditions"])
    assert [code for code, condition in stated.items() if condition["assumed"]] == []
    missed = by_code(
        ask(with_company(corporation=False, exclusions=["gambling"], qualification="none"))["waiver"]["conditions"]
    )
    assert [(missed[code]["met"], missed[code]["assumed"]) for code in ONLY_ASSUMED] == [(False, False)] * 3


@pytest.mark.parametrize("field", ONLY_ASSUMED)
def test_each_is_assumed_for_itself(ask: Ask, field: str) -> None:
    """Leaving one open leaves the others as stated; null is as good as absent."""
    company = {name: value for name, value in STATED.items() if name != field}
    for request in (
        with_company(**company),
        with_company(**company, **({} if field != "qualification" else {field: None})),
    ):
        found = by_code(ask(request)["waiver"]["conditions"])
        assert [code for code, condition in found.items() if condition["assumed"]] == [field]


def test_a_policy_for_one_kind_of_company_assumes_it_where_nothing_is_stated(ask: Ask) -> None:
    """The 12-month scheme is for fintech companies only."""
    found = by_code(ask({**REQUEST, "waiver_policy": "startup-12-months"})["waiver"]["conditions"])
    assert found["policy_qualification"]["met"]
    assert found["policy_qualification"]["assumed"]


def test_assuming_changes_no_amount_and_no_digest(ask: Ask) -> None:
    """The request as understood, sent again, is the same quote."""
    first = ask(with_company(qualification="fintech"))
    again = ask(first["request"])
    assert again["digest"] == first["digest"]
    assert again["totals"] == first["totals"]


def test_eligibility_says_what_is_assumed(client: FlaskClient) -> None:
    """POST /v1/eligibility answers like the quote."""
    answer = client.post("/v1/eligibility", json={"company": REQUEST["company"], "starts_on": "2026-12-09"}).get_json()
    found = by_code(answer["eligibility"]["reasons"])
    assert [code for code, condition in found.items() if condition["assumed"]] == [
        "corporation",
        "exclusions",
        "qualification",
    ]


def test_a_document_prints_nothing_assumed_as_met(client: FlaskClient, issued: dict[str, Any]) -> None:
    """충족 stands beside what is met, 확인 필요 beside what is assumed."""
    text = printed(client, issued, "")
    for condition in issued["waiver"]["conditions"]:
        stands = "확인필요" if condition["assumed"] else "충족"
        assert stands + squeezed(condition["text"]) in text


# -- pages ---------------------------------------------------------------------------------------------


def shown(page: str) -> str:
    return squeezed(unescape(re.sub(r"<[^>]+>", " ", page)))


def test_only_who_sells_reads_the_sellers_notices_on_a_page(
    app: Flask, keys: dict[str, str], client: FlaskClient, issued: dict[str, Any]
) -> None:
    """Neither a link for the prospect nor a portal's seat tells them, whatever is asked for."""
    seat = Seat(app.test_client(), keys["sales"], "ko")
    page = seat.client.get(f"/quotes/{issued['number']}").text
    seat.post(f"/quotes/{issued['number']}/shares")
    link = re.search(r"/s/[^\"?]+", seat.client.get(f"/quotes/{issued['number']}").text)
    assert link
    prospect = app.test_client()
    korean = {"Accept-Language": "ko"}
    share = prospect.get(f"{link[0]}?notices=all", headers=korean).text
    content = prospect.get(f"{link[0]}.pdf?notices=all", headers=korean).data
    by_link = squeezed("".join(found.extract_text() for found in PdfReader(io.BytesIO(content)).pages))
    for text in sentences(issued, "seller"):
        assert text in shown(page)
        assert text not in shown(share)
        assert text not in by_link
    for text in sentences(issued, "customer"):
        assert text in shown(page)
        assert text in shown(share)
    portal = Seat(app.test_client(), keys["portal"], "ko")
    form = {"founded_on": "2023-05-10", "size": "sme", "starts_on": "2026-12-09", "real_time.securities_a": "1"}
    assert "현재가격은영업담당부서에확인하세요" in shown(seat.post("/", form).text)
    assert "현재가격은영업담당부서에확인하세요" not in shown(portal.post("/", form).text)


def test_no_page_ticks_what_is_assumed(app: Flask, keys: dict[str, str], issued: dict[str, Any]) -> None:
    """Also the age of a company whose founding date nobody gave yet."""
    seat = Seat(app.test_client(), keys["sales"], "ko")
    page = seat.client.get(f"/quotes/{issued['number']}").text
    rows = re.findall(r'<li class="(met|unmet|assumed)">(.*?)</li>', page, re.DOTALL)
    assert {stands for stands, _ in rows} == {"met", "assumed"}
    for stands, text in rows:
        assert (stands == "assumed") == ("확인이 필요합니다" in text)
    panel = seat.post("/", {"size": "sme", "starts_on": "2026-12-09", "real_time.securities_a": "1"}).text
    of_age = re.search(r'<li class="(\w+)">[^<]*<span[^>]*>[^<]*</span> 업력', panel)
    assert of_age
    assert of_age[1] == "assumed"


def test_a_revision_leaves_open_what_its_quote_left_open(app: Flask, keys: dict[str, str], client: FlaskClient) -> None:
    """Nobody confirmed anything by pressing a button; who confirms it at the desk states it."""
    open_, stated = (
        client.post("/v1/quotes", json=request).get_json() for request in (REQUEST, with_company(**STATED))
    )
    seat = Seat(app.test_client(), keys["sales"])
    for quote, left_open in ((open_, True), (stated, False)):
        form = form_on(seat.client.get(f"/quotes/{quote['number']}/revision"))
        answer = seat.client.post("/quotes", data=form)
        assert answer.status_code == 303, answer.text[:2000]
        revised = client.get(f"/v1/quotes/{answer.headers['Location'].rpartition('/')[2]}").get_json()
        found = by_code(revised["waiver"]["conditions"])
        assert revised["digest"] == quote["digest"]
        assert [found[code]["assumed"] for code in ONLY_ASSUMED] == [left_open] * 3
    form = {"founded_on": "2023-05-10", "size": "sme", "starts_on": "2026-12-09", "real_time.securities_a": "1"}
    number = seat.issue(**form, is_corporation="1", no_exclusions="1", qualification="fintech")
    found = by_code(client.get(f"/v1/quotes/{number}").get_json()["waiver"]["conditions"])
    assert [found[code]["assumed"] for code in ONLY_ASSUMED] == [False] * 3

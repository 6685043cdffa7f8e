"""The JSON API beside its errors: resources, languages, headers, caching."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fee_service.clock import KOREA_STANDARD_TIME, today_in_korea
from fee_service.http.language import wanted

Ask = Callable[[dict[str, Any]], dict[str, Any]]

SMALLEST = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}
LIST = "market-data-2018-07-01"


def test_the_smallest_request_gives_the_whole_quote(ask: Ask) -> None:
    """A founding date, a size and an API are enough; the start is today in Korea, 60 months."""
    quote = ask(SMALLEST)
    assert quote["request"]["starts_on"] == "2026-12-09"
    assert quote["request"]["months"] == 60
    assert quote["waiver"]["granted"] is True
    assert quote["waiver"]["ends_on"] == "2029-12-08"
    assert quote["monthly"] == {"during_waiver": 0, "after_waiver": 2_000_000}
    assert len(quote["months"]) == 60


def test_an_answered_request_may_be_sent_again_as_it_is(ask: Ask) -> None:
    """`request` is a request: the same digest comes back."""
    quote = ask(SMALLEST)
    assert ask(quote["request"])["digest"] == quote["digest"]


def test_prose_comes_in_the_language_asked_for(client: FlaskClient) -> None:
    """Korean, English, or both; names always in both; the digest does not change."""
    answers = {}
    for language in ("ko", "en", ""):
        headers = {"Accept-Language": language} if language else {}
        answers[language] = client.post("/v1/quotes/preview", json=SMALLEST, headers=headers).get_json()
    ko, en, both = (answers[language]["lines"][0]["explanation"] for language in ("ko", "en", ""))
    assert both == f"{ko} / {en}"
    assert en.isascii() or "×" in en
    labels = {str(answer["lines"][0]["label"]) for answer in answers.values()}
    assert len(labels) == 1
    assert len({answer["digest"] for answer in answers.values()}) == 1


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr, ko;q=0.4", "ko"),
        ("en;q=0.2, ko;q=0.3", "ko"),
        ("KO_kr", "ko"),
        ("*;q=0.9, en;q=0.1", "en"),
        ("ko;q=0, en", "en"),
        ("ko;q=0", "both"),
        ("fr, de", "both"),
        ("*", "both"),
        ("kok", "both"),
        ("english", "both"),
        (";;;,,q=x", "both"),
    ],
)
def test_accept_language(header: str, language: str) -> None:
    """Quality values decide; a header that names neither language gets both."""
    assert wanted(header) == language


def test_an_ineligible_company_is_refused_only_on_request(client: FlaskClient) -> None:
    """Without require_eligible it gets its prices and the reasons; with it, a 422 that points at them."""
    request = {
        **SMALLEST,
        "company": {**SMALLEST["company"], "corporation": False, "exclusions": ["gambling"]},
    }  # type: ignore[dict-item]
    quote = client.post("/v1/quotes/preview", json=request).get_json()
    assert quote["eligibility"]["status"] == "ineligible"
    assert quote["waiver"]["granted"] is False
    refused = client.post("/v1/quotes/preview?require_eligible=true", json=request)
    assert refused.status_code == 422
    assert [(error["code"], error["pointer"]) for error in refused.get_json(force=True)["errors"]] == [
        ("company_ineligible", "/company/corporation"),
        ("company_ineligible", "/company/exclusions"),
    ]
    kept = client.post("/v1/quotes/preview?require_eligible=false", json=request)
    assert kept.get_json()["digest"] == quote["digest"]


def test_a_comparison_shows_what_differs(client: FlaskClient) -> None:
    """Two requests, their quotes, and what the second costs more."""
    body = {"requests": [SMALLEST, {**SMALLEST, "apis": ["주식실시간종가A"]}], "labels": ["live", "close"]}
    answer = client.post("/v1/comparisons", json=body).get_json()
    assert answer["labels"] == ["live", "close"]
    first, second = answer["quotes"]
    assert answer["differences"][0]["net"] == 0
    assert answer["differences"][1]["net"] == second["totals"]["net"] - first["totals"]["net"]
    assert first["digest"] == client.post("/v1/quotes/preview", json=SMALLEST).get_json()["digest"]


def test_eligibility_names_conditions_documents_and_waiver(client: FlaskClient) -> None:
    """A company alone is enough to know whether it may use the platform."""
    answer = client.post("/v1/eligibility", json={"company": SMALLEST["company"]}).get_json()
    assert answer["eligibility"]["status"] == "needs_review"
    assert answer["waiver"]["ends_on"] == "2029-12-08"
    assert answer["onboarding"]["documents"]


# -- published data ------------------------------------------------------------------------------------


def test_the_catalogue_lists_endpoints_licences_and_families(client: FlaskClient) -> None:
    """71 documented endpoints, the licences and the families, each with its status."""
    apis = client.get("/v1/apis").get_json()["apis"]
    kinds = [api["kind"] for api in apis]
    assert kinds.count("endpoint") == 71
    assert {"licence", "family"} < set(kinds)
    named = client.get("/v1/apis?search=주식실시간a&kind=licence").get_json()["apis"]
    assert "주식실시간A" in [name for api in named for name in api["names"]]


def test_the_status_of_an_api_depends_on_the_day(client: FlaskClient) -> None:
    """The account services were withdrawn on 2022-02-11."""

    def offered(day: str) -> set[str]:
        listed = client.get(f"/v1/apis?on={day}").get_json()["apis"]
        return {api["id"] for api in listed if api["status"] != "not_offered"}

    gone = offered("2022-02-10") - offered("2022-02-11")
    assert gone
    assert offered("2022-02-11") <= offered("2022-02-10")


def test_products_have_their_options_and_fees(client: FlaskClient) -> None:
    """Twelve real-time products, each with the options that it is offered with."""
    products = client.get("/v1/products?contract=real_time").get_json()["products"]
    assert len(products) == 12
    first = products[0]
    assert first["product"] == "securities_a"
    assert {"option", "label"} == set(first["options"][0])
    assert "base_fee" in [fee["fee"] for fee in first["fees"]]


def test_a_price_list_is_shown_with_every_cell_and_source(client: FlaskClient) -> None:
    """All 184 cells; what is withheld or does not exist is a word, never a 0."""
    whole = client.get(f"/v1/price-lists/{LIST}").get_json()
    cells = whole["cells"]
    assert len(cells) == 184
    assert all(cell["source"] for cell in cells)
    assert {cell["cell"] for cell in cells} == {"amount", "withheld", "not_applicable", "none"}
    assert all((cell["unit_price"] is None) == (cell["cell"] != "amount") for cell in cells)
    (cell,) = (
        cell
        for cell in cells
        if (cell["contract"], cell["fee"], cell["product"], cell["column"])
        == ("real_time", "base_fee", "securities_a", "retail")
    )
    assert cell["unit_price"] == 2_000_000


def test_a_price_list_does_not_differ_from_itself(client: FlaskClient) -> None:
    """A diff of a list with itself is empty."""
    diff = client.get(f"/v1/price-lists/{LIST}/diff/{LIST}").get_json()
    assert (diff["cells"], diff["terms"]) == ([], [])


def test_waiver_policies_are_listed_with_their_sources(client: FlaskClient) -> None:
    """Three policies, in the order of time."""
    policies = client.get("/v1/waiver-policies").get_json()["waiver_policies"]
    assert [(policy["id"], policy["months"]) for policy in policies] == [
        ("startup-12-months", 12),
        ("startup-support-2018-07", 36),
        ("open-api-faq-2018-12", 36),
    ]
    assert all(policy["sources"] and policy["cited"] for policy in policies)


@pytest.mark.parametrize(
    "path",
    ["/v1/apis", "/v1/products", "/v1/price-lists", f"/v1/price-lists/{LIST}", "/v1/waiver-policies",
     "/openapi.json", "/problems", "/docs"],
)  # fmt: skip
def test_published_data_may_be_kept_and_revalidated(client: FlaskClient, path: str) -> None:
    """ETag and Cache-Control; 304 to who has it already."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public")
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_another_language_is_another_answer_to_keep(client: FlaskClient) -> None:
    """Vary names Accept-Language, and the ETag differs."""
    ko = client.get(f"/v1/price-lists/{LIST}", headers={"Accept-Language": "ko"})
    en = client.get(f"/v1/price-lists/{LIST}", headers={"Accept-Language": "en"})
    assert ko.headers["Vary"] == "Accept-Language"
    assert ko.headers["ETag"] != en.headers["ETag"]


# -- headers, methods, health --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/swagger-ui.css", "/healthz", "/nope", "/v1/apis", "/v1/quotes/preview"]
)
def test_every_answer_has_the_security_headers(client: FlaskClient, path: str) -> None:
    """nosniff, no referrer, a strict Content-Security-Policy, once each."""
    headers = client.get(path).headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_all("Referrer-Policy") == ["no-referrer"]
    (policy,) = headers.get_all("Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert len(headers.get_all("Cache-Control")) == 1


def test_quotes_are_never_stored_on_the_way(client: FlaskClient) -> None:
    """A quote tells about a company: no cache may keep it."""
    assert client.post("/v1/quotes/preview", json=SMALLEST).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/apis", "/v1/price-lists", "/healthz", "/docs", "/v1/products"])
def test_a_trailing_slash_does_not_surprise(client: FlaskClient, path: str) -> None:
    """With and without it the same answer comes."""
    assert client.get(path + "/").get_data() == client.get(path).get_data()


def test_head_and_options_work(client: FlaskClient) -> None:
    """HEAD is GET without its body; OPTIONS names the methods."""
    assert client.head("/v1/apis").status_code == 200
    assert client.head("/v1/apis").get_data() == b""
    assert "POST" in client.options("/v1/quotes/preview").headers["Allow"]


def test_the_root_is_the_desk(stranger: FlaskClient) -> None:
    """Who opens the address finds the desk, and signs in first."""
    assert stranger.get("/").headers["Location"] == "/sign-in?next=/"


def test_readiness_needs_a_price_list_for_today(app: Flask, client: FlaskClient) -> None:
    """Alive at once; ready where a price list holds today."""
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert (ready["status"], ready["price_list"]) == ("ready", LIST)
    clock = app.config["TODAY"]
    app.config["TODAY"] = lambda: date(2017, 1, 1)
    try:
        refused = client.get("/readyz")
    finally:
        app.config["TODAY"] = clock
    assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
    assert [fault["code"] for fault in refused.get_json(force=True)["errors"]] == ["no_price_list_today"]
    assert refused.headers["Retry-After"]


def test_an_unexpected_error_tells_nothing_of_the_inside(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """500 as problem+json; the cause goes to the log only."""
    clock = app.config["TODAY"]
    app.config["TODAY"] = lambda: 1 / 0
    try:
        answer = client.post("/v1/quotes/preview", json=SMALLEST)
    finally:
        app.config["TODAY"] = clock
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.get_json(force=True)["errors"][0]["code"] == "internal_error"
    assert "ZeroDivision" not in answer.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text
    assert "2023-05-10" not in caplog.text


def test_today_is_a_day_in_korea() -> None:
    """Nine hours ahead of UTC, all year."""
    assert KOREA_STANDARD_TIME.utcoffset(None).total_seconds() == 9 * 3600  # type: ignore[union-attr]
    assert isinstance(today_in_korea(), date)

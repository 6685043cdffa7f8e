"""The services of the platform: 28 as the usage guide's table prints them, priced, explained and shown."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from support.desk_forms import Seat
from support.places import DATA

from fee_service.intake.quote_request import understand
from fee_service.published.catalogue import ApiStatus
from fee_service.published.editions import Editions
from fee_service.published.services import Owed
from fee_service.rules import quoting
from fee_service.rules.advice import advised
from schemas import load
from schemas.quote import QuoteRequestSchema

Ask = Callable[[dict[str, Any]], dict[str, Any]]
AskErrors = Callable[[dict[str, Any]], list[dict[str, Any]]]

with (DATA / "platform-services.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
COMPANY = {"founded_on": "2018-05-10", "size": "sme", "qualification": "fintech"}
FREE = "free"
STP_HUB = "platform free; STP-HUB monthly"


def row_id(row: dict[str, str]) -> str:
    return row["en"]


def priced(row: dict[str, str]) -> bool:
    return row["fee"] in (FREE, STP_HUB)


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_a_service_is_as_the_table_prints_it(editions: Editions, row: dict[str, str]) -> None:
    api = editions.catalogue.find(row["ko"])
    assert api is not None
    service = editions.services.services[api.id]
    assert (service.family, service.label.ko) == (row["service"], row["ko"])
    assert str(service.calls_per_day or "by provider") == row["calls_per_day"]
    assert (str(service.fee.krw_per_month) if service.fee else "") == row["krw_per_month"]
    assert (service.who.en, service.provider.en) == (row["who"], row["provider"])
    assert service.data.replace("_", " ") == row["kind_of_data"]
    assert service.first_seen.isoformat() == row["first_seen"]
    assert (service.last_offered.isoformat() if service.last_offered else "") == row["last_offered"]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_a_service_is_found_by_either_name_and_by_its_id(editions: Editions, row: dict[str, str]) -> None:
    by_korean, by_english = editions.catalogue.find(row["ko"]), editions.catalogue.find(row["en"])
    assert by_korean is not None
    assert by_english is not None
    if row["ko"] != "주식 시세표":  # in English the guide's licence of that name
        assert by_korean == by_english == editions.catalogue.find(by_korean.id)
    assert by_english.status is by_korean.status


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_a_service_is_priced_from_its_first_to_its_last_day_and_never_a_zero_that_is_not_printed(
    ask: Ask, editions: Editions, row: dict[str, str]
) -> None:
    first = date.fromisoformat(row["first_seen"])
    last = date.fromisoformat(row["last_offered"] or "2026-12-09")
    for day in (first - timedelta(days=1), first, last):
        api = editions.catalogue.find(row["ko"])
        assert api is not None
        if api.status_on(day) is ApiStatus.TOO_BROAD:
            continue  # by licence: refused with the choice, see the golden cases
        answer = ask({"company": COMPANY, "apis": [row["ko"]], "starts_on": day.isoformat(), "months": 1})
        lines = [line for line in answer["lines"] if line["fee"] == "service_fee"]
        if priced(row) and day >= first:
            [line] = lines
            assert (line["contract"], line["product"], line["cell"]) == ("open_api_platform", api.id, "amount")
            assert line["unit_price"] == int(row["krw_per_month"])
            assert ("무료" in line["explanation"]) == ("Free" in line["explanation"]) == (row["fee"] == FREE)
            assert answer["unpriced"] == []
        else:
            assert lines == []
            assert [item["api"] for item in answer["unpriced"]] == [row["ko"]]
        checked = row["kind_of_data"] == "financial transaction"
        assert answer["onboarding"]["security_check"] is checked


@pytest.mark.parametrize("row", [row for row in ROWS if row["last_offered"]], ids=row_id)
def test_after_its_last_day_a_service_is_refused_and_the_message_says_since_when(
    ask_errors: AskErrors, row: dict[str, str]
) -> None:
    after = date.fromisoformat(row["last_offered"]) + timedelta(days=1)
    for day in (after, date(2026, 12, 9)):
        [error] = ask_errors({"company": COMPANY, "apis": [row["ko"]], "starts_on": day.isoformat()})
        assert error["code"] == "api_not_offered"
        assert f"{after}부터" in error["message"]
        assert f"since {after}" in error["message"]


def orders(editions: Editions, *names: str, **changes: Any) -> quoting.Quote:
    body = {"company": COMPANY, "apis": list(names), "starts_on": "2020-03-17", "months": 1, **changes}
    loaded = load(QuoteRequestSchema, body)
    return advised(quoting.quote(understand(loaded.values, loaded.faults, editions, date(2020, 3, 17))))


def with_fee(editions: Editions, **changes: Any) -> Editions:
    """The editions with another reading of the fee of the hub, as an edit of the file would make them."""
    table = editions.services
    services = {
        name: service._replace(fee=service.fee._replace(**changes)) if service.fee else service
        for name, service in table.services.items()
    }
    return replace(editions, services=replace(table, services=services))


def test_whether_the_hub_is_owed_once_or_for_each_order_service_is_data(editions: Editions) -> None:
    """Once: 300,000. Each: 2 × 300,000."""
    assert orders(editions, "신규주문", "주문취소").totals.net == 300_000
    assert orders(with_fee(editions, owed=Owed.EACH), "신규주문", "주문취소").totals.net == 600_000


def test_whether_a_service_fee_is_divided_by_days_is_data(editions: Editions) -> None:
    """15 of 31 days of March: 300,000 × 15 / 31 = 145,161.3 → 145,161."""
    divided = replace(editions, services=replace(editions.services, prorated=True))
    assert orders(editions, "신규주문").totals.net == 300_000
    assert orders(divided, "신규주문").totals.net == 145_161


def test_a_divided_fee_of_a_service_that_is_withdrawn_is_owed_for_the_days_before(editions: Editions) -> None:
    """January to 10 February 2022: 300,000 + 300,000 × 10 / 28 = 107,142.9 → 407,142."""
    divided = replace(editions, services=replace(editions.services, prorated=True))
    quote = orders(divided, "신규주문", starts_on="2022-01-01", months=6)
    assert [run.amounts.net for run in quote.rated.runs for _ in run.months] == [300_000, 107_142, 0, 0, 0, 0]
    assert quote.totals.net == 407_142
    assert sum(invoice.supply for invoice in quote.invoices) == 407_142


def test_a_policy_waives_service_fees_only_where_its_fees_say_so(editions: Editions) -> None:
    waiving = tuple(
        replace(policy, fees=(*policy.fees, "service_fee")) if policy.id == "open-api-faq-2018-12" else policy
        for policy in editions.policies
    )
    assert orders(editions, "신규주문").totals.net == 300_000
    assert orders(replace(editions, policies=waiving), "신규주문").totals.net == 0


def test_the_readings_of_a_charged_service_stand_in_the_quote(editions: Editions) -> None:
    rests_on = {reading.id for reading in orders(editions, "신규주문").readings}
    assert {"platform_services/fees.stp_hub", "platform_services/service_fee"} <= rests_on
    free = {reading.id for reading in orders(editions, "계좌잔고 조회").readings}
    assert not any(reading.startswith("platform_services") for reading in free)


@pytest.mark.parametrize(("calls", "told"), [(580_000, False), (580_001, True)])
def test_more_calls_than_an_order_service_takes_are_told(editions: Editions, calls: int, told: bool) -> None:
    """20,000 a day × 29 days of February 2020 = 580,000."""
    quote = orders(editions, "신규주문", starts_on="2020-02-01", api_calls_per_month=calls)
    assert ("calls_over_service_limit" in {notice.code for notice in quote.notices}) is told
    plain = orders(editions, "계좌잔고 조회", starts_on="2020-02-01", api_calls_per_month=calls)
    assert "calls_over_service_limit" not in {notice.code for notice in plain.notices}


def test_a_service_that_ends_inside_the_quoted_period_is_told(editions: Editions) -> None:
    codes = [
        {notice.code for notice in orders(editions, "신규주문", starts_on="2022-01-01", months=months).notices}
        for months in (1, 2)
    ]
    assert ["service_ends_within" in found for found in codes] == [False, True]


def test_a_start_in_a_month_in_which_the_service_is_gone_is_not_advised(editions: Editions) -> None:
    quote = orders(editions, "신규주문", starts_on="2022-02-05", months=3)
    assert not any(notice.code.startswith("start_next_month") for notice in quote.notices)


@pytest.mark.parametrize("apis", [["신규주문"], ["NICE-기업정보"], ["Wavelet"]])
def test_where_nothing_is_waivable_no_bill_after_the_waiver_is_told(editions: Editions, apis: list[str]) -> None:
    """ "From then on 0 won a month" would be a price for what has none, or for a service that is gone."""
    codes = {notice.code for notice in orders(editions, *apis, months=60).notices}
    assert "nothing_waivable" in codes
    assert "waiver_ends" not in codes


def test_the_order_and_the_spelling_of_the_services_do_not_matter(editions: Editions) -> None:
    one = orders(editions, "신규주문", "account balance")
    two = orders(editions, "계좌 잔고 조회", "NEW-ORDER")
    assert [line.product for line in one.lines] == [line.product for line in two.lines]
    assert one.totals == two.totals


def test_a_service_asked_for_alone_and_in_its_family_is_one_line(editions: Editions) -> None:
    quote = orders(editions, "계좌잔고 조회", "금융투자회사 계좌조회", "account")
    products = [line.product for line in quote.lines]
    assert products == ["asset-portfolio", "watch-list", "account-balance", "account-transactions"]


def test_the_catalogue_shows_fee_calls_provider_kind_of_data_and_dates(client: FlaskClient) -> None:
    answer = client.get("/v1/apis?kind=service&on=2020-03-01", headers={"Accept-Language": "ko"}).get_json()
    assert len(answer["apis"]) == 28
    [order] = [api for api in answer["apis"] if api["id"] == "new-order"]
    assert order["status"] == "priced"
    assert order["service"] == {
        "family": "order",
        "family_label": {"ko": "주문 서비스", "en": "Order services"},
        "who": {"ko": "이용기관, 투자일임업자", "en": "user institution, discretionary adviser"},
        "krw_per_month": 300_000,
        "fee_label": {
            "ko": "STP-HUB 월 이용료(플랫폼 이용은 무료)",
            "en": "STP-HUB, monthly (the platform itself is free)",
        },
        "calls_per_day": 20_000,
        "provider": {"ko": "금융투자회사", "en": "investment firm"},
        "kind_of_data": "financial_transaction",
        "first_seen": "2018-12-03",
        "last_offered": "2022-02-10",
    }


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("discretionary", "executions"),
        ("주문 서비스", "cancel-order"),
        ("위버플", "bookkeeper"),
        ("NICE", "nice-company-information"),
        ("Portfolio", "asset-portfolio"),
        ("계좌 잔고", "account-balance"),
    ],
)
def test_services_are_searched_by_name_family_and_provider(client: FlaskClient, search: str, found: str) -> None:
    answer = client.get("/v1/apis", query_string={"search": search}).get_json()
    assert found in [api["id"] for api in answer["apis"]]


def test_the_key_in_the_query_of_an_address_is_not_kept(ask: Ask) -> None:
    """The address is understood, but who pastes it with a key does not find the key in the quote."""
    address = "https://sandbox-apigw.koscom.co.kr/v3/market/closed/kospi/lists"
    kept, plain = (
        ask({"company": COMPANY | {"founded_on": "2023-05-10"}, "apis": [address + rest]})
        for rest in ("?apikey=l7xx-secret#top", "")
    )
    assert kept["request"]["apis"] == kept["licences"][0]["for_apis"] == [address]
    assert kept["digest"] == plain["digest"]


# -- on pages and in documents ---------------------------------------------------------------------------


def test_the_page_of_apis_shows_the_services_with_fee_calls_provider_kind_of_data_and_dates(
    stranger: FlaskClient,
) -> None:
    answer = stranger.get("/apis", headers={"Accept-Language": "ko"})
    assert answer.status_code == 200, answer.text
    page = unescape(answer.text).split("<h2>플랫폼 서비스</h2>")[1]
    rows = {row["ko"]: page.split(f"<b>{row['ko']}</b>")[1].split("</tr>")[0] for row in ROWS}
    for row in ROWS:
        shown = rows[row["ko"]]
        assert row["first_seen"] in shown
        assert row["last_offered"] in shown
        if row["calls_per_day"].isdigit():
            assert f"{int(row['calls_per_day']):,}" in shown
    assert "무료" in rows["계좌잔고 조회"]
    assert "300,000원" in rows["신규주문"]
    assert "별도 문의" in rows["비씨카드 업종정보"]
    assert "위버플" in rows["Wavelet"]


def test_the_page_of_apis_finds_in_korean_letters_what_it_finds_in_latin_ones(stranger: FlaskClient) -> None:

    def found(search: str) -> str:
        page = stranger.get("/apis", query_string={"search": search}, headers={"Accept-Language": "en"}).text
        return page.split("</form>")[-1]

    assert "KOSPI shares, real-time" in found("코스피")
    assert "KOSDAQ shares, closing" not in found("코스피")
    sections = [len(re.findall("<section|<tr>|<li>", found(term))) for term in ("코스피", "KOSPI", "ｋｏｓｐｉ\u200b")]
    assert len(set(sections)) == 1
    assert "Nothing found" in found("zzzz")


def test_the_desk_offers_the_services_that_can_be_asked_for(app: Flask, keys: dict[str, str]) -> None:
    page = unescape(Seat(app.test_client(), keys["sales"]).client.get("/").text)
    assert 'value="NICE-기업정보"' in page
    assert 'value="신규주문"' not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_a_quote_of_services_alone_has_its_documents(client: FlaskClient, kind: str) -> None:
    body = {"company": COMPANY | {"founded_on": "2023-05-10"}, "apis": ["NICE-기업정보", "BIGBOT"], "months": 2}
    number = client.post("/v1/quotes", json=body).get_json()["number"]
    document = client.get(f"/v1/quotes/{number}.{kind}", headers={"Accept-Language": "ko"})
    assert document.status_code == 200
    text = text_of(document.data, kind)
    assert "무료" in text
    assert "NICE" in text


def text_of(document: bytes, kind: str) -> str:
    if kind == "csv":
        return document.decode("utf-8-sig")
    if kind == "xlsx":
        sheets = CalamineWorkbook.from_filelike(BytesIO(document))
        return " ".join(str(sheets.get_sheet_by_name(name).to_python()) for name in sheets.sheet_names)
    return "".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


def test_an_issued_quote_of_services_is_replayed_and_compared(client: FlaskClient) -> None:
    body = {"company": COMPANY, "apis": ["주문", "계좌조회"], "starts_on": "2021-03-01", "months": 3}
    issued = client.post("/v1/quotes", json=body).get_json()
    assert issued["totals"]["net"] == 900_000
    replayed = client.get(f"/v1/quotes/{issued['number']}/replay").get_json()
    assert (replayed["same"], replayed["recomputed"]) == (True, issued["digest"])
    without = {**body, "apis": ["계좌조회"]}
    compared = client.post("/v1/comparisons", json={"requests": [body, without]}).get_json()
    assert compared["quotes"][0]["digest"] == issued["digest"]
    assert compared["differences"][1]["net"] == -900_000

"""Who may use the platform on which day, what to hand in and go through, and whom to ask."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

Ask = Callable[[dict[str, Any]], dict[str, Any]]

LICENCE = {"licences": [{"contract": "real_time", "product": "securities_a"}], "months": 1}
COMPANY = {"founded_on": "2019-05-10", "size": "sme"}


def quoted(ask: Ask, starts_on: str, qualification: str | None = "fintech", **changes: Any) -> dict[str, Any]:
    return ask({"company": COMPANY | {"qualification": qualification}, "starts_on": starts_on, **LICENCE, **changes})


def assessed(client: FlaskClient, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/eligibility", json={"company": COMPANY, **body}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.get_json()
    return content


@pytest.mark.parametrize(
    ("starts_on", "status", "waived"),
    [("2022-02-10", "eligible", True), ("2022-02-11", "ineligible", False), ("2026-12-09", "ineligible", False)],
)
def test_recognition_by_the_fintech_centre_is_a_ground_until_2022_02_10(
    ask: Ask, starts_on: str, status: str, waived: bool
) -> None:
    """Recognition by the fintech centre is a ground until 10 February 2022."""
    answer = quoted(ask, starts_on, "fintech_centre")
    assert (answer["eligibility"]["status"], answer["waiver"]["granted"]) == (status, waived)
    [condition] = [each for each in answer["eligibility"]["reasons"] if each["code"] == "qualification"]
    assert condition["met"] is waived
    if not waived:
        assert "2022-02-11부터" in condition["text"]
        assert "since 2022-02-11" in condition["text"]
        assert "Otherwise recognised" in condition["text"]


@pytest.mark.parametrize("qualification", ["fintech", "electronic_finance", "otherwise_recognised"])
@pytest.mark.parametrize("starts_on", ["2022-02-10", "2022-02-11"])
def test_the_other_grounds_stand_on_both_sides_of_that_day(ask: Ask, qualification: str, starts_on: str) -> None:
    assert quoted(ask, starts_on, qualification)["eligibility"]["status"] == "eligible"


@pytest.mark.parametrize(("starts_on", "named"), [("2022-02-10", True), ("2022-02-11", False)])
def test_who_has_no_ground_is_told_those_of_the_day(ask: Ask, starts_on: str, named: bool) -> None:
    answer = quoted(ask, starts_on, "none")
    [condition] = [each for each in answer["eligibility"]["reasons"] if each["code"] == "qualification"]
    assert ("핀테크지원센터" in condition["text"]) is named
    grounds = [ground["code"] for ground in answer["onboarding"]["qualifications"]]
    assert ("fintech_centre" in grounds) is named
    assert "none" not in grounds


def test_a_later_start_is_not_advised_as_waived_where_the_ground_ends_in_between(ask: Ask) -> None:
    """Started on 2022-02-05 the ground counts, on 2022-03-01 it does not: that start would be charged."""
    answer = quoted(ask, "2022-02-05", "fintech_centre", months=12)
    codes = {notice["code"] for notice in answer["notices"]}
    assert "start_next_month_more_unwaived" in codes


@pytest.mark.parametrize(("starts_on", "day"), [("2022-07-12", None), ("2022-07-13", "2022-07-12")])
def test_documents_say_until_when_the_faq_printed_them(ask: Ask, starts_on: str, day: str | None) -> None:
    documents = quoted(ask, starts_on)["onboarding"]["documents"]
    assert [document["code"] for document in documents] == [
        "application_form",
        "corporate_registration",
        "business_registration",
        "business_plan",
        "service_list",
    ]
    assert {document["last_printed_on"] for document in documents} == {day}


def test_checks_going_live_lead_time_and_contacts_stand_in_onboarding(ask: Ask) -> None:
    plan = quoted(ask, "2026-12-09")["onboarding"]
    said = {check["code"]: check["label"] for check in plan["checks"]}
    assert "미풍양속" in said["business_plan"]["ko"]
    assert "good morals" in said["business_plan"]["en"]
    assert {"suitability", "on_site_review"} <= said.keys()
    assert [document["code"] for document in plan["going_live"]["documents"]] == [
        "service_description",
        "vulnerability_test",
    ]
    assert "or more" in plan["lead_time"]
    [gambling] = [ground for ground in plan["exclusions"] if ground["code"] == "gambling"]
    assert gambling["law"]["ko"] == "사행행위 등 규제 및 처벌 특례법"
    reached = {contact["code"]: (contact["email"], contact["phone"]) for contact in plan["contacts"]}
    assert reached == {
        "sales": ("success@koscom.co.kr", "02-767-7574"),
        "platform": ("open@koscom.co.kr", "02-767-7913"),
    }
    cited = [*plan["documents"], *plan["steps"], *plan["checks"], *plan["exclusions"], *plan["contacts"]]
    assert all(entry["source"] for entry in cited)


def test_an_exclusion_for_gambling_names_its_law(ask: Ask) -> None:
    answer = quoted(ask, "2026-12-09", company=COMPANY | {"exclusions": ["gambling"]})
    [condition] = [each for each in answer["eligibility"]["reasons"] if each["code"] == "exclusions"]
    assert "사행행위 등 규제 및 처벌 특례법" in condition["text"]


@pytest.mark.parametrize(
    ("apis", "checked"),
    [
        ([], False),
        (["주식실시간A", "NICE-기업정보"], False),
        (["금융투자회사 계좌조회"], True),
        (["신규주문", "주식실시간A"], True),
    ],
)
def test_eligibility_says_whether_the_security_check_applies(
    client: FlaskClient, apis: list[str], checked: bool
) -> None:
    plan = assessed(client, apis=apis, starts_on="2021-03-01")["onboarding"]
    assert plan["security_check"] is checked
    assert ("security" in [check["code"] for check in plan["checks"]]) is checked
    assert ("security_check" in [step["code"] for step in plan["steps"]]) is checked


def test_eligibility_refuses_apis_as_a_quote_does(client: FlaskClient) -> None:
    body = {"company": COMPANY, "starts_on": "2026-12-09", "apis": ["신규주문", "코스피", "주식실시간Z", "환율", 5]}
    errors = client.post("/v1/eligibility", json=body).get_json()["errors"]
    quote_errors = client.post("/v1/quotes/preview", json=body).get_json()["errors"]
    told = {(error["code"], error["pointer"], error["message"]) for error in errors}
    assert told == {(error["code"], error["pointer"], error["message"]) for error in quote_errors}
    assert {(code, place) for code, place, _ in told} >= {
        ("api_not_offered", "/apis/0"),
        ("api_too_broad", "/apis/1"),
        ("unknown_api", "/apis/2"),
        ("api_not_offered", "/apis/3"),
    }

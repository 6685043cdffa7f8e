"""What the sources say without a number or an amount: each block of the files that cites one shows in an answer."""

from collections.abc import Callable
from typing import Any

from fee_service.published.editions import Editions

Ask = Callable[[dict[str, Any]], dict[str, Any]]
REQUEST = {
    "company": {"founded_on": "2023-05-10", "size": "sme"},
    "licences": [{"contract": "real_time", "product": "securities_a"}],
    "starts_on": "2026-12-09",
    "months": 3,
}


def onboarding(ask: Ask, **asked: Any) -> dict[str, Any]:
    """What a company has to do before it goes live."""
    plan: dict[str, Any] = ask({**REQUEST, **asked})["onboarding"]
    return plan


def codes(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["code"] for entry in entries]


def test_five_documents_are_handed_in(ask: Ask) -> None:
    """F documents: two certificates, the form, the plan, the list of services."""
    assert codes(onboarding(ask)["documents"]) == [
        "application_form",
        "corporate_registration",
        "business_registration",
        "business_plan",
        "service_list",
    ]


def test_the_support_plan_asks_for_two_documents_more(ask: Ask) -> None:
    """S documents: articles of incorporation and the pre-approval form."""
    plan = onboarding(ask, waiver_policy="startup-support-2018-07")
    assert set(codes(plan["documents"])) - set(codes(onboarding(ask)["documents"])) == {
        "articles_of_incorporation",
        "pre_approval_form",
    }


def test_suitability_is_checked_for_all_and_security_for_transaction_data(ask: Ask) -> None:
    """F checks, F security_check: account inquiry needs the vulnerability test, quotes do not."""
    then = {"company": {"founded_on": "2019-05-10", "size": "sme"}, "starts_on": "2021-03-01"}
    of_quotes, of_accounts = onboarding(ask, **then), onboarding(ask, **then, apis=["금융투자회사 계좌조회"])
    assert {"suitability"} <= set(codes(of_quotes["checks"])) & set(codes(of_accounts["checks"]))
    assert (of_quotes["security_check"], of_accounts["security_check"]) == (False, True)
    assert "security" in set(codes(of_accounts["checks"])) - set(codes(of_quotes["checks"]))


def test_going_live_takes_two_documents_and_one_to_two_months_or_more(ask: Ask) -> None:
    """F going_live, F lead_time: a description of the service, and the papers of the vulnerability test."""
    plan = onboarding(ask)
    assert codes(plan["going_live"]["documents"]) == ["service_description", "vulnerability_test"]
    assert "or more" in plan["lead_time"]


def test_the_licence_contract_comes_before_the_platform_and_departments_are_named(ask: Ask) -> None:
    """U steps, U contacts: pre-screening first, the production key last; two departments with address and phone."""
    plan = onboarding(ask)
    steps = codes(plan["steps"])
    assert (steps[0], steps[-1]) == ("pre_screening", "production_key")
    assert steps.index("market_data_contract") < steps.index("platform_contract")
    assert [contact["phone"] for contact in plan["contacts"]] == ["02-767-7574", "02-767-7913"]


def test_a_waiver_can_be_taken_back_on_three_grounds(editions: Editions) -> None:
    """S withdrawal: misuse, breach of contract, no sandbox access for six months."""
    for policy in ("startup-support-2018-07", "open-api-faq-2018-12"):
        grounds = [ground.en for ground in editions.policy(policy).withdrawal_grounds]
        assert len(grounds) == 3
        assert "six months" in grounds[2]


def test_a_family_of_the_guide_is_priced_by_its_licences(ask: Ask) -> None:
    """U families: the closing prices of KOSPI, as people say them, are the closing licence of securities A."""
    licences = ask({**REQUEST, "licences": [], "apis": ["코스피 종가"]})["licences"]
    assert [(licence["contract"], licence["product"]) for licence in licences] == [("closing_price", "securities_a")]


def test_a_contract_renews_yearly_after_its_first_31_december(ask: Ask) -> None:
    """P1 renewal: a quote from 9 December says that the first term runs to 31 December."""
    told = {notice["code"]: notice["text"] for notice in ask(REQUEST)["notices"]}
    assert "2026-12-31" in told["contract_renewal"]


def test_more_than_50_000_calls_a_day_are_told(ask: Ask) -> None:
    """S call_limit: 50,000 × 31 calls fit into December, one more does not, and the cap is named."""
    told = [
        {notice["code"]: notice["text"] for notice in ask({**REQUEST, "starts_on": "2026-12-01", "months": 1,
                                                           "api_calls_per_month": calls})["notices"]}
        for calls in (50_000 * 31, 50_000 * 31 + 1)
    ]  # fmt: skip
    assert "calls_over_daily_limit" not in told[0]
    assert "50,000" in told[1]["calls_over_daily_limit"]


def test_a_company_that_outgrew_the_limits_stays_an_sme_for_five_years(ask: Ask) -> None:
    """L grace: outgrown on 2025-01-01, an SME on 2029-12-31 and none on 2030-01-01."""
    evidence = {
        "ksic": "J",
        "average_sales": 10**12,
        "total_assets": 10**9,
        "business_group": False,
        "large_holder": False,
        "outgrown_on": "2025-01-01",
    }
    company = {"founded_on": "2023-05-10", "size_evidence": evidence}
    sizes = [
        ask({**REQUEST, "company": company, "starts_on": day})["eligibility"]["company_size"]["size"]
        for day in ("2029-12-31", "2030-01-01")
    ]
    assert sizes[0] == "sme"
    assert sizes[1] != "sme"

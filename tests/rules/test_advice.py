"""Notices: advice that rests on the figures, checked against quotes for the other choice."""

import random
from datetime import date
from typing import Any

import pytest
from support.contracts import random_contract

from fee_service.intake.quote_request import understand
from fee_service.published.editions import Editions
from fee_service.rules import quoting
from fee_service.rules.rating import rate_months, rate_totals, rated_lines
from schemas import load
from schemas.quote import QuoteRequestSchema

Ask = Any
SME = {"founded_on": "2023-05-10", "size": "sme", "qualification": "fintech"}
RETAIL_A = {"contract": "real_time", "product": "securities_a"}


def notice(answer: dict[str, Any], code: str) -> str | None:
    """The text of the notice of that code, if any; a code stands once or not at all here."""
    found = [entry["text"] for entry in answer["notices"] if entry["code"] == code]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_waivers_last_day_and_the_bill_after_it_are_told(ask: Ask) -> None:
    """The waiver's last day and the bill after it are told."""
    licences = [{"contract": "real_time", "product": f"securities_{letter}"} for letter in "abc"]
    answer = ask({"company": SME, "starts_on": "2026-12-01", "licences": licences})
    assert "From 2029-12-01: 3,300,000 won a month" in (notice(answer, "waiver_ends") or "")


@pytest.mark.parametrize("company", [SME, SME | {"size": "large"}])
def test_starting_next_month_costs_what_a_quote_for_that_day_says(ask: Ask, company: dict[str, Any]) -> None:
    base = {"company": company, "licences": [RETAIL_A], "api_calls_per_month": 10}
    now = ask(base | {"starts_on": "2026-12-09", "months": 60})
    later = ask(base | {"starts_on": "2027-01-01", "months": 59})
    text = next(entry["text"] for entry in now["notices"] if entry["code"].startswith("start_next_month"))
    gap = abs(now["totals"]["net"] - later["totals"]["net"])
    for figure in (now["totals"]["net"], later["totals"]["net"], gap):
        assert f"{figure:,}" in text


def test_a_start_on_the_first_has_no_advice_to_start_on_a_first(ask: Ask) -> None:
    answer = ask({"company": SME, "licences": [RETAIL_A], "starts_on": "2026-12-01"})
    assert not [entry for entry in answer["notices"] if entry["code"].startswith("start_next_month")]


def test_the_broader_plan_is_worth_what_a_quote_under_it_waives_more(ask: Ask) -> None:
    base = {
        "company": SME,
        "starts_on": "2026-12-09",
        "api_calls_per_month": 1_000_001,
        "licences": [RETAIL_A | {"usage": {"personal_ids": 1000}}],
    }
    now, under = ask(base), ask(base | {"waiver_policy": "startup-support-2018-07"})
    more = under["waiver"]["amount"] - now["waiver"]["amount"]
    assert more > 0
    assert f"{more:,} won in addition" in (notice(now, "broader_policy") or "")
    assert notice(under, "broader_policy") is None


def test_a_company_just_over_seven_learns_until_when_a_start_was_waived(ask: Ask) -> None:
    base = {"licences": [RETAIL_A], "starts_on": "2026-12-09"}
    just_over = ask(base | {"company": SME | {"founded_on": "2019-12-09"}})
    assert "2026-12-08" in (notice(just_over, "waiver_missed_by_age") or "")
    long_over = ask(base | {"company": SME | {"founded_on": "2001-01-01"}})
    assert notice(long_over, "waiver_missed_by_age") is None


def test_a_waiver_cut_by_age_says_what_an_earlier_start_adds(ask: Ask) -> None:
    answer = ask({"company": SME | {"founded_on": "2020-12-17"}, "licences": [RETAIL_A], "starts_on": "2026-12-09"})
    assert "2,000,000" in (notice(answer, "earlier_start_waives_more") or "")


def test_ids_and_queries_are_compared_at_their_break_even(ask: Ask) -> None:
    licences = [RETAIL_A | {"usage": {"personal_ids": 1000}}]
    answer = ask({"company": SME, "licences": licences, "starts_on": "2026-12-01"})
    text = notice(answer, "queries_instead_of_personal_ids") or ""
    assert "100,000 queries" in text
    assert "below 100 queries" in text


def test_calls_over_the_daily_cap_are_told_for_the_shortest_month(ask: Ask) -> None:
    base = {"company": SME, "licences": [RETAIL_A], "starts_on": "2027-02-01", "months": 1}
    assert notice(ask(base | {"api_calls_per_month": 1_400_000}), "calls_over_daily_limit") is None
    over = notice(ask(base | {"api_calls_per_month": 1_400_001}), "calls_over_daily_limit")
    assert "50,001 a day in 2027-02" in (over or "")


def test_the_age_of_the_price_list_is_counted_to_the_start_day(ask: Ask) -> None:
    answer = ask({"company": SME, "licences": [RETAIL_A], "starts_on": "2026-12-01"})
    assert "8 years and 5 months" in (notice(answer, "price_list_age") or "")


def test_totals_alone_are_the_sums_of_the_months(editions: Editions) -> None:
    """What advice computes fast is what the whole rating sums up to."""

    for number in range(300):
        loaded = load(QuoteRequestSchema, random_contract(random.Random(f"totals:{number}")))
        asked = understand(loaded.values, loaded.faults, editions, date(2026, 1, 1))
        quote = quoting.quote(asked)
        lines = rated_lines(quote.lines, quote.lists)
        months = rate_months(lines, asked.horizon, quote.lists, quote.waiver.period)
        totals = rate_totals(lines, asked.horizon, quote.lists, quote.waiver.period)
        assert (totals.list, totals.net) == (months.list, months.net)

"""A reading of an unclear text is shown exactly in the quotes that rest on it, and another one needs no code."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from support.places import PUBLISHED

from fee_service.answers import quote as answers
from fee_service.edition_files import read_editions
from fee_service.quotes import previewing
from schemas import load
from schemas.quote import QuoteRequestSchema

Ask = Callable[[dict[str, Any]], dict[str, Any]]

LIST, FAQ, PLAN = "market-data-2018-07-01", "open-api-faq-2018-12", "startup-support-2018-07"
LARGE = {"founded_on": "2010-01-01", "size": "large"}
OF_MONTHS = {
    f"{LIST}/proration",
    f"{LIST}/proration.units.query",
    f"{LIST}/proration.units.call_month",
    f"{LIST}/proration.units.once",
    f"{LIST}/first_invoice",
    f"{FAQ}/partial_month",
    f"{PLAN}/partial_month",
    f"{PLAN}/partial_month_undivided",
    f"{FAQ}/preferred_to",
}


def request(starts_on: str = "2027-01-01", months: int = 2, usage: dict[str, int] | None = None, **more: Any) -> Any:
    of_it = {"contract": "real_time", "product": "securities_a", **({"usage": usage} if usage else {})}
    return {"company": LARGE, "starts_on": starts_on, "months": months, "licences": [of_it], **more}


@pytest.mark.parametrize(
    ("asked", "rests_on"),
    [
        (request(), set()),
        (request(usage={"queries": 5, "personal_ids": 5}, api_calls_per_month=5), set()),
        (request("2027-01-02"), {f"{LIST}/first_invoice"}),
        (request("2027-01-02", usage={"personal_ids": 5}), {f"{LIST}/first_invoice"}),
        (request("2027-01-02", usage={"queries": 5}), {f"{LIST}/first_invoice", f"{LIST}/proration.units.query"}),
        (request(usage={"queries": 5}, ends_on="2027-02-03"), {f"{LIST}/proration.units.query"}),
        (
            request("2027-01-02", api_calls_per_month=5),
            {f"{LIST}/first_invoice", f"{LIST}/proration.units.call_month", f"{LIST}/proration.units.once"},
        ),
        # the set-up is charged in January, which the contract fills
        (request(api_calls_per_month=5, ends_on="2027-02-03"), {f"{LIST}/proration.units.call_month"}),
    ],
)
def test_a_quote_shows_how_an_unfilled_month_is_read_where_it_has_one(
    ask: Ask, asked: dict[str, Any], rests_on: set[str]
) -> None:
    found = {reading["id"] for reading in ask(asked)["readings"]}
    assert found & OF_MONTHS == rests_on | {f"{FAQ}/preferred_to"}


@pytest.mark.parametrize(
    ("founded_on", "policy", "usage", "rests_on"),
    [
        ("2020-01-11", None, {}, {f"{FAQ}/partial_month", f"{FAQ}/preferred_to"}),  # waived to 2027-01-10
        ("2020-01-11", None, {"queries": 5}, {f"{FAQ}/partial_month", f"{FAQ}/preferred_to"}),
        ("2020-02-01", None, {}, {f"{FAQ}/preferred_to"}),  # waived to the end of January
        ("2020-01-11", PLAN, {"personal_ids": 5}, {f"{PLAN}/partial_month", f"{FAQ}/preferred_to"}),
        (
            "2020-01-11",
            PLAN,
            {"queries": 5},
            {f"{PLAN}/partial_month", f"{PLAN}/partial_month_undivided", f"{FAQ}/preferred_to"},
        ),
        ("2020-01-11", FAQ, {}, {f"{FAQ}/partial_month"}),  # the caller chose, nothing is read into it
    ],
)
def test_a_quote_shows_how_a_month_waived_in_part_is_read_where_it_has_one(
    ask: Ask, founded_on: str, policy: str | None, usage: dict[str, int], rests_on: set[str]
) -> None:
    company = {"founded_on": founded_on, "size": "sme", "qualification": "fintech"}
    answer = ask({**request(usage=usage), "company": company, "waiver_policy": policy})
    assert {reading["id"] for reading in answer["readings"]} & OF_MONTHS == rests_on


def test_before_the_faq_nothing_stands_side_by_side(ask: Ask) -> None:
    found = {reading["id"] for reading in ask(request("2018-12-01", months=1))["readings"]}
    assert not found & {f"{FAQ}/preferred_to"}


def test_who_is_charged_by_id_is_told_that_queries_were_a_choice(ask: Ask) -> None:
    table = f"{LIST}/contracts.real_time.prices.usage_fee"
    assert table in {reading["id"] for reading in ask(request(usage={"personal_ids": 5}))["readings"]}
    assert table not in {reading["id"] for reading in ask(request())["readings"]}


def quoted(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    loaded = load(QuoteRequestSchema, asked)
    quote = previewing.preview(loaded, read_editions(folder), date(2026, 12, 9), previewing.nothing_known)
    answer: dict[str, Any] = orjson.loads(answers.quote_answer(quote, "en"))
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PUBLISHED, tmp_path / "tables"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_another_day_of_the_first_invoice_is_data(folder: Path) -> None:
    edit(folder, f"price_lists/{LIST}.yaml", "day: start_day", "day: next_month")
    found = quoted(folder, request("2027-01-15", months=2))["invoices"]
    # January 2,000,000 × 17 / 31 → 1,096,774, billed with February's 2,000,000
    assert [(one["issued_on"], one["supply"]) for one in found] == [("2027-02-01", 3_096_774)]
    alone = quoted(folder, request("2027-01-15", months=1))["invoices"]
    assert [(one["issued_on"], one["supply"]) for one in alone] == [("2027-02-01", 1_096_774)]
    on_the_first = quoted(folder, request(months=1))["invoices"]
    assert [one["issued_on"] for one in on_the_first] == ["2027-01-01"]


@pytest.mark.parametrize(
    ("word", "net"),
    [("by_days", 2_000_000 * 21 // 31), ("whole", 0), ("none", 2_000_000)],
)
def test_another_share_of_a_month_waived_in_part_is_data(folder: Path, word: str, net: int) -> None:
    edit(folder, f"waiver_policies/{FAQ}.yaml", "value: by_days", f"value: {word}")
    company = {"founded_on": "2020-01-11", "size": "sme", "qualification": "fintech"}
    months = quoted(folder, {**request(), "company": company})["months"]
    assert [(month["waived_days"], month["net"]) for month in months] == [(10, net), (0, 2_000_000)]


def test_queries_divided_by_days_would_be_data(folder: Path) -> None:
    edit(folder, f"price_lists/{LIST}.yaml", "query:\n      prorated: false", "query:\n      prorated: true")
    month = quoted(folder, request("2027-01-31", months=1, usage={"queries": 1000}))["months"][0]
    assert month["lines"][1]["net"] == 11_000 // 31


def test_the_plan_can_be_preferred_to_the_faq_and_each_can_still_be_named(folder: Path) -> None:
    edit(folder, f"waiver_policies/{FAQ}.yaml", f"value: [{PLAN}]", "value: [startup-12-months]")
    edit(
        folder,
        f"waiver_policies/{PLAN}.yaml",
        "channels:",
        f"preferred_to:\n  value: [{FAQ}]\n  source: S\n\nchannels:",
    )
    assert quoted(folder, request())["waiver"]["policy"] == PLAN
    assert quoted(folder, {**request(), "waiver_policy": FAQ})["waiver"]["policy"] == FAQ


FIGURES = {
    "ksic": "J",
    "average_sales": 90_000_000_000,
    "total_assets": 1,
    "business_group": False,
    "large_holder": False,
}


@pytest.mark.parametrize(
    ("figures", "rests_on"),
    [
        ({}, set()),  # within every limit: nothing is read into them
        ({"average_sales": 10**12}, {"business_group"}),  # mid-sized, as it is of no group
        ({"average_sales": 10**12, "outgrown_on": "2026-01-01"}, {"grace"}),  # an SME by grace alone
        ({"average_sales": 10**12, "outgrown_on": "2026-01-01", "grace_used": True}, {"grace", "business_group"}),
        ({"average_sales": 10**12, "outgrown_on": "2020-01-01"}, {"grace", "business_group"}),  # three years, over
        ({"outgrown_on": "2026-01-01"}, set()),  # an SME anyway
        ({"business_group": True, "outgrown_on": "2026-01-01"}, {"business_group"}),  # no grace for a group's company
    ],
)
def test_a_quote_shows_how_the_limits_of_an_sme_are_read_where_it_rests_on_that(
    ask: Ask, figures: dict[str, Any], rests_on: set[str]
) -> None:
    company = {"founded_on": "2025-01-01", "qualification": "fintech", "size_evidence": FIGURES | figures}
    found = [reading["id"] for reading in ask({**request(), "company": company})["readings"]]
    assert {name for name in found if name.startswith("company_sizes/")} == {
        f"company_sizes/{name}" for name in rests_on
    }


def test_a_stated_size_rests_on_no_reading_of_the_limits(ask: Ask) -> None:
    assert not [reading for reading in ask(request())["readings"] if reading["id"].startswith("company_sizes/")]

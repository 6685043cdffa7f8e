"""Lists that state prices in other ways, and lists that follow each other: figures counted by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from fee_service.answers import quote as answers
from fee_service.errors import FeeError
from fee_service.published.editions import CellKey, Editions
from fee_service.quotes import previewing
from schemas import load
from schemas.quote import QuoteRequestSchema

LARGE = {"founded_on": "2000-01-01", "size": "large"}
SME = {"founded_on": "2025-01-01", "size": "sme", "qualification": "fintech"}
A, B = "securities_a", "securities_b"

Answer = dict[str, Any]
Quote = Callable[..., Answer]


@pytest.fixture
def quoted(made_up_editions: Editions) -> Quote:
    """The answer to a request against the made-up editions."""

    def quoting(**request: Any) -> Answer:
        loaded = load(QuoteRequestSchema, {"company": LARGE, **request})
        quote = previewing.preview(loaded, made_up_editions, date(2016, 1, 1), previewing.nothing_known)
        answer: Answer = orjson.loads(answers.quote_answer(quote, "en"))
        return answer

    return quoting


def licence(product: str = A, **of_it: Any) -> dict[str, Any]:
    return {"contract": "real_time", "product": product, **of_it}


def nets(answer: Answer, fee: str) -> list[int]:
    """A fee's net of each month."""
    ids = {line["id"] for line in answer["lines"] if line["fee"] == fee}
    return [sum(line["net"] for line in month["lines"] if line["line"] in ids) for month in answer["months"]]


def test_a_hundred_thousand_subscribers_of_2014_cost_150_million_a_month(quoted: Quote) -> None:
    usage = {"personal_ids": 100_000}
    answer = quoted(starts_on="2014-07-01", months=1, licences=[licence(usage=usage)])
    assert answer["totals"]["net"] == 150_000_000  # 50,000 × 2,000 + 50,000 × 1,000
    explanation = next(line["explanation"] for line in answer["lines"] if line["fee"] == "usage_fee")
    assert "50,000 × 2,000 + 50,000 × 1,000 = 150,000,000 won" in explanation


@pytest.mark.parametrize(
    ("ids", "fee"),
    [(50_000, 100_000_000), (50_001, 100_001_000), (100_000, 150_000_000), (100_001, 150_000_500), (1, 2_000)],
)
def test_each_subscriber_costs_the_price_of_its_tier(quoted: Quote, ids: int, fee: int) -> None:
    answer = quoted(starts_on="2014-07-01", months=1, licences=[licence(usage={"personal_ids": ids})])
    assert answer["totals"]["net"] == fee


@pytest.mark.parametrize(
    ("usage", "fee"),
    [
        # beside what is used: at least 100,000 of personal IDs and two packages of queries, 180,000
        ({}, 100_000 + 180_000),
        ({"standard_ids": 100}, 3_000_000 + 100_000 + 180_000),  # volume: 100 × 30,000
        ({"standard_ids": 101}, 2_525_000 + 100_000 + 180_000),  # all 101 at 25,000
        ({"personal_ids": 90}, 100_000 + 180_000),  # 99,000, but at least 100,000
        ({"personal_ids": 91}, 100_100 + 180_000),
        # 1,100,000 + 4,334 × 900 = 5,000,600, but at most 5,000,000
        ({"personal_ids": 5_334}, 5_000_000 + 180_000),
        ({"queries": 1}, 100_000 + 180_000),  # at least two packages
        ({"queries": 20_001}, 100_000 + 270_000),
    ],
)
def test_volume_package_minimum_and_maximum(quoted: Quote, usage: dict[str, int], fee: int) -> None:
    answer = quoted(starts_on="2016-02-01", months=1, licences=[licence(usage=usage)])
    assert nets(answer, "usage_fee") == [fee]


def test_a_minimum_and_the_fewest_packages_are_owed_without_any_use(quoted: Quote) -> None:
    """A line of quantity 0 says so; a price without a minimum has no such line."""
    answer = quoted(starts_on="2016-02-01", months=1, licences=[licence(), licence(B)])
    usage = [line for line in answer["lines"] if line["fee"] == "usage_fee"]
    found = [(line["product"], line["user_type"], line["quantity"], line["cells"][0]["amount"]) for line in usage]
    assert found == [
        (A, "personal", 0, 100_000),  # minimum: 100000
        (A, None, 2, 180_000),  # at_least: 2 packages of 90,000
        (B, "standard", 0, 60_000),  # {flat: 12000, minimum: 60000}
    ]
    assert usage[0]["explanation"].endswith("The minimum of 100,000 won applies.")
    assert "At least 2 packages are charged." in usage[1]["explanation"]


def test_a_minimum_that_a_later_list_brings_is_owed_from_then_on(made_up_editions: Editions) -> None:
    first, later = made_up_editions.price_lists[-2:]
    key = CellKey("real_time", "usage_fee", A, "personal")
    bounded = replace(later, cells={**later.cells, key: replace(later.cells[key], minimum=50_000)})
    unprinted = replace(first, cells={place: cell for place, cell in first.cells.items() if place != key})
    for before in (first, unprinted):
        editions = replace(made_up_editions, price_lists=(before, bounded))
        loaded = load(QuoteRequestSchema, {"company": LARGE, "starts_on": "2026-12-01", "licences": [licence()]})
        quote = previewing.preview(loaded, editions, date(2026, 12, 1), previewing.nothing_known)
        answer = orjson.loads(answers.quote_answer(quote, "en"))
        # 50,000 × 16 / 31 = 25,806.5 in the month in which the list begins
        assert nets(answer, "usage_fee")[:3] == [0, 25_806, 50_000]


@pytest.mark.parametrize(("sets", "fee"), [({}, 50_000), ({"reception_sets": 2}, 700_000)])
def test_a_minimum_of_further_sets_is_owed_by_a_direct_feed_of_one_set(
    made_up_editions: Editions, sets: dict[str, int], fee: int
) -> None:
    last = made_up_editions.price_lists[-1]
    key = CellKey("real_time", "additional_reception", A, None)
    cells = {**last.cells, key: replace(last.cells[key], minimum=50_000)}
    editions = replace(made_up_editions, price_lists=(replace(last, cells=cells, supersedes=None),))
    for channel, expected in (("direct", [fee]), ("open_api", [])):
        if channel == "open_api" and sets:
            continue
        request = {"company": LARGE, "starts_on": "2027-02-01", "months": 1, "channel": channel}
        loaded = load(QuoteRequestSchema, {**request, "licences": [licence(**sets)]})
        quote = previewing.preview(loaded, editions, date(2026, 12, 1), previewing.nothing_known)
        assert [line.cells[0].charge for line in quote.lines if line.fee == "additional_reception"] == expected


def test_ids_that_a_rule_covers_leave_the_minimum_and_a_free_product_leaves_nothing(
    made_up_editions: Editions,
) -> None:
    last = made_up_editions.price_lists[-1]
    usage = CellKey("real_time", "usage_fee", "securities_c", "personal")
    base = CellKey("closing_price", "base_fee", "krx_bonds_a", None)
    bounded = {key: replace(last.cells[key], minimum=50_000) for key in (usage, base)}
    editions = replace(made_up_editions, price_lists=(replace(last, cells={**last.cells, **bounded}, supersedes=None),))
    licences = [
        *(licence(product, usage={"personal_ids": 10}) for product in (A, "securities_c")),
        licence("krx_bonds_a"),
        {"contract": "closing_price", "product": "krx_bonds_a"},
    ]
    request = {"company": LARGE, "starts_on": "2027-02-01", "months": 1, "licences": licences}
    quote = previewing.preview(load(QuoteRequestSchema, request), editions, date(2026, 12, 1), previewing.nothing_known)
    charges = {(line.fee, line.product): line.cells[0].charge for line in quote.lines if line.exempted}
    # 10 - 10 IDs of C cost 0, but at least 50,000, as without any ID; the closing bonds are free
    assert charges == {("usage_fee", "securities_c"): 50_000, ("base_fee", "krx_bonds_a"): 0}


def test_a_list_may_round_half_a_won_up_and_bill_usage_a_month_later(quoted: Quote) -> None:
    answer = quoted(starts_on="2016-02-15", ends_on="2016-02-29", licences=[licence(usage={"standard_ids": 1})])
    # 1,000,001 × 15 / 29 = 517,241.897 → 517,242; usage 30,000 × 15 / 29 = 15,517.2 → 15,517, the minimum of
    # personal IDs 100,000 × 15 / 29 = 51,724.1 → 51,724, two packages of queries 180,000
    assert [line["net"] for line in answer["months"][0]["lines"]] == [517_242, 15_517, 51_724, 180_000]
    # VAT 7.5 %: 38,793.15 → 38,793 and 247,241 × 7.5 % = 18,543.075 → 18,543, each on an invoice of its own
    assert [(entry["issued_on"], entry["supply"], entry["vat"]) for entry in answer["invoices"]] == [
        ("2016-02-15", 517_242, 38_793),
        ("2016-03-01", 247_241, 18_543),
    ]


def test_a_list_that_begins_inside_a_month_splits_it_by_days_and_rounds_once(quoted: Quote) -> None:
    answer = quoted(starts_on="2026-12-01", months=3, licences=[licence(), licence(B)])
    # A: (2,000,000 × 15 + 2,200,000 × 16) / 31 = 2,103,225.8; B: (800,000 × 15 + 750,000 × 16) / 31 = 774,193.5
    assert [month["net"] for month in answer["months"]] == [2_800_000, 2_877_418, 2_950_000]
    assert [entry["id"] for entry in answer["price_lists"]] == ["market-data-2018-07-01", "market-data-2027-01-16"]
    cells = answer["lines"][0]["cells"]
    assert [(cell["price_list"][-10:], cell["unit_price"]) for cell in cells] == [
        ("2018-07-01", 2_000_000),
        ("2027-01-16", 2_200_000),
    ]


def test_fees_that_are_not_prorated_follow_the_list_of_the_months_first_day(quoted: Quote) -> None:
    """Fees that are not prorated follow the list of the month's first day."""
    request = {"licences": [licence(usage={"personal_ids": 10})], "api_calls_per_month": 5}
    answer = quoted(starts_on="2027-01-01", months=2, **request)
    # an ID is divided by days: 10 × (1,100 × 15 + 1,200 × 16) / 31 = 11,516.1
    assert nets(answer, "usage_fee") == [11_516, 12_000]
    assert nets(answer, "api_call_fee") == [200_000, 220_000]
    later = quoted(starts_on="2027-01-16", months=1, **request)
    # 16 of 31 days: 12,000 × 16 / 31 = 6,193.5
    assert nets(later, "usage_fee") == [6_193]
    assert nets(later, "api_call_fee") == [220_000]


def test_a_waiver_that_ends_in_the_month_of_a_new_list_charges_its_days_under_each(quoted: Quote) -> None:
    company = SME | {"founded_on": "2020-01-11"}  # the waiver's last day is 2027-01-10
    answer = quoted(company=company, starts_on="2026-12-01", months=2, licences=[licence()])
    # 5 days under the old list, 16 under the new: (2,000,000 × 5 + 2,200,000 × 16) / 31 = 1,458,064.5
    assert answer["months"][1]["net"] == 1_458_064
    assert answer["months"][1]["waived_days"] == 10
    assert answer["months"][1]["waiver"] == 1_458_064 - 2_103_225


def test_the_bill_after_the_waiver_is_that_of_the_list_in_force_then(quoted: Quote) -> None:
    answer = quoted(company=SME, starts_on="2026-12-01", months=60, licences=[licence()])
    assert answer["monthly"] == {"during_waiver": 0, "after_waiver": 2_200_000}
    assert any(entry["code"] == "price_list_changes" for entry in answer["notices"])


def test_a_withheld_fee_that_a_later_list_prices_is_charged_from_then_on(quoted: Quote) -> None:
    index = licence("krx_index_group_1", affiliate_extension=True)
    answer = quoted(starts_on="2026-12-01", months=3, licences=[index])
    # 250,000 × 16 / 31 = 129,032.3
    assert nets(answer, "affiliate_extension") == [0, 129_032, 250_000]


def test_a_named_list_holds_throughout_and_is_told(quoted: Quote) -> None:
    answer = quoted(starts_on="2026-12-01", months=3, licences=[licence()], price_list="market-data-2018-07-01")
    assert [month["net"] for month in answer["months"]] == [2_000_000] * 3
    assert any(entry["code"] == "price_list_named" for entry in answer["notices"])


def faults(quoted: Quote, **request: Any) -> list[tuple[str, str]]:
    with pytest.raises(FeeError) as refused:
        quoted(**request)
    return [(fault.code, fault.pointer) for fault in refused.value.faults]


def test_what_a_list_does_not_have_is_a_fault_and_never_an_accident(quoted: Quote) -> None:
    old: dict[str, Any] = {"starts_on": "2014-07-01", "months": 1}
    closing = {"contract": "closing_price", "product": A}
    assert faults(quoted, **old, licences=[closing]) == [("unknown_product", "/licences/0/product")]
    platform = faults(quoted, **old, licences=[licence()], api_calls_per_month=1)
    assert platform == [("platform_not_priced", "/api_calls_per_month")]


def test_what_a_following_list_drops_is_refused_with_its_day(made_up_editions: Editions) -> None:
    *earlier, last = made_up_editions.price_lists
    kept = {key: cell for key, cell in last.cells.items() if key[:3] != ("real_time", "base_fee", A)}
    editions = replace(made_up_editions, price_lists=(*earlier, replace(last, cells=kept)))
    request = {"company": LARGE, "starts_on": "2026-12-01", "licences": [licence()], "apis": ["주식실시간A"]}
    with pytest.raises(FeeError) as refused:
        previewing.preview(load(QuoteRequestSchema, request), editions, date(2026, 1, 1), previewing.nothing_known)
    assert [(fault.code, fault.params["on"]) for fault in refused.value.faults] == [
        ("not_in_price_list", date(2027, 1, 16))
    ]
    short = previewing.preview(
        load(QuoteRequestSchema, request | {"ends_on": "2027-01-15"}),
        editions,
        date(2026, 1, 1),
        previewing.nothing_known,
    )
    assert short.totals.net == 2_000_000 + 2_000_000 * 15 // 31
    with pytest.raises(FeeError) as refused:
        previewing.preview(
            load(QuoteRequestSchema, request | {"licences": []}), editions, date(2026, 1, 1), previewing.nothing_known
        )
    assert [(fault.code, fault.pointer) for fault in refused.value.faults] == [("not_in_price_list", "/apis")]


def test_a_start_before_the_first_list_is_refused(quoted: Quote) -> None:
    refused = faults(quoted, starts_on="2014-06-02", months=1, licences=[licence()])
    assert refused == [("no_price_list_on_date", "/starts_on")]

"""A whole quote: its horizon, lists and policy, and that every part of it is of the request it answers."""

from dataclasses import replace
from typing import Any

import pytest
from support.core import FAQ, LIST, PLAN, TWELVE, A, B, day, days, large, licence, made, quoted, request, said, young

from fee_service.model import (
    Channel,
    CompanySize,
    Invoice,
    Label,
    Monthly,
    SizeEvidence,
    Text,
    Totals,
    Unpriced,
    Usage,
)
from fee_service.published.editions import Editions, NotFound
from fee_service.rules.lines import Platform
from fee_service.rules.pricing import PriceStatus, Pricing
from fee_service.rules.resolving import company_resolved, horizon_of, resolve


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on", "end"),
    [
        ("2026-12-09", 1, None, "2027-01-01"),  # the month of the start counts
        ("2026-12-01", 1, None, "2027-01-01"),
        ("2026-12-31", 2, None, "2027-02-01"),
        ("2026-12-09", 60, None, "2031-12-01"),
        ("2026-12-09", 2, "2027-01-30", "2027-01-31"),
        ("2026-12-09", 2, "2027-01-31", "2027-02-01"),
        ("2026-12-09", 2, "2027-02-01", "2027-02-01"),  # the months end before the contract does
        ("2026-12-09", 2, "2026-12-09", "2026-12-10"),
    ],
)
def test_a_horizon_is_so_many_calendar_months_or_ends_with_the_contract(
    starts_on: str, months: int, ends_on: str | None, end: str
) -> None:
    asked = request(licence(), starts_on=starts_on, months=months, ends_on=day(ends_on) if ends_on else None)
    assert horizon_of(asked) == days(starts_on, end)


def test_the_lists_of_a_horizon_hold_each_from_its_own_start_or_the_named_one_throughout(
    made_up_editions: Editions,
) -> None:
    asked = request(licence(), starts_on="2026-12-09", months=3)
    spanned = resolve(asked, made_up_editions).lists
    assert [(span, price_list.id) for span, price_list in spanned] == [
        (days("2026-12-09", "2027-01-16"), LIST),
        (days("2027-01-16", "2027-03-01"), "market-data-2027-01-16"),
    ]
    [(span, named)] = resolve(replace(asked, price_list=LIST), made_up_editions).lists
    assert (span, named.id) == (days("2026-12-09", "2027-03-01"), LIST)
    with pytest.raises(NotFound):
        resolve(replace(asked, price_list="unheard_of"), made_up_editions)


@pytest.mark.parametrize(
    ("starts_on", "named", "policy"),
    [
        ("2018-05-17", None, None),  # before the first
        ("2018-05-18", None, TWELVE),
        ("2018-07-01", None, TWELVE),
        ("2018-07-02", None, PLAN),
        ("2018-12-10", None, PLAN),
        ("2018-12-11", None, FAQ),
        ("2018-12-11", TWELVE, TWELVE),
    ],
)
def test_a_contract_keeps_the_policy_of_its_start_or_the_named_one(
    editions: Editions, starts_on: str, named: str | None, policy: str | None
) -> None:
    found = company_resolved(request(licence(), starts_on=starts_on, waiver_policy=named), editions).policy
    assert (found and found.id) == policy


def test_a_policy_that_is_not_published_is_never_applied(editions: Editions) -> None:
    with pytest.raises(NotFound):
        company_resolved(request(licence(), waiver_policy="unheard_of"), editions)


def test_every_part_of_a_quote_is_of_its_request(editions: Editions) -> None:
    asked = request(
        licence(usage=Usage(personal_ids=10)),
        company=young(),
        starts_on="2026-12-09",
        months=2,
        test_months=3,
        apis=("주식실시간A", "시세표"),
        api_calls_per_month=5,
    )
    found = made(asked, editions)
    assert found.request is asked
    assert [(span, price_list.id) for span, price_list in found.lists] == [(days("2026-12-09", "2027-02-01"), LIST)]
    assert found.price_list is editions.price_list(LIST)
    assert found.policy is editions.policy(FAQ)
    assert (found.waiver.period, found.waiver.policy) == (days("2026-12-09", "2029-12-09"), FAQ)
    assert (found.eligibility.status, found.company_size, found.prior_found) == ("eligible", None, ())
    assert [(each.product, each.for_apis) for each in found.licences] == [(A, ("주식실시간A",))]
    assert [line.fee for line in found.lines] == ["base_fee", "usage_fee", "environment_setup", "api_call_fee"]
    assert found.test == days("2026-09-09", "2026-12-09")
    # base fee 1,483,870 + 2,000,000, waived; IDs 11,000 × 23 / 31 = 8,161 + 11,000; set-up 3,000,000; calls 400,000
    assert found.totals == Totals(6_903_031, -3_483_870, 3_419_161, 341_916)
    assert found.totals.total == 3_761_077
    assert found.invoices == (
        Invoice(day("2026-12-09"), 3_200_000, 320_000),
        Invoice(day("2027-01-01"), 200_000, 20_000),
        Invoice(day("2027-02-01"), 8_161, 816),
        Invoice(day("2027-03-01"), 11_000, 1_100),
    )
    assert found.monthly == Monthly(211_000, 2_211_000)
    assert [(each.api, each.status) for each in found.unpriced] == [("시세표", "on_request")]
    assert found.unpriced[0].text.code == "unpriced_api"
    assert said(found.unpriced[0].text) == (
        "Multi-quote lists: Multi-quote lists need an extra use licence beside the real-time licence; "
        "its price is not published and is given on request."
    )
    assert found.pricing == Pricing(PriceStatus.PARTLY_PRICED, PriceStatus.PARTLY_PRICED, ("on_request",))
    assert "usage_records" in [term.id for term in found.terms]


def test_a_quote_of_a_company_that_gives_its_figures_says_how_they_decide(editions: Editions) -> None:
    figures = SizeEvidence("J", 10**12, 1, False, False)
    found = quoted(editions, licence(), company=large(size=CompanySize.MID_SIZED, size_evidence=figures))
    assert found.company_size == editions.company_sizes.decide(figures, day("2027-01-01"))
    assert found.company_size is not None
    assert found.company_size.size is CompanySize.MID_SIZED
    # the ceiling of the start day, not of today
    before = SizeEvidence("J", 90_000_000_000, 1, False, False)
    early = quoted(editions, licence(), starts_on="2025-08-31", company=large(size_evidence=before))
    assert early.company_size is not None
    assert early.company_size.size is CompanySize.MID_SIZED


def test_conditions_are_those_of_the_start_day(editions: Editions) -> None:
    centre = young("2020-01-01", qualification="fintech_centre")
    for starts_on, status in (("2022-02-10", "eligible"), ("2022-02-11", "ineligible")):
        assert quoted(editions, licence(), starts_on=starts_on, company=centre).eligibility.status == status


def test_what_to_hand_in_follows_the_policy_the_day_and_the_data(editions: Editions) -> None:
    faq = quoted(editions, licence(), starts_on="2022-07-12").onboarding
    plan = quoted(editions, licence(), starts_on="2022-07-12", waiver_policy=PLAN).onboarding
    printed = ["application_form", "corporate_registration", "business_registration", "business_plan", "service_list"]
    assert [document.id for document in faq.documents] == printed
    assert [document.id for document in plan.documents] == [*printed, "articles_of_incorporation", "pre_approval_form"]
    assert {document.last_printed_on for document in faq.documents} == {None}
    later = quoted(editions, licence(), starts_on="2022-07-13").onboarding
    assert {document.last_printed_on for document in later.documents} == {day("2022-07-12")}
    assert (faq.security_check, faq.grounds) == (False, editions.onboarding.grounds_on(day("2022-07-12")))
    order = quoted(editions, starts_on="2022-01-01", apis=("신규주문",)).onboarding
    assert order.security_check is True
    before = quoted(editions, licence(), starts_on="2018-07-01", company=young("2015-01-01")).onboarding
    assert [document.id for document in before.documents] == printed
    none = quoted(editions, licence(), starts_on="2018-05-17", price_list=LIST).onboarding
    assert [document.id for document in none.documents] == printed


@pytest.mark.parametrize(
    ("test_months", "company", "test"),
    [
        (0, young(), None),
        (1, young(), ("2026-12-01", "2027-01-01")),
        (6, young(), ("2026-07-01", "2027-01-01")),
        (6, large(), None),  # part of the support, which is refused
    ],
)
def test_free_test_months_run_before_the_start_where_the_waiver_is_granted(
    editions: Editions, test_months: int, company: Any, test: tuple[str, str] | None
) -> None:
    found = quoted(editions, licence(), company=company, test_months=test_months)
    assert found.test == (days(*test) if test else None)


def test_the_platform_is_used_where_calls_are_known_or_a_service_has_a_fee(editions: Editions) -> None:

    def platform(starts_on: str = "2022-01-01", **of_it: Any) -> Platform | None:
        return resolve(request(starts_on=starts_on, **of_it), editions).platform

    table = editions.services
    assert platform() is None
    assert platform(apis=("주식실시간A",)) is None
    assert platform(api_calls_per_month=0) == Platform(0, (), table)
    assert platform(apis=("신규주문",)) == Platform(None, table.in_order(["new-order"]), table)
    both = platform(apis=("주문취소", "신규주문"), api_calls_per_month=7)
    assert both == Platform(7, table.in_order(["new-order", "cancel-order"]), table)
    assert platform("2018-12-02", apis=("신규주문",)) is None  # no fee was published before 2018-12-03
    assert platform("2018-12-03", apis=("신규주문",)) is not None
    assert platform("2022-02-11", apis=("신규주문",)) is None  # it is not offered any more


def test_requested_apis_keep_the_name_by_which_they_were_asked_for(editions: Editions) -> None:
    asked = request(apis=("주식실시간A", "unheard of", "real-time-kospi"))
    assert [(each.asked, each.api.id) for each in company_resolved(asked, editions).apis] == [
        ("주식실시간A", "real-time-kospi"),
        ("real-time-kospi", "real-time-kospi"),
    ]


def test_a_service_before_its_first_price_is_on_request_and_says_since_when_it_has_one(editions: Editions) -> None:
    found = quoted(editions, starts_on="2018-12-02", apis=("신규주문",))
    label = Label("신규주문", "New order")
    why = Text("no_fee_published_before", {"day": day("2018-12-03")})
    assert found.unpriced == (Unpriced("신규주문", "on_request", Text("unpriced_api", {"api": label, "why": why})),)
    assert (found.lines, found.totals) == ((), Totals(0, 0, 0, 0))
    assert found.pricing == Pricing(PriceStatus.UNPRICED, PriceStatus.UNPRICED, ("on_request",))
    # a month of the contract has an invoice even of 0
    assert [invoice.supply for invoice in found.invoices] == [0, 0]


def test_the_licences_of_a_quote_are_chosen_by_what_they_cost_under_its_waiver_and_lists(editions: Editions) -> None:
    found = quoted(editions, apis=("주식실시간종가A",), company=young())
    assert [(each.contract, each.product) for each in found.licences] == [("closing_price", A)]
    beside = quoted(editions, licence(A), licence(B), apis=("주식실시간종가A",), company=young())
    assert [(each.contract, each.product, each.for_apis) for each in beside.licences] == [
        ("real_time", A, ("주식실시간종가A",)),
        ("real_time", B, ()),
    ]


def test_a_direct_feed_is_quoted_with_its_sets(editions: Editions) -> None:
    found = quoted(editions, licence(reception_sets=2), channel=Channel.DIRECT)
    assert [(line.fee, line.cells[0].charge) for line in found.lines] == [
        ("base_fee", 2_000_000),
        ("additional_reception", 700_000),
    ]
    assert found.totals == Totals(5_400_000, 0, 5_400_000, 540_000)


def test_a_request_that_says_little_is_for_60_months_over_the_platform(editions: Editions) -> None:
    asked = replace(request(licence()), months=60)
    assert (asked.channel, asked.test_months, asked.prior_waiver, asked.apis) == (Channel.OPEN_API, 0, (), ())
    assert (asked.api_calls_per_month, asked.ends_on, asked.waiver_policy, asked.price_list) == (None, None, None, None)
    assert type(asked)(asked.company, asked.starts_on, licences=asked.licences) == asked

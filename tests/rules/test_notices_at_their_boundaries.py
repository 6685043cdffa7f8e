"""Every notice, present and absent at its boundary, with everything that it says."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.core import (
    FAQ,
    LIST,
    PLAN,
    TWELVE,
    A,
    B,
    changed,
    day,
    days,
    flat,
    large,
    licence,
    notices,
    one_list,
    quoted,
    request,
    said,
    young,
)

from fee_service.model import Channel, CompanySize, Label, PartlyWaived, Text, Usage
from fee_service.prices import Cell, CellKind, Graduated, Tier
from fee_service.published.editions import Editions, PriceList
from fee_service.rules.quoting import Quote

AGE = {"price_list_age", "contract_renewal"}  # on every quote under a list that is in force
LEFT_OUT = "platform_fees_left_out"


@pytest.fixture
def price_list(editions: Editions) -> PriceList:
    """The published list."""
    return editions.price_list(LIST)


def codes(of: Quote) -> list[str]:
    return [notice.code for notice in of.notices]


# -- the waiver's end, a refusal, a review -----------------------------------------------------------------


def test_the_end_of_the_waiver_is_told_with_the_bill_after_it(editions: Editions) -> None:
    found = notices(quoted(editions, licence(), company=young()))
    assert found["waiver_ends"] == Text(
        "waiver_ends", {"last_day": day("2029-12-31"), "from_day": day("2030-01-01"), "amount": 2_000_000}
    )
    assert "waiver_refused" not in found


def test_a_waiver_that_covers_no_fee_says_so_instead_of_its_end(editions: Editions) -> None:
    found = quoted(editions, licence(options=("general",)), company=young())
    assert codes(found)[0] == "nothing_waivable"
    assert "waiver_ends" not in codes(found)
    one_of_two = codes(quoted(editions, licence(options=("general", "retail")), company=young()))
    assert one_of_two[0] == "waiver_ends"


@pytest.mark.parametrize(
    ("product", "price"), [("derivatives_b", Text("pricing_withheld")), ("krx_index_group_2", Text("pricing_withheld"))]
)
def test_the_end_of_a_waiver_of_what_has_no_price_names_no_amount(
    editions: Editions, product: str, price: Text
) -> None:
    found = notices(quoted(editions, licence(product), company=young()))
    assert found["waiver_ends_without_price"] == Text(
        "waiver_ends_without_price", {"last_day": day("2029-12-31"), "price": price}
    )
    assert "waiver_ends" not in found


def test_a_refusal_names_each_reason_and_nothing_that_is_met(editions: Editions) -> None:
    refused = quoted(editions, licence(), company=large(), channel=Channel.DIRECT)
    text = notices(refused)["waiver_refused"]
    unmet = [condition.text for condition in refused.waiver.conditions if not condition.met]
    assert text.params == {"reasons": tuple(unmet)}
    assert [reason.code for reason in unmet] == ["channel_missed", "company_size_missed", "company_age_under_missed"]
    assert said(text).startswith("The waiver is refused. The waiver is for the Open API platform only;")


@pytest.mark.parametrize(
    ("company", "code"),
    [
        (young(qualification=None), "qualification_needs_review"),
        (young("2000-01-01", qualification=None), "qualification_unknown"),  # too old: nothing is computed on it
        (young(), None),
        (large(qualification=None), None),  # ineligible anyway
    ],
)
def test_a_qualification_that_is_not_stated_needs_a_review(editions: Editions, company: Any, code: str | None) -> None:
    found = [name for name in codes(quoted(editions, licence(), company=company)) if name.startswith("qualification")]
    assert found == ([code] if code else [])


# -- a start on the first of the next month ----------------------------------------------------------------


def next_month(of: Quote) -> Text | None:
    return next((notice.text for notice in of.notices if notice.code.startswith("start_next_month")), None)


def test_a_start_on_the_first_of_the_next_month_is_compared_up_to_the_same_day(editions: Editions) -> None:
    found = next_month(quoted(editions, licence(), starts_on="2026-12-09", months=2))
    # 1,483,870 + 2,000,000 against 2,000,000
    assert found == Text(
        "start_next_month_less_unwaived",
        {
            "start": day("2027-01-01"),
            "until": day("2027-01-31"),
            "now": 3_483_870,
            "then": 2_000_000,
            "difference": 1_483_870,
        },
    )


def test_a_later_start_may_cost_the_same_where_all_is_waived(editions: Editions) -> None:
    found = next_month(quoted(editions, licence(), starts_on="2026-12-09", months=2, company=young()))
    assert found == Text(
        "start_next_month_same",
        {
            "start": day("2027-01-01"),
            "until": day("2027-01-31"),
            "now": 0,
            "then": 0,
            "difference": 0,
            "last_day": day("2029-12-31"),
        },
    )


def test_a_start_that_comes_too_late_for_the_waiver_is_compared_without_one(editions: Editions) -> None:
    found = next_month(quoted(editions, licence(), starts_on="2026-12-09", months=2, company=young("2019-12-20")))
    # waived to 2026-12-19: 12 of 31 days of December and January; from January on nothing is waived
    assert found == Text(
        "start_next_month_less_unwaived",
        {
            "start": day("2027-01-01"),
            "until": day("2027-01-31"),
            "now": 774_193 + 2_000_000,
            "then": 2_000_000,
            "difference": 774_193,
        },
    )
    to_the_end = next_month(quoted(editions, licence(), starts_on="2026-12-09", months=2, company=young("2020-01-01")))
    # waived to the end of December; a start in January is refused and costs the same
    assert to_the_end == Text(
        "start_next_month_same_unwaived",
        {"start": day("2027-01-01"), "until": day("2027-01-31"), "now": 2_000_000, "then": 2_000_000, "difference": 0},
    )


def test_a_later_start_moves_what_is_left_of_the_waiver(editions: Editions) -> None:
    """20 days of it are left, whenever it begins."""
    prior = (days("2020-01-01", "2022-12-12"),)
    found = next_month(
        quoted(editions, licence(), starts_on="2026-12-09", months=2, company=young(), prior_waiver=prior)
    )
    assert found is not None
    # 35 months and 11 days are used: 2027-01-09 less 11 days is 2026-12-29, 20 days waived, 3 + January charged
    assert found == Text(
        "start_next_month_less",
        {
            "start": day("2027-01-01"),
            "until": day("2027-01-31"),
            "now": 193_548 + 2_000_000,
            # 2027-02-01 less 11 days is 2027-01-21: 11 of 31 days
            "then": 709_677,
            "difference": 1_483_871,
            "last_day": day("2027-01-20"),
        },
    )


def test_a_month_that_is_waived_as_a_whole_for_one_day_is_compared_as_such(
    made_up_editions: Editions, price_list: PriceList
) -> None:
    """The whole of December is free for one waived day of it; queries are not covered."""
    policies = tuple(
        replace(policy, partial_month=PartlyWaived.WHOLE) if policy.id == FAQ else policy
        for policy in made_up_editions.policies
    )
    editions = replace(one_list(made_up_editions, price_list), policies=policies)
    prior = (days("2020-01-01", "2022-12-12"),)
    found = next_month(
        quoted(editions, licence(), starts_on="2026-12-09", months=1, company=young(), prior_waiver=prior)
    )
    assert found is None  # there is no next month in the contract
    company = young("2019-12-10")  # waived on 9 December alone, so all of December is free
    free = next_month(quoted(editions, licence(), starts_on="2026-12-09", months=2, company=company))
    assert free is not None
    assert (free.code, free.params["now"], free.params["then"]) == (
        "start_next_month_same_unwaived",
        2_000_000,
        2_000_000,
    )
    usage = licence(usage=Usage(queries=10))
    later = next_month(quoted(editions, usage, starts_on="2026-12-09", months=2, company=company))
    assert later is not None
    assert (later.code, later.params["difference"]) == ("start_next_month_less_unwaived", 110)


def test_a_later_start_costs_more_where_the_waiver_of_the_first_days_is_lost(editions: Editions) -> None:
    """A policy whose waiver goes on past the seventh birthday: a start after it is too late."""
    company = young("2019-12-10", qualification="fintech_centre")
    policies = tuple(
        replace(policy, age=policy.age._replace(ends_waiver=False)) if policy.id == FAQ else policy
        for policy in editions.policies
    )
    asked = {"starts_on": "2026-12-09", "months": 2, "company": replace(company, qualification=None)}
    found = next_month(quoted(replace(editions, policies=policies), licence(), **asked))
    # the waiver goes on past the seventh birthday; a start on 1 January is too late
    assert found == Text(
        "start_next_month_more_unwaived",
        {
            "start": day("2027-01-01"),
            "until": day("2027-01-31"),
            "now": 0,
            "then": 2_000_000,
            "difference": 2_000_000,
        },
    )


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on", "told"),
    [
        ("2026-12-01", 2, None, False),  # it is a first already
        ("2026-12-02", 2, None, True),
        ("2026-12-31", 2, None, True),
        ("2026-12-09", 1, None, False),  # over by then
        ("2026-12-09", 2, "2026-12-31", False),
        ("2026-12-09", 2, "2027-01-01", True),  # one day is left
    ],
)
def test_a_later_start_is_told_where_there_is_one(
    editions: Editions, starts_on: str, months: int, ends_on: str | None, told: bool
) -> None:
    end = day(ends_on) if ends_on else None
    found = next_month(quoted(editions, licence(), starts_on=starts_on, months=months, ends_on=end))
    assert (found is not None) is told


def test_a_later_start_of_what_has_no_price_is_not_compared(editions: Editions) -> None:
    asked: dict[str, Any] = {"starts_on": "2026-12-09", "months": 3}
    assert next_month(quoted(editions, licence("derivatives_b"), **asked)) is None
    assert next_month(quoted(editions, licence("derivatives_b"), licence(), **asked)) is not None


@pytest.mark.parametrize(("starts_on", "told"), [("2022-01-09", True), ("2022-02-09", False), ("2022-02-10", False)])
def test_a_later_start_of_what_is_not_offered_any_more_by_then_is_not_advised(
    editions: Editions, starts_on: str, told: bool
) -> None:
    """The service is offered until 10 February 2022: a start on 1 February still has it."""
    found = next_month(quoted(editions, starts_on=starts_on, months=3, apis=("신규주문",)))
    assert (found is not None) is told


def test_a_service_that_ends_with_the_month_is_not_advised_to_start_after_it(editions: Editions) -> None:
    table = editions.services
    ending = {
        name: service._replace(last_offered=date(2022, 1, 31) if service.last_offered else None)
        for name, service in table.services.items()
    }
    found = {
        start: next_month(quoted(replace(editions, services=replace(table, services=ending)), **asked))
        for start in ("2022-01-09",)
        for asked in [{"starts_on": start, "months": 3, "apis": ("신규주문",)}]
    }
    assert found == {"2022-01-09": None}
    day_more = {name: service._replace(last_offered=date(2022, 2, 1)) for name, service in table.services.items()}
    more = replace(editions, services=replace(table, services=day_more))
    assert next_month(quoted(more, starts_on="2022-01-09", months=3, apis=("신규주문",))) is not None


def test_a_later_start_keeps_the_policy_and_asks_who_is_eligible_on_its_own_day(editions: Editions) -> None:
    """The fintech centre is a ground until 10 February 2022."""
    company = young("2020-01-01", qualification="fintech_centre")
    found = next_month(quoted(editions, licence(), starts_on="2022-02-09", months=2, company=company))
    assert found is not None
    assert (found.code, found.params["now"], found.params["then"]) == ("start_next_month_more_unwaived", 0, 2_000_000)
    before = next_month(quoted(editions, licence(), starts_on="2018-12-10", months=2, company=young("2017-01-01")))
    assert before is not None
    assert before.params["last_day"] == day("2021-12-31")


def test_a_later_start_under_two_lists_costs_what_each_of_them_says(made_up_editions: Editions) -> None:
    found = next_month(quoted(made_up_editions, licence(), starts_on="2026-12-09", months=3))
    # January 2,103,225, February 2,200,000
    assert found is not None
    assert (found.params["then"], found.params["difference"]) == (4_303_225, 1_483_870)
    later = next_month(quoted(made_up_editions, licence(), starts_on="2027-01-10", months=2))
    # the first list holds no day of what is left: (2,000,000 × 6 + 2,200,000 × 16) / 31 = 1,522,580.6
    assert later is not None
    assert (later.params["then"], later.params["difference"]) == (2_200_000, 1_522_580)


# -- the age limit -----------------------------------------------------------------------------------------


def by_age(of: Quote) -> Text | None:
    wanted = ("waiver_start_deadline", "earlier_start_waives_more", "waiver_missed_by_age")
    return next((notice.text for notice in of.notices if notice.code in wanted), None)


@pytest.mark.parametrize(
    ("founded_on", "code", "last_day"),
    [
        ("2025-01-01", "waiver_start_deadline", "2031-12-31"),
        ("2023-01-01", "waiver_start_deadline", "2029-12-31"),  # too old on the day on which 36 months end
        ("2022-12-31", "earlier_start_waives_more", "2029-12-30"),
        ("2020-01-02", "earlier_start_waives_more", "2027-01-01"),
        ("2020-01-01", "waiver_missed_by_age", "2026-12-31"),
        ("2019-01-02", "waiver_missed_by_age", "2026-01-01"),  # missed by less than twelve months
        ("2019-01-01", None, None),  # by twelve
    ],
)
def test_the_age_limit_is_told_before_within_and_shortly_after_it(
    editions: Editions, founded_on: str, code: str | None, last_day: str | None
) -> None:
    found = by_age(quoted(editions, licence(A), licence(B), company=young(founded_on)))
    if code is None:
        assert found is None
    else:
        assert found == Text(code, {"last_day": day(last_day or ""), "years": 7, "amount": 2_800_000})


def test_what_an_earlier_start_would_have_waived_holds_only_what_is_covered(editions: Editions) -> None:
    found = by_age(quoted(editions, licence(options=("general", "retail")), company=young("2020-01-01")))
    assert found is not None
    assert found.params["amount"] == 2_000_000


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, True),
        ({"company": young("2020-01-01", size=CompanySize.LARGE)}, False),  # refused for more than its age
        ({"channel": Channel.DIRECT}, False),
        ({"company": young("2025-01-01", size=CompanySize.LARGE)}, False),
    ],
)
def test_a_company_that_is_refused_for_more_than_its_age_hears_nothing_of_age(
    editions: Editions, asked: dict[str, Any], told: bool
) -> None:
    assert (by_age(quoted(editions, licence(), **{"company": young("2020-01-01")} | asked)) is not None) is told


def test_age_matters_to_nobody_who_has_nothing_to_waive(editions: Editions) -> None:
    assert by_age(quoted(editions, licence(options=("general",)), company=young())) is None
    assert by_age(quoted(editions, licence("derivatives_b"), company=young())) is None
    before = quoted(editions, licence(), starts_on="2018-05-17", company=young("2017-01-01"), price_list=LIST)
    assert by_age(before) is None


# -- other policies ----------------------------------------------------------------------------------------


def test_a_policy_that_waives_more_fees_is_told_with_what_it_adds(editions: Editions) -> None:
    asked = licence(usage=Usage(personal_ids=10))
    found = notices(quoted(editions, asked, company=young(), api_calls_per_month=5))["broader_policy"]
    plan = editions.policy(PLAN)
    # two months of 10 × 1,100 and of 200,000
    assert found == Text("broader_policy", {"policy": plan.label, "id": PLAN, "amount": 422_000})


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"usage": Usage(queries=1)}, True),
        ({}, False),  # it adds nothing
        ({"usage": Usage(queries=1), "options": ("general",)}, False),
    ],
)
def test_a_broader_policy_that_adds_nothing_is_not_told(editions: Editions, asked: dict[str, Any], told: bool) -> None:
    assert ("broader_policy" in notices(quoted(editions, licence(**asked), company=young()))) is told


def test_a_broader_policy_is_told_where_it_alone_grants_anything(editions: Editions) -> None:
    """On the seventh birthday the FAQ is over; the plan waives that day."""
    found = notices(quoted(editions, licence(usage=Usage(personal_ids=31)), company=young("2020-01-01")))
    # 2,000,000 - 2,000,000 × 30 / 31 = 64,517; 34,100 - 33,000 = 1,100
    assert found["broader_policy"].params["amount"] == 64_517 + 1_100
    after = quoted(editions, licence(usage=Usage(personal_ids=31)), company=young("2019-12-31"))
    assert "broader_policy" not in notices(after)


def test_the_broadest_policy_has_none_beside_it_and_one_that_is_over_is_none(editions: Editions) -> None:
    asked = licence(usage=Usage(queries=1))
    assert "broader_policy" not in notices(quoted(editions, asked, company=young(), waiver_policy=PLAN))
    before = quoted(editions, asked, starts_on="2018-06-01", company=young("2017-01-01"), price_list=LIST)
    assert before.policy is not None
    assert before.policy.id == TWELVE
    assert "broader_policy" not in notices(before)
    none = quoted(editions, asked, starts_on="2018-05-17", company=young("2017-01-01"), price_list=LIST)
    assert "broader_policy" not in notices(none)


def test_a_named_policy_says_which_one_would_apply(editions: Editions) -> None:
    beside = Text("policy_stands_beside")
    over = Text("policy_not_in_force")

    def named(policy: str, starts_on: str = "2027-01-01") -> Text | None:
        return notices(quoted(editions, licence(), starts_on=starts_on, waiver_policy=policy, price_list=LIST)).get(
            "policy_named"
        )

    def says(policy: str, usual: str, standing: Text, starts_on: str = "2027-01-01") -> Text:
        return Text("policy_named", {"named": policy, "usual": usual, "start": day(starts_on), "standing": standing})

    assert named(FAQ) is None
    assert named(PLAN) == says(PLAN, FAQ, beside)
    assert named(TWELVE) == says(TWELVE, FAQ, over)
    assert named(PLAN, "2018-12-10") is None
    assert named(FAQ, "2018-12-10") == says(FAQ, PLAN, over, "2018-12-10")
    assert named(TWELVE, "2018-05-17") == says(TWELVE, "-", over, "2018-05-17")
    assert "policy_named" not in notices(quoted(editions, licence()))


# -- IDs and queries ---------------------------------------------------------------------------------------

NAME = Label("증권 A(유가증권시장 주식)", "Securities A (KOSPI shares)")


def compared(of: Quote) -> list[Text]:
    return [notice.text for notice in of.notices if "instead_of" in notice.code]


@pytest.mark.parametrize(
    ("usage", "texts"),
    [
        (
            Usage(personal_ids=10),  # 11,000 won; 1,100 / 11 queries an ID
            [("queries_instead_of_personal_ids", {"quantity": 10, "amount": 11_000, "queries": 1_000, "per_id": 100})],
        ),
        (
            Usage(standard_ids=3),  # 78,000 / 11 = 7,090.9; 26,000 / 11 = 2,363.6
            [
                (
                    "queries_instead_of_standard_ids",
                    {"quantity": 3, "amount": 78_000, "queries": 7_091, "per_id": 2_364},
                )
            ],
        ),
        (
            Usage(queries=2_364),  # 26,004 won: more than one standard ID
            [("ids_instead_of_queries", {"quantity": 2_364, "amount": 26_004, "personal": 24, "standard": 2})],
        ),
        (
            Usage(queries=2_363),  # 25,993 won: less than a standard ID costs
            [
                (
                    "personal_ids_instead_of_queries",
                    {"quantity": 2_363, "amount": 25_993, "personal": 24, "standard": 1},
                )
            ],
        ),
        (
            Usage(queries=101),  # 1,111 won: more than one personal ID
            [("personal_ids_instead_of_queries", {"quantity": 101, "amount": 1_111, "personal": 2, "standard": 1})],
        ),
        (Usage(queries=100), []),  # 1,100 won: as dear as one
        (Usage(), []),
    ],
)
def test_ids_and_queries_are_compared_at_the_point_from_which_the_other_is_cheaper(
    editions: Editions, usage: Usage, texts: list[tuple[str, dict[str, int]]]
) -> None:
    found = compared(quoted(editions, licence(usage=usage)))
    assert found == [Text(code, {"product": NAME, **params}) for code, params in texts]


def test_each_usage_is_compared_for_itself(editions: Editions) -> None:
    found = compared(quoted(editions, licence(usage=Usage(1, 1, 101)), licence(B, usage=Usage(personal_ids=1))))
    assert [text.code for text in found] == [
        "queries_instead_of_standard_ids",
        "queries_instead_of_personal_ids",
        "personal_ids_instead_of_queries",
        "queries_instead_of_personal_ids",
    ]


@pytest.mark.parametrize(
    ("column", "cell", "usage", "count"),
    [
        ("query", flat(11, minimum=5), Usage(personal_ids=1), 0),  # a query does not cost the same each
        ("query", flat(11, maximum=5), Usage(personal_ids=1), 0),
        ("query", flat(0), Usage(personal_ids=1), 0),
        ("query", Cell(CellKind.WITHHELD), Usage(personal_ids=1), 0),
        ("query", Cell(CellKind.AMOUNT, Graduated((Tier(None, 11),))), Usage(personal_ids=1), 0),
        ("personal", flat(1_100, minimum=5), Usage(personal_ids=1), 0),
        ("personal", flat(1_100, minimum=5), Usage(queries=3_000), 0),  # not both kinds of ID have one price
        ("standard", flat(26_000, maximum=10**9), Usage(queries=3_000), 0),
        ("standard", flat(0), Usage(queries=3_000), 0),
        ("standard", flat(26_000, maximum=10**9), Usage(personal_ids=1), 1),
        ("personal", Cell(CellKind.WITHHELD), Usage(personal_ids=1), 0),
        ("personal", flat(1_101), Usage(queries=3_000), 1),
    ],
)
def test_only_flat_prices_are_compared(
    editions: Editions, price_list: PriceList, column: str, cell: Cell, usage: Usage, count: int
) -> None:
    priced = one_list(editions, changed(price_list, {("real_time", "usage_fee", A, column): cell}))
    found = compared(quoted(priced, licence(usage=usage)))
    kinds = [text for text in found if not (column == "query" and text.code.startswith("personal"))]
    assert len(kinds) == count


def test_usage_that_is_wholly_covered_is_not_compared(editions: Editions) -> None:
    both = licence(usage=Usage(personal_ids=4)), licence("securities_c", usage=Usage(personal_ids=4))
    assert len(compared(quoted(editions, *both))) == 1


# -- the platform ------------------------------------------------------------------------------------------


def test_platform_fees_are_left_out_where_no_calls_are_given(editions: Editions) -> None:
    assert LEFT_OUT in codes(quoted(editions, licence()))
    assert LEFT_OUT not in codes(quoted(editions, licence(), api_calls_per_month=0))
    assert LEFT_OUT not in codes(quoted(editions, licence(), channel=Channel.DIRECT))


@pytest.mark.parametrize(
    ("months", "calls", "per_day", "month"),
    [
        (1, 1_550_000, None, None),  # 31 × 50,000
        (1, 1_550_001, 50_001, "2027-01"),
        (2, 1_400_000, None, None),  # the shortest month decides: 28 × 50,000
        (2, 1_400_001, 50_001, "2027-02"),
        (2, 1_428_000, 51_000, "2027-02"),
        (2, 1_428_001, 51_001, "2027-02"),
    ],
)
def test_calls_over_the_daily_cap_are_told_for_the_shortest_month(
    editions: Editions, months: int, calls: int, per_day: int | None, month: str | None
) -> None:
    found = notices(quoted(editions, licence(), months=months, api_calls_per_month=calls)).get("calls_over_daily_limit")
    if per_day is None:
        assert found is None
    else:
        assert found == Text(
            "calls_over_daily_limit", {"calls": calls, "month": month, "per_day": per_day, "limit": 50_000}
        )


def test_a_list_without_a_cap_has_none_to_exceed(editions: Editions, price_list: PriceList) -> None:
    without = one_list(editions, replace(price_list, call_limit=None))
    found = quoted(without, licence(), api_calls_per_month=10**9)
    assert "calls_over_daily_limit" not in codes(found)


@pytest.mark.parametrize(("calls", "told"), [(560_000, False), (560_001, True)])
def test_calls_over_the_cap_of_a_service_are_told_with_the_services(editions: Editions, calls: int, told: bool) -> None:
    """28 days of February at 20,000."""
    found = quoted(editions, starts_on="2022-01-01", apis=("신규주문", "주문취소"), api_calls_per_month=calls)
    labels = tuple(editions.services.services[name].label for name in ("new-order", "cancel-order"))
    params = {"services": labels, "month": "2022-02", "per_day": 20_001, "calls": calls, "limit": 20_000}
    expected = Text("calls_over_service_limit", params) if told else None
    assert notices(found).get("calls_over_service_limit") == expected
    assert "calls_over_daily_limit" not in codes(found)


def test_services_of_one_cap_are_told_together_and_those_at_the_platforms_cap_not_at_all(editions: Editions) -> None:
    """Services of one cap are told together and those at the platform's cap not at all."""
    table = editions.services
    caps = {"new-order": 20_000, "cancel-order": 10_000, "virtual-accounts": 50_000}
    services = {
        name: service._replace(calls_per_day=caps.get(name, service.calls_per_day))
        for name, service in table.services.items()
    }
    capped = replace(editions, services=replace(table, services=services))
    asked: dict[str, Any] = {"starts_on": "2022-01-01", "apis": ("신규주문", "주문취소", "가상계좌 목록 조회")}
    found = quoted(capped, **asked, api_calls_per_month=1_400_001)
    over = [notice.text for notice in found.notices if notice.code == "calls_over_service_limit"]
    assert [(text.params["limit"], text.params["services"]) for text in over] == [
        (20_000, (table.services["new-order"].label,)),
        (10_000, (table.services["cancel-order"].label,)),
    ]
    unlimited = one_list(capped, replace(editions.price_list(LIST), call_limit=None))
    found = quoted(unlimited, **asked, api_calls_per_month=1_400_001)
    over = [notice.text for notice in found.notices if notice.code == "calls_over_service_limit"]
    assert [text.params["limit"] for text in over] == [50_000, 20_000, 10_000]


def test_a_service_without_a_cap_of_its_own_has_none_to_exceed(editions: Editions) -> None:
    table = editions.services
    services = {name: service._replace(calls_per_day=None) for name, service in table.services.items()}
    free = replace(editions, services=replace(table, services=services))
    found = quoted(free, starts_on="2022-01-01", apis=("신규주문",), api_calls_per_month=1_400_000)
    assert "calls_over_service_limit" not in codes(found)


@pytest.mark.parametrize(
    ("ends_on", "told"), [("2022-02-10", False), ("2022-02-11", True), ("2022-02-28", True), ("2022-01-31", False)]
)
def test_a_service_that_ends_inside_the_quoted_period_is_told(editions: Editions, ends_on: str, told: bool) -> None:
    asked: dict[str, Any] = {"starts_on": "2022-01-01", "apis": ("신규주문", "주문취소", "가상계좌 목록 조회")}
    found = notices(quoted(editions, **asked, ends_on=day(ends_on))).get("service_ends_within")
    labels = tuple(editions.services.services[name].label for name in ("new-order", "cancel-order"))
    expected = Text("service_ends_within", {"last_day": day("2022-02-10"), "services": labels})
    assert found == (expected if told else None)


def test_services_that_end_on_two_days_are_told_for_each(editions: Editions) -> None:
    table = editions.services
    services = {
        name: service._replace(last_offered=day("2022-01-20")) if name == "cancel-order" else service
        for name, service in table.services.items()
    }
    found = quoted(
        replace(editions, services=replace(table, services=services)),
        starts_on="2022-01-01",
        apis=("신규주문", "주문취소"),
    )
    over = [notice.text for notice in found.notices if notice.code == "service_ends_within"]
    assert [(text.params["last_day"], text.params["services"]) for text in over] == [
        (day("2022-02-10"), (table.services["new-order"].label,)),
        (day("2022-01-20"), (table.services["cancel-order"].label,)),
    ]


# -- what is in the totals, and what is not ----------------------------------------------------------------


def test_what_has_no_published_price_is_counted(editions: Editions) -> None:
    asked = ("시세표", "/v3/market/realtime/kospi/multiquote/stocks/lists")
    found = notices(quoted(editions, apis=asked))
    assert found["unpriced_not_in_totals"] == Text("unpriced_not_in_totals", {"count": 2})
    assert "unpriced_not_in_totals" not in notices(quoted(editions, apis=("주식실시간A",)))


def test_withheld_products_are_named_once_each(editions: Editions) -> None:
    found = notices(
        quoted(editions, licence("derivatives_b", affiliate_extension=True), licence(), licence("krx_index_group_2"))
    )
    names = tuple(
        editions.price_list(LIST).contracts["real_time"].products[name].label
        for name in ("derivatives_b", "krx_index_group_2")
    )
    assert found["withheld_fees"] == Text("withheld_fees", {"products": names})
    assert "withheld_fees" not in notices(quoted(editions, licence()))


def test_closing_data_on_a_real_time_licence_is_told(editions: Editions) -> None:
    apis = ("주식실시간종가A", "주식실시간A")
    found = quoted(editions, licence(), apis=apis)
    closing = editions.catalogue.find("주식실시간종가A")
    assert closing is not None
    assert notices(found)["closing_covered_by_real_time"] == Text(
        "closing_covered_by_real_time", {"apis": (closing.label,), "product": NAME}
    )
    assert "closing_covered_by_real_time" not in codes(quoted(editions, apis=("주식실시간종가A",)))
    assert "closing_covered_by_real_time" not in codes(quoted(editions, apis=("주식실시간A",)))
    # each on a licence of its own
    both = quoted(editions, licence(), licence(contract="closing_price"), apis=apis)
    assert "closing_covered_by_real_time" not in codes(both)


# -- lists -------------------------------------------------------------------------------------------------


def test_a_named_list_is_told_with_how_far_it_is_applied(editions: Editions) -> None:
    found = notices(quoted(editions, licence(), price_list=LIST))
    assert found["price_list_named"] == Text("price_list_named", {"named": LIST, "until": day("2027-02-28")})
    assert "price_list_named" not in notices(quoted(editions, licence()))


def test_a_list_that_follows_inside_the_horizon_is_told_from_its_day(made_up_editions: Editions) -> None:
    found = notices(quoted(made_up_editions, licence(), starts_on="2026-12-01", months=2))
    later = {"id": "market-data-2027-01-16", "on": day("2027-01-16")}
    assert found["price_list_changes"] == Text("price_list_changes", later)
    assert "price_list_changes" not in notices(quoted(made_up_editions, licence(), starts_on="2026-12-01", months=1))
    assert "price_list_changes" not in notices(quoted(made_up_editions, licence(), starts_on="2027-01-16"))


@pytest.mark.parametrize(
    ("starts_on", "years", "months"),
    [
        ("2018-07-01", 0, 0),
        ("2018-07-31", 0, 0),
        ("2018-08-01", 0, 1),
        ("2019-06-30", 0, 11),
        ("2019-07-01", 1, 0),
        ("2026-12-09", 8, 5),
    ],
)
def test_the_age_of_the_list_is_counted_to_the_start_day(
    editions: Editions, starts_on: str, years: int, months: int
) -> None:
    found = notices(quoted(editions, licence(), starts_on=starts_on))
    assert found["price_list_age"] == Text(
        "price_list_age", {"id": LIST, "valid_from": day("2018-07-01"), "years": years, "months": months}
    )


def test_a_list_that_is_named_before_its_first_day_has_no_age(editions: Editions) -> None:
    assert "price_list_age" not in notices(quoted(editions, licence(), starts_on="2018-06-30", price_list=LIST))


@pytest.mark.parametrize(("starts_on", "year"), [("2026-12-31", 2026), ("2027-01-01", 2027)])
def test_a_contract_runs_to_the_end_of_its_first_year(
    editions: Editions, price_list: PriceList, starts_on: str, year: int
) -> None:
    found = notices(quoted(editions, licence(), starts_on=starts_on))
    terms = {"last_day": date(year, 12, 31), "terms": price_list.renewal}
    assert found["contract_renewal"] == Text("contract_renewal", terms)


# -- free test months --------------------------------------------------------------------------------------


def test_free_test_months_are_told_with_their_days_or_as_refused(editions: Editions) -> None:
    free = notices(quoted(editions, licence(), company=young(), test_months=2))
    assert free["test_months_free"] == Text(
        "test_months_free", {"first_day": day("2026-11-01"), "last_day": day("2026-12-31")}
    )
    refused = notices(quoted(editions, licence(), test_months=2))
    assert refused["test_months_refused"] == Text("test_months_refused", {"months": 2})
    none = quoted(editions, licence(), company=young())
    assert not [code for code in codes(none) if code.startswith("test_months")]


# -- all together ------------------------------------------------------------------------------------------


def test_notices_stand_in_the_order_of_their_weight(made_up_editions: Editions) -> None:
    found = quoted(
        made_up_editions,
        licence(usage=Usage(personal_ids=10)),
        licence("derivatives_b"),
        starts_on="2026-12-09",
        months=3,
        company=young(qualification=None),
        test_months=1,
        apis=("시세표", "주식실시간종가A"),
        api_calls_per_month=1_400_001,
    )
    assert codes(found) == [
        "waiver_ends",
        "qualification_needs_review",
        "start_next_month_less",
        "waiver_start_deadline",
        "broader_policy",
        "queries_instead_of_personal_ids",
        "calls_over_daily_limit",
        "unpriced_not_in_totals",
        "withheld_fees",
        "closing_covered_by_real_time",
        "price_list_changes",
        "price_list_age",
        "contract_renewal",
        "test_months_free",
    ]
    named = quoted(
        made_up_editions,
        licence(),
        starts_on="2026-12-09",
        waiver_policy=PLAN,
        price_list=LIST,
    )
    assert codes(named) == [
        "waiver_refused",
        "start_next_month_less_unwaived",
        LEFT_OUT,
        "policy_named",
        "price_list_named",
        "price_list_age",
        "contract_renewal",
    ]


def test_a_plain_quote_says_little(editions: Editions) -> None:
    assert codes(quoted(editions, licence())) == ["waiver_refused", LEFT_OUT, "price_list_age", "contract_renewal"]
    direct = request(licence(), channel=Channel.DIRECT)
    assert codes(quoted(editions, *direct.licences, channel=direct.channel)) == ["waiver_refused", *sorted(AGE)[::-1]]

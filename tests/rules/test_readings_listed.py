"""The readings of several kinds of quote: all of them, each once, in their order."""

from dataclasses import replace
from typing import Any

import pytest
from support.core import LIST, PLAN, A, C, day, large, licence, one_list, quoted, young

from fee_service.model import Channel, CompanySize, Reading, SizeEvidence, Usage
from fee_service.published.editions import Editions

FAQ_ALWAYS = [
    f"open-api-faq-2018-12/{block}"
    for block in ("company_age", "fees", "options", "prior_use", "test_months", "withdrawal")
]
PLAN_ALWAYS = [
    f"startup-support-2018-07/{block}" for block in ("company_age", "fees", "options", "prior_use", "test_months")
]
PREFERRED = "open-api-faq-2018-12/preferred_to"


def of_list(*blocks: str) -> list[str]:
    return [f"{LIST}/{block}" for block in blocks]


CONTRACT, CLOSING = of_list("contracts.real_time", "contracts.closing_price")
ALWAYS = of_list("vat", "rounding")
USAGE = of_list("fees.usage_fee", "contracts.real_time.prices.usage_fee")
COVERED, FREE = of_list("rules.ids_covered.securities_c_exemption", "rules.free_beside.closing_exemption")
FIRST_INVOICE, QUERY, CALLS, ONCE = of_list(
    "first_invoice", "proration.units.query", "proration.units.call_month", "proration.units.once"
)


def ids(*args: Any, **of_it: Any) -> list[str]:
    return [reading.id for reading in quoted(*args, **of_it).readings]


def test_a_plain_quote_rests_on_its_contract_vat_rounding_and_policy(editions: Editions) -> None:
    assert ids(editions, licence()) == [CONTRACT, *ALWAYS, *FAQ_ALWAYS, PREFERRED]


def test_a_quote_of_usage_rests_on_when_it_is_reported_and_on_what_it_is_counted_in(editions: Editions) -> None:
    found = ids(editions, licence(usage=Usage(queries=5)))
    assert found == [USAGE[0], USAGE[1], CONTRACT, *ALWAYS, *FAQ_ALWAYS, PREFERRED]


def test_covered_ids_rest_on_how_they_are_counted(editions: Editions) -> None:
    both = (licence(A, usage=Usage(personal_ids=5)), licence(C, usage=Usage(personal_ids=10)))
    assert ids(editions, *both) == [*USAGE, CONTRACT, COVERED, *ALWAYS, *FAQ_ALWAYS, PREFERRED]
    assert COVERED not in ids(editions, both[0], replace(both[1], usage=Usage()))


def test_what_is_free_beside_another_licence_rests_on_which_fees_are(editions: Editions) -> None:
    bonds = licence("krx_bonds_a"), licence("krx_bonds_a", "closing_price")
    assert ids(editions, *bonds) == [CONTRACT, CLOSING, FREE, *ALWAYS, *FAQ_ALWAYS, PREFERRED]
    assert ids(editions, bonds[1]) == [CLOSING, *ALWAYS, *FAQ_ALWAYS, PREFERRED]


def test_calls_rest_on_how_packages_are_sold(editions: Editions) -> None:
    found = ids(editions, licence(), api_calls_per_month=5)
    assert found == [*of_list("fees.api_call_fee"), CONTRACT, *ALWAYS, *FAQ_ALWAYS, PREFERRED]


def test_a_partly_filled_month_rests_on_how_it_is_divided_and_billed(editions: Editions) -> None:
    asked = licence(usage=Usage(queries=5))
    found = ids(editions, asked, starts_on="2027-01-02", api_calls_per_month=5)
    assert found == [
        USAGE[0],
        *of_list("fees.api_call_fee"),
        USAGE[1],
        CONTRACT,
        *ALWAYS,
        QUERY,
        CALLS,
        ONCE,
        FIRST_INVOICE,
        *FAQ_ALWAYS,
        PREFERRED,
    ]
    at_the_end = ids(editions, asked, months=2, ends_on=day("2027-02-27"))
    assert at_the_end == [*USAGE, CONTRACT, *ALWAYS, QUERY, *FAQ_ALWAYS, PREFERRED]
    filled = ids(editions, asked, months=2, ends_on=day("2027-02-28"))
    assert filled == [*USAGE, CONTRACT, *ALWAYS, *FAQ_ALWAYS, PREFERRED]


def test_a_fee_of_0_in_a_partly_filled_month_rests_on_nothing(editions: Editions) -> None:
    """Of queries nothing is withheld or free but the product's: no query, no reading."""
    withheld = licence("derivatives_b", usage=Usage(queries=5))
    found = ids(editions, withheld, starts_on="2027-01-02", months=1)
    assert QUERY not in found
    assert FIRST_INVOICE in found


@pytest.mark.parametrize(
    ("founded_on", "usage", "more"),
    [
        ("2020-01-31", Usage(queries=5), []),  # waived to the end of January
        ("2020-01-10", Usage(), ["partial_month"]),  # to 10 January
        ("2020-01-10", Usage(queries=5), ["partial_month", "partial_month_undivided"]),
        ("2020-01-01", Usage(), ["partial_month"]),  # one day
        ("2020-01-30", Usage(), ["partial_month"]),  # all but one day
    ],
)
def test_a_month_that_is_waived_in_part_rests_on_how_that_is_divided(
    editions: Editions, founded_on: str, usage: Usage, more: list[str]
) -> None:
    found = ids(editions, licence(usage=usage), company=young(founded_on), waiver_policy=PLAN)
    assert [name for name in found if name.startswith(PLAN)] == [*PLAN_ALWAYS, *(f"{PLAN}/{block}" for block in more)]
    assert found[-1] == PREFERRED


def test_a_fee_that_is_not_waived_does_not_rest_on_how_a_waived_month_is_divided(editions: Editions) -> None:
    general = licence(options=("general",))
    assert "open-api-faq-2018-12/partial_month" not in ids(editions, general, company=young("2020-01-11"))
    assert "open-api-faq-2018-12/partial_month" in ids(editions, licence(), company=young("2020-01-11"))
    withheld = licence("derivatives_b")
    assert "open-api-faq-2018-12/partial_month" not in ids(editions, withheld, company=young("2020-01-11"))


@pytest.mark.parametrize(
    ("starts_on", "policy", "rests"),
    [
        ("2027-01-01", None, True),  # the FAQ applies, though the plan is in force, too
        ("2027-01-01", PLAN, True),  # the plan was named although the FAQ is preferred
        ("2027-01-01", "open-api-faq-2018-12", False),  # named: nothing is read into it
        ("2018-12-01", None, False),  # the plan is alone
        ("2027-01-01", "startup-12-months", False),
    ],
)
def test_why_one_of_two_policies_applies_is_shown_where_a_quote_rests_on_that(
    editions: Editions, starts_on: str, policy: str | None, rests: bool
) -> None:
    assert (PREFERRED in ids(editions, licence(), starts_on=starts_on, waiver_policy=policy)) is rests


def test_without_a_policy_a_quote_rests_on_its_list_alone(editions: Editions) -> None:
    assert ids(editions, licence(), starts_on="2018-05-01", price_list=LIST) == [CONTRACT, *ALWAYS]


def test_a_new_list_inside_a_month_rests_on_how_that_month_is_split(made_up_editions: Editions) -> None:
    split = f"{LIST}/proration"
    over = {"starts_on": "2026-12-01", "months": 3}
    assert split in ids(made_up_editions, licence(), **over)
    assert split not in ids(made_up_editions, licence(), **over, price_list=LIST)
    assert split not in ids(made_up_editions, licence(), starts_on="2027-02-01")
    on_the_first = replace(
        made_up_editions,
        price_lists=tuple(
            replace(price_list, valid_from=day("2027-02-01")) if price_list.id.endswith("2027-01-16") else price_list
            for price_list in made_up_editions.price_lists
        ),
    )
    assert split not in ids(on_the_first, licence(), **over)
    # a start under the later list, inside a month, splits no month
    assert split not in ids(made_up_editions, licence(), starts_on="2027-01-20")


def test_services_rest_on_what_their_table_says(editions: Editions) -> None:
    found = ids(editions, starts_on="2022-01-01", apis=("신규주문",), channel=Channel.OPEN_API)
    asked = [reading.id for _, api in _apis(editions, "신규주문") for reading in api]
    own = ["platform_services/fees.stp_hub", "platform_services/service_fee"]
    assert found == [*ALWAYS, *dict.fromkeys([*asked, *own]), *FAQ_ALWAYS, PREFERRED]


def _apis(editions: Editions, *names: str) -> list[tuple[str, tuple[Reading, ...]]]:
    found = [(name, editions.catalogue.find(name)) for name in names]
    return [(name, api.readings) for name, api in found if api is not None]


def test_an_api_rests_on_how_its_licence_is_read(editions: Editions) -> None:
    with_reading = next(api for api in editions.catalogue.apis if api.readings and api.covered_by)
    found = ids(editions, apis=(with_reading.id,))
    assert set(found) >= {reading.id for reading in with_reading.readings}


FIGURES = {"ksic": "J", "average_sales": 1, "total_assets": 1, "business_group": False, "large_holder": False}


@pytest.mark.parametrize(
    ("figures", "more"),
    [
        ({}, []),
        ({"average_sales": 10**12, "outgrown_on": day("2026-01-01")}, ["grace"]),
        ({"average_sales": 10**12, "outgrown_on": day("2020-01-01")}, ["business_group", "grace"]),
        ({"average_sales": 10**12}, ["business_group"]),
        ({"business_group": True}, ["business_group"]),
    ],
)
def test_a_quote_by_figures_rests_last_on_how_the_limits_of_an_sme_are_read(
    editions: Editions, figures: dict[str, Any], more: list[str]
) -> None:
    evidence = SizeEvidence(**(FIGURES | figures))
    found = ids(editions, licence(), company=large(size=CompanySize.SME, size_evidence=evidence))
    assert found == [CONTRACT, *ALWAYS, *FAQ_ALWAYS, PREFERRED, *(f"company_sizes/{block}" for block in more)]


def test_a_reading_is_shown_once_and_none_where_there_is_none(editions: Editions) -> None:
    both = ids(editions, licence(A), licence(C))
    assert both == [CONTRACT, *ALWAYS, *FAQ_ALWAYS, PREFERRED]
    price_list = editions.price_list(LIST)
    clear = replace(price_list, vat=price_list.vat._replace(reading=None), readings=())
    assert ids(one_list(editions, clear), licence()) == [CONTRACT, *FAQ_ALWAYS, PREFERRED]

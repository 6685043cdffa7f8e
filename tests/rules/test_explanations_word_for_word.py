"""How a line came about, word for word: the cell, its units, bounds and rules, the days of a month, the waiver."""

from dataclasses import replace
from typing import Any

import pytest
from support.core import FAQ, LIST, PLAN, A, B, C, changed, day, flat, licence, one_list, quoted, said, young

from fee_service.model import Channel, Text, Usage
from fee_service.prices import Cell, CellKind, Graduated, Package, Price, Tier, Volume
from fee_service.published.editions import Editions, PriceList
from fee_service.rules.explaining import explanation
from fee_service.rules.quoting import Quote

APPENDIX = "(price list market-data-2018-07-01, P1 appendix A)."
BASE = f"2,000,000 won a month × 1 = 2,000,000 won {APPENDIX}"
PRICED_BY = ("real_time", "usage_fee", A)


@pytest.fixture
def price_list(editions: Editions) -> PriceList:
    """The published list."""
    return editions.price_list(LIST)


def explained(made: Quote) -> list[tuple[Text, ...]]:
    horizon, waived = made.asked.horizon, made.waiver.period
    return [explanation(line, horizon, made.lists, waived, made.policy) for line in made.lines]


def told(made: Quote) -> list[list[str]]:
    """The sentences of each line, in English."""
    return [[said(text) for text in sentences] for sentences in explained(made)]


def with_cell(editions: Editions, price_list: PriceList, column: str, cell: Cell) -> Editions:
    return one_list(editions, changed(price_list, {(*PRICED_BY, column): cell}))


def test_a_whole_month_is_told_with_its_cell_alone(editions: Editions) -> None:
    assert told(quoted(editions, licence())) == [[BASE]]


@pytest.mark.parametrize(
    ("usage", "sentence"),
    [
        (Usage(standard_ids=3), f"26,000 won an ID and month × 3 = 78,000 won {APPENDIX}"),
        (Usage(personal_ids=10), f"1,100 won an ID and month × 10 = 11,000 won {APPENDIX}"),
        (Usage(queries=1000), f"11 won a query × 1,000 = 11,000 won {APPENDIX}"),
    ],
)
def test_a_flat_price_is_told_per_unit(editions: Editions, usage: Usage, sentence: str) -> None:
    assert told(quoted(editions, licence(usage=usage))) == [[BASE], [sentence]]


TIERS = (Tier(10, 100), Tier(20, 80), Tier(None, 50))


@pytest.mark.parametrize(
    ("price", "units", "sentences"),
    [
        (Graduated(TIERS), 1, ["1 ID at the price of each tier: 1 × 100 = 100 won"]),
        (Graduated(TIERS), 21, ["21 IDs at the price of each tier: 10 × 100 + 10 × 80 + 1 × 50 = 1,850 won"]),
        (Volume(TIERS), 10, ["All at the price of the tier up to 10: 100 won an ID and month × 10 = 1,000 won"]),
        (Volume(TIERS), 11, ["All at the price of the tier 11 to 20: 80 won an ID and month × 11 = 880 won"]),
        (Volume(TIERS), 21, ["All at the price of the tier 21 and more: 50 won an ID and month × 21 = 1,050 won"]),
        (
            Package(10, 90, 1),
            21,
            [
                "21 IDs a month: 3 started packages of 10 IDs.",
                "90 won a month and package of 10 IDs × 3 = 270 won",
            ],
        ),
        (
            Package(10, 90, 3),
            20,
            [
                "20 IDs a month: 2 started packages of 10 IDs.",
                "At least 3 packages are charged.",
                "90 won a month and package of 10 IDs × 3 = 270 won",
            ],
        ),
        (
            Package(10, 90, 3),
            30,
            [
                "30 IDs a month: 3 started packages of 10 IDs.",
                "90 won a month and package of 10 IDs × 3 = 270 won",
            ],
        ),
        (
            Package(10, 90, 1),
            1,
            ["1 ID a month: 1 started package of 10 IDs.", "90 won a month and package of 10 IDs × 1 = 90 won"],
        ),
    ],
)
def test_every_way_of_pricing_tells_how_its_amount_comes_about(
    editions: Editions, price_list: PriceList, price: Price, units: int, sentences: list[str]
) -> None:
    priced = with_cell(editions, price_list, "personal", Cell(CellKind.AMOUNT, price))
    found = told(quoted(priced, licence(usage=Usage(personal_ids=units))))[1]
    assert found == [*sentences[:-1], f"{sentences[-1]} {APPENDIX}"]


@pytest.mark.parametrize(
    ("ids", "note"),
    [
        (4, ["The minimum of 50 won applies."]),
        (5, []),  # 50 is the minimum by itself
        (6, []),
        (9, []),
        (10, []),  # 100 is the maximum by itself
        (11, ["The maximum of 100 won applies."]),
    ],
)
def test_a_bound_is_told_where_it_makes_another_amount(
    editions: Editions, price_list: PriceList, ids: int, note: list[str]
) -> None:
    priced = with_cell(editions, price_list, "personal", flat(10, minimum=50, maximum=100))
    found = told(quoted(priced, licence(usage=Usage(personal_ids=ids))))[1]
    assert found == [f"10 won an ID and month × {ids} = {10 * ids} won {APPENDIX}", *note]


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        (Graduated(TIERS), "0 IDs at the price of each tier: 0 = 0 won"),
        (Volume(TIERS), "All at the price of the tier up to 10: 100 won an ID and month × 0 = 0 won"),
    ],
)
def test_a_minimum_is_told_without_any_use(
    editions: Editions, price_list: PriceList, price: Price, sentence: str
) -> None:
    priced = with_cell(editions, price_list, "personal", Cell(CellKind.AMOUNT, price, minimum=50))
    assert told(quoted(priced, licence()))[1] == [f"{sentence} {APPENDIX}", "The minimum of 50 won applies."]


def test_a_free_cell_is_told_as_free_and_a_word_as_that_word(editions: Editions, price_list: PriceList) -> None:
    free = one_list(editions, changed(price_list, {("real_time", "base_fee", A, "retail"): flat(0)}))
    assert told(quoted(free, licence())) == [[f"Free of charge: published as 0 won a month {APPENDIX}"]]
    withheld = f"Withheld: licensed, not charged until notice is given {APPENDIX}"
    assert told(quoted(editions, licence("derivatives_b"))) == [[withheld]]
    no_fee = f"The product has no such fee {APPENDIX}"
    assert told(quoted(editions, licence("krx_index_group_1", usage=Usage(queries=1))))[1] == [no_fee]


def test_a_unit_price_of_0_with_a_minimum_is_not_free(editions: Editions, price_list: PriceList) -> None:
    priced = one_list(editions, changed(price_list, {("real_time", "base_fee", A, "retail"): flat(0, minimum=7)}))
    assert told(quoted(priced, licence())) == [
        [f"0 won a month × 1 = 0 won {APPENDIX}", "The minimum of 7 won applies."]
    ]


COVERED = (
    "Where both securities A and securities C are licensed, an ID entitled to A uses C without a usage fee. "
    "(P1 appendix A, variable fees, note 1)."
)


@pytest.mark.parametrize(
    ("ids", "sentences"),
    [
        (10, [f"200 won an ID and month × 6 = 1,200 won {APPENDIX}", f"4 IDs exempt: {COVERED}"]),
        (4, [f"200 won an ID and month × 0 = 0 won {APPENDIX}", f"4 IDs exempt: {COVERED}"]),
        (1, [f"200 won an ID and month × 0 = 0 won {APPENDIX}", f"1 ID exempt: {COVERED}"]),
    ],
)
def test_covered_ids_are_told_after_what_is_left_to_pay(editions: Editions, ids: int, sentences: list[str]) -> None:
    made = quoted(editions, licence(A, usage=Usage(personal_ids=4)), licence(C, usage=Usage(personal_ids=ids)))
    assert told(made)[-1] == sentences


FREE = (
    "Exempt: This closing data is free for a customer that holds the real-time licence with external provision for "
    "the same product. (P2 appendix A, note 2)."
)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (None, "1,100,000 won a month, not charged here"),
        (Cell(CellKind.AMOUNT, Graduated(TIERS)), "Priced by tiers a month, not charged here"),
        (flat(5, minimum=3), "5 won a month, not charged here"),
    ],
)
def test_what_is_free_beside_another_licence_tells_its_price_and_the_rule(
    editions: Editions, price_list: PriceList, cell: Cell | None, sentence: str
) -> None:
    place = ("closing_price", "base_fee", "krx_bonds_a", None)
    priced = one_list(editions, changed(price_list, {place: cell})) if cell else editions
    made = quoted(priced, licence("krx_bonds_a"), licence("krx_bonds_a", "closing_price"))
    assert told(made)[1] == [f"{sentence} (price list market-data-2018-07-01, P2 appendix A).", FREE]


def test_a_withheld_fee_that_is_free_beside_another_licence_says_both(editions: Editions) -> None:
    index = licence("krx_index_group_1", "closing_price", affiliate_extension=True)
    made = quoted(editions, licence("krx_index_group_1"), index)
    withheld = (
        "Withheld: licensed, not charged until notice is given (price list market-data-2018-07-01, P2 appendix A)."
    )
    assert told(made)[2] == [withheld, FREE]


def test_sets_are_told_after_their_price(editions: Editions) -> None:
    made = quoted(editions, licence(reception_sets=3, disaster_recovery_sets=1), channel=Channel.DIRECT)
    assert told(made)[1] == [
        f"700,000 won a month for each further set × 2 = 1,400,000 won {APPENDIX}",
        "3 sets received directly, the first free.",
        "1 set for disaster recovery, free.",
    ]


def test_an_unfilled_month_is_told_by_its_days(editions: Editions) -> None:
    made = quoted(editions, licence(), starts_on="2026-12-09", months=2)
    assert told(made) == [[BASE, "2026-12: 23 contract days of 31 (P1 §10.2, P2 §6) → 1,483,870 won."]]
    both = quoted(editions, licence(), starts_on="2026-12-31", months=3, ends_on=day("2027-02-01"))
    assert told(both) == [
        [
            BASE,
            "2026-12: 1 contract day of 31 (P1 §10.2, P2 §6) → 64,516 won.",
            "2027-02: 1 contract day of 28 (P1 §10.2, P2 §6) → 71,428 won.",
        ]
    ]


def test_a_fee_that_is_not_divided_says_so_where_a_month_is_unfilled(editions: Editions) -> None:
    asked = licence(usage=Usage(queries=5))
    assert told(quoted(editions, asked, starts_on="2026-12-09"))[1] == [
        f"11 won a query × 5 = 55 won {APPENDIX}",
        "Not prorated by days (P1 §10.2).",
    ]
    assert len(told(quoted(editions, asked))[1]) == 1


def test_what_is_charged_once_in_a_filled_month_says_nothing_of_days(editions: Editions) -> None:
    made = quoted(editions, licence(), months=2, ends_on=day("2027-02-10"), api_calls_per_month=5)
    setup, calls = told(made)[1:]
    assert setup == ["3,000,000 won once × 1 = 3,000,000 won (price list market-data-2018-07-01, S)."]
    assert calls == [
        "5 calls a month: 1 started package of 1,000,000 calls.",
        "200,000 won a month and package of 1,000,000 calls × 1 = 200,000 won (price list market-data-2018-07-01, S).",
        "Not prorated by days (S).",
    ]
    inside = told(quoted(editions, licence(), starts_on="2027-01-02", months=1, api_calls_per_month=5))[1]
    assert inside[-1] == "Not prorated by days (S)."


def test_a_fee_without_a_charge_says_nothing_of_days_or_waiver(editions: Editions) -> None:
    made = quoted(editions, licence("derivatives_b"), starts_on="2026-12-09", company=young())
    assert len(told(made)[0]) == 1


def test_a_list_that_begins_inside_a_month_is_told_with_its_days_under_each(made_up_editions: Editions) -> None:
    made = quoted(made_up_editions, licence(), starts_on="2026-12-01", months=3)
    later = "2,200,000 won a month × 1 = 2,200,000 won (price list market-data-2027-01-16, P1)."
    assert told(made) == [
        [
            BASE,
            later,
            (
                "2027-01: 31 contract days of 31, 15 days under market-data-2018-07-01 and 16 days under "
                "market-data-2027-01-16 (P1 §10.2, P2 §6) → 2,103,225 won."
            ),
        ]
    ]
    # the month of the start lies under the later list alone
    alone = told(quoted(made_up_editions, licence(), starts_on="2027-01-16", months=1))[0]
    assert alone[1] == "2027-01: 16 contract days of 31 (P1 §10.2, P2 §6) → 1,135,483 won."
    day_before = told(quoted(made_up_editions, licence(), starts_on="2027-01-15", months=1))[0]
    assert day_before[-1] == (
        "2027-01: 17 contract days of 31, 1 day under market-data-2018-07-01 and 16 days under "
        "market-data-2027-01-16 (P1 §10.2, P2 §6) → 1,200,000 won."
    )


def test_lists_that_print_the_same_cell_are_told_each(made_up_editions: Editions) -> None:
    """A cell is told once for each list, and once where the list is the same."""
    made = quoted(made_up_editions, licence(), starts_on="2026-12-01", months=1)
    assert told(made) == [[BASE]]


def test_a_waived_line_is_told_with_its_days_and_what_of_a_month_is_charged(editions: Editions) -> None:
    made = quoted(editions, licence(), starts_on="2026-12-09", months=14, company=young("2020-12-17"))
    assert told(made) == [
        [
            BASE,
            "2026-12: 23 contract days of 31 (P1 §10.2, P2 §6) → 1,483,870 won.",
            "Waived from 2026-12-09 to 2027-12-16 (Open API platform FAQ (36-month waiver)).",
            "2027-12: 16 of 31 contract days waived, 15 charged → 967,741 won.",
        ]
    ]


@pytest.mark.parametrize(
    ("founded_on", "part"),
    [
        ("2020-02-01", []),  # to the last day of January
        ("2020-01-31", ["2027-01: 30 of 31 contract days waived, 1 charged → 64,516 won."]),
        ("2020-01-02", ["2027-01: 1 of 31 contract days waived, 30 charged → 1,935,483 won."]),
    ],
)
def test_a_month_is_told_as_waived_in_part_where_it_is(editions: Editions, founded_on: str, part: list[str]) -> None:
    made = quoted(editions, licence(), company=young(founded_on))
    end = {"2020-02-01": "2027-01-31", "2020-01-31": "2027-01-30", "2020-01-02": "2027-01-01"}[founded_on]
    waived = f"Waived from 2027-01-01 to {end} (Open API platform FAQ (36-month waiver))."
    assert told(made) == [[BASE, waived, *part]]


def test_a_line_that_the_policy_does_not_cover_says_so_in_a_waived_quote_alone(editions: Editions) -> None:
    general = licence(options=("general",))
    cell = f"5,700,000 won a month × 1 = 5,700,000 won {APPENDIX}"
    uncovered = "Not covered by the waiver (Open API platform FAQ (36-month waiver))."
    assert told(quoted(editions, general, company=young())) == [[cell, uncovered]]
    assert told(quoted(editions, general)) == [[cell]]
    plan = told(quoted(editions, general, company=young(), waiver_policy=PLAN))[0]
    assert plan[1] == "Not covered by the waiver (Start-up support plan (36-month waiver))."


def test_a_service_is_told_until_its_last_day_and_for_the_days_before(editions: Editions) -> None:
    cell = "300,000 won a month × 1 = 300,000 won (price list platform-services, T)."
    until = "Offered until 2022-02-10; nothing is owed for it afterwards."
    made = quoted(editions, starts_on="2022-01-01", months=3, apis=("신규주문", "주문취소"))
    first, second = told(made)
    assert first == [cell, until, "Not prorated by days (T)."]
    assert second == [
        "300,000 won a month, not charged here (price list platform-services, T).",
        until,
        "Exempt: the monthly fee of the STP-HUB is owed once for all order services used together (T).",
    ]
    divided = replace(editions, services=replace(editions.services, prorated=True))
    found = told(quoted(divided, starts_on="2022-01-01", months=3, apis=("신규주문",)))[0]
    assert found == [cell, until, "2022-02: 10 contract days of 28 (T) → 107,142 won."]


def test_a_service_that_ends_inside_the_waiver_is_told_for_its_own_days(editions: Editions) -> None:
    policies = tuple(
        replace(policy, fees=("service_fee",), options=None) if policy.id == FAQ else policy
        for policy in editions.policies
    )
    divided = replace(editions, services=replace(editions.services, prorated=True), policies=policies)
    company: Any = young("2015-02-06")  # waived to 2022-02-05
    found = told(quoted(divided, starts_on="2022-01-01", months=3, apis=("신규주문",), company=company))[0]
    # 10 days are owed, of which 5 are waived: 300,000 × 5 / 28 = 53,571.4
    assert found[-1] == "2022-02: 5 of 10 contract days waived, 5 charged → 53,571 won."
    after = told(quoted(divided, starts_on="2022-01-01", months=3, apis=("신규주문",), company=young("2015-02-16")))[0]
    assert after[-1] == "Waived from 2022-01-01 to 2022-02-15 (Open API platform FAQ (36-month waiver))."


def test_every_line_has_its_own_sentences_in_the_order_of_the_lines(editions: Editions) -> None:
    found = told(quoted(editions, licence(A), licence(B)))
    assert found == [[BASE], [f"800,000 won a month × 1 = 800,000 won {APPENDIX}"]]

"""Amounts month by month, from lines given as numbers: days, lists, waivers, ends, rounding, sums."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.core import LIST, day, days, licence, spans

from fee_service.model import Channel, MonthLine, Monthly, PartlyWaived
from fee_service.money import Rounding
from fee_service.periods import Period
from fee_service.published.editions import Editions, ListSpan, PriceList
from fee_service.rules.lines import lines_of
from fee_service.rules.rating import (
    RatedLine,
    RatedMonths,
    monthly,
    rate_months,
    rate_totals,
    rated_lines,
    under_policy,
)

BY_DAYS, WHOLE, NONE = PartlyWaived.BY_DAYS, PartlyWaived.WHOLE, PartlyWaived.NONE


@pytest.fixture
def price_list(editions: Editions) -> PriceList:
    """A list that drops a fraction of a won; of its cells nothing matters here."""
    return editions.price_list(LIST)


def line(*charges: int, id: int = 1, **of_it: Any) -> RatedLine:
    """A prorated, waivable line that costs so much in a month under each list."""
    known: dict[str, Any] = {"prorated": True, "waivable": True, "partly_waived": BY_DAYS, "once": False, "delay": 0}
    return RatedLine(id, charges, **known | {"until": None} | of_it)


def rated(
    price_list: PriceList | tuple[ListSpan, ...],
    horizon: Period,
    *lines: RatedLine,
    waived: Period | None = None,
) -> RatedMonths:
    """The months of some lines under a list, or under several; their totals alone are the same."""
    lists = price_list if isinstance(price_list, tuple) else ((horizon, price_list),)
    found = rate_months(lines, horizon, lists, waived)
    totals = rate_totals(lines, horizon, lists, waived)
    assert (totals.list, totals.net) == (found.list, found.net)
    assert found.waiver == found.net - found.list
    assert found.list == sum(run.amounts.list * len(run.months) for run in found.runs)
    assert found.net == sum(run.amounts.net * len(run.months) for run in found.runs)
    assert [month for run in found.runs for month in run.months]
    return found


def amounts(found: RatedMonths) -> dict[str, tuple[int, int]]:
    """List amount and net of each month."""
    return {month.label: (run.amounts.list, run.amounts.net) for run in found.runs for month in run.months}


def waived_days(found: RatedMonths) -> dict[str, int | None]:
    """The waived days of each month; None: all of its days."""
    return {month.label: run.waived_days for run in found.runs for month in run.months}


def test_a_whole_month_costs_its_charge_and_a_part_its_days(price_list: PriceList) -> None:
    found = rated(price_list, days("2026-12-09", "2027-03-02"), line(1_000_000))
    # 23 of 31 days: 741,935.48; 1 of 31: 32,258.06
    assert amounts(found) == {
        "2026-12": (741_935, 741_935),
        "2027-01": (1_000_000, 1_000_000),
        "2027-02": (1_000_000, 1_000_000),
        "2027-03": (32_258, 32_258),
    }
    assert (found.list, found.waiver, found.net) == (2_774_193, 0, 2_774_193)
    assert set(waived_days(found).values()) == {0}


def test_months_that_are_alike_are_rated_once(price_list: PriceList) -> None:
    found = rated(price_list, days("2026-12-09", "2027-12-01"), line(1_000), waived=days("2026-12-09", "2027-05-11"))
    assert [[month.label for month in run.months] for run in found.runs] == [
        ["2026-12"],
        ["2027-01", "2027-02", "2027-03", "2027-04"],
        ["2027-05"],
        ["2027-06", "2027-07", "2027-08", "2027-09", "2027-10", "2027-11"],
    ]
    assert [run.waived_days for run in found.runs] == [None, None, 10, 0]


@pytest.mark.parametrize(
    ("rounding", "first"), [(Rounding.DOWN, 741_935), (Rounding.HALF_UP, 741_935), (Rounding.UP, 741_936)]
)
def test_the_list_says_what_becomes_of_a_fraction_of_a_won(
    price_list: PriceList, rounding: Rounding, first: int
) -> None:
    """23 of 31 days of 1,000,000 are 741,935.48."""
    found = rated(replace(price_list, rounding=rounding), days("2026-12-09", "2027-01-01"), line(1_000_000))
    assert amounts(found) == {"2026-12": (first, first)}


@pytest.mark.parametrize(("rounding", "net"), [(Rounding.DOWN, 677_419), (Rounding.UP, 677_420)])
def test_what_is_left_of_a_waived_month_is_rounded_for_itself(
    price_list: PriceList, rounding: Rounding, net: int
) -> None:
    """21 of 31 days of 1,000,000 are 677,419.35."""
    found = rated(
        replace(price_list, rounding=rounding),
        days("2027-01-01", "2027-02-01"),
        line(1_000_000),
        waived=days("2027-01-01", "2027-01-11"),
    )
    assert amounts(found) == {"2027-01": (1_000_000, net)}


@pytest.mark.parametrize(
    ("prorated", "partly", "net"),
    [
        (True, BY_DAYS, 677_419),  # 1,000,000 × 21 / 31
        (True, WHOLE, 0),
        (True, NONE, 1_000_000),
        (False, BY_DAYS, 677_419),
        (False, WHOLE, 0),
        (False, NONE, 1_000_000),
    ],
)
def test_the_policy_says_what_of_a_month_is_waived_that_it_covers_in_part(
    price_list: PriceList, prorated: bool, partly: PartlyWaived, net: int
) -> None:
    found = rated(
        price_list,
        days("2027-01-01", "2027-03-01"),
        line(1_000_000, prorated=prorated, partly_waived=partly),
        waived=days("2027-01-01", "2027-01-11"),
    )
    assert amounts(found) == {"2027-01": (1_000_000, net), "2027-02": (1_000_000, 1_000_000)}
    assert waived_days(found) == {"2027-01": 10, "2027-02": 0}


@pytest.mark.parametrize("partly", [BY_DAYS, WHOLE, NONE])
def test_a_month_that_is_waived_as_a_whole_costs_nothing_however_a_part_would_be_read(
    price_list: PriceList, partly: PartlyWaived
) -> None:
    horizon = days("2026-12-09", "2027-02-01")
    found = rated(price_list, horizon, line(1_000_000, partly_waived=partly), waived=horizon)
    assert amounts(found) == {"2026-12": (741_935, 0), "2027-01": (1_000_000, 0)}
    assert waived_days(found) == {"2026-12": None, "2027-01": None}


@pytest.mark.parametrize("partly", [BY_DAYS, WHOLE, NONE])
def test_a_month_without_a_waived_day_is_charged_however_a_part_would_be_read(
    price_list: PriceList, partly: PartlyWaived
) -> None:
    waived = days("2026-12-09", "2027-01-01")
    found = rated(price_list, days("2026-12-09", "2027-01-16"), line(1_000_000, partly_waived=partly), waived=waived)
    # 15 of 31 days: 483,870.97
    assert amounts(found) == {"2026-12": (741_935, 0), "2027-01": (483_870, 483_870)}


def test_a_fee_that_is_not_covered_is_charged_through_the_waiver(price_list: PriceList) -> None:
    horizon = days("2026-12-09", "2027-03-01")
    found = rated(price_list, horizon, line(1_000_000, waivable=False), waived=days("2026-12-09", "2027-02-11"))
    assert amounts(found) == {
        "2026-12": (741_935, 741_935),
        "2027-01": (1_000_000, 1_000_000),
        "2027-02": (1_000_000, 1_000_000),
    }


def test_a_fee_that_is_not_prorated_costs_a_whole_month_for_any_of_its_days(price_list: PriceList) -> None:
    found = rated(price_list, days("2026-12-31", "2027-02-02"), line(1_000_000, prorated=False))
    assert amounts(found) == dict.fromkeys(["2026-12", "2027-01", "2027-02"], (1_000_000, 1_000_000))


def test_an_undivided_fee_is_waived_for_the_share_of_the_contract_days(price_list: PriceList) -> None:
    """Of 23 contract days 13 are waived: 1,000,000 × 10 / 23 = 434,782.6."""
    found = rated(
        price_list,
        days("2026-12-09", "2027-01-01"),
        line(1_000_000, prorated=False),
        waived=days("2026-12-09", "2026-12-22"),
    )
    assert amounts(found) == {"2026-12": (1_000_000, 434_782)}
    assert waived_days(found) == {"2026-12": 13}


def test_a_fee_that_is_charged_once_is_charged_in_the_first_month_alone(price_list: PriceList) -> None:
    found = rated(
        price_list,
        days("2027-01-01", "2027-04-01"),
        line(1_000_000),
        line(5_000_000, id=2, once=True, prorated=False, waivable=False),
    )
    assert amounts(found) == {
        "2027-01": (6_000_000, 6_000_000),
        "2027-02": (1_000_000, 1_000_000),
        "2027-03": (1_000_000, 1_000_000),
    }
    assert [[each.line for each in run.amounts.lines] for run in found.runs] == [[1, 2], [1]]


def test_each_line_is_told_with_what_is_waived_of_it(price_list: PriceList) -> None:
    found = rated(
        price_list,
        days("2027-01-01", "2027-02-01"),
        line(1_000_000, id=7),
        line(300, id=9, waivable=False),
        waived=days("2027-01-01", "2027-02-01"),
    )
    [run] = found.runs
    assert run.amounts.lines == (MonthLine(7, 1_000_000, -1_000_000, 0), MonthLine(9, 300, 0, 300))
    assert (run.amounts.list, run.amounts.waiver, run.amounts.net) == (1_000_300, -1_000_000, 300)


def test_what_is_billed_is_summed_by_its_delay(price_list: PriceList) -> None:
    found = rated(
        price_list,
        days("2027-01-01", "2027-02-01"),
        line(1_000, id=1),
        line(200, id=2, delay=2),
        line(30, id=3),
        line(4, id=4, delay=2),
    )
    assert found.runs[0].amounts.billed == ((0, 1_030), (2, 204))


@pytest.fixture
def two_lists(price_list: PriceList) -> tuple[ListSpan, ...]:
    """One list to 15 January 2027, another from the 16th."""
    later = replace(price_list, id="later", rounding=Rounding.UP)
    return spans(("2026-12-01", "2027-01-16", price_list), ("2027-01-16", "2027-03-01", later))


def test_a_list_that_begins_inside_a_month_splits_it_and_rounds_as_the_months_first_list_does(
    two_lists: tuple[ListSpan, ...],
) -> None:
    """A list that begins inside a month splits it and rounds as the month's first list does."""
    found = rated(two_lists, days("2026-12-01", "2027-03-01"), line(1_000_000, 1_100_000))
    # (1,000,000 × 15 + 1,100,000 × 16) / 31 = 1,051,612.9, dropped as the first of the lists says
    assert amounts(found) == {
        "2026-12": (1_000_000, 1_000_000),
        "2027-01": (1_051_612, 1_051_612),
        "2027-02": (1_100_000, 1_100_000),
    }
    assert [len(run.months) for run in found.runs] == [1, 1, 1]


def test_an_undivided_fee_follows_the_list_of_the_months_first_contract_day(two_lists: tuple[ListSpan, ...]) -> None:
    """An undivided fee follows the list of the month's first contract day."""
    found = rated(two_lists, days("2026-12-01", "2027-03-01"), line(1_000_000, 1_100_000, prorated=False))
    assert amounts(found) == {
        "2026-12": (1_000_000, 1_000_000),
        "2027-01": (1_000_000, 1_000_000),
        "2027-02": (1_100_000, 1_100_000),
    }


def test_a_part_of_a_month_under_the_later_list_alone_is_rounded_as_that_list_says(price_list: PriceList) -> None:
    later = replace(price_list, id="later", rounding=Rounding.UP)
    lists = spans(("2026-12-01", "2027-02-01", price_list), ("2027-02-01", "2027-02-16", later))
    found = rated(lists, days("2026-12-01", "2027-02-16"), line(1_000_000, 1_000_001))
    # 15 of 28 days: 535,714.82
    assert amounts(found)["2027-02"] == (535_715, 535_715)


def test_a_waiver_that_ends_in_the_month_of_a_new_list_charges_the_days_under_each(
    two_lists: tuple[ListSpan, ...],
) -> None:
    found = rated(
        two_lists, days("2026-12-01", "2027-03-01"), line(1_000_000, 1_100_000), waived=days("2026-12-01", "2027-01-11")
    )
    # (1,000,000 × 5 + 1,100,000 × 16) / 31 = 729,032.3
    assert amounts(found) == {
        "2026-12": (1_000_000, 0),
        "2027-01": (1_051_612, 729_032),
        "2027-02": (1_100_000, 1_100_000),
    }
    assert waived_days(found) == {"2026-12": None, "2027-01": 10, "2027-02": 0}
    to_the_change = rated(
        two_lists, days("2026-12-01", "2027-03-01"), line(1_000_000, 1_100_000), waived=days("2026-12-01", "2027-01-16")
    )
    # 1,100,000 × 16 / 31 = 567,741.9
    assert amounts(to_the_change)["2027-01"] == (1_051_612, 567_741)


@pytest.mark.parametrize(
    ("until", "by_month"),
    [
        ("2027-01-01", [0, 0, 0]),  # never owed
        ("2026-12-01", [0, 0, 0]),
        ("2027-01-02", [32_258, 0, 0]),  # 1 of 31 days
        ("2027-02-01", [1_000_000, 0, 0]),
        ("2027-02-11", [1_000_000, 357_142, 0]),  # 10 of 28 days: 357,142.9
        ("2027-03-31", [1_000_000, 1_000_000, 967_741]),  # 30 of 31 days: 967,741.9
        ("2027-04-01", [1_000_000, 1_000_000, 1_000_000]),
        ("2028-01-01", [1_000_000, 1_000_000, 1_000_000]),
    ],
)
def test_a_fee_is_owed_until_the_day_on_which_it_ends(price_list: PriceList, until: str, by_month: list[int]) -> None:
    found = rated(price_list, days("2027-01-01", "2027-04-01"), line(1_000_000, until=day(until)))
    assert [net for _, net in amounts(found).values()] == by_month


def test_an_undivided_fee_that_ends_inside_a_month_is_owed_for_that_month(price_list: PriceList) -> None:
    until = day("2027-02-02")
    found = rated(price_list, days("2027-01-01", "2027-04-01"), line(1_000_000, prorated=False, until=until))
    assert [net for _, net in amounts(found).values()] == [1_000_000, 1_000_000, 0]


def test_a_fee_that_ends_inside_the_waiver_is_waived_for_its_own_days(price_list: PriceList) -> None:
    """It is owed for 10 days, of which 5 are waived: 1,000,000 × 5 / 28 = 178,571.4."""
    found = rated(
        price_list,
        days("2027-02-01", "2027-03-01"),
        line(1_000_000, until=day("2027-02-11")),
        waived=days("2027-02-01", "2027-02-06"),
    )
    assert amounts(found) == {"2027-02": (357_142, 178_571)}
    wholly = rated(
        price_list,
        days("2027-02-01", "2027-03-01"),
        line(1_000_000, until=day("2027-02-11"), partly_waived=NONE),
        waived=days("2027-02-01", "2027-02-21"),
    )
    assert amounts(wholly) == {"2027-02": (357_142, 0)}


def test_a_fee_that_ends_before_a_new_list_follows_the_old_one(two_lists: tuple[ListSpan, ...]) -> None:
    horizon = days("2026-12-01", "2027-03-01")
    before = rated(two_lists, horizon, line(1_000_000, 1_100_000, until=day("2027-01-16")))
    after = rated(two_lists, horizon, line(1_000_000, 1_100_000, until=day("2027-01-17")))
    # 1,000,000 × 15 / 31 = 483,870.97; with a day of the later list (15,000,000 + 1,100,000) / 31 = 519,354.8
    assert [amounts(found)["2027-01"][1] for found in (before, after)] == [483_870, 519_354]


def test_a_start_inside_the_month_of_another_lines_end_is_cut_by_both(price_list: PriceList) -> None:
    """A start inside the month of another line's end is cut by both."""
    found = rated(
        price_list, days("2027-01-11", "2027-02-01"), line(1_000_000), line(2_000_000, id=2, until=day("2027-01-21"))
    )
    # 21 of 31 days: 677,419.35; 10 of 31 days of 2,000,000: 645,161.3
    assert amounts(found) == {"2027-01": (1_322_580, 1_322_580)}


def test_lines_are_rated_by_their_charge_under_each_list_and_their_rules(editions: Editions) -> None:
    lists = editions.price_lists_over(days("2027-01-01", "2027-03-01"))
    policy = editions.policy("startup-support-2018-07")
    usage = licence(usage=licence().usage._replace(queries=5))
    found = rated_lines(lines_of((usage,), None, Channel.OPEN_API, lists, policy), lists)
    assert found == (
        RatedLine(1, (2_000_000,), True, True, BY_DAYS, False, 0, None),
        RatedLine(2, (55,), False, True, BY_DAYS, False, 2, None),
    )


def test_lines_under_another_policy_are_the_same_lines_otherwise_waived(editions: Editions) -> None:
    """Rated for no policy and put under one, they are what they are where they are rated for it at once."""
    lists = editions.price_lists_over(days("2027-01-01", "2027-03-01"))
    policy = editions.policy("startup-support-2018-07")
    usage = licence(usage=licence().usage._replace(queries=5))
    lines = lines_of((usage,), None, Channel.OPEN_API, lists, None)
    before, after = rated_lines(lines, lists), lines_of((usage,), None, Channel.OPEN_API, lists, policy)
    assert [line.waivable for line in before] == [False, False]
    assert under_policy(lines, before, policy) == rated_lines(after, lists)


@pytest.mark.parametrize(("until", "kept"), [("2027-02-28", True), ("2027-03-01", False), ("2027-03-02", False)])
def test_an_end_beyond_the_horizon_does_not_matter(editions: Editions, until: str, kept: bool) -> None:
    lists = editions.price_lists_over(days("2027-01-01", "2027-03-01"))
    [base] = lines_of((licence(),), None, Channel.OPEN_API, lists, None)
    [found] = rated_lines((base._replace(until=day(until)),), lists)
    assert found.until == (day(until) if kept else None)
    [unchanged] = rated_lines((base,), lists)
    assert unchanged.until is None


class TestMonthly:
    """The recurring net of a whole month, inside the waiver and after it."""

    def of(
        self, editions: Editions, granted: bool, after: Period | None, until: date | None = None, *more: Any
    ) -> Monthly:
        lists = editions.price_lists_over(days("2026-12-01", "2027-03-01"))
        policy = editions.policy("open-api-faq-2018-12")
        usage = licence(usage=licence().usage._replace(personal_ids=10))
        lines = lines_of((usage,), None, Channel.OPEN_API, lists, policy)
        return monthly([line._replace(until=until) for line in lines], granted, lists, after)

    def test_inside_the_waiver_only_what_it_does_not_cover_is_paid(self, made_up_editions: Editions) -> None:
        found = self.of(made_up_editions, True, days("2026-12-01", "2026-12-31"))
        assert found == Monthly(11_000, 2_011_000)

    def test_without_a_waiver_there_is_no_month_inside_it(self, made_up_editions: Editions) -> None:
        assert self.of(made_up_editions, False, None) == Monthly(None, 2_011_000)

    @pytest.mark.parametrize(
        ("end", "after"),
        [
            ("2027-01-15", 2_011_000),
            ("2027-01-16", 2_212_000),  # the later list is in force from the day after
            ("2027-02-28", 2_212_000),
            ("2027-03-01", 2_212_000),
            ("2030-01-01", 2_212_000),  # beyond the horizon its last list holds
        ],
    )
    def test_after_the_waiver_the_list_of_the_day_after_holds(
        self, made_up_editions: Editions, end: str, after: int
    ) -> None:
        """2,000,000 + 10 × 1,100; later 2,200,000 + 10 × 1,200."""
        found = self.of(made_up_editions, True, days("2026-12-01", end))
        assert found == Monthly(11_000, after)

    @pytest.mark.parametrize(
        ("until", "end", "after"),
        [
            ("2026-12-31", "2026-12-31", 0),
            ("2027-01-01", "2026-12-31", 2_011_000),
            ("2027-02-28", "2030-01-01", 0),
            ("2027-03-01", "2030-01-01", 2_212_000),  # what ends beyond the horizon does not matter
        ],
    )
    def test_what_is_not_owed_any_more_by_then_is_left_out(
        self, made_up_editions: Editions, until: str, end: str, after: int
    ) -> None:
        found = self.of(made_up_editions, True, days("2026-12-01", end), day(until))
        assert found == Monthly(11_000, after)

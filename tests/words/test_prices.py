"""Flat, graduated, volume and package prices, each on both sides of its boundaries; amounts in KRW."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fee_service.prices import Cell, CellKind, Flat, Graduated, Package, Tier, Volume
from fee_service.published.editions import Editions

# The notice of 3 June 2014: 2,000 each up to 50,000, 1,000 up to 100,000, 500 beyond.
TIERS_2014 = (Tier(50_000, 2_000), Tier(100_000, 1_000), Tier(None, 500))


@pytest.mark.parametrize(
    ("subscribers", "charge"),
    [
        (0, 0),
        (1, 2_000),
        (49_999, 99_998_000),  # 49,999 × 2,000
        (50_000, 100_000_000),  # 50,000 × 2,000
        (50_001, 100_001_000),  # 50,000 × 2,000 + 1 × 1,000
        (99_999, 149_999_000),  # 50,000 × 2,000 + 49,999 × 1,000
        (100_000, 150_000_000),  # 50,000 × 2,000 + 50,000 × 1,000
        (100_001, 150_000_500),  # … + 1 × 500
        (300_000, 250_000_000),  # … + 200,000 × 500
    ],
)
def test_graduated_tiers_charge_each_unit_by_the_tier_it_falls_into(subscribers: int, charge: int) -> None:
    assert Graduated(TIERS_2014).charge(subscribers) == charge


@pytest.mark.parametrize(
    ("subscribers", "charge"),
    [
        (0, 0),
        (50_000, 100_000_000),  # 50,000 × 2,000
        (50_001, 50_001_000),  # 50,001 × 1,000
        (100_000, 100_000_000),  # 100,000 × 1,000
        (100_001, 50_000_500),  # 100,001 × 500
    ],
)
def test_volume_tiers_charge_all_units_by_the_tier_of_the_whole_quantity(subscribers: int, charge: int) -> None:
    assert Volume(TIERS_2014).charge(subscribers) == charge


@pytest.mark.parametrize(
    ("calls", "charge"),
    [
        (0, 200_000),  # at least one package
        (1, 200_000),
        (999_999, 200_000),
        (1_000_000, 200_000),
        (1_000_001, 400_000),  # a second one is started
        (2_000_000, 400_000),
        (2_000_001, 600_000),
    ],
)
def test_a_started_package_is_charged_whole(calls: int, charge: int) -> None:
    assert Package(size=1_000_000, package_price=200_000, at_least=1).charge(calls) == charge


def test_nothing_is_charged_for_no_units_where_no_package_must_be_bought() -> None:
    assert Package(size=10_000, package_price=90_000, at_least=0).charge(0) == 0


def test_a_flat_price_is_the_same_for_every_unit() -> None:
    assert [Flat(1_100).charge(ids) for ids in (0, 1, 1_000)] == [0, 1_100, 1_100_000]


@pytest.mark.parametrize(
    ("ids", "charge"),
    [
        (90, 100_000),  # 90 × 1,100 = 99,000 is under the minimum
        (91, 100_100),  # 91 × 1,100
        (1_000, 1_100_000),  # 1,000 × 1,100
        (1_001, 1_100_900),  # 1,000 × 1,100 + 1 × 900
        (5_333, 4_999_700),  # 1,000 × 1,100 + 4,333 × 900
        (5_334, 5_000_000),  # 1,000 × 1,100 + 4,334 × 900 = 5,000,600 is over the maximum
        (1_000_000, 5_000_000),
    ],
)
def test_a_price_stays_between_its_minimum_and_its_maximum(ids: int, charge: int) -> None:
    cell = Cell(CellKind.AMOUNT, Graduated((Tier(1_000, 1_100), Tier(None, 900))), 100_000, 5_000_000)
    assert cell.charge(ids) == charge


@pytest.mark.parametrize("kind", [CellKind.WITHHELD, CellKind.NOT_APPLICABLE, CellKind.NONE])
def test_a_word_charges_nothing_and_has_no_unit_price(kind: CellKind) -> None:
    cell = Cell(kind)
    assert (cell.charge(1_000), cell.unit_price) == (0, None)


def test_a_unit_price_is_stated_only_where_every_unit_costs_the_same() -> None:
    assert Cell(CellKind.AMOUNT, Flat(1_100)).unit_price == 1_100
    assert Cell(CellKind.AMOUNT, Package(1_000_000, 200_000, 1)).unit_price == 200_000
    assert Cell(CellKind.AMOUNT, Graduated(TIERS_2014)).unit_price is None
    assert Cell(CellKind.AMOUNT, Volume(TIERS_2014)).unit_price is None


def test_the_steps_of_graduated_tiers_say_how_a_charge_comes_about() -> None:
    assert list(Graduated(TIERS_2014).steps(100_001)) == [(50_000, 2_000), (50_000, 1_000), (1, 500)]
    assert list(Graduated(TIERS_2014).steps(50_000)) == [(50_000, 2_000)]


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_graduated_charges_never_fall_when_more_is_used(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert Graduated(TIERS_2014).charge(fewer) <= Graduated(TIERS_2014).charge(more)


@given(st.integers(0, 10**7))
def test_the_steps_hold_every_unit_and_add_up_to_the_charge(quantity: int) -> None:
    price = Graduated(TIERS_2014)
    assert sum(units for units, _ in price.steps(quantity)) == quantity
    assert sum(units * unit_price for units, unit_price in price.steps(quantity)) == price.charge(quantity)


def test_the_tiers_of_2014_are_read_from_their_file(made_up_editions: Editions) -> None:
    price_list = made_up_editions.price_list("subscribers-2014-06-03")
    cell = price_list.cell("real_time", "usage_fee", "securities_a", "personal")
    assert cell.price == Graduated(TIERS_2014)
    assert cell.charge(100_000) == 150_000_000


@pytest.mark.parametrize(
    ("column", "product", "quantity", "charge"),
    [
        ("standard", "securities_a", 100, 3_000_000),  # 100 × 30,000
        ("standard", "securities_a", 101, 2_525_000),  # 101 × 25,000
        ("standard", "securities_a", 1_000, 25_000_000),  # 1,000 × 25,000
        ("standard", "securities_a", 1_001, 20_020_000),  # 1,001 × 20,000
        ("personal", "securities_a", 1, 100_000),  # the minimum
        ("personal", "securities_a", 10_000, 5_000_000),  # the maximum
        ("query", "securities_a", 1, 180_000),  # two packages at least
        ("query", "securities_a", 20_001, 270_000),  # three started packages
        ("standard", "securities_b", 4, 60_000),  # 4 × 12,000 = 48,000 is under the minimum
        ("standard", "securities_b", 6, 72_000),  # 6 × 12,000
        ("personal", "securities_b", 2_501, 1_000_000),  # 2,501 × 400 = 1,000,400 is over the maximum
        ("query", "securities_b", 0, 0),
    ],
)
def test_every_way_of_pricing_can_be_stated_in_a_file(
    made_up_editions: Editions, column: str, product: str, quantity: int, charge: int
) -> None:
    price_list = made_up_editions.price_list("shapes-2016-01-01")
    assert price_list.cell("real_time", "usage_fee", product, column).charge(quantity) == charge

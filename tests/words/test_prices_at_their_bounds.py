"""Prices where a tier, a package, a minimum or a maximum begins to matter."""

import pytest

from fee_service.prices import Cell, CellKind, Flat, Graduated, Package, Tier, Volume

TIERS = (Tier(10, 100), Tier(20, 80), Tier(None, 50))


@pytest.mark.parametrize(
    ("quantity", "first", "unit_price"), [(1, 1, 100), (10, 1, 100), (11, 11, 80), (20, 11, 80), (21, 21, 50)]
)
def test_the_tier_of_a_quantity_is_told_with_its_first_unit(quantity: int, first: int, unit_price: int) -> None:
    found, tier = Volume(TIERS).tier(quantity)
    assert (found, tier.unit_price) == (first, unit_price)
    assert Volume(TIERS).charge(quantity) == quantity * unit_price


def test_tiers_that_end_hold_no_more_units() -> None:
    with pytest.raises(ValueError, match=r"^no tier holds 21 units$"):
        Volume((Tier(20, 80),)).tier(21)


@pytest.mark.parametrize(
    ("quantity", "steps"),
    [
        (0, []),
        (10, [(10, 100)]),
        (11, [(10, 100), (1, 80)]),
        (21, [(10, 100), (10, 80), (1, 50)]),
    ],
)
def test_each_unit_costs_the_price_of_its_tier(quantity: int, steps: list[tuple[int, int]]) -> None:
    assert list(Graduated(TIERS).steps(quantity)) == steps
    assert Graduated(TIERS).charge(quantity) == sum(units * price for units, price in steps)


@pytest.mark.parametrize(("units", "packages"), [(0, 2), (1, 2), (20, 2), (21, 3), (30, 3), (31, 4)])
def test_started_packages_count_and_never_fewer_than_must_be_bought(units: int, packages: int) -> None:
    assert Package(10, 90, 2).count(units) == packages
    assert Package(10, 90, 2).charge(units) == packages * 90


@pytest.mark.parametrize(("quantity", "charge"), [(0, 5), (1, 5), (2, 6), (3, 9), (4, 10), (9, 10)])
def test_a_minimum_and_a_maximum_bound_what_the_units_cost(quantity: int, charge: int) -> None:
    cell = Cell(CellKind.AMOUNT, Flat(3), minimum=5, maximum=10)
    assert cell.charge(quantity) == charge
    assert cell.unbounded(quantity) == 3 * quantity
    assert cell.is_bounded


def test_one_bound_is_enough_to_bound_a_price_and_a_bound_of_0_is_one() -> None:
    price = Flat(3)
    assert Cell(CellKind.AMOUNT, price, minimum=0).is_bounded
    assert Cell(CellKind.AMOUNT, price, maximum=0).is_bounded
    assert Cell(CellKind.AMOUNT, price, maximum=0).charge(4) == 0
    assert not Cell(CellKind.AMOUNT, price).is_bounded


@pytest.mark.parametrize("kind", [CellKind.WITHHELD, CellKind.NOT_APPLICABLE, CellKind.NONE])
def test_a_word_has_no_price_and_no_bounds(kind: CellKind) -> None:
    cell = Cell(kind)
    assert (cell.price, cell.minimum, cell.maximum, cell.is_bounded, cell.unbounded(7)) == (None, None, None, False, 0)


def test_a_word_charges_nothing_whatever_is_written_beside_it() -> None:
    assert Cell(CellKind.WITHHELD, minimum=5, maximum=3).charge(7) == 0


def test_a_list_writes_its_cells_as_these_words() -> None:
    assert [kind.value for kind in CellKind] == ["amount", "withheld", "not_applicable", "none"]

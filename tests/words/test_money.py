"""A fraction of a won, in each of the three ways to round it."""

from fractions import Fraction

import pytest

from fee_service.money import Rounding, percent, rounded

DOWN, HALF_UP, UP = Rounding.DOWN, Rounding.HALF_UP, Rounding.UP


@pytest.mark.parametrize(
    ("numerator", "denominator", "down", "half_up", "up"),
    [
        (0, 7, 0, 0, 0),
        (7, 7, 1, 1, 1),
        (14, 7, 2, 2, 2),
        (1, 7, 0, 0, 1),
        (6, 7, 0, 1, 1),
        (5, 2, 2, 3, 3),  # a half goes up
        (49, 20, 2, 2, 3),  # 2.45
        (51, 20, 2, 3, 3),  # 2.55
        (2_000_000 * 23, 31, 1_483_870, 1_483_871, 1_483_871),  # 1,483,870.97
        (1_000_001 * 15, 29, 517_241, 517_242, 517_242),  # 517,241.90
        (10_000_000 * 1, 31, 322_580, 322_581, 322_581),  # 322,580.65
        (10**18 + 1, 10**9, 10**9, 10**9, 10**9 + 1),  # exact beyond what a float can hold
        (3 * 10**18, 3, 10**18, 10**18, 10**18),
    ],
)
def test_a_fraction_of_a_won_goes_down_to_the_nearest_or_up(
    numerator: int, denominator: int, down: int, half_up: int, up: int
) -> None:
    found = [rounded(numerator, denominator, rounding) for rounding in (DOWN, HALF_UP, UP)]
    assert found == [down, half_up, up]
    assert all(type(amount) is int for amount in found)


def test_a_fraction_is_dropped_where_nothing_else_is_said() -> None:
    assert rounded(5, 3) == 1


def test_a_file_writes_the_ways_of_rounding_as_these_words() -> None:
    assert [rounding.value for rounding in Rounding] == ["down", "half_up", "up"]


@pytest.mark.parametrize(("rate", "printed"), [("6/100", "6"), ("75/1000", "7.5"), ("1/10", "10"), ("3/10000", "0.03")])
def test_a_rate_is_printed_without_noughts_behind(rate: str, printed: str) -> None:
    """Percent, with as many places as it has."""
    assert percent(Fraction(rate)) == printed

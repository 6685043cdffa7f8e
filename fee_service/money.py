"""Whole won, and rates as they are printed. The one place where a fraction of a won is rounded."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    """What becomes of a fraction of a won."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


def rounded(numerator: int, denominator: int, rounding: Rounding = Rounding.DOWN) -> int:
    """`numerator / denominator` (KRW, both not negative, denominator over 0) in whole won."""
    if rounding is Rounding.DOWN:
        return numerator // denominator
    if rounding is Rounding.HALF_UP:
        return (2 * numerator + denominator) // (2 * denominator)
    return -(-numerator // denominator)


def percent(rate: Fraction) -> str:
    """A rate as it is printed, e.g. 6 or 7.5."""
    whole, rest = divmod(int(rate * 1_000_000), 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")

"""Whole won. The one place where a fraction of a won is rounded."""

from __future__ import annotations

from enum import StrEnum


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

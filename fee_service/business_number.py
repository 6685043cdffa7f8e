"""Business registration numbers (사업자등록번호): ten digits, the last a check digit."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"\d{3}-\d{2}-\d{5}|\d{10}", re.ASCII)
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def is_valid(number: str) -> bool:
    """Whether a number is written as 000-00-00000 or ten digits and ends on its check digit."""
    if not _WRITTEN.fullmatch(number):
        return False
    digits = [int(digit) for digit in number if digit != "-"]
    weighed = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return digits[9] == (10 - (weighed + digits[8] * 5 // 10) % 10) % 10


def formatted(number: str) -> str:
    """The number as it is printed: 000-00-00000."""
    digits = number.replace("-", "")
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"

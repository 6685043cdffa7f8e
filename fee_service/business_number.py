"""Business registration numbers (사업자등록번호): tax office, kind of business, serial number, check digit."""

from __future__ import annotations

import re
from typing import NamedTuple

from fee_service.spelling import one_width

FIRST_OFFICE = 101
_BETWEEN = r" *-? *"
_WRITTEN = re.compile(rf"(\d{{3}}){_BETWEEN}(\d{{2}}){_BETWEEN}(\d{{4}})(\d)", re.ASCII)
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


class BusinessNumber(NamedTuple):
    """A number as it is printed (000-00-00000), or None and what is wrong, as codes of `wording.texts`."""

    number: str | None
    wrong: tuple[str, ...] = ()


def read(text: str) -> BusinessNumber:
    """The number that a text stands for; digits of any width, dashes of any kind and spaces between its parts.

    What was never allotted is no number: it is typed to fill a field, and strangers would share it.
    """
    written = _WRITTEN.fullmatch(one_width(text))
    if written is None:
        return BusinessNumber(None, ("business_number_form",))
    office, kind, serial, check = written.groups()
    digits = office + kind + serial + check
    faults = {
        "business_number_office": int(office) < FIRST_OFFICE,
        "business_number_kind": kind == "00",
        "business_number_serial": serial == "0000",
        "business_number_repeated": len(set(digits)) == 1,
        "business_number_check": int(check) != check_digit(digits[:9]),
    }
    wrong = tuple(code for code, is_wrong in faults.items() if is_wrong)
    return BusinessNumber(None, wrong) if wrong else BusinessNumber(f"{office}-{kind}-{serial}{check}")


def check_digit(nine: str) -> int:
    """The tenth digit that belongs to nine."""
    digits = [int(digit) for digit in nine]
    weighed = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return (10 - (weighed + digits[8] * 5 // 10) % 10) % 10

"""Counts and amounts as people write them: 12,000 · 1 000 · 100만 · 1억 2,000만 · 1.5억 · 3천만원.

Whatever could mean two numbers means none: 1억 5000 is 1억 5000만 to the one and 100,005,000 to the other.
"""

from __future__ import annotations

import re

LONGEST = 30  # characters: no amount that anybody means is longer

# What may stand behind a number, by the last part of the field's name.
_WORDS = {
    "average_sales": "원",
    "total_assets": "원",
    "months": "개월|달",
    "test_months": "개월|달",
    "api_calls": "건|회|번|콜",
    "queries": "건|회|번",
    "standard": "개|명",
    "personal": "개|명",
    "sets": "개|세트",
    "recovery": "개|세트",
}
_MYRIADS = {"조": 10**12, "억": 10**8, "만": 10**4}
_WITHIN = {"천": 1000, "백": 100, "십": 10}

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)"
_PLAIN = re.compile(rf"-?{_DIGITS}", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,6})\.(\d{1,8}) ?([조억만천])", re.ASCII)
_PART = re.compile(r"([^조억만]*)([조억만])")
_STEP = re.compile(r"(\d?)([천백십])", re.ASCII)
# Behind 만, with units of its own or of three digits and more: 1만 5 would be 15,000 to many, 1억 2천 120,000,000.
_TAIL = re.compile(r"\d{3,4}|\d,\d{3}|.*[천백십].*", re.ASCII)


def count_of(text: str, field: str = "") -> int | None:
    """The whole number that a plain text is; None where it is none, or could be another."""
    if len(text) > LONGEST:
        return None
    text = _without_word(text, field)
    if _PLAIN.fullmatch(text):
        return int(text.replace(",", "").replace(" ", ""))
    if decimal := _DECIMAL.fullmatch(text):
        return _scaled(decimal[1], decimal[2], (_MYRIADS | _WITHIN)[decimal[3]])
    return _in_words(text)


def _without_word(text: str, field: str) -> str:
    words = _WORDS.get(field.rpartition(".")[2])
    if words is None:
        return text
    bare = re.sub(rf" ?(?:{words})$", "", text)
    return re.sub(r"^₩ ?", "", bare) if words == "원" else bare


def _scaled(whole: str, part: str, unit: int) -> int | None:
    """1.5억, without a fraction on the way; None where it is no whole number."""
    number, rest = divmod(int(whole + part) * unit, 10 ** len(part))
    return None if rest else number


def _in_words(text: str) -> int | None:
    """Myriads in their order, each at most once, each with a number of up to four digits before it."""
    total, last, at, tight = 0, 10**16, 0, text.replace(" ", "")
    if not _spaced_between_units(text):
        return None
    for part in _PART.finditer(tight):
        unit = _MYRIADS[part[2]]
        number = _below_myriad(part[1]) if part[1] else (1 if at == 0 and unit == 10**4 else None)
        if number is None or unit >= last or part.start() != at:
            return None
        total, last, at = total + number * unit, unit, part.end()
    rest = tight[at:]
    if not rest:
        return total if at else None
    if at and not (last == 10**4 and _TAIL.fullmatch(rest)):
        return None
    number = _below_myriad(rest)
    return None if number is None else total + number


def _spaced_between_units(text: str) -> bool:
    """Spaces stand behind units and before them, never inside a number."""
    return not re.search(r"\d \d", text, re.ASCII)


def _below_myriad(text: str) -> int | None:
    """3, 3천, 천, 3천5백, 5천500, 1,200: a number below 10,000."""
    if re.fullmatch(r"\d{1,4}|\d,\d{3}", text, re.ASCII):
        return int(text.replace(",", ""))
    total, last, at = 0, 10**4, 0
    for step in _STEP.finditer(text):
        unit = _WITHIN[step[2]]
        if unit >= last or step.start() != at or step[1] == "0":
            return None
        total, last, at = total + int(step[1] or 1) * unit, unit, step.end()
    rest = text[at:]
    if not rest or at == 0:
        return total or None
    return total + int(rest) if last == 1000 and re.fullmatch(r"\d{3}", rest, re.ASCII) else None

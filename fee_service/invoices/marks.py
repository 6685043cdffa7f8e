"""Days, months, approval numbers, business numbers and codes as files write them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from fee_service import business_number
from fee_service.invoices.values import Direction
from fee_service.spelling import cleaned, one_width

_DAY = r"(?P<year>20[0-9]{2})(?:[-/.] ?|년 ?)(?P<month>[0-9]{1,2})(?:[-/.] ?|월 ?)(?P<day>[0-9]{1,2})(?:일|\.)?"
_PLAIN_DAY = r"(?P<year8>20[0-9]{2})(?P<month8>[0-9]{2})(?P<day8>[0-9]{2})"
_CLOCK = r"(?:오전 ?|오후 ?)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?: ?[AaPp][Mm])?(?:\+09:?00)?"
_BEHIND = rf"(?: ?\([월화수목금토일]\))?(?:[T ] ?{_CLOCK})?"  # a time of another zone may be that of another day
_A_DAY = re.compile(rf"{_DAY}{_BEHIND}|{_PLAIN_DAY}(?:[0-9]{{4}}|[0-9]{{6}}|[T ]{_CLOCK})?")
_DAY_AND_NUMBER = re.compile(rf"(?P<all>{_DAY}|{_PLAIN_DAY}) *- *(?P<number>[0-9]+)")
_A_MONTH = re.compile(r"(20[0-9]{2})(?:[-/.]|년 ?)?(0?[1-9]|1[0-2])월?(?:분|(?:[-/.]0?1)(?:[T ].*)?)?")
_LOST_A_ZERO = re.compile(r"20[0-9]{2}\.1")  # 2026.10 in a cell of numbers
_PERIOD = re.compile(r"(20[0-9]{2}[-/.년][-/.0-9년월 ]{3,9}일?) *[~∼〜] *(20[0-9]{2}[-/.년][-/.0-9년월 ]{3,9}일?)")


def day(text: str) -> date | None:
    """The day that a text names, with or without a time of day."""
    return _day_of(_A_DAY.fullmatch(one_width(text)))


def _day_of(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    parts = found.groupdict()
    try:
        return date(*(int(parts[name] or parts[f"{name}8"]) for name in ("year", "month", "day")))
    except ValueError:
        return None


class DayAndNumber(NamedTuple):
    """The day of a slip, and the slip as it is numbered on it."""

    day: date | None
    number: str | None


def day_and_number(text: str) -> DayAndNumber:
    """`2026/12/09 -1`: the day, and the number of the slip on that day."""
    found = _DAY_AND_NUMBER.fullmatch(one_width(text))
    on = _day_of(found)
    return DayAndNumber(on, f"{on.isoformat()}-{found['number']}" if found and on else None)


def month(text: str) -> date | None:
    """The first day of the month that a text names."""
    plain = one_width(text)
    found = None if _LOST_A_ZERO.fullmatch(plain) else _A_MONTH.fullmatch(plain)
    return date(int(found[1]), int(found[2]), 1) if found else None


def period(text: str) -> tuple[date, date] | None:
    """Two days with ~ between them, anywhere in a text."""
    found = _PERIOD.search(one_width(text).replace("~", "~"))
    first, last = (day(found[1].strip()), day(found[2].strip())) if found else (None, None)
    return (first, last) if first and last and first <= last else None


_APPROVAL = re.compile(r"([0-9A-Za-z]{8})[- ]?([0-9A-Za-z]{8})[- ]?([0-9A-Za-z]{8})")
_IN_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}")
_CUT = re.compile(r"[0-9]{15}0{9}")  # a sheet keeps 15 digits of 24; no invoice ends like that
_ORIGINAL = re.compile(r"당초[^0-9A-Za-z]{0,30}?([0-9A-Za-z]{8}-?[0-9A-Za-z]{8}-?[0-9A-Za-z]{8})(?![0-9A-Za-z])")


class Number(NamedTuple):
    """An invoice's number, or None and the code of the fault."""

    number: str | None
    code: str | None = None


def invoice_number(text: str) -> Number:
    """A number as it is kept: an approval number without hyphens, any other as it came, zeros and letters included."""
    plain = one_width(text)
    if not plain:
        return Number(None)
    if found := _APPROVAL.fullmatch(plain):
        number = "".join(found.groups()).upper()
        return Number(None, "digits_lost") if _CUT.fullmatch(number) else Number(number)
    if _IN_EXPONENT.fullmatch(plain):
        return Number(None, "digits_lost")
    return Number(cleaned(text)) if len(plain) <= 100 else Number(None, "invoice_number_unreadable")


def original(remark: str) -> str | None:
    """The number of the original that a remark names."""
    found = _ORIGINAL.search(one_width(remark))
    return found[1].replace("-", "").upper() if found else None


def company(text: str) -> Number:
    """A business number as it is printed; a resident number is none, and is not told."""
    if number := business_number.read(text).number:
        return Number(number)
    lost = _IN_EXPONENT.fullmatch(one_width(text))
    return Number(None, "digits_lost" if lost else "business_number_unreadable")


_KINDS = {"일반": "01", "영세율": "02", "위수탁": "03", "수입": "04", "영세율위수탁": "05", "수입납부유예": "06"}


class Kind(NamedTuple):
    """What an invoice is: its code of 4 digits where that is told, and whether it corrects another."""

    type_code: str | None
    correction: bool


def kind(text: str, exempt: bool = False) -> Kind:
    """`일반`, `일반(수정)`, `영세율` …, or the code itself."""
    plain = one_width(text).replace(" ", "")
    if re.fullmatch(r"0[1-4]0[1-6]", plain):
        return Kind(plain, plain[:2] in ("02", "04"))
    correction = "수정" in plain
    word = re.sub(r"[()\[\]]|수정", "", plain) or "일반"
    family = {(False, False): "01", (False, True): "02", (True, False): "03", (True, True): "04"}[exempt, correction]
    return Kind(family + _KINDS[word] if word in _KINDS else None, correction)


_PURPOSES = {"영수": "01", "01": "01", "1": "01", "청구": "02", "02": "02", "2": "02"}
_REASONS = {
    "기재사항착오": "01", "공급가액변동": "02", "환입": "03", "계약의해제": "04", "계약해제": "04",
    "내국신용장": "05", "이중발급": "06", "착오에의한이중발급": "06",
}  # fmt: skip


def purpose(text: str) -> str | None:
    """01 received (영수), 02 claimed (청구)."""
    return _PURPOSES.get(cleaned(text))


def correction_code(text: str) -> str | None:
    """01 to 06, by number or by its words."""
    plain = one_width(text).replace(" ", "")
    if found := re.fullmatch(r"0?([1-6])(?:\D.*)?", plain):
        return "0" + found[1]
    return next((code for words, code in _REASONS.items() if words in plain), None)


def direction(text: str) -> Direction | None:
    """`매입`, `매출`, or a journal's code of two digits: from 11 sales, from 51 purchases."""
    plain = one_width(text).replace(" ", "").lower()
    if found := re.fullmatch(r"([1-6])[0-9]", plain):
        return Direction.SALE if found[1] in "123" else Direction.PURCHASE if found[1] in "56" else None
    buys = any(word in plain for word in ("매입", "구매", "purchase"))
    sells = any(word in plain for word in ("매출", "판매", "sale"))
    return None if buys == sells else Direction.PURCHASE if buys else Direction.SALE

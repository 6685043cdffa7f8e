"""The text of an item of an invoice as it is compared: one width, one case, without signs, months and corrections.

So `시장정보 이용료 2027년 1월분` and `시장정보이용료(2027-02)` are one text, each with a month of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fee_service.spelling import one_width

LONGEST = 200  # characters of a text that anybody told or published; a longer one is none of them
ONLY_A_MONTH = "월분"  # the key of a text that says a month and nothing else

# A month is written in many ways; of what begins at one place, the first of these that fits is meant.
_M = r"(?:0?[1-9]|1[0-2])(?!\d)"
_Y = r"(?<![\d.])20\d\d"
_TO = r"\s?[~-]\s?"
_DAY = (
    rf"{_Y}(?:\s?[-./]\s?\d{{1,2}}\s?[-./]\s?\d{{1,2}}(?!\d)\.?|\s?년\s?\d{{1,2}}\s?월\s?\d{{1,2}}\s?일|\d{{4}}(?!\d))"
)
_DAY_OF_YEAR = rf"(?<![\d.]){_M}(?:[-./]\d{{1,2}}(?!\d)|\s?월\s?\d{{1,2}}\s?일)"
_WITH_YEAR = rf"(?:{_Y}\s?(?:[-./]|년)\s?{_M}|'?(?<![\d.])[2-9]\d(?:\s?년\s?|[./-]){_M}(?=\s?월))\s?월?"
_BARE = rf"(?<![\d.]){_M}\s?월"
_COMPACT = r"(?<![\d.])20\d\d(?:0[1-9]|1[0-2])(?:\s?월|(?=\s?분)|(?=\W|$))"
_ENGLISH = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NAME = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _ENGLISH)}|sept)\.?"
_IN_ENGLISH = rf"(?<![a-z]){_NAME}[\s,-]{{0,2}}20\d\d(?!\d)|{_Y}[\s-]?{_NAME}(?![a-z])"
_TURNED = rf"(?<![\d./-]){_M}[/.-]20\d\d(?![\d./-])"
_ANY = rf"(?:{_WITH_YEAR}|{_BARE}|(?<![\d./-]){_M})"
_SOME = (
    rf"(?:(?P<days>{_DAY}{_TO}(?:{_DAY}|{_DAY_OF_YEAR})|{_DAY_OF_YEAR}\s?~\s?{_DAY_OF_YEAR})"
    rf"|(?P<day>{_DAY}|(?<![\d.])\d{{1,2}}\s?/\s?\d{{1,2}}\s?일|(?<![\d.])\d{{1,2}}\s?일(?=\s?분))"
    rf"|(?P<months>(?:{_ANY}(?:{_TO}|\s?[,·&/및]\s?)){{1,12}}(?:{_WITH_YEAR}|{_BARE})|{_WITH_YEAR}{_TO}{_M})"
    rf"|(?P<month>{_WITH_YEAR}|{_COMPACT}|{_IN_ENGLISH}|{_TURNED}|{_BARE}(?!\s?\d{{1,2}}\s?일))"
    r")(?:\s?(?:이용|사용|귀속|서비스|제공|청구)?\s?분(?!기(?!본)))?"
)
_PERHAPS = re.compile(r"[0-9]\s?[월일]|20[0-9]{2}|~")  # without one of these there is neither
_RANGES = str.maketrans("∼〜", "~~")
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _months_and_days() -> re.Pattern[str]:
    """Compiled when a text first needs it: that takes longer than a price takes."""
    return re.compile(_SOME, re.ASCII)


class NamedMonth(NamedTuple):
    """A month as a text names it; without a year the day of the invoice decides."""

    year: int | None
    month: int


class ItemText(NamedTuple):
    """A text as it is compared, in words, and the months that it names."""

    words: tuple[str, ...]
    months: frozenset[NamedMonth]

    def key(self, corrections: Collection[str] = (), known: Container[str] = ()) -> str:
        """All words in one, however they were divided, without those that only say that it is a correction; between
        figures a space stays. Of nothing but a month it is `ONLY_A_MONTH`. `known` words are left whole."""
        key = "".join(_joined(_without(self.words, corrections, known) or self.words))
        return key or (ONLY_A_MONTH if self.months else "")


def _without(words: tuple[str, ...], corrections: Collection[str], known: Container[str]) -> list[str]:
    """Whole words, and what is written together with the last one."""
    kept = [word for word in words if word not in corrections]
    if kept and kept[-1] not in known:
        glued = (kept[-1][: -len(word)] for word in corrections if kept[-1].endswith(word))
        kept[-1] = min((rest for rest in glued if len(rest) > 1), key=len, default=kept[-1])
    return kept


def _joined(words: Iterable[str]) -> Iterator[str]:
    before = ""
    for word in words:
        yield f" {word}" if before[-1:].isdigit() and word[0].isdigit() else word
        before = word


@lru_cache(maxsize=16_384)
def item_text(text: str) -> ItemText:
    """A text as it is compared; of one that is far too long nothing is read."""
    plain = one_width(text).translate(_RANGES).lower()
    if len(plain) > 2 * LONGEST:
        return ItemText((plain[: 2 * LONGEST],), frozenset())
    months: set[NamedMonth] = set()

    def taken_out(found: re.Match[str]) -> str:
        months.update(named for named in _named(found) if 1 <= named.month <= 12)
        return " "

    rest = _months_and_days().sub(taken_out, plain) if _PERHAPS.search(plain) else plain
    return ItemText(tuple(_WORDS.findall(rest)), frozenset(months))


def _named(found: re.Match[str]) -> Iterator[NamedMonth]:
    """The months that a part of a text names: of a period its first and its last; of a day, or days, none."""
    if found["days"]:
        yield from _of_days(found["days"])
    elif found["months"]:
        yield from _several(found["months"])
    elif found["month"]:
        yield _one(found["month"])


def _figures(text: str) -> list[int]:
    """The figures of a text; eight in one are a day."""
    parts = re.sub(r"(20\d\d)(\d\d)(\d\d)(?!\d)", r"\1 \2 \3", text)
    return [int(figure) for figure in re.findall(r"\d+", parts)]


def _of_days(text: str) -> Iterator[NamedMonth]:
    figures = _figures(text)
    year = figures.pop(0) if figures[0] > 2000 else None
    yield NamedMonth(year, figures[0])
    year, month = (figures[2], figures[3]) if figures[2] > 2000 else (year, figures[2])
    yield NamedMonth(year, month)


def _several(text: str) -> Iterator[NamedMonth]:
    year: int | None = None
    for found in re.finditer(r"'?(?P<year>(?:20)?\d\d)\s?(?:년|[./-](?=\s?\d{1,2}(?!\d)))|(?P<month>\d{1,2})", text):
        if found["year"] and (len(found["year"]) == 4 or int(found["year"]) > 12):
            year = int(found["year"]) % 100 + 2000
        else:
            yield NamedMonth(year, int(found["month"] or found["year"]))


def _one(text: str) -> NamedMonth:
    for number, name in enumerate(_ENGLISH, start=1):
        if name[:3] in text:
            return NamedMonth(int(re.findall(r"20\d\d", text)[0]), number)
    if found := re.fullmatch(r"(20\d\d)(\d\d)\D*", text):
        return NamedMonth(int(found[1]), int(found[2]))
    figures = _figures(text)
    if len(figures) == 1:
        return NamedMonth(None, figures[0])
    year, month = reversed(figures) if figures[1] > 2000 else figures
    return NamedMonth(year % 100 + 2000, month)


def month_of(named: NamedMonth, issued_on: date | None) -> date | None:
    """The first day of a named month.

    A month without a year is the one of that name in the twelve months that end with the month after the invoice's:
    what is billed is past or begins next month. None where it has no year and the invoice no day.
    """
    if named.year is not None:
        return date(named.year, named.month, 1)
    if issued_on is None:
        return None
    ahead = (named.month - issued_on.month) % 12
    months = issued_on.year * 12 + issued_on.month - 1 + (ahead if ahead <= 1 else ahead - 12)
    return date(months // 12, months % 12 + 1, 1)


def one_month(months: Iterable[NamedMonth], issued_on: date | None) -> date | None:
    """The month, where all that is named is one and the same."""
    found = {month_of(named, issued_on) for named in months}
    return found.pop() if len(found) == 1 else None

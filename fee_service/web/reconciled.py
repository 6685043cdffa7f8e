"""What the page of a reconciliation says of its summary: a sentence, money by cause as a chart, the sum that closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from flask_babel import ngettext

from fee_service.strict_json import Data
from fee_service.web.languages import _, number, won
from fee_service.web.reconciliation_words import cause_word, status_word

WIDTH = 1000  # units of a bar's picture
BEYOND = ("overbilled", "unexpected", "duplicate")  # more is billed than is due
ASIDE = ("unreadable", "not_judged", "already_seen")  # held against nothing
NO_ROWS = ("missing",)  # what no file has


class Bar(NamedTuple):
    """The money of one cause (KRW) and its bar; `x` and `width` are units of WIDTH, `zero` where nothing would be."""

    cause: str
    lines: int
    amount: int
    vat: int
    x: int
    width: int
    zero: int


class Outcome:
    """A summary as people read it."""

    def __init__(self, summary: Data) -> None:
        self.summary = summary
        self._by_status: Mapping[str, Mapping[str, int]] = summary["by_status"]

    # -- in a sentence -------------------------------------------------------------------------------------

    @property
    def sentences(self) -> Iterator[str]:
        """What came of it, the most important first."""
        judged = self._lines(name for name in self._by_status if name not in (*ASIDE, *NO_ROWS))
        if not judged and not self._lines(NO_ROWS):
            yield _("No line could be held against a contract.")
        else:
            yield from self._wrong(judged)
        yield from self._beside()

    def _wrong(self, judged: int) -> Iterator[str]:
        right, beyond, below = self._lines(["match"]), self._lines(BEYOND), self._lines(["underbilled"])
        if right == judged:
            if judged == 1:
                yield _("The one line is right.")
            elif judged:
                yield _("All %(count)s lines are right.", count=number(judged))
        else:
            yield _("%(right)s of %(lines)s lines are right.", right=number(right), lines=number(judged))
        if beyond and self._difference(BEYOND):
            yield ngettext(
                "In %(count)s line %(amount)s too much is billed.",
                "In %(count)s lines %(amount)s too much is billed.",
                beyond, count=number(beyond), amount=won(self._difference(BEYOND)),
            )  # fmt: skip
        if below and self._difference(["underbilled"]):
            yield ngettext(
                "In %(count)s line %(amount)s too little is billed.",
                "In %(count)s lines %(amount)s too little is billed.",
                below, count=number(below), amount=won(-self._difference(["underbilled"])),
            )  # fmt: skip

    def _beside(self) -> Iterator[str]:
        missing = self._lines(NO_ROWS)
        if missing:
            yield ngettext(
                "%(count)s due of %(amount)s is not billed.",
                "%(count)s dues of %(amount)s are not billed.",
                missing, count=number(missing), amount=won(-self._difference(NO_ROWS)),
            )  # fmt: skip
        vat = sum(each.get("vat", 0) for each in self.summary["by_cause"].values())
        if vat > 0:
            yield _("%(amount)s too much VAT is billed.", amount=won(vat))
        if vat < 0:
            yield _("%(amount)s too little VAT is billed.", amount=won(-vat))

    @property
    def aside(self) -> list[tuple[str, int, int]]:
        """What is held against nothing: status, lines, KRW billed."""
        found = ((name, self._by_status.get(name, {})) for name in ASIDE)
        return [(name, each["lines"], each.get("amount") or 0) for name, each in found if each.get("lines")]

    # -- money ---------------------------------------------------------------------------------------------

    @property
    def bars(self) -> list[Bar]:
        """Money by cause, the most of it first, what nothing explains last."""
        found = self.summary["by_cause"].items()
        amounts = {name: (each["lines"], each["amount"], each["vat"]) for name, each in found}
        ranked = sorted(amounts.items(), key=lambda each: (-abs(each[1][1]), -abs(each[1][2]), each[0]))
        unexplained = self.summary["unexplained"]
        wrong = self._lines(name for name in self._by_status if name not in ("match", *ASIDE))
        lines = max(0, wrong - sum(lines for _name, (lines, _amount, _vat) in ranked))
        if unexplained or lines:
            ranked.append(("unexplained", (lines, unexplained, 0)))
        return list(_drawn(ranked))

    @property
    def has_vat(self) -> bool:
        return any(bar.vat for bar in self.bars)

    @property
    def sums(self) -> tuple[int, int, int, int]:
        """What is billed; what is due, by causes, and unexplained, which come to the same (KRW)."""
        by_cause = sum(bar.amount for bar in self.bars if bar.cause != "unexplained")
        return self.summary["amount"], self.summary["expected"], by_cause, self.summary["unexplained"]

    # -- counting ------------------------------------------------------------------------------------------

    @property
    def statuses(self) -> list[tuple[str, str, int]]:
        """Each status that occurs, with its word and how many lines have it."""
        return [(name, status_word(name), each["lines"]) for name, each in self._by_status.items() if each["lines"]]

    @property
    def causes(self) -> list[tuple[str, str]]:
        """Each cause that occurs, with its word."""
        return [(bar.cause, cause_word(bar.cause)) for bar in self.bars]

    @property
    def other_rows(self) -> list[tuple[str, int]]:
        return [(kind, count) for kind, count in self.summary["other_rows"].items() if count]

    def _lines(self, names: Iterable[str]) -> int:
        return sum(self._by_status.get(name, {}).get("lines", 0) for name in names)

    def _difference(self, names: Iterable[str]) -> int:
        return sum(self._by_status.get(name, {}).get("difference") or 0 for name in names)


def _drawn(ranked: list[tuple[str, tuple[int, int, int]]]) -> Iterator[Bar]:
    """Bars on both sides of one zero, the longest from edge to edge."""
    amounts = [amount for _name, (_lines, amount, _vat) in ranked]
    most, least = max([0, *amounts]), min([0, *amounts])
    span = max(1, most - least)
    zero = -least * WIDTH // span
    for name, (lines, amount, vat) in ranked:
        width = max(4, abs(amount) * WIDTH // span) if amount else 0
        yield Bar(name, lines, amount, vat, zero if amount >= 0 else zero - width, width, zero)


def filters_of(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """The filters that were typed, without those left empty."""
    return {name: text for name in names if (text := str(given.get(name, "")).strip())}

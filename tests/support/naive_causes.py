"""What a bill comes to with a known mistake in it, counted naively: day by day, each rule a second time.

It shares nothing with the service. A bill says everything that its amount is counted from; a mistake is the same bill
with one thing in it changed, and two mistakes are two things. Amounts are KRW without VAT.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import permutations
from math import ceil, floor

from support.naive import POLICIES, cells, days_of_month

ONE_DAY = timedelta(days=1)
MOST_AFFILIATES = 999
UNITS_OF_COLUMNS = {"standard": "id_month", "personal": "id_month", "query": "query"}


@dataclass(frozen=True)
class NaiveList:
    """A price list: the published one with every price raised by some per cent."""

    name: str
    per_cent: int = 0

    def price(self, key: tuple[str, str, str, str | None]) -> int | None:
        """KRW of a unit; None where the cell prints no amount."""
        printed = _printed(*key)
        return printed * (100 + self.per_cent) // 100 if printed else None


@cache
def _printed(contract: str, fee: str, product: str, column: str | None) -> int | None:
    is_usage = fee == "usage_fee"
    option, user_type = ("", column or "") if is_usage else (column or "", "")
    found = [
        amount
        for (own, of, chosen, row, by, _), amount in cells().items()
        if (own, of, chosen, row, by) == (contract, fee, option, product, "" if user_type == "query" else user_type)
    ]
    return found[0] if found else None


@dataclass(frozen=True)
class Bill:
    """One fee of one month as it is billed."""

    key: tuple[str, str, str, str | None]
    month: str
    invoice_on: date
    basis: str
    days: tuple[date, ...]  # on which it is owed
    lists: tuple[NaiveList, ...]  # that of each of them
    units: int
    divided: bool  # by the days of the month
    waivable: bool
    policy: str | None
    behind_waiver: date | None = None
    behind_quoted: date | None = None  # of a waiver that was withdrawn
    freed: int = 0  # units that another product's IDs free
    free: bool = False  # beside the real-time licence
    recovery_sets: int = 0
    billed_before: int = 0
    withheld: bool = False
    times: int = 1
    divisor: int | None = None  # in place of the days of the month
    whole_month: bool = False
    mode: str = "down"
    pieces: str = "line"  # what is rounded: the line, a unit or a day of it
    coin: int = 1
    anything: int | None = None  # of what is withheld

    def waived(self, day: date) -> bool:
        """Whether a day costs nothing."""
        return self.waivable and self.behind_waiver is not None and day < self.behind_waiver

    @property
    def charged(self) -> list[int]:
        """The numbers of the days that cost something."""
        return [number for number, day in enumerate(self.days) if not self.waived(day)]

    @property
    def amount(self) -> int:
        """What it comes to."""
        if self.anything is not None:
            return self.anything
        won = (0 if self.free else self._won) - self.billed_before
        return won // self.coin * self.coin if won >= 0 else -(-won // self.coin * self.coin)

    @property
    def _won(self) -> int:
        count = self.units * self.times
        if self.pieces == "unit":
            return count * self._rounded(self._shares(1))
        if self.pieces == "day":
            return sum(self._rounded([share]) for share in self._shares(count))
        return self._rounded(self._shares(count))

    def _shares(self, count: int) -> list[Fraction]:
        """What each charged day costs."""
        prices = [held.price(self.key) or 0 for held in self.lists]
        if self.divided and not self.whole_month:
            whole = self.divisor or days_of_month(self.month)
            return [Fraction(prices[number] * count, whole) for number in self.charged]
        if self.whole_month and self.divided and len(set(prices)) > 1:
            prices = [prices[0]] * len(prices)
        return [Fraction(prices[0] * count, len(self.days)) for _ in self.charged]

    def _rounded(self, shares: list[Fraction]) -> int:
        exact = sum(shares, Fraction(0))
        return {"down": floor(exact), "up": ceil(exact), "half_up": floor(exact + Fraction(1, 2))}[self.mode]


def waives(policy: str | None, fee: str, column: str | None) -> bool:
    """Whether a policy waives a fee with this option."""
    if policy is None:
        return False
    known = POLICIES[policy]
    if fee in ("base_fee", "affiliate_extension"):
        return not known.retail_only or column in (None, "retail")
    return (fee == "usage_fee" and known.waives_usage) or (fee == "api_call_fee" and known.waives_api_calls)


# -- each mistake alone: every way in which a bill can have it ------------------------------------------------

Ways = Iterator[Bill]


def waiver_not_applied(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Nothing is waived."""
    yield replace(bill, waivable=False)


def waiver_overrun(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Waived on days of the month behind the last waived one."""
    behind = bill.behind_waiver or bill.behind_quoted
    if bill.waivable and behind is not None:
        for day in bill.days:
            if not bill.waived(day):
                yield replace(bill, behind_waiver=day + ONE_DAY)


def waiver_cut_early(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Charged for days of the month that are waived."""
    for day in bill.days:
        if bill.waived(day):
            yield replace(bill, behind_waiver=day)


def not_prorated(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """A part of a month costs what the whole month costs: the contract's part, or the part that is not waived."""
    if bill.divided and len(bill.days) < days_of_month(bill.month):
        yield replace(bill, whole_month=True)
    if bill.divided and 0 < len(bill.charged) < len(bill.days):
        yield replace(bill, whole_month=True, waivable=False)


def prorated_on_30_days(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Days over 30."""
    if bill.divided and days_of_month(bill.month) != 30:
        yield replace(bill, divisor=30)


def other_price_list(bill: Bill, lists: tuple[NaiveList, ...]) -> Ways:
    """One list that does not hold on all the days."""
    for other in lists:
        if other.price(bill.key) and set(bill.lists) != {other}:
            yield replace(bill, lists=(other,) * len(bill.lists))


def affiliate_extension_per_affiliate(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Once for each affiliate, the sum rounded or each of them."""
    if bill.key[1] == "affiliate_extension" and bill.times == 1:
        for times in range(2, MOST_AFFILIATES + 1):
            yield replace(bill, times=times)
            yield replace(bill, times=times, pieces="unit")


def disaster_recovery_set_billed(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Some or all of the sets that stand by."""
    yield from (replace(bill, units=bill.units + sets) for sets in range(1, bill.recovery_sets + 1))


def first_set_billed(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """One set more."""
    if bill.key[1] == "additional_reception":
        yield replace(bill, units=bill.units + 1)


def securities_c_exemption_missed(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """All IDs of C."""
    if bill.freed:
        yield replace(bill, units=bill.units + bill.freed)


def closing_exemption_missed(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """What is free beside the real-time licence costs its price."""
    if bill.free:
        yield replace(bill, free=False, units=1)


def wrong_user_type(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """The same units in another column."""
    contract, fee, product, column = bill.key
    if fee == "usage_fee":
        for other in UNITS_OF_COLUMNS.keys() - {column}:
            key = (contract, fee, product, other)
            if all(held.price(key) for held in bill.lists):
                yield replace(bill, key=key, divided=other != "query")


def wrong_option(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """The price of another option; waived as the bill is, or as that option is."""
    contract, fee, product, column = bill.key
    if fee in ("base_fee", "affiliate_extension") and column is not None:
        for other in {"general", "retail", "website_last_price", "broadcast"} - {column}:
            key = (contract, fee, product, other)
            if all(held.price(key) for held in bill.lists):
                yield replace(bill, key=key)
                yield replace(bill, key=key, waivable=waives(bill.policy, fee, other))


def withheld_fee_billed(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Anything."""
    if bill.withheld:
        yield from (replace(bill, anything=amount) for amount in (1, 150_000, 700_000, 1_000_000, 4_321_987))


def rounding(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """A fraction of a won kept or dropped otherwise: of the line, of each unit, of each day; or ten won the least."""
    for pieces in ("line", "unit", "day"):
        if pieces == "day" and (bill.whole_month or not bill.divided):
            continue
        for mode in ("down", "half_up", "up"):
            yield replace(bill, pieces=pieces, mode=mode)
    yield replace(bill, coin=10)


def usage_differs_from_report(bill: Bill, _: tuple[NaiveList, ...]) -> Ways:
    """Other units; in the tests of labels, some near the right ones."""
    if bill.key[1] == "usage_fee":
        for units in (0, bill.units // 2, bill.units - 1, bill.units + 1, bill.units + 100, bill.units * 10):
            if units >= 0 and units != bill.units:
                yield replace(bill, units=units)


MISTAKES: dict[str, Callable[[Bill, tuple[NaiveList, ...]], Ways]] = {
    make.__name__: make
    for make in (
        waiver_not_applied, waiver_overrun, waiver_cut_early, not_prorated, prorated_on_30_days, other_price_list,
        affiliate_extension_per_affiliate, disaster_recovery_set_billed, first_set_billed,
        securities_c_exemption_missed, closing_exemption_missed, wrong_user_type, wrong_option, withheld_fee_billed,
        rounding, usage_differs_from_report,
    )
}  # fmt: skip


# -- whether a mistake gives an amount -----------------------------------------------------------------------


def gives(bill: Bill, causes: tuple[str, ...], billed: int, lists: tuple[NaiveList, ...]) -> bool:
    """Whether these mistakes together, in whatever way and order, give the amount."""
    return any(_gives(bill, order, billed, lists) for order in permutations(causes))


def _gives(bill: Bill, causes: tuple[str, ...], billed: int, lists: tuple[NaiveList, ...]) -> bool:
    first, *rest = causes
    if not rest:
        return any(way.amount == billed for way in _ways(first, bill, billed, lists))
    return any(_gives(way, tuple(rest), billed, lists) for way in _ways(first, bill, billed, lists))


def _ways(cause: str, bill: Bill, billed: int, lists: tuple[NaiveList, ...]) -> Ways:
    if cause == "usage_differs_from_report" and bill.key[1] == "usage_fee":
        return _units_near(bill, billed)
    if cause == "withheld_fee_billed" and bill.withheld and billed > 0:
        return iter([replace(bill, anything=billed)])
    return MISTAKES[cause](bill, lists)


def _units_near(bill: Bill, billed: int) -> Ways:
    """The bill with as many units as could give the amount."""
    many = 10**6
    each = Fraction(replace(bill, units=many, coin=1, billed_before=0).amount, many)
    if each:
        middle = floor((billed + bill.billed_before) / each)
        around = ceil(10 / each) + 2 if bill.coin > 1 else 2
        for units in range(max(0, middle - around), middle + around + 1):
            yield replace(bill, units=units)

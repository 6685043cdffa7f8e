"""Bills of random contracts, right ones and ones with a mistake that is known: who made it up tells what it was.

A bill is counted naively (`naive_causes`); what the service owes for the same fee, month and day is found by its place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any, NamedTuple

from support.contracts import random_contract, random_life
from support.naive import POLICIES, cells, every_day, months_after, name_of_month, policy_of, usage_of, waiver_of
from support.naive_causes import MISTAKES, UNITS_OF_COLUMNS, Bill, NaiveList, waives
from support.naive_dues import KINDS, Stands, Used, how_it_stands, naive_dues

PUBLISHED = NaiveList("market-data-2018-07-01")
LATER = NaiveList("later", 10)
LATER_FROM, LATER_FOR_RUNNING = date(2027, 1, 16), date(2027, 4, 11)  # both inside a month
SAYS_NOTHING = {"wrong_user_type", "usage_differs_from_report"}  # some usage at some price gives any amount
CHEAP = ("rounding", "usage_differs_from_report")  # of queries, which cost a few won, cut to ten won: nearly any amount
COLUMNS = dict(zip(KINDS, UNITS_OF_COLUMNS, strict=True))


class Line(NamedTuple):
    """A fee that a licence gives rise to, before any usage."""

    key: tuple[str, str, str, str | None]
    units: int
    free: bool = False
    recovery_sets: int = 0
    once: bool = False


@dataclass(frozen=True)
class Labelled:
    """A bill as it is right, what was done to it, and what was billed."""

    bill: Bill
    causes: tuple[str, ...]
    billed: int


def life_of(rng: Random) -> dict[str, Any]:
    """A contract without requested services, with its events and reports."""
    request = random_contract(rng)
    request.pop("apis", None)
    return random_life(rng, request)


def a_month_of(rng: Random, life: dict[str, Any]) -> str:
    """A month of the contract, mostly one with a boundary in it."""
    stands = how_it_stands(life)
    start = stands.starts_on.replace(day=1)
    last = stands.behind_end - timedelta(days=1) if stands.behind_end else None
    waived = stands.behind_waiver
    days = [start, start, *([last] * 2 if last else []), *([waived] * 3 if waived else [])]
    days += [months_after(start, rng.randrange(40)), date(2027, 4, 1), date(2027, 1, 1)]
    day = max(start, rng.choice(days))
    return name_of_month(min(day, last) if last and last >= start else day)


def bills_of(life: dict[str, Any], month: str, as_of: date, *, later: bool = False) -> list[Bill]:
    """Every fee of a month of service, also what comes to nothing."""
    stands, request = how_it_stands(life), life["request"]
    first = date.fromisoformat(f"{month}-01")
    owed = tuple(
        day
        for day in every_day(max(first, stands.starts_on), months_after(first, 1))
        if stands.behind_end is None or day < stands.behind_end
    )
    if not owed:
        return []
    made = [*_agreed(request, month, owed, stands, later=later)]
    usage: dict[tuple[str, date], Used] = {}
    naive = naive_dues(life, month, month, as_of, usage)
    told = {line.invoice_on: line.basis for line in naive if line.fee == "usage_fee"}
    before: dict[tuple[str, str, str, str | None], int] = {}
    for (service, on), used in sorted(usage.items()):
        if service == month:
            made += _used(request, month, owed, stands, used, before, on, told.get(on, "settlement"), later=later)
    return made


def _bill(request: dict[str, Any], line: Line, month: str, owed: tuple[date, ...], stands: Stands, later: bool) -> Bill:
    contract, fee, _, column = line.key
    policy = policy_of(request, stands.starts_on)
    named = next((name for name, known in POLICIES.items() if known is policy), None)
    is_query = fee == "usage_fee" and column == "query"
    on_platform = contract == "open_api_platform"
    lists = tuple(LATER if later and _later_holds(stands.starts_on, day) else PUBLISHED for day in owed)
    return Bill(
        key=line.key,
        month=month,
        invoice_on=max(owed[0].replace(day=1), stands.starts_on),
        basis="contract",
        days=owed,
        lists=lists,
        units=0 if line.free else line.units,
        divided=not on_platform and not is_query,
        waivable=waives(named, fee, column),
        policy=named,
        behind_waiver=stands.behind_waiver,
        behind_quoted=waiver_of(request, policy, stands.starts_on)[0],
        free=line.free,
        recovery_sets=line.recovery_sets,
        withheld=_is_withheld(*line.key),
    )


def _later_holds(start: date, day: date) -> bool:
    return start >= LATER_FROM or day >= LATER_FOR_RUNNING


def _is_withheld(contract: str, fee: str, product: str, column: str | None) -> bool:
    option, user_type = ("", column) if fee == "usage_fee" else (column or "", "")
    price = PUBLISHED.price((contract, fee, product, column))
    printed = [
        key
        for key in cells()
        if key[:4] == (contract, fee, option, product) and key[4] in (user_type, "") and not price
    ]
    return bool(printed) and (product, fee) not in WITHOUT_FEE


WITHOUT_FEE = {("krx_index_group_1", "usage_fee"), ("krx_index_group_2", "usage_fee"), ("elw_indicators", "usage_fee")}


def _agreed(
    request: dict[str, Any], month: str, owed: tuple[date, ...], stands: Stands, *, later: bool
) -> Iterator[Bill]:
    is_first = month == name_of_month(stands.starts_on)
    for line in _lines(request):
        if is_first or not line.once:
            yield _bill(request, line, month, owed, stands, later)


def _lines(request: dict[str, Any]) -> Iterator[Line]:
    held = {(licence["contract"], licence["product"]) for licence in request["licences"]}
    for licence in request["licences"]:
        contract, product = licence["contract"], licence["product"]
        is_closing = contract == "closing_price"
        free = is_closing and product in ("krx_bonds_a", "krx_index_group_1") and ("real_time", product) in held
        monthly = "ftp_access" if product == "ftp_access" else "base_fee"
        for column in [None] if is_closing else licence.get("options") or ["retail"]:
            yield Line((contract, monthly, product, column), 1, free)
            if licence.get("affiliate_extension"):
                yield Line((contract, "affiliate_extension", product, column), 1, free)
        sets, standing_by = licence.get("reception_sets") or 1, licence.get("disaster_recovery_sets") or 0
        if request.get("channel") == "direct" and contract == "real_time" and (sets > 1 or standing_by):
            yield Line((contract, "additional_reception", product, None), sets - 1, recovery_sets=standing_by)
        for use in licence.get("non_display_use") or []:
            yield Line((contract, "non_display", product, use), 1)
    calls = request.get("api_calls_per_month")
    if calls is not None:
        platform = "open_api_platform"
        yield Line((platform, "environment_setup", platform, None), 1, once=True)
        yield Line((platform, "api_call_fee", platform, None), max(1, -(-calls // 1_000_000)))


def _used(
    request: dict[str, Any],
    month: str,
    owed: tuple[date, ...],
    stands: Stands,
    used: Used,
    before: dict[tuple[str, str, str, str | None], int],
    on: date,
    basis: str,
    *,
    later: bool,
) -> Iterator[Bill]:
    """The usage fees that are billed on a day, less what was billed before."""
    policy = policy_of(request, stands.starts_on)
    is_first, now = not before, {}
    for licence in request["licences"]:
        product = licence["product"]
        if licence["contract"] != "real_time":
            continue
        counts = usage_of({"usage": used.get(product, {})})
        beside = usage_of({"usage": used.get("securities_a", {})}) if product == "securities_c" else {}
        has_a = any(
            each["product"] == "securities_a" and each["contract"] == "real_time" for each in request["licences"]
        )
        waived = policy is not None and policy.waives_usage and set(licence.get("options") or ["retail"]) == {"retail"}
        for kind in KINDS:
            key = ("real_time", "usage_fee", product, COLUMNS[kind])
            if not counts[kind] and not before.get(key):
                continue
            freed = min(counts[kind], beside.get(kind, 0)) if has_a and kind != "queries" else 0
            bill = _bill(request, Line(key, counts[kind] - freed), month, owed, stands, later)
            bill = replace(bill, freed=freed, waivable=waived, invoice_on=on, basis=basis)
            now[key] = bill.amount
            settled = replace(bill, billed_before=0 if is_first else before.get(key, 0))
            if is_first or settled.amount:
                yield settled
    before.update(dict.fromkeys(before, 0) | now)


def ways_of(bill: Bill, cause: str, lists: tuple[NaiveList, ...]) -> list[Bill]:
    """The ways in which a bill can have a mistake that makes another amount of it."""
    return [way for way in MISTAKES[cause](bill, lists) if way.amount != bill.amount]


def one_mistake(rng: Random, bill: Bill, cause: str, lists: tuple[NaiveList, ...]) -> Labelled | None:
    """The bill with a mistake; None where it cannot have it."""
    ways = ways_of(bill, cause, lists)
    return Labelled(bill, (cause,), rng.choice(ways).amount) if ways else None


PAIRS = [pair for pair in combinations(MISTAKES, 2) if set(pair) != SAYS_NOTHING and "withheld_fee_billed" not in pair]


def two_mistakes(rng: Random, bill: Bill, pair: tuple[str, str], lists: tuple[NaiveList, ...]) -> Labelled | None:
    """The bill with two mistakes, of which neither alone gives the amount; None where it cannot have them."""
    first, second = pair
    alone = {way.amount for cause in pair for way in MISTAKES[cause](bill, lists)} | {bill.amount}
    both = [
        way
        for one in MISTAKES[first](bill, lists)
        for way in MISTAKES[second](one, lists)
        if way.amount not in alone and not (pair == CHEAP and way.coin > 1 and way.key[3] == "query")
    ]
    return Labelled(bill, pair, rng.choice(both).amount) if both else None


def mixed(rng: Random, bills: Iterable[Bill], lists: tuple[NaiveList, ...]) -> Iterator[Labelled]:
    """Each bill once: more than half of them right, others with one mistake, a few with two."""
    for bill in bills:
        found = None
        if rng.random() < 0.45:
            makers = [one_mistake] * 3 + [two_mistakes]
            make = rng.choice(makers)
            wanted = list(MISTAKES) if make is one_mistake else PAIRS
            rng.shuffle(wanted)
            found = next((made for cause in wanted if (made := make(rng, bill, cause, lists))), None)
        yield found or Labelled(bill, (), bill.amount)

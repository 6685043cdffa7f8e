"""What a contract owes, counted naively: every day from its start on is lived through, with its reports and bills.

It shares nothing with the service; fees, waiver and amounts of a month are those of the naive quote. A contract is
a dict: the request, its `events` and its `reports` in the order in which they were entered.
"""

from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from support.naive import (
    Fee,
    base_fees,
    days_of_month,
    every_day,
    month_figures,
    months_after,
    name_of_month,
    platform_fees,
    policy_of,
    reception_fees,
    service_fees,
    usage_fees,
    usage_of,
    waiver_of,
)

ONE_DAY = timedelta(days=1)
LONG_AFTER = 40  # months that are lived through after the last one asked for: bills and settlements come late
KINDS = ("standard_ids", "personal_ids", "queries")
USER_TYPES = {"standard_ids": "standard", "personal_ids": "personal", "queries": None}


class NaiveDue(NamedTuple):
    """One line that is owed."""

    month: str
    fee: str
    product: str | None
    user_type: str | None
    listed: int
    net: int
    invoice_on: date
    basis: str


class Stands(NamedTuple):
    """What the events leave of a contract; days behind the last one, None where there is none."""

    starts_on: date
    behind_end: date | None
    behind_waiver: date | None


def how_it_stands(contract: dict[str, Any]) -> Stands:
    """Take back what was annulled, then let every end and every withdrawal cut what was agreed."""
    request = contract["request"]
    starts_on = date.fromisoformat(request["starts_on"])
    behind_end = date.fromisoformat(request["ends_on"]) + ONE_DAY if request.get("ends_on") else None
    behind_waiver, _ = waiver_of(request, policy_of(request, starts_on), starts_on)
    taken_back = [event["event"] for event in contract["events"] if event["kind"] == "annulled"]
    for event in contract["events"]:
        if event["kind"] == "annulled" or event["id"] in taken_back:
            continue
        on = date.fromisoformat(event["on"])
        if event["kind"] == "ended" and (behind_end is None or on + ONE_DAY < behind_end):
            behind_end = on + ONE_DAY
        if event["kind"] == "waiver_withdrawn" and behind_waiver is not None:
            behind_waiver = min(behind_waiver, on)
    return Stands(starts_on, behind_end, behind_waiver)


def days_of(stands: Stands, month: str) -> tuple[int, int]:
    """Count the contract days and the waived days of a month."""
    first = date.fromisoformat(month + "-01")
    days = waived = 0
    for day in every_day(first, months_after(first, 1)):
        if day >= stands.starts_on and (stands.behind_end is None or day < stands.behind_end):
            days += 1
            if stands.behind_waiver is not None and day < stands.behind_waiver:
                waived += 1
    return days, waived


def agreed_fees(request: dict[str, Any], starts_on: date) -> list[tuple[str | None, Fee]]:
    """List every fee that was agreed, with its product: all but usage."""
    policy = policy_of(request, starts_on)
    fees: list[tuple[str | None, Fee]] = []
    for licence in request["licences"]:
        fees += [(licence["product"], fee) for fee in base_fees(licence, request["licences"], policy)]
        fees += [(licence["product"], fee) for fee in reception_fees(licence, request.get("channel") or "open_api")]
    return fees + [(None, fee) for fee in platform_fees(request, policy) + service_fees(request)]


def used_fees(request: dict[str, Any], used: dict[str, dict[str, int]], starts_on: date) -> dict[tuple[str, str], Fee]:
    """Return the usage fees of a month in which so much was used, by product and kind."""
    policy = policy_of(request, starts_on)
    licences = [
        {**licence, "usage": used.get(licence["product"], {})} if licence["contract"] == "real_time" else licence
        for licence in request["licences"]
    ]
    fees = {}
    for licence in licences:
        if licence["contract"] == "real_time":
            kinds = [kind for kind in KINDS if usage_of(licence)[kind]]
            for kind, fee in zip(kinds, usage_fees(licence, licences, policy), strict=True):
                fees[licence["product"], kind] = fee
    return fees


Used = dict[str, dict[str, int]]  # by product


def naive_dues(
    contract: dict[str, Any], first: str, last: str, as_of: date, usage: dict[tuple[str, date], Used] | None = None
) -> list[NaiveDue]:
    """List what is owed for the months of service from the first through the last one, by living every day.

    `usage` is filled with what the usage fees of a month rest on, by the month and the day on which they are billed.
    """
    stands = how_it_stands(contract)
    request, starts_on = contract["request"], stands.starts_on
    quoted = {
        licence["product"]: usage_of(licence) for licence in request["licences"] if licence["contract"] == "real_time"
    }
    reports = [report for report in contract["reports"] if date.fromisoformat(report["reported_on"]) <= as_of]
    lines: list[NaiveDue] = []
    known: dict[str, Used] = {}  # by month: the newest report
    came_in: set[str] = set()  # months of which a report came in since the last 1st
    taken: dict[str, Used] = {}  # by month: what an estimate took it for
    billed: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}
    behind = months_after(date.fromisoformat(last + "-01"), LONG_AFTER)

    def bill(month: str, used: Used, on: date, basis: str) -> None:
        days, waived = days_of(stands, month)
        if not days:
            return
        is_first_bill = month not in billed
        before = billed.get(month, {})
        now = {
            key: month_figures(fee, days, waived, days_of_month(month), is_first=False)
            for key, fee in used_fees(request, used, starts_on).items()
        }
        for key in [*now, *(key for key in before if key not in now)]:
            listed, net = (now.get(key, (0, 0))[n] - before.get(key, (0, 0))[n] for n in (0, 1))
            if is_first_bill or listed or net:
                told = basis if is_first_bill else "settlement"
                lines.append(NaiveDue(month, "usage_fee", key[0], USER_TYPES[key[1]], listed, net, on, told))
        billed[month] = now
        if usage is not None:
            usage[month, on] = used

    for day in every_day(starts_on, behind):
        month = name_of_month(day)
        days, waived = days_of(stands, month) if day.day == 1 or day == starts_on else (0, 0)
        if days:
            for product, fee in agreed_fees(request, starts_on):
                if (fee.once and day != starts_on) or (fee.last_day and day > fee.last_day):
                    continue
                listed, net = month_figures(fee, days, waived, days_of_month(month), day == starts_on)
                lines.append(NaiveDue(month, fee.name, product, None, listed, net, day, "contract"))
        if day.day == 1:
            for reported in sorted(came_in):
                bill(reported, known[reported], day, "report")
            came_in.clear()
            two_before = name_of_month(months_after(day, -2))
            if two_before >= name_of_month(starts_on) and two_before not in billed:
                three_before = name_of_month(months_after(day, -3))
                if day > as_of or two_before == name_of_month(starts_on):
                    used = quoted
                else:
                    used = known[three_before] if three_before in known else taken[three_before]
                taken[two_before] = used
                bill(two_before, used, day, "assumed" if day > as_of else "estimate")
        for report in reports:
            if report["reported_on"] == day.isoformat():
                known[report["month"]] = report["usage"]
                came_in.add(report["month"])
    return [line for line in lines if first <= line.month <= last]


def naive_invoices(contract: dict[str, Any], lines: list[NaiveDue], first: str, last: str) -> list[dict[str, Any]]:
    """Add lines up by the day of their invoice; a month of the contract has one even of 0; VAT loses its fraction."""
    stands = how_it_stands(contract)
    supply: dict[date, int] = {}
    day = date.fromisoformat(first + "-01")
    while name_of_month(day) <= last:
        if days_of(stands, name_of_month(day))[0]:
            supply[max(day, stands.starts_on)] = 0
        day = months_after(day, 1)
    for line in lines:
        supply[line.invoice_on] = supply.get(line.invoice_on, 0) + line.net
    rows = []
    for issued_on, amount in sorted(supply.items()):
        vat = floor(Fraction(abs(amount), 10)) * (1 if amount >= 0 else -1)
        rows.append({"issued_on": issued_on, "supply": amount, "vat": vat, "total": amount + vat})
    return rows

"""A second, deliberately naive fee calculator: it counts days one by one and shares nothing with the service.

It is the independent check of the engine. Clear comes before fast: no tables, no editions, no early exits.
Every rule stands once, in the words of the fee rules; every amount is an exact fraction until it is rounded.
Only valid requests with explicit `licences` and a `starts_on` may be given to it. Amounts in KRW without VAT.
"""

import csv
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any, NamedTuple

from support.places import DATA

CELLS_FILE = DATA / "cells-2018-07-01.csv"
ONE_DAY = timedelta(days=1)


class Policy(NamedTuple):
    """What one waiver policy promises."""

    months: int
    founding_day_counts: bool
    ends_at_the_age_limit: bool
    retail_only: bool
    waives_usage: bool
    waives_api_calls: bool
    fintech_only: bool
    most_personal_ids: int | None


POLICIES = {
    "startup-12-months": Policy(12, True, False, False, False, False, True, 10_000),
    "startup-support-2018-07": Policy(36, False, True, True, True, True, False, None),
    "open-api-faq-2018-12": Policy(36, True, True, True, False, False, False, None),
}


class Fee(NamedTuple):
    """One thing that is paid every month (or once): its full amount and how it behaves."""

    name: str
    amount: int
    prorated: bool
    waivable: bool
    once: bool = False
    last_day: date | None = None  # of a service that was withdrawn
    paid_two_months_later: bool = False


@cache
def cells() -> dict[tuple[str, str, str, str, str, str], int]:
    """Read every published cell that is an amount; withheld, none and not applicable cost nothing here."""
    with CELLS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (row["contract"], row["fee"], row["option"], row["product"], row["user_type"], row["unit"]): int(row["krw"])
        if row["krw"].isdigit()
        else 0
        for row in rows
    }


def price(contract: str, fee: str, product: str, option: str = "", user_type: str = "", unit: str = "month") -> int:
    """Return one published price; a cell that does not exist is a KeyError, never 0."""
    return cells()[contract, fee, option, product, user_type, unit]


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the 1st of the month after where that month lacks the day."""
    count = day.year * 12 + (day.month - 1) + months
    try:
        return date(count // 12, count % 12 + 1, day.day)
    except ValueError:
        return date((count + 1) // 12, (count + 1) % 12 + 1, 1)


def every_day(first: date, behind_last: date) -> list[date]:
    """List the calendar days from the first one up to, but without, the one behind the last."""
    days = []
    day = first
    while day < behind_last:
        days.append(day)
        day += ONE_DAY
    return days


def name_of_month(day: date) -> str:
    """Return the month of a day as in 2026-12."""
    return f"{day.year:04d}-{day.month:02d}"


@cache
def days_of_month(month: str) -> int:
    """Count the calendar days of a month."""
    first = date.fromisoformat(month + "-01")
    return len(every_day(first, months_after(first, 1)))


# --- the waiver ---


def policy_of(request: dict[str, Any], starts_on: date) -> Policy | None:
    """Take the named policy, else the newest one that is in force on the start day."""
    if request.get("waiver_policy"):
        return POLICIES[request["waiver_policy"]]
    if starts_on >= date(2018, 12, 11):
        return POLICIES["open-api-faq-2018-12"]
    if starts_on >= date(2018, 7, 2):
        return POLICIES["startup-support-2018-07"]
    if starts_on >= date(2018, 5, 18):
        return POLICIES["startup-12-months"]
    return None


def is_eligible(company: dict[str, Any], starts_on: date) -> bool:
    """Tell whether the company may use the platform; an unknown qualification counts as met.

    Recognition by the fintech centre is no ground of its own any more from 2022-02-11 on.
    """
    if company.get("qualification") == "fintech_centre" and starts_on >= date(2022, 2, 11):
        return False
    return (
        company.get("corporation", True)
        and company["size"] == "sme"
        and not company.get("exclusions")
        and company.get("qualification") != "none"
    )


def used_time(periods: list[dict[str, str]]) -> tuple[int, int]:
    """Add up the whole months, and separately the remaining days, of earlier waiver periods."""
    months = days = 0
    for period in periods:
        first = date.fromisoformat(period["starts_on"])
        behind_last = date.fromisoformat(period["ends_on"]) + ONE_DAY
        whole = 0
        while months_after(first, whole + 1) <= behind_last:
            whole += 1
        months += whole
        days += len(every_day(months_after(first, whole), behind_last))
    return months, days


def waiver_of(request: dict[str, Any], policy: Policy | None, starts_on: date) -> tuple[date | None, str | None]:
    """Return the day behind the last waived one (None: refused) and what cut the waiver short."""
    company = request["company"]
    if policy is None or not is_eligible(company, starts_on) or (request.get("channel") or "open_api") != "open_api":
        return None, None
    if policy.fintech_only and company.get("qualification") not in (None, "fintech"):
        return None, None
    if policy.most_personal_ids is not None:
        for licence in request["licences"]:
            if usage_of(licence)["personal_ids"] > policy.most_personal_ids:
                return None, None
    first_counted = date.fromisoformat(company["founded_on"])
    if not policy.founding_day_counts:
        first_counted += ONE_DAY
    behind_age_limit = months_after(first_counted, 84)
    if starts_on >= behind_age_limit:
        return None, None
    used_months, used_days = used_time(request.get("prior_waiver") or [])
    end = months_after(starts_on, policy.months - used_months) - timedelta(days=used_days)
    if end <= starts_on:
        return None, None
    if policy.ends_at_the_age_limit and behind_age_limit < end:
        return behind_age_limit, "company_age"
    return end, "prior_waiver" if used_months or used_days else None


# --- the fees ---


def options_of(licence: dict[str, Any]) -> list[str]:
    """List the options of a licence: retail unless said otherwise; closing prices have none."""
    if licence["contract"] == "closing_price":
        return [""]
    return licence.get("options") or ["retail"]


def usage_of(licence: dict[str, Any]) -> dict[str, int]:
    """Return the three usage counts of a licence, 0 where nothing is said."""
    usage = licence.get("usage") or {}
    return {name: usage.get(name) or 0 for name in ("standard_ids", "personal_ids", "queries")}


def find_licence(licences: list[dict[str, Any]], contract: str, product: str) -> dict[str, Any] | None:
    """Find the licence of a product under a contract."""
    for licence in licences:
        if licence["contract"] == contract and licence["product"] == product:
            return licence
    return None


def base_fees(licence: dict[str, Any], licences: list[dict[str, Any]], policy: Policy | None) -> list[Fee]:
    """Return base fee and affiliate extension, one pair per option."""
    contract, product = licence["contract"], licence["product"]
    if product == "ftp_access":
        return [Fee("ftp_access", price(contract, "ftp_access", product), True, False)]
    free = (  # P2 note 2
        contract == "closing_price"
        and product in ("krx_bonds_a", "krx_index_group_1")
        and find_licence(licences, "real_time", product) is not None
    )
    names = ["base_fee", "affiliate_extension"] if licence.get("affiliate_extension") else ["base_fee"]
    fees = []
    for option in options_of(licence):
        waivable = policy is not None and (not policy.retail_only or option in ("", "retail"))
        for name in names:
            amount = 0 if free else price(contract, name, product, option)
            fees.append(Fee(name, amount, True, waivable))
    return fees


def reception_fees(licence: dict[str, Any], channel: str) -> list[Fee]:
    """Return the fee of the received sets after the first one; sets for disaster recovery are free."""
    sets = (licence.get("reception_sets") or 1) - 1
    if channel != "direct" or licence["contract"] != "real_time" or sets < 1:
        return []
    unit_price = price("real_time", "additional_reception", licence["product"], unit="set_month")
    return [Fee("additional_reception", sets * unit_price, True, False)]


def usage_fees(licence: dict[str, Any], licences: list[dict[str, Any]], policy: Policy | None) -> list[Fee]:
    """Return one fee per kind of usage that is asked for, also where it comes to 0."""
    if licence["contract"] != "real_time":
        return []
    product, counts = licence["product"], usage_of(licence)
    waivable = policy is not None and policy.waives_usage and set(options_of(licence)) == {"retail"}
    securities_a = find_licence(licences, "real_time", "securities_a")
    fees = []
    for kind, user_type, unit in (
        ("standard_ids", "standard", "id_month"),
        ("personal_ids", "personal", "id_month"),
        ("queries", "", "query"),
    ):
        if counts[kind] == 0:
            continue
        chargeable = counts[kind]
        if product == "securities_c" and securities_a and kind != "queries":  # P1 variable fee, note 1
            chargeable = max(0, chargeable - usage_of(securities_a)[kind])
        unit_price = price("real_time", "usage_fee", product, user_type=user_type, unit=unit)
        by_days = kind != "queries"  # P1 §10.2 speaks of all fees; queries are counted as they happen
        fees.append(Fee("usage_fee", chargeable * unit_price, by_days, waivable, paid_two_months_later=True))
    return fees


def platform_fees(request: dict[str, Any], policy: Policy | None) -> list[Fee]:
    """Return set-up and started packages of calls; without a number of calls the platform is left out."""
    calls = request.get("api_calls_per_month")
    if calls is None:
        return []
    packages = 1
    while packages * 1_000_000 < calls:
        packages += 1
    setup = price("open_api_platform", "environment_setup", "open_api_platform", unit="once")
    package = price("open_api_platform", "api_call_fee", "open_api_platform", unit="1000000_calls_month")
    return [
        Fee("environment_setup", setup, False, False, once=True),
        Fee("api_call_fee", packages * package, False, policy is not None and policy.waives_api_calls),
    ]


ORDERS = ("신규주문", "주문취소", "주문정정")


def service_fees(request: dict[str, Any]) -> list[Fee]:
    """Return what requested services cost: orders owe the hub's 300,000 once, all others that are priced are free."""
    if any(name in ORDERS for name in request.get("apis", ())):
        return [Fee("service_fee", 300_000, prorated=False, waivable=False, last_day=date(2022, 2, 10))]
    return []


def fees_of(request: dict[str, Any], policy: Policy | None) -> list[Fee]:
    """Return every fee of the request at its full amount."""
    licences, fees = request["licences"], []
    for licence in licences:
        fees += base_fees(licence, licences, policy)
        fees += reception_fees(licence, request.get("channel") or "open_api")
        fees += usage_fees(licence, licences, policy)
    return fees + platform_fees(request, policy) + service_fees(request)


# --- month by month ---


def contract_end(request: dict[str, Any], starts_on: date) -> date:
    """Return the day behind the last one of the quote's horizon."""
    horizon_end = months_after(starts_on.replace(day=1), request.get("months") or 60)
    if request.get("ends_on"):
        return min(horizon_end, date.fromisoformat(request["ends_on"]) + ONE_DAY)
    return horizon_end


def month_figures(fee: Fee, days: int, waived_days: int, days_in_month: int, is_first: bool) -> tuple[int, int]:
    """Return list and net amount of one fee in one month, each rounded down once."""
    if days == 0 or (fee.once and not is_first):
        return 0, 0
    charged_days = days - waived_days if fee.waivable else days
    whole = days_in_month if fee.prorated else days
    return floor(Fraction(fee.amount * days, whole)), floor(Fraction(fee.amount * charged_days, whole))


def naive_quote(request: dict[str, Any]) -> dict[str, Any]:
    """Calculate waiver, months, invoices and totals of a valid request by asking every single day."""
    starts_on = date.fromisoformat(request["starts_on"])
    behind_contract = contract_end(request, starts_on)
    policy = policy_of(request, starts_on)
    behind_waiver, cut_short_by = waiver_of(request, policy, starts_on)
    granted = behind_waiver is not None
    fees = fees_of(request, policy)
    first_day = months_after(starts_on, -(request.get("test_months") or 0)) if granted else starts_on

    contract_days: dict[str, int] = {}
    waived_days: dict[str, int] = {}
    for day in every_day(first_day, behind_contract):
        month = name_of_month(day)
        contract_days.setdefault(month, 0)
        waived_days.setdefault(month, 0)
        if day >= starts_on:
            contract_days[month] += 1
            if behind_waiver is not None and day < behind_waiver:
                waived_days[month] += 1

    months = []
    invoices: dict[date, int] = {}
    for month, days in contract_days.items():
        is_first = month == name_of_month(starts_on)
        total_list = total_net = 0
        if days:
            due_on = starts_on if is_first else date.fromisoformat(month + "-01")
            invoices.setdefault(due_on, 0)
        for fee in fees:
            if fee.last_day and max(starts_on, date.fromisoformat(month + "-01")) > fee.last_day:
                continue
            listed, net = month_figures(fee, days, waived_days[month], days_of_month(month), is_first)
            total_list += listed
            total_net += net
            if days:
                issued_on = months_after(due_on.replace(day=1), 2) if fee.paid_two_months_later else due_on
                invoices[issued_on] = invoices.get(issued_on, 0) + net
        months.append(
            {
                "month": month,
                "days": days,
                "days_in_month": days_of_month(month),
                "waived_days": waived_days[month],
                "list": total_list,
                "waiver": total_net - total_list,
                "net": total_net,
            }
        )

    invoice_rows = []
    for issued_on in sorted(invoices):
        supply = invoices[issued_on]
        vat = floor(Fraction(supply, 10))
        invoice_rows.append({"issued_on": issued_on.isoformat(), "supply": supply, "vat": vat, "total": supply + vat})
    every_month = [fee for fee in fees if not fee.once]
    after = min(behind_waiver or starts_on, behind_contract - ONE_DAY)
    return {
        "waiver": {
            "granted": granted,
            "starts_on": starts_on.isoformat() if granted else None,
            "ends_on": (behind_waiver - ONE_DAY).isoformat() if behind_waiver is not None else None,
            "cut_short_by": cut_short_by,
        },
        "months": months,
        "invoices": invoice_rows,
        "totals": {
            "list": sum(row["list"] for row in months),
            "waiver": sum(row["waiver"] for row in months),
            "net": sum(row["net"] for row in months),
            "vat": sum(row["vat"] for row in invoice_rows),
            "total": sum(row["total"] for row in invoice_rows),
        },
        "monthly": {
            "during_waiver": sum(fee.amount for fee in every_month if not fee.waivable) if granted else None,
            "after_waiver": sum(fee.amount for fee in every_month if not fee.last_day or after <= fee.last_day),
        },
    }

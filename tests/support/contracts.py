"""Random valid requests that look for trouble: birthdays, leap days, month ends, first and last days."""

import csv
import os
import random
from datetime import date, timedelta
from functools import cache
from typing import Any

from support.places import DATA

CELLS_FILE = DATA / "cells-2018-07-01.csv"
SEED_VARIABLE = "RANDOM_CONTRACTS_SEED"  # not FEE_SERVICE_…: those are settings, and an unknown one stops the service
USUAL_SEED = "20261125"  # the same lives in each run: by chance one label may give the amount of another
FIRST_LIST_DAY = date(2018, 7, 1)
FREE_TEST_MONTHS = {"startup-12-months": 0, "startup-support-2018-07": 6, "open-api-faq-2018-12": 6}
QUALIFICATIONS = [
    "fintech",
    "fintech",
    "fintech",
    "electronic_finance",
    "fintech_centre",
    "otherwise_recognised",
]
EXCLUSIONS = ["gambling", "insolvency", "large_company_owned", "illegal_model", "unqualified"]
USAGE_CELLS = {
    "standard_ids": ("standard", "id_month"),
    "personal_ids": ("personal", "id_month"),
    "queries": ("", "query"),
}
NOTABLE_STARTS = [
    "2018-07-01",
    "2018-07-02",
    "2018-07-31",
    "2018-12-10",
    "2018-12-11",
    "2019-02-28",
    "2020-02-28",
    "2020-02-29",
    "2020-03-01",
    "2023-02-28",
    "2023-03-01",
    "2024-02-29",
    "2025-08-31",
    "2026-11-30",
    "2026-12-01",
    "2026-12-31",
    "2027-01-01",
    "2027-01-29",
    "2027-01-30",
    "2027-01-31",
    "2028-02-28",
    "2028-02-29",
    "2028-03-01",
    "2028-08-31",
    "2029-08-30",
    "2030-12-31",
]


def seed() -> str:
    """From which labelled lives are drawn: the one that is set, to repeat a run or to try others."""
    return os.environ.get(SEED_VARIABLE) or USUAL_SEED


@cache
def _rows() -> tuple[dict[str, str], ...]:
    """Read the published cells that can be asked for: all but those that do not exist for a product."""
    with CELLS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(row for row in csv.DictReader(file) if row["krw"] != "not_applicable")


@cache
def _exists(**wanted: str) -> bool:
    """Tell whether any cell has all of the given column values."""
    return any(all(row[column] == value for column, value in wanted.items()) for row in _rows())


@cache
def _choices(column: str, **wanted: str) -> tuple[str, ...]:
    """List the different values of one column among the cells with the given column values."""
    rows = [row for row in _rows() if all(row[key] == value for key, value in wanted.items())]
    return tuple(sorted({row[column] for row in rows}))


def _chance(rng: random.Random, probability: float) -> bool:
    return rng.random() < probability


def _back_by_years(day: date, years: int) -> date:
    """Return the same day some years before, 28 February where that year has no leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _start(rng: random.Random) -> date:
    if _chance(rng, 0.4):
        return date.fromisoformat(rng.choice(NOTABLE_STARTS))
    day = FIRST_LIST_DAY + timedelta(days=rng.randrange(4567))
    return day.replace(day=1) if _chance(rng, 0.3) else day


def _founding(rng: random.Random, starts_on: date) -> date:
    """Choose a founding day: around the 7th birthday, such that the birthday cuts the waiver, or any."""
    few_days = timedelta(days=rng.randrange(-2, 3))
    choices = [
        starts_on,
        starts_on - timedelta(days=rng.randrange(1, 1200)),
        _back_by_years(starts_on, 7) + few_days,
        _back_by_years(starts_on, 4) + few_days,
        _back_by_years(starts_on, 6) + timedelta(days=rng.randrange(-300, 300)),
        _back_by_years(starts_on, 7) + timedelta(days=rng.randrange(0, 1100)),
        date(rng.choice([2012, 2016, 2020, 2024]), 2, 29) + timedelta(days=rng.randrange(-1, 2)),
        date(rng.randrange(2000, starts_on.year), rng.randrange(1, 13), rng.choice([1, 10, 28])),
    ]
    return min(rng.choices(choices, weights=[1, 5, 4, 2, 3, 4, 2, 1])[0], starts_on)


def _usage(rng: random.Random, product: str) -> dict[str, int]:
    """Choose usage counts for the kinds of usage that exist for the product."""
    counts = {}
    for kind, (user_type, unit) in USAGE_CELLS.items():
        if _exists(fee="usage_fee", product=product, user_type=user_type, unit=unit) and _chance(rng, 0.6):
            counts[kind] = rng.choice([0, 1, 3, 10, 999, 1000, 10_000, 10_001, rng.randrange(50_000)])
    return counts


def _real_time(rng: random.Random, product: str, channel: str) -> dict[str, Any]:
    """Choose a real-time licence: its options, usage, sets and forms of use."""
    licence: dict[str, Any] = {"contract": "real_time", "product": product}
    options = _choices("option", contract="real_time", fee="base_fee", product=product)
    if "retail" not in options or _chance(rng, 0.45):
        licence["options"] = rng.sample(options, rng.randint(1, min(3, len(options))))
    chosen = licence.get("options", ["retail"])
    extensible = all(_exists(fee="affiliate_extension", product=product, option=option) for option in chosen)
    if _chance(rng, 0.3):
        licence["affiliate_extension"] = extensible and _chance(rng, 0.8)
    if _chance(rng, 0.45):
        licence["usage"] = _usage(rng, product)
    if channel == "direct" and _chance(rng, 0.6):
        licence["reception_sets"] = rng.randint(1, 5)
        licence["disaster_recovery_sets"] = rng.randint(0, 3)
    uses = _choices("option", fee="non_display", product=product)
    if uses and _chance(rng, 0.1):
        licence["non_display_use"] = rng.sample(uses, rng.randint(1, len(uses)))
    return licence


def _closing_price(rng: random.Random, product: str) -> dict[str, Any]:
    """Choose a closing-price licence, or FTP access, which stands on the same order form."""
    licence: dict[str, Any] = {"contract": "closing_price", "product": product}
    if _exists(contract="closing_price", fee="affiliate_extension", product=product) and _chance(rng, 0.3):
        licence["affiliate_extension"] = True
    return licence


def _licences(rng: random.Random, channel: str) -> list[dict[str, Any]]:
    """Choose up to six licences; products that affect one another come together more often than by chance."""
    pairs = [("real_time", product) for product in _choices("product", contract="real_time")]
    pairs += [("closing_price", product) for product in _choices("product", contract="closing_price")]
    chosen = rng.sample(pairs, rng.randint(1, 4))
    if _chance(rng, 0.2):
        chosen += [("real_time", "securities_a"), ("real_time", "securities_c")]
    if _chance(rng, 0.2):
        product = rng.choice(["krx_bonds_a", "krx_index_group_1", "securities_a"])
        chosen += [("real_time", product), ("closing_price", product)]
    chosen = list(dict.fromkeys(chosen))
    rng.shuffle(chosen)
    return [
        _real_time(rng, product, channel) if contract == "real_time" else _closing_price(rng, product)
        for contract, product in chosen
    ]


def _prior_waiver(rng: random.Random, founded_on: date, starts_on: date) -> list[dict[str, str]]:
    """Choose up to three earlier periods that do not overlap, between founding and start; some touch."""
    periods = []
    behind_last = starts_on - timedelta(days=rng.choice([0, 0, 1, 5, 40, 400]))
    for _ in range(rng.randint(1, 3)):
        length = rng.choice([1, 27, 28, 29, 30, 31, 59, 60, 90, 244, 365, 366, rng.randrange(1, 1000)])
        first = behind_last - timedelta(days=length)
        if _chance(rng, 0.3):
            first = first.replace(day=1)
        if first < founded_on:
            break
        ends_on = behind_last - timedelta(days=1)
        periods.append({"starts_on": first.isoformat(), "ends_on": ends_on.isoformat()})
        behind_last = first - timedelta(days=rng.choice([0, 1, 30, 100]))
    rng.shuffle(periods)
    return periods


def _company(rng: random.Random, founded_on: date) -> dict[str, Any]:
    """Choose a company, mostly an eligible one."""
    company: dict[str, Any] = {"founded_on": founded_on.isoformat(), "size": "sme"}
    if _chance(rng, 0.1):
        company["size"] = rng.choice(["mid_sized", "large"])
    if _chance(rng, 0.65):
        company["qualification"] = "none" if _chance(rng, 0.08) else rng.choice(QUALIFICATIONS)
    if _chance(rng, 0.2):
        company["exclusions"] = rng.sample(EXCLUSIONS, rng.randint(1, 2)) if _chance(rng, 0.25) else []
    if _chance(rng, 0.3):
        company["corporation"] = not _chance(rng, 0.15)
    if _chance(rng, 0.2):
        company["name"] = "(주)스타트업"
    return company


def _policy_on(day: date) -> str:
    """Name the policy in force on a day from 2018-07-01 on."""
    if day >= date(2018, 12, 11):
        return "open-api-faq-2018-12"
    return "startup-support-2018-07" if day >= date(2018, 7, 2) else "startup-12-months"


def _ends_on(rng: random.Random, starts_on: date) -> date:
    """Choose an end: the start day itself, a month end, any day, also one behind the horizon."""
    day = starts_on + timedelta(days=rng.choice([0, 1, 30, 365, rng.randrange(1500), rng.randrange(4000)]))
    if _chance(rng, 0.4):
        return max(starts_on, day.replace(day=1) - timedelta(days=1))
    return day


WITHDRAWN_SERVICES = ["신규주문", "주문취소", "주문정정", "계좌잔고 조회", "거래내역 조회", "일임계좌 잔고 조회"]
LASTING_SERVICES = ["NICE-기업정보", "BIGBOT", "가상계좌 목록 조회"]


def _services(rng: random.Random, starts_on: date) -> list[str]:
    """Choose services of the platform; on request before 2018-12-03, the first ones until 2022-02-10."""
    offered = LASTING_SERVICES + (WITHDRAWN_SERVICES if date(2018, 12, 3) <= starts_on <= date(2022, 2, 10) else [])
    return rng.sample(offered, rng.randint(1, 3))


def random_contract(rng: random.Random) -> dict[str, Any]:
    """Return one valid request body with explicit licences and an explicit start day."""
    starts_on = _start(rng)
    founded_on = _founding(rng, starts_on)
    channel = "direct" if _chance(rng, 0.15) else "open_api"
    request: dict[str, Any] = {
        "company": _company(rng, founded_on),
        "licences": _licences(rng, channel),
        "starts_on": starts_on.isoformat(),
    }
    if channel == "open_api" and _chance(rng, 0.2):
        request["apis"] = _services(rng, starts_on)
    if channel == "direct" or _chance(rng, 0.5):
        request["channel"] = channel
    if _chance(rng, 0.85):
        request["months"] = rng.choice([1, 2, 3, rng.randint(1, 24), rng.randint(30, 48), rng.randint(1, 120)])
    if _chance(rng, 0.25):
        request["ends_on"] = _ends_on(rng, starts_on).isoformat() if _chance(rng, 0.9) else None
    policy = None
    if _chance(rng, 0.6):
        policy = request["waiver_policy"] = rng.choice([None, *FREE_TEST_MONTHS])
    most_test_months = FREE_TEST_MONTHS[policy or _policy_on(starts_on)]
    if _chance(rng, 0.3):
        request["test_months"] = rng.randint(0, most_test_months)
    if _chance(rng, 0.35):
        request["prior_waiver"] = _prior_waiver(rng, founded_on, starts_on)
    if channel == "open_api" and _chance(rng, 0.4):
        request["api_calls_per_month"] = rng.choice(
            [0, 1, 999_999, 1_000_000, 1_000_001, 1_400_001, 2_000_000, 7_500_000]
        )
    return request


def random_life(rng: random.Random, request: dict[str, Any]) -> dict[str, Any]:
    """Return a contract of a request, with random events and usage reports in the order in which they are entered."""
    starts_on = date.fromisoformat(request["starts_on"])
    events = _events(rng, starts_on) if _chance(rng, 0.5) else []
    reports = _reports(rng, request, starts_on) if _chance(rng, 0.8) else []
    return {"request": request, "events": events, "reports": reports}


def _events(rng: random.Random, starts_on: date) -> list[dict[str, Any]]:
    """Choose up to three ends and withdrawals, some of them taken back."""
    events: list[dict[str, Any]] = []
    for number in range(rng.randint(1, 3)):
        on = _ends_on(rng, starts_on).isoformat()
        events.append({"id": f"E{number}", "kind": rng.choice(["ended", "waiver_withdrawn"]), "on": on})
        if _chance(rng, 0.2):
            events.append({"id": f"A{number}", "kind": "annulled", "event": f"E{number}"})
    return events


def _reports(rng: random.Random, request: dict[str, Any], starts_on: date) -> list[dict[str, Any]]:
    """Choose reports for most of the first months: in time, late, very late, never; some corrected."""
    products = [licence["product"] for licence in request["licences"] if licence["contract"] == "real_time"]
    reports: list[dict[str, Any]] = []
    first = starts_on.replace(day=1)
    for number in range(rng.choice([1, 3, 12, 26])):
        month = date(first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1, 1)
        reported_on = max(starts_on, month + timedelta(days=rng.choice([28, 31, 40, 58, 59, 60, 61, 62, 70, 95, 200])))
        for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 3])):
            used = {product: _usage(rng, product) for product in products if _chance(rng, 0.8)}
            reports.append({"month": month.isoformat()[:7], "reported_on": reported_on.isoformat(), "usage": used})
            reported_on += timedelta(days=rng.choice([0, 1, 5, 31, 60, 200]))
    return reports

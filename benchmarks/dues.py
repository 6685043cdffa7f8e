"""All dues of a month: a hundred thousand contracts out of a database, rated, and written as CSV by two processes."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.apart import run
from benchmarks.row import Row
from fee_service.answers.facts import canonical
from fee_service.answers.request import request_facts
from fee_service.model import Company, CompanySize, Licence, QuoteRequest, Usage
from fee_service.periods import first_of_month_after, months_after
from fee_service.storage import tables
from fee_service.storage.database import Database
from fee_service.storage.quotes import number_of, position_of

CONTRACTS = int(os.environ.get("CONTRACTS", "100000"))
AT_ONCE = 2_000
SECONDS, PROCESSES = 10, 2
MONTH = date(2026, 12, 1)
REPORTED = 6  # months before it, each with a report
PRODUCTS = ("securities_a", "securities_b", "securities_c")
STORED = {"facts": b"x" * 5_500, "said": b"x" * 2_000, "listed": "x" * 500}  # as large as those of usual quotes


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        instance.mkdir()
        database = Database(f"sqlite:///{instance / 'fee_service.db'}")
        database.upgrade()
        _fill(database)
        database.close()
        runs = [_run(instance, Path(folder) / "dues.csv") for _ in range(3)]
    wall, processor, memory = (sorted(run[place] for run in runs)[1] for place in range(3))
    return [
        Row(
            f"All dues of a month for {CONTRACTS:,} contracts, CSV included, two cores",
            f"{wall:.1f} s",
            f"< {SECONDS} s",
            wall < SECONDS,
            f"`python -m fee_service dues` with its start, {processor:.1f} s of processors; a contract has "
            f"one or two products with usage, {REPORTED} reports; largest process {memory:.0f} MB",
        )
    ]


def _run(instance: Path, out: Path) -> tuple[float, float, float]:
    """Seconds by the clock and of processors, and the MB of the largest process."""
    month, day = f"{MONTH:%Y-%m}", "2026-12-09"
    arguments = ["-m", "fee_service", "dues", "--invoice-month", month, "--out", str(out), "--as-of", day]
    used = run([*arguments, "--processes", str(PROCESSES)], {**os.environ, "FEE_SERVICE_INSTANCE": str(instance)})
    return used.waited, used.busy, used.memory


def _fill(database: Database) -> None:
    chance = random.Random(0)
    for first in range(0, CONTRACTS, AT_ONCE):
        made = [_contract(number, chance) for number in range(first, min(first + AT_ONCE, CONTRACTS))]
        with database.engine.begin() as connection:
            for table in ("quotes", "contracts", "contract_states", "usage_reports"):
                connection.execute(insert(tables.metadata.tables[table]), [row for one in made for row in one[table]])


def _contract(number: int, chance: random.Random) -> dict[str, list[dict[str, Any]]]:
    """The rows of one contract."""
    day = date(2023, 1, 2) + timedelta(days=number * 360 // CONTRACTS)
    start = day + timedelta(days=chance.randrange(1_000))
    waived = months_after(start, 36) if chance.random() < 0.7 else None
    position, business_number = position_of(day, number + 1), f"{number:010d}"
    licences = tuple(
        Licence("real_time", product, ("retail",), usage=Usage(personal_ids=chance.randrange(5_000)))
        for product in sorted(chance.sample(PRODUCTS, chance.randint(1, 2)))
    )
    company = Company(day, CompanySize.SME, f"(주)회사 {number}", business_number)
    request = QuoteRequest(company, start, (), licences, api_calls_per_month=1_000_000 if number % 2 else None)
    last = waived - timedelta(days=1) if waived else None
    return {
        "quotes": [_quote(position, number, day, start, company)],
        "contracts": [
            {
                "position": position,
                "business_number": business_number,
                "starts_on": start,
                "quoted_until": first_of_month_after(start, 60) - timedelta(days=1),
                "waiver_starts_on": start if waived else None,
                "waiver_ends_on": last,
                "request": canonical(request_facts(request)).decode(),
            }
        ],
        "contract_states": [{"position": position, "ends_on": None, "waiver_ends_on": last}],
        "usage_reports": list(_reports(position, start, licences, chance)),
    }


def _quote(position: int, number: int, day: date, start: date, company: Company) -> dict[str, Any]:
    return {
        "position": position,
        "id": f"00000000-0000-7000-8000-{number:012d}",
        "number": number_of(day.year, number + 1),
        "issued_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        "issued_on": day,
        "valid_until": day + timedelta(days=30),
        "validity_days": 30,
        "owner": "bench",
        "company_name": company.name,
        "business_number": company.business_number,
        "price_list": "market-data-2018-07-01",
        "starts_on": start,
        "net": 1,
        "total": 1,
        "digest": "sha256:" + "0" * 64,
        **STORED,
    }


def _reports(position: int, start: date, licences: tuple[Licence, ...], chance: random.Random) -> Iterator[Any]:
    for back in range(REPORTED + 1, 1, -1):
        month = first_of_month_after(MONTH, -back)
        if month < start.replace(day=1) or chance.random() < 0.05:
            continue
        used = {licence.product: (0, chance.randrange(5_000), 0) for licence in licences}
        yield {
            "id": f"{position}-{back}",
            "batch": "bench",
            "position": position,
            "owner": "bench",
            "month": month,
            "reported_on": first_of_month_after(month, 1) + timedelta(days=chance.randrange(27)),
            "reported_by": "bench",
            "usage": json.dumps(used),
            "created_at": datetime.now(UTC),
        }


if __name__ == "__main__":
    for row in measure():
        print(row.markdown())

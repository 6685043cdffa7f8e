"""Invoices of a month rest on few reports: what is left out when many contracts are read changes nothing."""

import os
import random
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert
from support.contracts import SEED_VARIABLE, random_contract, random_life
from support.running import contract_of

from fee_service.answers.facts import canonical
from fee_service.answers.request import request_facts
from fee_service.contract import Contract
from fee_service.finance.billing import all_events, ranges
from fee_service.finance.kept import contracts_between
from fee_service.finance.window import window_of
from fee_service.periods import first_of_month_after
from fee_service.published.editions import Editions
from fee_service.rules.dues import dues_billed_in
from fee_service.storage import tables
from fee_service.storage.database import Database
from fee_service.storage.quotes import number_of, position_of
from fee_service.storage.usage_reports import usage_json

SEED = os.environ.get(SEED_VARIABLE) or str(secrets.randbits(32))
CONTRACTS = 150
DAY = date(2018, 7, 2)


def kept(database: Database, contract: Contract, number: int) -> None:
    """A contract with its reports as they are stored; of its quote no more than its name."""
    position, horizon, waived = position_of(DAY, number), contract.horizon, contract.waived
    quote = {
        "position": position, "id": f"id-{number}", "number": number_of(DAY.year, number), "validity_days": 30,
        "issued_at": datetime(2018, 7, 2, tzinfo=UTC), "issued_on": DAY, "valid_until": DAY, "owner": "tests",
        "price_list": "-", "starts_on": horizon.start, "net": 0, "total": 0, "digest": "-", "listed": "{}",
        "facts": b"", "said": b"",
    }  # fmt: skip
    agreed = {
        "position": position, "starts_on": horizon.start, "quoted_until": horizon.last_day,
        "ends_on": contract.request.ends_on, "waiver_starts_on": waived and waived.start,
        "waiver_ends_on": waived and waived.last_day, "request": canonical(request_facts(contract.request)).decode(),
    }  # fmt: skip
    last: dict[date, str] = {}
    reports = []
    for count, report in enumerate(contract.reports):
        reports.append(
            {
                "id": f"{number}-{count}", "batch": "-", "position": position, "owner": "tests", "reported_by": "-",
                "month": report.month, "reported_on": report.reported_on, "corrects": last.get(report.month),
                "usage": usage_json(dict(report.usage)), "created_at": datetime(2018, 7, 2, tzinfo=UTC),
            }
        )  # fmt: skip
        last[report.month] = f"{number}-{count}"
    with database.engine.begin() as connection:
        connection.execute(insert(tables.quotes), quote)
        connection.execute(insert(tables.contracts), agreed)
        for row in reports:
            connection.execute(insert(tables.usage_reports), row)


def test_few_reports_of_a_contract_bill_a_month_as_all_of_them_do(database: Database, editions: Editions) -> None:
    """Random contracts with reports in time, late and never, out of a real database: the same dues in every month."""
    database.upgrade()
    contracts = []
    for number in range(CONTRACTS):
        rng = random.Random(f"window:{SEED}:{number}")
        life = random_life(rng, random_contract(rng))
        contract = contract_of(life, editions)
        contracts.append(replace(contract, events=(), number=number_of(DAY.year, number + 1)))
        kept(database, contracts[-1], number + 1)
    rng, read = random.Random(f"window:{SEED}"), 0
    for _ in range(12):
        start = rng.choice(contracts).request.starts_on
        month = first_of_month_after(start, rng.choice([2, 3, 5, 8, 14, 20, 30]))
        as_of = month + timedelta(days=rng.choice([-31, -1, 0, 40, 400]))
        window, found = window_of(editions, month, as_of), []
        for part in ranges(database, position_of(DAY, CONTRACTS)):
            with database.reading() as connection:
                found += contracts_between(connection, *part, all_events(database), window)
        for whole, part_of_it in zip(contracts, found, strict=True):
            expected = dues_billed_in(whole, editions, month, as_of)
            got = dues_billed_in(part_of_it, editions, month, as_of)
            assert [(due.owed, due.basis) for due in got.lines] == [(due.owed, due.basis) for due in expected.lines], (
                f"{whole.number} in {month} as of {as_of}, {SEED_VARIABLE}={SEED}"
            )
        read += sum(len(each.reports) for each in found)
    assert 0 < read < 12 * sum(len(each.reports) for each in contracts)

"""Worker, service and database killed while the dues of many contracts are made: the same file as in peace."""

import json
import os
import random
import signal
import time
from collections.abc import Mapping
from typing import Any

import pytest
from breaking import PostgreSQL, until
from sqlalchemy import insert, select
from supervising import Supervised
from support.serving import Service

from fee_service.storage.database import Database
from fee_service.storage.tables import contract_states, contracts, quotes

KILLS = int(os.environ.get("FAULT_TEST_KILLS", "3"))
CONTRACTS = 1_500  # more than are answered at once
KINDS = ("csv", "parquet")
ASKED = "invoice_month=2026-12&as_of=2026-12-09"
BODY: dict[str, Any] = {
    "company": {"name": "(주)시세", "business_number": "124-81-00998", "founded_on": "2010-01-01", "size": "large"},
    "starts_on": "2026-11-17",
    "months": 12,
    "licences": [{"contract": "real_time", "product": "securities_a", "usage": {"personal_ids": 100}}],
}


def multiply(url: str) -> None:
    """Make many contracts of the one there is."""
    database = Database(url)
    with database.engine.begin() as connection:
        for table in (quotes, contracts, contract_states):
            only = connection.execute(select(table).order_by(table.c.position)).first()
            assert only is not None
            connection.execute(insert(table), [copy(only._mapping, number) for number in range(2, CONTRACTS + 1)])
    database.close()


def copy(row: Mapping[Any, Any], number: int) -> dict[Any, Any]:
    """A row of a contract, as another one's."""
    own = {"position": row["position"] + number - 1, "id": f"copy-{number}", "number": f"Q-2026-{number:06d}"}
    return {**row, **{name: value for name, value in own.items() if name in row}}


def asked(service: Service, key: str, kind: str) -> str:
    """Where a job for the dues of all contracts is."""
    status, headers, content = service.ask("GET", f"/v1/dues.{kind}?{ASKED}", None, key)
    assert status == 202, content
    return headers["Location"]


def made(service: Service, key: str, place: str) -> bytes:
    """What a job has made."""
    status, _, content = service.ask("GET", f"{place}/result", None, key)
    assert status == 200, content
    return content


def test_dues_of_all_contracts_survive_whoever_is_killed(
    supervised_jobs: Supervised, url: str, request: pytest.FixtureRequest
) -> None:
    """Two kinds of files, each made once in peace and once while worker, service and PostgreSQL die: the same bytes."""
    supervised = supervised_jobs
    key = supervised.service.key("admin")
    quote = json.loads(supervised.service.ask("POST", "/v1/quotes", BODY, key)[2])
    assert supervised.service.ask("POST", f"/v1/quotes/{quote['id']}/acceptance", None, key)[0] == 200
    multiply(url)
    supervised.work()
    undisturbed = [asked(supervised.service, key, kind) for kind in KINDS]
    until(lambda: all(supervised.done(place, key) for place in undisturbed), 90)
    chance = random.Random(7)
    disturbed = [asked(supervised.service, key, kind) for kind in KINDS]
    for number in range(KILLS):
        time.sleep(chance.uniform(0.2, 1.5))
        supervised.kill_worker()
        if number % 2:
            supervised.kill_service()
        elif url.startswith("postgresql"):
            cluster: PostgreSQL = request.getfixturevalue("postgresql")
            cluster.stop(signal.SIGKILL)
            cluster.start()
        supervised.work()
    until(lambda: all(supervised.done(place, key) for place in disturbed), 90)
    for before, after in zip(undisturbed, disturbed, strict=True):
        content = made(supervised.service, key, after)
        assert content == made(supervised.service, key, before)
    assert made(supervised.service, key, disturbed[0]).count(b"\n") > CONTRACTS

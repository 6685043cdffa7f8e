"""Workers killed while they keep a file of usage reports: all of its rows are there in the end, never some of them."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest
from breaking import proven, start
from sqlalchemy import create_engine, text
from support.serving import REPOSITORY, Service

from fee_service.periods import first_of_month_after
from fee_service.storage.database import Database

KILLS = int(os.environ.get("FAULT_TEST_KILLS", "3"))
CONTRACTS, MONTHS = 8, 1_700
LEASE = 2  # seconds
BODY = {"company": {"founded_on": "2010-01-01", "size": "large"}, "starts_on": "2020-01-01", "months": 1,
        "licences": [{"contract": "real_time", "product": "securities_a"}]}  # fmt: skip


@pytest.fixture
def service(url: str, tmp_path: os.PathLike[str]) -> Iterator[Service]:
    """The service on that database, with jobs that are free again soon after their worker died."""
    with start(tmp_path, database_url=url, lease=str(LEASE)) as running:  # type: ignore[arg-type]
        yield running


def contract(service: Service, key: str) -> str:
    """The id of a contract from 2020 on."""
    quote = json.loads(service.ask("POST", "/v1/quotes", BODY, key)[2])
    assert service.ask("POST", f"/v1/quotes/{quote['id']}/acceptance", None, key)[0] == 200
    named: str = quote["id"]
    return named


def rows(contracts: list[str]) -> Iterator[str]:
    """A report for every month of every contract, those to come on the day after it is over."""
    for each in contracts:
        month = date(2020, 1, 1)
        for number in range(MONTHS):
            following = first_of_month_after(month, 1)
            yield f'{each},{month:%Y-%m},securities_a,{number},"{1_000 + number:,}",0,{following}'
            month = following


def send(service: Service, key: str, raw: bytes) -> tuple[int, dict[str, str]]:
    """Have a file kept."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv", "Idempotency-Key": "the-file"}
    connection.request("POST", "/v1/usage-reports", raw, headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def worker(service: Service) -> subprocess.Popen[bytes]:
    """A worker beside the service."""
    return subprocess.Popen(
        [sys.executable, "-m", "fee_service", "worker", "--once"], cwd=REPOSITORY, env=service.environ
    )


def kept(url: str) -> int:
    """Reports that anybody can see."""
    engine = create_engine(Database(url).engine.url)
    with engine.connect() as connection:
        found: int = connection.execute(text("SELECT count(*) FROM usage_reports")).scalar_one()
    engine.dispose()
    return found


def test_a_file_is_kept_whole_however_often_its_worker_is_killed(service: Service, url: str) -> None:
    """A file of more than a megabyte is taken; whoever keeps it dies by kill -9, and the next one keeps it once."""
    key = service.key("admin")
    contracts = [contract(service, key) for _ in range(CONTRACTS)]
    header = "contract,month,product,standard_ids,personal_ids,queries,reported_on"
    raw = "\n".join([header, *rows(contracts), ""]).encode()
    assert len(raw) > 1_000_000
    status, told = send(service, key, raw)
    assert status == 202, told
    assert send(service, key, raw) == (202, told)
    chance = random.Random(5)
    for _ in range(KILLS):
        working = worker(service)
        time.sleep(1 + 4 * chance.random())
        working.send_signal(signal.SIGKILL)
        working.wait()
        assert kept(url) in (0, CONTRACTS * MONTHS)
        time.sleep(LEASE)
    give_up = time.monotonic() + 120
    while (job := json.loads(service.ask("GET", f"/v1/jobs/{told['id']}", None, key)[2]))["status"] != "done":
        assert time.monotonic() < give_up, job
        worker(service).wait(120)
        time.sleep(0.5)
    assert kept(url) == CONTRACTS * MONTHS
    assert job["summary"]["reports"] == CONTRACTS * MONTHS
    proven(service)

"""Worker, service and database killed while files of usage reports are kept: all rows in the end, never a part."""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from breaking import PostgreSQL, proven, until
from sqlalchemy import text
from supervising import Supervised
from support.serving import Service

from fee_service.periods import first_of_month_after
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError

KILLS = int(os.environ.get("FAULT_TEST_KILLS", "3"))
CONTRACTS, MONTHS = 8, 1_700  # of the large file
SMALL = 1_500  # months of a file that is kept at once
HEADER = "contract,month,product,standard_ids,personal_ids,queries,reported_on"
BODY = {"company": {"founded_on": "2010-01-01", "size": "large"}, "starts_on": "2020-01-01", "months": 1,
        "licences": [{"contract": "real_time", "product": "securities_a"}]}  # fmt: skip
SEEN = "SELECT count(*) FROM usage_reports WHERE batch NOT IN (SELECT id FROM jobs WHERE state <> 'done')"


def contract(service: Service, key: str) -> str:
    """The id of a contract from 2020 on."""
    quote = json.loads(service.ask("POST", "/v1/quotes", BODY, key)[2])
    assert service.ask("POST", f"/v1/quotes/{quote['id']}/acceptance", None, key)[0] == 200
    named: str = quote["id"]
    return named


def file_of(contracts: list[str], months: int) -> bytes:
    """A report for every month of every contract, those to come on the day after it is over."""
    return "\n".join([HEADER, *_rows(contracts, months), ""]).encode()


def _rows(contracts: list[str], months: int) -> Iterator[str]:
    for each in contracts:
        month = date(2020, 1, 1)
        for number in range(months):
            following = first_of_month_after(month, 1)
            yield f'{each},{month:%Y-%m},securities_a,{number},"{1_000 + number:,}",0,{following}'
            month = following


def send(service: Service, key: str, raw: bytes, name: str = "the-file") -> tuple[int, bytes]:
    """Have a file kept."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv", "Idempotency-Key": name}
    try:
        connection.request("POST", "/v1/usage-reports", raw, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Sender:
    """Somebody who sends each file again until it is acknowledged, under its name."""

    def __init__(self, supervised: Supervised, key: str, files: dict[str, bytes]) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self._supervised, self._key, self._files = supervised, key, files
        self._thread = threading.Thread(target=self._send_all)

    def __enter__(self) -> "Sender":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(120)
        assert not self._thread.is_alive()

    def _send_all(self) -> None:
        for name, raw in self._files.items():
            give_up = time.monotonic() + 60
            while name not in self.answers and time.monotonic() < give_up:
                try:
                    status, content = send(self._supervised.service, self._key, raw, name)
                except (OSError, http.client.HTTPException):
                    status, content = 0, b""
                if status not in (0, 503):
                    self.answers[name] = status, content
                else:
                    time.sleep(0.05)


def kept(database: Database) -> int:
    """Reports that anybody can see; who asks first learns of a connection that the database's death has ended."""

    def asked() -> list[int]:
        with suppress(StorageError), database.reading() as connection:
            return [connection.execute(text(SEEN)).scalar_one()]
        return []

    found: list[int] = until(asked)
    return found[0]


def break_something(number: int, supervised: Supervised, url: str, request: pytest.FixtureRequest) -> None:
    """By turns the database, where it is a server, and the service."""
    if number % 2 == 0 and url.startswith("postgresql"):
        cluster: PostgreSQL = request.getfixturevalue("postgresql")
        cluster.stop(signal.SIGKILL)
        cluster.start()
    else:
        supervised.kill_service()


def test_a_file_is_kept_whole_whoever_is_killed(
    supervised_jobs: Supervised, url: str, request: pytest.FixtureRequest
) -> None:
    """A file of more than a megabyte is sent and kept while sender's service, worker and PostgreSQL die by kill -9."""
    key = supervised_jobs.service.key("admin")
    contracts = [contract(supervised_jobs.service, key) for _ in range(CONTRACTS)]
    raw = file_of(contracts, MONTHS)
    assert len(raw) > 1_000_000
    database, chance = Database(url), random.Random(5)
    with Sender(supervised_jobs, key, {"the-file": raw}) as sender:
        time.sleep(0.05)
        break_something(1, supervised_jobs, url, request)
    status, content = sender.answers["the-file"]
    assert status == 202, content
    assert send(supervised_jobs.service, key, raw) == (status, content)
    place = f"/v1/jobs/{json.loads(content)['id']}"
    for number in range(KILLS):
        supervised_jobs.work()
        time.sleep(1 + 3 * chance.random())
        if number % 3 < 2:
            supervised_jobs.kill_worker()
        if number % 3:
            break_something(number, supervised_jobs, url, request)
        assert kept(database) in (0, CONTRACTS * MONTHS)
    supervised_jobs.work()
    until(lambda: supervised_jobs.done(place, key), 120)
    assert kept(database) == CONTRACTS * MONTHS
    job = json.loads(supervised_jobs.service.ask("GET", place, None, key)[2])
    assert job["summary"]["reports"] == CONTRACTS * MONTHS
    proven(supervised_jobs.service)
    database.close()


def test_small_files_are_kept_once_whoever_is_killed(
    supervised_jobs: Supervised, url: str, request: pytest.FixtureRequest
) -> None:
    """One after the other over HTTP; whoever heard nothing sends his again, and each is there whole, answered alike."""
    key = supervised_jobs.service.key("admin")
    names = [f"file-{number}" for number in range(1 + KILLS)]
    files = {name: file_of([contract(supervised_jobs.service, key)], SMALL) for name in names}
    database, chance = Database(url), random.Random(6)
    with Sender(supervised_jobs, key, files) as sender:
        for number in range(KILLS):
            time.sleep(chance.uniform(0.2, 1.0))
            break_something(number, supervised_jobs, url, request)
            assert kept(database) % SMALL == 0
    assert {status for status, _ in sender.answers.values()} == {201}
    assert kept(database) == SMALL * len(names)
    for name in names:
        assert send(supervised_jobs.service, key, files[name], name) == sender.answers[name]
    assert kept(database) == SMALL * len(names)
    proven(supervised_jobs.service)
    database.close()

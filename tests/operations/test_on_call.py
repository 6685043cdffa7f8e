"""What whoever is called at night sees: why it is not ready, in one line; ids on errors; counts that stay."""

import contextlib
import logging
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event
from support.serving import Service

from fee_service.app import create_app
from fee_service.operations import metrics
from fee_service.operations.watching import Watch
from fee_service.published.editions import Editions
from fee_service.settings import Settings
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.probing import GOOD_FOR, WriteProbe

APIS = 'fee_service_requests_total{method="GET",route="/v1/apis",status="200"}'


@pytest.fixture
def installation(editions: Editions, tmp_path: Path) -> Iterator[Flask]:
    """An application with an SQLite file of its own, which gives up at once."""
    app = create_app(Settings(instance=tmp_path), editions)
    database: Database = app.extensions["database"]
    yield app
    database.close()


def counted(code: str) -> float:
    """How many answers were 503 for a cause."""
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            if sample.name == "fee_service_unavailable_total" and sample.labels["code"] == code:
                return sample.value
    return 0


def refuse_writes(installation: Flask) -> None:
    """As a disk that the system mounted read-only after an error."""
    database: Database = installation.extensions["database"]
    database.close()  # connections that are opened from now on refuse

    def to_read_only(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(database.engine, "connect", to_read_only)


def break_route(app: Flask, path: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever answers a path fail."""
    endpoint, _ = app.url_map.bind("here").match(path)

    def failing(**_: object) -> None:
        raise error

    monkeypatch.setitem(app.view_functions, endpoint, failing)


# -- a write is probed -------------------------------------------------------------------------------------


def test_a_service_that_cannot_write_is_not_ready(installation: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Reading works and previews go on, yet nothing could be issued: /readyz says so, by code, once in the log."""
    client = installation.test_client()
    assert client.get("/readyz").status_code == 200
    before = counted("storage_read_only")
    refuse_writes(installation)
    _forget(installation)
    with caplog.at_level(logging.INFO):
        answers = [client.get("/readyz") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {503}
    assert {error["code"] for answer in answers for error in answer.get_json(force=True)["errors"]} == {
        "storage_read_only"
    }
    assert counted("storage_read_only") == before + 5
    told = [record.getMessage() for record in caplog.records if "storage" in record.getMessage()]
    assert told == ["storage fails: storage_read_only (attempt to write a readonly database)"]
    assert client.get("/v1/apis").status_code == 200


def _forget(installation: Flask) -> None:
    """As if the last write had been some time ago."""
    installation.extensions["database"].watch._written_at = float("-inf")


def test_a_write_is_probed_once_in_a_while_and_not_at_all_while_others_write(database: Database) -> None:
    """A hundred questions write once; a quote that was just stored is proof enough."""
    probe = WriteProbe(database)
    written: list[None] = []
    really = database.write

    def counting(job):  # type: ignore[no-untyped-def]
        written.append(None)
        return really(job)

    database.write = counting  # type: ignore[method-assign]
    for _ in range(100):
        probe.check()
    assert len(written) == 1
    database.watch._written_at = time.monotonic() - GOOD_FOR - 1
    really(lambda connection: None)
    probe.check()
    assert len(written) == 1


def test_nobody_queues_for_a_probe(database: Database) -> None:
    """While one waits for the database, others are told what was known."""
    probe = WriteProbe(database)
    probe.check()
    database.watch._written_at = float("-inf")
    begun, go_on = threading.Event(), threading.Event()
    really = database.write

    def slow(job):  # type: ignore[no-untyped-def]
        begun.set()
        go_on.wait(10)
        return really(job)

    database.write = slow  # type: ignore[method-assign]
    first = threading.Thread(target=probe.check)
    first.start()
    assert begun.wait(10)
    started = time.monotonic()
    probe.check()
    assert time.monotonic() - started < 1
    go_on.set()
    first.join(10)


# -- one line a change of state ----------------------------------------------------------------------------


def test_each_change_of_state_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """However often it fails; another cause is another line, and so is the end."""
    watch = Watch("storage")
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            watch.good(writing=True)
            watch.good()
        for _ in range(3):
            watch.bad("storage_full", "disk full", writing=True)
            watch.good()  # reading works, which says nothing of writing
        for _ in range(3):
            watch.bad("storage_unavailable", "gone")
        for _ in range(3):
            watch.good()
    told = [re.sub(r"\d+ seconds", "N seconds", record.getMessage()) for record in caplog.records]
    assert told == [
        "storage fails: storage_full (disk full)",
        "storage fails: storage_unavailable (gone)",
        "storage works again after N seconds of storage_unavailable",
    ]
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "WARNING"]


def test_no_price_list_is_one_line_too(installation: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever keeps it from being ready, not only the database."""
    client = installation.test_client()
    installation.config["TODAY"] = lambda: date(1999, 1, 1)
    with caplog.at_level(logging.INFO):
        assert {client.get("/readyz").status_code for _ in range(3)} == {503}
        installation.config["TODAY"] = lambda: date(2026, 12, 9)
        assert client.get("/readyz").status_code == 200
    told = [record.getMessage() for record in caplog.records if "readiness" in record.getMessage()]
    assert told == [
        "readiness fails: no_price_list_today (No price list holds today.)",
        "readiness works again after 0 seconds of no_price_list_today",
    ]


def test_counters_that_are_away_are_one_line_too(
    editions: Editions, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever notices first, a request or /readyz."""
    app = create_app(Settings(instance=tmp_path, rate_limit_storage_url="redis://127.0.0.1:1/0"), editions)
    with caplog.at_level(logging.INFO):
        for path in ("/readyz", "/v1/apis", "/readyz", "/v1/apis"):
            app.test_client().get(path)
    told = [record.getMessage() for record in caplog.records if "shared counting" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith(
        "shared counting of requests fails: rate_limit_storage_unavailable (each worker counts alone"
    )


def test_pages_are_counted_by_cause_too(installation: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that cannot be shown counts like an answer of the API."""
    client = installation.test_client()
    assert client.get("/verify").status_code == 200
    before = counted("storage_full")

    break_route(installation, "/verify", StorageError("storage_full"), monkeypatch)
    assert client.get("/verify").status_code == 503
    assert counted("storage_full") == before + 1


# -- errors bear the id of their request -------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ["text/html", "application/json"])
def test_an_error_bears_the_id_that_stands_in_the_log(
    installation: Flask, accepted: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the page, in the problem, in the header and beside the traceback: it is one and the same."""

    path = "/verify" if accepted == "text/html" else "/v1/waiver-policies"
    break_route(installation, path, RuntimeError("broken"), monkeypatch)
    answer = installation.test_client().get(path, headers={"Accept": accepted})
    assert answer.status_code == 500
    request_id = answer.headers["X-Request-Id"]
    assert request_id in answer.text
    if accepted != "text/html":
        assert answer.get_json(force=True)["request_id"] == request_id
    (line,) = [record for record in caplog.records if record.exc_info]
    assert line.request_id == request_id  # type: ignore[attr-defined]


def test_an_unknown_page_bears_the_id_too(stranger) -> None:  # type: ignore[no-untyped-def]
    """Also where the caller chose it."""
    chosen = {"Accept": "text/html", "X-Request-Id": "chosen-by-caller"}
    assert "chosen-by-caller" in stranger.get("/no/such/page", headers=chosen).text


# -- counts of workers that are gone -----------------------------------------------------------------------


def test_files_of_dead_workers_go_and_their_counts_stay(tmp_path: Path) -> None:
    """However often workers are replaced there are no more files than workers, and nothing is counted twice."""
    with Service(tmp_path, workers="1") as running:
        for round_ in range(1, 4):
            assert all(running.ask("GET", "/v1/apis")[0] == 200 for _ in range(5))
            (worker,) = running.workers()
            os.kill(worker, signal.SIGKILL)
            _until_answered_by_another(running, worker)
            assert running.metrics()[APIS] == 5 * round_
        (worker,) = running.workers()
        (folder,) = tmp_path.glob("metrics-*")
        names = {file.name for file in folder.iterdir()} - {"in-use"}
        of_service = (running.process.pid, worker)
    alive = {f"{kind}_{process}.db" for kind in ("counter", "histogram") for process in of_service}
    assert names - alive == {"counter_past.db", "histogram_past.db"}


def _until_answered_by_another(running: Service, worker: int) -> None:
    """Between a worker's end and the next one's start nobody listens."""
    give_up = time.monotonic() + 15
    while True:
        assert time.monotonic() < give_up
        with contextlib.suppress(OSError):
            if running.workers() not in ([worker], []) and running.ask("GET", "/healthz")[0] == 200:
                return
        time.sleep(0.05)

"""A worker that stands still in the middle of writing: the others say so in time, and previews go on."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from breaking import BODY, ISSUE, PREVIEW, PostgreSQL, proven, start, until
from support.serving import Service

from fee_service.storage.turns import PATIENCE

SOON = PATIENCE + 3  # seconds: the machine of the tests has other things to do
IN_VAIN = 1.5  # seconds without a sign: this connection was given to the worker that stands still


def asked(service: Service, path: str, key: str, patience: float = 20) -> tuple[int, Any]:
    """The answer of the worker that lives; a connection that the other one got is given up."""
    while True:
        with contextlib.suppress(OSError):
            status, _, content = service.ask("POST", path, BODY, key, patience=patience)
            return status, json.loads(content)


def told(service: Service, key: str) -> tuple[int, str] | None:
    """What somebody who wants a quote is told in time; None where the worker that stands still has his call."""
    try:
        status, _, content = service.ask("POST", ISSUE, BODY, key, patience=SOON)
    except OSError:
        return None
    return status, json.loads(content)["errors"][0]["code"]


@contextlib.contextmanager
def writers(service: Service, key: str) -> Iterator[None]:
    """Four who issue quotes without a pause."""
    stop = threading.Event()

    def issue() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                service.ask("POST", ISSUE, BODY, key, patience=IN_VAIN)

    threads = [threading.Thread(target=issue) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def holder_of(file: Path) -> int | None:
    """The process that holds the lock of a file."""
    number = f":{file.stat().st_ino}"
    for line in Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if "->" not in words and words[1] == "FLOCK" and words[5].endswith(number):
            return int(words[4])
    return None


def frozen_at_its_turn(service: Service, file: Path) -> int:
    """A worker that was stopped while it had the turn to write."""
    workers = service.workers()

    def stopped() -> int | None:
        found = holder_of(file)
        if found not in workers:
            return None
        os.kill(found, signal.SIGSTOP)
        time.sleep(0.02)
        if holder_of(file) == found:
            return found
        os.kill(found, signal.SIGCONT)
        return None

    worker: int = until(stopped)
    return worker


def test_a_frozen_worker_makes_writers_wait_5_seconds_and_previews_go_on(tmp_path: Path) -> None:
    """SQLite: the others get a clear 503, again and again; nothing is lost once it goes on."""
    with start(tmp_path, threads="4") as service:
        key = service.key("admin")
        until(lambda: asked(service, ISSUE, key)[0] == 201)
        with writers(service, key):
            frozen = frozen_at_its_turn(service, tmp_path / "fee_service.db.turn")
        try:
            with ThreadPoolExecutor(8) as callers:
                waiting = [callers.submit(told, service, key) for _ in range(8)]
                for _ in range(5):
                    assert asked(service, PREVIEW, key, IN_VAIN)[0] == 200
                refusals = [answer for answer in (each.result() for each in waiting) if answer is not None]
            assert set(refusals) == {(503, "storage_busy")}
        finally:
            os.kill(frozen, signal.SIGCONT)
        until(lambda: asked(service, ISSUE, key)[0] == 201)
        proven(service)


def test_a_frozen_worker_does_not_hold_up_postgresql_either(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """The end of the chain is locked by a transaction that does not go on."""
    url = postgresql.new_database()
    with start(tmp_path, database_url=url) as service:
        key = service.key("admin")
        until(lambda: asked(service, ISSUE, key)[0] == 201)
        with psycopg.connect(url) as other:
            other.execute("SELECT * FROM audit_head FOR UPDATE")
            began = time.monotonic()
            status, problem = asked(service, ISSUE, key, SOON)
            assert (status, problem["errors"][0]["code"]) == (503, "storage_busy")
            assert time.monotonic() - began < SOON
            assert asked(service, PREVIEW, key)[0] == 200
        until(lambda: asked(service, ISSUE, key)[0] == 201)
        proven(service)

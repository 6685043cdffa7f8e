"""The database is full, read-only, locked or away: a clear 503, previews go on, and all is well afterwards."""

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from breaking import (
    BODY,
    ISSUE,
    PREVIEW,
    Clients,
    PostgreSQL,
    as_nobody_special,
    fill,
    issued,
    previews_work,
    proven,
    refused,
    shown,
    small_disk,
    start,
    until,
)
from support.serving import Service

from fee_service.keys.keyring import REMEMBERED_SECONDS
from fee_service.storage.database import BUSY_SECONDS
from fee_service.storage.impatience import SILENCE_SECONDS

AWAY_SECONDS = 20
PATIENCE = 8  # seconds after which a caller must have been refused
STRANGER = {**BODY, "company": {"founded_on": "2023-05-10", "size": "sme"}}


def recovers(service: Service, key: str, before: list[dict[str, object]]) -> None:
    """The next caller who obeys Retry-After gets his quote; what was acknowledged is as it was, nothing is between."""
    until(lambda: service.ask("POST", ISSUE, BODY, key, Idempotency_Key="after-the-fault")[0] == 201, 10)
    after = issued(service, key, Idempotency_Key="after-the-fault")
    assert int(str(after["number"])[7:]) == len(before) + 1
    for quote in before[::5]:
        assert shown(service, key, quote["id"]) == quote
    proven(service)


# -- full ----------------------------------------------------------------------------------------------


def until_full(service: Service, key: str) -> list[dict[str, object]]:
    """Issue quotes until one is refused."""
    quotes: list[dict[str, object]] = []
    while True:
        status, headers, content = service.ask("POST", ISSUE, BODY, key, Idempotency_Key=f"full-{len(quotes)}")
        if status != 201:
            assert status == 503, content
            assert headers["Retry-After"]
            return quotes
        quotes.append(issued(service, key, Idempotency_Key=f"full-{len(quotes)}"))
        assert len(quotes) < 3_000


def test_a_full_disk_is_told_and_forgotten_as_soon_as_there_is_room(tmp_path: Path) -> None:
    """SQLite, metrics and log all on the disk that has no byte left."""
    with small_disk(tmp_path / "disk", 24) as disk, start(disk, log_level="info") as service:
        key = service.key()
        quotes = [issued(service, key) for _ in range(20)]
        filler = fill(disk)
        quotes += until_full(service, key)
        refused(service, key, "storage_full")
        previews_work(service, key)
        assert service.ask("GET", f"{ISSUE}/{quotes[0]['id']}", None, key)[0] == 200
        filler.unlink()
        recovers(service, key, quotes)


def test_a_full_disk_at_a_restart_keeps_nothing_from_beginning_again(tmp_path: Path) -> None:
    """A worker that is killed while there is no room is replaced, and answers previews."""
    with small_disk(tmp_path / "disk", 24) as disk, start(disk) as service:
        key = service.key()
        quotes = [issued(service, key) for _ in range(20)]
        filler = fill(disk)
        quotes += until_full(service, key)
        for victim in service.workers():
            os.kill(victim, signal.SIGKILL)
        until(lambda: _answers(service, key))
        refused(service, key, "storage_full")
        previews_work(service, key)
        filler.unlink()
        recovers(service, key, quotes)


def _answers(service: Service, key: str) -> bool:
    with contextlib.suppress(OSError):
        return service.ask("POST", PREVIEW, BODY, key)[0] == 200
    return False


def test_a_full_tablespace_of_postgresql_is_told(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """The same where tables are kept on a disk of their own."""
    with small_disk(postgresql.folder / "small", 16) as disk:
        os.chown(disk, postgresql.folder.stat().st_uid, -1)
        postgresql.run(f"CREATE TABLESPACE small LOCATION '{disk}'")
        url = postgresql.new_database("TABLESPACE small")
        with start(tmp_path, database_url=url) as service:
            key = service.key()
            quotes = [issued(service, key) for _ in range(5)]
            filler = fill(disk)
            quotes += until_full(service, key)
            refused(service, key, "storage_full")
            previews_work(service, key)
            filler.unlink()
            recovers(service, key, quotes)
        postgresql.run(f"DROP DATABASE {url.split('/')[3].split('?')[0]}", "DROP TABLESPACE small")


def test_files_that_may_not_grow_are_told_like_a_full_disk(tmp_path: Path) -> None:
    """A quota, as anyone can set it: the size that a file of the service may reach."""
    with start(tmp_path) as service:
        key = service.key()
        quotes = [issued(service, key) for _ in range(20)]
        wal = (tmp_path / "fee_service.db-wal").stat().st_size
        limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in service.workers()}
        for pid, (_, hard) in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (wal, hard))
        quotes += until_full(service, key)
        refused(service, key, "storage_unavailable")
        previews_work(service, key)
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        recovers(service, key, quotes)


# -- read-only -----------------------------------------------------------------------------------------


def test_a_read_only_file_is_told_and_forgotten_when_it_may_be_written(tmp_path: Path) -> None:
    """The rights of the file are taken away before a start, and given back while the service runs."""
    with start(tmp_path) as service:
        key = service.key()
        quotes = [issued(service, key) for _ in range(3)]
    file = tmp_path / "fee_service.db"
    file.chmod(0o400)
    with start(tmp_path, command=as_nobody_special()) as service:
        previews_work(service, key)
        refused(service, key, "storage_read_only")
        assert shown(service, key, quotes[0]["id"]) == quotes[0]
        file.chmod(0o600)
        recovers(service, key, quotes)


def test_a_read_only_disk_is_told_at_a_start_and_forgotten(tmp_path: Path) -> None:
    """As a file system is after a fault: SQLite itself cannot read there, so everything that asks it is a 503."""
    with small_disk(tmp_path / "disk", 24) as disk:
        url = f"sqlite:///{disk / 'quotes.db'}"
        with start(tmp_path, database_url=url) as service:
            key = service.key()
            quotes = [issued(service, key) for _ in range(3)]
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with start(tmp_path, database_url=url) as service:
            refused(service, key, "storage_read_only")
            assert service.ask("GET", "/v1/price-lists")[0] == 200
            assert service.ask("GET", "/readyz")[0] == 503
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            recovers(service, key, quotes)


def test_a_read_only_postgresql_is_told_and_forgotten(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """As after a failover to a copy that may only be read."""
    with start(tmp_path, database_url=postgresql.new_database()) as service:
        key = service.key()
        quotes = [issued(service, key) for _ in range(3)]
        reload = "SELECT pg_reload_conf()"
        postgresql.run("ALTER SYSTEM SET default_transaction_read_only = on", reload)
        try:
            until(lambda: service.ask("POST", ISSUE, BODY, key, Idempotency_Key="after-the-fault")[0] == 503)
            refused(service, key, "storage_read_only")
            previews_work(service, key)
            assert shown(service, key, quotes[0]["id"]) == quotes[0]
        finally:
            postgresql.run("ALTER SYSTEM RESET ALL", reload)
        recovers(service, key, quotes)


# -- locked --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else writes to the SQLite and does not end."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_a_locked_sqlite_is_told_to_each_of_many_callers_in_time(tmp_path: Path) -> None:
    """Longer than the busy timeout: nobody waits for the waiting of others, previews and reading go on."""
    with start(tmp_path, threads="8") as service:
        key = service.key()
        quotes = [issued(service, key) for _ in range(3)]
        with locked(tmp_path / "fee_service.db"), ThreadPoolExecutor(8) as callers:
            waiting = [callers.submit(refused, service, key, "storage_busy") for _ in range(8)]
            time.sleep(0.5)
            began = time.monotonic()
            previews_work(service, key)
            assert shown(service, key, quotes[0]["id"]) == quotes[0]
            assert time.monotonic() - began < 3
            assert max(waited.result() for waited in waiting) < 2 * BUSY_SECONDS + 2  # its own, and the other worker's
        recovers(service, key, quotes)


def test_a_short_lock_is_waited_for(tmp_path: Path) -> None:
    """Shorter than the busy timeout: nobody is refused."""
    with start(tmp_path) as service, ThreadPoolExecutor(4) as callers:
        key = service.key()
        issued(service, key)
        with locked(tmp_path / "fee_service.db"):
            waiting = [callers.submit(issued, service, key) for _ in range(4)]
            time.sleep(2)
        assert sorted(waited.result()["number"][-1] for waited in waiting) == ["2", "3", "4", "5"]


# -- away ----------------------------------------------------------------------------------------------


def test_postgresql_away_for_20_seconds_loses_nothing(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """Eight clients go on, each refused clearly and at once; then each gets all his quotes, by himself.

    Previews go on for callers who were known before. Whose earlier waivers cannot be looked up gets no wrong price.
    """
    with start(tmp_path, database_url=postgresql.new_database()) as service:
        key = service.key()
        with Clients(lambda: service, key, 100) as clients:
            clients.reach(0.1)
            postgresql.stop()
            gone = time.monotonic()
            try:
                assert refused(service, key, "storage_unavailable") < PATIENCE
                status, headers, content = service.ask("GET", "/readyz")
                assert (status, b"storage_unavailable" in content) == (503, True)
                assert headers["Retry-After"]
                assert service.ask("GET", "/healthz")[0] == 200
                before = dict(clients.acknowledged)
                while time.monotonic() < gone + AWAY_SECONDS:
                    previews_work(service, key, STRANGER)
                    status, headers, content = service.ask("POST", PREVIEW, BODY, key)
                    assert (status, headers["Retry-After"]) == (503, "5"), content
                    assert service.ask("POST", PREVIEW, STRANGER, key[:-1] + "x")[0] == 401
                    time.sleep(REMEMBERED_SECONDS / 2)
                assert clients.acknowledged == before
            finally:
                postgresql.start()
            until(lambda: len(clients.acknowledged) > len(before), 5)
        assert set(clients.refusals) == {"503"}
        numbers = sorted(int(quote["number"][7:]) for quote in clients.acknowledged.values())
        assert numbers == list(range(1, clients.wanted + 1))
        proven(service)


def test_a_postgresql_that_hangs_is_not_waited_for(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """All its processes stand still, and the connections with them: who asked is told before it goes on."""
    with start(tmp_path, database_url=postgresql.new_database()) as service:
        key = service.key()
        with Clients(lambda: service, key, 1_000) as clients:
            clients.reach(0.01)
            stopped = postgresql.processes()
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            try:
                assert refused(service, key, "storage_unavailable") < SILENCE_SECONDS + PATIENCE
            finally:
                for pid in stopped:
                    os.kill(pid, signal.SIGCONT)
            before = len(clients.acknowledged)
            until(lambda: len(clients.acknowledged) > before + 50)
            clients.give_up()
        assert set(clients.refusals) == {"503"}
        assert len({quote["number"] for quote in clients.acknowledged.values()}) == len(clients.acknowledged)
        for quote in list(clients.acknowledged.values())[::20]:
            assert shown(service, key, quote["id"]) == quote
        proven(service)

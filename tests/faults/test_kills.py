"""Killed in the middle of thousands of quotes: what was acknowledged is there, once, and nothing else is."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from breaking import Clients, PostgreSQL, proven, start, until
from sqlalchemy import create_engine, text

from fee_service.storage.database import Database

QUOTES = int(os.environ.get("FAULT_TEST_QUOTES", "5000"))
CLIENTS = 8
HALVES = [
    "SELECT count(*) FROM quotes q LEFT JOIN quote_states s ON s.position = q.position WHERE s.position IS NULL",
    "SELECT count(*) FROM quote_states s LEFT JOIN quotes q ON s.position = q.position WHERE q.position IS NULL",
    "SELECT count(*) FROM quotes q LEFT JOIN company_names n ON n.id = q.company_name_id WHERE n.id IS NULL",
    "SELECT count(*) FROM quotes q LEFT JOIN audit_log a ON a.subject = q.id WHERE a.subject IS NULL",
    "SELECT count(*) FROM idempotency_keys WHERE location NOT IN (SELECT '/v1/quotes/' || id FROM quotes)",
]


class Supervised:
    """A service that is started anew when it dies, on the same port, as systemd would."""

    def __init__(self, instance: Path, **settings: Any) -> None:
        self._instance, self._settings = instance, settings
        self.running = start(instance, **settings).__enter__()

    def kill_worker(self) -> None:
        """One worker, while it answers."""
        victim = until(self.running.workers)[0]
        os.kill(victim, signal.SIGKILL)
        until(lambda: victim not in self.running.workers())

    def kill_master(self) -> None:
        """The workers notice by themselves; when the last is gone, as systemd waits too, there is a new start."""
        orphans = self.running.workers()
        self.running.process.kill()
        self.running.process.wait()
        until(lambda: not any(Path(f"/proc/{orphan}/exe").exists() for orphan in orphans))
        self.running = start(self._instance, port=self.running.port, **self._settings).__enter__()


@pytest.fixture
def supervised(url: str, tmp_path: Path) -> Iterator[Supervised]:
    """The service on that database."""
    service = Supervised(tmp_path, database_url=url)
    yield service
    service.running.stop()


def test_whoever_is_killed_every_acknowledged_quote_is_there_once(
    supervised: Supervised, url: str, request: pytest.FixtureRequest
) -> None:
    """Workers, the master and PostgreSQL die by kill -9 while 8 clients go on until each has all its quotes."""
    key = supervised.running.key()
    kind = url.partition(":")[0]
    with Clients(lambda: supervised.running, key, QUOTES // CLIENTS, CLIENTS) as clients:
        for share in (0.1, 0.25):
            clients.reach(share)
            supervised.kill_worker()
        clients.reach(0.4)
        supervised.kill_master()
        for share in (0.6, 0.75) if kind == "postgresql" else ():
            clients.reach(share)
            cluster: PostgreSQL = request.getfixturevalue("postgresql")
            cluster.stop(signal.SIGKILL)
            cluster.start()
        clients.reach(0.9)
        supervised.kill_worker()
    assert len(clients.acknowledged) == clients.wanted
    assert set(clients.refusals) <= {"503", "ConnectionRefusedError", "ConnectionResetError", "RemoteDisconnected",
                                     "IncompleteRead", "BrokenPipeError"}, clients.refusals  # fmt: skip
    each_once(url, clients.acknowledged, clients.wanted)
    proven(supervised.running)


def test_a_stop_under_load_loses_no_acknowledged_quote(supervised: Supervised, url: str) -> None:
    """SIGTERM: whoever was let in gets his answer, exit status 0, and each answer given is kept."""
    key = supervised.running.key()
    with Clients(lambda: supervised.running, key, 1_000) as clients:
        clients.reach(0.03)
        assert supervised.running.stop() == 0
        clients.give_up()
    assert set(clients.refusals) <= {"ConnectionRefusedError", "RemoteDisconnected", "ConnectionResetError"}
    each_once(url, clients.acknowledged)
    proven(supervised.running)


def each_once(url: str, acknowledged: dict[str, dict[str, Any]], wanted: int | None = None) -> None:
    """The quotes in the database are those that were acknowledged; numbered without gap or double, none half."""
    engine = create_engine(Database(url).engine.url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, id, digest, total FROM quotes ORDER BY position")).all()
        halves = [connection.execute(text(query)).scalar_one() for query in HALVES]
        keys = dict(connection.execute(text("SELECT key, location FROM idempotency_keys")).all())
    engine.dispose()
    year = rows[0].number[:7]
    assert [row.number for row in rows] == [f"{year}{number:06d}" for number in range(1, len(rows) + 1)]
    assert halves == [0] * len(HALVES)
    stored = {row.number: tuple(row) for row in rows}
    for name, quote in acknowledged.items():
        said = (quote["number"], quote["id"], quote["digest"], quote["totals"]["total"])
        assert stored[quote["number"]] == said
        assert keys[name] == f"/v1/quotes/{quote['id']}"
    assert len({quote["number"] for quote in acknowledged.values()}) == len(acknowledged)
    assert len(keys) == len(rows)  # no request made two
    if wanted is not None:
        assert len(rows) == wanted

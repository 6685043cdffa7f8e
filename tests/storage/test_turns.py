"""Whose turn it is to write to SQLite: waited for in order, never for longer than patience lasts."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.databases import new_database

from fee_service.storage import migrating, turns
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.turns import Turn


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second instead of five."""
    monkeypatch.setattr(turns, "PATIENCE", 0.5)
    monkeypatch.setattr(turns, "PATIENCE_AFTER_ALL", 0.1)


@pytest.fixture
def somebody(tmp_path: Path) -> Iterator[int]:
    """Has the turn, and does not give it back."""
    held = os.open(tmp_path / "q.db.turn", os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    yield held
    os.close(held)


def waited(turn: Turn) -> float:
    """How long somebody waited in vain."""
    began = time.monotonic()
    with pytest.raises(StorageError) as error, turn.taken():
        pass
    assert (error.value.code, error.value.retry_after) == ("storage_busy", 1)
    return time.monotonic() - began


def test_a_turn_that_does_not_come_is_told(somebody: int, tmp_path: Path) -> None:
    """After the time that patience lasts; whoever comes next learns it sooner."""
    turn = Turn(str(tmp_path / "q.db"))
    assert 0.4 < waited(turn) < 2
    assert waited(turn) < 0.4


def test_a_turn_that_comes_after_all_is_had_or_given_back(somebody: int, tmp_path: Path) -> None:
    """Nobody keeps the turn for one who has gone; the next one of this process and of others gets it."""
    turn, other = Turn(str(tmp_path / "q.db")), Turn(str(tmp_path / "q.db"))
    waited(turn)
    fcntl.flock(somebody, fcntl.LOCK_UN)
    with other.taken():
        assert waited(turn) > 0.05
    with turn.taken():
        pass
    with other.taken():
        pass


def test_a_turn_that_comes_in_time_is_had(somebody: int, tmp_path: Path) -> None:
    """By one who waits already, and by one who takes the place of another who has gone."""
    turn = Turn(str(tmp_path / "q.db"))
    threading.Timer(0.2, fcntl.flock, (somebody, fcntl.LOCK_UN)).start()
    with turn.taken():
        pass
    fcntl.flock(somebody, fcntl.LOCK_EX)
    waited(turn)
    threading.Timer(0.05, fcntl.flock, (somebody, fcntl.LOCK_UN)).start()
    with turn.taken():
        pass


def test_who_waits_is_not_passed_by_those_who_come_later(tmp_path: Path) -> None:
    """One that takes the turn again and again lets another in."""
    busy, waiting, stop = Turn(str(tmp_path / "q.db")), Turn(str(tmp_path / "q.db")), threading.Event()

    def again_and_again() -> None:
        while not stop.is_set():
            with busy.taken():
                time.sleep(0.002)

    thread = threading.Thread(target=again_and_again)
    thread.start()
    try:
        for _ in range(50):
            with waiting.taken():
                pass
    finally:
        stop.set()
        thread.join()


def test_who_migrates_is_waited_for_no_longer_than_a_caller_has_patience(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a service; the command waits as long as it takes (tests/faults/test_migrating_at_once.py)."""
    monkeypatch.setattr("fee_service.storage.database.BUSY_SECONDS", 0.2)
    database, other = Database(database_url), Database(database_url)
    if database.is_sqlite:
        Path(f"{database.engine.url.database}.migrating").touch()
    with migrating._alone(other.engine, None):
        for _ in range(2):
            with pytest.raises(StorageError) as error, database.reading():
                pass
            assert error.value.code == "storage_busy"
    with database.reading():
        pass


def test_all_files_of_a_database_are_its_owners(tmp_path: Path) -> None:
    """Whatever the umask: the database, what SQLite puts beside it, the locks."""
    before = os.umask(0)
    try:
        database = Database(new_database("sqlite", tmp_path))
        database.write(lambda connection: None)
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT * FROM quotes")
            modes = {path.name.rpartition(".")[2]: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("db", "db-wal", "db-shm", "turn", "migrating"), 0o600)

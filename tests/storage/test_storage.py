"""The tables: brought up to date once, whoever comes first; numbers without gaps, whoever writes at once."""

import multiprocessing
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from support.asking import call, issue, loaded
from support.databases import new_database

from fee_service.edition_files import read_editions
from fee_service.quotes import issuing
from fee_service.quotes.desk import Desk
from fee_service.settings import Settings
from fee_service.storage import audit, migrating, sealing
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.tables import metadata, numbers, quotes

PROCESSES = multiprocessing.get_context("spawn")


def test_an_empty_database_gets_the_newest_tables(database: Database) -> None:
    """And a second time there is nothing to do."""
    assert database.revision() is None
    assert database.upgrade() == (None, migrating.newest())
    assert database.upgrade() == (migrating.newest(), migrating.newest())
    assert database.revision() == migrating.newest()


def test_the_migrations_make_the_tables_that_the_queries_know(database: Database) -> None:
    """Column by column, index by index."""
    database.upgrade()
    with database.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert found == []


def test_tables_come_by_themselves_before_their_first_use(desk: Desk) -> None:
    """A service started on an empty database just works."""
    assert issue(desk)["number"] == "Q-2026-000001"


def _migrate(url: str, start: Any, results: Any) -> None:
    database = Database(url)
    start.wait()
    results.put(database.upgrade())


def test_of_two_processes_that_migrate_at_once_one_does_it(database_url: str) -> None:
    """The other waits, then finds nothing to do."""
    start, results = PROCESSES.Barrier(4), PROCESSES.Queue()
    processes = [PROCESSES.Process(target=_migrate, args=(database_url, start, results)) for _ in range(4)]
    for process in processes:
        process.start()
    found = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    newest = migrating.newest()
    assert Counter(found) == {(None, newest): 1, (newest, newest): 3}


def test_a_migration_that_fails_leaves_nothing_behind(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next attempt begins where this one began."""

    def failing(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("alembic.operations.Operations.bulk_insert", failing)
        with pytest.raises(RuntimeError):
            database.upgrade()
    assert database.revision() is None
    assert database.upgrade() == (None, migrating.newest())


# -- writing at once -----------------------------------------------------------------------------------

EACH = 12


def _issue_many(url: str, start: Any) -> None:
    """What one process does: issue quotes from several threads."""
    at = Desk(Database(url), read_editions(Settings().pricing_tables))
    start.wait()
    threads = [threading.Thread(target=lambda: [issue(at) for _ in range(EACH)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_numbers_have_no_gap_and_no_double_when_many_write_at_once(database_url: str) -> None:
    """Three processes of four threads; requests that fail in between take no number."""
    database = Database(database_url)
    database.upgrade()
    start = PROCESSES.Barrier(3)
    processes = [PROCESSES.Process(target=_issue_many, args=(database_url, start)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with database.reading() as connection:
        found = connection.execute(select(quotes.c.number).order_by(quotes.c.position)).scalars().all()
        assert found == [f"Q-2026-{number:06d}" for number in range(1, 3 * 4 * EACH + 1)]
        assert connection.execute(select(numbers.c.last)).scalar_one() == len(found)
        assert audit.verify(connection) == []
        assert sealing.verify_quotes(connection) == []
    database.close()


def test_a_job_that_fails_does_not_harm_those_that_share_its_commit(database: Database) -> None:
    """Each of the others is done once; the failing ones are told."""
    database.upgrade()
    done, errors = [], []

    def write(index: int) -> None:
        def job(connection: Any) -> int:
            if index % 5 == 0:
                raise ValueError(index)
            audit.append(connection, call().told("test", str(index), {}))
            return index

        try:
            done.append(database.write(job))
        except ValueError as error:
            errors.append(error.args[0])

    threads = [threading.Thread(target=write, args=(index,)) for index in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(errors) == list(range(0, 40, 5))
    assert sorted(done) == [index for index in range(40) if index % 5]
    with database.reading() as connection:
        assert sorted(int(entry.subject) for entry in audit.entries(connection)) == sorted(done)
        assert audit.verify(connection) == []


def _shared(database: Database, work: Any, items: list[Any]) -> dict[Any, Any]:
    """What became of items that were handed in at once; an exception stands for itself."""
    found: dict[Any, Any] = {}
    start = threading.Barrier(len(items))

    def hand_in(item: Any) -> None:
        start.wait()
        try:
            found[item] = database.write_together(work, item)
        except Exception as error:
            found[item] = error

    threads = [threading.Thread(target=hand_in, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_items_of_the_same_work_are_done_together_and_each_gets_its_own_outcome(database: Database) -> None:
    """While the first is written the others gather; a refused one neither undoes nor delays them."""
    database.upgrade()
    sizes = []

    def work(connection: Any, items: list[int]) -> list[Any]:
        sizes.append(len(items))
        time.sleep(0.05)
        accepted = [item for item in items if item % 3]
        audit.append(connection, *(call().told("test", str(item), {}) for item in accepted))
        return [item * 10 if item % 3 else KeyError(item) for item in items]

    found = _shared(database, work, list(range(12)))
    assert {item: outcome for item, outcome in found.items() if item % 3} == {i: i * 10 for i in range(12) if i % 3}
    assert [found[item].args for item in (0, 3, 6, 9)] == [(0,), (3,), (6,), (9,)]
    assert sum(sizes) == 12
    assert len(sizes) < 6
    with database.reading() as connection:
        assert sorted(int(entry.subject) for entry in audit.entries(connection)) == [1, 2, 4, 5, 7, 8, 10, 11]
        assert audit.verify(connection) == []


def test_where_the_transaction_cannot_begin_everyone_is_told_and_nobody_waits_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that goes wrong; and the next transaction is begun by whoever comes next."""
    database.upgrade()
    with monkeypatch.context() as patch:
        patch.setattr(audit, "_LOCK_HEAD", text("SELECT nothing FROM nowhere"))
        found = _shared(database, lambda connection, items: items, [1, 2, 3])
    assert [type(found[item]) for item in (1, 2, 3)] == [
        OperationalError if database.is_sqlite else ProgrammingError
    ] * 3
    assert _shared(database, lambda connection, items: items, [1, 2, 3]) == {1: 1, 2: 2, 3: 3}


def test_what_was_committed_alone_is_answered_although_the_database_fails_behind_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three raises, so each gets a transaction of its own; the last of these fails."""
    database.upgrade()
    begun, original = [], database._commits._transaction

    def transaction(work: Any) -> None:
        begun.append(work)
        if len(begun) == 1:
            time.sleep(0.3)  # until all three wait
        if len(begun) == 4:
            raise StorageError("storage_busy")
        original(work)

    def work(connection: Any, items: list[int]) -> list[int]:
        if 2 in items:
            raise ValueError(2)
        audit.append(connection, *(call().told("test", str(item), {}) for item in items))
        return items

    monkeypatch.setattr(database._commits, "_transaction", transaction)
    found = _shared(database, work, [0, 1, 2])
    assert len(begun) == 4
    with database.reading() as connection:
        stored = {int(entry.subject) for entry in audit.entries(connection)}
    assert {item for item, outcome in found.items() if outcome == item} == stored
    assert all(isinstance(found[item], StorageError | ValueError) for item in {0, 1, 2} - stored)
    assert len(stored) in (1, 2)  # whoever stood before the one that failed


def test_two_revisions_at_once_are_one(desk: Desk) -> None:
    """The other is told that it came too late."""
    number = issue(desk)["number"]
    found: list[Any] = []

    def revise() -> None:
        try:
            found.append(issuing.revise(desk, number, loaded(months=12), call()).status)
        except Exception as error:
            found.append(error.faults[0].code)  # type: ignore[attr-defined]

    threads = [threading.Thread(target=revise) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(map(str, found)) == {"201": 1, "quote_revised": 5}


# -- what may be wrong with the database ---------------------------------------------------------------


def test_a_locked_sqlite_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told after waiting, and over as soon as the lock is."""
    monkeypatch.setattr("fee_service.storage.database.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("fee_service.storage.database.SQLITE_PRAGMAS", ("journal_mode = WAL", "busy_timeout = 100"))
    database = Database(new_database("sqlite", tmp_path))
    database.upgrade()
    other = database.engine.raw_connection()
    other.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
    with pytest.raises(StorageError) as error:
        database.write(lambda connection: None)
    assert (error.value.code, error.value.retry_after) == ("storage_busy", 1)
    other.rollback()
    database.write(lambda connection: None)


def test_a_read_only_database_says_so(database: Database) -> None:
    """It still reads."""
    database.upgrade()

    def job(connection: Any) -> None:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        else:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.execute(text("INSERT INTO numbers (year, last) VALUES (1, 1)"))

    with pytest.raises(StorageError) as error:
        database.write(job)
    assert error.value.code == "storage_read_only"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/nowhere/quotes.db",
        "postgresql://127.0.0.1:1/quotes",
        "postgresql://nobody@/quotes?host=/nowhere",
    ],
)
def test_a_database_that_is_not_there_is_unavailable(url: str) -> None:
    """For readers and writers."""
    database = Database(url)
    for attempt in (lambda: database.write(lambda connection: None), lambda: database.reading().__enter__()):
        with pytest.raises(StorageError) as error:
            attempt()
        assert error.value.code == "storage_unavailable"


def test_sqlite_is_as_durable_as_it_can_be(tmp_path: Path) -> None:
    """Write-ahead log, synchronised at each commit, foreign keys checked."""
    database = Database(new_database("sqlite", tmp_path))
    with database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}

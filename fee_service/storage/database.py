"""The database: one engine a process, short transactions, one writer at a time."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from fee_service.operations.watching import Watch
from fee_service.storage import addresses, audit, migrating
from fee_service.storage.committing import Item, SharedCommits, T, Work, one_by_one
from fee_service.storage.faults import StorageError, told
from fee_service.storage.impatience import STATEMENT_SECONDS, Impatient
from fee_service.storage.private_files import made_for_its_owner
from fee_service.storage.turns import Turn

BUSY_SECONDS = 5  # how long a statement waits for a lock
POOL = {"pool_size": 8, "max_overflow": 24, "pool_timeout": BUSY_SECONDS, "pool_use_lifo": True}
SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "cache_size = -32000",  # KiB
    "temp_store = MEMORY",
)
POSTGRESQL_OPTIONS = (
    f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={STATEMENT_SECONDS}s"
    " -c idle_in_transaction_session_timeout=30s"
    " -c timezone=UTC -c plan_cache_mode=force_custom_plan"  # a plan for the values that are looked for
    " -c max_parallel_workers_per_gather=0"  # no question here is worth starting other processes
    " -c random_page_cost=1.1"  # what is asked for is in memory, or on a disk without moving parts
    " -c jit=off -c enable_seqscan=off"  # every question has its index, also where too few rows are expected
)


class Database:
    """Where quotes are kept; safe to share between threads, and after a fork."""

    watch: Watch  # whether it works, as this process sees it

    def __init__(self, url: str) -> None:
        self.engine = _engine(addresses.address(url))
        self._readers = self.engine.execution_options(
            **({"reads": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )
        self._start_afresh()
        _after_fork(self)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries, each of which sees what is committed. Raises StorageError."""
        with told(self.watch):
            self._require_tables()
            with self._readers.connect() as connection:
                yield connection
        self.watch.good()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection whose queries all see the database as it is at one moment. Raises StorageError."""
        with told(self.watch):
            self._require_tables()
            frozen = {"snapshot": True} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
            with self.engine.execution_options(**frozen).connect() as connection, connection.begin():
                yield connection

    def write(self, job: Callable[[Connection], T]) -> T:
        """What a job answers once its writes are durable. Raises what the job raises, and StorageError.

        The job may share its transaction with others and may be run twice: it reads and writes through its
        connection only, and quickly, because nobody else writes meanwhile.
        """
        return self.write_together(one_by_one, job)

    def write_together(self, work: Work[Item, T], item: Item) -> T:
        """What becomes of an item of some work, which does all items at once that wait for it, as `write` does jobs."""
        with told(self.watch, writing=True):
            self._require_tables()
        return self._commits.run(work, item)

    def upgrade(self, patience: float | None = None) -> tuple[str | None, str]:
        """Bring the tables to the newest revision; answers those before and after. Raises StorageError.

        Where another process is at it, it is waited for; no longer than `patience` seconds, where given.
        """
        with told(self.watch):
            if self.is_sqlite:
                _make_file(self.engine.url.database)
            revisions = migrating.upgrade(self.engine, patience)
        self._has_tables = True
        return revisions

    def downgrade(self, revision: str) -> tuple[str | None, str]:
        """Take the tables back to an earlier revision; answers those before and after.

        Raises migrating.NoWayBack and StorageError.
        """
        with told(self.watch):
            return migrating.downgrade(self.engine, revision)

    def revision(self) -> str | None:
        """The revision of the tables; None where there are none. Raises StorageError."""
        with told(self.watch), self._readers.connect() as connection:
            return migrating.current(connection)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _require_tables(self) -> None:
        """Bring the tables up to date before their first use in this process."""
        if self._has_tables:
            return
        if not self._upgrading.acquire(timeout=BUSY_SECONDS):
            raise StorageError("storage_busy", 1)
        try:
            if not self._has_tables:
                self.upgrade(BUSY_SECONDS)
        finally:
            self._upgrading.release()

    def _transaction(self, work: Callable[[Connection], None]) -> None:
        """A transaction of the only writer: SQLite locks at BEGIN IMMEDIATE, PostgreSQL at the chain's end.

        Nothing is computed in this process while the statements run, or each would wait for the interpreter.
        """
        try:
            with (
                told(self.watch, writing=True),
                self._turn.taken(),
                self.engine.connect() as connection,
                connection.begin(),
                audit.held(connection),
                self.computing,
            ):
                work(connection)
        except StorageError as error:
            if error.code == "storage_read_only":
                self.engine.dispose()  # SQLite learns only when it opens the file that it may be written again
            raise
        self.watch.good(writing=True)

    def _start_afresh(self) -> None:
        self._has_tables = False
        self.watch = Watch("storage")
        self._upgrading = threading.Lock()
        self.computing = threading.Lock()  # held by whoever computes; there is one interpreter anyway
        self._turn = Turn(self.engine.url.database if self.is_sqlite else None)
        self._commits = SharedCommits(self._transaction)

    def _forked(self) -> None:
        """A child must not speak over its parent's connections, nor wait for its threads."""
        self.engine.dispose(close=False)
        self._start_afresh()


def _make_file(path: str | None) -> None:
    """A new database is its owner's from the first moment on."""
    if not path or Path(path).exists():
        return
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        made_for_its_owner(path)
    except OSError as error:
        raise StorageError("storage_unavailable") from error


def _after_fork(database: Database) -> None:
    known = weakref.ref(database)

    def in_child() -> None:
        found = known()
        if found is not None:
            found._forked()

    os.register_at_fork(after_in_child=in_child)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **POOL)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    arguments: dict[str, Any] = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 10}
    if "options" not in url.query:
        arguments["options"] = POSTGRESQL_OPTIONS
    engine = create_engine(url, connect_args=arguments, **POOL)
    event.listen(engine, "do_connect", lambda _, __, given, named: Impatient.connect(*given, **named))
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # no BEGIN of the driver's own
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers lock at once; what only reads needs no transaction, unless it reads twice."""
    options = connection.get_execution_options()
    if not options.get("reads"):
        connection.exec_driver_sql("BEGIN" if options.get("snapshot") else "BEGIN IMMEDIATE")

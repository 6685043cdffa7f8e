"""A database as it is after some years: 100,000 rows in every table that grows, made by the database itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from fee_service.storage.database import Database
from fee_service.storage.quotes import first_position_of

ROWS = 100_000
NAMES, NUMBERS, KEYS = 20_000, 20_000, 500
FIRST_DAY, A_DAY = date(2026, 1, 1), 300  # quotes of a day
SERIES = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS - 1})"
OFFICE = f"substr(CAST(1100 + (i * 7919 % {NUMBERS}) / 100 AS TEXT), 2)"
BUSINESS_NUMBER = f"{OFFICE} || '-81-' || substr(CAST(100000 + i * 7919 % {NUMBERS} AS TEXT), 2)"


def fill(database: Database) -> None:
    """Multiply the only quote there is, and whatever stands beside it."""
    with database.engine.connect() as connection, connection.begin(), without_triggers(connection):
        sqlite = database.is_sqlite
        if not sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # a busy machine may take longer than a caller
            driver: Any = connection.connection.driver_connection
            patience, driver.silence = driver.silence, None
        day = f"date('{FIRST_DAY}', '+' || (i / {A_DAY}) || ' days')" if sqlite else f"DATE '{FIRST_DAY}' + i / {A_DAY}"
        starts = (
            f"date('{FIRST_DAY}', '+' || (i * 7907 % 700) || ' days')"
            if sqlite
            else f"DATE '{FIRST_DAY}' + i * 7907 % 700"
        )
        _names(connection)
        _quotes(connection, day, starts)
        _rest(connection, starts)
        if not sqlite:
            connection.execute(text("ANALYZE"))  # as autovacuum does; SQLite of this service has no statistics
            driver.silence = patience


@contextlib.contextmanager
def without_triggers(connection: Connection) -> Iterator[None]:
    """Nothing counts or refuses meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a hundred thousand rows take as long as they take
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))
        return
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def _names(connection: Connection) -> None:
    shorter = SERIES.replace(str(ROWS - 1), str(NAMES - 1))
    name = "'startup ' || CAST(10000 + i AS TEXT)"
    searched = f"replace({name}, ' ', '')"
    values = f"SELECT 1000 + i, {name}, {searched} FROM n"
    _run(connection, f"{shorter} INSERT INTO company_names (id, folded, searched) {values}")
    for start in range(1, len("startup10000") + 1):
        _run(
            connection,
            f"{shorter} INSERT INTO company_name_terms (term, company_name_id)"
            f" SELECT DISTINCT substr({searched}, {start}, 20), 1000 + i FROM n",
        )
    for start in range(1, 9):
        _run(
            connection,
            f"{SERIES} INSERT INTO business_number_terms (term, business_number)"
            f" SELECT DISTINCT substr(replace({BUSINESS_NUMBER}, '-', ''), {start}), {BUSINESS_NUMBER} FROM n",
        )


def _quotes(connection: Connection, day: str, starts: str) -> None:
    positions = f"({FIRST_DAY.toordinal()} + i / {A_DAY}) * CAST(10000000 AS BIGINT) + i + 1"
    given = {
        "position": positions,
        "id": "'018f0000-0000-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2)",
        "number": "'Q-2026-' || substr(CAST(1000001 + i AS TEXT), 2)",
        "issued_on": day,
        "valid_until": day,
        "owner": f"'owner' || CAST(i % {KEYS} AS TEXT)",
        "company_name": "'Startup'",
        "company_name_id": f"1000 + i * 6733 % {NAMES}",
        "business_number": BUSINESS_NUMBER,
        "policy": "CASE WHEN i * 7901 % 3 = 0 THEN 'startup-12-months' ELSE policy END",
        "starts_on": starts,
        "revises": "NULL",
        "digest": "'sha256:' || substr(CAST(1000000000000 + i AS TEXT), 2)",
        "facts": "substr(facts, 1, 1)",
        "said": "substr(said, 1, 1)",
    }
    names = [str(row[0]) for row in connection.execute(text("SELECT * FROM quotes")).cursor.description]  # type: ignore[union-attr]
    values = ", ".join(given.get(name, name) for name in names)
    _run(connection, f"{SERIES} INSERT INTO quotes ({', '.join(names)}) SELECT {values} FROM n, quotes")
    first = first_position_of(FIRST_DAY)
    status = "CASE WHEN position % 10 = 1 THEN 'accepted' WHEN position % 10 = 2 THEN 'withdrawn' ELSE 'issued' END"
    _run(
        connection,
        "INSERT INTO quote_states (position, status, changed_at)"
        f" SELECT position, {status}, issued_at FROM quotes WHERE position > {first}",
    )
    _run(connection, f"INSERT INTO numbers (year, last) VALUES ({FIRST_DAY.year}, {ROWS})")


def _rest(connection: Connection, starts: str) -> None:
    quote = "(SELECT position, number, issued_at, issued_on FROM quotes WHERE number LIKE 'Q-2026-%') AS q"
    at, last = "(SELECT max(issued_at) FROM quotes)", "(SELECT position FROM quotes WHERE number LIKE 'Q-2025-%')"
    _run(
        connection,
        "INSERT INTO waiver_ledger (position, business_number, policy, granted_months, starts_on, ends_on, entered_at)"
        " SELECT position, business_number, 'startup-support-2018-07', 36, starts_on, starts_on, issued_at"
        f" FROM quotes WHERE position <> {last}",
    )
    own = f"FROM quotes WHERE position <> {last}"

    def after(days: str) -> str:
        """So many days after the start of a contract."""
        if connection.dialect.name == "postgresql":
            return f"starts_on + CAST({days} AS integer)"
        return f"date(starts_on, '+' || ({days}) || ' days')"

    _run(
        connection,
        "INSERT INTO contracts (position, business_number, starts_on, quoted_until, waiver_starts_on, waiver_ends_on,"
        f" request) SELECT position, business_number, starts_on, {after('1800')}, starts_on, {after('1095')}, '{{}}'"
        f" {own}",
    )
    product = "CASE WHEN position % 1000 = 7 THEN 'securities_b' ELSE 'securities_a' END"
    _run(connection, f"INSERT INTO contract_products (product, position) SELECT {product}, position {own}")
    _run(
        connection,
        f"INSERT INTO contract_states (position, waiver_ends_on, ends_on) SELECT position, {after('position % 1095')},"
        f" CASE WHEN position % 3 = 0 THEN {after('position % 1095 + 100')} END {own}",
    )
    _run(
        connection,
        'INSERT INTO contract_events (position, sequence, id, kind, "on", entered_at, entered_by)'
        f" SELECT position, 1, 'event-' || CAST(position AS TEXT), 'ended', starts_on, issued_at, owner {own}",
    )
    later = "'2030-01-01 00:00:00+00'" if connection.dialect.name == "postgresql" else "'2030-01-01 00:00:00.000000'"
    _run(
        connection,
        f"{SERIES} INSERT INTO idempotency_keys (owner, key, request, status, head, expires_at)"
        f" SELECT 'owner' || CAST(i % {KEYS} AS TEXT), 'key-' || CAST(i AS TEXT), 'ff', 201, facts, {later}"
        f" FROM n, quotes WHERE position = {last}",
    )
    _run(
        connection,
        f"INSERT INTO quote_shares (id, position, created_by, created_at)"
        f" SELECT 'share-' || number, position, 'owner1', issued_at FROM {quote}",
    )
    _run(
        connection,
        "INSERT INTO usage_reports"
        " (id, batch, position, owner, month, reported_on, reported_by, usage, created_at)"
        " SELECT 'report-' || number, 'report-' || number, position, owner, '2026-12-01', '2027-01-20', 'owner1', '{}',"
        f" issued_at FROM quotes WHERE position <> {last}",
    )
    _run(
        connection,
        f"{SERIES} INSERT INTO sessions (hash, key_id, began_at, expires_at)"
        f" SELECT 'hash-' || CAST(i AS TEXT), 'owner' || CAST(i % {KEYS} AS TEXT), {at}, {later} FROM n",
    )
    states = "CASE WHEN i % 100 = 1 THEN 'cancelled' WHEN i % 100 = 2 THEN 'failed' ELSE 'done' END"
    _run(
        connection,
        f"{SERIES} INSERT INTO jobs (id, kind, owner, role, origin, params, state, attempt, tries, chunks_done,"
        f" result_bytes, created_at, finished_at) SELECT 'job-' || CAST(i AS TEXT), 'counting', 'owner1', 'finance',"
        f" '-', '{{}}', {states}, 1, 0, 1, 1, {later}, {later} FROM n",
    )
    _run(
        connection,
        f"{SERIES} INSERT INTO job_chunks (job, chunk, content)"
        f" SELECT 'job-' || CAST(i AS TEXT), 0, substr(facts, 1, 1) FROM n, quotes WHERE position = {last}",
    )
    _run(
        connection,
        f"{SERIES} INSERT INTO audit_log (sequence, at, actor, role, action, subject, details, origin, previous, hash)"
        f" SELECT 1000 + i, {at}, 'owner1', 'sales', 'quote.issued',"
        " '018f0000-0000-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2), '{}', '-', 'x', 'x' FROM n",
    )
    _findings(connection, later)
    _run(connection, f"UPDATE audit_head SET sequence = {1000 + ROWS - 1}, hash = 'x'")


def _findings(connection: Connection, later: str) -> None:
    """One of each contract, of many months and causes, as runs and people left them."""
    lives = "CASE i % 10 WHEN 0 THEN 'new' WHEN 1 THEN 'came_back' WHEN 2 THEN 'still_open' ELSE 'solved' END"
    states = "CASE i % 7 WHEN 0 THEN 'disputed' WHEN 1 THEN 'accepted' WHEN 2 THEN 'closed' ELSE 'open' END"
    month = "'202' || CAST(i % 7 AS TEXT) || '-0' || CAST(1 + i % 9 AS TEXT) || '-01'"
    months = f"CAST({month} AS date)" if connection.dialect.name == "postgresql" else month
    stands = f"{lives}, {states}, 'cause-' || CAST(i % 500 AS TEXT), 1, 0, 'run-' || CAST(i / 1000 AS TEXT)"
    _run(
        connection,
        f"{SERIES} INSERT INTO findings (sequence, id, contract, month, life, state, cause, difference,"
        " vat_difference, seen) SELECT i + 1, 'F-' || CAST(i AS TEXT),"
        f" 'Q-2026-' || substr(CAST(1000001 + i AS TEXT), 2), {months}, {stands} FROM n",
    )
    _run(
        connection,
        f"{SERIES} INSERT INTO finding_events (sequence, finding, batch, life, state, cause, difference,"
        " vat_difference, seen, status, entered_at, entered_by) SELECT i + 1, 'F-' || CAST(i AS TEXT),"
        f" 'run-' || CAST(i / 1000 AS TEXT), {stands}, 'overbilled', {later}, 'owner1' FROM n",
    )
    if connection.dialect.name == "postgresql":
        for table in ("findings", "finding_events"):
            _run(connection, f"SELECT setval(pg_get_serial_sequence('{table}', 'sequence'), {ROWS})")


def _run(connection: Connection, statement: str) -> None:
    postgresql = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(statement.replace("%", "%%") if postgresql else statement)

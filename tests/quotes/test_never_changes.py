"""What was issued never changes: the database itself refuses, whoever asks; and what got past it is found."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from support.asking import SALES, call, issue, loaded, said
from support.tampering import unprotected

from fee_service.quotes import closing, issuing
from fee_service.quotes.desk import Desk
from fee_service.quotes.proving import prove_all, replay
from fee_service.storage import audit, sealing
from fee_service.storage.database import Database
from fee_service.storage.tables import numbers, quotes

FORBIDDEN = [
    "UPDATE quotes SET net = 1",
    "UPDATE quotes SET valid_until = '2099-01-01'",
    "UPDATE quotes SET number = 'Q-2026-000009'",
    "DELETE FROM quotes",
    "DELETE FROM quote_states",
    "UPDATE quote_states SET status = 'issued'",
    "UPDATE quote_states SET position = position + 1, status = 'withdrawn'",
    "UPDATE numbers SET last = last + 2",
    "UPDATE numbers SET last = last - 1",
    "DELETE FROM numbers",
    "UPDATE waiver_ledger SET ends_on = '2026-12-10'",
    "DELETE FROM waiver_ledger",
    "UPDATE audit_log SET actor = 'somebody'",
    "DELETE FROM audit_log",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET hash = 'x'",
    "INSERT INTO quote_states (position, status, changed_at) SELECT 1, 'accepted', changed_at FROM quote_states",
    "INSERT INTO audit_log SELECT sequence + 9, at, actor, role, '', '', '', '', previous, hash FROM audit_log",
]
ONLY_SQLITE = [
    "INSERT OR REPLACE INTO quotes SELECT * FROM quotes",
    "REPLACE INTO waiver_ledger SELECT * FROM waiver_ledger",
    "REPLACE INTO quote_states SELECT * FROM quote_states",
    "REPLACE INTO audit_log SELECT * FROM audit_log",
    "REPLACE INTO numbers SELECT year, 0 FROM numbers",
    "REPLACE INTO audit_head VALUES (1, 0, 'x')",
    "UPDATE OR REPLACE quotes SET net = 2",
]
ONLY_POSTGRESQL = [f"TRUNCATE {table} CASCADE" for table in ("quotes", "audit_log", "numbers", "waiver_ledger")]


def run(database: Database, statement: str) -> None:
    """Run a statement as somebody with a database client would."""
    with database.engine.connect() as connection, connection.begin():
        connection.execute(text(statement))


@pytest.fixture
def accepted(desk: Desk) -> dict[str, Any]:
    """One issued and one accepted quote; the second is answered."""
    issue(desk)
    return said(closing.accept(desk, issue(desk)["number"], call()))


def _everything(database: Database) -> list[Any]:
    tables = ("quotes", "quote_states", "numbers", "waiver_ledger", "audit_log", "audit_head")
    with database.reading() as connection:
        return [connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all() for table in tables]


def test_the_database_refuses_every_change(desk: Desk, accepted: dict[str, Any]) -> None:
    """Raw SQL, no Python of ours in between."""
    before = _everything(desk.database)
    statements = FORBIDDEN + (ONLY_SQLITE if desk.database.is_sqlite else ONLY_POSTGRESQL)
    for statement in statements:
        with pytest.raises(DBAPIError):
            run(desk.database, statement)
        assert _everything(desk.database) == before, statement


def _copy_of_the_last_quote(number: int) -> str:
    """The statement that inserts it again under another number."""
    other = {"id": "'another'", "revises": "NULL", "number": f"'Q-2026-{number:06d}'",
             "position": f"position / 10000000 * 10000000 + {number}"}  # fmt: skip
    columns = [str(column.name) for column in quotes.columns]
    values = ", ".join(other.get(name, name) for name in columns)
    return (
        f"INSERT INTO quotes ({', '.join(columns)}) SELECT {values} FROM quotes"
        " WHERE position = (SELECT max(position) FROM quotes)"
    )


@pytest.mark.parametrize("number", [1, 2, 4])
def test_the_database_takes_no_quote_but_with_the_next_number(
    desk: Desk, accepted: dict[str, Any], number: int
) -> None:
    """Neither one that was given, nor one that leaves a gap; the next one is counted."""
    with pytest.raises(DBAPIError):
        run(desk.database, _copy_of_the_last_quote(number))
    run(desk.database, _copy_of_the_last_quote(3))
    with desk.database.reading() as connection:
        assert connection.execute(select(numbers.c.last)).scalar_one() == 3


def test_all_is_well_where_nobody_interfered(desk: Desk, accepted: dict[str, Any]) -> None:
    """No alarm of any kind."""
    assert [proof.alarms for proof in prove_all(desk)] == [(), ()]
    with desk.database.reading() as connection:
        assert audit.verify(connection) == []
        assert sealing.verify_quotes(connection) == []


@pytest.mark.parametrize(
    ("change", "alarm"),
    [
        ("net = net + 1", "replay_stored_contradicts"),
        ("total = 1", "replay_stored_contradicts"),
        ("digest = 'sha256:0'", "replay_recomputed_differs"),
        ("starts_on = '2027-01-01'", "replay_stored_contradicts"),
        ("policy = NULL", "replay_stored_contradicts"),
        ("company_name = 'x'", "replay_stored_contradicts"),
        ("valid_until = '2099-01-01'", "replay_seal_broken"),
        ("owner = 'x'", "replay_seal_broken"),
        ("said = facts", "replay_seal_broken"),
    ],
)
def test_a_quote_edited_by_hand_is_found(desk: Desk, accepted: dict[str, Any], change: str, alarm: str) -> None:
    """By replay, which names what is wrong, and by the check of the audit log."""
    unprotected(desk.database, "quotes", f"UPDATE quotes SET {change} WHERE number = '{accepted['number']}'")
    first, second = prove_all(desk)
    assert first.alarms == ()
    assert alarm in second.alarms
    with desk.database.reading() as connection:
        found = sealing.verify_quotes(connection)
    assert [finding.subject for finding in found] == [accepted["number"]]
    assert replay(desk, accepted["number"], call())["same"] is False


def test_edited_facts_are_named(desk: Desk) -> None:
    """An edited price: replay says which fact comes out differently."""
    number = issue(desk)["number"]
    with desk.database.reading() as connection:
        facts = connection.execute(text("SELECT facts FROM quotes")).scalar_one()
    edited = bytes(facts).replace(b'"unit_price":2000000', b'"unit_price":1000000').hex()
    literal = f"X'{edited}'" if desk.database.is_sqlite else f"'\\x{edited}'"
    unprotected(desk.database, "quotes", f"UPDATE quotes SET facts = {literal}")
    found = replay(desk, number, call())
    assert found["same"] is False
    assert {"pointer": "/lines/0/unit_price", "before": 1_000_000, "after": 2_000_000} in found["changes"]


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("quotes", "DELETE FROM quotes WHERE number = 'Q-2026-000001'"),
        ("quote_states", "UPDATE quote_states SET status = 'issued'"),
        ("waiver_ledger", "DELETE FROM waiver_ledger"),
        ("waiver_ledger", "UPDATE waiver_ledger SET ends_on = starts_on"),
        ("numbers", "UPDATE numbers SET last = last + 5"),
    ],
)
def test_other_edits_are_found_in_the_audit_log(
    desk: Desk, accepted: dict[str, Any], table: str, statement: str
) -> None:
    """A quote that is gone, a state set back, a ledger made shorter, numbers skipped."""
    if table == "quotes" and desk.database.is_sqlite:
        unprotected(desk.database, "quote_states", "DELETE FROM quote_states WHERE position % 10 = 1")
    unprotected(desk.database, table, statement)
    with desk.database.reading() as connection:
        assert sealing.verify_quotes(connection) != []


# -- the chain -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'somebody' WHERE sequence = 2",
        "UPDATE audit_log SET at = '2020-01-01 00:00:00' WHERE sequence = 2",
        "UPDATE audit_log SET origin = 'elsewhere' WHERE sequence = 1",
        "UPDATE audit_log SET details = '{}' WHERE sequence = 4",
        "DELETE FROM audit_log WHERE sequence = 1",
        "DELETE FROM audit_log WHERE sequence = 2",
        "DELETE FROM audit_log WHERE sequence = 4",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET sequence = 5 - sequence + 100",
        "UPDATE audit_log SET sequence = sequence + 10",
    ],
)
def test_any_edit_gap_or_reorder_of_the_audit_log_is_found(desk: Desk, statement: str) -> None:
    """In the middle, at the beginning and at the end."""
    for _ in range(4):
        issue(desk)
    unprotected(desk.database, "audit_log", statement)
    with desk.database.reading() as connection:
        assert audit.verify(connection) != []


def test_who_what_when_and_from_where_is_told(desk: Desk) -> None:
    """In the transaction of what it tells of."""
    number = issue(desk, call(actor=SALES))["number"]
    issuing.revise(desk, number, loaded(months=12), call(actor=SALES))
    with desk.database.reading() as connection:
        told = [(entry.actor, entry.role, entry.action, entry.origin) for entry in audit.entries(connection)]
    actions = ["quote.issued", "quote.issued", "quote.revised"]
    assert told == [("sales-key", "sales", action, "test") for action in actions]


def test_a_job_that_fails_leaves_no_entry_and_no_number(desk: Desk) -> None:
    """All of a transaction or nothing."""

    def failing(connection: Any) -> None:
        audit.append(connection, call().told("test", "-", {}))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.database.write(failing)
    with desk.database.reading() as connection:
        assert list(audit.entries(connection)) == []
        assert audit.verify(connection) == []

"""Whatever the audit log attests is found when somebody edits it by hand: each column of each table, no trigger on."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Date, DateTime, Integer, LargeBinary, Table, select, text, update
from support.asking import NUMBER, call, issue, loaded, said
from support.tampering import unprotected

from fee_service.actors import COMMAND_LINE, Actor, Role
from fee_service.cli import main
from fee_service.finance import auditing, happening, reporting, telling_item_names
from fee_service.keys import keyring
from fee_service.published.editions import CellKey
from fee_service.quotes import closing, issuing, sharing
from fee_service.quotes.desk import Desk
from fee_service.reconciliation import findings
from fee_service.rules.findings import Seen, subject
from fee_service.storage import audit, sealing
from fee_service.storage.database import Database
from fee_service.storage.seals import instant
from fee_service.storage.tables import metadata
from schemas import load
from schemas.contracts import ContractEventSchema
from schemas.item_names import ItemNamesSchema
from schemas.usage import AuditSchema, UsageReportSchema

NOW = datetime(2026, 12, 9, 4, tzinfo=UTC)  # an hour after the calls of these tests

NOT_ATTESTED = {
    "sessions": "last nine hours; without the key that is not in the database no row of it opens anything",
    **dict.fromkeys(
        ("jobs", "job_inputs", "job_chunks"),
        "work and what it gave, swept after some days; what it is made from is attested",
    ),
    "reconciled_invoices": "what was read of files that the house has; the findings that come of it are attested",
    "installation": "signs the places of pages in a list, and nothing else",
}


@pytest.fixture
def eventful(desk: Desk) -> Database:
    """A database in which everything has happened."""
    database = desk.database
    keys = [keyring.create(database, COMMAND_LINE, "tests", Role.ADMIN, name) for name in ("kept", "revoked")]
    keyring.revoke(database, COMMAND_LINE, "tests", keys[1].split("_")[1])
    accepted = issue(desk, call(key="issued"))["number"]
    closing.accept(desk, accepted, call(key="accepted"))
    happened(desk, accepted)
    used(desk, accepted)
    named(desk)
    reconciled(desk, accepted)
    revised = issue(desk, company_name="다른 회사", company_business_number="220-81-62517")["number"]
    said(issuing.revise(desk, revised, loaded(), call(key="revised")))
    closing.withdraw(desk, issue(desk)["number"], call())
    for _ in range(2):
        link = sharing.share(desk, accepted, call(), date(2027, 1, 31))
    sharing.unshare(desk, accepted, link, call())
    assert found(database) == ""
    return database


def happened(desk: Desk, number: str) -> None:
    """A contract's waiver is withdrawn."""
    event = {"kind": "waiver_withdrawn", "on": "2027-02-01", "ground": "misuse"}
    said(happening.enter(desk, number, load(ContractEventSchema, event), call()))


def used(desk: Desk, number: str) -> None:
    """Usage of a contract is reported, corrected and audited."""
    later = call(date(2027, 6, 1), Actor("finance-key", Role.FINANCE))
    use = [{"product": "securities_a", "personal_ids": 100}]
    body = {"contract": number, "month": "2027-01", "reported_on": "2027-02-10", "usage": use}
    first = said(reporting.report(desk, load(UsageReportSchema, body), later))
    reporting.report(desk, load(UsageReportSchema, {**body, "corrects": first["id"]}), later)
    found = [{"month": "2027-01", "usage": use}]
    asked = {"period": {"from": "2027-01", "to": "2027-01"}, "found": found, "cost": 1_000_000}
    for _ in range(2):
        auditing.enter(desk, number, load(AuditSchema, asked), later)


def named(desk: Desk) -> None:
    """A supplier's items are named, and named anew."""
    for text_ in ("클라우드 이용료", "서버 이용료"):
        told = {"supplier": "999-81-00015", "names": [{"text": text_, "ignored": True}]}
        telling_item_names.tell(desk, load(ItemNamesSchema, told), call(actor=Actor("finance-key", Role.FINANCE)))


def reconciled(desk: Desk, number: str) -> None:
    """Two runs find something wrong, the second of them one thing more."""
    base = CellKey("real_time", "base_fee", "securities_a", "retail")
    for run, chains in (("run-1", "A"), ("run-2", "AB")):
        wrong = [Seen(subject(number, chain, base, NOW.date().replace(day=1)), "overbilled") for chain in chains]
        desk.database.write(partial(findings.enter, run=run, seen=wrong, covers=[], call=call()))


def found(database: Database) -> str:
    """What the command would tell."""
    with database.snapshot() as connection:
        return (
            f"{''.join(map(str, audit.verify(connection)))}{''.join(map(str, sealing.verify_quotes(connection, NOW)))}"
        )


COLUMNS = [
    (table.name, str(column.name))
    for table in metadata.sorted_tables
    if table.name not in NOT_ATTESTED
    for column in table.columns
]


def another(connection: Connection, table: Table, column: Any) -> tuple[Any, Any]:
    """A row (by its keys), and a value that its column does not have."""
    row = connection.execute(select(table).order_by(*table.primary_key).limit(1)).one()._mapping
    value = row[column.name]
    if isinstance(column.type, Integer):
        value = (value or 0) + 1_000_003
    elif isinstance(column.type, LargeBinary):
        value = (value or b"") + b" "
    elif isinstance(column.type, Date):
        value = (value or NOW.date()).replace(day=28 if value is None or value.day != 28 else 27)
    elif isinstance(column.type, DateTime) or "at" in column.name.split("_"):
        value = (value or NOW).replace(microsecond=7)
    elif column.name == "status" and isinstance(value, str):
        value = "withdrawn" if value != "withdrawn" else "accepted"
    else:
        value = f"{value or ''}x"
    return row, value


@contextlib.contextmanager
def by_hand(database: Database) -> Iterator[Connection]:
    """For whoever knows how to switch triggers, foreign keys and checks off; everything is undone in the end."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("PRAGMA ignore_check_constraints = ON")
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            checks = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0"
            for table, name in connection.execute(text(checks)).all():
                if str(table).startswith(("audit", "quote", "contract", "usage", "finding", "item")):
                    connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield connection
        connection.rollback()
        connection.invalidate()  # with what was switched off in it


def told(connection: Connection) -> str:
    """What verifying finds on a connection."""
    return "".join(map(str, [*audit.verify(connection), *sealing.verify_quotes(connection, NOW)]))


def test_an_edit_of_any_column_is_found(eventful: Database) -> None:
    """One after the other, each alone."""
    unfound = []
    for name, column in COLUMNS:
        table = metadata.tables[name]
        with by_hand(eventful) as connection:
            row, value = another(connection, table, table.c[column])
            this = [key == row[key.name] for key in table.primary_key]
            assert connection.execute(update(table).where(*this).values({column: value})).rowcount == 1
            if told(connection) == "":
                unfound.append(f"{name}.{column}")
    assert unfound == []
    assert found(eventful) == ""


def test_a_row_that_is_taken_away_is_found(eventful: Database) -> None:
    """Keys, links and first answers as well as quotes."""
    unfound = []
    for table in sorted({table for table, _ in COLUMNS}):
        with by_hand(eventful) as connection:
            connection.execute(metadata.tables[table].delete())
            if told(connection) == "":
                unfound.append(table)
    assert unfound == []


def test_what_verify_finds_bears_a_name(eventful: Database) -> None:
    """A person can look for it."""
    with eventful.reading() as connection:
        key = connection.execute(text("SELECT id FROM api_keys ORDER BY name")).scalars().first()
        share = connection.execute(text("SELECT id FROM quote_shares WHERE revoked_at IS NOT NULL")).scalars().first()
    edits = {
        "api_keys": ("role = 'admin', hash = 'of a key of his own'", f"subject='{key}', what='this key was changed"),
        "quote_shares": ("revoked_at = NULL", f"subject='{share}', what='this link was changed"),
        "idempotency_keys": ("location = '/v1/quotes/other'", "sales-key/accepted"),
    }
    for table, (edit, says) in edits.items():
        unprotected(eventful, table, f"UPDATE {table} SET {edit}")
        assert says in found(eventful)


def test_first_answers_may_go_once_their_time_is_over(eventful: Database, desk: Desk) -> None:
    """They are swept out then; before, a missing one would let a request be done twice."""
    unprotected(eventful, "idempotency_keys", "DELETE FROM idempotency_keys")
    with eventful.reading() as connection:
        assert len(sealing.verify_quotes(connection, NOW)) == 3
        assert sealing.verify_quotes(connection, NOW.replace(month=12, day=11)) == []


def test_the_day_of_an_acceptance_is_attested(eventful: Database) -> None:
    """To the microsecond, in the state and in the ledger."""
    for table, column in (("quote_states", "changed_at"), ("waiver_ledger", "entered_at")):
        assert found(eventful) == "" or table == "waiver_ledger"
        unprotected(eventful, table, f"UPDATE {table} SET {column} = '2026-12-01 00:00:00.000001'")
        assert found(eventful) != ""


# -- the head --------------------------------------------------------------------------------------------


def verified(database: Database, *arguments: str) -> tuple[int, str]:
    run = CliRunner(env={"FEE_SERVICE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False)})
    done = run.invoke(main, ["audit", "verify", *arguments])
    return done.exit_code, done.output


def head_of(database: Database) -> str:
    status, says = verified(database)
    assert status == 0, says
    return says.splitlines()[-1].removeprefix("head ")


def test_verify_prints_the_head_and_takes_an_earlier_one(database: Database, desk: Desk) -> None:
    """The one kept elsewhere is still in the log, however much was added since."""
    assert head_of(database) == audit.ORIGIN_OF_CHAIN
    issue(desk, call(NOW.date()))
    earlier = head_of(database)
    status, says = verified(database, "--expect", earlier)
    assert status == 0
    assert says.startswith(f"1 entries, 0 of them since {earlier[:12]}…; the chain is whole, and everything is as it ")
    issue(desk, call(NOW.date()))
    assert "2 entries, 1 of them since" in verified(database, "--expect", earlier.upper())[1]
    assert verified(database, "--expect", audit.ORIGIN_OF_CHAIN)[0] == 0


def test_a_log_that_was_written_anew_does_not_hold_the_head_of_before(database: Database, desk: Desk) -> None:
    """The whole chain with its end: only who kept the head elsewhere finds it."""
    issue(desk, company_business_number=NUMBER)
    before = head_of(database)
    with database.reading() as connection:
        row = next(audit.entries(connection))._asdict()
    row["origin"] = "somewhere else"
    forged = audit.chained(audit.ORIGIN_OF_CHAIN, row)
    unprotected(database, "audit_log", f"UPDATE audit_log SET origin = 'somewhere else', hash = '{forged}'")
    unprotected(database, "audit_head", f"UPDATE audit_head SET hash = '{forged}'")
    assert verified(database)[0] == 0
    status, says = verified(database, "--expect", before)
    assert (status, before in says) == (1, True)


@pytest.mark.parametrize("given", ["", "abc", "g" * 64, "0" * 63])
def test_what_is_no_head_is_refused(database: Database, given: str) -> None:
    """With what to give instead."""
    status, says = verified(database, "--expect", given)
    assert status == 2
    assert "64 digits" in says


def test_instants_are_sealed_alike_on_both_databases() -> None:
    """To the microsecond, in UTC."""
    assert instant(NOW.replace(microsecond=5)) == "2026-12-09T04:00:00.000005+00:00"

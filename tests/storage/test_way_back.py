"""A migration has a way back: each revision can be reached from above as from below, and no quote is lost."""

from pathlib import Path
from typing import Any

import pytest
import support.asking as asking
from alembic import command
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import inspect, text
from support.databases import KINDS, new_database

from fee_service.actors import COMMAND_LINE, Role
from fee_service.cli import main
from fee_service.keys import keyring
from fee_service.published.editions import Editions
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, migrating
from fee_service.storage.database import Database

REVISIONS = [each.revision for each in ScriptDirectory.from_config(migrating.alembic()).walk_revisions()][::-1]


def shape(database: Database) -> dict[str, Any]:
    """What a database is made of: columns, indexes, triggers."""
    found: dict[str, Any] = {}
    inspector = inspect(database.engine)
    for table in inspector.get_table_names():
        columns = sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table))
        indexes = sorted((index["name"] or "", index["column_names"]) for index in inspector.get_indexes(table))
        found[table] = (columns, indexes, inspector.get_pk_constraint(table)["constrained_columns"])
    triggers = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname || ' ' || tgrelid::regclass, pg_get_triggerdef(t.oid) || p.prosrc"
        " FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal",
    }
    with database.engine.connect() as connection:
        rows = connection.execute(text(triggers[database.engine.dialect.name]))
        found["triggers"] = {name: " ".join(made.split()) for name, made in rows}
    return found


def raised_to(url: str, revision: str) -> Database:
    """A database without a quote, brought to a revision from nothing."""
    database = Database(url)
    config = migrating.alembic()
    with database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return database


@pytest.mark.parametrize("kind", KINDS)
def test_each_revision_is_the_same_from_above_and_from_below(kind: str, editions: Editions, tmp_path: Path) -> None:
    """A database with a quote, a key and all else goes down step by step; each step is like a new one of its age."""
    database = Database(new_database(kind, tmp_path))
    desk = Desk(database, editions)
    number = asking.issue(desk)["number"]
    keyring.create(database, COMMAND_LINE, "tests", Role.SALES, "a key")
    whole = shape(database)
    for revision in REVISIONS[-2::-1]:
        assert database.downgrade(revision)[1] == revision
        below = raised_to(new_database(kind, tmp_path), revision)
        assert shape(database) == shape(below), revision
        below.close()
        assert counted(database) == 1
    assert database.upgrade() == (REVISIONS[0], REVISIONS[-1])
    assert shape(database) == whole
    assert asking.shown(desk, number)["number"] == number
    assert asking.issue(desk)["number"].endswith("000002")
    with database.reading() as connection:
        assert audit.verify(connection) == []
    database.close()


def counted(database: Database) -> int:
    """Quotes, by a statement that every revision understands."""
    with database.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM quotes")).scalar_one())


def test_what_is_no_earlier_revision_is_refused(database: Database) -> None:
    """Neither a later one, nor the present one, nor nothing at all: that would be a database without its quotes."""
    database.upgrade()
    for revision in ("base", "none", REVISIONS[-1], "", "-1"):
        with pytest.raises(migrating.NoWayBack) as refused:
            database.downgrade(revision)
        assert refused.value.earlier == tuple(REVISIONS[-2::-1])
    assert database.revision() == REVISIONS[-1]


def test_the_command_line_knows_the_way_back(
    editions: Editions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what to do next, and what there is where it cannot go."""
    monkeypatch.setenv("FEE_SERVICE_INSTANCE", str(tmp_path))
    run = CliRunner().invoke
    assert run(main, ["db", "upgrade"]).exit_code == 0
    done = run(main, ["db", "downgrade", REVISIONS[-2], "--yes"])
    assert done.exit_code == 0
    assert f"from revision {REVISIONS[-1]} to {REVISIONS[-2]}" in done.output
    refused = run(main, ["db", "downgrade", "9999", "--yes"])
    assert refused.exit_code == 1
    assert ", ".join(REVISIONS[-3::-1]) in refused.output
    assert f"to {REVISIONS[-1]}" in run(main, ["db", "upgrade"]).output

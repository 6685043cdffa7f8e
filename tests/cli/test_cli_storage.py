"""`db upgrade | backup | restore` and `replay` as operators use them."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from support.asking import issue
from support.commands import a_desk, run
from support.databases import new_database
from support.tampering import unprotected

from fee_service.storage import migrating


def test_upgrade_tells_what_it_did(database_url: str) -> None:
    """From nothing to the newest revision, then nothing more."""
    first, second = run(database_url, "db", "upgrade"), run(database_url, "db", "upgrade")
    assert first.stdout.startswith("from revision none to ")
    assert second.stdout.endswith(" already\n")
    assert (first.returncode, second.returncode) == (0, 0)


def test_replay_tells_what_was_edited(database_url: str) -> None:
    """Exit status 0 while all is well; 1 and the number once it is not."""
    desk = a_desk(database_url)
    numbers = [issue(desk)["number"] for _ in range(3)]
    assert run(database_url, "replay", "--all").stdout == "3 computed anew, 0 with a difference\n"
    assert run(database_url, "replay", numbers[1]).returncode == 0
    unprotected(desk.database, "quotes", f"UPDATE quotes SET total = total + 1 WHERE number = '{numbers[1]}'")
    for arguments in (("--all",), (numbers[1],)):
        found = run(database_url, "replay", *arguments)
        assert found.returncode == 1
        assert numbers[1] in found.stderr
        assert numbers[0] not in found.stderr
    assert run(database_url, "replay", numbers[0]).returncode == 0


@pytest.mark.parametrize("arguments", [(), ("--all", "Q-2026-000001"), ("Q-2026-000009",)])
def test_replay_wants_a_quote_or_all(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Anything else is told."""
    found = run(new_database("sqlite", tmp_path), "replay", *arguments)
    assert found.returncode == 1
    assert found.stderr.strip()


def test_a_backup_is_taken_while_quotes_come_in_and_comes_back_whole(tmp_path: Path) -> None:
    """What was there at the backup is there again; what was there before the way back is kept."""
    url = new_database("sqlite", tmp_path)
    desk = a_desk(url)
    issue(desk)
    target = tmp_path / "backup.db"
    taken = run(url, "db", "backup", str(target))
    assert taken.returncode == 0, taken.stderr
    assert run(url, "db", "backup", str(target)).returncode == 1  # never over another one
    issue(desk)
    desk.database.close()
    assert "2 computed" in run(url, "replay", "--all").stdout
    back = run(url, "db", "restore", str(target), "--yes")
    assert back.returncode == 0, back.stderr
    assert run(url, "replay", "--all").stdout == "1 computed anew, 0 with a difference\n"
    assert run(url, "audit", "verify").returncode == 0
    kept = [path for path in tmp_path.iterdir() if ".before-" in path.name]
    assert "2 computed" in run(f"sqlite:///{kept[0]}", "replay", "--all").stdout
    assert issue(a_desk(url))["number"] == "Q-2026-000002"


def test_what_commands_write_is_read_by_its_owner_only(tmp_path: Path) -> None:
    """Database, backup, what was there before a way back, and the locks; a database that others could read, too."""
    url, target = new_database("sqlite", tmp_path), tmp_path / "backup.db"
    before = os.umask(0o022)
    try:
        for arguments in (("db", "upgrade"), ("db", "backup", str(target)), ("db", "restore", str(target), "--yes")):
            assert run(url, *arguments).returncode == 0
            assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
            Path(url.removeprefix("sqlite:///")).chmod(0o644 if arguments[1] == "backup" else 0o600)
    finally:
        os.umask(before)
    assert len(list(tmp_path.glob("*.db*"))) >= 4


def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    """A service that still has it open would give a number twice: nothing is touched, and the next step is told."""
    url = new_database("sqlite", tmp_path)
    desk, target = a_desk(url), tmp_path / "backup.db"
    issue(desk)
    assert run(url, "db", "backup", str(target)).returncode == 0
    issue(desk)
    refused = run(url, "db", "restore", str(target), "--yes")
    assert refused.returncode == 1
    assert "stop the service first" in refused.stderr
    assert issue(desk)["number"] == "Q-2026-000003"
    desk.database.close()
    assert run(url, "db", "restore", str(target), "--yes").returncode == 0
    assert "1 computed" in run(url, "replay", "--all").stdout


def test_a_database_is_not_restored_from_itself_or_from_anything_else(tmp_path: Path) -> None:
    """The same file under another name; a file that only bears the name of a revision."""
    url = new_database("sqlite", tmp_path)
    desk = a_desk(url)
    issue(desk)
    desk.database.close()
    own = Path(url.removeprefix("sqlite:///"))
    hollow = tmp_path / "hollow.db"
    with sqlite3.connect(hollow) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (migrating.newest(),))
    for source in (own, hollow):
        refused = run(url, "db", "restore", str(source), "--yes")
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
    assert "1 computed" in run(url, "replay", "--all").stdout


@pytest.mark.parametrize("command", [("db", "upgrade"), ("audit", "verify"), ("keys", "list")])
def test_a_database_of_a_newer_version_is_told(database_url: str, command: tuple[str, ...]) -> None:
    """As after a deployment that was taken back."""
    desk = a_desk(database_url)
    issue(desk)
    with desk.database.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    desk.database.close()
    found = run(database_url, *command)
    assert found.returncode == 1
    assert "newer version" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("content", [None, b"", b"not a database at all", b"SQLite format 3\x00" + b"x" * 5000])
def test_what_is_no_backup_is_not_restored(tmp_path: Path, content: bytes | None) -> None:
    """And the database stays as it is."""
    url = new_database("sqlite", tmp_path)
    issue(a_desk(url))
    source = tmp_path / "source"
    if content is not None:
        source.write_bytes(content)
    refused = run(url, "db", "restore", str(source), "--yes")
    assert refused.returncode == 1
    assert str(source) in refused.stderr
    assert "Traceback" not in refused.stderr
    assert run(url, "replay", "--all").stdout == "1 computed anew, 0 with a difference\n"


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_for_postgresql_its_own_tool_is_named(command: str, tool: str) -> None:
    """Without the password."""
    found = run("postgresql://me:secret@host/quotes", "db", command, "file")
    assert found.returncode == 1
    assert tool in found.stderr
    assert "postgresql://me@host/quotes" in found.stderr
    assert "secret" not in found.stderr

"""Somebody with the right to write to the database by hand: what he changed is found by the two commands."""

import sqlite3
from pathlib import Path

import orjson
import psycopg
import pytest
from breaking import ISSUE, PostgreSQL, command, issued, start

from fee_service.answers.facts import digest

THIRD = "number = (SELECT max(number) FROM quotes)"
EDITED_QUOTES = {
    "its total": f"UPDATE quotes SET total = total - 1000 WHERE {THIRD}",
    "its validity": f"UPDATE quotes SET valid_until = '2099-12-31' WHERE {THIRD}",
    "whose it is": f"UPDATE quotes SET owner = 'somebody' WHERE {THIRD}",
    "its number": f"UPDATE quotes SET number = 'Q-2020-000001' WHERE {THIRD}",
}
EDITED_LOGS = {
    "an entry edited": "UPDATE audit_log SET origin = '10.0.0.1' WHERE sequence = 3",
    "an entry deleted": "DELETE FROM audit_log WHERE sequence = 3",
    "the first entry deleted": "DELETE FROM audit_log WHERE sequence = 1",
    "the last entry deleted": "DELETE FROM audit_log WHERE sequence = (SELECT max(sequence) FROM audit_log)",
    "two entries exchanged": "UPDATE audit_log SET sequence = 1000 WHERE sequence = 3;"
    " UPDATE audit_log SET sequence = 3 WHERE sequence = 4; UPDATE audit_log SET sequence = 4 WHERE sequence = 1000",
    "the log emptied": "DELETE FROM audit_log",
    "the end cut off and the record of the end with it": "DELETE FROM audit_log WHERE sequence > 3;"
    " UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit_log WHERE sequence = 3)",
    "an entry too many": "INSERT INTO audit_log SELECT sequence + 1, at, actor, role, action, subject, details, origin,"
    " hash, hash FROM audit_log WHERE sequence = (SELECT max(sequence) FROM audit_log)",
}
EDITED_REST = {
    "a quote deleted": f"DELETE FROM quote_states WHERE position = (SELECT position FROM quotes WHERE {THIRD});"
    f" DELETE FROM quotes WHERE {THIRD}",
    "an acceptance taken back": "UPDATE quote_states SET status = 'issued'",
    "an acceptance by nobody": "UPDATE quote_states SET status = 'accepted'",
    "a waiver shortened": "UPDATE waiver_ledger SET ends_on = '2026-12-31'",
    "a waiver forgotten": "DELETE FROM waiver_ledger",
    "numbers that count on": "UPDATE numbers SET last = last + 1",
}


class Store:
    """A database of three quotes, one of them accepted; each test edits a copy."""

    def __init__(self, url: str, folder: Path, postgresql: PostgreSQL | None) -> None:
        self.url, self._folder, self._postgresql = url, folder, postgresql
        with start(folder, database_url=url) as service:
            key = service.key("admin")
            numbers = [issued(service, key)["number"] for _ in range(3)]
            assert service.ask("POST", f"{ISSUE}/{numbers[0]}/acceptance", {}, key)[0] == 200

    def copy(self) -> str:
        """The URL of a copy."""
        if self._postgresql:
            return self._postgresql.new_database("TEMPLATE " + self.url.split("/")[3].split("?")[0])
        target = self._folder / "copy.db"
        target.unlink(missing_ok=True)
        with sqlite3.connect(self.url.removeprefix("sqlite:///")) as whole, sqlite3.connect(target) as copy:
            whole.backup(copy)
        return f"sqlite:///{target}"


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One for all tests."""
    folder = tmp_path_factory.mktemp("store")
    return Store(f"sqlite:///{folder / 'quotes.db'}", folder, None)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One of each kind for all tests."""
    if request.param == "sqlite":
        found: Store = request.getfixturevalue("sqlite")
        return found
    cluster = request.getfixturevalue("postgresql")
    return Store(cluster.new_database(), tmp_path_factory.mktemp("store"), cluster)


def edit(url: str, statements: str) -> None:
    """Run statements after having switched off what protects the tables, as somebody would who means harm."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(statements)
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as opened:
            opened.execute("SET session_replication_role = replica; " + statements)  # type: ignore[call-overload]


def found_by(url: str, *arguments: str) -> str:
    """What a command finds; it must fail, and not by an accident."""
    done = command(url, *arguments)
    assert done.returncode == 1, done
    assert done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_untouched_all_is_well(store: Store) -> None:
    """Or the other tests would prove nothing."""
    url = store.copy()
    for arguments in (("audit", "verify"), ("replay", "--all")):
        assert command(url, *arguments).returncode == 0


@pytest.mark.parametrize("change", EDITED_QUOTES.values(), ids=EDITED_QUOTES)
def test_an_edited_quote_is_found_by_replay_and_by_the_audit_log(store: Store, change: str) -> None:
    """Both exit with 1, and name it."""
    url = store.copy()
    edit(url, change)
    for arguments in (("audit", "verify"), ("replay", "--all")):
        assert "Q-20" in found_by(url, *arguments)


def test_facts_edited_with_their_digest_are_found(sqlite: Store) -> None:
    """A forger who knows how the digest is made: the editions of the day still give another price."""
    url = sqlite.copy()
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    facts = orjson.loads(connection.execute(f"SELECT facts FROM quotes WHERE {THIRD}").fetchone()[0])
    facts["lines"][0]["unit_price"] = 1_000
    forged = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
    connection.close()
    edit(url, f"UPDATE quotes SET facts = X'{forged.hex()}', digest = '{digest(forged)}' WHERE {THIRD}")
    assert "/lines/0/unit_price" in found_by(url, "replay", "--all")
    assert "was changed" in found_by(url, "audit", "verify")


@pytest.mark.parametrize("change", [*EDITED_LOGS.values(), *EDITED_REST.values()], ids=[*EDITED_LOGS, *EDITED_REST])
def test_whatever_else_is_edited_is_found_by_the_audit_log(sqlite: Store, change: str) -> None:
    """Entries changed, removed, exchanged, cut off; states, ledger, numbers."""
    url = sqlite.copy()
    edit(url, change)
    found_by(url, "audit", "verify")


@pytest.mark.parametrize("what", ["an entry edited", "two entries exchanged", "the last entry deleted"])
def test_an_edited_log_is_found_on_either_database(store: Store, what: str) -> None:
    """The chain is the same."""
    url = store.copy()
    edit(url, EDITED_LOGS[what])
    found_by(url, "audit", "verify")

"""Sessions on the server: they end by themselves, are few, and outlast a database that is away for a while."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from fee_service.actors import COMMAND_LINE, Actor, Role
from fee_service.keys import keyring, seats
from fee_service.keys.seats import Seats
from fee_service.storage import sessions
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError

TODAY = date(2026, 12, 9)


@pytest.fixture
def holder(database: Database) -> Actor:
    """Somebody with a key."""
    return Actor(keyring.create(database, COMMAND_LINE, "tests", Role.SALES, "seated").split("_")[1], Role.SALES)


def count(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(text("SELECT count(*) FROM sessions")).scalar_one()


def test_a_session_holds_until_it_is_ended(database: Database, holder: Actor) -> None:
    """What the browser keeps is not what the database keeps."""
    found = Seats(database)
    token = found.begin(holder)
    assert found.holder(token, TODAY) == Seats(database).holder(token, TODAY) == holder
    with database.reading() as connection:
        assert token not in str(connection.execute(text("SELECT * FROM sessions")).all())
    assert found.holder(token[:-1] + ("A" if token[-1] != "A" else "B"), TODAY) is None
    Seats(database).end(token)
    assert found.holder(token, TODAY) is None


def test_a_session_ends_by_itself_after_a_working_day(
    database: Database, holder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is removed when another begins."""
    found = Seats(database)
    token = found.begin(holder)
    now = seats.now_in_utc()
    monkeypatch.setattr(seats, "now_in_utc", lambda: now + timedelta(hours=seats.HOURS) - timedelta(seconds=1))
    assert found.holder(token, TODAY) == holder
    monkeypatch.setattr(seats, "now_in_utc", lambda: now + timedelta(hours=seats.HOURS))
    assert found.holder(token, TODAY) is None
    found.begin(holder)
    assert count(database) == 1


def test_a_key_has_only_so_many_sessions(database: Database, holder: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest ends when one more begins."""
    monkeypatch.setattr(sessions, "_SURPLUS", sessions._SURPLUS.offset(3))
    found = Seats(database)
    tokens = [found.begin(holder) for _ in range(5)]
    assert [found.holder(token, TODAY) for token in tokens] == [None, None, holder, holder, holder]
    assert count(database) == 3


def test_whoever_was_known_goes_on_while_the_database_is_away(
    database: Database, holder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For some minutes, in the workers that knew him, which remember only so many."""
    found = Seats(database)
    token, ended, strange = found.begin(holder), found.begin(holder), found.begin(holder)
    for known in (token, ended):
        assert found.holder(known, TODAY) == holder
    found.end(ended)

    def away(*_: Any) -> None:
        raise StorageError("storage_unavailable")

    monkeypatch.setattr(found, "_look_up", away)
    assert found.holder(token, TODAY) == holder
    for unknown in (ended, strange):
        with pytest.raises(StorageError):
            found.holder(unknown, TODAY)
    monkeypatch.setattr(seats, "MOST_REMEMBERED", 2)
    for number in range(5):
        found._remember(str(number), holder)
    assert len(found._known) == 2

"""What runs found wrong, as it is kept: each finding once, everything said of it one behind the other, attested."""

import os
import random
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from support.asking import call, issue
from support.core import A, day
from support.databases import KINDS, new_database

from fee_service.published.editions import CellKey, Editions
from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.findings import Counts, enter, subject_of
from fee_service.rules.findings import Covered, Seen, subject
from fee_service.storage import audit, findings, sealing
from fee_service.storage.database import Database
from fee_service.storage.findings import StoredEvent, Wanted

DECEMBER, JANUARY = day("2026-12-01"), day("2027-01-01")
BASE = CellKey("real_time", "base_fee", A, "retail")
MANY = int(os.environ.get("FINDINGS_ENTERED", "2000"))


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, editions: Editions, tmp_path: Path) -> Iterator[tuple[Database, str]]:
    """A database with a contract in it."""
    database = Database(new_database(request.param, tmp_path))
    yield database, contract_in(database, editions)
    database.close()


@pytest.fixture
def light(editions: Editions, tmp_path: Path) -> Iterator[tuple[Database, str]]:
    """The same in a file, where what the database is does not matter."""
    database = Database(new_database("sqlite", tmp_path))
    yield database, contract_in(database, editions)
    database.close()


def contract_in(database: Database, editions: Editions) -> str:
    """The number of a new contract."""
    desk = Desk(database, editions)
    number: str = issue(desk)["number"]
    closing.accept(desk, number, call())
    return number


def over(contract: str, chain: str | None = "A", difference: int = 206_452, month: date = DECEMBER) -> Seen:
    """A chain bills too much; or something is missing."""
    return Seen(
        subject(contract, chain, BASE, month),
        "overbilled" if chain else "missing",
        "not_prorated",
        difference,
        amount=800_000,
        expected=800_000 - difference,
        explanation_ko="일할 계산하지 않음",
        explanation_en="not prorated",
        invoice_number=chain,
        issued_on=day("2026-12-09"),
    )


def ran(database: Database, run: str, seen: Iterable[Seen], covers: Iterable[Covered] = ()) -> Counts:
    """A run is done; without what it covers, it covers what it saw."""
    seen = list(seen)
    judged = [*covers, *(Covered(each.subject.contract, each.subject.month, each.subject.chain) for each in seen)]
    return database.write(lambda connection: enter(connection, run, seen, judged, call()))


def said_of(database: Database, named: str) -> list[StoredEvent]:
    with database.reading() as connection:
        return findings.story(connection, named)


def sound(database: Database) -> str:
    """What verifying the log finds."""
    with database.snapshot() as connection:
        return f"{''.join(map(str, audit.verify(connection)))}{''.join(map(str, sealing.verify_quotes(connection)))}"


def test_a_finding_goes_through_months(kept: tuple[Database, str]) -> None:
    """December's run finds it, January's again, in February it is credited; then it is back."""
    database, number = kept
    of_the_month = [Covered(number, DECEMBER)]
    assert ran(database, "run-1", [over(number)]) == {"new": 1, "still_open": 0, "solved": 0, "came_back": 0}
    assert ran(database, "run-2", [over(number, difference=7), over(number, "B")])["still_open"] == 1
    assert ran(database, "run-3", [over(number, "B")], of_the_month)["solved"] == 1
    assert ran(database, "run-4", [over(number), over(number, "B")])["came_back"] == 1
    with database.reading() as connection:
        (_, second), (_, first) = findings.page(connection, Wanted(), None, 10)
    assert (first.kept.chain, first.kept.difference, first.kept.life) == ("A", 206_452, "came_back")
    assert (second.kept.chain, second.kept.life, second.explanation_ko) == ("B", "still_open", "일할 계산하지 않음")
    told = [(each.event.batch, each.event.life, each.event.difference) for each in said_of(database, first.kept.id)]
    assert told == [
        *(("run-1", "new", 206_452), ("run-2", "still_open", 7)),
        *(("run-3", "solved", 7), ("run-4", "came_back", 206_452)),
    ]
    assert subject_of(first.kept) == over(number).subject
    assert sound(database) == ""


def test_a_run_that_is_not_done_leaves_nothing(light: tuple[Database, str]) -> None:
    """It is done again, and then everything it says is new."""
    database, number = light

    def killed(connection: object) -> None:
        enter(connection, "run-1", [over(number)], [], call())  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(killed)
    assert ran(database, "run-1", [over(number)])["new"] == 1
    assert sound(database) == ""


def test_a_run_with_nothing_wrong_is_attested_too(light: tuple[Database, str]) -> None:
    """It has no events, and says so."""
    database, number = light
    assert sum(ran(database, "run-1", [], [Covered(number, DECEMBER)]).values()) == 0
    assert sound(database) == ""


def test_lists_are_filtered_and_go_on_where_a_page_ended(light: tuple[Database, str]) -> None:
    """By contract, month, life, state, cause and run; of a run, what it said then."""
    database, number = light
    ran(database, "run-1", [over(number, chain) for chain in "ABC"])
    ran(database, "run-2", [over(number, "C"), over(number, "D", month=JANUARY)], [Covered(number, DECEMBER, "A")])
    with database.reading() as connection:

        def chains(before: int | None = None, limit: int = 9, **wanted: object) -> list[str | None]:
            page = findings.page(connection, Wanted(**wanted), before, limit)  # type: ignore[arg-type]
            return [each.kept.chain for _, each in page]

        assert chains() == ["D", "C", "B", "A"]
        assert chains(limit=2) == ["D", "C"]
        assert chains(before=findings.page(connection, Wanted(), None, 2)[-1][0]) == ["B", "A"]
        assert chains(contract="Q-2020-000001") == []
        assert chains(month=JANUARY) == ["D"]
        assert chains(life="solved") == ["A"]
        assert chains(state="open", cause="not_prorated") == ["D", "C", "B", "A"]
        assert chains(run="run-1", life="new") == ["C", "B", "A"]
        assert chains(run="run-2", life="solved") == ["A"]


def test_what_was_said_is_never_edited(kept: tuple[Database, str]) -> None:
    """Neither what a finding is about, nor an event; how it stands may go on, and verifying compares that."""
    database, number = kept
    ran(database, "run-1", [over(number)])
    for statement in (
        "UPDATE findings SET contract = contract",
        "DELETE FROM finding_events",
        "UPDATE finding_events SET note = 'x'",
        "DELETE FROM findings",
    ):
        with pytest.raises(DBAPIError, match="never changed or deleted"), database.engine.begin() as connection:
            connection.execute(text(statement))
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE findings SET life = 'solved'"))
    assert "does not stand as what was said of it left it" in sound(database)


def test_many_findings_are_entered_in_a_moment(light: tuple[Database, str]) -> None:
    """Nobody else writes meanwhile; a hundredth of a second for a hundred of them, with room for a slow machine."""
    database, number = light
    rng, runs = random.Random(11), []
    seen = [over(number, f"{rng.getrandbits(64):016x}") for _ in range(MANY)]
    for run in ("run-1", "run-2"):
        begun = time.perf_counter()
        runs.append(ran(database, run, seen))
        assert time.perf_counter() - begun < 0.5 + MANY / 2_000
    begun = time.perf_counter()
    runs.append(ran(database, "run-3", [], [Covered(number, DECEMBER)]))
    assert time.perf_counter() - begun < 0.5 + MANY / 2_000
    assert [(run["new"], run["still_open"], run["solved"]) for run in runs] == [
        (MANY, 0, 0),
        (0, MANY, 0),
        (0, 0, MANY),
    ]

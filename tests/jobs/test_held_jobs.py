"""Files that wait for a word: nobody works on them before they are begun, and nothing is left where they are not."""

import orjson
import pytest
from sqlalchemy import Connection
from support.counting_job import COUNTING_KINDS

from fee_service.actors import COMMAND_LINE, Actor, Role
from fee_service.errors import FeeError
from fee_service.job_state import JobState
from fee_service.jobs import asking
from fee_service.jobs.kinds import file_of
from fee_service.jobs.working import Worker
from fee_service.storage.database import Database

NAME = "counting"
NEIGHBOUR = Actor("neighbour", Role.SALES)


def nothing(_connection: Connection, _job_id: str) -> None:
    """What is to be kept with a job that is begun."""


def held(database: Database, count: int = 1) -> str:
    return asking.hold(database, NAME, COMMAND_LINE, "-", {"chunks": count}, [[b"file"], [b"beside"]])


def state(database: Database, job_id: str) -> str:
    return asking.found(database, job_id, COMMAND_LINE, held=True).state


def test_no_worker_takes_what_is_held_until_it_is_begun_and_then_once(database: Database) -> None:
    """Begun with what is asked by then; a second word changes nothing."""
    job_id = held(database)
    Worker(database, COUNTING_KINDS).run(once=True)
    job = asking.found(database, job_id, COMMAND_LINE, held=True)
    assert job.state == JobState.ARRIVING
    asking.begin(database, job, {"chunks": 3}, nothing)
    asking.begin(database, job, {"chunks": 9}, nothing)
    assert orjson.loads(asking.found(database, job_id, COMMAND_LINE).params) == {"chunks": 3}
    Worker(database, COUNTING_KINDS).run(once=True)
    assert state(database, job_id) == JobState.DONE


def test_what_is_held_is_found_by_its_owner_who_asks_for_it_alone(database: Database) -> None:
    job_id = held(database)
    for actor, asks in ((COMMAND_LINE, False), (NEIGHBOUR, True)):
        with pytest.raises(FeeError):
            asking.found(database, job_id, actor, held=asks)
    assert [job.id for job in asking.latest(database, NAME, COMMAND_LINE, 5)] == [job_id]
    assert asking.latest(database, NAME, NEIGHBOUR, 5) == []
    assert asking.latest(database, "other", COMMAND_LINE, 5) == []


def test_what_is_thrown_away_leaves_no_file_and_is_begun_no_more(database: Database) -> None:
    job_id = held(database)
    job = asking.found(database, job_id, COMMAND_LINE, held=True)
    asking.drop(database, job)
    asking.begin(database, job, {"chunks": 1}, nothing)
    assert state(database, job_id) == JobState.CANCELLED
    assert list(file_of(database, job_id)) == []


def test_one_file_of_several_is_put_in_the_place_of_another(database: Database) -> None:
    """What was understood is kept beside the files, and is understood anew after item names are told."""
    job_id = held(database)
    job = asking.found(database, job_id, COMMAND_LINE, held=True)
    asking.replace_file(database, job, 1, b"understood anew")
    assert [b"".join(file_of(database, job_id, number)) for number in (0, 1)] == [b"file", b"understood anew"]


def test_held_files_count_among_those_that_wait(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many at most for one key, begun or not."""
    monkeypatch.setattr(asking, "MOST_WAITING", 2)
    held(database), held(database)
    with pytest.raises(FeeError) as refused:
        held(database)
    assert refused.value.faults[0].code == "too_many_jobs"

"""Jobs are done once, from the first to the last chunk, whoever does them and whatever happens meanwhile."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from support.counting_job import COUNTING_KINDS, ask, chunk, expected

from fee_service.actors import COMMAND_LINE, Actor, Role
from fee_service.errors import FeeError
from fee_service.jobs import asking
from fee_service.jobs.asking import MOST_WAITING, cancel, enqueue, found, result
from fee_service.jobs.kinds import Kind, Result, chunks_of, kinds
from fee_service.jobs.sweeping import sweep, tidy
from fee_service.jobs.telling import answer
from fee_service.jobs.working import MOST_TRIES, Worker
from fee_service.storage import jobs
from fee_service.storage.database import Database
from fee_service.storage.jobs import Job, LeaseLost
from fee_service.storage.tables import job_chunks, job_inputs
from fee_service.storage.tables import jobs as table


def a_worker(database: Database, **options: Any) -> Worker:
    """A worker for the kinds of tests."""
    return Worker(database, COUNTING_KINDS, **options)


def shown(database: Database, job_id: str) -> dict[str, Any]:
    """A job as its owner sees it, in English."""
    return answer(found(database, job_id, COMMAND_LINE), "en", "there")


def made(database: Database, job_id: str) -> bytes:
    """What a job has made so far."""
    return b"".join(chunks_of(database, job_id))


def rows(database: Database) -> tuple[int, int]:
    """How many pieces of files and chunks are kept."""
    with database.reading() as connection:
        count = (connection.execute(select(func.count()).select_from(each)).scalar_one() for each in KEPT)
        return tuple(count)  # type: ignore[return-value]


KEPT = (job_inputs, job_chunks)


def taken(database: Database, seconds: float = 30) -> Job:
    """A job, held as by a worker that does nothing with it."""
    job = database.write(lambda connection: jobs.take(connection, "somebody", seconds, [*COUNTING_KINDS]))
    assert job is not None
    return job


def kept_chunk(database: Database, job: Job, number: int, content: bytes) -> None:
    """Keep a chunk as a worker does."""
    database.write(lambda connection: jobs.keep(connection, job, number, content, None, 30))


def test_a_job_is_done_and_its_file_removed(database: Database) -> None:
    """Queued with its file, then done with a result and a summary; the file is not needed any more."""
    file = bytes(range(256)) * 10_000
    job_id = ask(database, 7, file)
    before = shown(database, job_id)
    assert (before["status"], before["progress"], before["result"]) == ("queued", {"done": 0, "total": None}, None)
    assert rows(database) == (3, 0)  # 2.56 MB in pieces of 1 MiB
    a_worker(database).run(once=True)
    after = shown(database, job_id)
    assert (after["status"], after["progress"], after["result"]) == ("done", {"done": 7, "total": 7}, "there")
    assert after["summary"] == {"lines": 350}
    assert after["finished_at"].endswith("+09:00")
    assert made(database, job_id) == expected(7, file)
    assert rows(database) == (0, 7)


def test_a_job_of_no_chunks_is_done_too(database: Database) -> None:
    """Nothing to make is no fault."""
    job_id = ask(database, 0)
    a_worker(database).run(once=True)
    assert (shown(database, job_id)["status"], made(database, job_id)) == ("done", b"")


def test_jobs_are_done_in_the_order_in_which_they_came(database: Database) -> None:
    """The oldest first."""
    ids = [ask(database, 1) for _ in range(3)]
    assert [taken(database).id for _ in range(3)] == ids
    assert database.write(lambda connection: jobs.take(connection, "x", 1, [*COUNTING_KINDS])) is None


def test_a_job_that_is_dropped_goes_on_at_the_first_missing_chunk(database: Database) -> None:
    """Its lease runs out, and the next worker makes what is missing, no more."""
    job_id = ask(database, 5)
    dead = taken(database, seconds=-1)
    seed = expected(5)
    first = seed[: len(seed) // 5]
    kept_chunk(database, dead, 0, first)
    database.write(lambda connection: jobs.renew(connection, dead, -1))
    begun: list[int] = []
    Worker(database, kinds([noting(begun)])).run(once=True)
    assert begun == [1]
    assert made(database, job_id) == expected(5)


def noting(begun: list[int]) -> Kind:
    """The kind of tests, which notes at which chunks it was begun."""
    counting = COUNTING_KINDS["counting"]

    def chunks(task: Any) -> Any:
        begun.append(task.first)
        return counting.chunks(task)

    return Kind("counting", chunks, counting.finish)


def test_who_slept_through_his_lease_writes_nothing_any_more(database: Database) -> None:
    """Neither a chunk, nor that it is done, failed, his for longer or handed back."""
    job_id = ask(database, 2)
    asleep = taken(database, seconds=-1)
    awake = taken(database)
    assert (awake.id, awake.attempt) == (asleep.id, 2)
    kept_chunk(database, awake, 0, b"right")
    late: list[Callable[[Any], Any]] = [
        lambda connection: jobs.keep(connection, asleep, 0, b"wrong", None, 30),
        lambda connection: jobs.keep(connection, asleep, 1, b"wrong", None, 30),
        lambda connection: jobs.renew(connection, asleep, 30),
        lambda connection: jobs.hand_back(connection, asleep, 0, counted=False),
        lambda connection: jobs.fail(connection, asleep, b""),
        lambda connection: jobs.finish(connection, asleep),
    ]
    for write in late:
        with pytest.raises(LeaseLost):
            database.write(write)
    assert made(database, job_id) == b"right"
    assert found(database, job_id, COMMAND_LINE).attempt == 2


def test_a_chunk_whose_commit_was_not_heard_of_is_kept_once(database: Database) -> None:
    """The same attempt keeps it again: one chunk, counted once."""
    job_id = ask(database, 2)
    job = taken(database)
    for _ in range(3):
        kept_chunk(database, job, 0, b"first")
    kept = found(database, job_id, COMMAND_LINE)
    assert (kept.chunks_done, kept.result_bytes, made(database, job_id)) == (1, 5, b"first")


def test_two_workers_race_and_each_job_is_done_once(database: Database) -> None:
    """Four threads and twelve jobs: every result is right, no job was taken twice."""
    ids = [ask(database, 3) for _ in range(12)]
    workers = [a_worker(database) for _ in range(4)]
    threads = [threading.Thread(target=worker.run, kwargs={"once": True}) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for job_id in ids:
        assert (shown(database, job_id)["status"], made(database, job_id)) == ("done", expected(3))
        assert found(database, job_id, COMMAND_LINE).attempt == 1


def test_a_worker_that_is_stopped_hands_its_job_back(database: Database) -> None:
    """Its chunk is kept, nobody waits for a lease, and it is no try in vain."""
    job_id = ask(database, 3)
    worker = a_worker(database)
    stops = Kind("counting", lambda task: stopping(worker, task), COUNTING_KINDS["counting"].finish)
    worker._kinds = kinds([stops])
    worker.run()
    kept = found(database, job_id, COMMAND_LINE)
    assert (kept.state, kept.held_by, kept.chunks_done, kept.tries) == ("queued", None, 1, 0)
    a_worker(database).run(once=True)
    assert made(database, job_id) == expected(3)


def stopping(worker: Worker, task: Any) -> Any:
    """Chunks in whose midst the worker is told to stop."""
    for content in COUNTING_KINDS["counting"].chunks(task):
        worker.stop()
        yield content


def test_a_job_that_cannot_be_done_says_why_at_once(database: Database) -> None:
    """All faults in the caller's language, nothing left of its file or its chunks."""
    for params in ({"refuses_at": 1}, {"refuses_at_the_end": True}):
        job_id = ask(database, 3, b"file", **params)
        a_worker(database).run(once=True)
        told = shown(database, job_id)
        assert (told["status"], told["result"], told["more_errors"]) == ("failed", None, 0)
        assert told["errors"][0]["code"] == "empty_body"
        assert rows(database) == (0, 0)
    job = found(database, job_id, COMMAND_LINE)
    both = answer(job, "both", None)["errors"][0]["message"]
    assert both == f"{answer(job, 'ko', None)['errors'][0]['message']} / {told['errors'][0]['message']}"


def test_a_fault_of_ours_is_tried_again_a_few_times(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the job has failed with a reason, and others go on."""
    job_id, other = ask(database, 3, fails_at=1), ask(database, 1)
    monkeypatch.setattr("fee_service.jobs.working.Worker._hand_back", handed_back_at_once)
    a_worker(database).run(once=True)
    told = shown(database, job_id)
    assert (told["status"], told["errors"][0]["code"]) == ("failed", "job_given_up")
    assert str(MOST_TRIES) in told["errors"][0]["message"]
    assert shown(database, other)["status"] == "done"


def handed_back_at_once(worker: Worker, job: Job, _seconds: float, *, counted: bool) -> None:
    """Without the pause between two tries."""
    worker._database.write(lambda connection: jobs.hand_back(connection, job, 0, counted=counted))


def test_between_two_tries_there_is_a_pause(database: Database) -> None:
    """A job that failed is not taken at once again."""
    job_id = ask(database, 1, fails_at=0)
    assert a_worker(database).work_once() is True
    assert a_worker(database).work_once() is False
    assert found(database, job_id, COMMAND_LINE).tries == 1


def test_progress_forgets_tries_in_vain(database: Database) -> None:
    """A long job may meet many deaths, as long as each attempt makes a chunk."""
    job_id = ask(database, 20)
    for number in range(15):
        job = taken(database, seconds=-1)
        assert job.tries == 1
        kept_chunk(database, job, number, b"x")
        database.write(lambda connection: jobs.renew(connection, job, -1))  # noqa: B023
    a_worker(database).run(once=True)
    assert shown(database, job_id)["status"] == "done"


def test_a_cancelled_job_leaves_nothing(database: Database) -> None:
    """Queued or running: no file, no chunk, none later from who was at it, and no params; twice is the same."""
    queued, running = ask(database, 2, b"file"), ask(database, 2, bytes(60_000_000)[:2_000_000])
    cancel(database, queued, COMMAND_LINE)
    job = taken(database)
    assert job.id == running
    kept_chunk(database, job, 0, b"x")
    for _ in range(2):
        cancel(database, running, COMMAND_LINE)
    assert rows(database) == (0, 0)
    with pytest.raises(LeaseLost):
        kept_chunk(database, job, 1, b"x")
    assert rows(database) == (0, 0)
    assert [shown(database, each)["status"] for each in (queued, running)] == ["cancelled"] * 2
    assert found(database, running, COMMAND_LINE).params == "{}"
    a_worker(database).run(once=True)
    assert shown(database, running)["status"] == "cancelled"


def test_a_job_that_is_cancelled_while_it_runs_is_given_up(database: Database) -> None:
    """The worker notices at the next chunk."""
    counting = COUNTING_KINDS["counting"]

    def chunks(task: Any) -> Any:
        for number, content in enumerate(counting.chunks(task)):
            if number == 1:
                cancel(database, task.id, COMMAND_LINE)
            yield content

    job_id = ask(database, 3)
    Worker(database, kinds([Kind("counting", chunks)])).run(once=True)
    assert (shown(database, job_id)["status"], rows(database)) == ("cancelled", (0, 0))


def test_what_is_over_is_not_cancelled(database: Database) -> None:
    """409: what was made stays."""
    job_id = ask(database, 1)
    a_worker(database).run(once=True)
    with pytest.raises(FeeError) as refused:
        cancel(database, job_id, COMMAND_LINE)
    assert (refused.value.status, refused.value.faults[0].code) == (409, "job_over")
    assert made(database, job_id) == expected(1)


def test_a_foreign_job_is_not_found(database: Database) -> None:
    """Except by finance and administrators."""
    mine = Actor("key-of-portal", Role.PORTAL)
    job_id = ask(database, 1, actor=mine)
    for role in (Role.FINANCE, Role.ADMIN):
        assert found(database, job_id, Actor("another", role)).id == job_id
    assert found(database, job_id, mine).id == job_id
    for role in (Role.PORTAL, Role.SALES):
        with pytest.raises(FeeError) as refused:
            found(database, job_id, Actor("another", role))
        assert (refused.value.status, refused.value.faults[0].code) == (404, "job_not_found")


def test_a_result_is_there_when_the_job_is_done(database: Database) -> None:
    """Before, and where there is no file, a problem says so; a kind may make its file of the chunks."""
    job_id, without = ask(database, 2), ask(database, 1, kind="counted")
    assert refusal(database, job_id) == (409, "job_not_done")
    a_worker(database).run(once=True)
    assert b"".join(result(database, found(database, job_id, COMMAND_LINE), COUNTING_KINDS["counting"])) == expected(2)
    assert refusal(database, without) == (404, "job_without_result")
    counted = Result("text/plain", "txt", lambda pieces: (str(len(piece)).encode() for piece in pieces))
    counting = Kind("counting", COUNTING_KINDS["counting"].chunks, result=counted)
    joined = result(database, found(database, job_id, COMMAND_LINE), counting)
    assert len(list(joined)) == 2


def refusal(database: Database, job_id: str) -> tuple[int, str]:
    """Status and code with which a result is refused."""
    job = found(database, job_id, COMMAND_LINE)
    with pytest.raises(FeeError) as refused:
        result(database, job, COUNTING_KINDS[job.kind])
    return refused.value.status, refused.value.faults[0].code


def test_a_file_that_breaks_off_makes_no_job(database: Database) -> None:
    """What came before is removed some time later; no worker ever sees it."""

    def torn() -> Any:
        yield bytes(asking.PIECE)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        enqueue(database, "counting", COMMAND_LINE, "tests", {"chunks": 1}, [torn()])
    assert rows(database) == (1, 0)
    assert a_worker(database).work_once() is False
    database.write(lambda connection: connection.execute(table.update().values(free_from=table.c.created_at)))
    assert sweep(database, 7) == 0
    with_hours = pytest.MonkeyPatch()
    with_hours.setattr("fee_service.jobs.sweeping.HOURS_TO_ARRIVE", -1)
    assert sweep(database, 7) == 1
    with_hours.undo()
    assert rows(database) == (0, 0)


def test_what_is_stored_with_a_job_is_stored_or_neither(database: Database) -> None:
    """The transaction that makes it a job may keep something else, by the job's id."""
    seen: list[str] = []
    job_id = enqueue(database, "counting", COMMAND_LINE, "tests", {"chunks": 0}, also=lambda _, its: seen.append(its))
    assert seen[-1] == job_id

    def refuses(_connection: Any, _job: str) -> None:
        raise FeeError([])

    with pytest.raises(FeeError):
        enqueue(database, "counting", COMMAND_LINE, "tests", {"chunks": 0}, also=refuses)
    a_worker(database).run(once=True)
    with database.reading() as connection:
        assert jobs.standing(connection) == (0, 0, 0.0)


def test_old_jobs_are_swept_with_their_results(database: Database) -> None:
    """Those that were over some days ago; younger ones and those at work stay."""
    old, waiting = ask(database, 40), ask(database, 1)
    assert a_worker(database).work_once() is True
    assert sweep(database, 1) == 0
    assert sweep(database, 0) == 1
    with pytest.raises(FeeError):
        found(database, old, COMMAND_LINE)
    assert rows(database) == (0, 0)
    assert shown(database, waiting)["status"] == "queued"


def test_what_a_killed_worker_left_is_tidied(database: Database) -> None:
    """Killed between a job's end and the removal of its files, or a caller between cancelling and clearing."""
    done, cancelled = ask(database, 0, b"file"), ask(database, 0, b"file")
    job = taken(database)
    database.write(lambda connection: jobs.finish(connection, job))
    database.write(lambda connection: jobs.cancel(connection, cancelled))
    assert rows(database) == (2, 0)
    tidy(database)
    assert rows(database) == (0, 0)
    assert shown(database, done)["status"] == "done"
    with database.reading() as connection:
        assert jobs.litter(connection) == []


def test_a_key_has_only_so_many_jobs_that_wait(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """429 says when to try again; another key may."""
    monkeypatch.setattr("fee_service.jobs.asking.MOST_WAITING", 2)
    assert MOST_WAITING == 100
    first, _ = ask(database, 1), ask(database, 1)
    with pytest.raises(FeeError) as refused:
        ask(database, 1)
    assert (refused.value.status, refused.value.faults[0].code) == (429, "too_many_jobs")
    ask(database, 1, actor=Actor("another", Role.FINANCE))
    cancel(database, first, COMMAND_LINE)
    ask(database, 1)


def test_who_waits_how_long_is_counted(database: Database) -> None:
    """Queued, running, and the seconds of the oldest that nobody has taken."""
    for _ in range(3):
        ask(database, 1)
    taken(database)
    with database.reading() as connection:
        queued, running, oldest = jobs.standing(connection)
    assert (queued, running) == (2, 1)
    assert 0 <= oldest < 30


def test_a_worker_leaves_kinds_alone_that_it_does_not_know(database: Database) -> None:
    """Of two versions side by side the newer one does what is new."""
    job_id = ask(database, 1)
    assert Worker(database, {}).work_once() is False
    assert shown(database, job_id)["status"] == "queued"


def test_two_kinds_of_one_name_are_refused() -> None:
    """Nobody could say which is meant."""
    with pytest.raises(ValueError, match="counting"):
        kinds([COUNTING_KINDS["counting"], Kind("counting", COUNTING_KINDS["counting"].chunks)])


def test_a_result_of_a_type_that_is_not_documented_is_refused() -> None:
    """Callers are told which there are."""
    with pytest.raises(ValueError, match="text/plain"):
        kinds([Kind("plain", COUNTING_KINDS["counting"].chunks, result=Result("text/plain", "txt"))])


def test_chunks_of_the_test_kind_differ() -> None:
    """Or a chunk in the place of another would not be noticed."""
    assert chunk("a", 1) != chunk("a", 2) != chunk("b", 2)

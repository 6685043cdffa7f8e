"""Workers, the service and the database die by kill -9 in the midst of jobs: each result is as if nothing had been."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from breaking import PostgreSQL, command, start, until
from sqlalchemy import create_engine, text
from support import counting_job
from support.counting_job import ask, expected

from fee_service.actors import COMMAND_LINE
from fee_service.job_state import JobState
from fee_service.jobs.asking import found
from fee_service.jobs.kinds import chunks_of
from fee_service.settings import REPOSITORY
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError

LEASE = 1  # seconds
TABLES = ("jobs", "job_chunks")
CHUNKS, SECONDS = 40, 0.05  # of a job, and for each chunk
KILLS = int(os.environ.get("FAULT_TEST_KILLS", "4"))


class Workers:
    """Two workers that are started anew when they die, as systemd would."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._logs: dict[int, Path] = {}
        self.running = [self._started() for _ in range(2)]

    def _started(self) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-m", "tests.support.counting_job", self._url, str(LEASE)]
        path = self._folder / f"worker-{time.monotonic_ns()}.log"
        with open(path, "wb") as log:
            process = subprocess.Popen(arguments, cwd=REPOSITORY, stderr=log, stdout=log)
        self._logs[process.pid] = path
        return process

    def have_begun(self) -> None:
        """Wait until each is at work."""
        for worker in self.running:
            until(lambda: "begins" in self._logs[worker.pid].read_text())  # noqa: B023

    def kill(self, how: int = signal.SIGKILL) -> int:
        """End one of them in the midst of what it does, and start another; answers its exit status."""
        victim = self.running.pop(0)
        victim.send_signal(how)
        status = victim.wait(30)
        self.running.append(self._started())
        return status

    def end(self) -> None:
        """Leave none behind."""
        for worker in self.running:
            with contextlib.suppress(ProcessLookupError):
                worker.send_signal(signal.SIGCONT)
            worker.kill()
            worker.wait()

    def logged(self) -> str:
        """What all of them said."""
        return "".join(log.read_text() for log in self._folder.glob("worker-*.log"))


@pytest.fixture
def workers(url: str, tmp_path: Path) -> Iterator[Workers]:
    """At work on that database."""
    Database(url).upgrade()
    started = Workers(url, tmp_path)
    yield started
    started.end()


def states(database: Database, ids: list[str]) -> list[str]:
    """Of each job; none where the database is away."""
    with contextlib.suppress(StorageError):
        return [found(database, each, COMMAND_LINE).state for each in ids]
    return []


def done_once(url: str, ids: dict[str, bytes]) -> None:
    """Every job is done, its bytes are those of an undisturbed one, and nothing else is there."""
    database = Database(url)
    until(lambda: states(database, list(ids)) == [JobState.DONE] * len(ids), 90)
    for job_id, content in ids.items():
        job = found(database, job_id, COMMAND_LINE)
        assert b"".join(chunks_of(database, job_id)) == content
        assert (job.chunks_done, job.chunks_total, job.result_bytes) == (CHUNKS, CHUNKS, len(content))
        assert job.summary == f'{{"lines":{CHUNKS * counting_job.LINES}}}'
    database.close()
    engine = create_engine(Database(url).engine.url)
    with engine.connect() as connection:
        kept = [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES]
        assert kept == [len(ids), len(ids) * CHUNKS]
    engine.dispose()


def asked(url: str, number: int = 2) -> dict[str, bytes]:
    """Some jobs with files, and what each must make."""
    database = Database(url)
    files = [os.urandom(1_500_000) for _ in range(number)]
    ids = {ask(database, CHUNKS, file, seconds=SECONDS): expected(CHUNKS, file) for file in files}
    database.close()
    return ids


def test_workers_that_are_killed_lose_and_double_nothing(url: str, workers: Workers) -> None:
    """At moments that nobody chose; each time another goes on when the lease has run out."""
    ids, chance = asked(url), random.Random(url)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 1.2))
        workers.kill()
    done_once(url, ids)


def test_workers_that_are_asked_to_stop_hand_back_at_once(url: str, workers: Workers) -> None:
    """Exit status 0 each time; nobody waits for a lease, so all is done sooner than the leases would take."""
    ids, chance = asked(url), random.Random(url)
    for _ in range(KILLS):
        workers.have_begun()
        time.sleep(chance.uniform(0.1, 0.4))
        assert workers.kill(signal.SIGTERM) == 0
    done_once(url, ids)
    assert "no longer ours" not in workers.logged()


def test_a_worker_that_was_asleep_writes_nothing_when_it_wakes(url: str, workers: Workers) -> None:
    """Stopped for longer than its lease, again and again; another does its job meanwhile."""
    ids = asked(url)
    for _ in range(3):
        sleeper = workers.running[0]
        sleeper.send_signal(signal.SIGSTOP)
        time.sleep(LEASE + 0.8)
        sleeper.send_signal(signal.SIGCONT)
        time.sleep(0.3)
        workers.running.reverse()
    done_once(url, ids)
    assert "Traceback" not in workers.logged()


def test_the_service_and_the_database_are_killed_as_well(
    url: str, workers: Workers, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """A service beside them, and PostgreSQL where it is that; the audit log stays whole."""
    ids = asked(url)
    service = start(tmp_path, database_url=url).__enter__()
    for number in range(2):
        time.sleep(0.4)
        service.process.kill()
        service.process.wait()
        workers.kill()
        if url.startswith("postgresql"):
            cluster: PostgreSQL = request.getfixturevalue("postgresql")
            cluster.stop(signal.SIGKILL)
            time.sleep(0.5 * number)
            cluster.start()
    done_once(url, ids)
    assert "whole" in command(url, "audit", "verify").stdout


def test_a_job_that_kills_its_worker_is_given_up(url: str, workers: Workers) -> None:
    """Its chunk is never made, however often it is tried; a job behind it is done."""
    database = Database(url)
    deadly = ask(database, 2, kills_at=1)
    harmless = ask(database, 1)

    def revived() -> Any:
        for place, worker in enumerate(workers.running):
            if worker.poll() is not None:
                workers.running[place] = workers._started()
        return states(database, [deadly, harmless]) == [JobState.FAILED, JobState.DONE]

    until(revived, 120)
    until(lambda: b"".join(chunks_of(database, deadly)) == b"")  # what it had made is removed behind that
    database.close()

"""Two who bring the same database up to date at once: one does it, the other waits as long as it takes."""

import contextlib
import fcntl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
from breaking import issued, start
from support.serving import REPOSITORY

from fee_service.storage import migrating
from fee_service.storage.database import BUSY_SECONDS


@contextlib.contextmanager
def somebody_migrating(url: str) -> Iterator[None]:
    """The lock of migrations, held as by a process that is at it."""
    if url.startswith("sqlite"):
        with open(f"{url.removeprefix('sqlite:///')}.migrating", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [migrating.ADVISORY_LOCK])
            yield


def test_of_two_upgrades_one_does_it_and_the_other_waits(url: str, tmp_path: Path) -> None:
    """Longer than any lock is waited for elsewhere; both end well."""
    service = start(tmp_path, command=("-c", ""), database_url=url)  # only for its environment
    command = [sys.executable, "-m", "fee_service", "db", "upgrade"]
    with somebody_migrating(url):
        both = [
            subprocess.Popen(command, cwd=REPOSITORY, env=service.environ, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        time.sleep(BUSY_SECONDS + 2)
        assert [process.poll() for process in both] == [None, None]
    told = Counter(process.communicate(timeout=30)[0].strip() for process in both)
    assert [process.returncode for process in both] == [0, 0]
    newest = migrating.newest()
    assert told == {f"from revision none to {newest}": 1, f"at revision {newest} already": 1}
    service.stop()


def test_two_services_that_start_at_once_on_an_empty_database_both_answer(url: str, tmp_path: Path) -> None:
    """Four workers, none of which has seen the tables before."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, other = (start(tmp_path / name, database_url=url) for name in ("one", "other"))
    with one, other:
        key = one.key()
        numbers = [issued(service, key)["number"][7:] for service in (one, other) for _ in range(3)]
        assert sorted(numbers) == [f"{number:06d}" for number in range(1, 7)]
        assert one.ask("GET", "/readyz")[0] == other.ask("GET", "/readyz")[0] == 200

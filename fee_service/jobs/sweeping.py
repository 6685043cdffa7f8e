"""What is not needed any more: files of jobs that are over, what cancelled ones made, jobs of some days ago."""

from __future__ import annotations

from fee_service.storage import jobs
from fee_service.storage.database import Database

HOURS_TO_ARRIVE = 24


def clear(database: Database, job_id: str, *, results: bool) -> None:
    """Remove the files of a job, and what it made where that goes too, a little at a time. Raises StorageError."""
    while not database.write(lambda connection: jobs.clear(connection, job_id, results=results)):
        pass


def tidy(database: Database) -> None:
    """Remove what jobs that are over have left. Raises StorageError."""
    with database.reading() as connection:
        left = jobs.litter(connection)
    for job_id, results in left:
        clear(database, job_id, results=results)


def sweep(database: Database, days: int) -> int:
    """Remove jobs that were over so many days ago, and files that never came whole. Raises StorageError."""
    with database.reading() as connection:
        old = jobs.outlived(connection, days, HOURS_TO_ARRIVE)
    for job_id in old:
        clear(database, job_id, results=True)
        database.write(lambda connection: jobs.forget(connection, job_id))  # noqa: B023 (it is run at once)
    return len(old)

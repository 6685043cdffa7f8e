"""How far a job has come."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """The states of a job; `arriving` is never shown: its files are not all there yet."""

    ARRIVING = "arriving"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


SHOWN = tuple(state for state in JobState if state is not JobState.ARRIVING)
WAITING = (JobState.QUEUED, JobState.RUNNING)  # a worker may take it, now or when its lease has run out
OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

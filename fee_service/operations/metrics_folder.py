"""The folder in which each worker counts for itself; it must be chosen before prometheus_client is imported."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

TRIES, PAUSE = 10, 0.05  # seconds
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_held: list[int] = []  # kept open by the service's first process and all its workers


def prepare(folder: Path) -> None:
    """Choose the folder of this service's files and empty it; one that is in use is left as it is.

    A second start by mistake must not disturb the counts of the first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
    else:
        _held.append(lock)
        for file in (*folder.glob("*.db"), *folder.glob("*.new")):
            file.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody reads the files, and nobody begins to; a frozen reader is not waited for."""
    with _opened(folder) as lock:
        yield any(_is_free(lock) for _ in range(TRIES))


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Read all files as they are at one moment."""
    with _opened(folder) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _is_free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(PAUSE)
        return False
    return True


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield lock
    finally:
        os.close(lock)

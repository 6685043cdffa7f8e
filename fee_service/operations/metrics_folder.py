"""The folder in which each worker counts for itself; it must be chosen before prometheus_client is imported."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

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
        for file in folder.glob("*.db"):
            file.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)

"""The folder in which each worker counts for itself; it must be chosen before prometheus_client is imported."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def prepare(folder: Path) -> None:
    """Choose the folder of this service's files and empty it.

    Files of processes that live are left: a second start by mistake must not disturb the first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        if not _lives(file.stem.rpartition("_")[2]):
            file.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)


def _lives(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

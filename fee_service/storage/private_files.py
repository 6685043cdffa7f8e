"""Files with quotes in them, or beside them: from their first moment on nobody but their owner reads them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

OWNER_ONLY = 0o600


def opened_for_its_owner(path: str | Path) -> TextIO:
    """A file opened to be written, made with mode 0600 where it is missing. Raises OSError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY), "r+")


def made_for_its_owner(path: str | Path) -> None:
    """Make an empty file with mode 0600, whatever the umask; one that is there stays as it is. Raises OSError.

    SQLite gives the files beside a database (`-wal`, `-shm`, `-journal`) the mode of the database.
    """
    opened_for_its_owner(path).close()


def kept_from_others(path: Path) -> None:
    """Take away what a file allows to others than its owner. Raises OSError."""
    path.chmod(path.stat().st_mode & OWNER_ONLY)

"""The key of a first try: made where the service keeps its quotes in a file of its own, never in production."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from fee_service.actors import COMMAND_LINE, Role
from fee_service.keys import keyring
from fee_service.storage.database import Database

FILE, ROLE, NAME = "demo-key", Role.SALES, "demo"


def demo_key(instance: Path, database: Database, origin: str, today: date) -> str | None:
    """The demo key, made anew where the database does not know it; None where it was revoked."""
    file = instance / FILE
    if file.is_file():
        key = file.read_text("ascii", errors="replace").strip()
        opens = keyring.is_open(database, key, today)
        if opens is not None:
            return key if opens else None
    key = keyring.create(database, COMMAND_LINE, origin, ROLE, NAME)
    _keep(file, key)
    return key


def _keep(file: Path, key: str) -> None:
    """Only the owner may read it, from the first moment on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(key + "\n")

"""The key that signs sessions and links: never in the database, a copy of which would open the desk otherwise."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from fee_service.settings import PREFIX, BadSettings, Settings

FILE = "secret-key"
MISSING = (
    f"{PREFIX}SECRET_KEY is missing: where {PREFIX}DATABASE_URL is set, the key that signs sessions and links is set "
    'too, the same on all machines; make one with python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
)


def secret_key_of(settings: Settings) -> str:
    """The key that is set; a file of this installation where no database is set either. Raises BadSettings."""
    if settings.secret_key is not None:
        return settings.secret_key
    if settings.database_url is not None:
        raise BadSettings([MISSING])
    try:
        return _kept(settings.instance / FILE)
    except OSError as error:
        told = f"cannot be kept in {settings.instance}: {error}; set it, or {PREFIX}INSTANCE to a folder of your own"
        raise BadSettings([f"{PREFIX}SECRET_KEY is not set and {told}"]) from error


def _kept(file: Path) -> str:
    """What the file holds; one that is made at the same time by another process wins whole or not at all."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_name(f"{file.name}.{os.getpid()}-{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
                opened.write(secrets.token_urlsafe(48) + "\n")
            with contextlib.suppress(FileExistsError):
                os.link(own, file)
        finally:
            own.unlink(missing_ok=True)
    found = file.read_text("utf-8").strip()
    if len(found) < 32:
        raise OSError(f"{file} holds no key; remove it, and a new one is made")
    return found

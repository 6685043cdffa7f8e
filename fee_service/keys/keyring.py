"""Who holds a key: looked up in the database, and remembered for a few seconds in each worker."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fee_service.actors import Actor, Role
from fee_service.clock import now_in_utc
from fee_service.errors import Fault, FeeError
from fee_service.keys import new_key, presented, presented_key, same
from fee_service.storage import audit, keys, sessions
from fee_service.storage.attested import KEY_CREATED, KEY_REVOKED
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError
from fee_service.storage.keys import StoredKey
from fee_service.storage.seals import OF_A_KEY, seal

REMEMBERED_SECONDS = 5  # a revocation works in every worker after this time at the latest
OUTAGE_SECONDS = 600  # without the database: previews go on for those who were known
MOST_REMEMBERED = 10_000  # keys, those first that were looked up first
LONGEST_NAME = 100
UNAUTHORIZED = 401
ROLES = frozenset(role.value for role in Role)


class _Known(NamedTuple):
    key: StoredKey
    hash: str
    until: float  # of the monotonic clock
    at_the_latest: float  # while the database is away


class Keyring:
    """The keys of an installation as one worker sees them; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, _Known] = {}

    def actor(self, authorization: str | None, today: date) -> Actor:
        """Who sends an Authorization header. Raises FeeError (401) and StorageError."""
        if not authorization:
            raise refused("key_missing")
        key = presented(authorization)
        if key is None:
            raise refused("key_malformed")
        known = self._find(key.key_id)
        if known is None or not same(known.hash, key.hash):
            raise refused("key_unknown")
        return require_open(known.key, today)

    def _find(self, key_id: str) -> _Known | None:
        known, now = self._known.get(key_id), time.monotonic()
        if known is not None and now <= known.until:
            return known
        try:
            return self._look_up(key_id)
        except StorageError:  # no key is revoked in a database that is away, and nothing is read or kept there
            if known is None or now > known.at_the_latest:
                raise
            self._known[key_id] = known._replace(until=now + REMEMBERED_SECONDS)
            return known

    def _look_up(self, key_id: str) -> _Known | None:
        with self._database.reading() as connection:
            key = keys.find(connection, key_id)
        if key is None:
            self._known.pop(key_id, None)
            return None
        now = time.monotonic()
        known = _Known(key, key.hash, now + REMEMBERED_SECONDS, now + OUTAGE_SECONDS)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.pop(list(self._known)[0], None)  # noqa: RUF015 — the list is made at once, other threads or not
        self._known[key.id] = known
        return known


def require_open(key: StoredKey, today: date) -> Actor:
    """Who holds a key that is neither revoked nor expired, and whose role is known here. Raises FeeError (401)."""
    if key.revoked_at is not None:
        raise refused("key_revoked")
    if key.expires_on is not None and key.expires_on < today:
        raise refused("key_expired", expires_on=key.expires_on)
    if key.role not in ROLES:  # of another version of this service, before or after this one
        raise refused("key_unknown")
    return Actor(key.id, Role(key.role))


def refused(code: str, **params: Any) -> FeeError:
    """A refusal for want of a good key."""
    return FeeError([Fault(code, "", params)], UNAUTHORIZED)


def create(database: Database, by: Actor, origin: str, role: Role, name: str, expires_on: date | None = None) -> str:
    """Make a key and answer it, the only time that it is seen. Raises ValueError for a name that cannot be."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(sign)[0] == "C" for sign in name):
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters that can be seen")
    key = new_key()
    made = presented_key(key)
    assert made is not None
    told = {"role": str(role), "name": name, "expires_on": expires_on}

    def job(connection: Connection) -> None:
        at = now_in_utc()
        row = StoredKey(made.key_id, made.hash, str(role), name, created_at=at, expires_on=expires_on)
        keys.store(connection, row)
        sealed = {**told, "seal": seal(row._asdict(), OF_A_KEY)}
        audit.append(connection, audit.Entry(by, KEY_CREATED, made.key_id, sealed, origin, at))

    database.write(job)
    return key


def everyone(database: Database) -> Sequence[StoredKey]:
    """All keys in the order in which they were made."""
    with database.reading() as connection:
        return keys.everything(connection)


def revoke(database: Database, by: Actor, origin: str, key_id: str) -> bool:
    """Close a key and its sessions for ever; False where it was closed before. Raises LookupError for an unknown id."""

    def job(connection: Connection) -> bool:
        key = keys.find(connection, key_id)
        if key is None:
            raise LookupError(key_id)
        at = now_in_utc()
        if not keys.revoke(connection, key_id, at):
            return False
        sessions.end_all_of(connection, key_id)
        told = {"role": key.role, "name": key.name}
        audit.append(connection, audit.Entry(by, KEY_REVOKED, key_id, told, origin, at))
        return True

    return database.write(job)


def is_open(database: Database, key: str, today: date) -> bool | None:
    """Whether a key opens; None where this database does not know it."""
    try:
        Keyring(database).actor(f"Bearer {key}", today)
    except FeeError as error:
        return None if error.faults[0].code in ("key_unknown", "key_malformed") else False
    return True

"""Seats at the desk: a session begins with a key, and ends on the server, by itself or with the key."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import time
from collections import OrderedDict
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from fee_service.actors import Actor
from fee_service.clock import now_in_utc
from fee_service.errors import FeeError
from fee_service.keys.keyring import OUTAGE_SECONDS, require_open
from fee_service.storage import sessions
from fee_service.storage.database import Database
from fee_service.storage.faults import StorageError

HOURS = 9  # a working day
MOST_REMEMBERED = 1_000  # sessions in each worker


class _Known(NamedTuple):
    actor: Actor
    at_the_latest: float  # of the monotonic clock, while the database is away


class Seats:
    """The sessions of an installation as one worker sees them; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def begin(self, actor: Actor) -> str:
        """Begin a session for the holder of a key; answers what his browser keeps of it. Raises StorageError."""
        token, now = secrets.token_urlsafe(32), now_in_utc()
        until = now + timedelta(hours=HOURS)

        def job(connection: Connection) -> None:
            sessions.begin(connection, _hash(token), actor.key_id, now, until)

        self._database.write(job)
        return token

    def holder(self, token: str, today: date) -> Actor | None:
        """Who began a session; None where it has ended, or its key. Raises StorageError.

        It is looked up each time. While the database is away, whoever was known goes on for some minutes.
        """
        session = _hash(token)
        try:
            actor = self._look_up(session, today)
        except StorageError:
            known = self._known.get(session)
            if known is None or time.monotonic() > known.at_the_latest:
                raise
            return known.actor
        self._remember(session, actor)
        return actor

    def end(self, token: str) -> None:
        """End a session, wherever it is shown. Raises StorageError."""
        session = _hash(token)
        self._remember(session, None)
        self._database.write(lambda connection: sessions.end(connection, session))

    def _look_up(self, session: str, today: date) -> Actor | None:
        with self._database.reading() as connection:
            key = sessions.key_of(connection, session, now_in_utc())
        try:
            return require_open(key, today) if key is not None else None
        except FeeError:
            return None

    def _remember(self, session: str, actor: Actor | None) -> None:
        self._known.pop(session, None)
        if actor is not None:
            self._known[session] = _Known(actor, time.monotonic() + OUTAGE_SECONDS)
            if len(self._known) > MOST_REMEMBERED:
                with contextlib.suppress(KeyError):  # another thread was quicker
                    self._known.popitem(last=False)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""A call at the desk: who asks, from where, when, in which language; and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from fee_service.actors import Actor
from fee_service.answers.plan import joined
from fee_service.storage.audit import Entry
from fee_service.wording import Language


class Once(NamedTuple):
    """An idempotency key, and the SHA-256 of the request that it stands for."""

    key: str
    request: str


class Call(NamedTuple):
    """Who asks, from where, and when; `today` is the day in Korea."""

    actor: Actor
    origin: str
    now: datetime
    today: date
    language: Language = "both"
    once: Once | None = None

    @property
    def owner_and_key(self) -> tuple[str, str] | None:
        """Under which the first answer is kept; None where it need not be."""
        return None if self.once is None else (self.actor.key_id, self.once.key)

    def told(self, action: str, subject: str, details: Mapping[str, Any]) -> Entry:
        """What the audit log says of it."""
        return Entry(self.actor, action, subject, details, self.origin, self.now)


class Reply(NamedTuple):
    """An answer that was stored, or that stands in for a first one: `head` and `tail` are JSON objects."""

    status: int
    location: str | None
    head: bytes
    tail: bytes | None
    replayed: bool = False

    @property
    def body(self) -> bytes:
        return joined(self.head, self.tail)

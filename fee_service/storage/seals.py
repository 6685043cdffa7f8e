"""Seals: the hash of a row, which stands in the audit log, so that an edit of either is found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson

# What never changes of a key and of a first answer; of a key, what is told apart from it is when it was revoked.
OF_A_KEY = ("id", "hash", "role", "name", "created_at", "expires_on")
OF_AN_ANSWER = ("owner", "key", "request", "status", "location", "head", "tail", "expires_at")


def seal(row: Mapping[Any, Any], columns: Sequence[str]) -> str:
    """The SHA-256 of some columns of a row, one by one."""
    data = {name: _plain(row[name]) for name in columns}
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def instant(at: datetime) -> str:
    """An instant to the microsecond, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value

"""API keys: how they are made, read from a request and compared. Only the SHA-256 of a key is kept.

A key is `fee_`, its id of 12 characters, `_`, and 256 random bits in 43 characters. The id is no secret: it
names the key in lists and in the audit log.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
_KEY = re.compile(r"fee_([a-z0-9]{12})_[A-Za-z0-9_-]{43}", re.ASCII)
_SCHEME = "bearer "


class Presented(NamedTuple):
    """A key as a caller sends it: its id, and the SHA-256 of the whole."""

    key_id: str
    hash: str


def new_key() -> str:
    """A key that nobody can guess."""
    key_id = "".join(secrets.choice(ID_ALPHABET) for _ in range(12))
    return f"fee_{key_id}_{secrets.token_urlsafe(32)}"


def presented(authorization: str) -> Presented | None:
    """The key of an Authorization header; None where it holds nothing of the form of a key."""
    if authorization[: len(_SCHEME)].lower() != _SCHEME:
        return None
    return presented_key(authorization[len(_SCHEME) :].strip(" "))


def presented_key(key: str) -> Presented | None:
    """A key by its id and hash; None where it has not the form of a key."""
    match = _KEY.fullmatch(key)
    return Presented(match[1], hashlib.sha256(key.encode()).hexdigest()) if match else None


def same(one: str, other: str) -> bool:
    """Whether two hashes are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)

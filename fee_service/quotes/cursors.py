"""Cursors: where a page of a list ended, signed, so that only what this service gave out is taken back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

LENGTH_OF_MAC = 16
_POSITION = 8  # bytes


def cursor_at(position: int, of: bytes, key: bytes) -> str:
    """The cursor behind a position of the list `of`."""
    place = position.to_bytes(_POSITION, "big")
    return base64.urlsafe_b64encode(place + _mac(place, of, key)).decode().rstrip("=")


def position_at(cursor: str, of: bytes, key: bytes) -> int | None:
    """The position of a cursor; None where it was not given out for this list."""
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    place, mac = decoded[:_POSITION], decoded[_POSITION:]
    if not hmac.compare_digest(mac, _mac(place, of, key)) or cursor_at(int.from_bytes(place), of, key) != cursor:
        return None
    return int.from_bytes(place)


def _mac(place: bytes, of: bytes, key: bytes) -> bytes:
    return hmac.new(key, place + of, hashlib.sha256).digest()[:LENGTH_OF_MAC]

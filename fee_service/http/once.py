"""The Idempotency-Key header: one answer to one request, however often it is sent."""

from __future__ import annotations

import hashlib
import re

from flask import request

from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Once
from schemas.fields import shown

LONGEST_KEY = 255
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")


def once(body: bytes | None = None) -> Once | None:
    """The key of the request with the request it stands for. Raises FeeError (400).

    `body`: what stands for the body, where that is read already.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        params = {"value": shown(key), "maximum": LONGEST_KEY}
        raise FeeError([Fault("idempotency_key_malformed", "", params)], 400)
    told = f"{request.method} {request.full_path}\n".encode() + (request.get_data() if body is None else body)
    return Once(key, hashlib.sha256(told).hexdigest())

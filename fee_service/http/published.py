"""Answers made of published data: they change only with a new edition, so they may be kept."""

from __future__ import annotations

import hashlib

import orjson
from flask import Response, request

MAY_BE_KEPT = "public, max-age=300"  # seconds: a new edition is seen after five minutes


def published(data: object) -> Response:
    """The data as JSON with an ETag; 304 where the caller has it already."""
    content = orjson.dumps(data)
    answer = Response(content, content_type="application/json")
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    answer.headers["Cache-Control"] = MAY_BE_KEPT
    answer.headers["Vary"] = "Accept-Language"
    answer.make_conditional(request)
    return answer

"""What was stored, as it is answered."""

from __future__ import annotations

from flask import Response

from fee_service.quotes.calls import Reply

JSON = "application/json"


def answer(reply: Reply) -> Response:
    """A reply with where it is found from now on, and whether it was given before."""
    told = Response(reply.body, reply.status, content_type=JSON)
    if reply.location is not None:
        told.headers["Location"] = reply.location
    if reply.replayed:
        told.headers["Idempotent-Replayed"] = "true"
    return told

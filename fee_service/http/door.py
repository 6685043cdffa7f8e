"""What is refused before anything is looked up or kept: bodies in a coding, and text that is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus

from flask import request
from werkzeug.exceptions import NotFound

from fee_service.errors import Fault, FeeError, pointer
from schemas.fields import shown

# No database keeps a NUL in a text, and nothing can be encoded that has half a surrogate pair.
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
CODED_AT_ALL = ("", "identity")
FRAMED = ("", "chunked", "identity")


def check_request() -> None:
    """Refuse a coded body and a path that cannot be a name of anything. Raises FeeError (415) and NotFound."""
    environ = request.environ
    coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    framing = environ.get("HTTP_TRANSFER_ENCODING", "").strip().lower()
    if coding not in CODED_AT_ALL or framing not in FRAMED:
        value = coding if coding not in CODED_AT_ALL else framing
        raise FeeError([Fault("coded_body", "", {"value": shown(value)})], HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if NO_TEXT.search(request.path):
        raise NotFound


def check_text(typed: Iterable[tuple[str | None, str]]) -> None:
    """Refuse fields of a form or an address that hold what no text has, or bear no name.

    Raises FeeError (400), naming each.
    """
    faults = {
        name: Fault("unreadable_text", pointer(NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", name or "")), _named(name))
        for name, value in typed
        if name is None or NO_TEXT.search(name) or NO_TEXT.search(value)  # a part of a form may come without a name
    }
    if faults:
        raise FeeError(faults.values(), HTTPStatus.BAD_REQUEST)


def _named(name: str | None) -> dict[str, str]:
    return {"field": shown(name or "")}

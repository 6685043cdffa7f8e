"""Which language a caller reads: Korean, English, or both where the caller does not say."""

from __future__ import annotations

from functools import lru_cache

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from fee_service.wording import Language


def language() -> Language:
    """The language of the request's Accept-Language header."""
    header = request.environ.get("HTTP_ACCEPT_LANGUAGE")
    return wanted(header) if header else "both"


@lru_cache(maxsize=512)
def wanted(header: str) -> Language:
    """Korean or English, whichever a header prefers; "both" where it names neither."""
    for tag, quality in parse_accept_header(header, LanguageAccept):
        first = tag.replace("_", "-").partition("-")[0].lower()
        if quality > 0 and first in ("ko", "en"):
            return "ko" if first == "ko" else "en"
    return "both"

"""Documents as files: how each kind is made and sent, for whoever holds a key or a link."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

import orjson
from flask import Response, current_app

from fee_service.documents.csv import csv
from fee_service.documents.issued_quote import IssuedQuote
from fee_service.documents.pdf import pdf
from fee_service.documents.press import Press
from fee_service.documents.xlsx import xlsx
from fee_service.http.context import public_url
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

PATIENCE = 10.0  # seconds that a caller with a key waits for his turn
PATIENCE_BY_LINK = 1.0  # seconds for who holds a link: many may, and nobody knows them


class Kind(NamedTuple):
    """How a kind of document is made, and how it is named on the way."""

    make: Callable[[IssuedQuote, OneLanguage], bytes]
    content_type: str


KINDS: Mapping[str, Kind] = {
    "pdf": Kind(pdf, "application/pdf"),
    "xlsx": Kind(xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": Kind(csv, "text/csv; charset=utf-8"),
}


def document_of(
    answer: Data, kind: str, wanted: OneLanguage, patience: float = PATIENCE, *, for_seller: bool = False
) -> Response:
    """A stored quote as a file to keep, named by its number; `for_seller` adds what no customer is told.

    Raises FeeError (503) where too many are being made.
    """
    made, document = KINDS[kind], IssuedQuote(answer, verify_url(answer["digest"]), for_seller)
    press = cast(Press, current_app.extensions["press"])
    made_of = orjson.dumps([*document, kind, wanted], option=orjson.OPT_SORT_KEYS)
    key = hashlib.sha256(made_of).digest()
    content = press.document(key, lambda: made.make(document, wanted), patience)
    response = Response(content, content_type=made.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{answer["number"]}.{kind}"'
    return response


def verify_url(digest: str) -> str:
    """Where a printed quote can be checked."""
    return public_url(f"/verify/{digest.removeprefix('sha256:')}")

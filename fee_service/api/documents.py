"""Documents of a stored quote: PDF, spreadsheet and CSV, the same bytes for the same quote."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

import orjson
from flask import Blueprint, Response, current_app

from fee_service.documents.csv import csv
from fee_service.documents.issued_quote import IssuedQuote, Language
from fee_service.documents.pdf import pdf
from fee_service.documents.press import Press
from fee_service.documents.xlsx import xlsx
from fee_service.http.body import query
from fee_service.http.context import call, public_url, the_desk
from fee_service.http.language import language
from fee_service.quotes import showing
from schemas.document import DocumentQuerySchema

PATIENCE = 10.0  # seconds that a caller with a key waits for his turn
PATIENCE_BY_LINK = 1.0  # seconds for who holds a link: many may, and nobody knows them

blueprint = Blueprint("documents", __name__, url_prefix="/v1/quotes")


class Kind(NamedTuple):
    """How a kind of document is made, and how it is named on the way."""

    make: Callable[[IssuedQuote, Language], bytes]
    content_type: str


KINDS: Mapping[str, Kind] = {
    "pdf": Kind(pdf, "application/pdf"),
    "xlsx": Kind(xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": Kind(csv, "text/csv; charset=utf-8"),
}


@blueprint.get("/<key>.pdf")
def quote_as_pdf(key: str) -> Response:
    """A quote as it is handed over."""
    return _document(key, "pdf")


@blueprint.get("/<key>.xlsx")
def quote_as_xlsx(key: str) -> Response:
    """A quote as a spreadsheet whose formulas add its amounts up."""
    return _document(key, "xlsx")


@blueprint.get("/<key>.csv")
def quote_as_csv(key: str) -> Response:
    """The months of a quote, line by line."""
    return _document(key, "csv")


def _document(key: str, kind: str) -> Response:
    asked = query(DocumentQuerySchema)
    wanted: Language = asked.get("lang") or ("en" if language() == "en" else "ko")
    answer = showing.show(the_desk(), key, call()._replace(language=wanted))
    return document_of(orjson.loads(answer), kind, wanted, for_seller=asked.get("notices") == "all")


def document_of(
    answer: dict[str, Any], kind: str, wanted: Language, patience: float = PATIENCE, *, for_seller: bool = False
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

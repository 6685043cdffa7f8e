"""Documents of a stored quote: PDF, spreadsheet and CSV, the same bytes for the same quote."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from fee_service.http.body import query
from fee_service.http.context import call, the_desk
from fee_service.http.files import document_of
from fee_service.http.language import language
from fee_service.quotes import showing
from fee_service.wording import OneLanguage
from schemas.document import DocumentQuerySchema

blueprint = Blueprint("documents", __name__, url_prefix="/v1/quotes")


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
    wanted: OneLanguage = asked.get("lang") or ("en" if language() == "en" else "ko")
    answer = showing.show(the_desk(), key, call()._replace(language=wanted))
    return document_of(orjson.loads(answer), kind, wanted, for_seller=asked.get("notices") == "all")

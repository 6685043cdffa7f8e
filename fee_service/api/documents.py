"""Documents of a stored quote: PDF, spreadsheet and CSV, the same bytes for the same quote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson
from flask import Blueprint, Response

from fee_service import desk
from fee_service.api.body import query
from fee_service.api.context import call, public_url, the_desk
from fee_service.api.language import language
from fee_service.documents.csv import csv
from fee_service.documents.issued_quote import IssuedQuote, Language
from fee_service.documents.pdf import pdf
from fee_service.documents.xlsx import xlsx
from schemas.document import DocumentQuerySchema

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
    wanted: Language = query(DocumentQuerySchema).get("lang") or ("en" if language() == "en" else "ko")
    answer = desk.show(the_desk(), key, call()._replace(language=wanted))
    return document_of(orjson.loads(answer), kind, wanted)


def document_of(answer: dict[str, Any], kind: str, wanted: Language) -> Response:
    """A stored quote as a file to keep, named by its number."""
    made = KINDS[kind]
    content = made.make(IssuedQuote(answer, verify_url(answer["digest"])), wanted)
    response = Response(content, content_type=made.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{answer["number"]}.{kind}"'
    return response


def verify_url(digest: str) -> str:
    """Where a printed quote can be checked."""
    return public_url(f"/verify/{digest.removeprefix('sha256:')}")

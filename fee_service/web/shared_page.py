"""One quote for the prospect, read-only, for whoever holds the link."""

from __future__ import annotations

from typing import Any

import orjson
from flask import current_app
from werkzeug.wrappers import Response as AnyResponse

from fee_service.actors import Actor, Role
from fee_service.http.context import editions, the_desk
from fee_service.http.files import KINDS, PATIENCE_BY_LINK, document_of, verify_url
from fee_service.quotes import sharing
from fee_service.web.languages import page_language
from fee_service.web.result import Result
from fee_service.web.shell import blueprint, call, page


@blueprint.get("/s/<token>")
def shared_page(token: str) -> AnyResponse:
    """One quote, read-only, for whoever holds the link; a file where a kind of document is named."""
    name, dot, kind = token.rpartition(".")
    if dot and kind in KINDS:
        return document_of(_shared(name), kind, page_language(), PATIENCE_BY_LINK)
    answer = _shared(token)
    result = Result(answer, page_language(), editions())
    return page("shared.html", result=result, token=token, verify=verify_url(answer["digest"]))


def _shared(token: str) -> dict[str, Any]:
    share_id = sharing.share_of(token, str(current_app.secret_key))
    asking = call()._replace(actor=Actor("shared-link", Role.SALES))
    answer: dict[str, Any] = orjson.loads(sharing.shared_quote(the_desk(), share_id, asking))
    return answer

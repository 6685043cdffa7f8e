"""Audits of the use of a contract."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from fee_service.api.replies import JSON, answer
from fee_service.finance import auditing
from fee_service.http.body import posted, query
from fee_service.http.context import call, the_desk
from schemas.usage import AuditSchema

blueprint = Blueprint("audits", __name__, url_prefix="/v1/contracts/<key>/audits")


@blueprint.post("")
def enter_audit(key: str) -> Response:
    """Enter what an audit found; the answer says who bears its cost."""
    asking = call()
    loaded, _ = posted(AuditSchema)
    return answer(auditing.enter(the_desk(), key, loaded, asking))


@blueprint.get("")
def list_audits(key: str) -> Response:
    """List the audits of a contract."""
    query()
    return Response(orjson.dumps(auditing.list_audits(the_desk(), key, call())), content_type=JSON)

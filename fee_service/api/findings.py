"""What reconciliations found wrong: listed, shown with its story, and what becomes of it."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from fee_service.api.replies import JSON, answer
from fee_service.http.body import posted, query
from fee_service.http.context import call, the_desk
from fee_service.reconciliation import following_up
from schemas.findings import FindingsQuerySchema, FindingWordSchema

blueprint = Blueprint("findings", __name__, url_prefix="/v1/findings")


@blueprint.get("")
def list_findings() -> Response:
    """List what reconciliations found wrong."""
    page = following_up.list_findings(the_desk(), query(FindingsQuerySchema), call())
    return Response(orjson.dumps(page), content_type=JSON)


@blueprint.get("/<finding_id>")
def show_finding(finding_id: str) -> Response:
    """Show a finding with all that runs and people said of it."""
    query()
    return Response(orjson.dumps(following_up.show(the_desk(), finding_id, call())), content_type=JSON)


@blueprint.post("/<finding_id>")
def say_of_finding(finding_id: str) -> Response:
    """Say what becomes of a finding."""
    asking = call()
    loaded, _ = posted(FindingWordSchema)
    return answer(following_up.say(the_desk(), finding_id, loaded, asking))

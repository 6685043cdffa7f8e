"""Contracts, which are accepted quotes: listed, shown, and what happens to them entered."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.api.replies import JSON, answer
from fee_service.finance import happening, listing, showing
from fee_service.http.body import posted, query
from fee_service.http.context import call, the_desk
from schemas.contracts import ContractEventSchema, ContractsQuerySchema

blueprint = Blueprint("contracts", __name__, url_prefix="/v1/contracts")


@blueprint.get("")
def list_all_contracts() -> Response:
    """List the contracts that the caller may see."""
    return Response(listing.list_contracts(the_desk(), query(ContractsQuerySchema), call()), content_type=JSON)


@blueprint.get("/<key>")
def show_contract(key: str) -> Response:
    """Show a contract by its id or number."""
    query()
    return Response(showing.show(the_desk(), key, call()), content_type=JSON)


@blueprint.post("/<key>/events")
def enter_event(key: str) -> Response:
    """Enter what happened to a contract."""
    asking = call()
    loaded, _ = posted(ContractEventSchema)
    return answer(happening.enter(the_desk(), key, loaded, asking))

"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from fee_service.api.body import query
from fee_service.api.context import editions, today
from fee_service.editions import NotFound

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    query()
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Editions are loaded and a price list holds today."""
    query()
    try:
        in_force = editions().price_list_on(today()).id
    except NotFound:
        return jsonify(status="not_ready", price_list=None), 503
    return jsonify(status="ready", price_list=in_force), 200

"""Waiver policies: whom each is for, what it waives, for how long, and where that is written."""

from __future__ import annotations

from flask import Blueprint, Response

from fee_service.answers.published import waiver_policy
from fee_service.http.body import query
from fee_service.http.context import editions
from fee_service.http.language import language
from fee_service.http.published import published

blueprint = Blueprint("waiver_policies", __name__, url_prefix="/v1/waiver-policies")


@blueprint.get("")
def list_waiver_policies() -> Response:
    """Every published waiver policy, in the order of time."""
    query()
    policies = sorted(editions().policies, key=lambda policy: policy.valid_from)
    return published({"waiver_policies": [waiver_policy(policy, language()) for policy in policies]})

"""Waiver policies: whom each is for, what it waives, for how long, and where that is written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from fee_service.http.body import query
from fee_service.http.context import editions
from fee_service.http.language import Language, language
from fee_service.http.published import published, sources
from fee_service.published.editions import WaiverPolicy
from fee_service.wording import in_language

blueprint = Blueprint("waiver_policies", __name__, url_prefix="/v1/waiver-policies")


@blueprint.get("")
def list_waiver_policies() -> Response:
    """Every published waiver policy, in the order of time."""
    query()
    policies = sorted(editions().policies, key=lambda policy: policy.valid_from)
    return published({"waiver_policies": [_policy(policy, language()) for policy in policies]})


def _policy(policy: WaiverPolicy, lang: Language) -> dict[str, Any]:
    return {
        "id": policy.id,
        "label": policy.label._asdict(),
        "summary": in_language(policy.summary, lang),
        "sha256": policy.sha256,
        "valid_from": policy.valid_from,
        "valid_to": policy.valid_to,
        "supersedes": policy.supersedes,
        "preferred_to": policy.preferred_to,
        "months": policy.months,
        "test_months": policy.test_months,
        "fees": policy.fees,
        "options": policy.options,
        "channels": policy.channels,
        "qualifications": policy.qualifications,
        "personal_ids_at_most": policy.personal_ids_at_most,
        "company_age": {
            "years": policy.age.years,
            "founding_day_counts": policy.age.founding_day_counts,
            "ends_waiver": policy.age.ends_waiver,
            "source": policy.age.source,
        },
        "partial_month": policy.partial_month,
        "partial_month_undivided": policy.partial_month_undivided,
        "withdrawal_grounds": [in_language(ground, lang) for ground in policy.withdrawal_grounds],
        "cited": dict(policy.cited),
        "sources": sources(policy.sources),
        "readings": [
            {"id": reading.id, "text": in_language(reading.text, lang), "source": reading.source}
            for reading in policy.readings
        ],
    }

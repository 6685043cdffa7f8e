"""Faults of a company that may not use the platform, where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- asked for with ?require_eligible=true --
    "company_ineligible": FaultWording(
        "Company may not use the platform",
        "플랫폼을 이용할 수 없는 회사입니다: {why}",
        "The company may not use the platform: {why}",
        "require_eligible 없이 요청하면 면제 없는 가격을 볼 수 있습니다.",
        "Without require_eligible the quote shows its prices, without the waiver.",
    ),
}

"""Usage reports as callers see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.model import Usage
from fee_service.storage.usage_reports import NewReport, StoredReport, usage_of
from fee_service.strict_json import Data


def report_data(report: StoredReport | NewReport, number: str, corrected_by: str | None) -> Data:
    """A report with the contract's number; it counts as long as none corrects it."""
    return {
        "id": report.id,
        "contract": number,
        "month": f"{report.month:%Y-%m}",
        "reported_on": report.reported_on,
        "reported_by": report.reported_by,
        "usage": usage_data(usage_of(report.usage)),
        "corrects": report.corrects,
        "corrected_by": corrected_by,
        "counts": corrected_by is None,
        "created_at": report.created_at.astimezone(KOREA_STANDARD_TIME).isoformat(timespec="seconds"),
    }


def usage_data(used: Iterable[tuple[str, Usage]] | Mapping[str, Usage]) -> list[Data]:
    """Usage, an object a product."""
    pairs = used.items() if isinstance(used, Mapping) else used
    return [{"product": product, **usage._asdict()} for product, usage in pairs]

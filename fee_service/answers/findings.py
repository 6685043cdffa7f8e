"""Findings as callers get them: one of a list, and one with its story."""

from __future__ import annotations

from collections.abc import Iterable

from fee_service.model import Label
from fee_service.storage.findings import ListedFinding, NewEvent
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language_once


def finding_data(found: ListedFinding, language: Language) -> Data:
    """A finding as it stands, and as the last run that saw it saw it."""
    kept = found.kept
    return {
        "id": kept.id,
        "contract": kept.contract,
        "chain": kept.chain,
        "agreement": kept.agreement,
        "fee": kept.fee,
        "product": kept.product,
        "option": kept.option,
        "user_type": kept.user_type,
        "month": f"{kept.month:%Y-%m}",
        "life": kept.life,
        "state": kept.state,
        "status": found.status,
        "cause": kept.cause,
        "difference": kept.difference,
        "vat_difference": kept.vat_difference,
        "amount": found.amount,
        "expected": found.expected,
        "invoice_number": found.invoice_number,
        "issued_on": found.issued_on,
        "explanation": _said(found.explanation_ko, found.explanation_en, language),
        "run": kept.seen,
    }


def story_data(events: Iterable[tuple[str, NewEvent]], language: Language) -> list[Data]:
    """What was said of a finding, in its order, each with the instant at which it was said, in ISO 8601."""
    return [_event(at, event, language) for at, event in events]


def _event(at: str, event: NewEvent, language: Language) -> Data:
    return {
        "run": event.batch if event.is_of_a_run else None,
        "life": event.life,
        "state": event.state,
        "status": event.status,
        "cause": event.cause,
        "difference": event.difference,
        "vat_difference": event.vat_difference,
        "amount": event.amount,
        "expected": event.expected,
        "invoice_number": event.invoice_number,
        "issued_on": event.issued_on,
        "explanation": _said(event.explanation_ko, event.explanation_en, language),
        "note": event.note,
        "entered_at": at,
        "entered_by": event.entered_by,
    }


def _said(korean: str | None, english: str | None, language: Language) -> str | None:
    return None if korean is None or english is None else in_language_once(Label(korean, english), language)

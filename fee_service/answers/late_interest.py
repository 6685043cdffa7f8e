"""Interest on an invoice that is paid late, as the JSON that callers get."""

from __future__ import annotations

from datetime import date

from fee_service.answers.quote import reading_data
from fee_service.model import Invoice, Text
from fee_service.money import percent
from fee_service.published.editions import PriceList
from fee_service.rules.late_interest import Late
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language_once


def late_interest_data(
    invoice: Invoice, due_on: date, paid_on: date, late: Late, price_list: PriceList, language: Language
) -> Data:
    """How much is owed for how many days, by which rule."""
    rule = price_list.late_interest
    rate = percent(rule.rate)
    params = {
        "total": invoice.total,
        "due_on": due_on,
        "paid_on": paid_on,
        "days": late.days,
        "percent": rate,
        "days_in_year": rule.days_in_year,
        "interest": late.interest,
    }
    said = Text("late_interest" if late.days else "no_late_interest", params)
    return {
        "issued_on": invoice.issued_on,
        "supply": invoice.supply,
        "vat": invoice.vat,
        "total": invoice.total,
        "due_on": due_on,
        "paid_on": paid_on,
        "days": late.days,
        "rate": f"{rate}%",
        "days_in_year": rule.days_in_year,
        "interest": late.interest,
        "price_list": price_list.id,
        "source": rule.source,
        "explanation": in_language_once(said, language),
        "readings": [] if rule.reading is None else [reading_data(rule.reading, language)],
    }

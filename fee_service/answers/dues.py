"""What a contract owes, as the JSON that callers get."""

from __future__ import annotations

from collections.abc import Iterator

from fee_service.answers.quote import label, reading_data
from fee_service.rules.dues import Due, Dues
from fee_service.rules.explaining_dues import explained, readings_of
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language


def dues_data(number: str, dues: Dues, language: Language) -> Data:
    """The dues of one contract: lines with their explanations, invoices, sums."""
    return {
        "contract": number,
        "lines": list(_lines(dues, language)),
        "invoices": [
            {**invoice._asdict(), "total": invoice.total, "complete": complete} for invoice, complete in dues.invoices
        ],
        "totals": {**dues.totals._asdict(), "total": dues.totals.total},
        "readings": [reading_data(reading, language) for reading in readings_of(dues)],
    }


def _lines(dues: Dues, language: Language) -> Iterator[Data]:
    if dues.running is None:
        return
    for due in dues.lines:
        yield {
            **due_facts(due),
            "label": label(due.line.label),
            "explanation": in_language(explained(due, dues.running), language),
        }


def due_facts(due: Due) -> Data:
    """A line without a word of prose (KRW without VAT)."""
    line, owed = due.line, due.owed
    return {
        "service_month": f"{due.month:%Y-%m}",
        "fee": line.fee,
        "contract": line.contract,
        "product": line.product,
        "option": line.option,
        "user_type": line.user_type,
        "quantity": owed.quantity,
        "unit_price": due.cell.unit_price,
        "days": due.span.days,
        "charged_days": due.charged_days,
        "days_in_month": due.days_in_month,
        "list": owed.list,
        "waiver": owed.net - owed.list,
        "net": owed.net,
        "invoice_on": due.invoice_on,
        "basis": due.basis,
        "price_list": due.cell.price_list,
        "source": due.cell.source,
    }

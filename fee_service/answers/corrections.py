"""The correction to ask for as JSON, and in words: code, day, the original's number, lines, supply, VAT."""

from __future__ import annotations

from fee_service.answers.result_line import ResultLine
from fee_service.model import Text
from fee_service.rules.corrections import CorrectedInvoice, CorrectedLine, Correction, CorrectionCode
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language_once


def correction_data(asked: Correction[ResultLine], language: Language) -> Data:
    """A correction: what to issue, with what each line is for."""
    return {
        "code": asked.code.value,
        "code_label": in_language_once(code_text(asked), language),
        "corrects": asked.corrects,
        "reason": in_language_once(asked_text(asked), language),
        "invoices": [_invoice(invoice) for invoice in asked.invoices],
        "supply": asked.supply,
        "vat": asked.vat,
        "total": asked.supply + asked.vat,
    }


def code_text(asked: Correction[ResultLine]) -> Text:
    """What the code means."""
    return Text(f"correction_{asked.code}")


def asked_text(asked: Correction[ResultLine]) -> Text:
    """What to do, in a sentence."""
    is_cancelled = asked.code is CorrectionCode.MISTAKE and len(asked.invoices) == 1
    params = {"number": asked.corrects, "day": asked.invoices[0].issued_on}
    return Text("asked_01_cancelled" if is_cancelled else f"asked_{asked.code}", params)


def _invoice(invoice: CorrectedInvoice[ResultLine]) -> Data:
    return {
        "issued_on": invoice.issued_on,
        "lines": [_line(line) for line in invoice.lines],
        "supply": invoice.supply,
        "vat": invoice.vat,
        "total": invoice.supply + invoice.vat,
    }


def _line(line: CorrectedLine[ResultLine]) -> Data:
    of = line.of
    return {
        "item": of.item,
        "contract": of.contract,
        "agreement": of.agreement,
        "fee": of.fee,
        "product": of.product,
        "option": of.option,
        "user_type": of.user_type,
        "service_month": of.service_month and f"{of.service_month:%Y-%m}",
        "supply": line.supply,
    }

"""What to ask for of one invoice of a reconciliation: its chain, with the correction that sets it right."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import orjson

from fee_service.answers.corrections import correction_data
from fee_service.answers.result_line import ResultLine
from fee_service.errors import Fault, FeeError
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.asking import found, tables_of
from fee_service.reconciliation.correcting import wrong_invoices
from fee_service.reconciliation.invoice_aside import lines_of
from fee_service.storage import quotes
from fee_service.strict_json import Data
from schemas.fields import shown

NOT_FOUND = 404


class OfInvoice(NamedTuple):
    """The lines of an invoice and of its chain, on which day they were judged, and whose they are."""

    run: str
    lines: list[ResultLine]
    day: date
    customer: str | None  # as the quote of the contract names it


def of_invoice(desk: Desk, run: str, number: str, call: Call) -> OfInvoice:
    """An invoice of a result. Raises FeeError (403, 404, 409)."""
    job = found(desk, run, call)
    lines = lines_of(tables_of(desk, job), _without_hyphens(number)) or lines_of(tables_of(desk, job), number)
    if not lines:
        raise FeeError([Fault("invoice_not_in_result", "", {"value": shown(number)})], NOT_FOUND)
    contract = next((line.contract for line in lines if line.contract), None)
    with desk.database.reading() as connection:
        quote = None if contract is None else quotes.find(connection, contract)
    day = date.fromisoformat(orjson.loads(job.params)["today"])
    return OfInvoice(job.id, lines, day, None if quote is None else quote.company_name)


def correction(desk: Desk, run: str, number: str, call: Call) -> Data:
    """What to ask for, as JSON; nothing where the invoice is right. Raises FeeError (403, 404, 409)."""
    told = of_invoice(desk, run, number, call)
    wrong = next(wrong_invoices(told.lines, desk.editions, told.day), None)
    asked = wrong and wrong.asked
    return {
        "run": told.run,
        "invoice_number": number,
        "chain": wrong.chain if wrong else None,
        "wrong_lines": len(wrong.wrong) if wrong else 0,
        "correction": correction_data(asked, call.language) if asked else None,
    }


def _without_hyphens(number: str) -> str:
    """As results have it: an approval number is 24 signs, and printed in three parts."""
    plain = number.replace("-", "")
    return plain if len(plain) == 24 else number

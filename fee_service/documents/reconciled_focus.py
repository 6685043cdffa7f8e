"""What was billed, held against what is due, in the columns of FOCUS 1.2; own ones `x_`.

A row for each line that bills anything and a row for its VAT, so that `BilledCost` adds up to the invoices. A line
that was seen before is billed once and has no row; what is missing costs nothing and has none either. What an invoice
is wrong by stands in the own columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from fee_service.answers.reconciled import ResultLine, read
from fee_service.documents.csv import plain
from fee_service.documents.focus import HEADER, ISSUER, KRW, USAGE, Row, costs, instant
from fee_service.documents.issued_quote import visible
from fee_service.documents.reconciled_words import SUMMARY_WORDS
from fee_service.periods import first_of_month_after
from fee_service.rules.judging import Status
from fee_service.wording import OneLanguage

_OWN = (
    "x_File", "x_Sheet", "x_Line", "x_ServiceMonth", "x_Fee", "x_Agreement", "x_Product", "x_Option", "x_UserType",
    "x_Status", "x_Expected", "x_Difference", "x_Cause", "x_Also", "x_Chain", "x_CheckedAgainst", "x_Finding",
)  # fmt: skip
FOCUS_HEADER = (*(name for name in HEADER if not name.startswith("x_")), *_OWN)
UNKNOWN = "-"  # where the specification wants a value and the file has none
_NOT_BILLED = frozenset({Status.ALREADY_SEEN, Status.MISSING})


def focus_rows(table: pa.Table, language: OneLanguage) -> Iterator[Row]:
    """The rows of the lines of a table: its supply, then its VAT. A line without a day or an amount has none."""
    for line in read(table):
        day = line.issued_on or line.service_month
        if day is None or line.amount is None or line.status in _NOT_BILLED:
            continue
        common = _common(line, day)
        yield common | costs(line.amount, line.amount) | _of_line(line)
        if line.vat:
            yield common | costs(line.vat, line.vat) | _of_vat(day, language)


def _common(line: ResultLine, day: date) -> Row:
    start = day.replace(day=1)
    issuer = ISSUER if line.contract else _shown(line.supplier) or UNKNOWN
    return {
        "BillingAccountId": _shown(line.customer) or line.contract or UNKNOWN,
        "BillingCurrency": KRW,
        "BillingPeriodEnd": instant(first_of_month_after(start, 1)),
        "BillingPeriodStart": instant(start),
        "ChargeClass": "Correction" if line.corrects or line.correction_code else None,
        "InvoiceId": _shown(line.invoice_number),
        "InvoiceIssuerName": issuer,
        "ProviderName": issuer,
        "PublisherName": issuer,
        "ServiceCategory": "Other",
        "ServiceSubcategory": "Other (Other)",
        "SubAccountId": line.contract,
        "x_File": _shown(line.file),
        "x_Sheet": _shown(line.sheet),
        "x_Line": line.line,
    }


def _of_line(line: ResultLine) -> Row:
    is_used = line.fee == USAGE and line.quantity is not None
    month = line.service_month or (line.issued_on or date.max).replace(day=1)
    sku = "/".join((line.agreement or UNKNOWN, line.fee, line.product or UNKNOWN)) if line.fee else None
    priced = {} if line.corrects or line.correction_code else _priced(line.amount or 0)
    return priced | {
        "ChargeCategory": "Usage" if is_used else "Purchase",
        "ChargeDescription": _shown(line.item),
        "ChargeFrequency": "Usage-Based" if is_used else "Recurring",
        "ChargePeriodEnd": instant(first_of_month_after(month, 1)),
        "ChargePeriodStart": instant(month),
        "ConsumedQuantity": line.quantity if is_used else None,
        "ConsumedUnit": "Units" if is_used else None,
        "ServiceName": line.agreement or UNKNOWN,
        "SkuId": sku,
        "SkuPriceId": sku and "/".join((sku, line.option or line.user_type or UNKNOWN)),
        "x_ServiceMonth": line.service_month and f"{line.service_month:%Y-%m}",
        "x_Fee": line.fee,
        "x_Agreement": line.agreement,
        "x_Product": line.product,
        "x_Option": line.option,
        "x_UserType": line.user_type,
        "x_Status": line.status,
        "x_Expected": line.expected,
        "x_Difference": line.difference,
        "x_Cause": line.cause,
        "x_Also": "|".join(line.also) or None,
        "x_Chain": _shown(line.chain),
        "x_CheckedAgainst": line.checked_against,
        "x_Finding": line.finding,
    }


def _priced(amount: int) -> Row:
    """Prices of a line that is no correction: one month of it."""
    return {
        "ContractedUnitPrice": amount,
        "ListUnitPrice": amount,
        "PricingCategory": "Standard",
        "PricingQuantity": 1,
        "PricingUnit": "Months",
    }


def _of_vat(day: date, language: OneLanguage) -> Row:
    start = day.replace(day=1)
    return {
        "ChargeCategory": "Tax",
        "ChargeDescription": SUMMARY_WORDS[language].value_added_tax,
        "ChargeFrequency": "Recurring",
        "ChargePeriodEnd": instant(first_of_month_after(start, 1)),
        "ChargePeriodStart": instant(start),
        "ServiceName": SUMMARY_WORDS["en"].value_added_tax,
    }


def _shown(text: str | None) -> str | None:
    """A text as a file had it: all of it visible, and no formula."""
    return None if text is None else plain(visible(text))

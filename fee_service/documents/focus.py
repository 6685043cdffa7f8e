"""Lines that are billed in the columns of FOCUS 1.2, the FinOps Open Cost and Usage Specification; own ones `x_`.

The sum of `BilledCost` over an invoice is its total: its VAT is a row of its own. A day is the midnight that begins
it, written as UTC. `ListUnitPrice` is what a line costs in its month before the waiver, for a quantity of 1: what a
month costs is rounded to whole won, so a price per unit times the units would not give it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from fee_service.answers.billed import BilledContract, BilledLine
from fee_service.contract import Basis
from fee_service.documents.billed_words import BILLED_WORDS
from fee_service.documents.csv import plain
from fee_service.documents.issued_quote import visible
from fee_service.model import ONCE
from fee_service.periods import first_of_month_after
from fee_service.wording import OneLanguage

KRW = "KRW"
ISSUER = "Koscom"
USAGE = "usage_fee"
COUNTED_IN = {"id_month": "IDs", "query": "Queries"}  # by unit


HEADER = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd",
    "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost",
    "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity",
    "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId",
    "SkuMeter", "SkuPriceId", "SubAccountId", "x_ServiceMonth", "x_Fee", "x_Agreement", "x_Product", "x_Option",
    "x_UserType", "x_Quantity", "x_UnitPrice", "x_Days", "x_ChargedDays", "x_DaysInMonth", "x_Waiver", "x_InvoiceOn",
    "x_Basis", "x_PriceList",
)  # fmt: skip
Row = dict[str, Any]  # by column; what is left out is null


def focus_rows(contract: BilledContract, language: OneLanguage) -> Iterator[Row]:
    """The rows of a contract: its lines, then the VAT of each of its invoices."""
    for line in contract.lines:
        row = _common(contract, line.invoice_on) | costs(line.net, line.list) | _of_line(line, language)
        yield row if line.basis == Basis.SETTLEMENT else row | _priced(line)
    for invoice in contract.invoices:
        if invoice.vat:
            vat = costs(invoice.vat, invoice.vat)
            yield _common(contract, invoice.issued_on) | vat | _of_vat(invoice.issued_on, language)


def _common(contract: BilledContract, invoice_on: date) -> Row:
    start = invoice_on.replace(day=1)
    return {
        "BillingAccountId": contract.business_number or contract.contract,
        "BillingAccountName": None if contract.company is None else plain(visible(contract.company)),
        "BillingCurrency": KRW,
        "BillingPeriodEnd": instant(first_of_month_after(start, 1)),
        "BillingPeriodStart": instant(start),
        "InvoiceId": f"{contract.contract}/{invoice_on.isoformat()}",  # of an invoice to come
        "InvoiceIssuerName": ISSUER,
        "ProviderName": ISSUER,
        "ServiceCategory": "Other",
        "ServiceSubcategory": "Other (Other)",
        "SubAccountId": contract.contract,
        "x_InvoiceOn": invoice_on.isoformat(),
    }


def costs(cost: int, listed: int) -> Row:
    """What something costs (KRW): as billed, and by the list."""
    return {"BilledCost": cost, "ContractedCost": cost, "EffectiveCost": cost, "ListCost": listed}


def _of_line(line: BilledLine, language: OneLanguage) -> Row:
    is_used = line.fee == USAGE
    label = line.label.ko if language == "ko" else line.label.en
    sku = f"{line.agreement}/{line.fee}/{line.product}"
    return {
        "ChargeCategory": "Usage" if is_used else "Purchase",
        "ChargeClass": "Correction" if line.basis == Basis.SETTLEMENT else None,
        "ChargeDescription": f"{label} · {line.service_month}",
        "ChargeFrequency": "Usage-Based" if is_used else "One-Time" if line.unit == ONCE else "Recurring",
        "ChargePeriodEnd": instant(line.span.end),
        "ChargePeriodStart": instant(line.span.start),
        "ConsumedQuantity": line.quantity if is_used else None,
        "ConsumedUnit": COUNTED_IN.get(line.unit, "Units") if is_used else None,
        "PublisherName": line.owner.en,
        "ServiceName": line.agreement_label.en,
        "SkuId": sku,
        "SkuMeter": line.unit,
        "SkuPriceId": "/".join((sku, line.option or line.user_type or line.unit, line.price_list)),
        "x_ServiceMonth": line.service_month,
        "x_Fee": line.fee,
        "x_Agreement": line.agreement,
        "x_Product": line.product,
        "x_Option": line.option,
        "x_UserType": line.user_type,
        "x_Quantity": line.quantity,
        "x_UnitPrice": line.unit_price,
        "x_Days": line.days,
        "x_ChargedDays": line.charged_days,
        "x_DaysInMonth": line.days_in_month,
        "x_Waiver": line.waiver,
        "x_Basis": line.basis,
        "x_PriceList": line.price_list,
    }


def _priced(line: BilledLine) -> Row:
    """Prices of a line that is no correction: the quantity is 1 month, so that price times quantity is the cost."""
    return {
        "ContractedUnitPrice": line.net,
        "ListUnitPrice": line.list,
        "PricingCategory": "Standard",
        "PricingQuantity": 1,
        "PricingUnit": "Months",
    }


def _of_vat(issued_on: date, language: OneLanguage) -> Row:
    start = issued_on.replace(day=1)
    return {
        "ChargeCategory": "Tax",
        "ChargeDescription": BILLED_WORDS[language].value_added_tax,
        "ChargeFrequency": "Recurring",
        "ChargePeriodEnd": instant(first_of_month_after(start, 1)),
        "ChargePeriodStart": instant(start),
        "PublisherName": ISSUER,
        "ServiceName": BILLED_WORDS["en"].value_added_tax,
    }


def instant(day: date) -> str:
    """The beginning of a day as the specification writes an instant."""
    return f"{day.isoformat()}T00:00:00Z"

"""A line of a reconciliation as a value; its table in columns is `answers.reconciled`, which needs a heavy library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from fee_service.strict_json import Data


class LineFault(NamedTuple):
    """Why a value of a line says nothing certain: its field, the code of the fault, the text where it may be shown."""

    field: str
    code: str
    shown: str | None = None


class ResultLine(NamedTuple):
    """A line with how it stands (KRW); of a claim of several rows the first bears the difference.

    `expected` and `difference` are None where nothing is judged, the place is None of what was not billed, and the
    month is the first day of the month of service, None of a total. `cause` is None where nothing is wrong.
    """

    file: str | None
    sheet: str | None
    line: int | None
    invoice_number: str | None
    issued_on: date | None
    supplier: str | None
    customer: str | None
    corrects: str | None
    correction_code: str | None
    item: str | None
    specification: str | None
    remark: str | None
    quantity: int | Decimal | None
    contract: str | None
    agreement: str | None
    fee: str | None
    product: str | None
    option: str | None
    user_type: str | None
    service_month: date | None
    status: str
    amount: int | None
    expected: int | None
    difference: int | None
    vat: int | None
    vat_expected: int | None
    vat_difference: int | None
    cause: str | None
    also: tuple[str, ...]
    explanation_ko: str | None
    explanation_en: str | None
    chain: str | None
    checked_against: str | None
    finding: str | None
    candidates: tuple[str, ...]
    faults: tuple[LineFault, ...]
    extra: Mapping[str, str]


def kept_line(line: ResultLine) -> Data:
    """A line as JSON that `line_from` takes back."""
    quantity = None if line.quantity is None else str(line.quantity)
    return {**line._asdict(), "quantity": quantity, "faults": [fault._asdict() for fault in line.faults]}


def line_from(kept: Data) -> ResultLine:
    """The inverse of `kept_line`."""
    days = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("issued_on", "service_month")}
    lists: dict[str, Any] = {name: tuple(kept[name]) for name in ("also", "candidates")}
    faults = tuple(LineFault(**fault) for fault in kept["faults"])
    quantity = None if kept["quantity"] is None else Decimal(kept["quantity"])
    return ResultLine(**{**kept, **days, **lists, "faults": faults, "quantity": quantity})

"""What contracts are billed, flat: a row for each line, as tables, files and invoices are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from fee_service.contract import Contract
from fee_service.model import Invoice, Label, Line
from fee_service.periods import Period
from fee_service.published.editions import PriceList
from fee_service.rules.dues import Dues, Running


class BilledLine(NamedTuple):
    """A due with the contract and the company that it is of (KRW without VAT); the first ones are the columns of a
    table."""

    contract: str
    company: str | None
    business_number: str | None
    service_month: str
    fee: str
    agreement: str
    product: str
    option: str | None
    user_type: str | None
    quantity: int
    unit_price: int | None
    days: int
    charged_days: int
    days_in_month: int
    list: int
    waiver: int
    net: int
    invoice_on: date
    basis: str
    price_list: str
    source: str
    span: Period
    unit: str
    label: Label  # of product, fee and option
    agreement_label: Label
    owner: Label  # of the data


COLUMNS = BilledLine._fields[: BilledLine._fields.index("span")]


class BilledContract(NamedTuple):
    """What one contract is billed."""

    contract: str
    company: str | None
    business_number: str | None
    lines: tuple[BilledLine, ...]
    invoices: tuple[Invoice, ...]


def billed(contract: Contract, dues: Dues) -> BilledContract:
    """The dues of a contract as rows."""
    company = contract.request.company
    lines = tuple(_lines(contract, dues, dues.running)) if dues.running else ()
    invoices = tuple(each.invoice for each in dues.invoices)
    return BilledContract(contract.number, company.name, company.business_number, lines, invoices)


def _lines(contract: Contract, dues: Dues, running: Running) -> Iterator[BilledLine]:
    company = contract.request.company
    first = running.lists[0][1]
    for due in dues.lines:
        line, owed = due.line, due.owed
        yield BilledLine(
            contract.number,
            company.name,
            company.business_number,
            f"{due.month:%Y-%m}",
            line.fee,
            line.contract,
            line.product,
            line.option,
            line.user_type,
            owed.quantity,
            due.cell.unit_price,
            due.span.days,
            due.charged_days,
            due.days_in_month,
            owed.list,
            owed.net - owed.list,
            owed.net,
            due.invoice_on,
            due.basis,
            due.cell.price_list,
            due.cell.source,
            due.span,
            line.unit,
            line.label,
            first.contracts[line.contract].label,
            owner_of(line, first),
        )


def owner_of(line: Line, price_list: PriceList) -> Label:
    """Who owns the data of a line; of a service of the platform, who runs the platform."""
    products = price_list.contracts[line.contract].products
    product = products.get(line.product) or next(iter(products.values()))
    return price_list.owners[product.owner]

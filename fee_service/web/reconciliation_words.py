"""What the words of a reconciliation are called on its pages: states, causes, formats, what a fee is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fee_service.documents import reconciled_words
from fee_service.http.context import editions
from fee_service.model import Label
from fee_service.published.editions import ContractTerms
from fee_service.web.languages import _, page_language, won
from fee_service.wording import in_language


def job_word(state: str) -> str:
    """How far a run is."""
    words = {
        "arriving": _("not started"),
        "queued": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
    }
    return words.get(state, state)


def status_word(status: str) -> str:
    """How a line stands."""
    return reconciled_words.status_word(status, page_language())


def cause_word(cause: str) -> str:
    """Why an amount differs; of two causes both, of a status that is the cause its words."""
    return reconciled_words.cause_word(cause, page_language())


def checked_word(checked_against: str) -> str:
    """What an amount was held against."""
    words = {
        "contract": _("the contract"),
        "report": _("a usage report"),
        "estimate": _("an estimate"),
        "none": _("nothing that is known"),
    }
    return words.get(checked_against, checked_against)


def format_word(kind: str) -> str:
    """What a file is, by its content."""
    words = {
        "etax_xml": _("E-tax invoice (XML)"),
        "zip": _("ZIP archive"),
        "workbook": _("Workbook (XLSX, XLS)"),
        "html": _("HTML table"),
        "text": _("Text in columns (CSV, TSV)"),
        "parquet": "Parquet",
        "json": "JSON",
    }
    return words.get(kind, kind)


def direction_word(direction: str) -> str:
    """Whose invoices they are."""
    words = {"purchase": _("received (purchase)"), "sale": _("issued (sale)")}
    return words.get(direction, direction)


def row_word(kind: str) -> str:
    """What a row is that is no line of an invoice."""
    words = {
        "preamble": _("above the header"),
        "header": _("column names"),
        "blank": _("blank"),
        "sum": _("sums"),
        "rejected": _("rejected"),
    }
    return words.get(kind, kind)


def finding_word(state: str) -> str:
    """How a finding stands."""
    words = {
        "open": _("open"),
        "new": _("new"),
        "still_open": _("still open"),
        "solved": _("solved"),
        "came_back": _("came back"),
        "disputed": _("disputed"),
        "accepted": _("accepted as billed"),
        "credited": _("credited"),
        "closed": _("closed"),
    }
    return words.get(state, state)


def field_word(field: str | None) -> str:
    """What a column of a file is understood as."""
    words = {
        "invoice_number": _("invoice number"),
        "issued_on": _("issued on"),
        "direction": _("direction"),
        "supplier": _("supplier"),
        "supplier_name": _("supplier’s name"),
        "customer": _("buyer"),
        "customer_name": _("buyer’s name"),
        "counterparty": _("other party"),
        "counterparty_name": _("other party’s name"),
        "type_code": _("kind of invoice"),
        "correction": _("correction"),
        "correction_code": _("code of the correction"),
        "corrects": _("number of the original"),
        "purpose": _("received or claimed"),
        "item": _("item"),
        "specification": _("specification"),
        "remark": _("remark"),
        "invoice_remark": _("remark on the invoice"),
        "quantity": _("quantity"),
        "amount": _("supply value"),
        "vat": _("VAT"),
        "total": _("total"),
        "invoice_supply": _("supply value of the invoice"),
        "invoice_vat": _("VAT of the invoice"),
        "invoice_total": _("total of the invoice"),
        "quote": _("quote"),
        "service_month": _("month of service"),
        "fee": _("fee"),
        "agreement": _("agreement"),
        "product": _("product"),
        "option": _("option"),
        "user_type": _("user type"),
    }
    return words.get(field or "", field or _("unknown, kept as it is"))


def signed(amount: int | None) -> str:
    """A difference with its sign (KRW)."""
    return f"+{won(amount)}" if amount and amount > 0 else won(amount)


class Named:
    """The names of fees, products and options as the newest price list that has them prints them."""

    def __init__(self) -> None:
        self._lists = editions().price_lists[::-1]

    def fee(self, fee: str | None) -> str:
        return self._said(fee, [each.fees[fee].label for each in self._lists if fee and fee in each.fees])

    def agreement(self, agreement: str | None) -> str:
        return self._said(agreement, [terms.label for terms in self._terms(agreement)])

    def product(self, agreement: str | None, product: str | None) -> str:
        terms = [each for each in self._terms(agreement) if product and product in each.products]
        return self._said(product, [each.products[product].label for each in terms if product])

    def column(self, agreement: str | None, fee: str | None, column: str | None) -> str:
        """An option, or a user type."""
        found = [each.columns.get((agreement or "", fee or "", column)) for each in self._lists]
        return self._said(column, [label for label in found if label is not None])

    def _terms(self, agreement: str | None) -> Iterator[ContractTerms]:
        return (each.contracts[agreement] for each in self._lists if agreement and agreement in each.contracts)

    def of(self, line: Mapping[str, str | None]) -> str:
        """What a line is for, in the order in which people say it; nothing where that is not known."""
        agreement, product, fee = line.get("agreement"), line.get("product"), line.get("fee")
        column = line.get("option") or line.get("user_type")
        parts = [self.product(agreement, product), self.fee(fee), self.column(agreement, fee, column)]
        return " · ".join(part for part in parts if part)

    @staticmethod
    def _said(name: str | None, labels: list[Label]) -> str:
        return in_language(labels[0], page_language()) if labels else name or ""

"""E-tax invoices as XML: no entities, no network, no DOCTYPE; decoded before parsing, in the strict order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from fee_service.errors import Fault, FeeError
from fee_service.invoices.documents import SIGNATURE, DocumentLine
from fee_service.invoices.signatures import LARGEST, Signature, signature_of
from fee_service.sheets.decoding import decoded

MOST_BYTES = 10_000_000
_DECLARED = re.compile(r"^\s*<\?xml[^>]*?(?:encoding\s*=\s*[\"']([-\w]+)[\"'])?\s*(?:standalone[^>]*)?\?>", re.S)
_KOREAN = ("euc-kr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "windows-949", "x-windows-949", "uhc")
_HEAD = {
    "invoice_number": "TaxInvoiceDocument/IssueID",
    "issued_on": "TaxInvoiceDocument/IssueDateTime",
    "kind": "TaxInvoiceDocument/TypeCode",
    "purpose": "TaxInvoiceDocument/PurposeCode",
    "correction_code": "TaxInvoiceDocument/AmendmentStatusCode",
    "corrects": "TaxInvoiceDocument/OriginalIssueID",
    "invoice_remark": "TaxInvoiceDocument/DescriptionText",
    "supplier": "TaxInvoiceTradeSettlement/InvoicerParty/ID",
    "supplier_name": "TaxInvoiceTradeSettlement/InvoicerParty/NameText",
    "customer": "TaxInvoiceTradeSettlement/InvoiceeParty/ID",
    "customer_name": "TaxInvoiceTradeSettlement/InvoiceeParty/NameText",
    "person_1": "TaxInvoiceTradeSettlement/InvoicerParty/SpecifiedPerson/NameText",
    "person_2": "TaxInvoiceTradeSettlement/InvoiceeParty/SpecifiedPerson/NameText",
    "person_3": "TaxInvoiceTradeSettlement/InvoicerParty/DefinedContact/PersonNameText",
    "person_4": "TaxInvoiceTradeSettlement/InvoiceeParty/PrimaryDefinedContact/PersonNameText",
    "invoice_supply": "TaxInvoiceTradeSettlement/SpecifiedMonetarySummation/ChargeTotalAmount",
    "invoice_vat": "TaxInvoiceTradeSettlement/SpecifiedMonetarySummation/TaxTotalAmount",
    "invoice_total": "TaxInvoiceTradeSettlement/SpecifiedMonetarySummation/GrandTotalAmount",
}
_SEQUENCE = "sequence"
_LINE = {
    _SEQUENCE: "SequenceNumeric",
    "item": "NameText",
    "specification": "InformationText",
    "remark": "DescriptionText",
    "quantity": "ChargeableUnitQuantity",
    "amount": "InvoiceAmount",
    "vat": "TotalTax/CalculatedAmount",
}


def is_xml(beginning: bytes) -> bool:
    """Whether a file begins like XML."""
    return (
        re.match(
            rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<[\s\0]*(?:\?\0?x|[\w:\0]*TaxInvoice|!DOCTYPE)", beginning
        )
        is not None
    )


def lines(raw: bytes, file: str, may_check: bool = True) -> Iterator[DocumentLine]:
    """The lines of all invoices of a file; with `may_check` the signature of one that stands alone is checked.

    Raises FeeError (422): `xml_unreadable`, `xml_with_doctype`, `xml_of_no_invoice`.
    """
    root = _root(raw)
    space = root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""
    invoices = list(root.iter(f"{space}TaxInvoice"))
    if not invoices:
        raise FeeError([Fault("xml_of_no_invoice")])
    may_check = may_check and invoices == [root] and len(raw) <= LARGEST
    for invoice in invoices:
        signature = signature_of(invoice, may_check)  # before anything else is done to the document
        yield from _lines_of(invoice, space, file, signature)


def _root(raw: bytes) -> Any:
    if len(raw) > MOST_BYTES:
        raise FeeError([Fault("file_too_large", "", {"most": MOST_BYTES // 1_000_000})])
    text, encoding = decoded(raw)
    declaration = _DECLARED.match(text)
    declared = (declaration[1] or "") if declaration else ""
    if encoding == "cp949" and declared.lower() not in _KOREAN:
        raise FeeError([Fault("xml_unreadable")])
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FeeError([Fault("xml_with_doctype")])
    from lxml import etree

    try:
        return etree.fromstring(text[declaration.end() if declaration else 0 :].strip().encode(), _parser())
    except (etree.XMLSyntaxError, ValueError):
        raise FeeError([Fault("xml_unreadable")]) from None


@lru_cache(maxsize=1)
def _parser() -> Any:
    """One for all files: no entities, no network, no comments."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _lines_of(invoice: Any, space: str, file: str, signature: Signature) -> Iterator[DocumentLine]:
    head_tree, line_tree = _trees(space)
    head: dict[str, str] = {SIGNATURE: signature.value}
    _gather(invoice, head_tree, head)
    number = 0
    for number, item in enumerate(invoice.iterchildren(f"{space}TaxInvoiceTradeLineItem"), 1):
        texts: dict[str, str] = {}
        _gather(item, line_tree, texts)
        sequence = texts.pop(_SEQUENCE, "")
        told = int(sequence) if re.fullmatch("[0-9]{1,5}", sequence) else number
        yield DocumentLine(file, told, head, texts)
    if not number:
        yield DocumentLine(file, 1, head, {})


Tree = dict[str, Any]  # by the tag of a child: the field that its text fills, or the same of its children


def _gather(element: Any, tree: Tree, found: dict[str, str]) -> None:
    """The texts of an element's descendants by their fields, each the first that there is, in one walk."""
    for child in element:
        below = tree.get(child.tag)
        if below is None:
            continue
        if isinstance(below, dict):
            _gather(child, below, found)
        elif (text := child.text) and below not in found:
            found[below] = text


@lru_cache(maxsize=8)
def _trees(space: str) -> tuple[Tree, Tree]:
    """The places of head and line in a namespace."""
    return _tree(_HEAD, space), _tree(_LINE, space)


def _tree(paths: dict[str, str], space: str) -> Tree:
    tree: Tree = {}
    for field, path in paths.items():
        *above, last = (space + name for name in path.split("/"))
        below = tree
        for name in above:
            below = below.setdefault(name, {})
        below[last] = field
    return tree

"""JSON: documents of issuing services with their lists of details, or plain rows with names of columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from fee_service.errors import Fault, FeeError
from fee_service.invoices.documents import DocumentLine
from fee_service.invoices.row_tables import NumberedRow
from fee_service.sheets.decoding import decoded

MOST_BYTES = 64_000_000
_HEAD = {
    "invoice_number": ("ntsconfirmNum", "ntsConfirmNum"), "issued_on": ("writeDate",), "purpose": ("purposeType",),
    "supplier": ("invoicerCorpNum",), "supplier_name": ("invoicerCorpName",), "customer": ("invoiceeCorpNum",),
    "customer_name": ("invoiceeCorpName",), "correction_code": ("modifyCode",),
    "corrects": ("orgNTSConfirmNum", "orgNtsconfirmNum"), "invoice_remark": ("remark1",),
    "person_1": ("invoicerCEOName",), "person_2": ("invoiceeCEOName",), "person_3": ("invoicerContactName",),
    "person_4": ("invoiceeContactName1", "invoiceeContactName"),
    "invoice_supply": ("supplyCostTotal",), "invoice_vat": ("taxTotal",), "invoice_total": ("totalAmount",),
}  # fmt: skip
_LINE = {
    "item": "itemName", "specification": "spec", "remark": "remark", "quantity": "qty", "amount": "supplyCost",
    "vat": "tax",
}  # fmt: skip
_KINDS = {"과세": (("01", "02"), "01"), "영세": (("01", "02"), "02"), "면세": (("03", "04"), "01")}  # plain, corrected


def parsed(file: BinaryIO) -> tuple[str, list[Mapping[str, Any]]]:
    """The encoding, and the objects of a file. Raises FeeError (422): `invoice_json_unreadable`, `file_too_large`."""
    file.seek(0)
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise FeeError([Fault("file_too_large", "", {"most": MOST_BYTES // 1_000_000})])
    text, encoding = decoded(raw)
    try:
        whole = json.loads(text, parse_int=str, parse_float=_number, parse_constant=str, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise FeeError([Fault("invoice_json_unreadable", "", {"line": error.lineno})]) from None
    except (RecursionError, ValueError):
        raise FeeError([Fault("invoice_json_unreadable", "", {"line": 1})]) from None
    return encoding, _objects(whole)


def _number(written: str) -> str:
    """A number with decimals as it was written, unless they are zeros: in JSON no dot groups digits."""
    whole, _, decimals = written.partition(".")
    return whole if decimals and not decimals.strip("0") else written


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; where a name stands twice nobody knows which of both counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _objects(whole: Any) -> list[Mapping[str, Any]]:
    for name in ("list", "rows", "lines", "invoices"):
        if isinstance(whole, dict) and isinstance(whole.get(name), list) and "detailList" not in whole:
            whole = whole[name]
    found = whole if isinstance(whole, list) else [whole]
    if not found or not all(isinstance(each, dict) for each in found):
        raise FeeError([Fault("invoice_json_unreadable", "", {"line": 1})])
    return found


def are_documents(objects: list[Mapping[str, Any]]) -> bool:
    """Whether they are documents with details, and not rows."""
    return any("detailList" in each or "invoicerCorpNum" in each for each in objects)


def document_lines(objects: list[Mapping[str, Any]], file: str) -> Iterator[DocumentLine]:
    """The lines of documents; numbered through the file, since several documents may stand in it."""
    number = 0
    for each in objects:
        head = {field: as_text(each.get(name)) for field, names in _HEAD.items() for name in names if each.get(name)}
        corrects = bool(head.get("correction_code") or head.get("corrects"))
        if kind := _KINDS.get(as_text(each.get("taxType"))):
            head["kind"] = kind[0][corrects] + kind[1]
        details = each.get("detailList") or [{}]
        for detail in details if isinstance(details, list) else [{}]:
            number += 1
            line = detail if isinstance(detail, dict) else {}
            yield DocumentLine(file, number, head, {field: as_text(line.get(name)) for field, name in _LINE.items()})


def rows(objects: list[Mapping[str, Any]]) -> Iterator[NumberedRow]:
    """Plain rows under the names that occur in any of them; the names are row 0."""
    names = list(dict.fromkeys(name for each in objects for name in each))
    yield NumberedRow(0, names)
    for number, each in enumerate(objects, 1):
        yield NumberedRow(number, [as_text(each.get(name)) for name in names])


def as_text(value: Any) -> str:
    """A value as it would be typed: numbers are kept as they were written; what is no text comes as JSON."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    try:
        return "" if value is None else as_text(json.dumps(value, ensure_ascii=False))
    except RecursionError:  # as deep as can be read is not always as can be written
        return "{}"

"""What was understood of files before anything runs, with the items that nobody has named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fee_service.finance.item_names_kept import known_names, known_of, names_of, published_names, says_data
from fee_service.invoices.items import ItemNames, Own
from fee_service.invoices.suggesting import suggestions
from fee_service.permissions import Action, require
from fee_service.published.item_words import CODES
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.reconciliation.apart import understood_apart
from fee_service.reconciliation.asking import Sent
from fee_service.storage import item_names
from fee_service.strict_json import Data

MOST_UNKNOWN = 100  # texts that are told, those of the most money first


def preview(desk: Desk, files: Sent, own_number: str | None, call: Call) -> Data:
    """Files as they were understood. Raises FeeError (403, 422) where none can be read, and StorageError."""
    require(call.actor, Action.RECONCILE)
    told = understood_apart(files, call.language, own_number)
    with desk.database.reading() as connection:
        names = known_names(connection, desk.editions)
    items = told.pop("items")
    return {
        **told,
        "rows": [{**row, "named": _named(names, row, row)} for row in told["rows"]],
        "unknown_items": list(_unknown(desk, names, items)),
    }


def _named(names: ItemNames, text: Mapping[str, Any], own: Mapping[str, Any]) -> Data | None:
    """What a text is for; None of one that nobody knows."""
    columns = Own(*(own.get(name) for name in CODES))
    named = names.said(text.get("supplier"), text.get("item"), text.get("specification"), columns)
    if named is None or named.faults:
        return None
    return {name: getattr(named, name) for name in (*CODES, "total", "ignored")}


def _unknown(desk: Desk, names: ItemNames, items: Sequence[Mapping[str, Any]]) -> Iterator[Data]:
    """The texts that nobody has named, each with known ones like it, which decide nothing."""
    unknown = [item for item in items if item["item"] and _named(names, item, item["own"]) is None]
    for item in sorted(unknown, key=lambda each: -abs(each["amount"]))[:MOST_UNKNOWN]:
        like = _like(desk, item["supplier"], item["item"], item["specification"])
        yield {
            "supplier": item["supplier"],
            "text": item["item"],
            "specification": item["specification"],
            "lines": item["lines"],
            "amount": item["amount"],
            "suggestions": like,
        }


def _like(desk: Desk, supplier: str | None, text: str, specification: str | None) -> list[Data]:
    published = published_names(desk.editions)
    with desk.database.reading() as connection:
        kept = item_names.of_supplier(connection, supplier) if supplier else ()
    told = known_of((name for each in kept for name in names_of(each)), published)
    return [
        {"text": each.known.text, **says_data(each.known.says), "score": each.score}
        for each in suggestions(text, specification, told, published)
    ]

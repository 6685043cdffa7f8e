"""What is told of texts on invoices, supplier by supplier; what a text means now, and which known ones are like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from fee_service.errors import Fault, FeeError
from fee_service.finance.item_names_kept import (
    ToldName,
    known_of,
    names_of,
    published_names,
    said_data,
    says_data,
    version_data,
)
from fee_service.invoices.items import ItemNames, Named
from fee_service.invoices.suggesting import Suggestion, suggestions
from fee_service.permissions import Action, require
from fee_service.published.item_names import PublishedNames
from fee_service.published.item_words import CODES
from fee_service.quotes.calls import Call
from fee_service.quotes.cursors import cursor_at, position_at
from fee_service.quotes.desk import Desk
from fee_service.storage import installation, item_names
from fee_service.storage.item_names import KeptNames
from fee_service.strict_json import Data

USUAL = 50


def list_item_names(desk: Desk, wishes: Mapping[str, Any], call: Call) -> Data:
    """A page of suppliers with their names; of a text what it means. Raises FeeError (400 for a foreign cursor)."""
    require(call.actor, Action.NAME_ITEMS)
    cursor, limit, text = wishes.get("cursor"), wishes.get("limit") or USUAL, wishes.get("text")
    published = published_names(desk.editions)
    with desk.database.reading() as connection:
        of = orjson.dumps(["item-names", wishes.get("supplier"), text])
        secret = installation.cursor_key(connection)
        after = position_at(cursor, of, secret) if cursor else -1
        if after is None:
            raise FeeError([Fault("invalid_cursor", "/query/cursor")], 400)
        kept = _wanted(item_names.current(connection), wishes.get("supplier"))
    told = [(each, list(_holding(names_of(each), text, published))) for each in kept if _number(each) > after]
    shown = [(each, names) for each, names in told if names or text is None]
    following = cursor_at(_number(shown[limit - 1][0]), of, secret) if len(shown) > limit else None
    return {
        "suppliers": [version_data(each, names) for each, names in shown[:limit]],
        "next_cursor": following,
        **_about(text, wishes, kept, published),
    }


def _wanted(kept: Iterable[KeptNames], supplier: str | None) -> list[KeptNames]:
    return [each for each in kept if supplier in (None, each.supplier)]


def _number(kept: KeptNames) -> int:
    return int(kept.supplier.replace("-", ""))


def _holding(names: Iterable[ToldName], text: str | None, published: PublishedNames) -> Iterator[ToldName]:
    """The names that hold a text, as texts are compared."""
    sought = published.key(text) if text is not None else ""
    for name in names:
        if sought in published.key(f"{name.text} {name.specification or ''}"):
            yield name


def _about(text: str | None, wishes: Mapping[str, Any], kept: Sequence[KeptNames], published: PublishedNames) -> Data:
    """What a text means for the supplier, or, where none is named, for anybody."""
    if text is None:
        return {"understood": None, "suggestions": []}
    specification, supplier = wishes.get("specification"), wishes.get("supplier")
    by_key = {each.supplier: {name.key(published): name for name in names_of(each)} for each in kept}
    told = {number: {key: name.says for key, name in names.items()} for number, names in by_key.items()}
    named = ItemNames(published, told).said(supplier, text, specification)
    known = known_of((name for names in by_key.values() for name in names.values()), published)
    like = () if named and not named.faults else suggestions(text, specification, known, published)
    return {"understood": _understood(named), "suggestions": [_suggested(each) for each in like]}


def _understood(named: Named | None) -> Data | None:
    if named is None or named.faults:
        return None
    return {name: getattr(named, name) for name in (*CODES, "total", "ignored")}


def _suggested(suggestion: Suggestion) -> Data:
    known, score = suggestion
    source = "told" if known.told else "published"
    said = {"text": known.text, "specification": known.specification, **says_data(known.says)}
    return {**said, "source": source, "score": score}


# -- as a file -----------------------------------------------------------------------------------------


def written_item_names(desk: Desk, supplier: str | None, call: Call) -> str:
    """All that holds now, of all suppliers or of one, as the YAML that is taken back. Raises FeeError (403)."""
    require(call.actor, Action.NAME_ITEMS)
    with desk.database.reading() as connection:
        kept = _wanted(item_names.current(connection), supplier)
    return "".join(_lines(kept))


def _lines(kept: Sequence[KeptNames]) -> Iterator[str]:
    """Every text as a JSON string, which is one of YAML, too."""
    yield "suppliers:\n" if kept else "suppliers: []\n"
    for each in kept:
        yield f'  - supplier: "{each.supplier}"\n    # version {each.version}\n'
        names = names_of(each)
        yield "    names:\n" if names else "    names: []\n"
        for name in names:
            yield f"      - {{{', '.join(f'{key}: {_scalar(value)}' for key, value in said_data(name).items())}}}\n"


def _scalar(value: str | bool) -> str:
    return orjson.dumps(value).decode()

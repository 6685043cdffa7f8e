"""What is wrong with names of items that somebody tells: every fault at once, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fee_service.errors import Fault
from fee_service.finance.item_names_kept import ToldName
from fee_service.invoices.items import ItemKey
from fee_service.invoices.personal import masked
from fee_service.published.item_names import PublishedNames
from fee_service.published.item_words import CODES, Says
from schemas.fields import nearest_first, shown


def told_name(entry: Mapping[str, Any]) -> ToldName:
    """A name of a body; codes in small letters, as they are written everywhere."""
    codes = {name: entry[name].lower() for name in CODES if entry.get(name)}
    says = Says(**codes, total=entry.get("total", False), ignored=entry.get("ignored", False))
    return ToldName(entry["text"], entry.get("specification"), says, since=0)


def name_faults(
    entries: Sequence[Mapping[str, Any] | None],
    place: str,
    before: Mapping[ItemKey, ToldName],
    published: PublishedNames,
) -> Iterator[Fault]:
    """The faults of all names of a supplier; `before` is what is told already. An entry that is none is passed over."""
    seen: dict[ItemKey, int] = {}
    for number, entry in enumerate(entries):
        here = f"{place}/names/{number}"
        if entry is None or "text" not in entry:
            continue
        text_faults = list(_of_texts(entry, here, published))
        yield from text_faults
        if text_faults:
            continue
        name = told_name(entry)
        key = name.key(published)
        if seen.setdefault(key, number) != number:
            params = {"value": shown(name.text), "other": str(seen[key] + 1)}
            yield Fault("item_name_told_twice", f"{here}/text", params)
        if not entry.get("forgotten", False):
            yield from _of_codes(name.says, here, published)
        elif key not in before:
            yield Fault("item_name_not_told", f"{here}/text", {"value": shown(name.text)})


def _of_texts(entry: Mapping[str, Any], here: str, published: PublishedNames) -> Iterator[Fault]:
    """A text has something to compare, and nothing of a person."""
    for field in ("text", "specification"):
        text = entry.get(field)
        if text is None:
            continue
        if masked(text) != text:
            yield Fault("item_text_personal", f"{here}/{field}")
        elif not published.key(text):
            yield Fault("item_text_without_words", f"{here}/{field}", {"value": shown(text)})


def _of_codes(says: Says, here: str, published: PublishedNames) -> Iterator[Fault]:
    kinds = says.total + says.ignored + bool(says.codes())
    if kinds > 1:
        yield Fault("item_says_several", here)
        return
    if kinds == 0:
        yield Fault("item_says_nothing", here)
        return
    faults = published.codes.faults(says)
    for fault in faults:
        code = getattr(says, fault.field)
        yield Fault(
            fault.code, f"{here}/{fault.field}", {"value": shown(code), "known": nearest_first(code, fault.known)}
        )
    if says.codes() and not faults and published.codes.completed(says) is None:
        yield Fault("item_product_missing", f"{here}/product")

"""Names of items from where they are kept, for those who read invoices, and as they are told to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.invoices.items import ItemKey, ItemNames
from fee_service.invoices.suggesting import Known
from fee_service.published import item_names as published_item_names
from fee_service.published.editions import Editions
from fee_service.published.item_names import PublishedNames
from fee_service.published.item_words import CODES, Says
from fee_service.storage import item_names
from fee_service.storage.item_names import KeptNames
from fee_service.strict_json import Data


class ToldName(NamedTuple):
    """A text that the house told for a supplier, since a version of what it told."""

    text: str
    specification: str | None
    says: Says
    since: int

    def key(self, published: PublishedNames) -> ItemKey:
        """Under which it is looked up."""
        return ItemKey(published.key(self.text), published.key(self.specification or ""))


@lru_cache(maxsize=4)
def published_names(editions: Editions) -> PublishedNames:
    """The published names, made once."""
    return published_item_names.published_names(editions)


def known_names(connection: Connection, editions: Editions) -> ItemNames:
    """All that is told now, over what is published: by it the lines of invoices are understood."""
    published = published_names(editions)
    told = {
        kept.supplier: {name.key(published): name.says for name in names_of(kept)}
        for kept in item_names.current(connection)
    }
    return ItemNames(published, told)


def known_of(names: Iterable[ToldName], published: PublishedNames) -> Mapping[ItemKey, Known]:
    """The same of one supplier, to suggest from."""
    return {name.key(published): Known(name.text, name.specification, name.says, told=True) for name in names}


def names_of(kept: KeptNames | None) -> Sequence[ToldName]:
    """The names of a version; of none, nothing."""
    return [] if kept is None else [_name(each) for each in orjson.loads(kept.names)]


def _name(data: Mapping[str, Any]) -> ToldName:
    codes = {name: data[name] for name in CODES if name in data}
    says = Says(**codes, total=data.get("total", False), ignored=data.get("ignored", False))
    return ToldName(data["text"], data.get("specification"), says, data["since"])


def names_json(names: Iterable[ToldName]) -> str:
    """Names as they are kept, without what is left open; the inverse of `names_of`."""
    return orjson.dumps([_kept(name) for name in names], option=orjson.OPT_SORT_KEYS).decode()


def _kept(name: ToldName) -> Data:
    return {**said_data(name), "since": name.since}


def said_data(name: ToldName) -> Data:
    """What was told of a text, without what was left open."""
    said: Data = {"text": name.text}
    if name.specification is not None:
        said["specification"] = name.specification
    said |= name.says.codes()
    return said | {flag: True for flag in ("total", "ignored") if getattr(name.says, flag)}


# -- as JSON -------------------------------------------------------------------------------------------


def says_data(says: Says) -> Data:
    """Every code, with those that are left open."""
    return {name: getattr(says, name) for name in (*CODES, "total", "ignored")}


def name_data(name: ToldName) -> Data:
    """A name with all its fields."""
    return {"text": name.text, "specification": name.specification, **says_data(name.says), "since": name.since}


def version_data(kept: KeptNames, names: Iterable[ToldName]) -> Data:
    """Some names of a version, and who told it when."""
    return {
        "supplier": kept.supplier,
        "version": kept.version,
        "entered_at": kept.entered_at.astimezone(KOREA_STANDARD_TIME).isoformat(timespec="seconds"),
        "entered_by": kept.entered_by,
        "names": [name_data(name) for name in names],
    }

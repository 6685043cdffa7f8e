"""What differs between two quotes, as plain data: named by JSON Pointers, and in won. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fee_service.errors import pointer
from fee_service.strict_json import Data


class Change(NamedTuple):
    """A value at a place; None where there is nothing."""

    pointer: str
    before: Any
    after: Any


def changes(before: Any, after: Any, at: tuple[str | int, ...] = ()) -> Iterator[Change]:
    """Every place where two JSON values differ, the deepest that can be named."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from changes(before.get(name), after.get(name), (*at, name))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else None
            new = after[index] if index < len(after) else None
            yield from changes(old, new, (*at, index))
    elif before != after or type(before) is not type(after):
        yield Change(pointer(*at), before, after)


def revision_difference(before: Data, after: Data) -> Data:
    """What a revision changes, from the facts of both quotes; amounts are `after` less `before` (KRW)."""
    return {
        "totals": {
            name: after["totals"][name] - before["totals"][name] for name in ("list", "waiver", "net", "vat", "total")
        },
        "after_waiver": after["monthly"]["after_waiver"] - before["monthly"]["after_waiver"],
        "waiver_ended_on": before["waiver"]["ends_on"],
        "waiver_ends_on": after["waiver"]["ends_on"],
        "licences_added": _licences(after, before),
        "licences_removed": _licences(before, after),
        "request": [change._asdict() for change in changes(before["request"], after["request"])],
    }


def _licences(of: Data, without: Data) -> list[str]:
    def named(facts: Data) -> list[str]:
        return [f"{licence['contract']}:{licence['product']}" for licence in facts["licences"]]

    known = set(named(without))
    return [name for name in named(of) if name not in known]

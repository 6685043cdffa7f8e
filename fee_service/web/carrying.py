"""A request in a form and back without a loss, whatever the form can show.

The form carries the request that it was made from. What a person did not touch stays as it was in there, also what
has no field of its own; what was touched is as it stands in the form. So a form that nobody touched stands for the
request that it shows: for every field of the schema, those to come included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Body = dict[str, Any]

NOTHING: Final = object()  # no such field
# Of a company either both are as they were or neither: a size that was stated beside other figures contradicts them.
TOGETHER = frozenset(("size", "size_evidence"))


def carried(base: Any, untouched: Any, typed: Any) -> Any:
    """`typed`, with everything from `base` in which it is still `untouched`: what the form of `base` stands for."""
    if typed == untouched:
        return base
    if isinstance(typed, dict):
        return _object(_mapping(base), _mapping(untouched), typed)
    if isinstance(typed, list) and _are_licences(typed):
        return _licences(base, untouched, typed)
    return typed


def _object(base: Mapping[str, Any], untouched: Mapping[str, Any], typed: Mapping[str, Any]) -> Body:
    def is_as_it_was(name: str) -> bool:
        return bool(typed.get(name, NOTHING) == untouched.get(name, NOTHING))

    apart = any(name in typed or name in base for name in TOGETHER) and not all(map(is_as_it_was, TOGETHER))
    found = {}
    for name in dict.fromkeys((*typed, *base)):
        if apart and name in TOGETHER and is_as_it_was(name):
            value = typed.get(name, NOTHING)
        else:
            value = carried(*(each.get(name, NOTHING) for each in (base, untouched, typed)))
        if value is not NOTHING:
            found[name] = value
    return found


def _licences(base: Any, untouched: Any, typed: list[Body]) -> list[Body]:
    """Licences one by one, by contract and product, in the order of the form; then what it could not show."""
    before, shown, now = (_by_product(each) for each in (base, untouched, typed))
    kept = [carried(before.get(key, {}), shown.get(key, NOTHING), licence) for key, licence in now.items()]
    return kept + [licence for key, licence in before.items() if key not in shown and key not in now]


def _are_licences(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) and "product" in item for item in items)


def _by_product(items: Any) -> dict[tuple[Any, Any], Body]:
    found = items if isinstance(items, list) and _are_licences(items) else []
    return {(item.get("contract"), item["product"]): item for item in found}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

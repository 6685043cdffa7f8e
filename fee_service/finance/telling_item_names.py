"""What texts on a supplier's invoices are for is told once; each time there is another version, and none is edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from fee_service.errors import Fault, FeeError
from fee_service.finance.item_name_checks import name_faults, told_name
from fee_service.finance.item_names_kept import ToldName, names_json, names_of, published_names
from fee_service.invoices.items import ItemKey
from fee_service.permissions import Action, require
from fee_service.published.item_names import PublishedNames
from fee_service.quotes.answering_once import Answered, first_of, keep, once, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, item_names
from fee_service.storage.attested import ITEMS_NAMED
from fee_service.storage.item_names import KeptNames, Taken
from fee_service.strict_json import Data
from schemas.fields import Loaded

CONFLICT = 409
TRIES = 3  # where others tell names of the same supplier at the same time, so many times it is looked what they told
MOST_NAMES = 5_000  # of a supplier


class _Asked(NamedTuple):
    """What is told for a supplier, and where it stands in the body."""

    place: str
    supplier: str | None
    version: int | None
    replace: bool
    names: Sequence[Mapping[str, Any] | None]


class _Version(NamedTuple):
    """What holds for a supplier from now on; `changed` says whether it did not before."""

    kept: KeptNames
    names: int
    changed: bool


def tell(desk: Desk, loaded: Loaded, call: Call) -> Reply:
    """Keep names, all or none. Raises FeeError (403, 409, 422) and StorageError."""
    require(call.actor, Action.NAME_ITEMS)
    return once(desk.database, call, lambda: _tell(desk, loaded, call))


def _tell(desk: Desk, loaded: Loaded, call: Call) -> Reply:
    asked, faults = _asked(loaded)
    published = published_names(desk.editions)

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        versions = _versions(connection, asked, faults, published, call)
        reply = Reply(200, None, orjson.dumps({"suppliers": [_taken(version) for version in versions]}), None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        for number, version in enumerate(each for each in versions if each.changed):
            item_names.enter(connection, version.kept)
            told = {"version": version.kept.version, "names": version.names, "seal": version.kept.seal}
            audit.append(connection, call.told(ITEMS_NAMED, version.kept.id, told | (first.told if not number else {})))
        if any(version.changed for version in versions):
            keep(connection, [first])
        return reply

    for _ in range(TRIES):
        try:
            return desk.database.write(job)
        except Taken:
            continue
    raise FeeError([Fault("item_names_changed_meanwhile")], CONFLICT)


def _asked(loaded: Loaded) -> tuple[Sequence[_Asked], list[Fault]]:
    """By supplier: the one of the body itself, or each of its `suppliers`."""
    values, faults = loaded
    own = [name for name in ("supplier", "version", "replace", "names") if name in values]
    several = values.get("suppliers")
    if several is not None and own:
        faults = [*faults, *(Fault("item_names_here_or_there", f"/{name}", {"field": name}) for name in own)]
    wrong = {fault.pointer for fault in faults}
    if several is None:
        missing = [name for name in ("supplier", "names") if name not in values and f"/{name}" not in wrong]
        if "/suppliers" not in wrong:
            faults = [*faults, *(Fault("missing_field", f"/{name}", {"field": name}) for name in missing)]
        return [_of("", values)], faults
    asked = [_of(f"/suppliers/{number}", each) for number, each in enumerate(several) if each is not None]
    seen: set[str] = set()
    for each in asked:
        if each.supplier in seen:
            faults = [*faults, Fault("item_supplier_told_twice", f"{each.place}/supplier", {"value": each.supplier})]
        seen.add(each.supplier or each.place)
    return asked, faults


def _of(place: str, values: Mapping[str, Any]) -> _Asked:
    names = values.get("names", ())
    return _Asked(place, values.get("supplier"), values.get("version"), values.get("replace", False), names)


def _versions(
    connection: Connection, asked: Sequence[_Asked], faults: Sequence[Fault], published: PublishedNames, call: Call
) -> list[_Version]:
    """What holds for each supplier afterwards. Raises FeeError with every fault of all of them."""
    wrong, late, versions = list(faults), [], []
    for each in asked:
        newest = next(iter(item_names.of_supplier(connection, each.supplier)), None) if each.supplier else None
        before = {name.key(published): name for name in names_of(newest)}
        number = newest.version if newest else 0
        found = list(name_faults(each.names, each.place, before, published))
        if each.version is not None and each.version != number:
            late.append(Fault("item_names_changed", f"{each.place}/version", {"value": str(number)}))
        wrong += found
        if wrong or late or each.supplier is None:
            continue
        after = _after(each, before, number + 1, published)
        if len(after) > MOST_NAMES:
            params = {"count": f"{len(after):,}", "maximum": f"{MOST_NAMES:,}"}
            wrong.append(Fault("too_many", f"{each.place}/names", params))
        versions.append(_version(each.supplier, newest, list(after.values()), call))
    if wrong or late:
        raise FeeError([*wrong, *late], 422 if wrong else CONFLICT)
    return versions


def _after(
    asked: _Asked, before: Mapping[ItemKey, ToldName], version: int, published: PublishedNames
) -> dict[ItemKey, ToldName]:
    """What was told before, with what is told now; a name that says the same as before is as old as it was."""
    after = {} if asked.replace else dict(before)
    for entry in asked.names:
        assert entry is not None  # or there is a fault
        name = told_name(entry)._replace(since=version)
        key = name.key(published)
        if entry.get("forgotten", False):
            after.pop(key, None)
        elif key not in before or before[key]._replace(since=version) != name:
            after[key] = name
        else:
            after[key] = before[key]
    return after


def _version(supplier: str, newest: KeptNames | None, names: list[ToldName], call: Call) -> _Version:
    """Another version, where it says something else; nothing is one of nothing before."""
    in_order = names_json(sorted(names, key=lambda name: (name.text, name.specification or "")))
    before = newest or KeptNames(supplier, 0, names_json(()), call.now, call.actor.key_id)
    if in_order == before.names:
        return _Version(before, len(names), changed=False)
    kept = KeptNames(supplier, before.version + 1, in_order, call.now, call.actor.key_id)
    return _Version(kept, len(names), changed=True)


def _taken(version: _Version) -> Data:
    return {
        "supplier": version.kept.supplier,
        "version": version.kept.version,
        "names": version.names,
        "changed": version.changed,
    }

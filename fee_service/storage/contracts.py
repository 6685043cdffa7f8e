"""Contracts as they are kept: what was agreed, what happened since, and how they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, select, update

from fee_service.contract import ContractEvent, EventKind, WithdrawalGround
from fee_service.periods import Period
from fee_service.storage.seals import seal
from fee_service.storage.tables import contract_events, contract_products, contract_states, contracts, quotes

AT_ONCE = 1000
_EVENT_COLUMNS = tuple(str(column.name) for column in contract_events.columns)

_INSERT, _INSERT_PRODUCTS = insert(contracts), insert(contract_products)
_INSERT_EVENT, _INSERT_STATE = insert(contract_events), insert(contract_states)
_MOVE = (
    update(contract_states)
    .where(contract_states.c.position == bindparam("of"))
    .values(ends_on=bindparam("end"), waiver_ends_on=bindparam("waived_until"))
)
_WHOLE: Select[Any] = select(contracts, quotes.c.id, quotes.c.number, quotes.c.owner, quotes.c.company_name).join(
    quotes, quotes.c.position == contracts.c.position
)
_ONE = _WHOLE.where(contracts.c.position == bindparam("of"))
_FOLLOWING = _WHOLE.where(contracts.c.position > bindparam("after")).order_by(contracts.c.position).limit(AT_ONCE)
_STATES = select(contract_states)
_PRODUCTS = select(contract_products.c.position, contract_products.c.product).order_by(contract_products.c.product)
_BETWEEN = (
    select(
        contracts.c.position,
        quotes.c.number,
        contracts.c.request,
        *(contracts.c.starts_on, contracts.c.quoted_until),
        *(contracts.c.waiver_starts_on, contracts.c.waiver_ends_on),
    )
    .join(quotes, quotes.c.position == contracts.c.position)
    .where(contracts.c.position > bindparam("after"), contracts.c.position <= bindparam("through"))
    .order_by(contracts.c.position)
)
_PLACES = select(contracts.c.position).where(contracts.c.position > bindparam("after")).order_by(contracts.c.position)
_LAST = select(func.max(contracts.c.position))
_EVENTS = (
    select(contract_events).where(contract_events.c.position == bindparam("of")).order_by(contract_events.c.sequence)
)


class Agreed(NamedTuple):
    """What was agreed by accepting a quote; `request` is canonical JSON, days are inclusive."""

    position: int
    business_number: str | None
    starts_on: date
    ends_on: date | None
    quoted_until: date
    waiver_starts_on: date | None
    waiver_ends_on: date | None
    request: str

    @property
    def horizon(self) -> Period:
        """The days that were quoted."""
        return Period.through(self.starts_on, self.quoted_until)

    @property
    def waived(self) -> Period | None:
        """The waiver as granted."""
        if self.waiver_starts_on is None or self.waiver_ends_on is None:
            return None
        return Period.through(self.waiver_starts_on, self.waiver_ends_on)


class StoredContract(NamedTuple):
    """A contract with the facts of its quote that say whose it is."""

    agreed: Agreed
    id: str
    number: str
    owner: str
    company_name: str | None


class StoredEvent(NamedTuple):
    """An event with its place among those of its contract, and who entered it when."""

    sequence: int
    event: ContractEvent
    entered_at: datetime
    entered_by: str


class Stands(NamedTuple):
    """The last contract day and the last waived day, as far as they are known."""

    ends_on: date | None
    waiver_ends_on: date | None


class Listed(NamedTuple):
    """A contract as a list shows it: what was agreed, for which products, and how it stands."""

    agreed: Agreed
    id: str
    number: str
    company_name: str | None
    policy: str | None
    products: tuple[str, ...]
    stands: Stands


def seal_of(agreed: Agreed) -> str:
    """The seal of what was agreed, as the audit log tells it."""
    return seal(agreed._asdict(), Agreed._fields)


def seal_of_event(row: Mapping[Any, Any]) -> str:
    """The seal of an event's row."""
    return seal(row, _EVENT_COLUMNS)


def enter(connection: Connection, agreed: Agreed, products: Sequence[str], stands: Stands) -> None:
    """Keep what was agreed (inside `Database.write`)."""
    connection.execute(_INSERT, agreed._asdict())
    named = [{"product": product, "position": agreed.position} for product in sorted(set(products))]
    if named:
        connection.execute(_INSERT_PRODUCTS, named)
    connection.execute(_INSERT_STATE, {"position": agreed.position, **stands._asdict()})


def find(connection: Connection, position: int) -> StoredContract | None:
    """The contract at the position of a quote."""
    row = connection.execute(_ONE, {"of": position}).one_or_none()
    return None if row is None else _stored(row)


def at(connection: Connection, positions: Sequence[int]) -> dict[int, StoredContract]:
    """Several contracts by their positions."""
    found = connection.execute(_WHOLE.where(contracts.c.position.in_(positions)))
    return {row.position: _stored(row) for row in found}


def listed(connection: Connection, positions: Sequence[int]) -> list[Listed]:
    """The contracts at some positions, in that order."""
    where = contract_states.c.position.in_(positions)
    stands = {row.position: Stands(row.ends_on, row.waiver_ends_on) for row in connection.execute(_STATES.where(where))}
    products: dict[int, list[str]] = {}
    for row in connection.execute(_PRODUCTS.where(contract_products.c.position.in_(positions))):
        products.setdefault(row.position, []).append(row.product)
    rows = connection.execute(_WHOLE.add_columns(quotes.c.policy).where(contracts.c.position.in_(positions)))
    found = {row.position: (_stored(row), row.policy) for row in rows}
    return [
        Listed(
            stored.agreed,
            stored.id,
            stored.number,
            stored.company_name,
            policy,
            tuple(products.get(position, ())),
            stands[position],
        )
        for position in positions
        for stored, policy in (found[position],)
    ]


def held_by(connection: Connection, business_numbers: Sequence[str], through: int) -> Iterator[StoredContract]:
    """The contracts of some companies up to a position, in order."""
    yield from _where(connection, contracts.c.business_number, business_numbers, through)


def named(connection: Connection, keys: Sequence[str], through: int) -> Iterator[StoredContract]:
    """The contracts whose quotes have these numbers or ids, up to a position."""
    for column in (quotes.c.number, quotes.c.id):
        yield from _where(connection, column, keys, through)


def _where(
    connection: Connection, column: ColumnElement[Any], values: Sequence[str], through: int
) -> Iterator[StoredContract]:
    for first in range(0, len(values), AT_ONCE):
        asked = _WHOLE.where(column.in_(values[first : first + AT_ONCE]), contracts.c.position <= through)
        yield from map(_stored, connection.execute(asked.order_by(contracts.c.position)).all())


def following(connection: Connection, after: int = 0) -> Iterator[StoredContract]:
    """All contracts behind a position, in order, some at a time."""
    while True:
        rows = connection.execute(_FOLLOWING, {"after": after}).all()
        yield from map(_stored, rows)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].position


class Terms(NamedTuple):
    """What of a contract its dues depend on, read for many at once; `request` is canonical JSON."""

    position: int
    number: str
    request: str
    horizon: Period
    waived: Period | None


def between(connection: Connection, after: int, through: int) -> list[Terms]:
    """The contracts behind a position up to another, in order."""
    return [
        Terms(
            position,
            number,
            request,
            Period.through(first, last),
            None if waived is None else Period.through(waived, last_waived),
        )
        for position, number, request, first, last, waived, last_waived in connection.execute(
            _BETWEEN, {"after": after, "through": through}
        )
    ]


def places(connection: Connection, after: int = 0) -> list[int]:
    """The positions of all contracts behind one, in order."""
    return list(connection.execute(_PLACES, {"after": after}).scalars())


def last_place(connection: Connection) -> int:
    """The position of the last contract; 0 where there is none."""
    return connection.execute(_LAST).scalar() or 0


def events_of(connection: Connection, positions: Sequence[int]) -> dict[int, tuple[ContractEvent, ...]]:
    """What happened to some contracts, by their positions."""
    found: dict[int, list[ContractEvent]] = {}
    for first in range(0, len(positions), AT_ONCE):
        named = contract_events.c.position.in_(positions[first : first + AT_ONCE])
        asked = select(contract_events).where(named).order_by(contract_events.c.position, contract_events.c.sequence)
        for row in connection.execute(asked):
            found.setdefault(row.position, []).append(_event(row).event)
    return {position: tuple(each) for position, each in found.items()}


def events(connection: Connection, position: int) -> tuple[StoredEvent, ...]:
    """What happened to a contract, in the order in which it was entered."""
    return tuple(_event(row) for row in connection.execute(_EVENTS, {"of": position}))


def all_events(connection: Connection) -> dict[int, tuple[ContractEvent, ...]]:
    """What happened to all contracts, by their positions."""
    found: dict[int, list[ContractEvent]] = {}
    after = (0, 0)
    key = contract_events.c.position, contract_events.c.sequence
    while True:
        behind = (key[0] > after[0]) | ((key[0] == after[0]) & (key[1] > after[1]))
        rows = connection.execute(select(contract_events).where(behind).order_by(*key).limit(AT_ONCE)).all()
        for row in rows:
            found.setdefault(row.position, []).append(_event(row).event)
        if len(rows) < AT_ONCE:
            return {position: tuple(each) for position, each in found.items()}
        after = rows[-1].position, rows[-1].sequence


def row_of_event(position: int, new: StoredEvent) -> dict[str, Any]:
    """An event of the contract at a position, by the names of the columns."""
    event = new.event
    return {
        "position": position,
        "sequence": new.sequence,
        "id": event.id,
        "kind": event.kind.value,
        "on": event.on,
        "ground": event.ground and event.ground.value,
        "reason": event.reason,
        "annuls": event.annuls,
        "entered_at": new.entered_at,
        "entered_by": new.entered_by,
    }


def enter_event(connection: Connection, row: Mapping[str, Any], stands: Stands) -> None:
    """Add an event to its contract, and how that stands then (inside `Database.write`)."""
    connection.execute(_INSERT_EVENT, row)
    connection.execute(_MOVE, {"of": row["position"], "end": stands.ends_on, "waived_until": stands.waiver_ends_on})


def _stored(row: Row[Any]) -> StoredContract:
    """By place, not by name: a hundred thousand are read at once."""
    agreed = len(Agreed._fields)
    return StoredContract(Agreed._make(row[:agreed]), *row[agreed : agreed + 4])


def _event(row: Row[Any]) -> StoredEvent:
    event = ContractEvent(
        id=row.id,
        kind=EventKind(row.kind),
        on=row.on,
        ground=None if row.ground is None else WithdrawalGround(row.ground),
        reason=row.reason,
        annuls=row.annuls,
    )
    return StoredEvent(row.sequence, event, row.entered_at, row.entered_by)

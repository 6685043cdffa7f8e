"""Issued quotes and their states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from fee_service import quote_number
from fee_service.quote_status import QuoteStatus
from fee_service.spelling import cleaned
from fee_service.storage.stored_quote import COLUMNS, KeptQuote, Reference, StoredQuote
from fee_service.storage.tables import numbers, quote_states, quotes

NUMBERS_A_DAY = 10**7  # more than any year has
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ROWS_AT_ONCE = 500

_later = quotes.alias("later")
_earlier = quotes.alias("earlier")
_WHOLE: Select[Any] = (
    select(
        quotes,
        quote_states.c.status,
        quote_states.c.changed_at,
        _earlier.c.id.label("earlier_id"),
        _earlier.c.number.label("earlier_number"),
        _later.c.id.label("later_id"),
        _later.c.number.label("later_number"),
    )
    .join(quote_states, quote_states.c.position == quotes.c.position)
    .outerjoin(_earlier, _earlier.c.position == quotes.c.revises)
    .outerjoin(_later, _later.c.revises == quotes.c.position)
)
_BY_ID = _WHOLE.where(quotes.c.id == bindparam("key"))
_BY_NUMBER = _WHOLE.where(quotes.c.number == bindparam("key"))
_FOLLOWING = (
    select(quotes, quote_states.c.status, quote_states.c.changed_at)
    .outerjoin(quote_states, quote_states.c.position == quotes.c.position)
    .where(quotes.c.position > bindparam("after"))
    .order_by(quotes.c.position)
    .limit(ROWS_AT_ONCE)
)
_STATUS = select(quote_states.c.status).where(quote_states.c.position == bindparam("of"))
_CHANGE = (
    update(quote_states)
    .where(quote_states.c.position == bindparam("of"))
    .values(status=bindparam("to"), changed_at=bindparam("at"))
)
_INSERT = insert(quotes)


_LAST_NUMBER = select(numbers.c.last).where(numbers.c.year == bindparam("of"))


def position_of(day: date, sequence: int) -> int:
    """Where a quote stands among all others: by its day of issue in Korea, then by its number."""
    return day.toordinal() * NUMBERS_A_DAY + sequence


def first_position_of(day: date) -> int:
    """No quote of that day or later stands before this position."""
    return day.toordinal() * NUMBERS_A_DAY


def last_sequence(connection: Connection, year: int) -> int:
    """The last number given in a year; the database takes no quote but with the next (inside `Database.write`)."""
    return connection.execute(_LAST_NUMBER, {"of": year}).scalar_one_or_none() or 0


def number_of(year: int, sequence: int) -> str:
    """The number that people use."""
    return f"Q-{year:04d}-{sequence:06d}"


def store(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep new quotes; the database counts their numbers and begins their states (inside `Database.write`)."""
    if rows:
        connection.execute(_INSERT, rows)


def find(connection: Connection, key: str) -> StoredQuote | None:
    """A quote by its id or number, with its state and its neighbours in the chain of revisions."""
    number, id_ = quote_number.read(key), cleaned(key)
    row = None
    if number is not None:
        row = connection.execute(_BY_NUMBER, {"key": number}).one_or_none()
    elif ID.fullmatch(id_):
        row = connection.execute(_BY_ID, {"key": id_.lower()}).one_or_none()
    return None if row is None else _stored(row)


def _stored(row: Row[Any]) -> StoredQuote:
    return StoredQuote(
        **_columns(row),
        status=QuoteStatus(row.status),
        changed_at=row.changed_at,
        earlier=_reference(row.earlier_id, row.earlier_number),
        later=_reference(row.later_id, row.later_number),
    )


def _columns(row: Row[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in COLUMNS}


def _reference(quote_id: str | None, number: str | None) -> Reference | None:
    return None if quote_id is None or number is None else Reference(quote_id, number)


def status(connection: Connection, position: int) -> QuoteStatus:
    """The status as it is now."""
    return QuoteStatus(connection.execute(_STATUS, {"of": position}).scalar_one())


def change_state(connection: Connection, position: int, status: QuoteStatus, at: datetime) -> None:
    """Close an issued quote; the database refuses to close it twice."""
    connection.execute(_CHANGE, {"of": position, "to": status, "at": at})


def all_numbers(connection: Connection) -> Sequence[str]:
    """The numbers of all quotes in the order of issue."""
    return connection.execute(select(quotes.c.number).order_by(quotes.c.position)).scalars().all()


class AsFound(NamedTuple):
    """A quote and its state as they stand in the tables, whatever was done to them by hand."""

    quote: KeptQuote
    status: str | None
    changed_at: datetime | None


def everything(connection: Connection) -> Iterator[AsFound]:
    """All quotes in the order of issue, some at a time."""
    after = 0
    while True:
        rows = connection.execute(_FOLLOWING, {"after": after}).all()
        yield from (AsFound(KeptQuote(**_columns(row)), row.status, row.changed_at) for row in rows)
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1].position

"""Contracts found many at once by numbers and ids, with what reports of their use are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from fee_service import quote_number
from fee_service.spelling import cleaned
from fee_service.storage.quotes import ID
from fee_service.storage.tables import contract_states, contracts, quotes

AT_ONCE = 500  # asked for in one statement
_QUERY = (
    select(
        *(quotes.c.position, quotes.c.id, quotes.c.number, quotes.c.owner),
        *(contracts.c.starts_on, contracts.c.quoted_until, contracts.c.request, contract_states.c.ends_on),
    )
    .outerjoin(contracts, contracts.c.position == quotes.c.position)
    .outerjoin(contract_states, contract_states.c.position == contracts.c.position)
)


class HeldQuote(NamedTuple):
    """A quote, and the contract that it is where it was accepted; `ends_on` is the last day as its events leave it."""

    position: int
    id: str
    number: str
    owner: str
    starts_on: date | None
    quoted_until: date | None
    request: str | None  # JSON
    ends_on: date | None


def spelled(key: str) -> str | None:
    """A number or id as it is kept, however it was typed; None for what is neither."""
    number, id_ = quote_number.read(key), cleaned(key)
    if number is not None:
        return number
    return id_.lower() if ID.fullmatch(id_) else None


def find(connection: Connection, names: Iterable[str]) -> Iterator[tuple[str, HeldQuote]]:
    """Quotes by numbers and ids as they are kept; each name that there is, with its quote."""
    every = sorted(set(names))
    for column, of_a_number in ((quotes.c.number, True), (quotes.c.id, False)):
        asked = [name for name in every if name.startswith("Q-") is of_a_number]
        for first in range(0, len(asked), AT_ONCE):
            for row in connection.execute(_QUERY.where(column.in_(asked[first : first + AT_ONCE]))):
                yield row._mapping[column.name], HeldQuote(**row._mapping)

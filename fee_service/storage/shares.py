"""Links that show one quote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from fee_service.quote_status import QuoteStatus
from fee_service.storage.tables import quote_shares, quote_states, quotes

MOST_STANDING = 20


class Share(NamedTuple):
    """A link to the quote at a position; `expires_on` is its last day in Korea, None where it ends with the quote."""

    id: str
    position: int
    created_by: str
    created_at: datetime
    revoked_at: datetime | None = None
    expires_on: date | None = None


class Shared(NamedTuple):
    """The id of the quote that an open link shows, and the link's last day."""

    quote_id: str
    expires_on: date | None


class Standing(NamedTuple):
    """How a quote stands, without anything that it says."""

    number: str
    digest: str
    issued_on: date
    valid_until: date
    status: QuoteStatus
    changed_at: datetime


def store(connection: Connection, share: Share) -> None:
    """Enter a new link (inside `Database.write`)."""
    connection.execute(insert(quote_shares).values(share._asdict()))


def of_quote(connection: Connection, position: int) -> Sequence[Share]:
    """The links of a quote that were not revoked, the newest first."""
    shares = quote_shares.c
    query = select(quote_shares).where(shares.position == position, shares.revoked_at.is_(None))
    rows = connection.execute(query.order_by(shares.created_at.desc()))
    return [Share(**row._mapping) for row in rows]


def revoke(connection: Connection, share_id: str, position: int, at: datetime) -> bool:
    """Close a link of a quote; False where it has none of that name that is open."""
    shares = quote_shares.c
    done = connection.execute(
        update(quote_shares)
        .where(shares.id == share_id, shares.position == position, shares.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return done.rowcount == 1


def shared(connection: Connection, share_id: str) -> Shared | None:
    """What a link shows that was not revoked; None where there is none."""
    shares = quote_shares.c
    query = select(quotes.c.id, shares.expires_on).join(quote_shares, shares.position == quotes.c.position)
    row = connection.execute(query.where(shares.id == share_id, shares.revoked_at.is_(None))).one_or_none()
    return None if row is None else Shared(row.id, row.expires_on)


def standing(connection: Connection, number: str | None, digest: str | None) -> Sequence[Standing]:
    """How every quote of a number, or of a digest that begins so, stands; nothing of what they say."""
    query = (
        select(
            *(quotes.c.number, quotes.c.digest, quotes.c.issued_on, quotes.c.valid_until),
            *(quote_states.c.status, quote_states.c.changed_at),
        )
        .join(quote_states, quote_states.c.position == quotes.c.position)
        .order_by(quotes.c.digest.desc(), quotes.c.position.desc())  # the order of the index of digests
        .limit(MOST_STANDING)
    )
    if number is not None:
        query = query.where(quotes.c.number == number)
    else:
        assert digest is not None
        query = query.where(quotes.c.digest >= digest, quotes.c.digest <= digest + "g")
    rows = (row._mapping for row in connection.execute(query))
    return [Standing(**{**row, "status": QuoteStatus(row["status"])}) for row in rows]

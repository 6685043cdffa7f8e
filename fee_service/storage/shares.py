"""Links that show one quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from fee_service.storage.tables import quote_shares, quote_states, quotes

MOST_STANDING = 20


def store(connection: Connection, values: Mapping[str, Any]) -> None:
    connection.execute(insert(quote_shares).values(values))


def of_quote(connection: Connection, position: int) -> Sequence[Row[Any]]:
    """The links of a quote that were not revoked, the newest first."""
    shares = quote_shares.c
    query = select(quote_shares).where(shares.position == position, shares.revoked_at.is_(None))
    return connection.execute(query.order_by(shares.created_at.desc())).all()


def revoke(connection: Connection, share_id: str, position: int, at: datetime) -> bool:
    """Close a link of a quote; False where it has none of that name that is open."""
    shares = quote_shares.c
    done = connection.execute(
        update(quote_shares)
        .where(shares.id == share_id, shares.position == position, shares.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return done.rowcount == 1


def shared(connection: Connection, share_id: str) -> Any:
    """The id of the quote of a link that was not revoked, and the link's last day; None where there is none."""
    shares = quote_shares.c
    query = select(quotes.c.id, shares.expires_on).join(quote_shares, shares.position == quotes.c.position)
    return connection.execute(query.where(shares.id == share_id, shares.revoked_at.is_(None))).one_or_none()


def standing(connection: Connection, number: str | None, digest: str | None) -> Sequence[Any]:
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
        return connection.execute(query.where(quotes.c.number == number)).all()
    assert digest is not None
    return connection.execute(query.where(quotes.c.digest >= digest, quotes.c.digest <= digest + "g")).all()

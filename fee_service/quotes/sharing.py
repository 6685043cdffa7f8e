"""Quotes in other hands: links for a prospect."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection

from fee_service.actors import Actor, Role
from fee_service.errors import Fault, FeeError
from fee_service.permissions import Action, require
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.finding import find
from fee_service.quotes.issued import CONFLICT
from fee_service.quotes.showing import show
from fee_service.spelling import cleaned
from fee_service.storage import audit, shares
from fee_service.storage.attested import SHARE_CREATED, SHARE_REVOKED
from fee_service.storage.shares import Share

READER = Role.SALES  # whoever holds a link reads the one quote as the desk that shared it would
GONE = 410


def share(desk: Desk, key: str, call: Call, expires_on: date | None = None) -> str:
    """Make a link to a quote that stands; answers the link's id. Raises FeeError (404, 409, 422).

    `expires_on` is its last day, in Korea; without one it is that of the settings, or the quote's own.
    """
    require(call.actor, Action.SHARE)
    quote = find(desk, key, call)
    if not quote.status_on(call.today).may_be_shared:
        raise FeeError([Fault("quote_not_shareable", "", {"number": quote.number})], CONFLICT)
    if expires_on is None and desk.share_days is not None:
        expires_on = call.today + timedelta(days=desk.share_days)
    if expires_on is not None and expires_on < call.today:
        raise FeeError([Fault("share_expiry_over", "/expires_on", {"value": expires_on, "today": call.today})], 422)
    link = Share(
        id=secrets.token_urlsafe(12),
        position=quote.position,
        created_by=call.actor.key_id,
        created_at=call.now,
        expires_on=expires_on,
    )

    def job(connection: Connection) -> None:
        shares.store(connection, link)
        told = {"number": quote.number} | ({"expires_on": expires_on} if expires_on else {})
        audit.append(connection, call.told(SHARE_CREATED, link.id, told))

    desk.database.write(job)
    return link.id


def shares_of(desk: Desk, key: str, call: Call) -> Sequence[Share]:
    """The open links of a quote. Raises FeeError (404)."""
    quote = find(desk, key, call)
    with desk.database.reading() as connection:
        return shares.of_quote(connection, quote.position)


def unshare(desk: Desk, key: str, share_id: str, call: Call) -> bool:
    """Revoke a link of a quote; False where it was not open. Raises FeeError (404)."""
    require(call.actor, Action.SHARE)
    quote = find(desk, key, call)

    def job(connection: Connection) -> bool:
        if not shares.revoke(connection, share_id, quote.position, call.now):
            return False
        audit.append(connection, call.told(SHARE_REVOKED, share_id, {"number": quote.number}))
        return True

    return desk.database.write(job)


def shared_quote(desk: Desk, share_id: str, call: Call) -> bytes:
    """The quote behind a link, as JSON. Raises FeeError (404 where there is none, 410 where it has ended)."""
    with desk.database.reading() as connection:
        shared = shares.shared(connection, share_id)
    if shared is None:
        raise FeeError([Fault("share_not_found")], 404)
    reader = call._replace(actor=Actor(call.actor.key_id, READER))
    quote = find(desk, shared.quote_id, reader)
    if shared.expires_on is not None and shared.expires_on < call.today:
        raise FeeError([Fault("share_expired", "", {"day": shared.expires_on})], GONE)
    if not quote.status_on(call.today).may_be_shared:
        raise FeeError([Fault("share_ended", "", {"number": quote.number})], GONE)
    return show(desk, shared.quote_id, reader)


# -- the text of a link --------------------------------------------------------------------------------


def token_of(share_id: str, secret: str) -> str:
    return str(_signer(secret).dumps(share_id))


def share_of(token: str, secret: str) -> str:
    """The link's id, whatever a mail put around or into it. Raises FeeError (404) where nobody here signed it."""
    token = re.sub(r"\s+", "", cleaned(token)).rstrip(".,;)>")
    try:
        share_id = str(_signer(secret).loads(token))
    except BadSignature:
        share_id = ""
    if not share_id or token_of(share_id, secret) != token:  # the last letter has bits that base64 does not look at
        raise FeeError([Fault("share_not_found")], 404)
    return share_id


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="share of a quote")

"""What the routes need of the application: the editions, and what day it is."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import current_app, g, request

from fee_service.actors import Actor
from fee_service.clock import now_in_utc
from fee_service.http.language import language
from fee_service.http.once import once
from fee_service.published.editions import Editions
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.storage.database import Database


def editions() -> Editions:
    """Everything published, as read at the start."""
    return cast(Editions, current_app.extensions["editions"])


def today() -> date:
    """Today in Korea; tests put another clock into the configuration."""
    return cast(date, current_app.config["TODAY"]())


def database() -> Database:
    """Where quotes and keys are kept."""
    return cast(Database, current_app.extensions["database"])


def actor() -> Actor:
    """Whose key the call carries; routes that are open to everyone have none (AttributeError)."""
    return cast(Actor, g.actor)


def public_url(path: str) -> str:
    """The address under which others reach a path: the one that is set, or the one that was asked."""
    root = current_app.config["PUBLIC_URL"] or request.url_root.removesuffix("/")
    return f"{root}{path}"


def origin() -> str:
    """The address that the call comes from, as told by the trusted proxies."""
    return request.remote_addr or "-"


def the_desk() -> Desk:
    """Where quotes are issued and kept."""
    return cast(Desk, current_app.extensions["desk"])


def call(body: bytes | None = None) -> Call:
    """Who asks what, when and from where; `body` stands for one that is read already.

    Raises FeeError (400) for a malformed idempotency key.
    """
    return Call(actor(), origin(), now_in_utc(), today(), language(), once(body))

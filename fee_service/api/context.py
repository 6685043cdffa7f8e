"""What the routes need of the application: the editions, and what day it is."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import current_app, g, request

from fee_service.actors import Actor
from fee_service.editions import Editions
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


def origin() -> str:
    """The address that the call comes from, as told by the trusted proxies."""
    return request.remote_addr or "-"
